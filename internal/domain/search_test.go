package domain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// found are the names that a filter finds in my account.
func (h *house) found(f domain.Filter) []string {
	h.Helper()
	names, err := h.domains.Names(h.Context(), h.me, f)
	if err != nil {
		h.Fatal(err)
	}
	listed, _, err := h.domains.List(h.Context(), h.me, f, "", 100)
	if err != nil {
		h.Fatal(err)
	}
	var out []string
	for _, d := range listed {
		out = append(out, d.Name)
	}
	ours := slices.DeleteFunc(slices.Clone(out), func(name string) bool { return name == "gone-tea.cn" })
	if !slices.Equal(names, ours) {
		h.Errorf("%+v: the names are %v, the list has %v", f, names, out)
	}
	return out
}

func TestNamesAreFoundAndCounted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.row(h.me, "tea.cn", domain.Verified, domain.Verified, domain.Registered)
		h.row(h.me, "tea-house.cn", domain.NotRequired, domain.NotCompleted, domain.Registered)
		h.row(h.me, "xn--fsqu00a.cn", domain.Verified, domain.Failed, domain.Registered)
		h.row(h.me, "tea_pot.cn", domain.Verified, domain.NotCompleted, domain.Registered)
		h.row(h.me, "gone-tea.cn", domain.Verified, domain.NotCompleted, domain.Deleted)
		h.row(h.other, "their-tea.cn", domain.Verified, domain.NotCompleted, domain.Registered)
		h.exec(`UPDATE domain SET statuses = '["clientHold","inactive"]' WHERE name = 'tea.cn'`)
		h.exec(`UPDATE domain SET statuses = '["serverHold"]' WHERE name = 'gone-tea.cn'`)
		h.exec("UPDATE domain SET due_at = ? WHERE name = 'tea_pot.cn'", store.At(c.Now().Add(day)))
		h.exec("UPDATE domain SET due_at = ? WHERE name = 'tea-house.cn'", store.At(c.Now().Add(2*day)))
		h.exec("UPDATE domain SET expires_at = ? WHERE name IN ('tea.cn', 'gone-tea.cn')", store.At(c.Now().Add(-day)))
		h.exec("UPDATE domain SET expires_at = ? WHERE name = 'tea_pot.cn'", store.At(c.Now().Add(domain.ExpiringWithin-time.Second)))
		h.exec("UPDATE domain SET expires_at = ? WHERE name = 'tea-house.cn'", store.At(c.Now().Add(domain.ExpiringWithin)))
		for what, x := range map[string]struct {
			filter domain.Filter
			want   []string
		}{
			"ours":                         {domain.Filter{Ours: true}, []string{"tea-house.cn", "tea.cn", "tea_pot.cn", "xn--fsqu00a.cn"}},
			"under a suffix":               {domain.Filter{Suffix: "cn", Query: "pot"}, []string{"tea_pot.cn"}},
			"under a suffix with its dot":  {domain.Filter{Suffix: " .CN", Query: "pot"}, []string{"tea_pot.cn"}},
			"under what is no suffix":      {domain.Filter{Suffix: "a b"}, nil},
			"under a longer suffix alone":  {domain.Filter{Suffix: "com.cn"}, nil},
			"that run out soon":            {domain.Filter{Expiring: true, Ours: true, Sort: domain.ByExpiry}, []string{"tea.cn", "tea_pot.cn"}},
			"that run out before a day":    {domain.Filter{ExpiresBefore: c.Now()}, []string{"gone-tea.cn", "tea.cn"}},
			"before a day far away":        {domain.Filter{ExpiresBefore: c.Now().Add(100 * day), Query: "house"}, []string{"tea-house.cn"}},
			"everything":                   {domain.Filter{}, []string{"gone-tea.cn", "tea-house.cn", "tea.cn", "tea_pot.cn", "xn--fsqu00a.cn"}},
			"a part, typed large":          {domain.Filter{Query: " HOUSE", Ours: true}, []string{"tea-house.cn"}},
			"a whole name, in Chinese":     {domain.Filter{Query: "例子.cn"}, []string{"xn--fsqu00a.cn"}},
			"a sign that is no wild card":  {domain.Filter{Query: "a_p"}, []string{"tea_pot.cn"}},
			"another that is none":         {domain.Filter{Query: "%"}, nil},
			"held":                         {domain.Filter{Held: true, Ours: true}, []string{"tea.cn"}},
			"not completed":                {domain.Filter{Verification: domain.NotCompleted, Ours: true}, []string{"tea-house.cn", "tea_pot.cn"}},
			"a state that does not exist":  {domain.Filter{Verification: "half"}, nil},
			"not completed and with house": {domain.Filter{Query: "house", Verification: domain.NotCompleted}, []string{"tea-house.cn"}},
		} {
			slices.Sort(x.want)
			got := h.found(x.filter)
			slices.Sort(got)
			if !slices.Equal(got, x.want) {
				t.Errorf("%s: %v, want %v", what, got, x.want)
			}
		}
		counts, err := h.domains.Count(t.Context(), h.me)
		if err != nil || counts.All != 4 || counts.Held != 1 || counts.Verification[domain.NotCompleted] != 2 || counts.Verification[domain.Failed] != 1 || counts.Verification[domain.Verified] != 1 {
			t.Errorf("counted %+v, %v", counts, err)
		}
		if n, more, err := h.domains.CountExpiring(t.Context(), h.me); n != 2 || more || err != nil {
			t.Errorf("%d names run out soon (more: %v), %v; want 2", n, more, err)
		}
		urgent, of, err := h.domains.Urgent(t.Context(), h.me, 3)
		var names []string
		for _, d := range urgent {
			names = append(names, d.Name)
		}
		if want := []string{"tea.cn", "tea_pot.cn", "tea-house.cn"}; err != nil || of != 4 || !slices.Equal(names, want) {
			t.Errorf("urgent are %v of %d (%v), want %v of 4", names, of, err, want)
		}
		_, err = h.domains.Names(t.Context(), actor.Actor{Account: h.me.Account, Roles: []actor.Role{actor.Reviewer}}, domain.Filter{})
		h.wantFault("names for a reviewer", err, "forbidden")
	})
}

