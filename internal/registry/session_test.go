package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// An empty purse stops what costs, and nothing else. It is tried again after a
// while; to nobody anything has failed.
func TestEmptyPurseStopsOnlyWhatCosts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("old.cn")})
		id := w.contactFor("pv_li", "李思远")
		w.run(w.desk)
		w.allDone()
		if err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "domain", Kind: sandbox.FaultCode, Code: epp.CodeBilling}); err != nil {
			t.Fatal(err)
		}
		all := names("new-%02d.cn", 40)
		w.create(all[0], id)
		w.until("the purse to be found empty", func() bool { return w.only("domain:"+all[0]).Failures == 1 })
		w.until("the alarm", func() bool { return strings.Contains(w.log.String(), "used up") })
		for _, n := range all[1:] {
			w.create(n, id)
		}
		w.change("old.cn", id, registry.Bulk)
		w.until("what costs nothing to be done", func() bool { return w.only("domain:old.cn").State == registry.Done })
		later := c.Now().Add(9 * time.Minute)
		w.wait("nine minutes", 10*time.Second, func() bool { return c.Now().After(later) })
		if n := w.received("create", "domain"); n != 1 {
			t.Errorf("%d creates were sent on an empty purse, want the one that found it empty", n)
		}
		w.server.ClearFaults()
		w.allDone()
	})
}

func TestRefusedCredentialsAreTriedAgainAfterAnHour(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	if err := w.server.SetFaults(sandbox.Fault{Verb: "login", Kind: sandbox.FaultCode, Code: epp.CodeAuthentication}); err != nil {
		t.Fatal(err)
	}
	w.contactFor("pv_li", "李思远")
	w.run(w.desk)
	w.until("the alarm", func() bool { return strings.Contains(w.log.String(), "refuses our credentials") })
	later := c.Now().Add(50 * time.Minute)
	w.wait("fifty minutes", time.Minute, func() bool { return c.Now().After(later) })
	if n := w.received("login", ""); n > 3 {
		t.Errorf("%d logins within the hour, want at most one a session", n)
	}
	w.server.ClearFaults()
	w.allDone()
}

// A registry that allows fewer sessions than are configured gets its work done on
// those that it allows.
func TestOneSessionIsEnough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{
			sandbox: func(c *sandbox.Config) { seeded(names("old-%02d.cn", 25)...)(c); c.MaxSessions = 1 },
			account: func(a *registry.Account) { a.Sessions = 5 },
		})
		w.batch()
		w.run(w.desk)
		w.allDone()
		w.nothingSentBlindly()
		if ok, _, err := w.desk.Available(t.Context(), "cn", "free.cn"); !ok || err != nil {
			t.Errorf("a question on the only session: %v %v", ok, err)
		}
		if log := w.log.String(); !strings.Contains(log, "session opened") || strings.Contains(log, ourPassword) {
			t.Error("the log lacks the sessions, or has a password")
		}
		if n := w.received("login", ""); n > 10 {
			t.Errorf("%d logins: the registry was dialed again and again", n)
		}
	})
}

// The end of a session puts off what was on its way, not what was about to go.
func TestEndOfASessionHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded(names("old-%02d.cn", 25)...), account: func(a *registry.Account) { a.Sessions, a.Depth = 1, 1 }})
		if err := w.server.SetFaults(sandbox.Fault{Verb: "update", Name: "old-03.cn", Kind: sandbox.FaultDropBefore, Times: 1}); err != nil {
			t.Fatal(err)
		}
		w.batch()
		w.run(w.desk)
		w.until("all others to be done", func() bool {
			for _, c := range w.commands() {
				if lost := c.Object == "domain:old-03.cn"; lost != (c.State == registry.Doubt) || !lost && c.State != registry.Done {
					return false
				}
			}
			return true
		})
		for _, c := range w.commands() {
			if c.Failures > 0 {
				t.Errorf("%s has %d failures, though it was the session that failed", c.Object, c.Failures)
			}
		}
		w.allDone()
		w.nothingSentBlindly()
	})
}
