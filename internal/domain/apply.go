package domain

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

var _ registry.Sink = (*All)(nil)

// Applied takes what a registry said about domains and contacts, in batches, in
// the unit of work that marks it as read.
func (all *All) Applied(ctx context.Context, tx *store.Tx, results []registry.Result) error {
	domains, err := load(ctx, tx, results)
	if err != nil {
		return wrap("applied", err)
	}
	if err := all.lockTasks(ctx, tx, domains); err != nil {
		return wrap("applied", err)
	}
	for _, r := range results {
		if isTransferIn(r) {
			if err := all.transferIn(ctx, tx, r); err != nil {
				return wrap("applied", err)
			}
			continue
		}
		if d := domains[r.Domain]; d != nil && !d.removed { // else not ours, or no longer: the registry account is older than we are
			if err := all.aboutDomain(ctx, tx, d, r); err != nil {
				return wrap("applied", err)
			}
		}
	}
	// In one order always, so that two units of work never wait for each other.
	for _, name := range slices.Sorted(maps.Keys(domains)) {
		if err := domains[name].write(ctx, tx); err != nil {
			return wrap("applied", err)
		}
	}
	// What was said about a contact changes the rows of its domains, which must be
	// written by then.
	for _, r := range results {
		if r.Domain == "" {
			if err := all.aboutHolder(ctx, tx, r); err != nil {
				return wrap("applied", err)
			}
		}
	}
	return nil
}

