package profile

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Attach screens a picture and puts it to the profile as a side of its document,
// in place of an earlier one. The document kind is the profile's own. What a review has asked
// for beside its sides is put to it as a document.FurtherSide, once it is asked for. Faults:
// those of Edit and of document.Take, document_kind_first.
func (ps *Profiles) Attach(ctx context.Context, a actor.Actor, publicID string, newVersion bool, u document.Upload) (View, document.Document, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, document.Document{}, err
	}
	// Look before the picture is read: a profile that may not be changed costs no
	// screening. The unit of work below looks again.
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	now, err := versionByID(ctx, ps.store.R, p.VersionID)
	if err != nil {
		return View{}, document.Document{}, err
	}
	if err := ps.changeable(ctx, ps.store.R, p, now, newVersion); err != nil {
		return View{}, document.Document{}, err
	}
	if now.Fields.DocumentKind == "" {
		return View{}, document.Document{}, fault.At("document_kind", "document_kind_first")
	}
	if document.FurtherNumber(u.Side) > 0 {
		there, err := sidesOf(ctx, ps.store.R, now.ID)
		if err != nil {
			return View{}, document.Document{}, wrap("attach", err)
		}
		if !slices.Contains(ps.wantedSides(p, now.Fields.DocumentKind), u.Side) && !slices.Contains(there, u.Side) {
			return View{}, document.Document{}, fault.At("side", "side_unknown").With("Side", u.Side)
		}
	}
	u.Kind, u.ProfileKind = now.Fields.DocumentKind, p.Kind
	d, err := ps.documents.Take(ctx, a, u, func(ctx context.Context, tx *store.Tx, d document.Document) error {
		return ps.replace(ctx, tx, a, publicID, newVersion, d.Side, &d)
	})
	if err != nil {
		return View{}, d, wrap("attach", err)
	}
	view, err := ps.Get(ctx, a, publicID)
	return view, d, err
}

// Detach takes a side of the document away again. Faults: those of Edit,
// side_not_there.
func (ps *Profiles) Detach(ctx context.Context, a actor.Actor, publicID, side string, newVersion bool) (View, error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return View{}, err
	}
	err := ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return ps.replace(ctx, tx, a, publicID, newVersion, side, nil)
	})
	if err != nil {
		return View{}, wrap("detach", err)
	}
	return ps.Get(ctx, a, publicID)
}

// replace puts a picture in the place of a side's earlier one, or nothing in its
// place. What was there before is looked at soon: nobody may need it any more.
func (ps *Profiles) replace(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string, newVersion bool, side string, d *document.Document) error {
	p, v, err := ps.draft(ctx, tx, a, publicID, newVersion)
	if err != nil {
		return err
	}
	var before []int64
	if err := tx.NewRaw("SELECT document_id FROM profile_document WHERE version_id = ? AND side = ?", v.ID, side).Scan(ctx, &before); err != nil {
		return err
	}
	if d == nil && len(before) == 0 {
		return fault.At("side", "side_not_there").With("Side", side)
	}
	if _, err := tx.NewRaw("DELETE FROM profile_document WHERE version_id = ? AND side = ?", v.ID, side).Exec(ctx); err != nil {
		return err
	}
	if err := document.LookAgain(ctx, tx, before); err != nil {
		return err
	}
	did, detail := "profile.detach", map[string]string{"side": side}
	if d != nil {
		did, detail["document"] = "profile.attach", d.PublicID
		if _, err := tx.NewInsert().Model(&attachment{VersionID: v.ID, Side: side, DocumentID: d.ID}).Exec(ctx); err != nil {
			return err
		}
	}
	if err := ps.saveDraft(ctx, tx, &p, &v); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, did, p.PublicID, detail)
}

// wantedSides lists the sides that must be there before submission: those that the
// document kind demands, and those that a review has asked for. A side that was asked of
// another kind, which this one does not have, is wanted no more.
func (ps *Profiles) wantedSides(p Profile, kind string) []string {
	d, ok := ps.policies.Document(kind)
	if !ok {
		return []string{"front"}
	}
	out := d.RequiredSides()
	for _, side := range p.RequestedSides {
		if (document.FurtherNumber(side) > 0 || d.HasSide(side)) && !slices.Contains(out, side) {
			out = append(out, side)
		}
	}
	return out
}

// missingSides lists the sides that are wanted and not there.
func (ps *Profiles) missingSides(have []document.Document, p Profile, kind string) (out []string) {
	for _, side := range ps.wantedSides(p, kind) {
		if !slices.ContainsFunc(have, func(x document.Document) bool { return x.Side == side && x.ErasedAt.IsZero() }) {
			out = append(out, side)
		}
	}
	return out
}

// AsksForMore reports whether a reason asks for something that was not there; every other
// reason about a picture is about one that was.
func AsksForMore(reason string) bool {
	return slices.Contains([]string{"back_required", "page_missing", "more_documents_required"}, reason)
}

