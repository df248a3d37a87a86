package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// What rides on a request's first unit of work comes with it or not at all.
func TestRiderComesWithTheFirstUnitOfWorkThatCommits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		lease := func(name string) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("INSERT INTO lease (name, owner, fence, until_at) VALUES (?, 'x', 0, 0)", name).Exec(ctx)
				return err
			}
		}
		has := func(name string) bool {
			t.Helper()
			var n int
			if err := s.R.NewRaw("SELECT count(*) FROM lease WHERE name = ?", name).Scan(t.Context(), &n); err != nil {
				t.Fatal(err)
			}
			return n == 1
		}
		ctx := store.WithRider(t.Context(), lease("rider"))
		failed := errors.New("no")
		if err := s.InTx(ctx, func(context.Context, *store.Tx) error { return failed }); !errors.Is(err, failed) || has("rider") {
			t.Errorf("the rider came without its unit of work (%v)", err)
		}
		if err := s.InTx(ctx, lease("first")); err != nil || !has("first") || !has("rider") {
			t.Errorf("the first: %v", err)
		}
		if err := s.InTx(ctx, lease("second")); err != nil || !has("second") {
			t.Errorf("the second, without a rider: %v", err)
		}
		refusing := store.WithRider(t.Context(), func(context.Context, *store.Tx) error { return failed })
		if err := s.InTx(refusing, lease("third")); !errors.Is(err, failed) || has("third") {
			t.Errorf("a rider that refuses: %v", err)
		}
	})
}
