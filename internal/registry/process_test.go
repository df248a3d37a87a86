package registry_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// pumpSessions lists the EPP sessions in which something was changed.
func (w *world) pumpSessions() []uint64 {
	seen := map[uint64]bool{}
	for _, r := range w.server.Log() {
		if r.Channel == "epp" && slices.Contains(transforms, r.Verb) {
			seen[r.Session] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (w *world) leader() (owner string) {
	w.Helper()
	err := w.store.R.NewRaw("SELECT owner FROM lease WHERE name = 'registry:cn' AND until_at > 0").Scan(w.Context(), &owner)
	if err != nil && !store.IsNotFound(err) {
		w.Fatal(err)
	}
	return owner
}

func TestOneProcessPumpsAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{account: func(a *registry.Account) { a.Sessions = 1 }})
		at := map[string]running{}
		for _, owner := range []string{"node-1", "node-2"} {
			at[owner] = w.run(w.process(owner))
		}
		id := w.contactFor("pv_li", "李思远")
		for _, n := range names("first-%02d.cn", 20) {
			w.create(n, id)
		}
		w.allDone()
		if got := w.pumpSessions(); len(got) != 1 {
			t.Errorf("commands were sent in the sessions %v, want one process at work", got)
		}
		leader := w.leader()
		at[leader].stop()
		for _, n := range names("second-%02d.cn", 20) {
			w.create(n, id)
		}
		w.allDone()
		w.nothingSentBlindly()
		if got := w.pumpSessions(); len(got) != 2 || w.leader() == leader {
			t.Errorf("commands were sent in the sessions %v, the leader is %s after %s: want that the other took over", got, w.leader(), leader)
		}
	})
}

func TestProcessWithoutTheLeaseClaimsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.contactFor("pv_li", "李思远")
		mine, ok, err := s.Acquire(t.Context(), "registry:cn", "desk", time.Minute)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := s.Release(t.Context(), mine); err != nil {
			t.Fatal(err)
		}
		theirs, ok, err := s.Acquire(t.Context(), "registry:cn", "node-2", time.Minute)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		for _, fence := range []int64{mine.Fence, theirs.Fence} {
			got, err := w.desk.ClaimAs(t.Context(), "cn", fence)
			if err != nil || len(got) != 0 {
				t.Errorf("a process that lost the lease claimed %v (%v) under fence %d", got, err, fence)
			}
		}
		if err := s.Release(t.Context(), theirs); err != nil {
			t.Fatal(err)
		}
		again, _, err := s.Acquire(t.Context(), "registry:cn", "desk", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.desk.ClaimAs(t.Context(), "cn", again.Fence)
		if err != nil || len(got) != 1 || got[0].Attempt != 1 || got[0].Fence != again.Fence || got[0].Cltrid == "" {
			t.Errorf("the holder of the lease claimed %+v (%v), want the contact", got, err)
		}
	})
}

// A process that is asked to stop waits for the answer to what it has written,
// and writes nothing more.
func TestStoppingProcessWritesNothingMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := names("old-%02d.cn", 5)
		w := open(t, s, c, setting{sandbox: seeded(all...), account: func(a *registry.Account) { a.Sessions, a.Depth = 1, 1 }})
		id := w.contactFor("pv_li", "李思远")
		p := w.run(w.desk)
		w.allDone()
		if err := w.server.SetFaults(sandbox.Fault{Verb: "update", Kind: sandbox.FaultSlow, Delay: time.Minute, Times: 1}); err != nil {
			t.Fatal(err)
		}
		for _, n := range all {
			w.change(n, id, registry.Bulk)
		}
		w.until("the first change to be under way", func() bool { return w.received("update", "domain") == 1 })
		p.cancel()
		w.server.Advance(time.Minute)
		<-p.ended
		if n := w.received("update", "domain"); n != 1 {
			t.Errorf("the registry received %d changes, want only the one that was under way", n)
		}
		if got := w.state("domain:old-00.cn"); got != registry.Done {
			t.Errorf("the change under way is %s, want done", got)
		}
		w.run(w.process("next"))
		w.allDone()
		w.nothingSentBlindly()
	})
}

func TestWrongPasswordIsNotTriedAgainAndAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{account: func(a *registry.Account) { a.Password = "not-it-at-all" }})
		id := w.contactFor("pv_li", "李思远")
		w.create("example.cn", id)
		p := w.run(w.desk)
		w.until("a login", func() bool { return w.received("login", "") > 0 })
		for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			w.advance(time.Minute)
			if _, _, err := w.desk.Available(t.Context(), "cn", "example.cn"); fault.Code(err) != "registry_unreachable" {
				t.Fatalf("asking gives %v, want registry_unreachable", err)
			}
		}
		if n := w.received("login", ""); n > 3 {
			t.Errorf("%d logins with a wrong password, want one a session at most", n)
		}
		for _, cmd := range w.commands() {
			if cmd.Attempt != 0 || cmd.State != registry.Ready && cmd.State != registry.Blocked {
				t.Errorf("%s is %s after %d attempts, want untouched", cmd.Object, cmd.State, cmd.Attempt)
			}
		}
		p.stop()
		w.config.Accounts[0].Password = ourPassword
		w.run(w.process("next"))
		w.allDone()
	})
}