func TestNamesAreFoundByASuffixInChinese(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.row(h.me, "tea.cn", domain.Verified, domain.Verified, domain.Registered)
		h.row(h.me, "tea.xn--55qx5d.cn", domain.Verified, domain.Verified, domain.Registered)
		h.exec("UPDATE domain SET suffix = 'xn--55qx5d.cn' WHERE name = 'tea.xn--55qx5d.cn'")
		if got := h.found(domain.Filter{Suffix: "公司.CN"}); !slices.Equal(got, []string{"tea.xn--55qx5d.cn"}) {
			t.Errorf("under 公司.CN: %v", got)
		}
	})
}

func TestTheHoldIsAheadUntilTheVerdictsAreIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		registered := store.At(c.Now())
		for what, x := range map[string]struct {
			domain domain.Domain
			want   time.Time
		}{
			"by the suffix's rule": {domain.Domain{State: domain.Registered, Accreditation: "mainland", Name: "tea.cn", RegisteredAt: registered, NamingState: domain.Verified, HolderState: domain.NotCompleted}, c.Now().Add(5 * day)},
			"by the registry":      {domain.Domain{State: domain.Registered, Accreditation: "mainland", Name: "tea.cn", RegisteredAt: registered, DueAt: store.At(c.Now().Add(day)), HolderState: domain.InReview}, c.Now().Add(day)},
			"verified":             {domain.Domain{State: domain.Registered, Accreditation: "mainland", Name: "tea.cn", RegisteredAt: registered, DueAt: registered, NamingState: domain.Verified, HolderState: domain.Verified}, time.Time{}},
			"gone":                 {domain.Domain{State: domain.Deleted, DueAt: registered, HolderState: domain.NotCompleted}, time.Time{}},
		} {
			if got, _ := h.domains.HoldDate(x.domain); !got.Equal(x.want) {
				t.Errorf("%s: held at %v, want %v", what, got, x.want)
			}
		}
	})
}