// lockTasks takes the tasks that wait for these domains, before anything else is
// written. Every unit of work counts at a task what it ends; two that came to the
// task by way of different items would wait for each other, and one would lose all
// that it has done. SQLite has one writer.
func (all *All) lockTasks(ctx context.Context, tx *store.Tx, domains map[string]*touched) error {
	if all.store.Engine() != "postgres" || len(domains) == 0 {
		return nil
	}
	var ids []int64
	for _, d := range domains {
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	_, err := tx.NewRaw(`SELECT 1 FROM association_task WHERE id IN (SELECT task_id FROM association_item
		WHERE domain_id IN (?) AND state IN ('queued', 'at_registry')) ORDER BY id FOR UPDATE`, bun.List(ids)).Exec(ctx)
	return err
}

// touched is a domain that results may change, or remove; it is written once, at the
// end.
type touched struct {
	Domain
	changed, removed bool
}

func (d *touched) write(ctx context.Context, tx *store.Tx) error {
	switch {
	case d.removed:
		return store.One(tx.NewDelete().Model(&d.Domain).WherePK().Where("row_version = ?", d.RowVersion).Exec(ctx))
	case d.changed:
		return save(ctx, tx, &d.Domain)
	}
	return nil
}

func load(ctx context.Context, tx *store.Tx, results []registry.Result) (map[string]*touched, error) {
	var names []string
	for _, r := range results {
		if r.Domain != "" {
			names = append(names, r.Domain)
		}
	}
	out := map[string]*touched{}
	if len(names) == 0 {
		return out, nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var rows []Domain
	err := tx.NewSelect().Model(&rows).Where("name IN (?)", bun.List(names)).Where("state NOT IN ('deleted', 'failed', 'transferred')").Scan(ctx)
	for _, d := range rows {
		out[d.Name] = &touched{Domain: d}
	}
	return out, err
}

// aboutDomain applies one result to one domain.
func (all *All) aboutDomain(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	d.changed = true
	if r.Deleted {
		return all.deleted(ctx, tx, d, r)
	}
	if r.Transfer != nil {
		return all.transferSeen(ctx, tx, d, r)
	}
	if r.Outcome == registry.OutcomeNotice {
		if of, err := all.ofThisHolder(ctx, tx, d, r); err != nil || !of {
			return err
		}
	}
	// What an <info> says is taken before what it means: a verdict is judged
	// against the registrant that the registry has.
	before := d.Domain
	if r.Info != nil {
		all.known(d, r)
	}
	if err := all.changed(ctx, tx, before, d, r); err != nil {
		return err
	}
	if err := all.drift(ctx, tx, before, d, r); err != nil {
		return err
	}
	switch r.Kind {
	case registry.DomainCreate:
		if err := all.created(ctx, tx, d, r); err != nil {
			return err
		}
	case registry.DomainRegistrant:
		if err := all.registrantChanged(ctx, tx, d, r); err != nil {
			return err
		}
	case registry.DomainHold, registry.DomainRelease:
		return all.holdAnswered(ctx, tx, d, r)
	case registry.DomainCodes:
		if err := all.codesSet(ctx, tx, d, r); err != nil {
			return err
		}
	case registry.NameCode:
		return all.nameCoded(ctx, tx, d, r)
	case registry.DomainInfo:
		if err := all.found(ctx, tx, d, r); err != nil {
			return err
		}
		if r.Info != nil && !d.removed {
			if err := all.compareHolds(ctx, tx, d); err != nil {
				return err
			}
		}
	}
	if d.removed {
		return nil
	}
	if v := r.Verdict; v != nil {
		return all.verdict(ctx, tx, d, v.Which, v.Passed, all.said(v.Reason, r.Message))
	}
	if s := r.Standing; s != nil {
		for _, which := range s.Set {
			counts, err := all.counts(ctx, tx, d.Domain, which, s)
			if err != nil {
				return err
			}
			if !counts {
				continue
			}
			if err := all.verdict(ctx, tx, d, which, true, why{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofThisHolder reports whether a message is about the domain with the holder that
// we know. A message with the holder that we are waiting for says that the change
// is done. One with any other is older than what we know, or news that the
// registry did not announce: the registry is asked how the domain is now.
func (all *All) ofThisHolder(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) (bool, error) {
	if r.Info == nil || r.Info.Registrant == "" || d.Registrant == "" || r.Info.Registrant == d.Registrant {
		return true, nil
	}
	if d.NextVersionID != 0 {
		_, v, err := all.profiles.ByVersion(ctx, tx, d.NextVersionID)
		if err != nil {
			return false, err
		}
		c, ok, err := registry.KnownContact(ctx, tx, d.Registry, r.Info.Registrant)
		if err != nil {
			return false, err
		}
		if ok && c.HolderRef == v.PublicID {
			return true, all.holderBecomes(ctx, tx, d, r.Info.Registrant)
		}
	}
	return false, all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Bulk)
}

// known keeps what the registry has of a domain.
func (all *All) known(d *touched, r registry.Result) {
	if r.Kind == registry.DomainInfo && d.Registrant != "" && r.Info.Registrant != "" && r.Info.Registrant != d.Registrant {
		// Somebody else than we has changed the holder: who it is has to be looked
		// up, and the verdicts that were in are not about them.
		d.HolderFold, d.NumberHash = "", nil
		resetVerdicts(d)
	}
	d.Statuses = statusValues(r.Info)
	d.ExpiresAt, d.InfoAt = store.At(r.Info.ExDate), store.At(r.At)
	if !r.Info.CrDate.IsZero() {
		d.RegisteredAt = store.At(r.Info.CrDate)
	}
	if r.Info.Registrant != "" {
		d.Registrant = r.Info.Registrant
	}
	if r.Standing != nil {
		d.DueAt, d.Compliance = store.At(r.Standing.Due), r.Standing.Status
	}
}

func statusValues(i *eppdomain.InfoData) []string {
	out := make([]string, 0, len(i.Statuses))
	for _, s := range i.Statuses {
		out = append(out, s.Value)
	}
	slices.Sort(out)
	return out
}

// created ends an order: the name is registered, or it is not.
func (all *All) created(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	if r.Outcome == registry.OutcomePending {
		return nil
	}
	var o Order
	if err := tx.NewSelect().Model(&o).Where("domain_id = ?", d.ID).Scan(ctx); err != nil {
		return err
	}
	e, oe := Create, Registers
	if r.Outcome == registry.OutcomeRefused {
		e, oe = Refuse, RefuseOrder
	}
	var err error
	if d.State, err = Domains.Next(d.State, e); err != nil {
		return err
	}
	if o.State, err = Orders.Next(o.State, oe); err != nil {
		return err
	}
	if e == Refuse {
		d.SyncState, o.Failure = SyncFailed, r.Words()
		if err := saveOrder(ctx, tx, &o); err != nil {
			return err
		}
		return event.Append(ctx, tx, d.AccountID, "order.failed", o.PublicID, map[string]string{"Domain": Display(d.Name), "Words": r.Words()})
	}
	d.SyncState = SyncDone
	if err := saveOrder(ctx, tx, &o); err != nil {
		return err
	}
	if err := all.submitted(ctx, tx, d); err != nil {
		return err
	}
	for _, c := range r.Payload.Codes {
		if err := all.verdict(ctx, tx, d, c.Which(), true, why{}); err != nil {
			return err
		}
	}
	if err := event.Append(ctx, tx, d.AccountID, "domain.registered", d.PublicID, map[string]string{"Domain": Display(d.Name)}); err != nil {
		return err
	}
	_, v, err := all.profiles.ByVersion(ctx, tx, d.VersionID)
	if err != nil {
		return err
	}
	if err := all.awaitAnswer(ctx, tx, actor.Verinym, d.Domain, v, AtRegistration, ""); err != nil {
		return err
	}
	if err := all.remindIn(ctx, tx, d.Domain); err != nil {
		return err
	}
	return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Interactive)
}

// submitted starts the verdicts of a domain that has reached its registry: where
// the registry decides they are in review; where an authority has decided about
// the holder already, that verdict counts.
func (all *All) submitted(ctx context.Context, tx *store.Tx, d *touched) error {
	switch driver := all.driver(d.Domain); {
	case driver.Codes:
		return nil // the provider has been asked
	case driver.Contacts:
		for _, v := range []*Verdict{&d.NamingState, &d.HolderState} {
			if Verdicts.Allows(*v, Submit) {
				*v, _ = Verdicts.Next(*v, Submit)
			}
		}
		return nil
	}
	return all.verdict(ctx, tx, d, registry.RealName, true, why{})
}

// verdict moves one of a domain's verdicts and tells the items that wait for it; cause
// says why it failed, if it did.
func (all *All) verdict(ctx context.Context, tx *store.Tx, d *touched, which registry.Which, passed bool, cause why) error {
	state, reason, words := &d.HolderState, &d.HolderReason, &d.HolderWords
	if which == registry.Naming {
		state, reason, words = &d.NamingState, &d.NamingReason, &d.NamingWords
	}
	if passed {
		cause = why{}
	}
	e := Pass
	if !passed {
		e = Fail
	}
	before := *state
	if !Verdicts.Allows(before, e) {
		return nil // not asked for under this policy
	}
	next, err := Verdicts.Next(before, e)
	if err != nil {
		return err
	}
	*state, *reason, *words = next, cause.code, cause.words
	task, err := taskOf(ctx, tx, d.Domain)
	if err != nil {
		return err
	}
	if which == registry.RealName {
		if err := all.endItems(ctx, tx, d.Domain, passed, cause); err != nil {
			return err
		}
	}
	if next == before {
		return nil
	}
	typ := event.Type("domain." + string(which) + "_verified")
	if !passed {
		typ = event.Type("domain." + string(which) + "_failed")
	}
	return event.Append(ctx, tx, d.AccountID, typ, d.PublicID, map[string]string{"Domain": Display(d.Name), "Reason": cause.code, "Words": cause.words, "Task": task})
}

// taskOf is the public id of a task that waits for a domain, "" where none does.
func taskOf(ctx context.Context, tx *store.Tx, d Domain) (id string, err error) {
	err = tx.NewRaw("SELECT t.public_id FROM association_item i JOIN association_task t ON t.id = i.task_id WHERE i.domain_id = ? AND i.state IN ('queued', 'at_registry') ORDER BY t.id DESC LIMIT 1", d.ID).Scan(ctx, &id)
	if store.IsNotFound(err) {
		return "", nil
	}
	return id, err
}

// found takes an <info>: an imported domain becomes ours, and its registrant is
// looked up once.
func (all *All) found(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	switch {
	case d.State == Importing:
		if ours, err := all.endImport(ctx, tx, d, r); err != nil || !ours {
			return err
		}
	case r.Foreign || r.Outcome == registry.OutcomeRefused && r.Code == epp.CodeAuthorization:
		return all.left(ctx, tx, d, "")
	case r.Outcome == registry.OutcomeRefused && r.Code == epp.CodeNotExists && d.State == Registered:
		return all.deleted(ctx, tx, d, r)
	case r.Outcome == registry.OutcomeRefused:
		return nil
	}
	if d.HolderFold != "" || d.Registrant == "" {
		return nil
	}
	c, ok, err := registry.KnownContact(ctx, tx, d.Registry, d.Registrant)
	if err != nil {
		return err
	}
	if ok && c.HolderFold != "" {
		d.HolderFold, d.NumberHash = c.HolderFold, c.NumberHash
		return nil
	}
	return all.registries.LookUpContact(ctx, tx, d.Registry, d.Registrant, d.Registrant)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// endItems ends the association items that wait for a domain's verdict; cause says why
// they failed, if they did.
func (all *All) endItems(ctx context.Context, tx *store.Tx, d Domain, passed bool, cause why) error {
	var because *fault.Error
	if !passed {
		because = all.because(d, cause)
	}
	var open []item
	if err := tx.NewSelect().Model(&open).Where("domain_id = ?", d.ID).Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).Scan(ctx); err != nil {
		return err
	}
	for i := range open {
		e := ItemSucceed
		if !passed {
			e = ItemFail
		}
		if err := all.moveItem(ctx, tx, &open[i], e, because); err != nil {
			return err
		}
	}
	return nil
}

// due is when a domain's verdict must be in: the registry's own date where it
// gave one, else what policy says.
func (all *All) due(d Domain) (time.Time, bool) {
	if !d.DueAt.IsZero() {
		return d.DueAt.Time, true
	}
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || d.RegisteredAt.IsZero() || d.Verification() == Verified || d.Verification() == NotRequired {
		return time.Time{}, false
	}
	return rule.Hold.Create.Until(d.RegisteredAt.Time)
}
