package domain

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

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
	// NameServers serve the name, A-labels in order of wish. NewHosts are those of them that
	// the registry had no host object of when the order was placed; RefusedServer is the one
	// that it did not accept.
	NameServers   []string `bun:",type:text"`
	NewHosts      []string `bun:",type:text"`
	RefusedServer string
	// VerdictAt is when the registry's verdict is expected, HoldAt when a name
	// without it is held (zero: never), SafeBy the last moment to pay so that the
	// one comes before the other.
	VerdictAt store.Time
	HoldAt    store.Time
	SafeBy    store.Time
	// VerdictDays is how many business days VerdictAt allows for, VerdictCases how many of
	// the registry's verdicts that was measured from; 0: it is policy's figure.
	VerdictDays  int
	VerdictCases int
	// AnswerBy is when the registrant has to answer by mail, if the name were registered
	// now; zero when that is not asked for, or answered already.
	AnswerBy store.Time
	// PayBy is when an order that is not paid expires.
	PayBy      store.Time
	CreatedAt  store.Time
	PaidAt     store.Time
	RowVersion int64
}

// accountFirst returns the fault account_unverified where policy wants the account to be
// verified before a step and it is not.
func (all *All) accountFirst(ctx context.Context, a actor.Actor, step string) error {
	if !all.policies.Limits.AccountFirst(step) {
		return nil
	}
	return all.accounts.RequireVerified(ctx, all.store.R, a.Account)
}

// PlaceOrder takes an order for a name with a profile that may be used. Nothing is sent
// before it is paid. An account has one open order for a name: the same order placed
// again, by a client that has lost the answer, is answered with the open one. An order
// without servers has the name servers of the registry account. Faults:
// account_unverified, years_invalid, domain_name_invalid, suffix_unsupported, why the
// profile does not fit, those of NameServers, name_server_within, order_exists,
// domain_taken, domain_yours, name_server_missing, registry_unreachable.
func (all *All) PlaceOrder(ctx context.Context, a actor.Actor, typed, profileID string, years int, servers ...string) (o Order, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return o, err
	}
	if err := all.accountFirst(ctx, a, policy.BeforeRegistration); err != nil {
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
	with, err := all.chosen(ctx, a, profileID, name)
	if err != nil {
		return o, err
	}
	p, v, rule, registryName := with.profile, with.version, with.rule, with.registry
	if servers, err = all.serversFor(registryName, name, servers); err != nil {
		return o, err
	}
	wish := Order{PublicID: store.NewID("ord"), AccountID: a.Account, Name: name, Years: years, NameServers: servers, ProfileID: p.ID, VersionID: v.ID, State: AwaitingPayment, RowVersion: 1}
	if open, err := all.openOrder(ctx, wish); err != nil || open.ID != 0 {
		return open, wrap("place order", err)
	}
	free, reason, err := all.registries.Available(ctx, registryName, name)
	if err != nil {
		return o, err
	}
	if !free {
		taken, err := all.taken(ctx, a, name, reason)
		return o, cmp.Or(err, error(taken))
	}
	if wish.NewHosts, err = all.newHosts(ctx, registryName, name, servers); err != nil {
		return o, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		o = wish
		if err := all.profiles.Use(ctx, tx, v); err != nil {
			return err
		}
		o.CreatedAt, o.PayBy = store.At(tx.Now()), store.At(tx.Now().Add(all.config.UnpaidFor))
		if err := all.forecast(ctx, tx, &o, registryName, rule, v); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&o).Exec(ctx); err != nil {
			return err
		}
		if all.qualifies(rule) {
			if _, err := all.config.Qualifications.Open(ctx, tx, a, papers(name, p, v)); err != nil {
				return err
			}
		}
		if err := event.Append(ctx, tx, a.Account, "order.placed", o.PublicID, map[string]string{"Domain": Display(name)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "order.place", o.PublicID, map[string]string{"name": name})
	})
	if store.IsUnique(err) { // placed at the same moment
		o, err = all.openOrder(ctx, wish)
	}
	return o, wrap("place order", err)
}

