package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// Many domains of one holder are imported: the holder is looked up once.
func TestHolderOfManyImportsIsLookedUpOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		var all []string
		for i := range 30 {
			all = append(all, "old-"+string(rune('a'+i%26))+string(rune('a'+i/26))+".cn")
		}
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, all...))
		h.imports(all...)
		if n := h.count("domain WHERE holder_fold = ?", fold.Name(zhao)); n != len(all) {
			t.Errorf("the holder of %d domains is known, want all %d", n, len(all))
		}
		looks := len(slices.DeleteFunc(h.server.LogOf("contact", "old-0"), func(r sandbox.Received) bool { return r.Verb != "info" }))
		if looks > 3 { // a batch that is under way meanwhile may order one more
			t.Errorf("the holder was looked up %d times, want about once", looks)
		}
	})
}

// What a registry says about a contact and about its domains may come together.
func TestContactAndItsDomainsInOneBatch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "first.cn", "second.cn"))
		h.imports("first.cn", "second.cn")
		h.exec("UPDATE domain SET holder_fold = '', number_hash = NULL")
		info := func(name string) *eppdomain.InfoData {
			return &eppdomain.InfoData{Name: name, Registrant: "old-0", ClID: chinese, CrDate: c.Now(), ExDate: c.Now().AddDate(1, 0, 0), Statuses: []eppdomain.Status{{Value: epp.ClientHold}}}
		}
		h.apply(
			registry.Result{Registry: "cn", Kind: registry.ContactInfo, Outcome: registry.OutcomeDone, Contact: "old-0", At: c.Now()},
			registry.Result{Registry: "cn", Kind: registry.DomainInfo, Outcome: registry.OutcomeDone, Domain: "first.cn", Info: info("first.cn"), At: c.Now()},
		)
		for n, held := range map[string]bool{"first.cn": true, "second.cn": false} {
			if d := h.get(n); d.HolderFold != fold.Name(zhao) || d.Has(epp.ClientHold) != held {
				t.Errorf("%s: holder %q, %v", n, d.HolderFold, d.Statuses)
			}
		}
	})
}

// notice is a verdict about the holder, as a message tells it.
func notice(name, registrant string, passed bool, now time.Time, statuses ...string) registry.Result {
	info := &eppdomain.InfoData{Name: name, Registrant: registrant, ClID: chinese, CrDate: now, ExDate: now.AddDate(1, 0, 0)}
	for _, s := range statuses {
		info.Statuses = append(info.Statuses, eppdomain.Status{Value: s})
	}
	v := &registry.Verdict{Which: registry.RealName, Passed: passed}
	if !passed {
		v.Reason = "number_mismatch"
	}
	return registry.Result{Registry: "cn", Outcome: registry.OutcomeNotice, Domain: name, Info: info, Verdict: v, At: now}
}

// A message about the former holder was under way for a while. It says nothing
// about the new one.
func TestVerdictOfTheFormerHolderIsNotTheNewOnes(t *testing.T) {
	t.Parallel()
	for what, passed := range map[string]bool{"passed": true, "failed": false} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"))
				h.imports("old.cn")
				h.associate(changing(h.cnProfile(), "old.cn"))
				h.settles()
				before := h.get("old.cn")
				if before.Registrant == "old-0" || before.HolderState != domain.InReview {
					t.Fatalf("after the change: %+v", before)
				}
				h.apply(notice("old.cn", "old-0", passed, c.Now(), epp.ServerHold))
				h.settles()
				after := h.get("old.cn")
				if after.Registrant != before.Registrant || after.HolderState != domain.InReview || after.HolderReason != "" || after.Has(epp.ServerHold) {
					t.Errorf("a message about %s made it %+v", "the former holder", after)
				}
			})
		})
	}
}