func TestFailedNamesAreTriedAgainInANewTask(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "mine.cn"), holding(chinese, zhao, zhaoNumber, "theirs.cn", "also-theirs.cn"))
		profile := h.cnProfile()
		h.imports("mine.cn", "theirs.cn", "also-theirs.cn")
		task := h.associate(submitting(profile, "mine.cn", "theirs.cn", "nobody.cn", "also-theirs.cn"))
		_, groups, err := h.domains.Progress(t.Context(), h.me, task.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, g := range groups {
			got[fmt.Sprint(g.State, " ", g.Reason)] += g.Items
		}
		if got["failed contact_not_match"] != 2 || got["failed domain_not_found"] != 1 {
			t.Errorf("the groups are %v", got)
		}
		page, err := h.domains.Items(t.Context(), task, domain.ItemFilter{State: domain.ItemFailed, Reason: "contact_not_match"}, 2, 10)
		if err != nil || len(page) != 1 || page[0].Domain != "also-theirs.cn" || page[0].Position != 3 {
			t.Errorf("the items behind position 1 are %+v, %v", page, err)
		}
		again, err := h.domains.Retry(t.Context(), h.me, task.PublicID, "contact_not_match", false)
		if err != nil || again.PublicID == task.PublicID || again.Total != 2 {
			t.Errorf("tried again: %+v, %v", again, err)
		}
		if n := h.count(`association_names WHERE names = '["theirs.cn","also-theirs.cn"]'`); n != 1 {
			t.Error("other names are tried again than those that failed")
		}
		_, err = h.domains.Retry(t.Context(), h.me, task.PublicID, "already_verified", false)
		h.wantFault("nothing of that reason", err, "nothing_to_retry")
		_, err = h.domains.Retry(t.Context(), h.other, task.PublicID, "", false)
		h.wantFault("another account", err, "task_not_found")

		first, next, err := h.domains.Tasks(t.Context(), h.me, "", 1)
		if err != nil || len(first) != 1 || first[0].PublicID != again.PublicID || next != again.PublicID {
			t.Fatalf("the first page is %+v, next %q, %v", first, next, err)
		}
		second, next, err := h.domains.Tasks(t.Context(), h.me, next, 1)
		if err != nil || len(second) != 1 || second[0].PublicID != task.PublicID || next != "" {
			t.Errorf("the second page is %+v, next %q, %v", second, next, err)
		}
		if theirs, _, err := h.domains.Tasks(t.Context(), h.other, "", 10); err != nil || len(theirs) != 0 {
			t.Errorf("another account has %+v, %v", theirs, err)
		}
		if _, err := h.domains.TaskNames(t.Context(), h.other, task.PublicID, domain.ItemFilter{}); fault.Code(err) != "task_not_found" {
			t.Errorf("another account reads the names: %v", err)
		}
	})
}

func TestWhatIsSaidOfANameBeforeItIsOrdered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "taken.cn"))
		offer, err := h.domains.Offer(t.Context(), h.me, "Free.CN")
		if err != nil || offer.Name != "free.cn" || offer.Suffix != "cn" || offer.Taken != nil {
			t.Fatalf("free.cn: %+v, %v", offer, err)
		}
		o := h.place("free.cn", h.cnProfile())
		if f := offer.Forecast; !f.HoldAt.Equal(o.HoldAt.Time) || !f.VerdictAt.Equal(o.VerdictAt.Time) || !f.SafeBy.Equal(o.SafeBy.Time) || f.HoldAt.IsZero() {
			t.Errorf("the forecast is %+v, the order has %+v", f, o)
		}
		if offer, err = h.domains.Offer(t.Context(), h.me, "taken.cn"); err != nil || fault.Code(offer.Taken) != "domain_taken" {
			t.Errorf("taken.cn: %+v, %v", offer, err)
		}
		for typed, want := range map[string]string{"a.b.cn": "domain_name_invalid", "tea.nowhere": "suffix_unsupported", "-.cn": "domain_name_invalid"} {
			_, err := h.domains.Offer(t.Context(), h.me, typed)
			h.wantFault(typed, err, want)
		}
		_, err = h.domains.Offer(t.Context(), h.office, "free.cn")
		h.wantFault("an operator", err, "forbidden")
		orders, next, err := h.domains.ListOrders(t.Context(), h.me, "", "", 10)
		if err != nil || len(orders) != 1 || orders[0].PublicID != o.PublicID || next != "" {
			t.Errorf("the orders are %+v, next %q, %v", orders, next, err)
		}
		if theirs, _, err := h.domains.ListOrders(t.Context(), h.other, "", "", 10); err != nil || len(theirs) != 0 {
			t.Errorf("another account has %+v, %v", theirs, err)
		}
	})
}
