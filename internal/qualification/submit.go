package qualification

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var (
	_ review.Documented = (*Qualifications)(nil)
	_ document.Keeper   = (*Qualifications)(nil)
)

// pagesMost is how many pictures one qualification has.
const pagesMost = 40

// SetPattern says by which of policy's patterns the name is made of a mark. Faults:
// qualification_not_found, qualification_state, value_unknown.
func (qs *Qualifications) SetPattern(ctx context.Context, a actor.Actor, publicID, pattern string) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	err := qs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q, err := own(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		patterns := qs.rule(q).LabelPatterns
		known := false
		for _, p := range patterns {
			known = known || p.ID == pattern
		}
		if !known {
			return fault.At("pattern", "value_unknown").With("Field", "pattern")
		}
		q.Pattern = pattern
		if err := q.save(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "qualification.pattern", q.PublicID, map[string]string{"pattern": pattern})
	})
	if err != nil {
		return View{}, wrap("pattern", err)
	}
	return qs.Get(ctx, a, publicID)
}

// Attach screens a page of a paper and puts it to a qualification. A side of an identity
// document takes the place of an earlier one; papers may have many pages. Faults:
// qualification_not_found, qualification_state, qualification_not_wanted,
// qualification_pages, those of document.Take.
func (qs *Qualifications) Attach(ctx context.Context, a actor.Actor, publicID string, u document.Upload) (View, document.Document, error) {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return View{}, document.Document{}, err
	}
	q, err := own(ctx, qs.store.R, a, publicID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	if _, paper := qs.policies.Paper(u.Kind); paper {
		u.Side = document.Page
	}
	if !slices.ContainsFunc(qs.wants(q, qs.rule(q), nil), func(w Want) bool { return w.Kind == u.Kind && w.Side == u.Side && !w.Shown }) {
		return View{}, document.Document{}, fault.At("kind", "qualification_not_wanted").With("Kind", u.Kind)
	}
	u.ProfileKind = policy.Common
	d, err := qs.documents.Take(ctx, a, u, func(ctx context.Context, tx *store.Tx, d document.Document) error {
		return qs.put(ctx, tx, a, publicID, d)
	})
	if err != nil {
		return View{}, d, wrap("attach", err)
	}
	v, err := qs.Get(ctx, a, publicID)
	return v, d, err
}

// own finds a qualification of the actor's account that may be uploaded to.
func own(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (q Qualification, err error) {
	if q, err = find(ctx, db, a, publicID); err != nil {
		return q, err
	}
	if q.AccountID != a.Account {
		return q, fault.New(fault.NotFound, "qualification_not_found")
	}
	_, err = Table.Next(q.State, Submit)
	return q, err
}

func (qs *Qualifications) put(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string, d document.Document) error {
	q, err := own(ctx, tx, a, publicID)
	if err != nil {
		return err
	}
	have, err := attached(ctx, tx, q)
	if err != nil {
		return err
	}
	if len(have) >= pagesMost {
		return fault.At("file", "qualification_pages")
	}
	for _, x := range have {
		if x.Kind == d.Kind && x.Side == d.Side && x.Side != document.Page {
			if err := q.take(ctx, tx, x); err != nil {
				return err
			}
		}
	}
	if _, err := tx.NewInsert().Model(&attachment{QualificationID: q.ID, DocumentID: d.ID}).Exec(ctx); err != nil {
		return err
	}
	if err := q.save(ctx, tx); err != nil { // nobody submits at the same moment
		return err
	}
	return audit.Record(ctx, tx, a, "qualification.attach", q.PublicID, map[string]string{"kind": d.Kind, "document": d.PublicID})
}

// take takes a page away, which is looked at soon: nobody may need it any more.
func (q Qualification) take(ctx context.Context, tx *store.Tx, d document.Document) error {
	if _, err := tx.NewRaw("DELETE FROM qualification_document WHERE qualification_id = ? AND document_id = ?", q.ID, d.ID).Exec(ctx); err != nil {
		return err
	}
	return document.LookAgain(ctx, tx, []int64{d.ID})
}

// Detach takes a page away again. Faults: qualification_not_found, qualification_state,
// document_not_found.
func (qs *Qualifications) Detach(ctx context.Context, a actor.Actor, publicID, documentID string) (View, error) {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return View{}, err
	}
	err := qs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q, err := own(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		have, err := attached(ctx, tx, q)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(have, func(d document.Document) bool { return d.PublicID == documentID })
		if i < 0 {
			return fault.New(fault.NotFound, "document_not_found")
		}
		if err := q.take(ctx, tx, have[i]); err != nil {
			return err
		}
		if err := q.save(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "qualification.detach", q.PublicID, map[string]string{"document": documentID})
	})
	if err != nil {
		return View{}, wrap("detach", err)
	}
	return qs.Get(ctx, a, publicID)
}