// A message about the new holder comes before the answer to the change is written:
// the change is done, and the verdict counts.
func TestVerdictOfTheNewHolderMayComeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn", "other.cn"))
		h.imports("old.cn", "other.cn")
		profile := h.cnProfile()
		h.associate(changing(profile, "other.cn")) // the new holder's contact is there
		h.settles()
		contact := h.get("other.cn").Registrant
		if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Kind: sandbox.FaultSlow, Delay: time.Second}); err != nil {
			t.Fatal(err)
		}
		task := h.associate(changing(profile, "old.cn"))
		h.until("the change to be under way", func() bool { return h.at("old.cn").Registrant == contact })
		h.apply(notice("old.cn", contact, false, c.Now(), epp.StatusInactive))
		h.server.ClearFaults()
		h.server.Advance(time.Second)
		h.settles()
		d := h.get("old.cn")
		if d.Registrant != contact || d.NextVersionID != 0 || d.HolderState != domain.Failed || d.HolderReason != "number_mismatch" || d.HolderFold != fold.Name(li) {
			t.Errorf("%+v, want the new holder, failed", d)
		}
		h.wantItems(task, map[string]string{"old.cn": "failed number_mismatch"})
		h.event(d.PublicID, "domain.holder_changed")
	})
}

// Somebody else has changed the holder at the registry: who it is is looked up,
// and what was verified does not count for them.
func TestHolderChangedByOthersIsLookedUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "strangers.cn"))
		h.imports("strangers.cn")
		h.register("example.cn", h.cnProfile())
		h.reviewed()
		if got := h.status("example.cn"); got != domain.StatusNormal {
			t.Fatalf("example.cn is %s", got)
		}
		h.do(h.eyes(chinese), eppdomain.Update{Name: "example.cn", Chg: eppdomain.Change{Registrant: "old-0"}})
		h.refresh("example.cn")
		d := h.get("example.cn")
		if d.Registrant != "old-0" || d.HolderFold != fold.Name(zhao) || d.HolderState == domain.Verified || d.Status(c.Now()) == domain.StatusNormal {
			t.Errorf("%+v, want the holder that the registry has, not verified", d)
		}
	})
}

// A hold that comes and goes shows as the registry has it.
func TestHoldsOfTheRegistryShow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.register("example.cn", h.cnProfile())
		h.reviewed()
		for _, on := range []bool{true, false} {
			if err := h.server.SetHold("example.cn", on); err != nil {
				t.Fatal(err)
			}
			h.read()
			want := domain.StatusNormal
			if on {
				want = domain.StatusServerHold
			}
			if got := h.status("example.cn"); got != want {
				t.Errorf("hold %v: %s, want %s", on, got, want)
			}
		}
	})
}

// A name is deleted before we know that it was registered: its order is over.
func TestOrderOfANameDeletedBeforeWeKnewIsOver(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	o := h.place("example.cn", h.cnProfile())
	h.server.Cut(0)
	h.pay(o)
	h.apply(registry.Result{Registry: "cn", Outcome: registry.OutcomeNotice, Domain: "example.cn", Deleted: true, Message: "Deleted.", At: c.Now()})
	if got := h.order(o); got.State != domain.OrderFailed || got.Failure != "domain_deleted_by_registry" {
		t.Errorf("the order is %s (%s), want failed with a code", got.State, got.Failure)
	}
	h.event(o.PublicID, "order.failed")
}

// The registry is asked at once, past what we believe.
func TestTheRegistryItselfIsAsked(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"))
	h.imports("old.cn")
	if err := h.server.SetHold("old.cn", true); err != nil {
		t.Fatal(err)
	}
	got, err := h.domains.AskRegistry(t.Context(), h.me, "old.cn")
	if err != nil || got.Sponsor != chinese || got.Registrant != "old-0" || !slices.Contains(got.Statuses, epp.ServerHold) || got.ExpiresAt.IsZero() {
		t.Errorf("%+v %v", got, err)
	}
	_, err = h.domains.AskRegistry(t.Context(), h.other, "old.cn")
	h.wantFault("another account asks", err, "domain_not_found")
	h.do(h.eyes(chinese), eppdomain.Delete{Name: "old.cn"})
	_, err = h.domains.AskRegistry(t.Context(), h.me, "old.cn")
	h.wantFault("a name that is gone", err, "domain_not_at_registry")
	h.server.Cut(0)
	_, err = h.domains.AskRegistry(t.Context(), h.me, "old.cn")
	h.wantFault("a registry that is away", err, "registry_unreachable")
}
