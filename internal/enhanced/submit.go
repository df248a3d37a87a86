package enhanced

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
	_ review.Documented = (*Verifications)(nil)
	_ document.Keeper   = (*Verifications)(nil)
)

// Attach screens a picture and puts it to a verification, in place of an earlier one of
// its kind and side. Faults: enhanced_not_found, enhanced_verification_state,
// enhanced_not_wanted, those of document.Take.
func (vs *Verifications) Attach(ctx context.Context, a actor.Actor, publicID string, u document.Upload) (View, document.Document, error) {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return View{}, document.Document{}, err
	}
	v, err := vs.own(ctx, vs.store.R, a, publicID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	if _, paper := vs.policies.Paper(u.Kind); paper {
		u.Side = document.Page
	}
	wanted := func(w Want) bool { return w.Kind == u.Kind && w.Side == u.Side }
	if !slices.ContainsFunc(vs.wants(v, nil), wanted) {
		return View{}, document.Document{}, fault.At("kind", "enhanced_not_wanted").With("Kind", u.Kind)
	}
	u.Limits = &vs.policies.Limits.Enhanced.Upload
	d, err := vs.documents.Take(ctx, a, u, func(ctx context.Context, tx *store.Tx, d document.Document) error {
		return vs.replace(ctx, tx, a, publicID, d)
	})
	if err != nil {
		return View{}, d, wrap("attach", err)
	}
	view, err := vs.Get(ctx, a, publicID)
	return view, d, err
}

// own finds a verification of the actor's account that may be uploaded to.
func (vs *Verifications) own(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (v Verification, err error) {
	if v, err = vs.find(ctx, db, a, publicID); err != nil {
		return v, err
	}
	if v.AccountID != a.Account {
		return v, fault.New(fault.NotFound, "enhanced_not_found")
	}
	_, err = Table.Next(v.State, Submit)
	return v, err
}

func (vs *Verifications) replace(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string, d document.Document) error {
	v, err := vs.own(ctx, tx, a, publicID)
	if err != nil {
		return err
	}
	var before []int64
	if err := tx.NewRaw("SELECT document_id FROM enhanced_document WHERE verification_id = ? AND kind = ? AND side = ?", v.ID, d.Kind, d.Side).Scan(ctx, &before); err != nil {
		return err
	}
	if _, err := tx.NewRaw("DELETE FROM enhanced_document WHERE verification_id = ? AND kind = ? AND side = ?", v.ID, d.Kind, d.Side).Exec(ctx); err != nil {
		return err
	}
	if err := document.LookAgain(ctx, tx, before); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(&attachment{VerificationID: v.ID, Kind: d.Kind, Side: d.Side, DocumentID: d.ID}).Exec(ctx); err != nil {
		return err
	}
	if err := v.save(ctx, tx); err != nil { // nobody submits at the same moment
		return err
	}
	return audit.Record(ctx, tx, a, "enhanced.attach", v.PublicID, map[string]string{"kind": d.Kind, "side": d.Side, "document": d.PublicID})
}

// Submit puts what was uploaded before the desk. Faults: enhanced_not_found,
// enhanced_verification_state, document_missing for each that is.
func (vs *Verifications) Submit(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	err := vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := vs.own(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		have, err := attached(ctx, tx, v)
		if err != nil {
			return err
		}
		var wrong fault.List
		for _, w := range missing(vs.wants(v, have)) {
			wrong.Add(fault.At(w.Kind, "enhanced_missing").With("Kind", w.Kind).With("Side", w.Side))
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		return vs.submit(ctx, tx, a, v, have)
	})
	if err != nil {
		return View{}, wrap("submit", err)
	}
	return vs.Get(ctx, a, publicID)
}

func (vs *Verifications) submit(ctx context.Context, tx *store.Tx, a actor.Actor, v Verification, have []document.Document) error {
	v.SubmittedAt = store.At(tx.Now())
	if err := v.move(ctx, tx, Submit); err != nil {
		return err
	}
	flags, err := document.Flags(ctx, tx, v.AccountID, have)
	if err != nil {
		return err
	}
	var suffix string
	if v.DomainID != 0 { // the desk looks for it by its A-label
		_, suffix, _ = strings.Cut(v.Title, ".")
		suffix = policy.ALabel(suffix)
	}
	c, err := vs.reviews.Submit(ctx, tx, a, review.Submission{
		Account: v.AccountID, Kind: Kind, Subject: v.ID, Authority: review.Desk, Title: v.Title, Suffix: suffix,
		Flags: flags, Days: vs.policies.Limits.Review[policy.CNNIC].Usual,
	})
	if err != nil {
		return err
	}
	expected := c.ExpectedAt.Add(-time.Second).In(vs.policies.Calendar.Zone()).Format(time.DateOnly)
	if err := vs.announce(ctx, tx, v, "enhanced.submitted", map[string]string{"Expected": expected}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "enhanced.submit", v.PublicID, nil)
}

// Papers lists the pictures of a verification that can be opened.
func (vs *Verifications) Papers(ctx context.Context, db bun.IDB, subject int64) (out []string, err error) {
	v, err := byID(ctx, db, subject)
	if err != nil {
		return nil, err
	}
	have, err := attached(ctx, db, v)
	for _, d := range have {
		if d.ErasedAt.IsZero() {
			out = append(out, d.PublicID)
		}
	}
	return out, err
}

// Cancel takes a verification back: staff have found that it is not needed. A hold that
// rests on it is lifted. It needs enhanced.open. Faults: cause_required,
// enhanced_not_found, enhanced_verification_state.
func (vs *Verifications) Cancel(ctx context.Context, a actor.Actor, publicID, cause string) (View, error) {
	if err := a.Check(actor.EnhancedOpen); err != nil {
		return View{}, err
	}
	if cause == "" {
		return View{}, fault.At("cause", "cause_required")
	}
	err := vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := vs.find(ctx, tx, a, publicID)
		if err != nil {
			return err
		}
		if v.State == InReview {
			if err := vs.reviews.Cancel(ctx, tx, a, Kind, v.ID); err != nil {
				return err
			}
		}
		v.EndedAt = store.At(tx.Now())
		v.release()
		if err := v.move(ctx, tx, Cancel); err != nil {
			return err
		}
		if err := vs.announce(ctx, tx, v, "enhanced.cancelled", nil); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "enhanced.cancel", v.PublicID, map[string]string{"cause": cause})
	})
	if err != nil {
		return View{}, wrap("cancel", err)
	}
	return vs.Get(ctx, a, publicID)
}

// while is how long something is taken to be needed that has no end of its own.
const while = 30 * 24 * time.Hour

// KeptUntil implements document.Keeper.
func (vs *Verifications) KeptUntil(ctx context.Context, tx *store.Tx, documentID int64) (until time.Time, ground string, err error) {
	var rows []Verification
	err = tx.NewSelect().Model(&rows).Where("id IN (SELECT verification_id FROM enhanced_document WHERE document_id = ?)", documentID).Scan(ctx)
	if err != nil {
		return until, "", wrap("kept until", err)
	}
	limits := vs.policies.Limits
	for _, v := range rows {
		t := tx.Now().Add(while)
		switch v.State {
		case Passed:
			t = v.EndedAt.Add(limits.KeepSuperseded())
		case Failed, Cancelled:
			t = v.EndedAt.Add(limits.KeepRefused())
		}
		if t.After(until) {
			until, ground = t, "enhanced_verification"
		}
	}
	return until, ground, nil
}
