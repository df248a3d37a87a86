package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// codedSuffix is .网址, whose registry takes codes of a provider.
const codedSuffix = ".xn--ses554g"

// provided lets the provider decide, and waits until all of that is known everywhere.
func (h *house) provided() {
	h.Helper()
	h.settles()
	h.pass(providerDelay)
	h.read()
	h.read() // what became of it at the registry
}

// unlikely is a verified profile whose holder the provider judges by a magic value.
func (h *house) unlikely(a actor.Actor, name string) string {
	h.Helper()
	v := h.draft(a, forCodes, name, liNumber)
	h.exec("UPDATE profile_version SET state = 'verified' WHERE id = ?", v.Current.ID)
	h.exec("UPDATE profile SET version_id = ? WHERE id = ?", v.Current.ID, v.Profile.ID)
	return v.Profile.PublicID
}

// codesAt are the types of code that the registry has for a name, sorted.
func (h *house) codesAt(name string) (out []string) {
	h.Helper()
	resp := h.do(h.eyes(coded), eppdomain.Info{Name: name}, vcode.Info{})
	v, err := vcode.ParseInfoData(resp.Extension(vcode.NS))
	if err != nil {
		h.Fatal(err)
	}
	for _, p := range v.Profiles {
		for _, s := range p.Set {
			out = append(out, s.Type)
		}
	}
	slices.Sort(out)
	return out
}

// received lists the verbs that the registry received about a name, without questions.
func (h *house) received(name string) (out []string) {
	for _, r := range h.server.LogOf("domain", name) {
		if r.Verb != "info" && r.Verb != "check" {
			out = append(out, r.Verb)
		}
	}
	return out
}

func TestNameIsRegisteredWithItsCodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		const name = "example" + codedSuffix
		profile := h.verified(h.me, forCodes, li, liNumber)
		o := h.pay(h.place(name, profile))
		h.settles()
		if o.State != domain.NamingReview || len(h.received(name)) != 0 {
			t.Errorf("before the provider has decided: %s, and the registry received %v", o.State, h.received(name))
		}
		h.provided()
		d := h.get(name)
		if h.order(o).State != domain.Completed || d.Verification() != domain.Verified || d.Status(c.Now()) != domain.StatusNormal || d.SyncState != domain.SyncDone {
			t.Errorf("order %s, domain %+v, %s; want it normal", h.order(o).State, d, d.Status(c.Now()))
		}
		if got := h.codesAt(name); !slices.Equal(got, []string{"domain", "real-name"}) {
			t.Errorf("the registry has the codes %v", got)
		}
		if got := h.received(name); !slices.Equal(got, []string{"create"}) {
			t.Errorf("the registry received %v, want both codes with the create", got)
		}
		// The second name of a holder needs a code of its own; the holder's serves again.
		const second = "second" + codedSuffix
		h.pay(h.place(second, profile))
		h.provided()
		if got := h.status(second); got != domain.StatusNormal {
			t.Errorf("the second name is %s", got)
		}
		if n := h.count("verification_code WHERE type = 'real-name'"); n != 1 {
			t.Errorf("the holder was verified %d times, want once", n)
		}
	})
}

// The provider takes longer with the holder than with the name: the code follows with an
// update that says nothing else. In the meantime the registry waits, and then holds.
func TestHoldersCodeFollows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, func(c *sandbox.Config) { c.VSP.SlowDelay = 6 * day })
		const name = "example" + codedSuffix
		h.pay(h.place(name, h.unlikely(h.me, li+"SLOW")))
		h.provided()
		d := h.get(name)
		if d.State != domain.Registered || d.NamingState != domain.Verified || d.HolderState != domain.InReview || !d.DueAt.Equal(c.Now().Add(holdAfter)) {
			t.Errorf("with the name's code: %+v", d)
		}
		h.pass(holdAfter)
		h.read()
		if d = h.get(name); !d.Has(epp.ServerHold) {
			t.Errorf("past its date: %v, want serverHold", d.Statuses)
		}
		h.pass(day)
		h.read()
		h.read()
		h.pass(releaseDelay)
		h.read()
		if d = h.get(name); d.Status(c.Now()) != domain.StatusNormal || d.HolderState != domain.Verified {
			t.Errorf("with the holder's code: %s, %+v", d.Status(c.Now()), d)
		}
		if got := h.received(name); !slices.Equal(got, []string{"create", "update"}) {
			t.Errorf("the registry received %v", got)
		}
	})
}

func TestProvidersVerdictsEndOnTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		good, bad := h.verified(h.me, forCodes, li, liNumber), h.unlikely(h.me, wang+"FAIL-number_mismatch")
		refused, both := h.pay(h.place("will-fail"+codedSuffix, good)), h.pay(h.place("both-fail"+codedSuffix, bad))
		holder, waits := h.pay(h.place("example"+codedSuffix, bad)), h.pay(h.place("pending"+codedSuffix, good))
		h.provided()
		for what, o := range map[string]domain.Order{"name": refused, "name and holder": both} {
			if o = h.order(o); o.State != domain.OrderFailed || o.Failure != "name_prohibited" || len(h.received(o.Name)) != 0 {
				t.Errorf("%s refused: %s (%s), and the registry received %v", what, o.State, o.Failure, h.received(o.Name))
			}
		}
		d := h.get(holder.Name)
		if h.order(holder).State != domain.Completed || d.NamingState != domain.Verified || d.HolderState != domain.Failed || d.HolderReason != "number_mismatch" {
			t.Errorf("holder refused: %+v", d)
		}
		if got := h.order(waits).State; got != domain.NamingReview {
			t.Errorf("a name in review: %s", got)
		}
		h.event(d.PublicID, "domain.real_name_failed")

		// The registrant corrects the profile: only evidence is sent, the name stays.
		corrected := h.verified(h.me, forCodes, wang, wangNumber)
		h.exec("UPDATE domain SET holder_fold = ?, number_hash = (SELECT number_hash FROM profile_version v JOIN profile p ON p.version_id = v.id WHERE p.public_id = ?) WHERE name = ?", fold.Name(wang), corrected, d.Name)
		task := h.associate(submitting(corrected, d.Name))
		h.provided()
		h.wantItems(task, map[string]string{domain.Display(d.Name): "succeeded"})
		if d = h.get(d.Name); d.Verification() != domain.Verified || d.HolderReason != "" {
			t.Errorf("corrected: %+v", d)
		}
		if got := h.received(d.Name); !slices.Equal(got, []string{"create", "update"}) {
			t.Errorf("the registry received %v", got)
		}
	})
}

