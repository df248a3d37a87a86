package notify_test

import (
	"testing"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestMessagesAreReadInPagesAndOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Fake) {
		li, chen := customers(t, s)
		for _, subject := range []string{"prf_1", "prf_2", "prf_1"} {
			happen(t, s, li.Account, "profile.submitted", subject)
		}
		happen(t, s, chen.Account, "profile.submitted", "prf_1")
		expand(t, s)
		m := notify.NewMessages(s)
		page := func(a actor.Actor, before string, limit int) ([]notify.Message, string) {
			t.Helper()
			out, next, err := m.Page(t.Context(), a, before, limit)
			if err != nil {
				t.Fatal(err)
			}
			return out, next
		}
		first, next := page(li, "", 2)
		if len(first) != 2 || first[0].Subject != "prf_1" || first[1].Subject != "prf_2" || next != first[1].PublicID {
			t.Fatalf("the first page is %+v, next %q", first, next)
		}
		if last, next := page(li, next, 2); len(last) != 1 || last[0].Subject != "prf_1" || next != "" {
			t.Errorf("the last page is %+v, next %q", last, next)
		}
		unread := func(a actor.Actor, want int64) {
			t.Helper()
			if n, err := m.Unread(t.Context(), a); err != nil || n != want {
				t.Errorf("%s has not read %d (%v), want %d", a.ID, n, err, want)
			}
		}
		unread(li, 3)
		if err := m.Read(t.Context(), chen, first[0].PublicID); err != nil { // none of chen's
			t.Fatal(err)
		}
		unread(li, 3)
		unread(chen, 1)
		if err := m.Read(t.Context(), li, first[1].PublicID); err != nil {
			t.Fatal(err)
		}
		unread(li, 1) // the newer one stays
		reviewer := actor.Actor{Account: li.Account, Roles: []actor.Role{actor.Reviewer}}
		if _, _, err := m.Page(t.Context(), reviewer, "", 1); fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer reads messages: %v", err)
		}
	})
}
