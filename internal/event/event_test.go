package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// happen writes n events, each in a unit of work of its own, and returns their subjects.
func happen(t *testing.T, s *store.Store, n int) (subjects []string) {
	t.Helper()
	for i := range n {
		subject := fmt.Sprintf("prf_%d", i)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return event.Append(ctx, tx, 7, "profile.verified", subject, map[string]string{"Authority": "desk", "Reason": "“引号”\n"})
		})
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, subject)
	}
	return subjects
}

// take takes up to n events in a unit of work of its own, which then does more.
func take(t *testing.T, s *store.Store, n int, then func() error) (got []event.Event, err error) {
	t.Helper()
	err = s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if got, err = (event.Outbox{Store: s}).Take(ctx, tx, n); err != nil {
			return err
		}
		return then()
	})
	return got, err
}

func taken(t *testing.T, s *store.Store, n int) []event.Event {
	t.Helper()
	got, err := take(t, s, n, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func waiting(t *testing.T, s *store.Store) bool {
	t.Helper()
	ok, err := event.Outbox{Store: s}.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func subjectsOf(events []event.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.Subject)
	}
	return out
}

func TestEventIsTakenAsItWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		if waiting(t, s) {
			t.Error("something waits in an empty outbox")
		}
		happen(t, s, 1)
		c.Advance(time.Hour)
		if !waiting(t, s) {
			t.Error("nothing waits")
		}
		got := taken(t, s, 10)
		if len(got) != 1 {
			t.Fatalf("took %d events, want 1", len(got))
		}
		e := got[0]
		if e.AccountID != 7 || e.Type != "profile.verified" || e.Subject != "prf_0" || !e.At.Equal(storetest.Monday) {
			t.Errorf("took %+v", e)
		}
		if len(e.Data) != 2 || e.Data["Authority"] != "desk" || e.Data["Reason"] != "“引号”\n" {
			t.Errorf("its data is %q", e.Data)
		}
	})
}

func TestNothingHappensWithoutTheChangeItself(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		refused := fmt.Errorf("the change was refused")
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := event.Append(ctx, tx, 7, "profile.verified", "prf_0", nil); err != nil {
				return err
			}
			return refused
		})
		if err != refused {
			t.Fatal(err)
		}
		if got := taken(t, s, 10); len(got) != 0 {
			t.Errorf("an event without its change: %v", got)
		}
	})
}

func TestEventWaitsAgainWhereItsExpansionFailed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 5)
		broken := errors.New("the lamp went out")
		if _, err := take(t, s, 3, func() error { return broken }); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if got := subjectsOf(taken(t, s, 2)); !slices.Equal(got, all[:2]) {
			t.Errorf("took %v, want the two oldest", got)
		}
		if got := subjectsOf(taken(t, s, 10)); !slices.Equal(got, all[2:]) {
			t.Errorf("took %v, want the rest in the order of writing", got)
		}
		if waiting(t, s) {
			t.Error("something waits though all were taken")
		}
	})
}

// A process of an earlier version claims events before it expands them.
func TestEventOfADeadClaimIsTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 2)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("UPDATE event SET state = 'claimed', claimed_by = 'node-1', claimed_until = CASE subject WHEN 'prf_0' THEN ? ELSE ? END",
				store.Micros(time.Now().Add(-time.Second)), store.Micros(time.Now().Add(time.Hour))).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !waiting(t, s) {
			t.Error("nothing waits")
		}
		if got := subjectsOf(taken(t, s, 10)); !slices.Equal(got, all[:1]) {
			t.Errorf("took %v, want the one whose claim has lapsed", got)
		}
	})
}

func TestConcurrentTakersNeverShareAnEvent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 40)
		var mu sync.Mutex
		var got []string
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					events, err := take(t, s, 3, func() error { return nil })
					if err != nil {
						t.Error(err)
						return
					}
					if len(events) == 0 {
						return
					}
					mu.Lock()
					got = append(got, subjectsOf(events)...)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		// One may see none while another holds the last ones: nothing is lost by that.
		got = append(got, subjectsOf(taken(t, s, 40))...)
		slices.Sort(got)
		slices.Sort(all)
		if !slices.Equal(got, all) {
			t.Errorf("%d of %d events taken: %v", len(got), len(all), got)
		}
	})
}
