package domain

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
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
	if err := writeAll(ctx, tx, domains); err != nil {
		return wrap("applied", err)
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

// touched is a domain that results may change, or remove; it is written once, at the
// end.
type touched struct {
	Domain
	// was is the domain as it was read, where it is written with others.
	was              Domain
	changed, removed bool
	// task is the public id of a task that waits for the domain, nil before anybody asked.
	task *string
	// holds are the open causes of clientHold, where results bring an <info>.
	holds []Hold
	// batch is what the domain has just come in with: its news is told with that of the others.
	batch string
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

// writeAll writes what has changed, in one order always, so that two units of work never
// wait for each other.
func writeAll(ctx context.Context, tx *store.Tx, domains map[string]*touched) error {
	var changed []edit
	for _, name := range slices.Sorted(maps.Keys(domains)) {
		switch d := domains[name]; {
		case d.removed:
			if err := d.write(ctx, tx); err != nil {
				return err
			}
		case d.changed:
			changed = append(changed, edit{d.was, &d.Domain})
		}
	}
	return saveAll(ctx, tx, changed)
}

func load(ctx context.Context, tx *store.Tx, results []registry.Result) (map[string]*touched, error) {
	var names []string
	informed := map[string]bool{}
	for _, r := range results {
		if r.Domain != "" {
			names = append(names, r.Domain)
			informed[r.Domain] = informed[r.Domain] || r.Kind == registry.DomainInfo
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
	if err != nil || len(rows) == 0 {
		return out, err
	}
	ids := make([]int64, len(rows))
	var compared []int64
	for i, d := range rows {
		ids[i] = d.ID
		if informed[d.Name] {
			compared = append(compared, d.ID)
		}
	}
	tasks, err := tasksOf(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	holds, err := holdsOf(ctx, tx, true, compared...)
	for _, d := range rows {
		task := tasks[d.ID]
		out[d.Name] = &touched{Domain: d, was: d, task: &task, holds: holds[d.ID]}
	}
	return out, err
}

// aboutDomain applies one result to one domain.
func (all *All) aboutDomain(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	d.changed = true
	if r.Outcome == registry.OutcomeDoubt {
		d.DoubtedAt = store.At(r.At)
		return nil
	}
	if r.Info != nil || r.Kind.ChangesDomain() {
		d.DoubtedAt = store.Time{}
	}
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
	if over, err := all.carriedOut(ctx, tx, d, r); err != nil || over || d.removed {
		return err
	}
	if v := r.Verdict; v != nil {
		if r.Info != nil {
			all.registries.Refreshed(tx, d.Registry, d.Name)
		}
		return all.verdict(ctx, tx, d, v.Which, v.Passed, all.said(v.Reason, r.Message))
	}
	return all.standing(ctx, tx, d, r.Standing)
}

// carriedOut applies what the command of a result was for. It is over where such a command is
// answered with nothing about verdicts.
func (all *All) carriedOut(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) (over bool, err error) {
	switch r.Kind {
	case registry.DomainCreate:
		return false, all.created(ctx, tx, d, r)
	case registry.DomainRegistrant:
		return false, all.registrantChanged(ctx, tx, d, r)
	case registry.DomainCodes:
		return false, all.codesSet(ctx, tx, d, r)
	case registry.DomainInfo:
		if err := all.found(ctx, tx, d, r); err != nil || r.Info == nil || d.removed {
			return false, err
		}
		return false, all.compareHolds(ctx, tx, d)
	case registry.DomainHold, registry.DomainRelease:
		return true, all.holdAnswered(ctx, tx, d, r)
	case registry.DomainTransferReject:
		return true, all.rejectionAnswered(ctx, tx, d, r)
	case registry.NameCode:
		return true, all.nameCoded(ctx, tx, d, r)
	}
	return false, nil
}

// standing takes the codes that a registry has as verdicts, where they count.
func (all *All) standing(ctx context.Context, tx *store.Tx, d *touched, s *registry.Standing) error {
	if s == nil {
		return nil
	}
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
		_, v, err := all.byVersion(ctx, tx, d.NextVersionID)
		if err != nil {
			return false, err
		}
		c, ok, err := registry.KnownContact(ctx, tx, d.Registry, r.Info.Registrant)
		if err != nil {
			return false, err
		}
		if ok && c.Of(v.PublicID) {
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
	all.keepWords(d, r)
	d.Statuses = statusValues(r.Info)
	d.Grace, d.NameServers = append([]string{}, r.Grace...), nameServers(r.Info)
	d.ExpiresAt, d.InfoAt = store.At(r.Info.ExDate), store.At(r.At)
	if !r.Info.CrDate.IsZero() {
		d.RegisteredAt = store.At(r.Info.CrDate)
	}
	if !r.Info.TrDate.IsZero() {
		d.TransferredAt = store.At(r.Info.TrDate)
	}
	if r.Info.Registrant != "" {
		d.Registrant = r.Info.Registrant
	}
	if r.Standing != nil {
		d.DueAt, d.Compliance = store.At(r.Standing.Due), r.Standing.Status
	}
}

// nameServers lists the name servers of a domain, in order.
func nameServers(i *eppdomain.InfoData) []string {
	out := append([]string{}, i.NS.Objects...)
	for _, h := range i.NS.Attributes {
		out = append(out, h.Name)
	}
	for j, n := range out {
		out[j] = strings.ToLower(strings.TrimSuffix(n, "."))
	}
	slices.Sort(out)
	return slices.Compact(out)
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
		data := map[string]string{"Domain": Display(d.Name), "Words": r.Words()}
		if o.RefusedServer = refusedServer(o, r); o.RefusedServer != "" {
			o.Failure = "name_server_refused"
			data["Reason"], data["Server"] = o.Failure, Display(o.RefusedServer)
		}
		if err := saveOrder(ctx, tx, &o); err != nil {
			return err
		}
		if err := all.dropPapers(ctx, tx, d.AccountID, d.Name); err != nil {
			return err
		}
		return event.Append(ctx, tx, d.AccountID, "order.failed", o.PublicID, data)
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
	if err := all.catchUp(ctx, tx, d.Domain); err != nil {
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
		if !bug.Seeded(bug.DeskForRegistry) {
			return nil
		}
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
	task, err := d.taskOf(ctx, tx)
	if err != nil {
		return err
	}
	if which == registry.RealName {
		all.end(tx, d.Domain, ofVerdict, passed, cause)
	}
	if next == before {
		return nil
	}
	typ := event.Type("domain." + string(which) + "_verified")
	if !passed {
		typ = event.Type("domain." + string(which) + "_failed")
	}
	data := map[string]string{"Domain": Display(d.Name), "Reason": cause.code, "Words": cause.words, "Task": task, "Import": d.batch}
	if which == registry.Naming && !passed {
		data["Outcome"] = all.outcome(d.Domain)
	}
	return event.Append(ctx, tx, d.AccountID, typ, d.PublicID, data)
}

// taskOf is the public id of a task that waits for the domain, "" where none does.
func (d *touched) taskOf(ctx context.Context, tx *store.Tx) (string, error) {
	if d.task == nil {
		if err := tx.Flush(ctx, newItems{}); err != nil {
			return "", err
		}
		found, err := tasksOf(ctx, tx, d.ID)
		if err != nil {
			return "", err
		}
		id := found[d.ID]
		d.task = &id
	}
	return *d.task, nil
}

// tasksOf are the public ids of the tasks that wait for domains, by their row ids.
func tasksOf(ctx context.Context, tx *store.Tx, domains ...int64) (map[int64]string, error) {
	var rows []struct {
		DomainID int64
		PublicID string
	}
	err := tx.NewRaw("SELECT i.domain_id, t.public_id FROM association_item i JOIN association_task t ON t.id = i.task_id WHERE i.domain_id IN (?) AND i.state IN ('queued', 'at_registry') ORDER BY t.id",
		bun.List(domains)).Scan(ctx, &rows)
	out := make(map[int64]string, len(rows))
	for _, r := range rows {
		out[r.DomainID] = r.PublicID
	}
	return out, err
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
