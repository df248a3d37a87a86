package enhanced

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// Kind is the kind of its cases at the desk.
const Kind review.Kind = "enhanced_verification"

// Verification is one enhanced verification.
type Verification struct {
	bun.BaseModel `bun:"table:enhanced_verification"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	// DomainID is the domain that is verified, 0 for a profile. ProfileID and VersionID are
	// the holder's.
	DomainID  int64
	ProfileID int64
	VersionID int64
	// Title is the domain's name, or the holder's.
	Title string
	// DocumentKind is the holder's identity document.
	DocumentKind string
	State        State
	// Cause is why it was opened, for staff; Note is for the registrant.
	Cause string
	Note  string
	// DueAt is until when it has to be submitted.
	DueAt       store.Time
	OpenedBy    string
	OpenedAt    store.Time
	SubmittedAt store.Time
	EndedAt     store.Time
	Holding     holding
	HoldCause   string
	RowVersion  int64
}

type attachment struct {
	bun.BaseModel `bun:"table:enhanced_document"`

	VerificationID int64 `bun:",pk"`
	Kind           string
	Side           string
	DocumentID     int64
}

// Want is something that has to be there before submission.
type Want struct {
	Kind, Side string
	// Choice: one of all wants with Choice is enough.
	Choice bool
	There  bool
}

// View is a verification with what belongs to it.
type View struct {
	Verification
	// Profile is the public id of the holder's, Domain the name of the domain, "" for a
	// profile.
	Profile, Domain string
	Wants           []Want
	Documents       []document.Document
	Case            *review.Case
	Reasons         []review.Reason
}

// Verifications owns enhanced verifications.
type Verifications struct {
	store     *store.Store
	policies  *policy.Policies
	documents *document.Documents
	profiles  *profile.Profiles
	domains   *domain.All
	reviews   *review.Reviews
}

// New returns the enhanced verifications of s and registers them as a subject of reviews.
func New(s *store.Store, p *policy.Policies, d *document.Documents, ps *profile.Profiles, domains *domain.All, r *review.Reviews) *Verifications {
	vs := &Verifications{store: s, policies: p, documents: d, profiles: ps, domains: domains, reviews: r}
	r.Register(Kind, vs)
	d.AddKeeper(vs)
	return vs
}

// Opening says what is to be verified and why: a domain, or a profile.
type Opening struct {
	Domain, Profile string
	// Cause is for staff, Note for the registrant.
	Cause, Note string
}

// Open asks the registrant of a domain or profile for enhanced verification. It needs
// enhanced.open. Faults: cause_required, enhanced_of_what, domain_not_found,
// domain_without_profile, profile_not_found, enhanced_not_offered, enhanced_open.
func (vs *Verifications) Open(ctx context.Context, a actor.Actor, o Opening) (View, error) {
	if err := a.Check(actor.EnhancedOpen); err != nil {
		return View{}, err
	}
	if o.Cause = strings.TrimSpace(o.Cause); o.Cause == "" {
		return View{}, fault.At("cause", "cause_required")
	}
	v, err := vs.subject(ctx, a, o)
	if err != nil {
		return View{}, wrap("open", err)
	}
	err = vs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		v.State, v.Cause, v.Note, v.OpenedBy, v.OpenedAt, v.RowVersion = Asked, o.Cause, strings.TrimSpace(o.Note), a.ID, store.At(tx.Now()), 1
		v.PublicID, v.DueAt = store.NewID("env"), store.At(tx.Now().Add(time.Duration(vs.policies.Limits.Enhanced.AnswerWithin)))
		if _, err := tx.NewInsert().Model(&v).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				err = fault.New(fault.Conflict, "enhanced_open").With("Title", v.Title)
			}
			return err
		}
		if err := vs.announce(ctx, tx, v, "enhanced.opened", nil); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "enhanced.open", v.PublicID, map[string]string{"title": v.Title, "cause": v.Cause})
	})
	if err != nil {
		return View{}, wrap("open", err)
	}
	return vs.view(ctx, v)
}

// subject finds what is to be verified, and its holder.
func (vs *Verifications) subject(ctx context.Context, a actor.Actor, o Opening) (v Verification, err error) {
	if (o.Domain == "") == (o.Profile == "") {
		return v, fault.New(fault.Invalid, "enhanced_of_what")
	}
	offered := true
	var p profile.Profile
	var version profile.Version
	if o.Domain != "" {
		d, err := vs.domains.Get(ctx, a, o.Domain)
		switch {
		case err != nil:
			return v, err
		case d.VersionID == 0:
			return v, fault.New(fault.Conflict, "domain_without_profile").With("Domain", domain.Display(d.Name))
		}
		v.AccountID, v.DomainID, v.Title = d.AccountID, d.ID, domain.Display(d.Name)
		offered = vs.policies.Limits.Enhanced.For(d.Suffix)
		p, version, err = vs.profiles.ByID(ctx, vs.store.R, d.ProfileID, d.VersionID)
		if err != nil {
			return v, err
		}
	} else {
		if p, version, err = vs.profiles.Held(ctx, o.Profile); err != nil {
			return v, err
		}
		v.AccountID, v.Title = p.AccountID, version.Holder(p)
	}
	v.ProfileID, v.VersionID, v.DocumentKind = p.ID, version.ID, version.Fields.DocumentKind
	if !offered || v.DocumentKind == "" {
		return v, fault.New(fault.Conflict, "enhanced_not_offered").With("Title", v.Title)
	}
	return v, nil
}

func (vs *Verifications) announce(ctx context.Context, tx *store.Tx, v Verification, typ event.Type, more map[string]string) error {
	data := map[string]string{}
	if v.DomainID != 0 { // the title of a profile is a name, which leaves in no event
		data["Domain"] = v.Title
	}
	if v.State == Asked {
		data["Due"] = v.DueAt.In(vs.policies.Calendar.Zone()).Format(time.DateOnly)
		data["Note"] = v.Note
	}
	for k, x := range more {
		data[k] = x
	}
	return event.Append(ctx, tx, v.AccountID, typ, v.PublicID, data)
}

// move applies an event and writes the row.
func (v *Verification) move(ctx context.Context, tx *store.Tx, e Event) (err error) {
	if v.State, err = Table.Next(v.State, e); err != nil {
		return err
	}
	return v.save(ctx, tx)
}

func (v *Verification) save(ctx context.Context, tx *store.Tx) error {
	v.RowVersion++
	return store.One(tx.NewUpdate().Model(v).WherePK().Where("row_version = ?", v.RowVersion-1).Exec(ctx))
}

// Get returns a verification of the actor's account; staff with review.read read any.
// Fault: enhanced_not_found.
func (vs *Verifications) Get(ctx context.Context, a actor.Actor, publicID string) (View, error) {
	v, err := vs.find(ctx, vs.store.R, a, publicID)
	if err != nil {
		return View{}, err
	}
	return vs.view(ctx, v)
}

func (vs *Verifications) find(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (v Verification, err error) {
	if err := mayRead(a); err != nil {
		return v, err
	}
	q := db.NewSelect().Model(&v).Where("public_id = ?", publicID)
	if !a.May(actor.ReviewRead) {
		q = q.Where("account_id = ?", a.Account)
	}
	err = q.Scan(ctx)
	if store.IsNotFound(err) {
		return v, fault.New(fault.NotFound, "enhanced_not_found")
	}
	return v, wrap("find", err)
}

func mayRead(a actor.Actor) error {
	if a.May(actor.ReviewRead) {
		return nil
	}
	return a.Check(actor.ProfileRead)
}

// List returns the newest verifications of the actor's account; those of all accounts
// for staff with review.read.
func (vs *Verifications) List(ctx context.Context, a actor.Actor, open bool, limit int) (out []View, err error) {
	if err := mayRead(a); err != nil {
		return nil, err
	}
	var rows []Verification
	q := vs.store.R.NewSelect().Model(&rows).OrderExpr("id DESC").Limit(int64(limit))
	if !a.May(actor.ReviewRead) {
		q = q.Where("account_id = ?", a.Account)
	}
	if open {
		q = q.Where("state IN ('asked', 'in_review', 'expired')")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, wrap("list", err)
	}
	for _, v := range rows {
		one, err := vs.view(ctx, v)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// ForReview returns the verification that a case is about, for staff with review.read.
func (vs *Verifications) ForReview(ctx context.Context, a actor.Actor, c review.Case) (View, error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return View{}, err
	}
	v, err := byID(ctx, vs.store.R, c.SubjectID)
	if err != nil {
		return View{}, err
	}
	return vs.view(ctx, v)
}

func byID(ctx context.Context, db bun.IDB, id int64) (v Verification, err error) {
	err = db.NewSelect().Model(&v).Where("id = ?", id).Scan(ctx)
	return v, wrap("read", err)
}

// view reads what belongs to a verification.
func (vs *Verifications) view(ctx context.Context, v Verification) (out View, err error) {
	out.Verification = v
	p, _, err := vs.profiles.ByID(ctx, vs.store.R, v.ProfileID, v.VersionID)
	if err != nil {
		return out, wrap("view", err)
	}
	out.Profile = p.PublicID
	if v.DomainID != 0 {
		out.Domain = v.Title
	}
	if out.Documents, err = attached(ctx, vs.store.R, v); err != nil {
		return out, wrap("view", err)
	}
	out.Wants = vs.wants(v, out.Documents)
	c, reasons, err := review.Latest(ctx, vs.store.R, Kind, v.ID)
	switch {
	case store.IsNotFound(err):
		return out, nil
	case err != nil:
		return out, wrap("view", err)
	}
	out.Case, out.Reasons = &c, reasons
	return out, nil
}

func attached(ctx context.Context, db bun.IDB, v Verification) ([]document.Document, error) {
	var ids []int64
	if err := db.NewRaw("SELECT document_id FROM enhanced_document WHERE verification_id = ?", v.ID).Scan(ctx, &ids); err != nil {
		return nil, err
	}
	return document.ByIDs(ctx, db, v.AccountID, ids)
}

// wants lists what has to be there, and what of it is.
func (vs *Verifications) wants(v Verification, have []document.Document) (out []Want) {
	rule := vs.policies.Limits.Enhanced
	if kind, ok := vs.policies.Document(v.DocumentKind); ok {
		for _, s := range kind.Sides {
			if rule.Sides == "all" || s.Need == "required" {
				out = append(out, Want{Kind: kind.Code, Side: s.Side})
			}
		}
	}
	for _, code := range rule.Papers {
		out = append(out, Want{Kind: code, Side: document.Page})
	}
	for _, code := range rule.OneOf {
		out = append(out, Want{Kind: code, Side: document.Page, Choice: true})
	}
	for i, w := range out {
		for _, d := range have {
			out[i].There = out[i].There || d.Kind == w.Kind && d.Side == w.Side && d.ErasedAt.IsZero()
		}
	}
	return out
}

// missing are the kinds that have to be there and are not, with their sides; a choice of
// which nothing is there is named by all of its kinds.
func missing(wants []Want) (out []Want) {
	var choices []Want
	chosen := false
	for _, w := range wants {
		switch {
		case w.Choice:
			choices = append(choices, w)
			chosen = chosen || w.There
		case !w.There:
			out = append(out, w)
		}
	}
	if !chosen {
		out = append(out, choices...)
	}
	return out
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("enhanced: %s: %w", op, store.StaleFault(err))
}
