// Package event is the outbox: what happened, written in the same unit of work
// as the change itself.
//
// Events are claimed, never read by a cursor, because on PostgreSQL the order of
// ids is not the order of commits. Whoever claims an event expands it (mail,
// message, webhook) and marks it done; a claim that is not finished lapses and
// the event is claimed again, so expanding must be idempotent.
package event

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/store"
)

// Type names what happened: "profile.verified".
type Type string

// Event is one row of the outbox. Subject is the public id of what it is about.
type Event struct {
	bun.BaseModel `bun:"table:event"`

	ID        int64 `bun:",pk,autoincrement"`
	AccountID int64
	Type      Type
	Subject   string
	Data      map[string]string
	At        store.Time
	State     string
}

// Append writes an event into the unit of work.
func Append(_ context.Context, tx *store.Tx, account int64, t Type, subject string, data map[string]string) error {
	if data == nil {
		data = map[string]string{}
	}
	store.Gather(tx, heap{}, Event{AccountID: account, Type: t, Subject: subject, Data: data, At: store.At(tx.Now()), State: "new"}, insert)
	return nil
}

// heap is where the events of a unit of work are gathered.
type heap struct{}

func insert(ctx context.Context, tx *store.Tx, all []Event) error {
	if err := store.InsertEach(ctx, tx, all, ""); err != nil {
		return fmt.Errorf("event: %w", err)
	}
	return nil
}

// Outbox claims events for one process.
type Outbox struct {
	Store *store.Store
	// Owner names the process.
	Owner string
	// Hold is how long a claim lasts; it is machine time.
	Hold time.Duration
}

// Claim takes up to n events, in the order of writing; one whose claim has lapsed
// is among them again.
func (o *Outbox) Claim(ctx context.Context, n int) (out []Event, err error) {
	var waiting int
	q := "SELECT count(*) FROM (SELECT 1 FROM event WHERE state = 'new' UNION ALL SELECT 1 FROM event WHERE state = 'claimed' AND claimed_until < ? LIMIT 1) w"
	if err := o.Store.R.NewRaw(q, store.Micros(time.Now())).Scan(ctx, &waiting); err != nil || waiting == 0 {
		return nil, err
	}
	skip := ""
	if o.Store.Engine() == "postgres" {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	err = o.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := time.Now()
		if _, err := tx.NewRaw("UPDATE event SET state = 'new' WHERE state = 'claimed' AND claimed_until < ?", store.Micros(now)).Exec(ctx); err != nil {
			return err
		}
		return tx.NewRaw("UPDATE event SET state = 'claimed', claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM event WHERE state = 'new' ORDER BY id LIMIT ?"+skip+") RETURNING id, account_id, type, subject, data, at, state",
			o.Owner, store.Micros(now.Add(o.Hold)), n).Scan(ctx, &out)
	})
	if err != nil {
		return nil, fmt.Errorf("event: claim: %w", err)
	}
	// RETURNING promises no order, and a reader wants to be told in order.
	slices.SortFunc(out, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// Done marks events as expanded, inside the unit of work that expanded them.
func Done(ctx context.Context, tx *store.Tx, ids ...int64) error {
	_, err := tx.NewRaw("UPDATE event SET state = 'done' WHERE id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}
