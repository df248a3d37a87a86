package review

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// State is where a case stands.
type State string

// The states of a case.
const (
	Open    State = "open"
	Claimed State = "claimed"
	Waiting State = "waiting"
	Passed  State = "passed"
	Failed  State = "failed"
	// Returned is undecided: the registrant is asked for something more.
	Returned State = "returned"
	// Reversed was passed, and a lead found that it should not have been.
	Reversed  State = "reversed"
	Cancelled State = "cancelled"
)

// Event moves a case from state to state.
type Event string

// The events of a case.
const (
	Claim   Event = "claim"
	Return  Event = "return"
	Pass    Event = "pass"
	Fail    Event = "fail"
	Cancel  Event = "cancel"
	HandOut Event = "hand_out"
	AskMore Event = "ask_more"
	// Endorse is the first of two approvals; Reverse takes a pass away, Reopen a failure.
	Endorse Event = "endorse"
	Reverse Event = "reverse"
	Reopen  Event = "reopen"
	// Refer gives a case of an outside authority to the desk.
	Refer Event = "refer"
)

// Table is the state table of a case. A case of the desk goes open, claimed,
// decided; a case of an outside authority is handed out and waits.
var Table = state.Table[State, Event]{
	Noun: "review_case",
	Moves: map[State]map[Event]State{
		Open:    {Claim: Claimed, HandOut: Waiting, AskMore: Returned, Cancel: Cancelled},
		Claimed: {Return: Open, Endorse: Open, Pass: Passed, Fail: Failed, AskMore: Returned, Cancel: Cancelled, Claim: Claimed},
		Waiting: {Pass: Passed, Fail: Failed, AskMore: Returned, Refer: Open, Cancel: Cancelled},
		Passed:  {Reverse: Reversed},
		Failed:  {Reopen: Open}, Returned: {Reopen: Open},
		Reversed: {}, Cancelled: {},
	},
}

// Kind says what a case is about.
type Kind string

// The kinds of subject.
const (
	ProfileVersion Kind = "profile_version"
	DomainName     Kind = "domain_name"
)

// Case is one review of one subject by one authority.
type Case struct {
	bun.BaseModel `bun:"table:review_case"`

	ID              int64 `bun:",pk,autoincrement"`
	PublicID        string
	AccountID       int64
	SubjectKind     Kind
	SubjectID       int64
	Authority       string
	State           State
	Attempt         int
	Title           string
	Magic           string
	SubmittedBy     string
	SubmittedAt     store.Time
	ExpectedAt      store.Time
	ExpectedCertain bool
	NextPollAt      store.Time
	// Suffix is that of the name, or the one that a profile is meant for; "" when nobody said.
	Suffix   string
	Priority int
	// Claim counts how often the case has been claimed anew.
	Claim        int
	ClaimedBy    string
	ClaimedUntil store.Time
	// AssignedTo is the only reviewer who may claim the case, "" for anybody.
	AssignedTo string
	// EscalatedAt is since when the case waits for a lead, Escalation why.
	EscalatedAt store.Time
	Escalation  string
	// Flags say why the case wants special care; they are for reviewers only.
	Flags []string
	// FirstBy is who approved it as the first of two.
	FirstBy string
	// ReversedBy is the lead who took the verdict back, Reversal their cause.
	ReversedBy string
	ReversedAt store.Time
	Reversal   string
	// Rule is that of the policy by which the case came out as it did, "" where a person or
	// an authority alone has decided.
	Rule string
	// ReferredBy is the authority that the case was meant for before it was given to the
	// desk, or declined by policy, Referral what that authority had said, if it was asked.
	ReferredBy string
	Referral   Referral
	// LateAt is when the case was found to be overdue, while it is undecided.
	LateAt store.Time
	// StaffNote is the reviewer's on the case as a whole, for staff only.
	StaffNote     string
	DecidedBy     string
	DecidedAt     store.Time
	PolicyVersion string
	RowVersion    int64
}

