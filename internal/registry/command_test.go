package registry_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestContactComesBeforeItsDocumentsAndItsDomains(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		id := w.contactFor("pv_li", "李思远")
		w.create("first.cn", id)
		w.create("second.cn", id)
		for object, want := range map[string]registry.State{"contact:" + id: registry.Ready, "evidence:" + id: registry.Blocked, "domain:first.cn": registry.Blocked, "domain:second.cn": registry.Blocked} {
			if got := w.state(object); got != want {
				t.Errorf("before anything is sent %s is %s, want %s", object, got, want)
			}
		}
		w.run(w.desk)
		w.allDone()
		var order []string
		for _, r := range w.server.Log() {
			if r.Verb == "create" || r.Verb == "evidence" {
				order = append(order, r.Verb+" "+r.Object)
			}
		}
		if len(order) != 4 || order[0] != "create contact" || !slices.Contains(order, "evidence contact") {
			t.Errorf("the registry received %v, want the contact first, then its documents and two names", order)
		}
		c2 := w.witness(us, ourPassword)
		if d := w.at(c2, "first.cn"); d == nil || d.Registrant != id {
			t.Errorf("first.cn at the registry: %+v, want the registrant %s", d, id)
		}
		known, ok, err := registry.KnownContact(t.Context(), s.R, "cn", id)
		if err != nil || !ok || known.State != "present" || known.Evidence != registry.EvidenceSent {
			t.Errorf("we know of the contact: %+v %v %v", known, ok, err)
		}
		if !w.sink.heard("first.cn", func(r registry.Result) bool {
			return r.Kind == registry.DomainCreate && r.Outcome == registry.OutcomeDone && r.Subject == "order of first.cn"
		}) {
			t.Errorf("the end of the order was not told: %+v", w.sink.about("first.cn"))
		}
	})
}

func TestHolderHasOneContactAtARegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		first, second := w.contactFor("pv_li", "李思远"), w.contactFor("pv_li", "李思远")
		other := w.contactFor("pv_wang", "王若溪")
		if first != second || first == other {
			t.Errorf("contacts %s, %s for one holder and %s for another", first, second, other)
		}
		w.run(w.desk)
		w.allDone()
		if n := w.received("create", "contact"); n != 2 {
			t.Errorf("%d contacts were created, want 2", n)
		}
	})
}

func TestRefusedContactFailsWhatWaitedForIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("existing.cn")})
		if err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "contact", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		id := w.contactFor("pv_li", "李思远")
		w.create("new.cn", id)
		w.change("existing.cn", id, registry.Bulk)
		w.run(w.desk)
		w.pass("the refusal", w.ended)
		for _, object := range []string{"contact:" + id, "evidence:" + id, "domain:new.cn", "domain:existing.cn"} {
			if got := w.only(object); got.State != registry.Failed || got.ResultCode != epp.CodePolicy {
				t.Errorf("%s is %s with %d, want failed with the contact's code", object, got.State, got.ResultCode)
			}
		}
		for _, name := range []string{"new.cn", "existing.cn"} {
			var told []registry.Result
			w.until("the end of "+name+" to be told", func() bool { told = w.sink.about(name); return len(told) > 0 })
			if len(told) != 1 || told[0].Outcome != registry.OutcomeRefused || told[0].Code != epp.CodePolicy || told[0].Subject == "" {
				t.Errorf("about %s was told %+v, want one refusal", name, told)
			}
		}
		if n := w.received("create", "domain") + w.received("update", "domain") + w.received("evidence", ""); n != 0 {
			t.Errorf("%d commands were sent for a contact that does not exist", n)
		}
	})
}

// A holder is not refused for ever: the next order makes the contact anew.
func TestContactRefusedOnceIsMadeAnewForTheNextOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		if err := w.server.SetFaults(sandbox.Fault{Verb: "create", Object: "contact", Kind: sandbox.FaultCode, Code: epp.CodePolicy, Times: 1}); err != nil {
			t.Fatal(err)
		}
		w.run(w.desk)
		refused := w.contactFor("pv_li", "李思远")
		w.create("first.cn", refused)
		w.pass("the refusal", w.ended)
		id := w.contactFor("pv_li", "李思远")
		w.create("second.cn", id)
		w.pass("second.cn to be registered", func() bool { return w.state("domain:second.cn") == registry.Done })
		if d := w.at(w.witness(us, ourPassword), "second.cn"); d == nil || d.Registrant != id {
			t.Errorf("second.cn at the registry: %+v, want the registrant %s", d, id)
		}
		w.pass("the documents to be sent", func() bool { return w.state("evidence:"+id) == registry.Done })
	})
}

