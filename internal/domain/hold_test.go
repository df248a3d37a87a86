package domain_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func (h *house) hold(name string, cause domain.HoldCause) {
	h.Helper()
	if _, err := h.domains.Hold(h.Context(), h.office, name, cause, "case 7"); err != nil {
		h.Fatal(err)
	}
}

func (h *house) lift(name string, cause domain.HoldCause) {
	h.Helper()
	if _, err := h.domains.Lift(h.Context(), h.office, name, cause, "settled"); err != nil {
		h.Fatal(err)
	}
}

// heldAt reports whether the registry has a thin domain on clientHold.
func (h *house) heldAt(name string) bool {
	h.Helper()
	c := h.eyes(generic)
	defer c.Close()
	d, err := eppdomain.ParseInfoData(h.do(c, eppdomain.Info{Name: name}).Data)
	if err != nil {
		h.Fatal(err)
	}
	return d.Has(epp.ClientHold)
}

// holdsSent lists what the registry has carried out on holds of a name: "add", "rem".
func (h *house) holdsSent(name string) (out []string) {
	for _, r := range h.server.LogOf("domain", name) {
		if !strings.Contains(r.Frame, "clientHold") || r.Verb != "update" || r.Code != epp.CodeOK {
			continue
		}
		if strings.Contains(r.Frame, "<domain:add>") {
			out = append(out, "add")
		} else {
			out = append(out, "rem")
		}
	}
	return out
}

// causes are the open causes of a domain.
func (h *house) causes(name string) (out []string) {
	h.Helper()
	for _, x := range h.get(name).Holds {
		out = append(out, string(x.Cause))
	}
	return out
}

// findings are the open findings of all registries.
func (h *house) findings() (out []string) {
	h.Helper()
	found, err := h.registries.Findings(h.Context(), h.office, false, 100)
	if err != nil {
		h.Fatal(err)
	}
	for _, f := range found {
		out = append(out, f.Code+" "+f.Subject)
	}
	slices.Sort(out)
	return out
}

// besides are the texts of the details of a name's hold.
func (h *house) besides(name string) (out []string) {
	h.Helper()
	got, err := h.domains.Diagnose(h.Context(), h.me, name)
	if err != nil {
		h.Fatal(err)
	}
	for _, s := range got.Steps {
		for _, d := range s.Details {
			if s.Name == "hold" {
				out = append(out, d.Text)
			}
		}
	}
	return out
}

// Who gets one of two holds lifted is told of the other one.
func TestHoldsOfRegistrarAndRegistryAreBothTold(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
	h.imports("old.cn")
	h.pass(holdAfter)
	h.read()
	h.hold("old.cn", domain.HeldForAbuse)
	h.settles()
	h.golden("held by registrar and registry", h.diagnosis("old.cn"))
	if got := h.besides("old.cn"); !slices.Equal(got, []string{"found.hold.serverHold", "action.complete_verification"}) {
		t.Errorf("besides the abuse the hold step tells %v", got)
	}
}

func TestHoldLastsAsLongAsACause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("example.com"))
		h.imports("example.com")
		h.hold("example.com", domain.HeldForEmail)
		h.hold("example.com", domain.HeldForAbuse)
		h.hold("example.com", domain.HeldForAbuse) // is there already
		h.settles()
		d := h.get("example.com")
		if d.Status(c.Now()) != domain.StatusClientHold || !h.heldAt("example.com") || !slices.Equal(h.causes("example.com"), []string{"email", "abuse"}) {
			t.Errorf("held: %s %v for %v", d.Status(c.Now()), d.Statuses, h.causes("example.com"))
		}
		h.golden("held for two causes", h.diagnosis("example.com"))
		if got := h.besides("example.com"); !slices.Equal(got, []string{"action.hold_abuse"}) {
			t.Errorf("besides the first cause the hold step tells %v", got)
		}

		// The address has answered: that lifts no other cause.
		if _, err := h.domains.Lift(t.Context(), actor.Verinym, "example.com", domain.HeldForEmail, "the address has answered"); err != nil {
			t.Fatal(err)
		}
		h.settles()
		if !h.heldAt("example.com") {
			t.Error("the hold for abuse was lifted by an answer to a mail")
		}
		h.lift("example.com", domain.HeldForAbuse)
		h.settles()
		if d = h.get("example.com"); h.heldAt("example.com") || d.Has(epp.ClientHold) || len(d.Holds) != 0 {
			t.Errorf("lifted: %v for %v", d.Statuses, d.Holds)
		}
		if got := h.holdsSent("example.com"); !slices.Equal(got, []string{"add", "rem"}) {
			t.Errorf("the registry was told %v", got)
		}
		all, err := h.domains.Holds(t.Context(), h.me, "example.com")
		if err != nil || len(all) != 2 || all[0].Author != h.office.ID || all[0].Evidence != "case 7" || all[0].LiftedBy != "system" || all[1].LiftedBy != h.office.ID || all[1].LiftedWhy != "settled" {
			t.Errorf("kept: %+v (%v)", all, err)
		}
		told := slices.DeleteFunc(h.events(d.PublicID), func(e string) bool { return !strings.HasPrefix(e, "domain.hold") })
		if !slices.Equal(told, []string{"domain.hold_placed", "domain.hold_placed", "domain.hold_lifted", "domain.hold_lifted"}) {
			t.Errorf("the owner was told %v", told)
		}
	})
}