// Reason is one coded reason of a failed case. Staff and Raw are never shown to
// the registrant.
type Reason struct {
	bun.BaseModel `bun:"table:review_reason"`

	ID         int64 `bun:",pk,autoincrement"`
	CaseID     int64
	Position   int
	Code       string
	Severity   string
	Retryable  string
	PointsKind string
	PointsName string
	Params     map[string]string
	Note       string
	StaffNote  string
	Raw        string
}

// Subject is what a case is about. Decided is called in the unit of work of the
// decision and writes O(1) rows.
type Subject interface {
	Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, c Case, reasons []Reason) error
}

// Documented is a Subject with documents, every one of which a reviewer opens
// before the case may pass.
type Documented interface {
	// Papers lists the public ids of what can be opened.
	Papers(ctx context.Context, db bun.IDB, subject int64) ([]string, error)
}

// Reversible is a Subject whose verdicts can be taken back, in the unit of work of the
// reversal.
type Reversible interface {
	// Reversed takes a pass away, for the reasons.
	Reversed(ctx context.Context, tx *store.Tx, subject int64, c Case, reasons []Reason) error
	// Reopened puts what failed in review again.
	Reopened(ctx context.Context, tx *store.Tx, subject int64, c Case) error
}

// Reviews owns cases and reasons.
type Reviews struct {
	store       *store.Store
	policies    *policy.Policies
	subjects    map[Kind]Subject
	authorities map[string]Authority
	claimTTL    time.Duration
	wake        func()
}

// New returns the reviews of s. Subjects and outside authorities are added with
// Register and AddAuthority before the first call.
func New(s *store.Store, p *policy.Policies) *Reviews {
	return &Reviews{store: s, policies: p, subjects: map[Kind]Subject{}, authorities: map[string]Authority{}, claimTTL: 30 * time.Minute, wake: func() {}}
}

// Register says who is told about verdicts on subjects of a kind.
func (r *Reviews) Register(k Kind, s Subject) { r.subjects[k] = s }

// AddAuthority makes an outside authority known under its name.
func (r *Reviews) AddAuthority(name string, a Authority) { r.authorities[name] = a }

// OnHandOut is called when a case waits for being handed out or asked about.
func (r *Reviews) OnHandOut(f func()) { r.wake = f }

// Desk is the name of the built-in reviewers' desk.
const Desk = "desk"

// Known reports whether an authority of this name can decide cases.
func (r *Reviews) Known(authority string) bool {
	_, ok := r.authorities[authority]
	return ok || authority == Desk
}

// Submission opens a case.
type Submission struct {
	Account   int64
	Kind      Kind
	Subject   int64
	Authority string
	// Title is what the queue shows: no more than a masked number and a name.
	Title string
	// Suffix is that of the name, or the one that a profile is meant for.
	Suffix string
	// Flags say why the case wants special care, for reviewers only.
	Flags []string
	// Magic is the text in which the sandbox authority looks for magic values.
	Magic string
	// Attempt says the how manieth submission of the same thing this is, where the
	// subject is new each time; 0 counts the earlier cases of the subject.
	Attempt int
	// Days is how many business days the review usually takes, CalendarDays how many
	// calendar days where it is counted in those.
	Days, CalendarDays int
}

