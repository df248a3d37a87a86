package store

import (
	"context"
	"fmt"
	"time"
)

// Lease is the right of one process to do something alone for a while. Its
// fence grows with every change of hands, so that rows written under an old
// lease can be told from those of the present one.
type Lease struct {
	Name  string
	Owner string
	Fence int64
	Until time.Time
}

// Acquire takes or renews the lease called name for owner. ok is false while
// another owner holds it. Leases run on the machine's clock, not on the clock
// of the rows.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (l Lease, ok bool, err error) {
	now := time.Now()
	until := now.Add(ttl)
	err = s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.NewRaw(`INSERT INTO lease (name, owner, fence, until_at) VALUES (?, '', 0, 0) ON CONFLICT DO NOTHING`, name).Exec(ctx)
		if err != nil {
			return err
		}
		rows, err := tx.NewRaw(`UPDATE lease SET fence = CASE WHEN owner = ?0 THEN fence ELSE fence + 1 END, owner = ?0, until_at = ?1
			WHERE name = ?2 AND (owner = ?0 OR until_at < ?3)`, owner, Micros(until), name, Micros(now)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, _ := rows.RowsAffected(); n != 1 {
			return nil
		}
		ok = true
		return tx.NewRaw(`SELECT fence FROM lease WHERE name = ?`, name).Scan(ctx, &l.Fence)
	})
	if err != nil {
		return Lease{}, false, fmt.Errorf("store: lease %s: %w", name, err)
	}
	l.Name, l.Owner, l.Until = name, owner, until
	return l, ok, nil
}

// Release gives the lease back before its time, so that another process need
// not wait for it. Losing the call does no harm.
func (s *Store) Release(ctx context.Context, l Lease) error {
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.NewRaw(`UPDATE lease SET until_at = 0 WHERE name = ? AND owner = ? AND fence = ?`, l.Name, l.Owner, l.Fence).Exec(ctx)
		return err
	})
}

// Inherit takes over what a process has left that died: its leases end, and the
// jobs that it was doing run again. It is for a process that is certainly alone
// with the database, which need not wait until they lapse.
func (s *Store) Inherit(ctx context.Context) error {
	err := s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.NewRaw(`UPDATE lease SET until_at = 0 WHERE until_at > 0`).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw(`UPDATE river_job SET state = 'available' WHERE state = 'running'`).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: inherit: %w", err)
	}
	return nil
}