// learn takes from a failed review which sides it asks for and which pictures it
// refuses. A side that is there already is asked for as something further: what was
// shown does not answer.
func (ps *Profiles) learn(ctx context.Context, tx *store.Tx, p *Profile, v Version, reasons []review.Reason) error {
	have, err := ps.attached(ctx, tx, v)
	if err != nil {
		return err
	}
	there, err := sidesOf(ctx, tx, v.ID, p.VersionID)
	if err != nil {
		return err
	}
	kind, _ := ps.policies.Document(v.Fields.DocumentKind)
	for _, r := range reasons {
		switch {
		case r.Retryable == "system", r.PointsKind != "picture" && r.PointsKind != "side":
			continue
		case AsksForMore(r.Code): // the pictures that are there stay
			if kind.HasSide(r.PointsName) && !slices.ContainsFunc(have, func(d document.Document) bool { return d.Side == r.PointsName }) {
				p.ask(r.PointsName)
			} else {
				p.askFurther(there)
			}
			continue
		}
		var refused []int64
		for _, d := range have {
			if r.PointsName == "" || r.PointsName == d.Side {
				refused = append(refused, d.ID)
			}
		}
		if err := document.Reject(ctx, tx, refused, r.Code); err != nil {
			return err
		}
	}
	return nil
}

// ask has a side wanted from now on.
func (p *Profile) ask(side string) {
	if !slices.Contains(p.RequestedSides, side) {
		p.RequestedSides = append(p.RequestedSides, side)
	}
}

// askFurther has one more thing wanted from now on, on a side where none was asked for and
// none is there.
func (p *Profile) askFurther(there []string) {
	n := 1
	for slices.Contains(p.RequestedSides, document.FurtherSide(n)) || slices.Contains(there, document.FurtherSide(n)) {
		n++
	}
	p.ask(document.FurtherSide(n))
}

// sidesOf lists the sides that have had a picture in versions, erased ones and those of another
// kind of document too.
func sidesOf(ctx context.Context, db bun.IDB, versions ...int64) (out []string, err error) {
	err = db.NewRaw("SELECT side FROM profile_document WHERE version_id IN (?)", bun.List(versions)).Scan(ctx, &out)
	return out, err
}

// unlearn takes back what the verdict on a version has taught: the pictures that it refused,
// and the sides that it asked for. What an earlier review had asked for came with the
// version, which could not be submitted without it.
func (ps *Profiles) unlearn(ctx context.Context, tx *store.Tx, p *Profile, v Version) error {
	have, err := ps.attached(ctx, tx, v)
	if err != nil {
		return err
	}
	var ids []int64
	for _, d := range have {
		ids = append(ids, d.ID)
	}
	p.RequestedSides = slices.DeleteFunc(p.RequestedSides, func(side string) bool {
		return !slices.ContainsFunc(have, func(d document.Document) bool { return d.Side == side })
	})
	return ps.documents.Unreject(ctx, tx, ids, v.DecidedAt)
}

// Grounds knows which versions something above still rests on.
type Grounds interface {
	// RestsOn reports whether a domain has the version as its holder.
	RestsOn(ctx context.Context, tx *store.Tx, version int64) (bool, error)
}

// SetGrounds says who is asked before the pictures of a version are erased.
func (ps *Profiles) SetGrounds(g Grounds) { ps.grounds = g }

var _ document.Keeper = (*Profiles)(nil)

// while is how long something is taken to be needed that has no end of its own.
const while = 30 * 24 * time.Hour

// KeptUntil implements document.Keeper: the latest time until which any version
// that has the document needs it.
func (ps *Profiles) KeptUntil(ctx context.Context, tx *store.Tx, documentID int64) (until time.Time, ground string, err error) {
	var versions []Version
	err = tx.NewSelect().Model(&versions).Where("id IN (SELECT version_id FROM profile_document WHERE document_id = ?)", documentID).OrderExpr("id").Scan(ctx)
	if err != nil {
		return until, "", wrap("kept until", err)
	}
	ground = "replaced"
	for _, v := range versions {
		t, why, err := ps.neededUntil(ctx, tx, v)
		if err != nil {
			return until, "", wrap("kept until", err)
		}
		if t.After(until) {
			until, ground = t, why
		}
	}
	return until, ground, nil
}

func (ps *Profiles) neededUntil(ctx context.Context, tx *store.Tx, v Version) (time.Time, string, error) {
	var p Profile
	if err := tx.NewSelect().Model(&p).Where("id = ?", v.ProfileID).Scan(ctx); err != nil {
		return time.Time{}, "", err
	}
	limits := ps.policies.Limits
	current := p.VersionID == v.ID && p.DeletedAt.IsZero()
	switch {
	case v.State == Unverified && !v.InUse():
		return p.UpdatedAt.Add(limits.KeepDraft()), "draft", nil
	case v.State == InReview:
		return tx.Now().Add(while), "in_review", nil
	case v.State == Verified && current:
		return tx.Now().Add(while), "verified", nil
	case v.State == Unverified && current:
		return tx.Now().Add(while), "in_use", nil
	case v.State != Verified && v.State != Unverified:
		ended := v.DecidedAt
		if ended.IsZero() { // taken back
			ended = v.SubmittedAt
		}
		return ended.Add(limits.KeepRefused()), "refused", nil
	}
	if ps.grounds != nil {
		if rests, err := ps.grounds.RestsOn(ctx, tx, v.ID); err != nil || rests {
			return tx.Now().Add(while), "domain", err
		}
	}
	if p.VersionID == v.ID { // of a deleted profile
		return p.DeletedAt.Add(limits.KeepSuperseded()), "superseded", nil
	}
	var next Version
	if err := tx.NewSelect().Model(&next).Where("profile_id = ?", p.ID).Where("number = ?", v.Number+1).Scan(ctx); err != nil {
		return time.Time{}, "", err
	}
	return next.CreatedAt.Add(limits.KeepSuperseded()), "superseded", nil
}
