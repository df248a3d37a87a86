package domain

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Operation is what a task does to its domains.
type Operation string

// The two operations, never mixed.
const (
	SubmitVerification Operation = "submit_verification"
	ChangeHolder       Operation = "change_holder"
)

// MaxDomains is how many domains one task may have.
const MaxDomains = 500_000

// Task associates one profile with any number of domains.
type Task struct {
	bun.BaseModel `bun:"table:association_task"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	Operation Operation
	ProfileID int64
	VersionID int64
	State     TaskState
	Names     []string
	Total     int
	// Expanded is how many of the names have become items.
	Expanded   int
	Succeeded  int
	Failed     int
	CreatedAt  store.Time
	EndedAt    store.Time
	RowVersion int64
}

type item struct {
	bun.BaseModel `bun:"table:association_item"`

	TaskID   int64 `bun:",pk"`
	Position int   `bun:",pk"`
	Name     string
	DomainID int64
	State    ItemState
	Reason   string
	Params   fault.Params
}

// Item is one domain of a task. Reason is a canonical code, Params what its text takes.
type Item struct {
	Domain string
	State  ItemState
	Reason string
	Params fault.Params
	// Position is its place in the task.
	Position int
}

// Expand is the job that turns the names of a task into items and commands.
type Expand struct {
	TaskID int64 `json:"task_id"`
}

// Kind names the job.
func (Expand) Kind() string { return "domain_expand_task" }

// Associate starts a task. Faults: those of the request, profile_not_found,
// profile_not_submitted, profile_still_in_review, profile_review_failed,
// consent_required. What a single domain is refused for stands at its item.
func (all *All) Associate(ctx context.Context, a actor.Actor, r Request) (t Task, err error) {
	p, v, names, err := all.check(ctx, a, r)
	if err != nil {
		return t, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		t = Task{PublicID: store.NewID("tsk"), AccountID: a.Account, Operation: r.Operation, ProfileID: p.ID, VersionID: v.ID, State: TaskRunning,
			Names: names, Total: len(names), CreatedAt: store.At(tx.Now()), RowVersion: 1}
		if _, err := tx.NewInsert().Model(&t).Exec(ctx); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, Expand{TaskID: t.ID}, store.JobOptions{}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "association."+string(r.Operation), t.PublicID, map[string]string{"profile": p.PublicID})
	})
	return t, wrap("associate", err)
}

// expandChunk is how many domains one unit of work takes on, so that a
// foreground write never waits long.
const expandChunk = 100

// Expand does the job Expand: chunk after chunk until no name is left. It starts
// where an earlier, interrupted run stopped.
func (all *All) Expand(ctx context.Context, job Expand) error {
	var t Task // its names never change, and may be many
	if err := all.store.R.NewSelect().Model(&t).Column("id", "names").Where("id = ?", job.TaskID).Scan(ctx); err != nil {
		return wrap("expand", err)
	}
	for {
		more, err := all.expandOnce(ctx, t.ID, t.Names)
		if err != nil || !more {
			return wrap("expand", err)
		}
	}
}

func (all *All) expandOnce(ctx context.Context, taskID int64, names []string) (more bool, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var t Task
		if err := tx.NewSelect().Model(&t).ExcludeColumn("names").Where("id = ?", taskID).Scan(ctx); err != nil {
			return err
		}
		if t.Expanded == t.Total || t.State != TaskRunning {
			return nil
		}
		p, v, err := all.profiles.ByID(ctx, tx, t.ProfileID, t.VersionID)
		if err != nil {
			return err
		}
		chunk := names[t.Expanded:min(t.Expanded+expandChunk, t.Total)]
		found, err := holdingsOf(ctx, tx, t.AccountID, chunk)
		if err != nil {
			return err
		}
		if err := store.One(tx.NewRaw("UPDATE association_task SET expanded = ?, row_version = row_version + 1 WHERE id = ? AND expanded = ?", t.Expanded+len(chunk), t.ID, t.Expanded).Exec(ctx)); err != nil {
			return err
		}
		for i, name := range chunk {
			if err := all.start(ctx, tx, t, p, v, t.Expanded+i, name, found); err != nil {
				return err
			}
		}
		more = t.Expanded+len(chunk) < t.Total
		return all.finishIfDone(ctx, tx, t.ID)
	})
	return more, err
}

// start takes one domain of a task on its way, or writes down why not.
func (all *All) start(ctx context.Context, tx *store.Tx, t Task, p profile.Profile, v profile.Version, position int, name string, found holdings) error {
	refused, err := all.eligible(ctx, tx, t.Operation, name, found, p, v)
	if err != nil {
		return err
	}
	d := found.domains[name]
	it := &item{TaskID: t.ID, Position: position, Name: name, State: ItemQueued, Params: fault.Params{}}
	if d != nil {
		it.DomainID = d.ID
	}
	if _, err := tx.NewInsert().Model(it).Exec(ctx); err != nil {
		return err
	}
	if refused != nil {
		return all.moveItem(ctx, tx, it, ItemFail, refused)
	}
	if t.Operation == ChangeHolder {
		return all.changeHolder(ctx, tx, d, p, v)
	}
	return all.submitVerification(ctx, tx, d, v)
}

// submitVerification sends evidence for the registrant that the registry has;
// the registrant stays.
func (all *All) submitVerification(ctx context.Context, tx *store.Tx, d *Domain, v profile.Version) (err error) {
	if d.HolderState, err = Verdicts.Next(d.HolderState, Submit); err != nil {
		return err
	}
	d.ProfileID, d.VersionID, d.HolderReason, d.HolderWords, d.SyncState = v.ProfileID, v.ID, "", "", SyncQueued
	switch driver := all.driver(*d); {
	case driver.Codes:
		return all.submitForCodes(ctx, tx, d, v)
	case !driver.Contacts:
		return all.submitHere(ctx, tx, d)
	}
	sent, err := all.registries.SendEvidence(ctx, tx, d.Registry, d.Registrant, v.PublicID)
	if err != nil {
		return err
	}
	if !sent {
		// The registry has this holder's documents: it says itself how far it is.
		d.SyncState = SyncDone
		if err := all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Bulk); err != nil {
			return err
		}
	}
	return save(ctx, tx, d)
}

// submitHere submits a holder of whom the registry does not know and takes no codes:
// the authority's verdict about the profile is the only one there is.
func (all *All) submitHere(ctx context.Context, tx *store.Tx, d *Domain) error {
	t := &touched{Domain: *d, changed: true}
	t.SyncState = SyncDone
	if err := all.verdict(ctx, tx, t, registry.RealName, true, why{}); err != nil {
		return err
	}
	*d = t.Domain
	return save(ctx, tx, d)
}

// changeHolder makes the profile's holder the registrant. The old one stays
// until the registry, or the review of the name where that comes first, has said yes.
func (all *All) changeHolder(ctx context.Context, tx *store.Tx, d *Domain, p profile.Profile, v profile.Version) error {
	d.NextVersionID, d.SyncState = v.ID, SyncQueued
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		return err
	}
	driver, t := all.driver(*d), &touched{Domain: *d, changed: true}
	switch {
	case driver.Codes:
		err = all.askCodes(ctx, tx, t, v, all.namedFirst(d.Registry, rule))
	case all.namedFirst(d.Registry, rule):
		err = all.reviewName(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: d.AccountID, Roles: actor.Verinym.Roles}, d)
	case driver.Contacts:
		err = all.newRegistrant(ctx, tx, *d, p, v)
	default:
		err = all.holderBecomes(ctx, tx, t, "")
	}
	if err != nil {
		return err
	}
	*d = t.Domain
	return save(ctx, tx, d)
}

// newRegistrant orders a holder's contact to become a domain's registrant.
func (all *All) newRegistrant(ctx context.Context, tx *store.Tx, d Domain, p profile.Profile, v profile.Version) error {
	contact, err := all.registries.Contact(ctx, tx, d.Registry, v.PublicID, all.profiles.Identity(p, v))
	if err != nil {
		return err
	}
	return all.registries.ChangeRegistrant(ctx, tx, d.Registry, d.Name, contact, d.PublicID, registry.Bulk)
}

// moveItem ends or advances an item and counts it at its task; because says why it
// failed, if it did.
func (all *All) moveItem(ctx context.Context, tx *store.Tx, it *item, e ItemEvent, because *fault.Error) error {
	next, err := Items.Next(it.State, e)
	if err != nil {
		return err
	}
	it.State = next
	if because != nil {
		it.Reason, it.Params = because.Code, because.Params
	}
	// An item that waits may be moved on meanwhile, to the registry: it ends all the same.
	err = store.One(tx.NewUpdate().Model(it).Column("state", "reason", "params").WherePK().Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).Exec(ctx))
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	counter := ""
	switch next {
	case ItemSucceeded:
		counter = "succeeded"
	case ItemFailed:
		counter = "failed"
	default:
		return nil
	}
	if _, err := tx.NewRaw("UPDATE association_task SET ? = ? + 1, row_version = row_version + 1 WHERE id = ?", bun.Ident(counter), bun.Ident(counter), it.TaskID).Exec(ctx); err != nil {
		return err
	}
	return all.finishIfDone(ctx, tx, it.TaskID)
}

// finishIfDone ends a task when every item has ended, with one digest event.
func (all *All) finishIfDone(ctx context.Context, tx *store.Tx, taskID int64) error {
	err := store.One(tx.NewRaw("UPDATE association_task SET state = ?, ended_at = ?, row_version = row_version + 1 WHERE id = ? AND state = ? AND expanded = total AND succeeded + failed = total",
		TaskFinished, store.At(tx.Now()), taskID, TaskRunning).Exec(ctx))
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	var t Task
	if err := tx.NewSelect().Model(&t).ExcludeColumn("names").Where("id = ?", taskID).Scan(ctx); err != nil {
		return err
	}
	return event.Append(ctx, tx, t.AccountID, "association.finished", t.PublicID, nil)
}

// FindTask returns a task of the actor's account with a page of its items after
// position. Fault: task_not_found.
func (all *All) FindTask(ctx context.Context, a actor.Actor, publicID string, after, limit int) (t Task, items []Item, err error) {
	if t, err = all.ownTask(ctx, a, publicID); err != nil {
		return t, nil, err
	}
	items, err = all.Items(ctx, t, ItemFilter{}, after, limit)
	return t, items, err
}

func (all *All) ownTask(ctx context.Context, a actor.Actor, publicID string) (t Task, err error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return t, err
	}
	err = all.store.R.NewSelect().Model(&t).ExcludeColumn("names").Where("account_id = ?", a.Account).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return t, fault.New(fault.NotFound, "task_not_found")
	}
	return t, wrap("task", err)
}

// ItemFilter says which items of a task are wanted; the zero value wants all.
type ItemFilter struct {
	State ItemState
	// Reason is the code that a failed one has.
	Reason string
}

func (f ItemFilter) apply(q *bun.SelectQuery) *bun.SelectQuery {
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Reason != "" {
		q = q.Where("reason = ?", f.Reason)
	}
	return q
}

// Items returns a page of a task's items, from a position on.
func (all *All) Items(ctx context.Context, t Task, f ItemFilter, from, limit int) (out []Item, err error) {
	var rows []item
	q := all.store.R.NewSelect().Model(&rows).Where("task_id = ?", t.ID).Where("position >= ?", from).OrderExpr("position").Limit(int64(limit))
	if err := f.apply(q).Scan(ctx); err != nil {
		return nil, wrap("items", err)
	}
	for _, r := range rows {
		out = append(out, Item{Domain: Display(r.Name), State: r.State, Reason: r.Reason, Params: r.Params, Position: r.Position})
	}
	return out, nil
}

// Group is what became of a number of a task's items: those that failed by their
// reason, any others together. Params are those of one of them.
type Group struct {
	State  ItemState
	Reason string
	Items  int
	Params fault.Params
}

// Progress returns a task of the actor's account with what became of its items; those
// that nobody has looked at yet are in none of the groups. Fault: task_not_found.
func (all *All) Progress(ctx context.Context, a actor.Actor, publicID string) (t Task, out []Group, err error) {
	if t, err = all.ownTask(ctx, a, publicID); err != nil {
		return t, nil, err
	}
	err = all.store.R.NewRaw("SELECT state, reason, count(*) AS items, max(params) AS params FROM association_item WHERE task_id = ? GROUP BY state, reason ORDER BY count(*) DESC, reason", t.ID).Scan(ctx, &out)
	return t, out, wrap("progress", err)
}

// Tasks lists the actor's association tasks, the newest first, behind the one with the
// id before, and the id to go on with, "" on the last page.
func (all *All) Tasks(ctx context.Context, a actor.Actor, before string, limit int) ([]Task, string, error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return nil, "", err
	}
	out, next, err := newest(ctx, all.store.R, a, before, limit, func(t Task) string { return t.PublicID }, "names")
	return out, next, wrap("tasks", err)
}

// FailedNames are the domains that failed in a task of the actor's account, for one
// reason or, with "", for any. Fault: task_not_found.
func (all *All) FailedNames(ctx context.Context, a actor.Actor, publicID, reason string) (names []string, err error) {
	t, err := all.ownTask(ctx, a, publicID)
	if err != nil {
		return nil, err
	}
	q := all.store.R.NewSelect().Model((*item)(nil)).Column("name").Where("task_id = ?", t.ID).OrderExpr("position")
	return names, wrap("failed names", (ItemFilter{State: ItemFailed, Reason: reason}).apply(q).Scan(ctx, &names))
}

// Retry starts a new task with the domains that failed in another, which stays as it
// is; reason "" takes all of them. consent is asked for anew. Faults: task_not_found,
// nothing_to_retry, those of Associate.
func (all *All) Retry(ctx context.Context, a actor.Actor, publicID, reason string, consent bool) (t Task, err error) {
	if t, err = all.ownTask(ctx, a, publicID); err != nil {
		return t, err
	}
	names, err := all.FailedNames(ctx, a, publicID, reason)
	if err != nil {
		return t, err
	}
	if len(names) == 0 {
		return t, fault.New(fault.Conflict, "nothing_to_retry")
	}
	p, _, err := all.profiles.ByID(ctx, all.store.R, t.ProfileID, t.VersionID)
	if err != nil {
		return t, wrap("retry", err)
	}
	return all.Associate(ctx, a, Request{Operation: t.Operation, Profile: p.PublicID, Domains: names, Consent: consent})
}
