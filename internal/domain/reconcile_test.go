package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func (h *house) reconcile(n int) int {
	h.Helper()
	asked, err := h.domains.Reconcile(h.Context(), n)
	if err != nil {
		h.Fatal(err)
	}
	h.settles()
	return asked
}

// deaf has no message of the thin registry reach us any more.
func (h *house) deaf() {
	h.Helper()
	if err := h.server.SetFaults(sandbox.Fault{Verb: "poll", Client: generic, Kind: sandbox.FaultCode, Code: epp.CodeFailed}); err != nil {
		h.Fatal(err)
	}
}

// Things happen at the registry of which no message tells: they are found, taken over,
// and told. The registry is not changed.
func TestDriftIsFoundAndNothingIsChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := []string{"same.com", "locked.com", "renewed.com", "deleted.com", "left.com"}
		h := open(t, s, c, thin(all...), fastTransfers)
		h.imports(all...)
		if n := h.reconcile(10); n != 0 {
			t.Errorf("at once %d are asked about", n)
		}
		eyes := h.eyes(generic)
		expires := h.get("renewed.com").ExpiresAt
		h.do(eyes, eppdomain.Update{Name: "locked.com", Add: eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientTransferProhibited)}})
		h.do(eyes, eppdomain.Renew{Name: "renewed.com", CurExpDate: expires.Time, Period: eppdomain.Years(2)})
		h.do(eyes, eppdomain.Delete{Name: "deleted.com"})
		h.deaf()
		rivals := h.eyes(rival)
		h.do(rivals, eppdomain.Transfer{Op: epp.TransferOpRequest, Name: "left.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
		h.do(eyes, eppdomain.Transfer{Op: epp.TransferOpApprove, Name: "left.com"})
		told := map[string]int{}
		for _, n := range all {
			told[n] = len(h.received(n))
		}
		h.pass(day)
		for i, want := range []int{3, 2, 0} { // within a budget
			if n := h.reconcile(3); n != want {
				t.Errorf("sweep %d: %d are asked about, want %d", i, n, want)
			}
		}
		found := func() []string { // beside that the queue cannot be read
			return slices.DeleteFunc(h.findings(), func(f string) bool { return strings.HasPrefix(f, "queue_unread ") })
		}
		want := []string{"domain_drift deleted.com", "domain_drift left.com", "domain_drift locked.com", "domain_drift renewed.com"}
		if got := found(); !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
		if d := h.get("renewed.com"); !d.ExpiresAt.Equal(expires.AddDate(2, 0, 0)) {
			t.Errorf("renewed.com expires %v", d.ExpiresAt)
		}
		if d := h.get("locked.com"); !d.Has(epp.ClientTransferProhibited) || !strings.Contains(h.event(d.PublicID, "domain.drift").Data["Differences"], epp.ClientTransferProhibited) {
			t.Errorf("locked.com: %v", d.Statuses)
		}
		if got := [2]domain.State{h.get("deleted.com").State, h.get("left.com").State}; got != [2]domain.State{domain.Deleted, domain.Transferred} {
			t.Errorf("deleted.com and left.com are %v", got)
		}
		for _, n := range all {
			if got := len(h.received(n)); got != told[n] {
				t.Errorf("%s: the sweep changed it at the registry: %v", n, h.received(n))
			}
		}
		h.pass(day)
		if n := h.reconcile(10); n != 3 {
			t.Errorf("a day later %d are asked about, want the 3 that are left", n)
		}
		if got := found(); !slices.Equal(got, want) {
			t.Errorf("a day later: found %v", got)
		}
	})
}

// An operator has a registry asked about all names at once, also those that were heard of
// a moment ago; the chunks go on where they stopped, and a registry that takes nothing is
// given no more than it can take.
func TestAnOperatorHasARegistryReconciledNow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		all := make([]string, 450)
		for i := range all {
			all[i] = fmt.Sprintf("name-%03d.com", i)
		}
		h := open(t, s, c, thin(all...), fastTransfers)
		h.imports(all...)
		account := h.get(all[0]).Registry
		if _, err := h.domains.ReconcileNow(t.Context(), h.me, account); fault.Code(err) != "forbidden" {
			t.Errorf("by a registrant: %v", err)
		}
		if _, err := h.domains.ReconcileNow(t.Context(), h.office, "moon"); fault.Code(err) != "registry_unknown" {
			t.Errorf("of nobody: %v", err)
		}
		h.do(h.eyes(generic), eppdomain.Update{Name: all[449], Add: eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientTransferProhibited)}})
		if _, err := h.registries.Pause(t.Context(), h.office, account, "Maintenance.", false); err != nil {
			t.Fatal(err)
		}
		begun, err := h.domains.ReconcileNow(t.Context(), h.office, account)
		if err != nil || begun.Names != 450 {
			t.Fatalf("%+v, %v", begun, err)
		}
		work := func(want ...int) {
			t.Helper()
			for _, n := range want {
				if got, err := h.domains.WorkReconciliations(t.Context()); err != nil || got != n {
					t.Errorf("about %d names are asked, want %d; %v", got, n, err)
				}
			}
		}
		work(200, 200, 0, 0)
		if again, err := h.domains.ReconcileNow(t.Context(), h.office, account); err != nil || again.PublicID != begun.PublicID || again.Asked != 400 {
			t.Errorf("asked for again: %+v, %v", again, err)
		}
		if err := h.registries.Resume(t.Context(), h.office, account, ""); err != nil {
			t.Fatal(err)
		}
		h.settles()
		work(50, 0)
		h.settles()
		last, err := h.domains.LastReconciliation(t.Context(), h.office, account)
		if err != nil || last == nil || last.Asked != 450 || last.EndedAt.IsZero() || last.Author != h.office.ID {
			t.Errorf("at the end: %+v, %v", last, err)
		}
		if got, want := h.findings(), []string{"domain_drift " + all[449]}; !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
		if next, err := h.domains.ReconcileNow(t.Context(), h.office, account); err != nil || next.PublicID == begun.PublicID {
			t.Errorf("another one: %+v, %v", next, err)
		}
	})
}
