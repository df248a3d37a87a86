package domain

import (
	"context"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Subject = (*All)(nil)

// namedFirst reports whether the label is reviewed before the registry is told of
// a name or of its holder.
func (all *All) namedFirst(registryName string, r policy.Rule) bool {
	return r.Required() && r.NamingRequired() && all.registries.Driver(registryName, r).Naming == registry.NamingFirst
}

// reviewName opens a case for the authority that reviews names where no provider of
// codes does.
func (all *All) reviewName(ctx context.Context, tx *store.Tx, a actor.Actor, d *Domain) error {
	label, _, _ := strings.Cut(Display(d.Name), ".")
	_, suffix, _ := strings.Cut(d.Name, ".")
	_, err := all.reviews.Submit(ctx, tx, a, review.Submission{
		Account: d.AccountID, Kind: review.DomainName, Subject: d.ID, Authority: all.config.NamingAuthority, Title: Display(d.Name), Suffix: suffix, Magic: label,
		Days: all.policies.Limits.Review[policy.Common].Usual,
	})
	return err
}

// Decided takes the verdict of a naming review that comes before creation, or
// before a change of holder.
func (all *All) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, _ review.Case, reasons []review.Reason) error {
	d := &touched{}
	if err := tx.NewSelect().Model(&d.Domain).Where("id = ?", subject).Scan(ctx); err != nil {
		return wrap("decided", err)
	}
	cause := why{}
	if !passed {
		cause = given(reasons)
	}
	if err := all.named(ctx, tx, d, passed, cause); err != nil {
		return wrap("decided", err)
	}
	return wrap("decided", d.write(ctx, tx))
}

// named goes on with a name whose review, before creation or before a change of
// holder, has ended.
func (all *All) named(ctx context.Context, tx *store.Tx, d *touched, passed bool, cause why) error {
	if d.State == Registered {
		return all.changeDecided(ctx, tx, d, passed, cause)
	}
	var o Order
	if err := tx.NewSelect().Model(&o).Where("domain_id = ?", d.ID).Scan(ctx); err != nil {
		return err
	}
	e, oe := Fail, NameFailed
	if passed {
		e, oe = Pass, NamePassed
	}
	var err error
	if d.NamingState, err = Verdicts.Next(d.NamingState, e); err != nil {
		return err
	}
	if o.State, err = Orders.Next(o.State, oe); err != nil {
		return err
	}
	d.changed = true
	if !passed {
		return all.nameRefused(ctx, tx, d, o, cause)
	}
	if err := saveOrder(ctx, tx, &o); err != nil {
		return err
	}
	p, v, err := all.profiles.ByID(ctx, tx, d.ProfileID, d.VersionID)
	if err != nil {
		return err
	}
	return all.toRegistry(ctx, tx, &d.Domain, o, p, v)
}

// nameRefused ends the order of a name that its review did not allow.
func (all *All) nameRefused(ctx context.Context, tx *store.Tx, d *touched, o Order, cause why) (err error) {
	d.NamingReason, d.NamingWords, o.Failure = cause.code, cause.words, cause.code
	if d.State, err = Domains.Next(d.State, Refuse); err != nil {
		return err
	}
	if err := saveOrder(ctx, tx, &o); err != nil {
		return err
	}
	if err := all.dropPapers(ctx, tx, d.AccountID, d.Name); err != nil {
		return err
	}
	return event.Append(ctx, tx, d.AccountID, "order.failed", o.PublicID, map[string]string{
		"Domain": Display(d.Name), "Reason": o.Failure, "Words": cause.words, "Outcome": all.outcome(d.Domain),
	})
}

// given is the first reason of a review that failed, with the reviewer's words for the
// registrant.
func given(reasons []review.Reason) why {
	if len(reasons) == 0 {
		return why{code: "name_prohibited"}
	}
	return why{reasons[0].Code, or(reasons[0].Note, reasons[0].Params["Words"])}
}

// changeDecided goes on with a change of holder that waited for the review of the
// name. A failure leaves the old holder.
func (all *All) changeDecided(ctx context.Context, tx *store.Tx, d *touched, passed bool, cause why) error {
	if d.NextVersionID == 0 {
		return nil
	}
	d.changed = true
	if !passed {
		d.NextVersionID, d.SyncState = 0, SyncDone
		all.endItems(tx, d.Domain, false, cause)
		return nil
	}
	if all.driver(d.Domain).Contacts {
		p, v, err := all.byVersion(ctx, tx, d.NextVersionID)
		if err != nil {
			return err
		}
		return all.newRegistrant(ctx, tx, d.Domain, p, v)
	}
	if err := all.holderBecomes(ctx, tx, d, ""); err != nil {
		return err
	}
	return all.verdict(ctx, tx, d, registry.Naming, true, why{})
}

var _ review.Disclosable = (*All)(nil)

// Dossier is a name as an outside authority that reviews names is shown it.
func (all *All) Dossier(ctx context.Context, subject int64) (review.Dossier, error) {
	var d Domain
	if err := all.store.R.NewSelect().Model(&d).Where("id = ?", subject).Scan(ctx); err != nil {
		return review.Dossier{}, wrap("dossier", err)
	}
	return review.Dossier{Fields: map[string]string{"domain": Display(d.Name), "a_label": d.Name, "accreditation": string(d.Accreditation)}}, nil
}

// Picture says that a name has none.
func (all *All) Picture(context.Context, int64, string) ([]byte, error) {
	return nil, fault.New(fault.NotFound, "document_not_found")
}