// Submit puts the papers before the desk. Faults: qualification_not_found,
// qualification_state, and one for each thing that is missing.
func (qs *Qualifications) Submit(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	err := qs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q, err := own(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		return qs.submit(ctx, tx, a, q)
	})
	if err != nil {
		return View{}, wrap("submit", err)
	}
	return qs.Get(ctx, a, publicID)
}

// SubmitPaid submits the papers of a name whose order is paid, in that unit of work; what
// was submitted before stays. Faults: qualification_not_found, and one for each thing
// that is missing.
func (qs *Qualifications) SubmitPaid(ctx context.Context, tx *store.Tx, a actor.Actor, account int64, name string) (Qualification, error) {
	q, err := of(ctx, tx, account, name)
	if err != nil || q.State == InReview || q.State == Passed {
		return q, err
	}
	if err := qs.submit(ctx, tx, a, q); err != nil {
		return q, wrap("submit", err)
	}
	return of(ctx, tx, account, name)
}

func (qs *Qualifications) submit(ctx context.Context, tx *store.Tx, a actor.Actor, q Qualification) error {
	v, err := qs.view(ctx, tx, q)
	if err != nil {
		return err
	}
	if missing := v.Missing(); len(missing) > 0 {
		return missing.Err()
	}
	q.SubmittedAt, q.EndedAt = store.At(tx.Now()), store.Time{}
	if err := q.move(ctx, tx, Submit); err != nil {
		return err
	}
	flags, err := document.Flags(ctx, tx, q.AccountID, v.Documents)
	if err != nil {
		return err
	}
	_, suffix, _ := strings.Cut(q.Name, ".")
	c, err := qs.reviews.Submit(ctx, tx, a, review.Submission{
		Account: q.AccountID, Kind: Kind, Subject: q.ID, Authority: review.Desk, Title: q.Domain + " " + q.Holder, Suffix: suffix, Flags: flags,
		Days: qs.policies.Limits.Review[policy.Common].AtMost, CalendarDays: v.Rule.Takes.Most(),
	})
	if err != nil {
		return err
	}
	if err := qs.tell(ctx, tx, q); err != nil {
		return err
	}
	expected := c.ExpectedAt.Add(-time.Second).In(qs.policies.Calendar.Zone()).Format(time.DateOnly)
	if err := qs.announce(ctx, tx, q, "qualification.submitted", map[string]string{"Expected": expected}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "qualification.submit", q.PublicID, nil)
}

func (qs *Qualifications) tell(ctx context.Context, tx *store.Tx, q Qualification) error {
	if qs.listener == nil {
		return nil
	}
	return qs.listener.Qualified(ctx, tx, q)
}

// Papers lists the pages of a qualification that can be opened.
func (qs *Qualifications) Papers(ctx context.Context, db bun.IDB, subject int64) (out []string, err error) {
	q, err := byID(ctx, db, subject)
	if err != nil {
		return nil, err
	}
	have, err := attached(ctx, db, q)
	for _, d := range have {
		if d.ErasedAt.IsZero() {
			out = append(out, d.PublicID)
		}
	}
	return out, err
}

// while is how long something is taken to be needed that has no end of its own.
const while = 30 * 24 * time.Hour

// KeptUntil implements document.Keeper.
func (qs *Qualifications) KeptUntil(ctx context.Context, tx *store.Tx, documentID int64) (until time.Time, ground string, err error) {
	var rows []Qualification
	err = tx.NewSelect().Model(&rows).Where("id IN (SELECT qualification_id FROM qualification_document WHERE document_id = ?)", documentID).Scan(ctx)
	if err != nil {
		return until, "", wrap("kept until", err)
	}
	for _, q := range rows {
		t := tx.Now().Add(while)
		if q.State == Cancelled {
			t = q.EndedAt.Add(qs.policies.Limits.KeepRefused())
		}
		if t.After(until) {
			until, ground = t, "qualification"
		}
	}
	return until, ground, nil
}
