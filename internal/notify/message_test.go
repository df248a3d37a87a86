package notify_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// customers makes two accounts and somebody in each.
func customers(t *testing.T, s *store.Store) (li, chen actor.Actor) {
	t.Helper()
	accounts := account.New(s, account.Passwords{})
	for name, who := range map[string]*actor.Actor{"li": &li, "chen": &chen} {
		acc, err := accounts.Create(t.Context(), actor.Verinym, name)
		if err != nil {
			t.Fatal(err)
		}
		*who = actor.Actor{ID: "per_" + name, Account: acc.ID, Roles: []actor.Role{actor.Registrant}}
	}
	return li, chen
}

func happen(t *testing.T, s *store.Store, account int64, typ event.Type, subject string) {
	t.Helper()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return event.Append(ctx, tx, account, typ, subject, map[string]string{"Authority": "desk"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func expand(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := notify.NewMessages(s).Expand(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func list(t *testing.T, s *store.Store, a actor.Actor) []notify.Message {
	t.Helper()
	out, err := notify.NewMessages(s).List(t.Context(), a, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAccountReadsWhatHappenedTheNewestFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		li, chen := customers(t, s)
		happen(t, s, li.Account, "profile.submitted", "prf_1")
		happen(t, s, li.Account, "review.opened", "rev_1") // of interest to staff only
		happen(t, s, chen.Account, "profile.submitted", "prf_2")
		c.Advance(time.Hour)
		happen(t, s, li.Account, "profile.verified", "prf_1")
		if n := expand(t, s); n != 4 {
			t.Errorf("expanded %d events, want 4", n)
		}
		if n := expand(t, s); n != 0 {
			t.Errorf("expanded %d events again", n)
		}
		got := list(t, s, li)
		if len(got) != 2 || got[0].Type != "profile.verified" || got[1].Type != "profile.submitted" {
			t.Fatalf("the account reads %+v", got)
		}
		m := got[0]
		if m.Subject != "prf_1" || m.Data["Authority"] != "desk" || m.AccountID != li.Account || !m.CreatedAt.Equal(s.Now()) || !m.ReadAt.IsZero() || m.PublicID == "" {
			t.Errorf("the newest is %+v", m)
		}
		if !got[1].CreatedAt.Equal(storetest.Monday) {
			t.Errorf("the older one is of %v, want the time when it happened", got[1].CreatedAt)
		}
		if got := list(t, s, chen); len(got) != 1 || got[0].Subject != "prf_2" {
			t.Errorf("the other account reads %+v", got)
		}
		one, err := notify.NewMessages(s).List(t.Context(), li, 1)
		if err != nil || len(one) != 1 || one[0].PublicID != m.PublicID {
			t.Errorf("a page of one: %+v, %v", one, err)
		}
		reviewer := actor.Actor{ID: "per_rui", Account: li.Account, Roles: []actor.Role{actor.Reviewer}}
		if _, err := notify.NewMessages(s).List(t.Context(), reviewer, 10); fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer reads an account's messages: %v", err)
		}
	})
}

func TestMessageIsWrittenOnceThoughItsEventIsExpandedTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		li, _ := customers(t, s)
		happen(t, s, li.Account, "profile.verified", "prf_1")
		if n := expand(t, s); n != 1 {
			t.Errorf("expanded %d events, want 1", n)
		}
		first := list(t, s, li)
		// The outbox forgets that it was expanded: it is expanded once more.
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.NewRaw("UPDATE event SET state = 'new'").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := expand(t, s); n != 1 {
			t.Errorf("expanded %d events, want 1", n)
		}
		if second := list(t, s, li); len(first) != 1 || len(second) != 1 || second[0].PublicID != first[0].PublicID {
			t.Errorf("the account reads %+v, before %+v", second, first)
		}
	})
}

func TestNodesAtOnceWriteEveryMessageOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		li, _ := customers(t, s)
		var want []string
		for i := range 24 {
			want = append(want, fmt.Sprintf("prf_%02d", i))
			happen(t, s, li.Account, "profile.verified", want[i])
		}
		var wg sync.WaitGroup
		for range 4 {
			m := notify.NewMessages(s)
			wg.Go(func() {
				for {
					if n, err := m.Expand(t.Context(), 3); err != nil || n == 0 {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		wg.Wait()
		expand(t, s) // a node sees none while another holds the last ones
		var got []string
		for _, m := range list(t, s, li) {
			got = append(got, m.Subject)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the account reads %v", got)
		}
	})
}

// What happens to nobody's account, as at the start of a registry, holds up no message.
func TestEventOfNoAccountHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		li, _ := customers(t, s)
		happen(t, s, 0, "registry.started", "sandbox")
		happen(t, s, li.Account, "profile.verified", "prf_1")
		if n := expand(t, s); n != 2 {
			t.Errorf("expanded %d events, want 2", n)
		}
		if got := list(t, s, li); len(got) != 1 {
			t.Errorf("the account reads %+v", got)
		}
	})
}
