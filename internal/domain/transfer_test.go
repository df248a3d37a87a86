package domain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// transferDelay is after how long the registry lets a transfer through that nobody acts on.
const transferDelay = day

func fastTransfers(c *sandbox.Config) {
	for i := range c.Zones {
		c.Zones[i].TransferDelay = transferDelay
	}
}

// elsewhere has another registrar hold domains.
func elsewhere(names ...string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		var thick []string
		for _, n := range names {
			if strings.HasSuffix(n, ".cn") {
				thick = append(thick, n)
				continue
			}
			c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: rival, Domain: eppdomain.Create{Name: n, AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}})
		}
		holding(rival, zhao, zhaoNumber, thick...)(c)
	}
}

func (h *house) wish(name, profile string) domain.TransferRequest {
	return domain.TransferRequest{Domain: name, Profile: profile, AuthInfo: "domain-pw"}
}

func (h *house) asks(name, profile string) domain.Transfer {
	h.Helper()
	t, err := h.domains.RequestTransfer(h.Context(), h.me, h.wish(name, profile))
	if err != nil {
		h.Fatal(err)
	}
	return t
}

func (h *house) transfer(t domain.Transfer) domain.Transfer {
	h.Helper()
	t, err := h.domains.FindTransfer(h.Context(), h.me, t.PublicID)
	if err != nil {
		h.Fatal(err)
	}
	return t
}

// requests counts the requests for a transfer that the registry has carried out.
func (h *house) requests(name string) (n int) {
	for _, r := range h.server.LogOf("domain", name) {
		if strings.Contains(r.Frame, `op="request"`) && r.Code == epp.CodePending {
			n++
		}
	}
	return n
}

func TestDomainComesIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, fastTransfers, elsewhere("example.cn", "example.com"))
		cn, com := h.asks("example.cn", h.cnProfile()), h.asks("example.com", h.verified(h.me, forCOM, li, liNumber))
		h.settles()
		if got := h.transfer(cn); got.State != domain.TransferPending || !got.ActBy.Equal(c.Now().Add(transferDelay)) {
			t.Errorf("asked for: %+v", got)
		}
		again := h.asks("example.cn", h.wishProfile(cn))
		if again.PublicID != cn.PublicID {
			t.Errorf("asked for again: %s, want the open one", again.PublicID)
		}
		h.pass(transferDelay)
		h.read()
		h.decide() // about the name of example.com
		h.read()
		h.reviewed()
		for _, x := range []domain.Transfer{cn, com} {
			d := h.get(x.Name)
			if got := h.transfer(x); got.State != domain.TransferCompleted || got.DomainID != d.ID {
				t.Errorf("%s: %+v", x.Name, got)
			}
			if d.HolderFold != fold.Name(li) || d.Status(c.Now()) != domain.StatusNormal {
				t.Errorf("%s: %s, %+v; want it normal with its new holder", x.Name, d.Status(c.Now()), d)
			}
			if got := h.events(x.PublicID); !slices.Equal(got, []string{"transfer.requested", "transfer.completed"}) {
				t.Errorf("%s: the account was told %v", x.Name, got)
			}
		}
		if d := h.at("example.cn"); d.ClID != chinese || d.Registrant != h.get("example.cn").Registrant || d.Registrant == "old-0" {
			t.Errorf("at the registry: %+v", d)
		}
	})
}

// The holder of a name that comes in is said to be another only where it is known who had it.
func TestOnlyAnotherHolderIsToldOfADomainThatComesIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, fastTransfers, holding(rival, zhao, zhaoNumber, "theirs.cn"), holding(rival, li, liNumber, "mine.cn"), holding(rival, zhao, zhaoNumber, "unseen.cn"))
		profile := h.cnProfile()
		x := h.asks("theirs.cn", profile)
		for contact, holder := range map[string]string{"old-0": zhao, "old-1": li} {
			h.exec("INSERT INTO registry_contact (registry, contact_id, holder_ref, ours, state, evidence, holder_type, holder_name, holder_fold, updated_at) VALUES (?, ?, '', ?, 'present', '', 'individual', ?, ?, 1)",
				x.Registry, contact, false, holder, fold.Name(holder))
		}
		h.asks("mine.cn", profile)
		h.asks("unseen.cn", profile)
		h.settles()
		h.pass(transferDelay)
		h.read()
		h.settles()
		for name, told := range map[string]bool{"theirs.cn": true, "mine.cn": false, "unseen.cn": false} {
			d := h.get(name)
			if d.HolderFold != fold.Name(li) {
				t.Errorf("%s is of %q", name, d.HolderFold)
			}
			if got := h.events(d.PublicID); slices.Contains(got, "domain.holder_changed") != told {
				t.Errorf("of %s the account was told %v", name, got)
			}
		}
	})
}

