package domain_test

import (
	"maps"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// ends ends the imports that are over and returns what their owners are told of each, the
// oldest first.
func (h *house) endsImports() (out []event.Event) {
	h.Helper()
	if _, err := h.domains.EndImports(h.Context(), 10); err != nil {
		h.Fatal(err)
	}
	err := h.store.R.NewSelect().Model(&out).Column("id", "account_id", "type", "subject", "data", "at", "state").Where("type = 'import.finished'").OrderExpr("id").Scan(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// Whatever sends them, names that come in together are told of once, with what they wait for.
func TestNamesThatComeInTogetherAreToldOfOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "one.cn", "two.cn", "listed.cn", "later.cn"), thin("free.com"))
		h.do(h.eyes(generic), eppdomain.Update{Name: "free.com", Add: eppdomain.AddRem{Statuses: eppdomain.Statuses(epp.ClientHold)}})
		if _, err := h.domains.Import(t.Context(), h.office, h.myAccount.PublicID, policy.Mainland, "one.cn", "two.cn", "nowhere.cn"); err != nil {
			t.Fatal(err)
		}
		h.imports("free.com")
		l, err := h.domains.ListImport(t.Context(), h.office, "names.csv", h.wanted(h.myAccount.PublicID, "listed.cn"))
		if err != nil {
			t.Fatal(err)
		}
		h.listIs(l.PublicID, domain.ImportChecked)
		if _, err := h.domains.ImportListed(t.Context(), h.office, l.PublicID); err != nil {
			t.Fatal(err)
		}
		h.listIs(l.PublicID, domain.ImportListEnded)
		if got := h.endsImports(); len(got) != 0 {
			t.Errorf("told while more may come: %+v", got)
		}
		c.Advance(time.Minute)
		got := h.endsImports()
		due := h.get("one.cn").RegisteredAt.Add(5 * 24 * time.Hour).In(h.policies.Calendar.Zone()).Format(time.DateOnly)
		want := map[string]string{"Total": "4", "Awaiting": "4", "Held": "1", "Due": due}
		if len(got) != 1 || got[0].AccountID != h.me.Account || !maps.Equal(got[0].Data, want) {
			t.Fatalf("the account is told %+v, want %v once", got, want)
		}
		if held := h.event(h.get("free.com").PublicID, "domain.hold_placed"); held.Data["Import"] != got[0].Subject {
			t.Errorf("the hold that was found is part of %q, want %s", held.Data["Import"], got[0].Subject)
		}

		h.hold("one.cn", domain.HeldForAbuse)
		if held := h.event(h.get("one.cn").PublicID, "domain.hold_placed"); held.Data["Import"] != "" {
			t.Errorf("a later hold is part of an import: %+v", held.Data)
		}
		h.imports("later.cn")
		c.Advance(time.Minute)
		if got = h.endsImports(); len(got) != 2 || got[1].Data["Domain"] != "later.cn" || got[1].Data["Total"] != "1" {
			t.Errorf("a name that comes in later: %+v", got)
		}
		h.imports("nowhere.cn")
		c.Advance(time.Minute)
		if got = h.endsImports(); len(got) != 2 || h.count("import_batch WHERE ended_at IS NULL") != 0 {
			t.Errorf("of no name nobody is told: %+v", got)
		}
	})
}
