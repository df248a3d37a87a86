package domain_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// TestWhatAProfileHolds: names under any version of it that are still ours, how many of
// them wait for their verdict, and when the first of these is held.
func TestWhatAProfileHolds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		id := h.cnProfile()
		v, err := h.profiles.Get(t.Context(), h.me, id)
		if err != nil {
			t.Fatal(err)
		}
		soon, later := c.Now().Add(24*time.Hour).Truncate(time.Microsecond).UTC(), c.Now().Add(72*time.Hour)
		for name, x := range map[string]struct {
			holder domain.Verdict
			state  domain.State
			due    time.Time
		}{
			"verified.cn": {domain.Verified, domain.Registered, c.Now()},
			"failed.cn":   {domain.Failed, domain.Registered, later},
			"waiting.cn":  {domain.NotCompleted, domain.Registered, soon},
			"gone.cn":     {domain.Failed, domain.Deleted, c.Now()},
		} {
			h.row(h.me, name, domain.Verified, x.holder, x.state)
			h.exec("UPDATE domain SET version_id = ?, due_at = ? WHERE name = ?", v.Current.ID, store.Micros(x.due), name)
		}
		h.row(h.me, "none.cn", domain.Verified, domain.NotCompleted, domain.Registered)
		got, err := h.domains.Holdings(t.Context(), h.me, []int64{v.Profile.ID, 4711})
		if err != nil {
			t.Fatal(err)
		}
		if x := got[v.Profile.ID]; x.Names != 3 || x.Waiting != 2 || !x.Due.Equal(soon) {
			t.Errorf("it holds %+v, want 3 names, 2 of them waiting, the first until %v", x, soon)
		}
		if len(got) != 1 {
			t.Errorf("holdings of %d profiles: %+v", len(got), got)
		}
		somebody := actor.Actor{ID: "per_else", Account: h.me.Account + 1000, Roles: []actor.Role{actor.Registrant}}
		if got, err := h.domains.Holdings(t.Context(), somebody, []int64{v.Profile.ID}); err != nil || len(got) != 0 {
			t.Errorf("somebody else sees %+v, %v", got, err)
		}
		if none, err := h.domains.Holdings(t.Context(), h.me, nil); err != nil || len(none) != 0 {
			t.Errorf("no profiles hold %+v, %v", none, err)
		}
	})
}
