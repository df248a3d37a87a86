package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

type ring struct {
	Bell string `json:"bell"`
}

func (ring) Kind() string { return "test_ring" }

func jobs(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.R.NewRaw("SELECT count(*) FROM river_job").Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func leases(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.R.NewRaw("SELECT count(*) FROM lease").Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

const insertLease = "INSERT INTO lease (name, owner, fence, until_at) VALUES (?, '', 0, 0)"

func TestRowsAndJobsAreWrittenTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		broken := errors.New("the lamp went out")
		woken := 0
		write := func(name string, end error) error {
			return s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tx.OnCommit(func() { woken++ })
				if _, err := tx.NewRaw(insertLease, name).Exec(ctx); err != nil {
					return err
				}
				if err := tx.Enqueue(ctx, ring{Bell: name}, store.JobOptions{}); err != nil {
					return err
				}
				return end
			})
		}
		if err := write("first", broken); !errors.Is(err, broken) {
			t.Fatalf("got %v, want the error of the unit of work", err)
		}
		if leases(t, s) != 0 || jobs(t, s) != 0 || woken != 0 {
			t.Fatalf("a failed unit of work left %d rows, %d jobs, woke %d", leases(t, s), jobs(t, s), woken)
		}
		if err := write("second", nil); err != nil {
			t.Fatal(err)
		}
		if leases(t, s) != 1 || jobs(t, s) != 1 || woken != 1 {
			t.Fatalf("a unit of work left %d rows, %d jobs, woke %d, want one of each", leases(t, s), jobs(t, s), woken)
		}
	})
}

func TestUniqueJobIsEnqueuedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		for range 3 {
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.Enqueue(ctx, ring{Bell: "same"}, store.JobOptions{Unique: true})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := jobs(t, s); n != 1 {
			t.Errorf("%d jobs, want 1", n)
		}
	})
}

func TestRelaxedCommitIsSeenByTheNextRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		err := s.InTxRelaxed(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw(insertLease, "relaxed").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if leases(t, s) != 1 {
			t.Error("the row is not there")
		}
		if s.Engine() != "sqlite" {
			return
		}
		var mode int
		err = s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.NewRaw("PRAGMA synchronous").Scan(ctx, &mode)
		})
		if err != nil || mode != 2 {
			t.Errorf("after a relaxed commit synchronous is %d (%v), want 2 (FULL)", mode, err)
		}
	})
}

func TestUniqueViolationIsRecognised(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		twice := func() error {
			return s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw(insertLease, "twice").Exec(ctx)
				return err
			})
		}
		if err := twice(); err != nil {
			t.Fatal(err)
		}
		if err := twice(); !store.IsUnique(err) {
			t.Errorf("IsUnique(%v) is false", err)
		}
	})
}

func TestReaderCannotWriteOnSQLite(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	if _, err := s.R.NewRaw(insertLease, "reader").Exec(t.Context()); err == nil {
		t.Error("the reader wrote a row")
	}
}

// A process that is alone does not wait for what one that died has left.
func TestDeadProcessLeavesWhatItHad(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		if _, ok, err := s.Acquire(t.Context(), "pump", "dead", time.Hour); !ok || err != nil {
			t.Fatal(ok, err)
		}
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Enqueue(ctx, ring{Bell: "half done"}, store.JobOptions{}); err != nil {
				return err
			}
			_, err := tx.NewRaw("UPDATE river_job SET state = 'running'").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Inherit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if l, ok, err := s.Acquire(t.Context(), "pump", "heir", time.Minute); !ok || err != nil || l.Fence != 2 {
			t.Errorf("the lease: %v %+v %v, want it with a new fence", ok, l, err)
		}
		var state string
		if err := s.R.NewRaw("SELECT state FROM river_job").Scan(t.Context(), &state); err != nil || state != "available" {
			t.Errorf("the job is %s (%v), want available", state, err)
		}
	})
}

func TestLeaseChangesHandsWithANewFence(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		acquire := func(owner string, ttl time.Duration) (store.Lease, bool) {
			t.Helper()
			l, ok, err := s.Acquire(t.Context(), "pump", owner, ttl)
			if err != nil {
				t.Fatal(err)
			}
			return l, ok
		}
		first, ok := acquire("node-1", time.Minute)
		if !ok {
			t.Fatal("the first node did not get the lease")
		}
		if _, ok := acquire("node-2", time.Minute); ok {
			t.Fatal("two nodes hold one lease")
		}
		renewed, ok := acquire("node-1", time.Minute)
		if !ok || renewed.Fence != first.Fence {
			t.Errorf("renewing gave fence %d (%v), want the same %d", renewed.Fence, ok, first.Fence)
		}
		if err := s.Release(t.Context(), renewed); err != nil {
			t.Fatal(err)
		}
		second, ok := acquire("node-2", time.Minute)
		if !ok || second.Fence != first.Fence+1 {
			t.Errorf("the next owner has fence %d (%v), want %d", second.Fence, ok, first.Fence+1)
		}
	})
}

func TestTimeSurvivesTheRoundTripToTheMicrosecond(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		want := store.At(time.Date(2026, 6, 1, 2, 3, 4, 567_891_234, time.FixedZone("CST", 8*3600)))
		for _, in := range []store.Time{want, {}} {
			var out store.Time
			err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.NewRaw("INSERT INTO account (public_id, name, identity_state, identity_at, created_at, row_version) VALUES (?, 'a', 'x', ?, 0, 1)", store.NewID("acc"), in).Exec(ctx); err != nil {
					return err
				}
				return tx.NewRaw("SELECT identity_at FROM account ORDER BY id DESC LIMIT 1").Scan(ctx, &out)
			})
			if err != nil {
				t.Fatal(err)
			}
			if !out.Equal(in.Time) || out.IsZero() != in.IsZero() {
				t.Errorf("wrote %v, read %v", in, out)
			}
		}
	})
}

// A page shortens ids and leaves what people and providers write as it stands.
func TestPublicIDIsToldFromOtherTexts(t *testing.T) {
	t.Parallel()
	id := store.NewID("per")
	for text, want := range map[string]string{
		id: "per", "acc_" + strings.Repeat("z", 26): "acc",
		"": "", "per_": "", id[:len(id)-1]: "", id + "0": "", strings.Repeat("0", 30): "",
		"looked_at_the_picture_for_a_whi": "", "样本_" + "公司名称太长了啊": "", "per_" + "abcdefghijklmnopqrstuvwxyz": "",
	} {
		if got := store.IDPrefix(text); got != want {
			t.Errorf("%q begins with %q, want %q", text, got, want)
		}
	}
}
