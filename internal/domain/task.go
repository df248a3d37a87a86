package domain

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Operation is what a task does to its domains.
type Operation string

// The operations, never mixed. UpdateDetails begins by itself where a profile says something
// else of the same holder.
const (
	SubmitVerification Operation = "submit_verification"
	ChangeHolder       Operation = "change_holder"
	UpdateDetails      Operation = "update_details"
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
	// TransferLock is what a change of holder asks for.
	TransferLock LockWish
	Total        int
	// Expanded is how many of the names have become items.
	Expanded  int
	Succeeded int
	Failed    int
	Cancelled int
	// Walked is how far a cancelled task has taken back what was not sent.
	Walked int
	// Origin names what a task was made for that nobody asked for.
	Origin     string
	CreatedAt  store.Time
	EndedAt    store.Time
	RowVersion int64
}

// Associate starts a task, or has it wait until the profile is verified, where the
// request says so. Faults: those of the request, profile_not_found,
// profile_not_submitted, profile_still_in_review, profile_review_failed,
// consent_required. What a single domain is refused for stands at its item.
func (all *All) Associate(ctx context.Context, a actor.Actor, r Request) (t Task, err error) {
	p, v, names, err := all.check(ctx, a, r)
	if err != nil {
		return t, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := all.profiles.Use(ctx, tx, v); err != nil {
			return err
		}
		t = newTask(tx, p, v, r.Operation, len(names))
		t.TransferLock = r.TransferLock
		if v.State == profile.InReview && all.profiles.NeedsVerification(p) {
			t.State = TaskWaiting
		}
		if _, err := tx.NewInsert().Model(&t).Exec(ctx); err != nil {
			return err
		}
		if err := keepNames(ctx, tx, t.ID, names); err != nil {
			return err
		}
		tx.OnCommit(all.wake)
		return audit.Record(ctx, tx, a, "association."+string(r.Operation), t.PublicID, map[string]string{"profile": p.PublicID})
	})
	return t, wrap("associate", err)
}

// expandChunk is how many domains one unit of work takes on, so that a
// foreground write never waits long.
const expandChunk = 100

// ahead is how many names of a task may be under way: an interruption finds no more, and
// who comes after need not wait for all of a large task.
const ahead = 1000

// WorkTasks takes further names of the tasks that are under way, a chunk of each, and
// takes back what is not sent of those that are cancelled. It returns how many names it
// has dealt with. One process does it at a time.
func (all *All) WorkTasks(ctx context.Context) (int, error) {
	var open []Task
	err := all.store.R.NewSelect().Model(&open).Column("id", "state").
		Where("state = ? AND expanded < total AND expanded - succeeded - failed < ? OR state = ? AND walked < total", TaskRunning, ahead, TaskCancelling).OrderExpr("id").Scan(ctx)
	if err != nil || len(open) == 0 {
		return 0, wrap("tasks", err)
	}
	if _, ok, err := all.store.Acquire(ctx, "association-tasks", all.config.Owner, 10*time.Second); err != nil || !ok {
		return 0, err
	}
	done := 0
	for _, t := range open {
		work := all.expandOnce
		if t.State == TaskCancelling {
			work = all.takeBackOnce
		}
		n, err := work(ctx, t.ID)
		if err != nil && !errors.Is(err, store.ErrStale) {
			return done, wrap("task", err)
		}
		done += n
	}
	return done, nil
}

// expandOnce takes the next names of a task on their way.
func (all *All) expandOnce(ctx context.Context, taskID int64) (n int, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err := readTask(ctx, tx, taskID)
		if err != nil || t.Expanded == t.Total || t.State != TaskRunning {
			return err
		}
		p, v, err := all.profiles.ByID(ctx, tx, t.ProfileID, t.VersionID)
		if err != nil {
			return err
		}
		chunk, err := nextNames(ctx, tx, t)
		if err != nil {
			return err
		}
		found, err := all.holdingsFor(ctx, tx, t.Operation, p, chunk)
		if err != nil {
			return err
		}
		counted := tally{expanded: len(chunk), from: t.Expanded}
		for i, name := range chunk {
			failed, err := all.start(ctx, tx, t, p, v, t.Expanded+i, name, found)
			if err != nil {
				return err
			}
			counted.failed += failed
		}
		n = len(chunk)
		all.count(tx, t.ID, counted)
		return nil
	})
	return n, err
}

func readTask(ctx context.Context, tx *store.Tx, id int64) (t Task, err error) {
	return t, tx.NewSelect().Model(&t).Where("id = ?", id).Scan(ctx)
}

func newTask(tx *store.Tx, p profile.Profile, v profile.Version, op Operation, total int) Task {
	return Task{PublicID: store.NewID("tsk"), AccountID: p.AccountID, Operation: op, ProfileID: p.ID, VersionID: v.ID, State: TaskRunning,
		Total: total, CreatedAt: store.At(tx.Now()), RowVersion: 1}
}

