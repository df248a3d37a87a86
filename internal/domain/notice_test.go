package domain_test

import (
	"slices"
	"testing"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestRegistryRenewsByItself(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("example.com"))
		h.imports("example.com")
		until := h.get("example.com").ExpiresAt
		h.pass(until.Sub(c.Now()))
		h.read()
		d := h.get("example.com")
		if want := until.AddDate(1, 0, 0); !d.ExpiresAt.Equal(want) {
			t.Errorf("expires %v, want %v", d.ExpiresAt, want)
		}
		h.event(d.PublicID, "domain.auto_renewed")
	})
}

// A registration that nobody renews can be redeemed for a while, and then is gone.
func TestRegistrationEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, thin("example.com"), func(c *sandbox.Config) {
			for i := range c.Zones {
				c.Zones[i].AutoRenew = false
			}
		})
		h.imports("example.com")
		h.pass(h.get("example.com").ExpiresAt.Sub(c.Now()))
		h.read()
		d := h.get("example.com")
		if d.State != domain.Registered || !d.Has(epp.PendingDelete) || d.Status(c.Now()) != domain.StatusExpired {
			t.Errorf("at its end: %+v, want it redeemable", d)
		}
		h.event(d.PublicID, "domain.expired")
		h.pass(36 * day)
		h.read()
		if d = h.get("example.com"); d.State != domain.Deleted {
			t.Errorf("after the redemption period: %+v", d)
		}
		if e := h.event(d.PublicID, "domain.deleted"); e.Data["Reason"] != "domain_deleted_by_registry" {
			t.Errorf("the owner was told %v", e.Data)
		}
	})
}

func TestRegistryLocksAndHolds(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, thin("example.com"))
	h.imports("example.com")
	d := h.get("example.com")
	if err := h.server.SetStatus("domain", "example.com", epp.ServerUpdateProhibited, true); err != nil {
		t.Fatal(err)
	}
	h.read()
	if e := h.event(d.PublicID, "domain.locks_changed"); e.Data["Added"] != epp.ServerUpdateProhibited {
		t.Errorf("the owner was told %v", e.Data)
	}
	for _, on := range []bool{true, false} {
		if err := h.server.SetHold("example.com", on); err != nil {
			t.Fatal(err)
		}
		h.read()
		if got := h.get("example.com").Has(epp.ServerHold); got != on {
			t.Errorf("held: %t, want %t", got, on)
		}
	}
	h.event(d.PublicID, "domain.held_by_registry")
	h.event(d.PublicID, "domain.released_by_registry")
}

// The date has passed without the verdicts: the owner hears that from the registry.
func TestOverdueVerificationIsTold(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "example.cn"))
	h.imports("example.cn")
	h.pass(holdAfter)
	h.read()
	d := h.get("example.cn")
	if d.Compliance != "nonCompliant" || !d.Has(epp.ServerHold) {
		t.Errorf("overdue: %+v", d)
	}
	h.event(d.PublicID, "domain.verification_overdue")
	h.event(d.PublicID, "domain.held_by_registry")
}

// Another registrar asks for a domain of ours, and nobody objects.
func TestDomainLeaves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "example.cn", "stays.cn"), func(c *sandbox.Config) {
			for i := range c.Zones {
				c.Zones[i].HoldAfter, c.Zones[i].ReviewDelay = 100*day, 100*day
			}
		})
		h.imports("example.cn", "stays.cn")
		h.pass(61 * day) // until then transfers are refused
		h.read()
		gaining := h.eyes(rival)
		for _, n := range []string{"example.cn", "stays.cn"} {
			h.do(gaining, eppdomain.Transfer{Op: epp.TransferOpRequest, Name: n, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
		}
		h.read()
		d := h.get("example.cn")
		if e := h.event(d.PublicID, "domain.transfer_requested"); e.Data["Registrar"] != rival || !d.Has(epp.PendingTransfer) {
			t.Errorf("asked for: told %v, statuses %v", e.Data, d.Statuses)
		}
		task := h.associate(submitting(h.cnProfile(), "example.cn"))
		h.do(gaining, eppdomain.Transfer{Op: epp.TransferOpCancel, Name: "stays.cn"})
		h.pass(5 * day)
		h.read()
		if d = h.get("example.cn"); d.State != domain.Transferred || d.Status(c.Now()) != domain.StatusTransferred {
			t.Errorf("gone: %+v", d)
		}
		if e := h.event(d.PublicID, "domain.transferred_away"); e.Data["Registrar"] != rival {
			t.Errorf("the owner was told %v", e.Data)
		}
		h.wantItems(task, map[string]string{"example.cn": "failed domain_transferred_away"})
		d = h.get("stays.cn")
		if d.State != domain.Registered || d.Has(epp.PendingTransfer) || !slices.Contains(h.events(d.PublicID), "domain.transfer_ended") {
			t.Errorf("taken back: %+v, told %v", d, h.events(d.PublicID))
		}
		h.diagnosed("example.cn")
	})
}

// diagnosed reads a diagnosis, which must not fail whatever the domain is.
func (h *house) diagnosed(name string) {
	h.Helper()
	if _, err := h.domains.Diagnose(h.Context(), h.me, name); err != nil {
		h.Error(err)
	}
}

// A message was lost, or never sent: the next look at the registry tells as much.
func TestLookTellsWhatNoMessageDid(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, thin("gone.com"))
	h.imports("gone.com")
	h.exec("UPDATE domain SET name = 'never.com' WHERE name = 'gone.com'")
	d := h.get("never.com")
	h.refresh("never.com")
	h.settles()
	if d = h.get("never.com"); d.State != domain.Deleted {
		t.Errorf("a name that the registry does not have: %s, want deleted", d.State)
	}
}
