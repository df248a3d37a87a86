package domain

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

var _ review.Subject = (*All)(nil)

// Order is the wish for a new domain.
type Order struct {
	bun.BaseModel `bun:"table:domain_order"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	Name      string
	Years     int
	ProfileID int64
	VersionID int64
	DomainID  int64
	State     OrderState
	Failure   string
	// VerdictAt is when the registry's verdict is expected, HoldAt when a name
	// without it is held (zero: never), SafeBy the last moment to pay so that the
	// one comes before the other.
	VerdictAt  store.Time
	HoldAt     store.Time
	SafeBy     store.Time
	CreatedAt  store.Time
	PaidAt     store.Time
	RowVersion int64
}

// Choice is a profile offered for an order: it fits, or Reason says why not.
type Choice struct {
	Profile string
	Holder  string
	Kind    policy.ProfileKind
	Reason  *fault.Error
}

// Choices lists the actor's profiles for a name, each with why it does not fit.
func (all *All) Choices(ctx context.Context, a actor.Actor, typed string) (out []Choice, err error) {
	name, err := Normalize(typed)
	if err != nil {
		return nil, err
	}
	profiles, err := all.profiles.List(ctx, a, "", 500)
	if err != nil {
		return nil, err
	}
	for _, p := range profiles {
		c := Choice{Profile: p.PublicID, Holder: p.Current.Fields.HolderZh(p.HolderType), Kind: p.Kind}
		if c.Holder == "" {
			c.Holder = p.Current.Fields.HolderEn(p.HolderType)
		}
		_, _, err := all.profiles.Usable(ctx, all.store.R, a.Account, p.PublicID)
		if err == nil {
			var rule policy.Rule
			if rule, _, err = all.rule(p.Accreditation, name); err == nil {
				err = profile.Fits(p.Profile, p.Current, rule)
			}
		}
		if err != nil {
			if c.Reason = fault.From(err); c.Reason.Kind == fault.Internal {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// PlaceOrder takes an order for a name with a verified profile. Nothing is sent
// before it is paid. Faults: account_unverified, domain_name_invalid,
// suffix_unsupported, why the profile does not fit, domain_taken,
// registry_unreachable.
func (all *All) PlaceOrder(ctx context.Context, a actor.Actor, typed, profileID string, years int) (o Order, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return o, err
	}
	if err := all.accounts.RequireVerified(ctx, all.store.R, a.Account); err != nil {
		return o, err
	}
	if years == 0 {
		years = 1
	}
	if years < 1 || years > 10 {
		return o, fault.At("years", "years_invalid")
	}
	name, err := Normalize(typed)
	if err != nil {
		return o, err
	}
	p, v, err := all.profiles.Usable(ctx, all.store.R, a.Account, profileID)
	if err != nil {
		return o, err
	}
	rule, registryName, err := all.rule(p.Accreditation, name)
	if err != nil {
		return o, err
	}
	if strings.Count(strings.TrimSuffix(name, "."+rule.Suffix), ".") > 0 {
		return o, fault.At("domain", "domain_name_invalid").With("Domain", typed)
	}
	if err := profile.Fits(p, v, rule); err != nil {
		return o, err
	}
	free, reason, err := all.registries.Available(ctx, registryName, name)
	if err != nil {
		return o, err
	}
	if !free {
		return o, fault.At("domain", "domain_taken").With("Domain", Display(name)).With("Words", reason)
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		o = Order{PublicID: store.NewID("ord"), AccountID: a.Account, Name: name, Years: years, ProfileID: p.ID, VersionID: v.ID, State: AwaitingPayment, CreatedAt: store.At(tx.Now()), RowVersion: 1}
		all.forecast(&o, rule, tx.Now())
		if _, err := tx.NewInsert().Model(&o).Exec(ctx); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, a.Account, "order.placed", o.PublicID, map[string]string{"Domain": Display(name)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "order.place", o.PublicID, map[string]string{"name": name})
	})
	return o, wrap("place order", err)
}

// forecast sets the expected verdict, the hold and the last safe moment to pay.
func (all *All) forecast(o *Order, rule policy.Rule, now time.Time) {
	o.VerdictAt, o.HoldAt, o.SafeBy = store.Time{}, store.Time{}, store.Time{}
	if !rule.Required() {
		return
	}
	usual := all.policies.Limits.Review[policy.Common].Usual // a registry's review usually ends within a day
	o.VerdictAt = store.At(all.policies.Calendar.After(now, usual).At)
	hold, held := rule.Hold.Create.Until(now)
	if !held {
		return
	}
	o.HoldAt = store.At(hold)
	if rule.Hold.Create.After == 0 {
		return // held from the start: no moment is safer than another
	}
	// The hold moves with the payment, the holidays do not: look for the last day
	// within a month up to which the verdict still comes first.
	for day := now; day.Before(now.AddDate(0, 0, 30)); day = day.AddDate(0, 0, 1) {
		if until, _ := rule.Hold.Create.Until(day); !all.policies.Calendar.After(day, usual).At.Before(until) {
			break
		}
		o.SafeBy = store.At(day)
	}
}

// FindOrder returns an order of the actor's account, any order for staff who may
// confirm payments. Fault: order_not_found.
func (all *All) FindOrder(ctx context.Context, a actor.Actor, publicID string) (Order, error) {
	if !a.May(actor.OrderWrite) && !a.May(actor.OrderPay) {
		return Order{}, a.Check(actor.OrderWrite)
	}
	return all.order(ctx, all.store.R, a, publicID)
}

func (all *All) order(ctx context.Context, db bun.IDB, a actor.Actor, publicID string) (Order, error) {
	return selectOrder(ctx, db.NewSelect(), a, publicID)
}

// lockOrder reads an order that is about to be changed. Another unit of work that
// wants to change it waits: a payment may be confirmed twice at once.
func (all *All) lockOrder(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string) (Order, error) {
	q := tx.NewSelect()
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	return selectOrder(ctx, q, a, publicID)
}

func selectOrder(ctx context.Context, q *bun.SelectQuery, a actor.Actor, publicID string) (o Order, err error) {
	q = q.Where("public_id = ?", publicID)
	if !a.May(actor.OrderPay) {
		q = q.Where("account_id = ?", a.Account)
	}
	err = q.Model(&o).Scan(ctx)
	if store.IsNotFound(err) {
		return o, fault.New(fault.NotFound, "order_not_found")
	}
	return o, wrap("order", err)
}

// ConfirmPayment says that an order is paid: the name goes to the registry and
// its verification is submitted, without further action. It is for the billing
// system, with order.pay. Confirming twice is no error. Faults: order_not_found,
// order_state, domain_exists.
func (all *All) ConfirmPayment(ctx context.Context, a actor.Actor, publicID string) (o Order, err error) {
	if err := a.Check(actor.OrderPay); err != nil {
		return o, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if o, err = all.lockOrder(ctx, tx, a, publicID); err != nil {
			return err
		}
		if !o.PaidAt.IsZero() {
			return nil
		}
		p, v, err := all.profiles.ByID(ctx, tx, o.ProfileID, o.VersionID)
		if err != nil {
			return err
		}
		rule, registryName, err := all.rule(p.Accreditation, o.Name)
		if err != nil {
			return err
		}
		e := Pay
		if namedFirst(rule) {
			e = PayReview
		}
		if o.State, err = Orders.Next(o.State, e); err != nil {
			return err
		}
		d := newDomain(tx, o.AccountID, o.Name, registryName, rule)
		d.State, d.SyncState, d.ProfileID, d.VersionID = Registering, SyncQueued, p.ID, v.ID
		d.HolderFold, d.NumberHash = v.HolderFold, v.NumberHash
		if err := insert(ctx, tx, &d); err != nil {
			return err
		}
		o.DomainID, o.PaidAt = d.ID, store.At(tx.Now())
		all.forecast(&o, rule, tx.Now())
		if err := saveOrder(ctx, tx, &o); err != nil {
			return err
		}
		if err := all.begin(ctx, tx, a, &d, o, p, v, e == PayReview); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, o.AccountID, "order.paid", o.PublicID, map[string]string{"Domain": Display(o.Name)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "order.pay", o.PublicID, nil)
	})
	return o, wrap("confirm payment", err)
}

// begin sends a paid name on its way: to the naming review where that comes
// first, else to the registry.
func (all *All) begin(ctx context.Context, tx *store.Tx, a actor.Actor, d *Domain, o Order, p profile.Profile, v profile.Version, naming bool) error {
	if !naming {
		return all.toRegistry(ctx, tx, d, o, p, v)
	}
	next, err := Verdicts.Next(d.NamingState, Submit)
	if err != nil {
		return err
	}
	d.NamingState = next
	if err := save(ctx, tx, d); err != nil {
		return err
	}
	return all.reviewName(ctx, tx, a, d)
}

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

// toRegistry orders contact, documents and name at the registry.
func (all *All) toRegistry(ctx context.Context, tx *store.Tx, d *Domain, o Order, p profile.Profile, v profile.Version) error {
	if all.registries.WantsContacts(d.Registry) {
		contact, err := all.registries.Contact(ctx, tx, d.Registry, v.PublicID, registry.Identity{
			Type: string(p.HolderType), Name: v.Fields.HolderZh(p.HolderType), Hash: v.NumberHash,
		})
		if err != nil {
			return err
		}
		d.Registrant = contact
		if err := save(ctx, tx, d); err != nil {
			return err
		}
	}
	return all.registries.CreateDomain(ctx, tx, d.Registry, d.Name, o.Years, d.Registrant, string(p.HolderType), newAuthInfo(), d.PublicID)
}

// newAuthInfo makes a transfer password that nobody has to remember (RFC 9154).
func newAuthInfo() string {
	var b [18]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])[:16]
}

// CancelOrder takes an unpaid order back.
func (all *All) CancelOrder(ctx context.Context, a actor.Actor, publicID string) (o Order, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return o, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if o, err = all.lockOrder(ctx, tx, a, publicID); err != nil {
			return err
		}
		if o.State, err = Orders.Next(o.State, CancelOrder); err != nil {
			return err
		}
		if err := saveOrder(ctx, tx, &o); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "order.cancel", o.PublicID, nil)
	})
	return o, wrap("cancel order", err)
}

func saveOrder(ctx context.Context, tx *store.Tx, o *Order) error {
	o.RowVersion++
	return store.One(tx.NewUpdate().Model(o).WherePK().Where("row_version = ?", o.RowVersion-1).Exec(ctx))
}

// Decided takes the verdict of a naming review that comes before creation, or
// before a change of holder.
func (all *All) Decided(ctx context.Context, tx *store.Tx, subject int64, passed bool, _ review.Case, reasons []review.Reason) error {
	var d Domain
	if err := tx.NewSelect().Model(&d).Where("id = ?", subject).Scan(ctx); err != nil {
		return wrap("decided", err)
	}
	reason := ""
	if !passed {
		reason = "name_prohibited"
		if len(reasons) > 0 {
			reason = reasons[0].Code
		}
	}
	if d.State == Registered {
		return wrap("decided", all.changeDecided(ctx, tx, &d, passed, reason))
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
		d.NamingReason, o.Failure = reason, reason
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

// changeDecided ends a change of holder that waited for the review of the name. A
// failure leaves the old holder.
func (all *All) changeDecided(ctx context.Context, tx *store.Tx, d *Domain, passed bool, reason string) error {
	if d.NextVersionID == 0 {
		return nil
	}
	changed := &touched{Domain: *d}
	if !passed {
		changed.NextVersionID, changed.SyncState = 0, SyncDone
		if err := save(ctx, tx, &changed.Domain); err != nil {
			return err
		}
		return all.endItems(ctx, tx, d.ID, false, reason)
	}
	if err := all.holderBecomes(ctx, tx, changed, ""); err != nil {
		return err
	}
	if err := all.verdict(ctx, tx, changed, registry.Naming, true, ""); err != nil {
		return err
	}
	return save(ctx, tx, &changed.Domain)
}