func TestHoldIsRefusedForWhatItLacks(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, thin("example.com"))
	h.imports("example.com")
	hold := func(a actor.Actor, name string, cause domain.HoldCause, evidence string) error {
		_, err := h.domains.Hold(t.Context(), a, name, cause, evidence)
		return err
	}
	h.wantFault("a registrant", hold(h.me, "example.com", domain.HeldForAbuse, "x"), "forbidden")
	h.wantFault("no such cause", hold(h.office, "example.com", "whim", "x"), "value_unknown")
	h.wantFault("external is found, not placed", hold(h.office, "example.com", domain.HeldExternally, "x"), "value_unknown")
	h.wantFault("no evidence", hold(h.office, "example.com", domain.HeldForAbuse, ""), "field_required")
	h.wantFault("no such domain", hold(h.office, "none.com", domain.HeldForAbuse, "x"), "domain_not_found")
	_, err := h.domains.Lift(t.Context(), h.office, "example.com", domain.HeldForAbuse, "x")
	h.wantFault("not held", err, "hold_not_found")
	_, err = h.domains.Lift(t.Context(), h.office, "example.com", domain.HeldForAbuse, "")
	h.wantFault("no reason", err, "field_required")
	_, err = h.domains.Holds(t.Context(), h.other, "example.com")
	h.wantFault("another account", err, "domain_not_found")
}

// Several people hold a domain at the same moment: the registry is told once.
func TestCausesComeTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("example.com"))
		h.imports("example.com")
		var wg sync.WaitGroup
		for _, cause := range []domain.HoldCause{domain.HeldForEmail, domain.HeldForAbuse, domain.HeldForDispute, domain.HeldForPayment, domain.HeldForAbuse} {
			wg.Go(func() {
				if _, err := h.domains.Hold(t.Context(), h.office, "example.com", cause, "x"); err != nil {
					t.Errorf("%s: %v", cause, err)
				}
			})
		}
		wg.Wait()
		h.settles()
		if got := h.holdsSent("example.com"); !slices.Equal(got, []string{"add"}) || len(h.causes("example.com")) != 4 {
			t.Errorf("the registry was told %v for %v", got, h.causes("example.com"))
		}
	})
}

func TestHoldIsPutOnceThroughEveryFault(t *testing.T) {
	t.Parallel()
	for what, fault := range lostAnswers {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := open(t, s, c, thin("example.com"))
			h.imports("example.com")
			fault.Verb = "update"
			if err := h.server.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			h.hold("example.com", domain.HeldForDispute)
			h.until("the hold", func() bool { h.pass(time.Second); return h.quiet() })
			h.lift("example.com", domain.HeldForDispute)
			h.until("its end", func() bool { h.pass(time.Second); return h.quiet() })
			if got := h.holdsSent("example.com"); !slices.Equal(got, []string{"add", "rem"}) || len(h.findings()) != 0 {
				t.Errorf("the registry carried out %v, findings %v", got, h.findings())
			}
		})
	}
}

// A hold that nobody here has put is somebody else's.
func TestHoldFoundAtTheRegistryIsExternal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("example.com", "gone.com"))
		put := eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientHold)}
		eyes := h.eyes(generic)
		h.do(eyes, eppdomain.Update{Name: "example.com", Add: put})
		h.imports("example.com", "gone.com")
		h.do(eyes, eppdomain.Update{Name: "gone.com", Add: put})
		h.refresh("gone.com")
		for _, n := range []string{"example.com", "gone.com"} {
			if got := h.causes(n); !slices.Equal(got, []string{"external"}) {
				t.Errorf("%s is held for %v", n, got)
			}
		}
		h.hold("example.com", domain.HeldForEmail)
		_, err := h.domains.Lift(t.Context(), actor.Verinym, "example.com", domain.HeldExternally, "the address has answered")
		h.wantFault("the system lifts what is not ours", err, "hold_needs_person")
		h.lift("example.com", domain.HeldForEmail)
		h.refresh("example.com")
		if !h.heldAt("example.com") || !slices.Equal(h.causes("example.com"), []string{"external"}) {
			t.Errorf("held: %t for %v", h.heldAt("example.com"), h.causes("example.com"))
		}
		h.lift("example.com", domain.HeldExternally)
		h.settles()
		h.refresh("example.com")
		if h.heldAt("example.com") || len(h.causes("example.com")) != 0 {
			t.Errorf("a person has lifted it: %t for %v", h.heldAt("example.com"), h.causes("example.com"))
		}
		h.do(eyes, eppdomain.Update{Name: "gone.com", Rem: put})
		h.refresh("gone.com")
		if len(h.causes("gone.com")) != 0 {
			t.Errorf("who put it has taken it off: %v", h.causes("gone.com"))
		}
	})
}