// directlyUnder says that a name is not one label before its suffix, nil when it is.
func directlyUnder(name string, rule policy.Rule) error {
	if strings.Contains(strings.TrimSuffix(name, "."+rule.Suffix), ".") {
		return fault.At("domain", "domain_name_invalid").With("Typed", Display(name))
	}
	return nil
}

// openOrder returns the open order of the account for a name, the zero Order where
// there is none. Fault: order_exists where it is not the order that is wished for.
func (all *All) openOrder(ctx context.Context, wish Order) (o Order, err error) {
	err = all.store.R.NewSelect().Model(&o).Where("account_id = ?", wish.AccountID).Where("name = ?", wish.Name).
		Where("state IN ('awaiting_payment', 'naming_review', 'registering')").Scan(ctx)
	switch {
	case store.IsNotFound(err):
		return Order{}, nil
	case err != nil:
		return Order{}, err
	case o.ProfileID != wish.ProfileID || o.VersionID != wish.VersionID || o.Years != wish.Years || !slices.Equal(o.NameServers, wish.NameServers):
		return Order{}, fault.New(fault.Conflict, "order_exists").With("Domain", Display(o.Name)).With("Order", o.PublicID)
	}
	return o, nil
}

// ListOrders lists the actor's orders in a state, "" for any, the newest first, behind the
// one with the id before, and the id to go on with, "" on the last page.
func (all *All) ListOrders(ctx context.Context, a actor.Actor, state OrderState, before string, limit int) ([]Order, string, error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return nil, "", err
	}
	out, next, err := newest(ctx, all.store.R, a, before, limit, func(o Order) string { return o.PublicID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		if state != "" {
			q = q.Where("state = ?", state)
		}
		return q
	})
	return out, next, wrap("list orders", err)
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
// system, with order.pay. Papers that the suffix asks for have to be there, and go to
// the desk then. Confirming again, however far the order is, answers with the order.
// Faults: order_not_found, order_state, order_profile_unusable, domain_exists,
// qualification_missing, qualification_one_of, qualification_pattern.
func (all *All) ConfirmPayment(ctx context.Context, a actor.Actor, publicID string) (o Order, err error) {
	if err := a.Check(actor.OrderPay); err != nil {
		return o, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if o, err = all.lockOrder(ctx, tx, a, publicID); err != nil {
			return err
		}
		if !o.PaidAt.IsZero() || o.DomainID != 0 {
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
		if o.State == AwaitingPayment {
			if err := all.profiles.Stands(ctx, tx, p, v); err != nil {
				if fault.From(err).Kind == fault.Internal {
					return err
				}
				return fault.New(fault.Conflict, "order_profile_unusable").With("Profile", p.PublicID).With("Domain", Display(o.Name))
			}
		}
		e := Pay
		first := all.namedFirst(registryName, rule)
		if first {
			e = PayReview
		}
		if o.State, err = Orders.Next(o.State, e); err != nil {
			return err
		}
		if bug.Seeded(bug.WrongVersion) {
			if p, v, err = all.profiles.Current(ctx, tx, o.AccountID, p.PublicID); err != nil {
				return err
			}
		}
		d := newDomain(tx, o.AccountID, o.Name, registryName, rule)
		d.State, d.SyncState, d.ProfileID, d.VersionID = Registering, SyncQueued, p.ID, v.ID
		d.HolderFold, d.NumberHash = v.HolderFold, v.NumberHash
		if all.qualifies(rule) {
			q, err := all.config.Qualifications.SubmitPaid(ctx, tx, a, o.AccountID, o.Name)
			if err != nil {
				return err
			}
			if err := d.qualify(q); err != nil {
				return err
			}
		}
		if err := insert(ctx, tx, &d); err != nil {
			return err
		}
		if err := announce(ctx, tx, d); err != nil {
			return err
		}
		o.DomainID, o.PaidAt = d.ID, store.At(tx.Now())
		if err := all.forecast(ctx, tx, &o, registryName, rule, v); err != nil {
			return err
		}
		if err := saveOrder(ctx, tx, &o); err != nil {
			return err
		}
		if o, err = all.begin(ctx, tx, a, &d, o, p, v, first); err != nil {
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
// first, else to the registry. It returns the order as it is then.
func (all *All) begin(ctx context.Context, tx *store.Tx, a actor.Actor, d *Domain, o Order, p profile.Profile, v profile.Version, naming bool) (Order, error) {
	t := &touched{Domain: *d, changed: true}
	if naming {
		var err error
		if t.NamingState, err = Verdicts.Next(t.NamingState, Submit); err != nil {
			return o, err
		}
	}
	var err error
	switch {
	case all.driver(*d).Codes:
		if Verdicts.Allows(t.HolderState, Submit) {
			t.HolderState, _ = Verdicts.Next(t.HolderState, Submit)
		}
		if err = all.askCodes(ctx, tx, t, v, naming); err == nil && !naming {
			err = all.toRegistry(ctx, tx, &t.Domain, o, p, v)
		}
	case naming:
		err = all.reviewName(ctx, tx, a, &t.Domain)
	default:
		err = all.toRegistry(ctx, tx, &t.Domain, o, p, v)
	}
	if err != nil {
		return o, err
	}
	*d = t.Domain
	if err := save(ctx, tx, d); err != nil {
		return o, err
	}
	err = tx.NewSelect().Model(&o).WherePK().Scan(ctx)
	return o, err
}

// toRegistry orders contact, documents and name at the registry.
func (all *All) toRegistry(ctx context.Context, tx *store.Tx, d *Domain, o Order, p profile.Profile, v profile.Version) error {
	driver := all.driver(*d)
	if driver.Contacts {
		contact, err := all.registries.Contact(ctx, tx, d.Registry, v.PublicID, all.profiles.Identity(p, v))
		if err != nil {
			return err
		}
		d.Registrant = contact
	}
	n := registry.Registration{Name: d.Name, Years: o.Years, Registrant: d.Registrant, HolderType: string(p.HolderType), NameServers: o.NameServers, NewHosts: o.NewHosts, AuthInfo: registry.NewAuthInfo(), Subject: d.PublicID}
	if driver.Codes {
		var err error
		if n.Codes, err = all.issuedCodes(ctx, tx, *d, v.PublicID); err != nil {
			return err
		}
	}
	return all.registries.CreateDomain(ctx, tx, d.Registry, n)
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
		if err := all.dropPapers(ctx, tx, o.AccountID, o.Name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "order.cancel", o.PublicID, nil)
	})
	return o, wrap("cancel order", err)
}

// ExpireOrders ends up to n orders that were not paid in time, and returns how many.
func (all *All) ExpireOrders(ctx context.Context, n int) (int, error) {
	var due []Order
	err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&due).Where("state = 'awaiting_payment'").Where("pay_by <= ?", store.At(tx.Now())).OrderExpr("pay_by").Limit(int64(n))
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		for i := range due {
			if err := expire(ctx, tx, &due[i]); err != nil {
				return err
			}
			if err := all.dropPapers(ctx, tx, due[i].AccountID, due[i].Name); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), wrap("expire orders", err)
}

func expire(ctx context.Context, tx *store.Tx, o *Order) (err error) {
	if o.State, err = Orders.Next(o.State, ExpireOrder); err != nil {
		return err
	}
	if err := saveOrder(ctx, tx, o); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, o.AccountID, "order.expired", o.PublicID, map[string]string{"Domain": Display(o.Name)}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Verinym, "order.expire", o.PublicID, nil)
}

func saveOrder(ctx context.Context, tx *store.Tx, o *Order) error {
	o.RowVersion++
	return store.One(tx.NewUpdate().Model(o).WherePK().Where("row_version = ?", o.RowVersion-1).Exec(ctx))
}
