package domain

import (
	"context"

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
		counted := tally{expanded: len(chunk), from: t.Expanded}
		for i, name := range chunk {
			failed, err := all.start(ctx, tx, t, p, v, t.Expanded+i, name, found)
			if err != nil {
				return err
			}
			counted.failed += failed
		}
		more = t.Expanded+len(chunk) < t.Total
		all.count(tx, t.ID, counted)
		return nil
	})
	return more, err
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
	if t.Operation == ChangeHolder {
		err = all.changeHolder(ctx, tx, d, p, v)
	} else {
		err = all.submitVerification(ctx, tx, d, v)
	}
	if err != nil {
		return 0, err
	}
	store.Gather(tx, started{}, d, saveAll)
	return 0, nil
}

// started is where the domains are gathered that a task has taken on their way.
type started struct{}

// submitVerification sends evidence for the registrant that the registry has;
// the registrant stays. The domain is the caller's to save.
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
	if err := a.Check(actor.DomainAssociate); err != nil {
		return t, nil, err
	}
	err = all.store.R.NewSelect().Model(&t).ExcludeColumn("names").Where("account_id = ?", a.Account).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return t, nil, fault.New(fault.NotFound, "task_not_found")
	}
	if err != nil {
		return t, nil, wrap("task", err)
	}
	var rows []item
	if err := all.store.R.NewSelect().Model(&rows).Where("task_id = ?", t.ID).Where("position >= ?", after).OrderExpr("position").Limit(int64(limit)).Scan(ctx); err != nil {
		return t, nil, wrap("task", err)
	}
	for _, r := range rows {
		items = append(items, Item{Domain: Display(r.Name), State: r.State, Reason: r.Reason, Params: r.Params})
	}
	return t, items, nil
}