func TestCommandsOfOneObjectGoOneAfterAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: seeded("example.cn"), account: func(a *registry.Account) { a.Depth = 16 }})
		a, b := w.contactFor("pv_a", "甲"), w.contactFor("pv_b", "乙")
		for range 4 {
			w.change("example.cn", a, registry.Bulk)
			w.refresh("example.cn")
			w.change("example.cn", b, registry.Bulk)
		}
		w.run(w.desk)
		w.allDone()
		got := slices.DeleteFunc(w.server.LogOf("domain", "example.cn"), func(r sandbox.Received) bool { return r.Client != us })
		if len(got) != 12 {
			t.Fatalf("%d commands about example.cn were sent, want 12", len(got))
		}
		for i, r := range got {
			want := []string{"update", "info", "update"}[i%3]
			if r.Verb != want || r.ClTRID != w.of("domain:example.cn")[i].Cltrid {
				t.Fatalf("command %d is %s %s, want %s in the order of ordering", i, r.Verb, r.ClTRID, want)
			}
		}
		if d := w.at(w.witness(us, ourPassword), "example.cn"); d.Registrant != b {
			t.Errorf("the registrant is %s, want the last one ordered, %s", d.Registrant, b)
		}
	})
}

// More bulk commands wait than are claimed at once. The urgent one is in the first
// batch of one of the two pumps, each of which may be the first to write.
func TestInteractiveCommandsGoBeforeBulk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		bulk := names("bulk-%03d.cn", 1000)
		w := open(t, s, c, setting{sandbox: seeded(append(bulk, "urgent.cn")...)})
		w.tx(func(ctx context.Context, tx *store.Tx) error {
			for _, n := range bulk {
				if err := w.desk.Refresh(ctx, tx, "cn", n, "", registry.Bulk); err != nil {
					return err
				}
			}
			return nil
		})
		w.refresh("urgent.cn")
		w.run(w.desk)
		w.until("all to be sent", w.ended)
		log := w.server.LogOf("domain", "")
		// They have a pump of their own, which begins beside that of the bulk: not a moment
		// before it, but long before that is through.
		if at := slices.IndexFunc(log, func(r sandbox.Received) bool { return r.Name == "urgent.cn" }); at < 0 || at >= len(log)/2 {
			t.Errorf("urgent.cn went as number %d of %d", at, len(log))
		}
	})
}

func TestUnknownRegistryIsAnErrorAndNotAnAccident(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{})
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return w.desk.Refresh(ctx, tx, "gone", "example.cn", "", registry.Bulk)
	})
	if err == nil {
		t.Error("a command for a registry that is not configured was taken")
	}
	if _, _, err := w.desk.Now(t.Context(), "gone", "example.cn"); err == nil {
		t.Error("a registry that is not configured was asked")
	}
	if _, _, err := w.desk.Available(t.Context(), "gone", "example.cn"); err == nil {
		t.Error("a registry that is not configured was asked")
	}
}

// A message has brought what a sweep would ask for: only that is not asked any more.
func TestMessageMakesASweepOfItsDomainNeedless(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{})
		w.tx(func(ctx context.Context, tx *store.Tx) error {
			for _, q := range []struct {
				name string
				lane int
			}{{"swept.cn", registry.Sweep}, {"asked.cn", registry.Interactive}, {"other.cn", registry.Sweep}} {
				if err := w.desk.Refresh(ctx, tx, "cn", q.name, "", q.lane); err != nil {
					return err
				}
			}
			w.desk.Refreshed(tx, "cn", "swept.cn")
			w.desk.Refreshed(tx, "cn", "asked.cn")
			return nil
		})
		for name, want := range map[string]registry.State{"swept.cn": registry.Cancelled, "asked.cn": registry.Ready, "other.cn": registry.Ready} {
			if got := w.state("domain:" + name); got != want {
				t.Errorf("the question about %s is %s, want %s", name, got, want)
			}
		}
	})
}

// Two batches of a task are under way at a registry that takes its time: what a person waits
// for is answered meanwhile, and what else there is has to wait.
func TestPeopleDoNotWaitBehindATask(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{account: func(a *registry.Account) { a.Sessions = 4 }})
		slow := func(name string) sandbox.Fault {
			return sandbox.Fault{Verb: "info", Name: name, Kind: sandbox.FaultSlow, Delay: time.Minute, Times: 1}
		}
		if err := w.server.SetFaults(slow("first.cn"), slow("second.cn")); err != nil {
			t.Fatal(err)
		}
		ask := func(name string, lane int) {
			w.tx(func(ctx context.Context, tx *store.Tx) error { return w.desk.Refresh(ctx, tx, "cn", name, "", lane) })
		}
		w.run(w.desk)
		for _, name := range []string{"first.cn", "second.cn"} {
			ask(name, registry.Bulk)
			w.until(name+" to be under way", func() bool { return w.state("domain:"+name) == registry.Inflight })
		}
		ask("third.cn", registry.Bulk)
		ask("urgent.cn", registry.Interactive)
		w.until("the answer that somebody waits for", func() bool { return w.state("domain:urgent.cn") == registry.Failed })
		for name, want := range map[string]registry.State{"first.cn": registry.Inflight, "second.cn": registry.Inflight, "third.cn": registry.Ready} {
			if got := w.state("domain:" + name); got != want {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
		w.advance(time.Minute)
		w.until("all answers", func() bool { return w.state("domain:third.cn") == registry.Failed })
	})
}
