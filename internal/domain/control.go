package domain

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Pause has a task take no further names; what is on its way goes on. Faults:
// task_not_found, association_state.
func (all *All) Pause(ctx context.Context, a actor.Actor, publicID string) (Task, error) {
	return all.move(ctx, a, publicID, TaskPause)
}

// Resume has a paused task go on. Faults: task_not_found, association_state.
func (all *All) Resume(ctx context.Context, a actor.Actor, publicID string) (Task, error) {
	return all.move(ctx, a, publicID, TaskResume)
}

// Cancel ends a task: names that were not taken yet are left alone, commands that were
// not sent yet are taken back. What is at the registry ends there, and counts. Faults:
// task_not_found, association_state.
func (all *All) Cancel(ctx context.Context, a actor.Actor, publicID string) (Task, error) {
	return all.move(ctx, a, publicID, TaskCancel)
}

func (all *All) move(ctx context.Context, a actor.Actor, publicID string, e TaskEvent) (t Task, err error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return t, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&t).Where("account_id = ?", a.Account).Where("public_id = ?", publicID)
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE")
		}
		err := q.Scan(ctx)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "task_not_found")
		}
		if err != nil {
			return err
		}
		return all.moveTask(ctx, tx, a, &t, e)
	})
	return t, wrap(string(e), err)
}

// moveTask moves a task that was read in tx.
func (all *All) moveTask(ctx context.Context, tx *store.Tx, a actor.Actor, t *Task, e TaskEvent) (err error) {
	if t.State, err = Tasks.Next(t.State, e); err != nil {
		return err
	}
	if e == TaskCancel {
		if err := all.dropConsents(ctx, tx, a, t.ID); err != nil {
			return err
		}
	}
	t.RowVersion++
	if _, err := tx.NewUpdate().Model(t).Column("state", "row_version").WherePK().Exec(ctx); err != nil {
		return err
	}
	tx.OnCommit(all.wake)
	return audit.Record(ctx, tx, a, "association."+string(e), t.PublicID, nil)
}

// takeBackOnce goes on with a cancelled task: names that it has not taken become items
// that are cancelled, then what is not sent yet is taken back. It passes once: what is at
// the registry ends by itself.
func (all *All) takeBackOnce(ctx context.Context, taskID int64) (n int, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err := readTask(ctx, tx, taskID)
		if err != nil || t.State != TaskCancelling {
			return err
		}
		if t.Expanded < t.Total {
			n, err = all.leaveOut(ctx, tx, t)
			return err
		}
		n, err = all.takeBack(ctx, tx, t)
		return err
	})
	return n, err
}

// leaveOut writes down the next names that a cancelled task has not taken.
func (all *All) leaveOut(ctx context.Context, tx *store.Tx, t Task) (int, error) {
	chunk, err := nextNames(ctx, tx, t)
	if err != nil {
		return 0, err
	}
	state, err := Items.Next(ItemQueued, ItemCancel)
	if err != nil {
		return 0, err
	}
	for i, name := range chunk {
		store.Gather(tx, newItems{}, item{TaskID: t.ID, Position: t.Expanded + i, Name: name, State: state, Params: fault.Params{}}, insertItems)
	}
	all.count(tx, t.ID, tally{expanded: len(chunk), from: t.Expanded, cancelled: len(chunk)})
	return len(chunk), nil
}

// takeBack takes back what is not sent of the next names that a cancelled task waits for.
func (all *All) takeBack(ctx context.Context, tx *store.Tx, t Task) (int, error) {
	var open []item
	err := tx.NewSelect().Model(&open).Where("task_id = ?", t.ID).Where("position >= ?", t.Walked).Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).
		OrderExpr("position").Limit(expandChunk).Scan(ctx)
	if err != nil {
		return 0, err
	}
	walked := t.Total
	if len(open) == expandChunk {
		walked = open[len(open)-1].Position + 1
	}
	if _, err := tx.NewUpdate().Model((*Task)(nil)).Set("walked = ?", walked).Where("id = ?", t.ID).Exec(ctx); err != nil {
		return 0, err
	}
	back, err := all.withdraw(ctx, tx, t, open)
	if err != nil || len(back) == 0 {
		return len(open), err
	}
	state, err := Items.Next(ItemQueued, ItemCancel)
	if err != nil {
		return 0, err
	}
	res, err := tx.NewUpdate().Model((*item)(nil)).Set("state = ?", state).Where("task_id = ?", t.ID).Where("position IN (?)", bun.List(back)).
		Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	all.count(tx, t.ID, tally{cancelled: int(n)})
	return len(open), err
}

