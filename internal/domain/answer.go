package domain

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
)

// ICANN's rule: within so many days of a registration, an inbound transfer or a material
// change the registrant answers affirmatively. Each time is a clock of its own, a row that
// is kept as proof. Where an earlier answer counts the clock is stopped as it is started.

// Party is who has to answer.
type Party string

// The parties. The holder of the account is asked where it is somebody else than the
// registrant, and no domain is suspended for it.
const (
	ByRegistrant    Party = "registrant"
	ByAccountHolder Party = "account_holder"
)

// AnswerCause is why an answer is asked for.
type AnswerCause string

// The causes: those of policy, and a hold that staff has placed for the e-mail address.
const (
	AtRegistration AnswerCause = "registration"
	AtTransferIn   AnswerCause = "transfer_in"
	AtChange       AnswerCause = "material_change"
	AtBounce       AnswerCause = "bounce"
	AtComplaint    AnswerCause = "accuracy_complaint"
	AtHold         AnswerCause = "hold"
)

// Means is how somebody has answered.
type Means string

// The means. EarlierAnswer is one that counts already; staff attests to the others than
// MailLink.
const (
	EarlierAnswer Means = "earlier_answer"
	MailLink      Means = "mail_link"
	ByTelephone   Means = "telephone"
	ByDocument    Means = "document"
	InPerson      Means = "in_person"
)

var attested = []Means{ByTelephone, ByDocument, InPerson}