// Somebody else holds a domain, of which nobody here knows yet, when staff holds it too: what
// staff lifts afterwards is its own cause, also when it is lifted before anything was sent.
func TestHoldOfAnotherIsNotLiftedWithOurs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("later.com", "soon.com"))
		h.imports("later.com", "soon.com")
		for _, n := range []string{"later.com", "soon.com"} {
			h.do(h.eyes(generic), eppdomain.Update{Name: n, Add: eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientHold)}})
		}
		h.hold("later.com", domain.HeldForDispute)
		h.settles()
		if got := h.causes("later.com"); !slices.Equal(got, []string{"dispute", "external"}) {
			t.Errorf("it is held for %v", got)
		}
		h.lift("later.com", domain.HeldForDispute)
		h.server.Cut(0)
		h.hold("soon.com", domain.HeldForDispute)
		h.lift("soon.com", domain.HeldForDispute)
		h.server.Restore()
		h.settles()
		for _, n := range []string{"later.com", "soon.com"} {
			h.refresh(n)
			if !h.heldAt(n) || !slices.Equal(h.causes(n), []string{"external"}) {
				t.Errorf("%s is held: %t, for %v", n, h.heldAt(n), h.causes(n))
			}
		}
		h.lift("later.com", domain.HeldExternally)
		h.settles()
		if h.heldAt("later.com") {
			t.Error("a person has lifted it, and it is held still")
		}
	})
}

// The registry does not do as it is told, or somebody goes past us: an operator is told,
// and nothing is changed by itself.
func TestHoldThatIsNotAsItShouldBeIsFound(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, thin("example.com", "locked.com"))
	h.imports("example.com", "locked.com")
	if err := h.server.SetStatus("domain", "locked.com", epp.ServerUpdateProhibited, true); err != nil {
		t.Fatal(err)
	}
	h.hold("locked.com", domain.HeldForAbuse)
	h.hold("example.com", domain.HeldForAbuse)
	h.settles()
	h.do(h.eyes(generic), eppdomain.Update{Name: "example.com", Rem: eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientHold)}})
	h.refresh("example.com")
	if got := h.findings(); !slices.Equal(got, []string{"hold_missing example.com", "hold_refused locked.com"}) {
		t.Errorf("found %v", got)
	}
	if h.heldAt("example.com") || !slices.Equal(h.causes("example.com"), []string{"abuse"}) || !slices.Equal(h.causes("locked.com"), []string{"abuse"}) {
		t.Errorf("held: %t; causes %v and %v", h.heldAt("example.com"), h.causes("example.com"), h.causes("locked.com"))
	}
}

// What looks after a cause of its own finds the names that it is to hold, of one domain or
// of a whole profile, and those that it has held, whatever others hold.
func TestNamesOfACauseAreFoundByTheirEvidence(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile := h.cnProfile()
		for _, name := range []string{"one.cn", "two.cn"} {
			h.register(name, profile)
		}
		one := h.get("one.cn")
		find := func(held domain.Held) []string {
			t.Helper()
			names, err := h.domains.Unheld(t.Context(), held, domain.HeldForAbuse, 10)
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		if got := find(domain.Held{Profile: one.ProfileID}); !slices.Equal(got, []string{"one.cn", "two.cn"}) {
			t.Errorf("of the profile: %v", got)
		}
		if got := find(domain.Held{Domain: one.ID, Profile: one.ProfileID}); !slices.Equal(got, []string{"one.cn"}) {
			t.Errorf("of the domain: %v", got)
		}
		h.hold("one.cn", domain.HeldForAbuse)
		h.hold("two.cn", domain.HeldByOperator)
		if got := find(domain.Held{Profile: one.ProfileID}); !slices.Equal(got, []string{"two.cn"}) {
			t.Errorf("with one held: %v", got)
		}
		for evidence, want := range map[string][]string{"case 7": {"one.cn"}, "case 8": nil} {
			if got, err := h.domains.HeldFor(t.Context(), domain.HeldForAbuse, evidence, 10); err != nil || !slices.Equal(got, want) {
				t.Errorf("for %s: %v, %v, want %v", evidence, got, err, want)
			}
		}
		h.lift("one.cn", domain.HeldForAbuse)
		if got, err := h.domains.HeldFor(t.Context(), domain.HeldForAbuse, "case 7", 10); err != nil || len(got) != 0 {
			t.Errorf("lifted: %v, %v", got, err)
		}
		d, err := h.domains.Dossier(t.Context(), one.ID)
		if err != nil || d.Fields["domain"] != "one.cn" || d.Fields["a_label"] != "one.cn" || len(d.Pictures) != 0 {
			t.Errorf("an authority that reviews names is shown %+v, %v", d, err)
		}
	})
}