// withdraw takes back the changes of holder that items wait for, and returns the
// positions of those that have ended with that. A verification that was submitted goes on
// without its item.
func (all *All) withdraw(ctx context.Context, tx *store.Tx, t Task, open []item) (back []int, err error) {
	ids := make([]int64, len(open))
	for i, it := range open {
		ids[i] = it.DomainID
	}
	if t.Operation == SubmitVerification || len(ids) == 0 {
		for _, it := range open {
			back = append(back, it.Position)
		}
		return back, nil
	}
	var domains []Domain
	if err := tx.NewSelect().Model(&domains).Where("id IN (?)", bun.List(ids)).OrderExpr("name").Scan(ctx); err != nil {
		return nil, err
	}
	byRegistry := map[string][]string{}
	for _, d := range domains {
		byRegistry[d.Registry] = append(byRegistry[d.Registry], d.Name)
	}
	sent := map[string]bool{}
	for at, names := range byRegistry {
		if err := all.registries.Withdraw(ctx, tx, at, registry.DomainRegistrant, names, sent); err != nil {
			return nil, err
		}
	}
	var changed []edit
	ended := map[int64]bool{}
	for i := range domains {
		d := &domains[i]
		if sent[d.Name] || d.NextVersionID == 0 { // the registry has it, or has taken it
			continue
		}
		was := *d
		d.NextVersionID, d.SyncState = 0, SyncDone
		changed, ended[d.ID] = append(changed, edit{was, d}), true
	}
	for _, it := range open {
		if ended[it.DomainID] {
			back = append(back, it.Position)
		}
	}
	return back, saveAll(ctx, tx, changed)
}

// Happened starts what waits for a profile that has been verified, submits the domains
// again that had failed with it before, and has the others follow it. What waits for a
// profile that was deleted is cancelled.
func (all *All) Happened(ctx context.Context, tx *store.Tx, events []event.Event) (err error) {
	for _, e := range events {
		switch e.Type {
		case "profile.verified":
			err = all.profileVerified(ctx, tx, e.AccountID, e.Subject)
		case "profile.deleted":
			err = all.profileDeleted(ctx, tx, e.AccountID, e.Subject)
		case "profile.edited":
			err = all.profileEdited(ctx, tx, e.AccountID, e.Subject)
		case "email.verified":
			err = all.addressVerified(ctx, tx, e.AccountID, e.Data["Address"])
		}
		if err != nil {
			return wrap(string(e.Type), err)
		}
	}
	return nil
}

func (all *All) profileVerified(ctx context.Context, tx *store.Tx, account int64, publicID string) error {
	p, v, err := all.profiles.Current(ctx, tx, account, publicID)
	if fault.Code(err) == "profile_not_found" { // deleted since: whoever else is told must not wait for it
		return nil
	}
	if err != nil || v.State != profile.Verified { // edited since
		return err
	}
	tx.OnCommit(all.wake)
	state, err := Tasks.Next(TaskWaiting, TaskStart)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model((*Task)(nil)).Set("state = ?", state).Set("version_id = ?", v.ID).Set("row_version = row_version + 1").
		Where("profile_id = ?", p.ID).Where("state = ?", TaskWaiting).Exec(ctx)
	if err != nil {
		return err
	}
	if err := all.submitAgain(ctx, tx, p, v); err != nil {
		return err
	}
	return all.follow(ctx, tx, p, v)
}

// profileDeleted cancels the tasks that wait for a profile: it will never be verified.
func (all *All) profileDeleted(ctx context.Context, tx *store.Tx, account int64, publicID string) error {
	var waiting []Task
	err := tx.NewSelect().Model(&waiting).Where("state = ?", TaskWaiting).Where("account_id = ?", account).
		Where("profile_id = (SELECT p.id FROM profile AS p WHERE p.public_id = ?)", publicID).OrderExpr("id").Scan(ctx)
	if err != nil {
		return err
	}
	for i := range waiting {
		if err := all.moveTask(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: account}, &waiting[i], TaskCancel); err != nil {
			return err
		}
	}
	return nil
}

// submitAgain submits the domains again that had failed with earlier versions of a profile.
func (all *All) submitAgain(ctx context.Context, tx *store.Tx, p profile.Profile, v profile.Version) error {
	var names []string
	err := tx.NewSelect().Model((*Domain)(nil)).Column("name").Where("profile_id = ?", p.ID).Where("holder_state = ?", Failed).Where("state = 'registered'").
		Where("version_id <> ?", v.ID).OrderExpr("name").Limit(MaxDomains).Scan(ctx, &names)
	if err != nil || len(names) == 0 {
		return err
	}
	return all.ownTaskFor(ctx, tx, p, v, SubmitVerification, "repaired:", names)
}

// ownTaskFor starts, once for a version, a task that nobody has asked for.
func (all *All) ownTaskFor(ctx context.Context, tx *store.Tx, p profile.Profile, v profile.Version, op Operation, origin string, names []string) error {
	slices.Sort(names)
	t := newTask(tx, p, v, op, len(names))
	t.Origin = origin + v.PublicID
	res, err := tx.NewInsert().Model(&t).On("CONFLICT (origin) WHERE origin <> '' DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // told before
	}
	if err := tx.NewSelect().Model(&t).Column("id").Where("origin = ?", t.Origin).Scan(ctx); err != nil {
		return err
	}
	if err := keepNames(ctx, tx, t.ID, names); err != nil {
		return err
	}
	tx.OnCommit(all.wake)
	a := actor.Verinym
	a.Account = p.AccountID
	return audit.Record(ctx, tx, a, "association."+string(op), t.PublicID, map[string]string{"profile": p.PublicID, "origin": t.Origin})
}