// A holder of a name that was here before us is changed: the provider reviews name and
// holder, and the registry hears of nothing but the codes. Failure leaves the old one.
func TestHolderIsChangedByCodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := []string{"old" + codedSuffix, "will-fail" + codedSuffix, "other" + codedSuffix}
		h := open(t, s, c, func(c *sandbox.Config) {
			for i := range c.Zones {
				c.Zones[i].Codes.AtCreate = nil // they were registered before the registry asked for codes
			}
			for _, n := range all {
				c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: coded, Domain: eppdomain.Create{Name: n, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}})
			}
		})
		h.imports(all...)
		task := h.agreed(changing(h.verified(h.me, forCodes, wang, wangNumber), all[:2]...))
		failing := h.agreed(changing(h.unlikely(h.me, li+"FAIL-name_mismatch"), all[2]))
		h.provided()
		h.wantItems(task, map[string]string{domain.Display(all[0]): "succeeded", domain.Display(all[1]): "failed name_prohibited"})
		h.wantItems(failing, map[string]string{domain.Display(all[2]): "failed name_mismatch"})
		d := h.get(all[0])
		if d.HolderFold != fold.Name(wang) || d.Verification() != domain.Verified || d.SyncState != domain.SyncDone {
			t.Errorf("changed: %+v", d)
		}
		if got := h.codesAt(all[0]); !slices.Equal(got, []string{"domain", "real-name"}) {
			t.Errorf("the registry has the codes %v", got)
		}
		for _, n := range all[1:] {
			if d := h.get(n); d.HolderFold != "" || d.NextVersionID != 0 || d.SyncState != domain.SyncDone || len(h.received(n)) != 0 {
				t.Errorf("%s: %+v, want its old holder; the registry received %v", n, d, h.received(n))
			}
		}

		// A second change does not rest on the codes of the first.
		again := h.agreed(changing(h.verified(h.me, forCodes, li, liNumber), all[0]))
		h.settles()
		if d := h.get(all[0]); d.HolderFold != fold.Name(wang) {
			t.Errorf("before the provider has decided, the holder is %s", d.HolderFold)
		}
		h.provided()
		h.wantItems(again, map[string]string{domain.Display(all[0]): "succeeded"})
	})
}

// The registry does not take a code. The next submission asks for another.
func TestRegistryRefusesACode(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, func(c *sandbox.Config) { c.VSP.SlowDelay = time.Hour })
	const name = "example" + codedSuffix
	profile := h.unlikely(h.me, li+"SLOW")
	h.pay(h.place(name, profile))
	h.provided()
	if err := h.server.SetFaults(sandbox.Fault{Verb: "update", Object: "domain", Kind: sandbox.FaultCode, Code: epp.CodePolicy, Times: 1}); err != nil {
		t.Fatal(err)
	}
	h.pass(time.Hour)
	h.read()
	d := h.get(name)
	if d.HolderState != domain.Failed || d.HolderReason != "registry_rejected" || d.SyncState != domain.SyncFailed {
		t.Errorf("refused: %+v", d)
	}
	task := h.associate(submitting(profile, name))
	h.settles()
	h.pass(time.Hour)
	h.read()
	h.read()
	h.wantItems(task, map[string]string{domain.Display(name): "succeeded"})
	if n := h.count("registry_command WHERE kind = 'holder_code'"); n != 2 {
		t.Errorf("the holder's code was asked for %d times, want twice", n)
	}
}

// Whatever happens to the provider, nothing is lost and nobody is told of a failure.
func TestProviderMayBeAway(t *testing.T) {
	t.Parallel()
	for what, fault := range map[string]sandbox.Fault{
		"drops before": {Kind: sandbox.FaultDropBefore, Times: 3},
		"drops after":  {Kind: sandbox.FaultDropAfter, Times: 3},
		"garbage":      {Kind: sandbox.FaultGarbage, Times: 3},
		"2400":         {Kind: sandbox.FaultCode, Code: epp.CodeFailed, Times: 3},
		"cut off":      {Kind: sandbox.FaultCut, Delay: 10 * time.Minute, Times: 1},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := open(t, s, c)
			profile := h.verified(h.me, forCodes, li, liNumber)
			o := h.place("example"+codedSuffix, profile)
			fault.Object = "verification"
			if err := h.server.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			o = h.pay(o)
			h.until("the name to be registered", func() bool {
				h.pass(time.Second)
				return h.order(o).State == domain.Completed
			})
			h.until("both verdicts", func() bool {
				h.pass(time.Second)
				return h.get(o.Name).Verification() == domain.Verified
			})
			if got := h.received(o.Name); got[0] != "create" || slices.Contains(got[1:], "create") {
				t.Errorf("the registry received %v", got)
			}
		})
	}
}
