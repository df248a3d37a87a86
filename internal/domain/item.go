package domain

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

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
	// Sent reports whether the command for a queued one is with the registry, which has not
	// answered yet. It is read from the command: nothing is written for a name when it is sent.
	Sent bool
	// VerdictAt is when its verdict is expected, HoldAt when it is held without; in a preview
	// only, zero where there is none.
	VerdictAt, HoldAt time.Time
}

// markSent says which of a task's queued items are with a registry that has not answered.
func (all *All) markSent(ctx context.Context, rows []item, items []Item) error {
	at := map[int64]int{}
	var ids []int64
	for i, r := range rows {
		if r.State == ItemQueued && r.DomainID != 0 {
			at[r.DomainID], ids = i, append(ids, r.DomainID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var domains []Domain
	if err := all.store.R.NewSelect().Model(&domains).Column("id", "registry", "name", "registrant").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	names, contacts := map[string][]string{}, map[string][]string{}
	for _, d := range domains {
		names[d.Registry] = append(names[d.Registry], d.Name)
		if d.Registrant != "" && !slices.Contains(contacts[d.Registry], d.Registrant) {
			contacts[d.Registry] = append(contacts[d.Registry], d.Registrant)
		}
	}
	for registry := range names {
		byName, err := all.registries.SentForNames(ctx, registry, names[registry])
		if err != nil {
			return err
		}
		byContact, err := all.registries.SentForContacts(ctx, registry, contacts[registry])
		if err != nil {
			return err
		}
		for _, d := range domains {
			if d.Registry == registry {
				items[at[d.ID]].Sent = byName[d.Name] || byContact[d.Registrant]
			}
		}
	}
	return nil
}

// newItems is where the items are gathered that a task begins with.
type newItems struct{}

func insertItems(ctx context.Context, tx *store.Tx, items []item) error {
	return store.InsertEach(ctx, tx, items, "")
}

// ending is what a domain's items end with.
type ending struct {
	domain  int64
	event   ItemEvent
	because *fault.Error
	of      itemsOf
}

// itemsOf says which items end: those of any task, those that wait for a verdict about the
// holder, or those that wait for the registry to have a holder's details.
type itemsOf int

const (
	ofAny itemsOf = iota
	ofVerdict
	ofDetails
)

// endings is where they are gathered.
type endings struct{}

// endItems ends the items that wait for a domain, at the end of the unit of work; cause
// says why they failed, if they did.
func (all *All) endItems(tx *store.Tx, d Domain, passed bool, cause why) {
	all.end(tx, d, ofAny, passed, cause)
}

// endDetails ends those that wait for the registry to have a holder's details.
func (all *All) endDetails(tx *store.Tx, d Domain, passed bool, cause why) {
	all.end(tx, d, ofDetails, passed, cause)
}

func (all *All) end(tx *store.Tx, d Domain, of itemsOf, passed bool, cause why) {
	e := ending{domain: d.ID, event: ItemSucceed, of: of}
	if !passed {
		e.event, e.because = ItemFail, all.because(d, cause)
	}
	store.Gather(tx, endings{}, e, all.writeEndings)
}

// writeEndings writes the ends of items and counts them at their tasks. An item that has
// ended before stays as it is.
func (all *All) writeEndings(ctx context.Context, tx *store.Tx, ends []ending) error {
	for len(ends) > 0 {
		n := 1
		for n < len(ends) && ends[n].event == ItemSucceed && ends[0].event == ItemSucceed && ends[n].of == ends[0].of {
			n++
		}
		if err := all.endTogether(ctx, tx, ends[:n]); err != nil {
			return err
		}
		ends = ends[n:]
	}
	return nil
}

// endTogether ends the items of domains that end alike.
func (all *All) endTogether(ctx context.Context, tx *store.Tx, ends []ending) error {
	ids := make([]int64, len(ends))
	for i, e := range ends {
		ids[i] = e.domain
	}
	// Whether an item waits here or at the registry, it ends in the same state.
	next, err := Items.Next(ItemQueued, ends[0].event)
	if err != nil {
		return err
	}
	reason, params := "", fault.Params{}
	if because := ends[0].because; because != nil {
		reason, params = because.Code, because.Params
	}
	var tasks []int64
	q := tx.NewUpdate().Model(&item{State: next, Reason: reason, Params: params}).Column("state", "reason", "params").
		Where("domain_id IN (?)", bun.List(ids)).Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).Returning("task_id")
	switch ends[0].of {
	case ofVerdict:
		q = q.Where("NOT EXISTS (SELECT 1 FROM association_task t WHERE t.id = task_id AND t.operation = ?)", UpdateDetails)
	case ofDetails:
		q = q.Where("EXISTS (SELECT 1 FROM association_task t WHERE t.id = task_id AND t.operation = ?)", UpdateDetails)
	}
	if err := q.Scan(ctx, &tasks); err != nil {
		return err
	}
	for _, id := range tasks {
		if next == ItemSucceeded {
			all.count(tx, id, tally{succeeded: 1})
		} else {
			all.count(tx, id, tally{failed: 1})
		}
	}
	return nil
}

// tally is what a unit of work adds to the counters of a task. A chunk of names that has
// become items is counted by one process only, the one that found the counter at from.
type tally struct {
	task                                         int64
	expanded, from, succeeded, failed, cancelled int
}

// tallies is where they are gathered.
type tallies struct{}

// count adds to the counters of a task at the end of the unit of work: everybody who
// ends an item writes the task's row, and has it as briefly as can be.
func (all *All) count(tx *store.Tx, task int64, t tally) {
	t.task = task
	store.Gather(tx, tallies{}, t, all.writeTallies)
}

// writeTallies writes the counters, in one order always, so that two units of work never
// wait for each other.
func (all *All) writeTallies(ctx context.Context, tx *store.Tx, counted []tally) error {
	sums := map[int64]tally{}
	for _, t := range counted {
		sum := sums[t.task]
		sum.expanded, sum.from = sum.expanded+t.expanded, sum.from+t.from
		sum.succeeded, sum.failed, sum.cancelled = sum.succeeded+t.succeeded, sum.failed+t.failed, sum.cancelled+t.cancelled
		sums[t.task] = sum
	}
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		t := sums[id]
		q := tx.NewUpdate().Model((*Task)(nil)).Where("id = ?", id).Set("succeeded = succeeded + ?", t.succeeded).Set("failed = failed + ?", t.failed).
			Set("cancelled = cancelled + ?", t.cancelled).Set("row_version = row_version + 1")
		if t.expanded > 0 {
			q = q.Set("expanded = expanded + ?", t.expanded).Where("expanded = ?", t.from)
		}
		if err := store.One(q.Exec(ctx)); err != nil {
			return err
		}
		if err := all.finishIfDone(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// finishIfDone ends a task when every item has ended, with one digest event.
func (all *All) finishIfDone(ctx context.Context, tx *store.Tx, id int64) error {
	err := store.One(tx.NewRaw(`UPDATE association_task SET state = CASE state WHEN ?0 THEN ?1 ELSE ?2 END, ended_at = ?3, row_version = row_version + 1
		WHERE id = ?4 AND state IN (?0, ?5, ?6) AND expanded = total AND succeeded + failed + cancelled = total`,
		TaskCancelling, TaskCancelled, TaskFinished, store.At(tx.Now()), id, TaskRunning, TaskPaused).Exec(ctx))
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := readTask(ctx, tx, id)
	if err != nil {
		return err
	}
	return tellEnd(ctx, tx, t)
}

// tellEnd tells that a task has come to its end.
func tellEnd(ctx context.Context, tx *store.Tx, t Task) error {
	typ := event.Type("association.finished")
	if t.State == TaskCancelled {
		typ = "association.cancelled"
	}
	counts := map[string]string{"Total": strconv.Itoa(t.Total), "Succeeded": strconv.Itoa(t.Succeeded), "Failed": strconv.Itoa(t.Failed)}
	if t.State == TaskCancelled {
		counts["Cancelled"] = strconv.Itoa(t.Cancelled)
	}
	return event.Append(ctx, tx, t.AccountID, typ, t.PublicID, counts)
}