func TestQuestionsToTheRegistry(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{sandbox: seeded("taken.cn")})
	ask := func(name string) (bool, string, error) { return w.desk.Available(t.Context(), "cn", name) }
	if ok, _, err := ask("free.cn"); !ok || err != nil {
		t.Errorf("free.cn: %v %v, want available", ok, err)
	}
	if ok, why, err := ask("taken.cn"); ok || why == "" || err != nil {
		t.Errorf("taken.cn: %v %q %v, want taken with the registry's reason", ok, why, err)
	}
	d, standing, err := w.desk.Now(t.Context(), "cn", "taken.cn")
	if err != nil || d.Registrant != "old-holder" || standing == nil || len(standing.Missing) != 2 || standing.Due.IsZero() {
		t.Errorf("taken.cn now: %+v %+v %v", d, standing, err)
	}
	if _, _, err := w.desk.Now(t.Context(), "cn", "free.cn"); fault.Code(err) != "domain_not_at_registry" {
		t.Errorf("free.cn now: %v, want domain_not_at_registry", err)
	}
	// A session that was closed while idle is replaced, once.
	w.server.Cut(0)
	w.server.Restore()
	if ok, _, err := ask("free.cn"); !ok || err != nil {
		t.Errorf("after the session was lost: %v %v, want an answer", ok, err)
	}
	for name, f := range map[string]sandbox.Fault{
		"fails":            {Kind: sandbox.FaultCode, Code: epp.CodeFailed},
		"fails and closes": {Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing},
		"is away":          {Kind: sandbox.FaultCut},
	} {
		f.Verb = "check"
		if err := w.server.SetFaults(f); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ask("free.cn"); fault.Code(err) != "registry_unreachable" {
			t.Errorf("a registry that %s: %v, want registry_unreachable", name, err)
		}
		w.server.ClearFaults()
		w.until("the registry to answer again", func() bool { ok, _, _ := ask("free.cn"); return ok })
	}
}

func TestAccountsAreCheckedAtTheStart(t *testing.T) {
	t.Parallel()
	for name, accounts := range map[string][]registry.Account{
		"unknown driver": {{Name: "a", Driver: "carrier-pigeon"}},
		"twice":          {{Name: "a", Driver: "thin"}, {Name: "a", Driver: "cnnic"}},
		"no roots":       {{Name: "a", Driver: "thin", CAPEM: []byte("not a certificate")}},
		"no such file":   {{Name: "a", Driver: "thin", CAFile: "/nonexistent/ca.pem"}},

		"unknown contacts":         {{Name: "a", Driver: "standard", Contacts: "some"}},
		"unknown naming":           {{Name: "a", Driver: "standard", Naming: "never"}},
		"thin with contacts":       {{Name: "a", Driver: "thin", Contacts: "required"}},
		"codes of nobody":          {{Name: "a", Driver: "verificationcode"}},
		"codes of an unknown":      {{Name: "a", Driver: "verificationcode", VSP: "b"}},
		"codes of a registry":      {{Name: "a", Driver: "verificationcode", VSP: "b"}, {Name: "b", Driver: "thin"}},
		"CNNIC with codes":         {{Name: "a", Driver: "cnnic", VSP: "a"}},
		"provider without number":  {{Name: "a", Driver: "nv", IssuersPEM: []byte("x")}},
		"provider of no issuers":   {{Name: "a", Driver: "nv", ProviderID: "1"}},
		"issuers that are none":    {{Name: "a", Driver: "nv", ProviderID: "1", IssuersPEM: []byte("x")}},
		"provider that registers":  {{Name: "a", Driver: "nv", ProviderID: "1", IssuersPEM: []byte("x"), Suffixes: []string{"com"}}},
		"no file with the issuers": {{Name: "a", Driver: "nv", ProviderID: "1", IssuersFile: "/nonexistent/issuers.pem"}},
	} {
		if _, err := registry.New(registry.Config{Store: &store.Store{}, Accounts: accounts}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	r, err := registry.New(registry.Config{Accounts: []registry.Account{{Name: "cn", Driver: "cnnic", Suffixes: []string{"cn", "xn--fiqs8s"}}, {Name: "gtld", Driver: "thin", Suffixes: []string{"com"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Names(); !slices.Equal(got, []string{"cn", "gtld"}) {
		t.Errorf("the accounts are %v", got)
	}
	if name, err := r.For("xn--fiqs8s"); name != "cn" || err != nil {
		t.Errorf("中国 goes to %s (%v)", name, err)
	}
	if _, err := r.For("example"); fault.Code(err) != "suffix_unsupported" {
		t.Errorf("a suffix of nobody's: %v, want suffix_unsupported", err)
	}
}
