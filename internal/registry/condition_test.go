package registry_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// TestAnOperatorSeesHowAnAccountIsDoing: what is open, by state and lane, what is in
// doubt, and what was refused lately.
func TestAnOperatorSeesHowAnAccountIsDoing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		operator := actor.Actor{ID: "per_ola", Roles: []actor.Role{actor.Operator}}
		id := w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.allDone()
		w.create("one.cn", id)
		w.allDone()
		stopped := func() registry.Condition {
			t.Helper()
			all, err := w.desk.Conditions(t.Context(), operator)
			if err != nil || len(all) == 0 {
				t.Fatalf("%d accounts, %v", len(all), err)
			}
			i := slices.IndexFunc(all, func(c registry.Condition) bool { return c.Name == w.only("domain:one.cn").Registry })
			return all[i]
		}
		if got := stopped(); !got.Works || got.Waiting() != 0 || !got.Oldest.IsZero() || got.Findings != 0 {
			t.Errorf("at rest: %+v", got)
		}
		at := store.At(s.Now()).UnixMicro()
		w.exec("UPDATE registry_command SET state = 'doubt', not_before = 9000000000000000, sent_at = ? WHERE object = 'domain:one.cn'", at)
		got := stopped()
		if want := map[registry.State]int{registry.Doubt: 1}; !maps.Equal(got.Open, want) || got.Oldest.IsZero() {
			t.Errorf("with one in doubt: %+v", got)
		}
		doubts, failed, err := w.desk.Trouble(t.Context(), operator, got.Name, s.Now().Add(-time.Hour), 10)
		if err != nil || len(doubts) != 1 || doubts[0].Object != "domain:one.cn" || len(failed) != 0 {
			t.Errorf("trouble: %+v, %+v, %v", doubts, failed, err)
		}
		w.exec("UPDATE registry_command SET state = 'failed', result_code = 2304, done_at = ? WHERE object = 'domain:one.cn'", at)
		if doubts, failed, err = w.desk.Trouble(t.Context(), operator, got.Name, s.Now().Add(-time.Hour), 10); err != nil || len(doubts) != 0 || !slices.Equal(failed, []registry.Failures{{ResultCode: 2304, Count: 1}}) {
			t.Errorf("after a refusal: %+v, %+v, %v", doubts, failed, err)
		}
		if _, failed, err = w.desk.Trouble(t.Context(), operator, got.Name, s.Now().Add(time.Hour), 10); err != nil || len(failed) != 0 {
			t.Errorf("refused later: %+v, %v", failed, err)
		}
		if _, _, err := w.desk.Trouble(t.Context(), operator, "nowhere", s.Now(), 10); fault.Code(err) != "registry_unknown" {
			t.Errorf("an account that is not there: %v", err)
		}
		registrant := actor.Actor{ID: "per_li", Account: 1, Roles: []actor.Role{actor.Registrant}}
		if _, err := w.desk.Conditions(t.Context(), registrant); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks: %v", err)
		}
		if _, _, err := w.desk.Trouble(t.Context(), registrant, got.Name, s.Now(), 10); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant asks for trouble: %v", err)
		}
	})
}