// start takes one domain of a task on its way, or writes down why not: failed is 1 then.
func (all *All) start(ctx context.Context, tx *store.Tx, t Task, p profile.Profile, v profile.Version, position int, name string, found holdings) (failed int, err error) {
	it := item{TaskID: t.ID, Position: position, Name: name, State: ItemQueued, Params: fault.Params{}}
	d := found.domains[name]
	if d != nil {
		it.DomainID = d.ID
	}
	if refused := all.eligible(t.Operation, name, found, p, v); refused != nil {
		it.State, it.Reason, it.Params = ItemFailed, refused.Code, refused.Params
		store.Gather(tx, newItems{}, it, insertItems)
		return 1, nil
	}
	store.Gather(tx, newItems{}, it, insertItems)
	was := *d
	switch t.Operation {
	case ChangeHolder:
		err = all.beginChange(ctx, tx, t, d, p, v)
	case UpdateDetails:
		err = all.beginDetails(ctx, tx, t, d, p, v, found)
	default:
		err = all.submitVerification(ctx, tx, d, p, v)
	}
	if err != nil {
		return 0, err
	}
	store.Gather(tx, started{}, edit{was, d}, saveAll)
	return 0, nil
}

// started is where the domains are gathered that a task has taken on their way.
type started struct{}

// submitVerification sends evidence for the registrant that the registry has; the
// registrant stays, unless the same holder's contact has to be replaced for what the
// profile says since. Where the registry has verified this holder before the domain was
// associated, nothing is sent. The domain is the caller's to save.
func (all *All) submitVerification(ctx context.Context, tx *store.Tx, d *Domain, p profile.Profile, v profile.Version) (err error) {
	if d.HolderState == Verified {
		d.ProfileID, d.VersionID = v.ProfileID, v.ID
		all.endItems(tx, *d, true, why{})
		return all.papersOfHolder(ctx, tx, d, p, v, nil)
	}
	driver := all.driver(*d)
	if driver.Contacts && !driver.Codes {
		replaced, err := all.detailsWithDocuments(ctx, tx, *d, p, v)
		if err != nil {
			return err
		}
		if replaced {
			d.NextLock = 0
			return all.changeHolder(ctx, tx, d, p, v)
		}
	}
	if d.HolderState, err = Verdicts.Next(d.HolderState, Submit); err != nil {
		return err
	}
	d.ProfileID, d.VersionID, d.HolderReason, d.HolderWords, d.SyncState = v.ProfileID, v.ID, "", "", SyncQueued
	if err := all.awaitAnswer(ctx, tx, actor.Verinym, *d, v, AtChange, ""); err != nil {
		return err
	}
	if err := all.papersOfHolder(ctx, tx, d, p, v, nil); err != nil {
		return err
	}
	switch {
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
		return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Bulk)
	}
	return nil
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
	return nil
}

// changeHolder makes the profile's holder the registrant. The old one stays
// until the registry, or the review of the name where that comes first, has said yes.
// The domain is the caller's to save.
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
	return nil
}

// newRegistrant orders a holder's contact to become a domain's registrant.
func (all *All) newRegistrant(ctx context.Context, tx *store.Tx, d Domain, p profile.Profile, v profile.Version) error {
	contact, err := all.registries.Contact(ctx, tx, d.Registry, v.PublicID, all.profiles.Identity(p, v))
	if err != nil {
		return err
	}
	return all.registries.ChangeRegistrant(ctx, tx, d.Registry, d.Name, contact, d.PublicID, registry.Bulk)
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
	err = all.store.R.NewSelect().Model(&t).Where("account_id = ?", a.Account).Where("public_id = ?", publicID).Scan(ctx)
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
	return out, wrap("items", all.markSent(ctx, rows, out))
}

// CountSent counts the names of a task that are queued and with a registry that has not
// answered yet.
func (all *All) CountSent(ctx context.Context, t Task) (n int, err error) {
	items, err := all.Items(ctx, t, ItemFilter{State: ItemQueued}, 0, ahead)
	for _, i := range items {
		if i.Sent {
			n++
		}
	}
	return n, err
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
	out, next, err := newest(ctx, all.store.R, a, before, limit, func(t Task) string { return t.PublicID })
	return out, next, wrap("tasks", err)
}

// TaskNames are the domains of a task of the actor's account that a filter wants. Fault:
// task_not_found.
func (all *All) TaskNames(ctx context.Context, a actor.Actor, publicID string, f ItemFilter) (names []string, err error) {
	t, err := all.ownTask(ctx, a, publicID)
	if err != nil {
		return nil, err
	}
	q := all.store.R.NewSelect().Model((*item)(nil)).Column("name").Where("task_id = ?", t.ID).OrderExpr("position")
	return names, wrap("task names", f.apply(q).Scan(ctx, &names))
}

// Retry starts a new task with the domains that failed in another, which stays as it
// is; reason "" takes all of them. consent is asked for anew. Faults: task_not_found,
// nothing_to_retry, those of Associate.
func (all *All) Retry(ctx context.Context, a actor.Actor, publicID, reason string, consent bool) (t Task, err error) {
	if t, err = all.ownTask(ctx, a, publicID); err != nil {
		return t, err
	}
	names, err := all.TaskNames(ctx, a, publicID, ItemFilter{State: ItemFailed, Reason: reason})
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
	return all.Associate(ctx, a, Request{Operation: t.Operation, Profile: p.PublicID, Domains: names, Consent: consent, TransferLock: t.TransferLock})
}
