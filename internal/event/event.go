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

// Outbox is where events wait until they are expanded.
type Outbox struct{ Store *store.Store }

// Waiting reports whether there are any, without taking the writer.
func (o Outbox) Waiting(ctx context.Context) (bool, error) {
	var n int
	q := "SELECT count(*) FROM (SELECT 1 FROM event WHERE state = 'new' UNION ALL SELECT 1 FROM event WHERE state = 'claimed' AND claimed_until < ? LIMIT 1) w"
	err := o.Store.R.NewRaw(q, store.Micros(time.Now())).Scan(ctx, &n)
	return n > 0, err
}

// Take takes up to n events, in the order of writing, in the unit of work that expands
// them: until it ends nobody else sees them, and if it fails they wait as before.
func (o Outbox) Take(ctx context.Context, tx *store.Tx, n int) (out []Event, err error) {
	// A process of an earlier version claimed events before it expanded them, and may have
	// died in between.
	if _, err := tx.NewRaw("UPDATE event SET state = 'new' WHERE state = 'claimed' AND claimed_until < ?", store.Micros(time.Now())).Exec(ctx); err != nil {
		return nil, fmt.Errorf("event: take: %w", err)
	}
	skip := ""
	if o.Store.Engine() == "postgres" {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	err = tx.NewRaw("UPDATE event SET state = 'done' WHERE id IN (SELECT id FROM event WHERE state = 'new' ORDER BY id LIMIT ?"+skip+") RETURNING id, account_id, type, subject, data, at, state", n).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("event: take: %w", err)
	}
	// RETURNING promises no order, and a reader wants to be told in order.
	slices.SortFunc(out, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}
