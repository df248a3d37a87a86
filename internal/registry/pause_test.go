package registry_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func (w *world) pause(cause string, offline bool) registry.Pause {
	w.Helper()
	p, err := w.desk.Pause(w.Context(), operator, "cn", cause, offline)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func (w *world) resume() {
	w.Helper()
	if err := w.desk.Resume(w.Context(), operator, "cn", "The window is over."); err != nil {
		w.Fatal(err)
	}
}

// hours lets time pass, while everything that may be done is done.
func (w *world) hours(d time.Duration) {
	w.Helper()
	later := w.clock.Now().Add(d)
	w.wait("time to pass", d/20, func() bool { return !w.clock.Now().Before(later) })
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	if err := w.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(w.Context(), &n); err != nil {
		w.Fatal(err)
	}
	return n
}

// A paused registry is sent nothing, its messages are read all the same, and nothing is
// lost: what was ordered meanwhile is sent once it is resumed.
func TestAPausedRegistryIsSentNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := names("old-%02d.cn", 8)
		w := open(t, s, c, setting{sandbox: seeded(all...)})
		id := w.contactFor("pv_li", "李思远")
		w.create("new.cn", id)
		w.run(w.desk)
		w.until("the registry to take the name", w.ended)
		p := w.pause(" Maintenance. ", false)
		if again := w.pause("Again.", true); again.Cause != "Maintenance." || again.Offline || again.Author != operator.ID || !again.At.Equal(p.At.Time) {
			t.Errorf("paused twice: %+v", again)
		}
		sent, told := len(w.server.LogOf("domain", all[0])), w.sink.notices("new.cn")
		for _, n := range all {
			w.change(n, id, registry.Bulk)
			w.refresh(n)
		}
		w.hours(20 * time.Minute)
		w.until("a message to be read while the registry is paused", func() bool { return w.sink.notices("new.cn") > told })
		for _, n := range all {
			if got := len(w.server.LogOf("domain", n)); got != sent {
				t.Errorf("%s: %v was sent while the registry is paused", n, w.sent("domain", n))
			}
		}
		if _, _, err := w.desk.Available(t.Context(), "cn", "free.cn"); fault.Code(err) != "registry_paused" {
			t.Errorf("a question while the registry is paused: %v", err)
		}
		found, err := w.desk.Conditions(t.Context(), operator)
		if err != nil || found[0].Pause == nil || found[0].Pause.Cause != "Maintenance." || found[0].Open[registry.Ready] != 16 {
			t.Errorf("%+v, %v", found, err)
		}
		if got := w.findings(); len(got) != 1 || got[0] != registry.PausedFinding+" " {
			t.Errorf("operators are told %q", got)
		}
		w.resume()
		w.allDone()
		w.nothingSentBlindly()
		w.resume() // which changes nothing
		if got := w.findings(); len(got) != 0 {
			t.Errorf("after it operators are told %q", got)
		}
		if _, _, err := w.desk.Available(t.Context(), "cn", "free.cn"); err != nil {
			t.Errorf("a question afterwards: %v", err)
		}
		for what, n := range map[string]int{
			"audit_entry WHERE subject = 'cn' AND action IN ('registry.pause', 'registry.resume')": 2,
			"event WHERE subject = 'cn' AND type IN ('registry.paused', 'registry.resumed')":       2,
			"registry_pause": 0,
		} {
			if got := w.count(what); got != n {
				t.Errorf("%d of %s, want %d", got, what, n)
			}
		}
	})
}

// What is in doubt stays in doubt while the registry is paused, and is looked up before it
// is sent again.
func TestDoubtWaitsForTheEndOfAPause(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{sandbox: seeded("old.cn")})
	id := w.contactFor("pv_li", "李思远")
	w.run(w.desk)
	w.allDone()
	if err := w.server.SetFaults(sandbox.Fault{Verb: "update", Kind: sandbox.FaultDropBefore, Times: 1}); err != nil {
		t.Fatal(err)
	}
	w.change("old.cn", id, registry.Bulk)
	w.until("the answer to be lost", func() bool { return w.state("domain:old.cn") == registry.Doubt })
	w.pause("Maintenance.", false)
	w.hours(20 * time.Minute)
	if w.state("domain:old.cn") != registry.Doubt || len(w.sent("domain", "old.cn")) != 1 {
		t.Errorf("%s, the registry received %v", w.state("domain:old.cn"), w.sent("domain", "old.cn"))
	}
	w.resume()
	w.allDone()
	w.nothingSentBlindly()
}

// Offline there is no session and no message is read; both come back.
func TestARegistryThatIsOfflineHasNoSession(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("old.cn"), account: func(a *registry.Account) { a.MinSessions = 2 }})
		id := w.contactFor("pv_li", "李思远")
		w.create("new.cn", id)
		w.run(w.desk)
		w.until("the registry to take the name", w.ended)
		sessions := func() int {
			found, err := w.desk.Conditions(t.Context(), operator)
			if err != nil {
				t.Fatal(err)
			}
			return found[0].Sessions.Open
		}
		w.pause("They asked for it.", true)
		w.until("the sessions to end", func() bool { return sessions() == 0 })
		logins := w.received("login", "")
		w.hours(20 * time.Minute)
		if w.sink.notices("new.cn") > 0 || sessions() > 0 || w.received("login", "") != logins {
			t.Errorf("%d messages, %d sessions, %d new logins while offline", w.sink.notices("new.cn"), sessions(), w.received("login", "")-logins)
		}
		w.resume()
		w.until("the sessions to come back", func() bool { return sessions() >= 2 })
		w.allDone()
		w.until("the messages", func() bool { return w.sink.notices("new.cn") > 0 })
	})
}

func TestWhoMayPauseARegistry(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	admin := actor.Actor{ID: "per_ada", Roles: []actor.Role{actor.Admin}}
	pause := func(a actor.Actor, name, cause string) error {
		_, err := w.desk.Pause(t.Context(), a, name, cause, false)
		return err
	}
	for _, x := range []struct {
		what string
		err  error
		want string
	}{
		{"by an admin", pause(admin, "cn", "x"), "forbidden"},
		{"resumed by an admin", w.desk.Resume(t.Context(), admin, "cn", ""), "forbidden"},
		{"of nobody", pause(operator, "moon", "x"), "registry_unknown"},
		{"resumed, of nobody", w.desk.Resume(t.Context(), operator, "moon", ""), "registry_unknown"},
		{"for nothing", pause(operator, "cn", "  "), "cause_required"},
	} {
		if fault.Code(x.err) != x.want {
			t.Errorf("%s: %v, want %s", x.what, x.err, x.want)
		}
	}
	if n := w.count("registry_pause"); n != 0 {
		t.Errorf("%d pauses", n)
	}
}
