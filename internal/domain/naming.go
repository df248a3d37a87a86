package domain

import (
	"context"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Subject = (*All)(nil)

// namedFirst reports whether the label is reviewed before the registry is told of
// a name or of its holder.
func namedFirst(r policy.Rule) bool {
	return r.Required() && r.NamingRequired() && r.Naming.Review == "vsp_before_create"
}

func (all *All) reviewName(ctx context.Context, tx *store.Tx, a actor.Actor, d *Domain) error {
	label, _, _ := strings.Cut(Display(d.Name), ".")
	_, err := all.reviews.Submit(ctx, tx, a, review.Submission{
		Account: d.AccountID, Kind: review.DomainName, Subject: d.ID, Authority: all.config.NamingAuthority, Title: Display(d.Name), Magic: label,
		Days: all.policies.Limits.Review[policy.Common].Usual,
	})
	return err
}

// Decided takes the verdict of a naming review that comes before creation, or
// before a change of holder.
func (all *All) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, _ review.Case, reasons []review.Reason) error {
	var d Domain
	if err := tx.NewSelect().Model(&d).Where("id = ?", subject).Scan(ctx); err != nil {
		return wrap("decided", err)
	}
	cause := why{}
	if !passed {
		cause = given(reasons)
	}
	if d.State == Registered {
		return wrap("decided", all.changeDecided(ctx, tx, &d, passed, cause))
	}
	var o Order
	if err := tx.NewSelect().Model(&o).Where("domain_id = ?", d.ID).Scan(ctx); err != nil {
		return wrap("decided", err)
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
	if !passed {
		d.NamingReason, d.NamingWords, o.Failure = cause.code, cause.words, cause.code
		if d.State, err = Domains.Next(d.State, Refuse); err != nil {
			return err
		}
	}
	if err := saveOrder(ctx, tx, &o); err != nil {
		return err
	}
	if err := save(ctx, tx, &d); err != nil {
		return err
	}
	if !passed {
		return event.Append(ctx, tx, d.AccountID, "order.failed", o.PublicID, map[string]string{"Domain": Display(d.Name), "Reason": o.Failure})
	}
	p, v, err := all.profiles.ByID(ctx, tx, d.ProfileID, d.VersionID)
	if err != nil {
		return err
	}
	return all.toRegistry(ctx, tx, &d, o, p, v)
}

// given is the first reason of a review that failed, with the reviewer's words for the
// registrant.
func given(reasons []review.Reason) why {
	if len(reasons) == 0 {
		return why{code: "name_prohibited"}
	}
	return why{reasons[0].Code, or(reasons[0].Note, reasons[0].Params["Words"])}
}

// changeDecided ends a change of holder that waited for the review of the name. A
// failure leaves the old holder.
func (all *All) changeDecided(ctx context.Context, tx *store.Tx, d *Domain, passed bool, cause why) error {
	if d.NextVersionID == 0 {
		return nil
	}
	changed := &touched{Domain: *d}
	if !passed {
		changed.NextVersionID, changed.SyncState = 0, SyncDone
		if err := save(ctx, tx, &changed.Domain); err != nil {
			return err
		}
		return all.endItems(ctx, tx, *d, false, cause)
	}
	if err := all.holderBecomes(ctx, tx, changed, ""); err != nil {
		return err
	}
	if err := all.verdict(ctx, tx, changed, registry.Naming, true, why{}); err != nil {
		return err
	}
	return save(ctx, tx, &changed.Domain)
}