// Submit opens a case in the unit of work. Fault: review_open when the subject
// has an open case already, authority_unknown.
func (r *Reviews) Submit(ctx context.Context, tx *store.Tx, a actor.Actor, s Submission) (Case, error) {
	if !r.Known(s.Authority) {
		return Case{}, fault.At("authority", "authority_unknown").With("Authority", s.Authority)
	}
	if s.Attempt == 0 {
		if err := tx.NewRaw("SELECT count(*) + 1 FROM review_case WHERE subject_kind = ? AND subject_id = ?", s.Kind, s.Subject).Scan(ctx, &s.Attempt); err != nil {
			return Case{}, wrap("submit", err)
		}
	}
	expected := r.policies.Calendar.After(tx.Now(), s.Days)
	if s.CalendarDays > 0 {
		expected = r.policies.Calendar.DaysAfter(tx.Now(), s.CalendarDays)
	}
	if bug.Seeded(bug.ReviewInCalendarDays) {
		expected.At = tx.Now().AddDate(0, 0, s.Days)
	}
	c := Case{
		PublicID: store.NewID("rev"), AccountID: s.Account, SubjectKind: s.Kind, SubjectID: s.Subject, Authority: s.Authority, State: Open,
		Attempt: s.Attempt, Title: s.Title, Suffix: s.Suffix, Flags: append([]string{}, s.Flags...), Magic: s.Magic,
		SubmittedBy: a.ID, SubmittedAt: store.At(tx.Now()), ExpectedAt: store.At(expected.At),
		ExpectedCertain: expected.Certain, PolicyVersion: r.policies.Version, RowVersion: 1,
	}
	if !expected.Certain {
		if err := noHolidays(ctx, tx, expected.Day[:4]); err != nil {
			return Case{}, err
		}
	}
	declined, err := r.screened(ctx, tx, &c)
	if err != nil {
		return Case{}, err
	}
	if c.Authority != Desk {
		next, err := Table.Next(c.State, HandOut)
		if err != nil {
			return Case{}, err
		}
		c.State, c.NextPollAt = next, store.At(tx.Now())
		tx.OnCommit(r.wake)
	}
	if _, err := tx.NewInsert().Model(&c).Exec(ctx); err != nil {
		if store.IsUnique(err) {
			return Case{}, fault.New(fault.Conflict, "review_open")
		}
		return Case{}, wrap("submit", err)
	}
	if err := event.Append(ctx, tx, s.Account, "review.opened", c.PublicID, map[string]string{"Title": s.Title, "Expected": expected.Day}); err != nil {
		return Case{}, err
	}
	if err := audit.Record(ctx, tx, a, "review.submit", c.PublicID, map[string]string{"authority": c.Authority}); err != nil {
		return Case{}, err
	}
	if len(declined) > 0 {
		return c, r.decide(ctx, tx, byPolicy, &c, Fail, declined)
	}
	return c, nil
}

// Latest returns the newest case of a subject and its reasons.
func Latest(ctx context.Context, db bun.IDB, k Kind, subject int64) (c Case, reasons []Reason, err error) {
	err = db.NewSelect().Model(&c).Where("subject_kind = ?", k).Where("subject_id = ?", subject).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return c, nil, err
	}
	reasons, err = reasonsOf(ctx, db, c.ID)
	return c, reasons, err
}

// LatestFor returns the newest case of a kind about an account, and its reasons.
func LatestFor(ctx context.Context, db bun.IDB, k Kind, account int64) (c Case, reasons []Reason, err error) {
	err = db.NewSelect().Model(&c).Where("subject_kind = ?", k).Where("account_id = ?", account).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return c, nil, err
	}
	reasons, err = reasonsOf(ctx, db, c.ID)
	return c, reasons, err
}

// Ended reports whether the case has been decided or taken back.
func (c Case) Ended() bool { return c.State.ended() }

// Told is a case with its reasons.
type Told struct {
	Case    Case
	Reasons []Reason
}

// LatestOf returns the latest case of each subject that has one, by subject.
func LatestOf(ctx context.Context, db bun.IDB, k Kind, subjects []int64) (map[int64]Told, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var cases []Case
	err := db.NewSelect().Model(&cases).Where("id IN (SELECT max(id) FROM review_case WHERE subject_kind = ? AND subject_id IN (?) GROUP BY subject_id)", k, bun.List(subjects)).Scan(ctx)
	if err != nil {
		return nil, wrap("latest of", err)
	}
	out := make(map[int64]Told, len(cases))
	ids := make([]int64, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
		out[c.SubjectID] = Told{Case: c}
	}
	if len(cases) == 0 {
		return out, nil
	}
	var reasons []Reason
	if err := db.NewSelect().Model(&reasons).Where("case_id IN (?)", bun.List(ids)).OrderExpr("case_id, position").Scan(ctx); err != nil {
		return nil, wrap("latest of", err)
	}
	for _, c := range cases {
		t := out[c.SubjectID]
		for _, r := range reasons {
			if r.CaseID == c.ID {
				t.Reasons = append(t.Reasons, r)
			}
		}
		out[c.SubjectID] = t
	}
	return out, nil
}

