package qualification

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Kind is the kind of its cases at the desk.
const Kind review.Kind = "qualification"

// Qualification is what one name asks of one holder.
type Qualification struct {
	bun.BaseModel `bun:"table:qualification"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	// Name is the A-label form, Domain how people write it, Holder who is to hold it.
	Name          string
	Domain        string
	Holder        string
	Accreditation policy.Accreditation
	// VersionID is the version of the holder's profile, DocumentKind the identity document
	// that was shown with it.
	VersionID    int64
	DocumentKind string
	// Pattern is how the name is made of a mark, "" where policy knows of no patterns, or
	// nobody has said.
	Pattern string
	State   State
	// DueAt is when the grace ends that policy gives; zero where it gives none.
	DueAt store.Time
	// RemindAt is when the registrant is reminded of DueAt, zero for never; RemindedAt is when
	// that was.
	RemindAt    store.Time `bun:",type:bigint"`
	RemindedAt  store.Time `bun:",type:bigint"`
	OpenedAt    store.Time
	SubmittedAt store.Time
	EndedAt     store.Time
	RowVersion  int64
}

type attachment struct {
	bun.BaseModel `bun:"table:qualification_document"`

	QualificationID int64 `bun:",pk"`
	DocumentID      int64 `bun:",pk"`
}

// Want is a document that is asked for.
type Want struct {
	Kind, Side string
	// Set numbers the sets of which one is enough, from 1; 0 is wanted in any case. Role is
	// who shows this set.
	Set  int
	Role string
	// Must says what the document has to show, When in which case alone it is wanted.
	Must, When policy.Words
	There      bool
	// Shown says that it is the holder's identity document, which was shown already.
	Shown bool
}

// View is a qualification with what belongs to it.
type View struct {
	Qualification
	Wants []Want
	// Rule is what policy asks for.
	Rule      policy.Qualification
	Documents []document.Document
	Case      *review.Case
	Reasons   []review.Reason
}

// Listener is told, in the same unit of work, where a qualification stands: the name's
// standing rests on it.
type Listener interface {
	Qualified(ctx context.Context, tx *store.Tx, q Qualification) error
}

// Qualifications owns the qualifications of names.
type Qualifications struct {
	store     *store.Store
	policies  *policy.Policies
	documents *document.Documents
	reviews   *review.Reviews
	listener  Listener
}

// New returns the qualifications of s and registers them as a subject of reviews.
func New(s *store.Store, p *policy.Policies, d *document.Documents, r *review.Reviews) *Qualifications {
	qs := &Qualifications{store: s, policies: p, documents: d, reviews: r}
	r.Register(Kind, qs)
	d.AddKeeper(qs)
	return qs
}

// SetListener says who is told.
func (qs *Qualifications) SetListener(l Listener) { qs.listener = l }

// Opening says whose name asks for papers, and until when.
type Opening struct {
	Account       int64
	Name, Domain  string
	Accreditation policy.Accreditation
	Holder        string
	Version       int64
	DocumentKind  string
	// Due is zero where policy gives no grace; Reminder is how long before the registrant is
	// reminded, 0 for never.
	Due      time.Time
	Reminder time.Duration
	// SameHolder says that who holds the name has not changed: what was shown counts on.
	SameHolder bool
}

// Open asks for the papers of a name, in the unit of work of an order or of a change of
// its holder. One that is there for the same holder counts on; that of an earlier holder
// counts no more.
func (qs *Qualifications) Open(ctx context.Context, tx *store.Tx, a actor.Actor, o Opening) (q Qualification, err error) {
	q, err = of(ctx, tx, o.Account, o.Name)
	switch {
	case err == nil && (o.SameHolder || q.VersionID == o.Version):
		return q, nil
	case err == nil:
		if err := qs.cancel(ctx, tx, a, &q); err != nil {
			return q, wrap("open", err)
		}
	case fault.Code(err) != "qualification_not_found":
		return q, err
	}
	q = Qualification{
		PublicID: store.NewID("qlf"), AccountID: o.Account, Name: o.Name, Domain: o.Domain, Holder: o.Holder,
		Accreditation: o.Accreditation, VersionID: o.Version,
		DocumentKind: o.DocumentKind, State: Asked, DueAt: store.At(o.Due), OpenedAt: store.At(tx.Now()), RowVersion: 1,
	}
	switch {
	case o.Due.IsZero():
		q.DueAt = store.Time{}
	case o.Reminder > 0:
		q.RemindAt = store.At(o.Due.Add(-o.Reminder))
	}
	if _, err := tx.NewInsert().Model(&q).Exec(ctx); err != nil {
		return q, wrap("open", err)
	}
	if err := qs.announce(ctx, tx, q, "qualification.asked", nil); err != nil {
		return q, err
	}
	return q, audit.Record(ctx, tx, a, "qualification.open", q.PublicID, map[string]string{"name": q.Name})
}

// Drop ends the qualification of a name that nobody is to have any more.
func (qs *Qualifications) Drop(ctx context.Context, tx *store.Tx, a actor.Actor, account int64, name string) error {
	q, err := of(ctx, tx, account, name)
	if fault.Code(err) == "qualification_not_found" {
		return nil
	}
	if err != nil {
		return err
	}
	return wrap("drop", qs.cancel(ctx, tx, a, &q))
}

func (qs *Qualifications) cancel(ctx context.Context, tx *store.Tx, a actor.Actor, q *Qualification) error {
	if q.State == InReview {
		if err := qs.reviews.Cancel(ctx, tx, a, Kind, q.ID); err != nil {
			return err
		}
	}
	q.EndedAt = store.At(tx.Now())
	if err := q.move(ctx, tx, Cancel); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "qualification.cancel", q.PublicID, nil)
}

// Of returns the qualification that counts for a name of an account. Fault:
// qualification_not_found.
func (qs *Qualifications) Of(ctx context.Context, db bun.IDB, account int64, name string) (View, error) {
	q, err := of(ctx, db, account, name)
	if err != nil {
		return View{}, err
	}
	return qs.view(ctx, db, q)
}

func of(ctx context.Context, db bun.IDB, account int64, name string) (q Qualification, err error) {
	err = db.NewSelect().Model(&q).Where("account_id = ?", account).Where("name = ?", name).Where("state <> 'cancelled'").Scan(ctx)
	if store.IsNotFound(err) {
		return q, fault.New(fault.NotFound, "qualification_not_found")
	}
	return q, wrap("of", err)
}

// Get returns a qualification of the actor's account; staff with review.read read any.
// Fault: qualification_not_found.
func (qs *Qualifications) Get(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	q, err := find(ctx, qs.store.R, a, publicID)
	if err != nil {
		return View{}, err
	}
	return qs.view(ctx, qs.store.R, q)
}

func find(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (q Qualification, err error) {
	if !a.May(actor.ReviewRead) {
		if err := a.Check(actor.ProfileRead); err != nil {
			return q, err
		}
	}
	s := db.NewSelect().Model(&q).Where("public_id = ?", publicID)
	if !a.May(actor.ReviewRead) {
		s = s.Where("account_id = ?", a.Account)
	}
	err = s.Scan(ctx)
	if store.IsNotFound(err) {
		return q, fault.New(fault.NotFound, "qualification_not_found")
	}
	return q, wrap("find", err)
}

// List returns the newest qualifications of the actor's account that count.
func (qs *Qualifications) List(ctx context.Context, a actor.Actor, limit int) (out []View, err error) {
	if err := a.Check(actor.ProfileRead); err != nil {
		return nil, err
	}
	var rows []Qualification
	err = qs.store.R.NewSelect().Model(&rows).Where("account_id = ?", a.Account).Where("state <> 'cancelled'").OrderExpr("id DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, wrap("list", err)
	}
	for _, q := range rows {
		v, err := qs.view(ctx, qs.store.R, q)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// ForReview returns the qualification that a case is about, for staff with review.read.
func (qs *Qualifications) ForReview(ctx context.Context, a actor.Actor, c review.Case) (View, error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return View{}, err
	}
	q, err := byID(ctx, qs.store.R, c.SubjectID)
	if err != nil {
		return View{}, err
	}
	return qs.view(ctx, qs.store.R, q)
}

func byID(ctx context.Context, db bun.IDB, id int64) (q Qualification, err error) {
	err = db.NewSelect().Model(&q).Where("id = ?", id).Scan(ctx)
	return q, wrap("read", err)
}

func (qs *Qualifications) view(ctx context.Context, db bun.IDB, q Qualification) (v View, err error) {
	v.Qualification = q
	if v.Documents, err = attached(ctx, db, q); err != nil {
		return v, wrap("view", err)
	}
	v.Rule = qs.rule(q)
	v.Wants = qs.wants(q, v.Rule, v.Documents)
	c, reasons, err := review.Latest(ctx, db, Kind, q.ID)
	switch {
	case store.IsNotFound(err):
		return v, nil
	case err != nil:
		return v, wrap("view", err)
	}
	v.Case, v.Reasons = &c, reasons
	return v, nil
}

// rule is what policy asks for a name; nothing where it has changed its mind.
func (qs *Qualifications) rule(q Qualification) policy.Qualification {
	r, err := qs.policies.Rule(q.Accreditation, q.Name)
	if err != nil || r.Qualification == nil {
		return policy.Qualification{}
	}
	return *r.Qualification
}

func attached(ctx context.Context, db bun.IDB, q Qualification) ([]document.Document, error) {
	var ids []int64
	if err := db.NewRaw("SELECT document_id FROM qualification_document WHERE qualification_id = ?", q.ID).Scan(ctx, &ids); err != nil {
		return nil, err
	}
	return document.ByIDs(ctx, db, q.AccountID, ids)
}

// wants lists what is asked for, and what of it is there.
func (qs *Qualifications) wants(q Qualification, rule policy.Qualification, have []document.Document) (out []Want) {
	for _, d := range rule.Documents {
		for _, side := range qs.sides(d.Kind) {
			out = append(out, Want{Kind: d.Kind, Side: side, Must: d.Must, When: d.When, Shown: d.Kind == q.DocumentKind})
		}
	}
	for i, set := range rule.AnyOf {
		for _, kind := range set.Documents {
			for _, side := range qs.sides(kind) {
				out = append(out, Want{Kind: kind, Side: side, Set: i + 1, Role: set.Role, Shown: kind == q.DocumentKind})
			}
		}
	}
	for i, w := range out {
		out[i].There = w.Shown || slices.ContainsFunc(have, func(d document.Document) bool {
			return d.Kind == w.Kind && d.Side == w.Side && d.ErasedAt.IsZero() && d.RejectedAt.IsZero()
		})
	}
	return out
}

// sides are those that have to be there of an identity document; a paper has its pages.
func (qs *Qualifications) sides(kind string) []string {
	if d, ok := qs.policies.Document(kind); ok {
		return d.RequiredSides()
	}
	return []string{document.Page}
}

// Missing says everything that has to be there before submission and is not.
func (v View) Missing() (wrong fault.List) {
	complete, kinds := map[int]bool{}, []string{}
	for _, w := range v.Wants {
		if w.Set > 0 {
			before, seen := complete[w.Set]
			complete[w.Set] = w.There && (before || !seen)
			if !slices.Contains(kinds, w.Kind) {
				kinds = append(kinds, w.Kind)
			}
		} else if !w.There && w.When.EN == "" {
			wrong.Add(fault.At(w.Kind, "qualification_missing").With("Domain", v.Domain).With("Kind", w.Kind))
		}
	}
	enough := len(complete) == 0
	for _, c := range complete {
		enough = enough || c
	}
	if !enough {
		wrong.Add(fault.At("documents", "qualification_one_of").With("Domain", v.Domain).With("Kinds", strings.Join(kinds, ",")))
	}
	if len(v.Rule.LabelPatterns) > 0 && v.Pattern == "" {
		wrong.Add(fault.At("pattern", "qualification_pattern").With("Domain", v.Domain))
	}
	return wrong
}

func (qs *Qualifications) announce(ctx context.Context, tx *store.Tx, q Qualification, typ event.Type, more map[string]string) error {
	data := map[string]string{"Domain": q.Domain}
	for k, x := range more {
		data[k] = x
	}
	return event.Append(ctx, tx, q.AccountID, typ, q.PublicID, data)
}

// move applies an event and writes the row.
func (q *Qualification) move(ctx context.Context, tx *store.Tx, e Event) (err error) {
	if q.State, err = Table.Next(q.State, e); err != nil {
		return err
	}
	return q.save(ctx, tx)
}

func (q *Qualification) save(ctx context.Context, tx *store.Tx) error {
	q.RowVersion++
	return store.One(tx.NewUpdate().Model(q).WherePK().Where("row_version = ?", q.RowVersion-1).Exec(ctx))
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("qualification: %s: %w", op, store.StaleFault(err))
}