// Answer is one clock.
type Answer struct {
	bun.BaseModel `bun:"table:domain_answer"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	DomainID  int64
	AccountID int64
	Party     Party
	VersionID int64
	Address   string
	// Data is a digest of what would be a material change: profile.Version.Reach.
	Data    []byte
	Cause   AnswerCause
	State   AnswerState
	BeganAt store.Time
	DueAt   store.Time
	// NextAt is when the party is mailed next, or the time is over; zero: never.
	NextAt  store.Time
	EndedAt store.Time
	Means   Means
	// Author has ended the clock, or started it, Evidence is what that rests on; for staff.
	Author     string
	Evidence   string
	RowVersion int64
}

// Open reports whether an answer is still wanted.
func (a Answer) Open() bool { return a.State == Awaited || a.State == Overdue }

// answerRule is the rule in force for a name at t, ok when there is one.
func (all *All) answerRule(d Domain, t time.Time) (policy.ICANNAnswer, bool) {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || !rule.Email.ICANN {
		return policy.ICANNAnswer{}, false
	}
	return all.policies.ICANN.Answer(t.In(all.policies.Calendar.Zone()).Format(time.DateOnly))
}

// awaitAnswer starts a clock for a domain with the registrant of v, unless the same
// registrant was asked at the last time already, or has answered before. evidence is what a
// complaint rests on.
func (all *All) awaitAnswer(ctx context.Context, tx *store.Tx, a actor.Actor, d Domain, v profile.Version, cause AnswerCause, evidence string) error {
	rule, ok := all.answerRule(d, tx.Now())
	if !ok || !slices.Contains(rule.After, string(cause)) || v.Fields.Email == "" {
		return nil
	}
	last, err := lastAnswer(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	next := Answer{
		PublicID: store.NewID("ans"), DomainID: d.ID, AccountID: d.AccountID, Party: ByRegistrant, VersionID: v.ID,
		Address: v.Fields.Email, Data: v.Reach(rule.MaterialData), Cause: cause,
		State: Awaited, BeganAt: store.At(tx.Now()), DueAt: store.At(tx.Now().Add(time.Duration(rule.Within))),
		NextAt: store.At(tx.Now()), Author: a.ID, Evidence: evidence, RowVersion: 1,
	}
	if bug.Seeded(bug.AnswerInBusinessDays) {
		next.DueAt = store.At(all.policies.Calendar.After(tx.Now(), int(time.Duration(rule.Within)/(24*time.Hour))).At)
	}
	if bytes.Equal(last.Data, next.Data) && (cause == AtChange || last.Open()) {
		return nil
	}
	known, err := all.answeredBefore(ctx, tx, v, rule, cause)
	if err != nil {
		return err
	}
	if last.Open() {
		// Who is suspended stays so until somebody answers from the new address.
		if last.State == Overdue && !known {
			next.State = Overdue
		}
		if err := all.endAnswer(ctx, tx, a, &last, DropAnswer, "", "another registrant is asked"); err != nil {
			return err
		}
		if known {
			if err := all.liftForAnswer(ctx, tx, a, d.ID); err != nil {
				return err
			}
		}
	}
	if known {
		next.State, next.Means, next.EndedAt, next.NextAt = Answered, EarlierAnswer, next.BeganAt, store.Time{}
	}
	if _, err := tx.NewInsert().Model(&next).Exec(ctx); err != nil {
		return err
	}
	if next.State == Awaited {
		until := next.DueAt.In(all.policies.Calendar.Zone()).Format(time.DateOnly)
		if err := event.Append(ctx, tx, d.AccountID, "domain.answer_awaited", d.PublicID, map[string]string{
			"Domain": Display(d.Name), "Address": next.Address, "Until": until,
		}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: d.AccountID}, "answer.await", d.PublicID, map[string]string{"answer": next.PublicID, "cause": string(cause)}); err != nil {
			return err
		}
	}
	return all.askHolder(ctx, tx, next, rule)
}

// answeredBefore reports whether the registrant of v has answered already for what policy
// wants to be the same, and nothing has cast doubt on it since.
func (all *All) answeredBefore(ctx context.Context, db bun.IDB, v profile.Version, rule policy.ICANNAnswer, cause AnswerCause) (bool, error) {
	addr, err := emailcheck.Get(ctx, db, v.AccountID, v.Fields.Email)
	if err != nil {
		return false, err
	}
	n, err := db.NewSelect().Model((*Answer)(nil)).Where("account_id = ?", v.AccountID).Where("data = ?", v.Reach(rule.MaterialData)).Where("state = ?", Answered).
		Where("ended_at > ?", store.Micros(addr.DoubtedAt.Time)).Limit(1).Count(ctx)
	if err != nil || n > 0 {
		return n > 0, err
	}
	if addr.State != emailcheck.Verified {
		return false, nil
	}
	same := rule.SameData
	if cause == AtChange {
		same = rule.MaterialData
	}
	since, err := all.profiles.Since(ctx, db, v, same)
	return !addr.VerifiedAt.Before(since), err
}

// answerBy is when the registrant of v would have to answer for a name that is registered
// at t, zero when that is not asked for.
func (all *All) answerBy(ctx context.Context, db bun.IDB, d Domain, v profile.Version, t time.Time) (store.Time, error) {
	rule, ok := all.answerRule(d, t)
	if !ok || !slices.Contains(rule.After, string(AtRegistration)) {
		return store.Time{}, nil
	}
	known, err := all.answeredBefore(ctx, db, v, rule, AtRegistration)
	if err != nil || known {
		return store.Time{}, err
	}
	return store.At(t.Add(time.Duration(rule.Within))), nil
}

// askHolder asks the holder of the account, too, where it is somebody else than the
// registrant: somebody of the account, from their own address.
func (all *All) askHolder(ctx context.Context, tx *store.Tx, of Answer, rule policy.ICANNAnswer) error {
	if rule.AccountHolder != "verify_without_suspension" || of.Cause == AtBounce || of.Cause == AtComplaint {
		return nil
	}
	members, err := all.accounts.Customers(ctx, tx, of.AccountID)
	if err != nil || len(members) == 0 {
		return err
	}
	address, err := emailcheck.Normalize(members[0].Email)
	if err != nil || slices.ContainsFunc(members, func(m account.Person) bool { return strings.EqualFold(m.Email, of.Address) }) {
		return nil // signs in with a name that takes no mail, or is the registrant
	}
	state, err := emailcheck.Of(ctx, tx, of.AccountID, address)
	if err != nil || state == emailcheck.Verified {
		return err
	}
	of.ID, of.PublicID, of.Party, of.Address, of.State, of.Data = 0, store.NewID("ans"), ByAccountHolder, address, Awaited, []byte{}
	of.Means, of.EndedAt, of.NextAt = "", store.Time{}, of.BeganAt
	_, err = tx.NewInsert().Model(&of).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// lastAnswer is the latest clock of a domain's registrant, the zero Answer where there is
// none.
func lastAnswer(ctx context.Context, db bun.IDB, domainID int64) (a Answer, err error) {
	err = db.NewSelect().Model(&a).Where("domain_id = ?", domainID).Where("party = ?", ByRegistrant).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return Answer{}, nil
	}
	return a, err
}

func saveAnswer(ctx context.Context, tx *store.Tx, a *Answer) error {
	a.RowVersion++
	return store.One(tx.NewUpdate().Model(a).WherePK().Where("row_version = ?", a.RowVersion-1).Exec(ctx))
}

// endAnswer stops a clock.
func (all *All) endAnswer(ctx context.Context, tx *store.Tx, a actor.Actor, of *Answer, e AnswerEvent, means Means, evidence string) (err error) {
	was := of.State
	if of.State, err = Answers.Next(of.State, e); err != nil {
		return err
	}
	of.EndedAt, of.NextAt, of.Means, of.Author, of.Evidence = store.At(tx.Now()), store.Time{}, means, a.ID, evidence
	if err := saveAnswer(ctx, tx, of); err != nil {
		return err
	}
	detail := map[string]string{"answer": of.PublicID, "state": string(of.State), "was": string(was), "means": string(means)}
	return audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: of.AccountID}, "answer."+string(e), of.PublicID, detail)
}

// liftForAnswer takes the cause email away from a domain, if it has it. No other cause is
// touched.
func (all *All) liftForAnswer(ctx context.Context, tx *store.Tx, a actor.Actor, domainID int64) error {
	d, open, err := all.lockHolds(ctx, tx, domainID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(h Hold) bool { return h.Cause == HeldForEmail })
	if i < 0 {
		return nil
	}
	return all.takeOff(ctx, tx, actor.Actor{ID: a.ID, Account: d.AccountID}, d, open, i, "the registrant has answered")
}

// answered takes that the party of a clock has answered.
func (all *All) answered(ctx context.Context, tx *store.Tx, a actor.Actor, of *Answer, e AnswerEvent, means Means, evidence string) error {
	was := of.State
	if err := all.endAnswer(ctx, tx, a, of, e, means, evidence); err != nil {
		return err
	}
	if of.Party != ByRegistrant {
		return nil
	}
	if was == Overdue && !bug.Seeded(bug.HoldOutlivesAnswer) {
		if err := all.liftForAnswer(ctx, tx, a, of.DomainID); err != nil {
			return err
		}
	}
	var d Domain
	if err := tx.NewSelect().Model(&d).Where("id = ?", of.DomainID).Scan(ctx); err != nil {
		return err
	}
	return event.Append(ctx, tx, of.AccountID, "domain.answer_given", d.PublicID, map[string]string{
		"Domain": Display(d.Name), "Address": of.Address, "Means": string(means),
	})
}

// Attest takes that staff has verified a registrant in another way than by mail. It ends the
// clock of the domain and those of all names that the account has with the same
// registrant. For staff, with domain.hold. Faults: domain_not_found, value_unknown,
// field_required, answer_not_awaited.
func (all *All) Attest(ctx context.Context, a actor.Actor, typed string, means Means, evidence string) (d Domain, err error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return d, err
	}
	if !slices.Contains(attested, means) {
		return d, fault.At("means", "value_unknown").With("Field", "means")
	}
	if evidence == "" {
		return d, fault.At("evidence", "field_required").With("Field", "evidence")
	}
	if d, err = all.Get(ctx, a, typed); err != nil {
		return d, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		last, err := lastAnswer(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if !last.Open() {
			return fault.New(fault.Conflict, "answer_not_awaited").With("Domain", Display(d.Name))
		}
		if err := all.answered(ctx, tx, a, &last, AttestAnswer, means, evidence); err != nil {
			return err
		}
		job := SettleAnswers{
			AccountID: d.AccountID, Address: last.Address, At: store.Micros(tx.Now()), Data: last.Data, Means: means,
			Author: a.ID, Evidence: evidence,
		}
		return tx.Enqueue(ctx, job, store.JobOptions{})
	})
	if err != nil {
		return d, wrap("attest", err)
	}
	return all.Get(ctx, a, typed)
}

// Complain takes that somebody says a registrant's data are wrong: what was answered
// counts no longer, and the clock is started. For staff, with domain.hold. Faults:
// domain_not_found, field_required, answer_not_asked.
func (all *All) Complain(ctx context.Context, a actor.Actor, typed, evidence string) (d Domain, err error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return d, err
	}
	if evidence == "" {
		return d, fault.At("evidence", "field_required").With("Field", "evidence")
	}
	if d, err = all.Get(ctx, a, typed); err != nil {
		return d, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		rule, ok := all.answerRule(d, tx.Now())
		if !ok || !slices.Contains(rule.After, string(AtComplaint)) || d.State != Registered || d.VersionID == 0 {
			return fault.New(fault.Conflict, "answer_not_asked").With("Domain", Display(d.Name))
		}
		_, v, err := all.profiles.ByVersion(ctx, tx, d.VersionID)
		if err != nil {
			return err
		}
		if err := all.emails.Doubt(ctx, tx, a, d.AccountID, v.Fields.Email); err != nil {
			return err
		}
		if err := all.awaitAnswer(ctx, tx, a, d, v, AtComplaint, evidence); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "answer.complain", d.PublicID, map[string]string{"evidence": evidence})
	})
	if err != nil {
		return d, wrap("complain", err)
	}
	return all.Get(ctx, a, typed)
}

// heldForAnswer notes that staff has suspended a domain until somebody answers from the
// address of its registrant, if one is known.
func (all *All) heldForAnswer(ctx context.Context, tx *store.Tx, a actor.Actor, d Domain, evidence string) error {
	if d.VersionID == 0 {
		return nil
	}
	_, v, err := all.profiles.ByVersion(ctx, tx, d.VersionID)
	if err != nil || v.Fields.Email == "" {
		return err
	}
	last, err := lastAnswer(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if last.Open() {
		if err := all.endAnswer(ctx, tx, a, &last, DropAnswer, "", "held by staff"); err != nil {
			return err
		}
	}
	now := store.At(tx.Now())
	rule, _ := all.answerRule(d, tx.Now())
	_, err = tx.NewInsert().Model(&Answer{
		PublicID: store.NewID("ans"), DomainID: d.ID, AccountID: d.AccountID, Party: ByRegistrant, VersionID: v.ID,
		Address: v.Fields.Email,
		Data:    v.Reach(rule.MaterialData), Cause: AtHold, State: Overdue, BeganAt: now, DueAt: now, NextAt: now,
		Author: a.ID, Evidence: evidence, RowVersion: 1,
	}).Exec(ctx)
	return err
}

// AnswersOf returns every clock of a domain of the actor's account, the newest last.
// Fault: domain_not_found.
func (all *All) AnswersOf(ctx context.Context, a actor.Actor, typed string) (out []Answer, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return nil, err
	}
	err = all.store.R.NewSelect().Model(&out).Where("domain_id = ?", d.ID).OrderExpr("id").Scan(ctx)
	return out, wrap("answers", err)
}

// showAnswers puts the open clocks of their registrants to domains that are about to be
// shown.
func (all *All) showAnswers(ctx context.Context, domains []Domain) error {
	if len(domains) == 0 {
		return nil
	}
	at := make(map[int64]*Domain, len(domains))
	ids := make([]int64, len(domains))
	for i := range domains {
		ids[i], at[domains[i].ID] = domains[i].ID, &domains[i]
	}
	var rows []Answer
	err := all.store.R.NewSelect().Model(&rows).Where("domain_id IN (?)", bun.List(ids)).Where("party = 'registrant' AND state IN ('awaited', 'expired')").Scan(ctx)
	for i := range rows {
		at[rows[i].DomainID].Answer = &rows[i]
	}
	return err
}