func reasonsOf(ctx context.Context, db bun.IDB, caseID int64) (out []Reason, err error) {
	err = db.NewSelect().Model(&out).Where("case_id = ?", caseID).OrderExpr("position").Scan(ctx)
	return out, wrap("reasons", err)
}

// Cancel takes back the open case of a subject, if there is one.
func (r *Reviews) Cancel(ctx context.Context, tx *store.Tx, a actor.Actor, k Kind, subject int64) error {
	var c Case
	err := tx.NewSelect().Model(&c).Where("subject_kind = ?", k).Where("subject_id = ?", subject).Where("state IN ('open', 'claimed', 'waiting')").Scan(ctx)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return wrap("cancel", err)
	}
	if err := r.move(ctx, tx, &c, Cancel); err != nil {
		return err
	}
	if err := r.tellAuthority(ctx, tx, c); err != nil {
		return wrap("cancel", err)
	}
	return audit.Record(ctx, tx, a, "review.cancel", c.PublicID, nil)
}

// tellAuthority tells an outside authority that a case is over.
func (r *Reviews) tellAuthority(ctx context.Context, tx *store.Tx, c Case) error {
	if a, ok := r.authorities[c.Authority].(Concerned); ok {
		return a.Ended(ctx, tx, c)
	}
	return nil
}

// move applies an event to a case and writes its row.
func (r *Reviews) move(ctx context.Context, tx *store.Tx, c *Case, e Event) error {
	next, err := Table.Next(c.State, e)
	if err != nil {
		return err
	}
	c.State = next
	if next.ended() && !c.LateAt.IsZero() {
		c.LateAt = store.Time{} // taken up again, it may be late again
		if err := registry.Settled(ctx, tx, "review", c.PublicID, "review_late"); err != nil {
			return wrap(string(e), err)
		}
	}
	c.RowVersion++
	err = store.One(tx.NewUpdate().Model(c).WherePK().Where("row_version = ?", c.RowVersion-1).Exec(ctx))
	return wrap(string(e), err)
}

// decide ends a case by Pass, Fail or AskMore with its reasons and tells the subject.
func (r *Reviews) decide(ctx context.Context, tx *store.Tx, by string, c *Case, e Event, reasons []Reason) error {
	passed := e == Pass
	c.DecidedBy, c.DecidedAt, c.NextPollAt, c.PolicyVersion = by, store.At(tx.Now()), store.Time{}, r.policies.Version
	if err := r.move(ctx, tx, c, e); err != nil {
		return err
	}
	if err := c.give(ctx, tx, reasons); err != nil {
		return err
	}
	if err := r.tellAuthority(ctx, tx, *c); err != nil {
		return err
	}
	typ := event.Type("review.passed")
	if !passed {
		typ = "review.failed"
	}
	if err := event.Append(ctx, tx, c.AccountID, typ, c.PublicID, map[string]string{"Title": c.Title}); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, actor.Actor{ID: by, Account: c.AccountID}, string(typ), c.PublicID, map[string]string{"authority": c.Authority, "event": string(e)}); err != nil {
		return err
	}
	s, ok := r.subjects[c.SubjectKind]
	if !ok {
		return fmt.Errorf("review: nobody is registered for %s", c.SubjectKind)
	}
	return s.Decided(ctx, tx, c.SubjectID, passed, *c, reasons)
}

// give writes the reasons of a case in the place of those that it had.
func (c *Case) give(ctx context.Context, tx *store.Tx, reasons []Reason) error {
	if _, err := tx.NewRaw("DELETE FROM review_reason WHERE case_id = ?", c.ID).Exec(ctx); err != nil {
		return wrap("reasons", err)
	}
	for i := range reasons {
		reasons[i].CaseID, reasons[i].Position = c.ID, i
		if reasons[i].Params == nil {
			reasons[i].Params = map[string]string{}
		}
		if _, err := tx.NewInsert().Model(&reasons[i]).Exec(ctx); err != nil {
			return wrap("reasons", err)
		}
	}
	return nil
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("review: %s: %w", op, store.StaleFault(err))
}
