package domain

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
)

// importBatch gathers the names that come into an account together, whoever sends them and
// in however many requests: their owner is told of them once, not of each.
type importBatch struct {
	bun.BaseModel `bun:"table:import_batch"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	// LastAt is when its last name was begun with.
	LastAt  store.Time
	EndedAt store.Time
}

// batchRests is how long no further name has been begun with when a batch is over.
const batchRests = time.Minute

// batchOf is the open batch of an account, by its public id, of which there is one at most.
func batchOf(ctx context.Context, tx *store.Tx, account int64) (id string, err error) {
	now := store.At(tx.Now())
	err = tx.NewRaw(`INSERT INTO import_batch (public_id, account_id, last_at) VALUES (?, ?, ?)
		ON CONFLICT (account_id) WHERE ended_at IS NULL DO UPDATE SET last_at = EXCLUDED.last_at RETURNING public_id`, store.NewID("imb"), account, now).Scan(ctx, &id)
	return id, err
}

// EndImports ends up to n batches of names of which the registries have answered about each,
// and tells their owners how many came in and what these wait for. It returns how many.
func (all *All) EndImports(ctx context.Context, n int) (done int, err error) {
	var over []importBatch
	err = all.store.R.NewSelect().Model(&over).Where("ended_at IS NULL").Where("last_at <= ?", store.At(all.store.Now().Add(-batchRests))).
		Where("NOT EXISTS (SELECT 1 FROM domain_import i WHERE i.batch = import_batch.public_id AND i.batch <> '' AND i.state = ?)", ImportRunning).
		OrderExpr("id").Limit(int64(n)).Scan(ctx)
	for _, b := range over {
		err := all.endBatch(ctx, b)
		if errors.Is(err, store.ErrStale) { // another process was first, or a name was begun with
			continue
		}
		if err != nil {
			return done, wrap("end imports", err)
		}
		done++
	}
	return done, wrap("end imports", err)
}

func (all *All) endBatch(ctx context.Context, b importBatch) error {
	came, err := all.cameIn(ctx, b)
	if err != nil {
		return err
	}
	return all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		last := b.LastAt
		b.EndedAt = store.At(tx.Now())
		if err := store.One(tx.NewUpdate().Model(&b).Column("ended_at").WherePK().Where("ended_at IS NULL").Where("last_at = ?", last).Exec(ctx)); err != nil {
			return err
		}
		if came.total == 0 {
			return nil
		}
		return event.Append(ctx, tx, b.AccountID, "import.finished", b.PublicID, came.data(all.policies.Calendar.Zone()))
	})
}

// arrivals are the names of a batch that have come in.
type arrivals struct {
	// name is one of them, which stands for all where there is no other.
	name                  string
	total, awaiting, held int
	// due is the nearest day by which one of them has to be verified, zero for none.
	due time.Time
}

// cameIn looks at the names of a batch as they stand now, some hundreds at a time.
func (all *All) cameIn(ctx context.Context, b importBatch) (out arrivals, err error) {
	const together = 500
	for after := ""; ; {
		var rows []Domain
		err := all.store.R.NewSelect().Model(&rows).Where("account_id = ?", b.AccountID).Where("state = ?", Registered).Where("name > ?", after).
			Where("name IN (SELECT i.name FROM domain_import i WHERE i.batch = ? AND i.batch <> '' AND i.state = ?)", b.PublicID, ImportDone).
			OrderExpr("name").Limit(together).Scan(ctx)
		if err != nil {
			return out, err
		}
		for _, d := range rows {
			all.arrived(&out, d)
		}
		if len(rows) < together {
			return out, nil
		}
		after = rows[len(rows)-1].Name
	}
}

func (all *All) arrived(out *arrivals, d Domain) {
	out.name = d.Name
	out.total++
	if d.Has(epp.ClientHold) || d.Has(epp.ServerHold) {
		out.held++
	}
	switch d.Verification() {
	case Verified, NotRequired, NotPossible:
		return
	}
	out.awaiting++
	if due, ok := all.due(d); ok && due.After(all.store.Now()) && (out.due.IsZero() || due.Before(out.due)) {
		out.due = due
	}
}

// data are the arrivals as an event tells of them.
func (a arrivals) data(zone *time.Location) map[string]string {
	data := map[string]string{"Total": strconv.Itoa(a.total)}
	if a.total == 1 {
		data["Domain"] = Display(a.name)
	}
	if a.awaiting > 0 {
		data["Awaiting"] = strconv.Itoa(a.awaiting)
	}
	if a.held > 0 {
		data["Held"] = strconv.Itoa(a.held)
	}
	if !a.due.IsZero() {
		data["Due"] = a.due.In(zone).Format(time.DateOnly)
	}
	return data
}