// wishProfile is the profile of a transfer.
func (h *house) wishProfile(t domain.Transfer) (id string) {
	h.Helper()
	if err := h.store.R.NewRaw("SELECT public_id FROM profile WHERE id = ?", t.ProfileID).Scan(h.Context(), &id); err != nil {
		h.Fatal(err)
	}
	return id
}

func TestTransferIsAskedForOnceThroughEveryFault(t *testing.T) {
	t.Parallel()
	for what, fault := range lostAnswers {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			h := open(t, s, c, fastTransfers, elsewhere("example.com"))
			fault.Verb = "transfer"
			if err := h.server.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			x := h.asks("example.com", h.verified(h.me, forCOM, li, liNumber))
			h.until("the registry to take the request", func() bool {
				h.pass(time.Second)
				return h.transfer(x).State == domain.TransferPending
			})
			if n := h.requests("example.com"); n != 1 {
				t.Errorf("%d requests were carried out, want 1", n)
			}
		})
	}
}

func TestWhatStandsInTheWayOfATransferIsSaidFirst(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, elsewhere("example.cn", "held.cn", "locked.cn", "busy.cn"), thin("ours.com", "here.com"))
	h.imports("here.com")
	cn, com := h.cnProfile(), h.verified(h.me, forCOM, li, liNumber)
	if err := h.server.SetHold("held.cn", true); err != nil {
		t.Fatal(err)
	}
	for name, status := range map[string]string{"locked.cn": epp.ServerTransferProhibited, "busy.cn": epp.PendingUpdate} {
		if err := h.server.SetStatus("domain", name, status, true); err != nil {
			t.Fatal(err)
		}
	}
	wrong, none := h.wish("example.cn", cn), h.wish("example.cn", cn)
	wrong.AuthInfo, none.AuthInfo = "guessed", ""
	years := h.wish("example.cn", cn)
	years.Years = 11
	for want, r := range map[string]domain.TransferRequest{
		"transfer_held": h.wish("held.cn", cn), "transfer_locked": h.wish("locked.cn", cn), "transfer_busy": h.wish("busy.cn", cn), "transfer_auth_wrong": wrong,
		"field_required": none, "years_invalid": years, "transfer_own": h.wish("ours.com", com), "domain_exists": h.wish("here.com", com),
		"transfer_not_registered": h.wish("free.cn", cn), "profile_kind_mismatch": h.wish("example.cn", com), "profile_not_found": h.wish("example.cn", "prf_none"),
		"domain_name_invalid": h.wish("www.example.cn", cn),
	} {
		_, err := h.domains.RequestTransfer(t.Context(), h.me, r)
		h.wantFault(r.Domain, err, want)
	}
	_, err := h.domains.RequestTransfer(t.Context(), h.office, h.wish("example.cn", cn))
	h.wantFault("an operator", err, "forbidden")
	if n := h.count("domain_transfer"); n != 0 {
		t.Errorf("refused wishes left %d rows", n)
	}
	x := h.asks("example.cn", cn)
	theirs := h.verified(h.other, forCN, wang, wangNumber)
	_, err = h.domains.RequestTransfer(t.Context(), h.other, h.wish("example.cn", theirs))
	h.wantFault("another account wants it too", err, "transfer_exists")
	_, err = h.domains.FindTransfer(t.Context(), h.other, x.PublicID)
	h.wantFault("another account's transfer", err, "transfer_not_found")
}

func TestTransferFailsForAReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		refusals := map[string]struct {
			code int
			want string
		}{
			"young.com": {epp.CodeNotTransferable, "transfer_not_eligible"}, "wrong.com": {epp.CodeAuthInfo, "transfer_auth_wrong"},
			"busy.com": {epp.CodePendingTransfer, "transfer_busy"}, "locked.com": {epp.CodeStatus, "transfer_locked"}, "other.com": {epp.CodePolicy, "registry_rejected"},
		}
		names, faults := []string{"rejected.com", "will-fail.cn"}, []sandbox.Fault{}
		for n, r := range refusals {
			names, faults = append(names, n), append(faults, sandbox.Fault{Verb: "transfer", Name: n, Kind: sandbox.FaultCode, Code: r.code})
		}
		h := open(t, s, c, func(c *sandbox.Config) {
			for i := range c.Zones { // the registry that held the name before did not review it
				c.Zones[i].DeleteOnNamingFailure = false
			}
		}, elsewhere(names...))
		cn, com := h.cnProfile(), h.verified(h.me, forCOM, li, liNumber)
		if err := h.server.SetFaults(faults...); err != nil {
			t.Fatal(err)
		}
		all := map[string]domain.Transfer{"will-fail.cn": h.asks("will-fail.cn", cn), "rejected.com": h.asks("rejected.com", com)}
		for n := range refusals {
			all[n] = h.asks(n, com)
		}
		h.settles()
		h.do(h.eyes(rival), eppdomain.Transfer{Op: epp.TransferOpReject, Name: "rejected.com"})
		h.pass(namingDelay)
		h.read()
		for n, x := range all {
			want := refusals[n].want
			switch n {
			case "rejected.com":
				want = "transfer_rejected"
			case "will-fail.cn":
				want = "transfer_refused_by_registry"
			}
			if got := h.transfer(x); got.State != domain.TransferFailed || got.Reason != want || got.EndedAt.IsZero() {
				t.Errorf("%s: %s (%s), want failed for %s", n, got.State, got.Reason, want)
			}
			if e := h.event(x.PublicID, "transfer.failed"); e.Data["Reason"] != want {
				t.Errorf("%s: the account was told %v", n, e.Data)
			}
		}
		if n := h.count("domain"); n != 0 {
			t.Errorf("%d domains came in", n)
		}
	})
}

func TestTransferIsTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, fastTransfers, elsewhere("example.com", "late.com"))
		profile := h.verified(h.me, forCOM, li, liNumber)
		x, late := h.asks("example.com", profile), h.asks("late.com", profile)
		h.settles()
		if err := h.server.SetFaults(sandbox.Fault{Verb: "transfer", Kind: sandbox.FaultDropAfter, Times: 1}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // taking it back twice is taking it back
			if _, err := h.domains.CancelTransfer(t.Context(), h.me, x.PublicID); err != nil {
				t.Fatal(err)
			}
		}
		h.until("the registry to agree", func() bool { h.pass(time.Second); return h.transfer(x).State == domain.TransferCancelled })
		_, err := h.domains.CancelTransfer(t.Context(), h.me, x.PublicID)
		h.wantFault("one that has ended", err, "domain_transfer_state")

		// The domain has come in before the registry hears of the change of mind.
		h.do(h.eyes(rival), eppdomain.Transfer{Op: epp.TransferOpApprove, Name: "late.com"})
		if _, err := h.domains.CancelTransfer(t.Context(), h.me, late.PublicID); err != nil && h.transfer(late).State != domain.TransferCompleted {
			t.Fatal(err)
		}
		h.read()
		if got := h.transfer(late); got.State != domain.TransferCompleted {
			t.Errorf("late: %s (%s), want completed", got.State, got.Reason)
		}
	})
}

// No message came. The registry is asked after an hour.
func TestTransferOfWhichNothingIsHeardIsAskedAfter(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, elsewhere("example.com"))
	x := h.asks("example.com", h.verified(h.me, forCOM, li, liNumber))
	h.settles()
	if n, err := h.domains.SweepTransfers(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("at once %d are asked after (%v)", n, err)
	}
	h.deaf()
	h.do(h.eyes(rival), eppdomain.Transfer{Op: epp.TransferOpApprove, Name: "example.com"})
	h.pass(2 * time.Hour)
	if n, err := h.domains.SweepTransfers(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("after two hours %d are asked after (%v)", n, err)
	}
	h.until("the domain to come in", func() bool { return h.transfer(x).State == domain.TransferCompleted })
}
