package event_test

import (
	"context"
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

func claim(t *testing.T, s *store.Store, owner string, hold time.Duration, n int) []event.Event {
	t.Helper()
	o := event.Outbox{Store: s, Owner: owner, Hold: hold}
	got, err := o.Claim(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func done(t *testing.T, s *store.Store, events []event.Event) {
	t.Helper()
	for _, e := range events {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error { return event.Done(ctx, tx, e.ID) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func subjectsOf(events []event.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.Subject)
	}
	return out
}

func TestEventIsClaimedAsItWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		happen(t, s, 1)
		c.Advance(time.Hour)
		got := claim(t, s, "node-1", time.Minute, 10)
		if len(got) != 1 {
			t.Fatalf("claimed %d events, want 1", len(got))
		}
		e := got[0]
		if e.AccountID != 7 || e.Type != "profile.verified" || e.Subject != "prf_0" || e.State != "claimed" || !e.At.Equal(storetest.Monday) {
			t.Errorf("claimed %+v", e)
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
		if got := claim(t, s, "node-1", time.Minute, 10); len(got) != 0 {
			t.Errorf("an event without its change: %v", got)
		}
	})
}

func TestClaimedEventIsNobodyElsesUntilTheClaimLapses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 5)
		first := claim(t, s, "node-1", time.Minute, 2)
		if got := subjectsOf(first); !slices.Equal(got, all[:2]) {
			t.Errorf("the first node claimed %v, want the two oldest", got)
		}
		// A claim of less than no time has lapsed at once, as that of a node that died.
		dead := claim(t, s, "node-2", -time.Second, 2)
		if got := subjectsOf(dead); !slices.Equal(got, all[2:4]) {
			t.Errorf("the second node claimed %v, want the next two", got)
		}
		heir := claim(t, s, "node-3", time.Minute, 10)
		if got := subjectsOf(heir); !slices.Equal(got, all[2:]) {
			t.Errorf("the third node claimed %v, want the lapsed ones first and then the rest, in the order of writing", got)
		}
		if got := claim(t, s, "node-4", time.Minute, 10); len(got) != 0 {
			t.Errorf("the fourth node claimed %v, want nothing", got)
		}
	})
}

func TestExpandedEventNeverComesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 3)
		lapsed := claim(t, s, "node-1", -time.Second, 3)
		done(t, s, lapsed[:2])
		again := claim(t, s, "node-2", time.Minute, 10)
		if got := subjectsOf(again); !slices.Equal(got, all[2:]) {
			t.Errorf("claimed %v after two of three were done, want the third", got)
		}
		done(t, s, again)
		if got := claim(t, s, "node-3", -time.Second, 10); len(got) != 0 {
			t.Errorf("claimed %v after all were done", got)
		}
	})
}

func TestConcurrentClaimersNeverShareAnEvent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		all := happen(t, s, 40)
		// Half of them have been claimed by a node that died.
		claim(t, s, "dead", -time.Second, 20)
		var mu sync.Mutex
		var got []string
		var wg sync.WaitGroup
		for i := range 4 {
			o := event.Outbox{Store: s, Owner: fmt.Sprintf("node-%d", i), Hold: time.Minute}
			wg.Go(func() {
				for {
					events, err := o.Claim(t.Context(), 3)
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
		// A node may see none while another holds the last ones: nothing is lost by that.
		got = append(got, subjectsOf(claim(t, s, "late", time.Minute, 40))...)
		slices.Sort(got)
		slices.Sort(all)
		if !slices.Equal(got, all) {
			t.Errorf("%d claims of %d events: %v", len(got), len(all), got)
		}
	})
}
