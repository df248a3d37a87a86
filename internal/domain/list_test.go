package domain_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// row writes a domain as it would stand after a life that the test spares itself.
func (h *house) row(a actor.Actor, name string, naming, holder domain.Verdict, state domain.State) {
	h.Helper()
	h.exec(`INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, naming_state, holder_state, sync_state, created_at, updated_at, row_version)
		VALUES (?, ?, ?, 'cn', 'mainland', 'cn', ?, ?, ?, 'synced', 0, 0, 1)`, store.NewID("dom"), a.Account, name, string(state), string(naming), string(holder))
}

// pages reads a list to its end.
func (h *house) pages(a actor.Actor, filter domain.Verdict, limit int) (out []string) {
	h.Helper()
	for after, n := "", 0; ; n++ {
		page, next, err := h.domains.List(h.Context(), a, domain.Filter{Verification: filter}, after, limit)
		if err != nil {
			h.Fatal(err)
		}
		if n > 100 {
			h.Fatal("the list has no end")
		}
		for _, d := range page {
			out = append(out, d.Name)
			if filter != "" && d.Verification() != filter {
				h.Errorf("%s is %s and stands among those that are %s", d.Name, d.Verification(), filter)
			}
		}
		if next == "" {
			return out
		}
		after = next
	}
}

var everyVerdict = []domain.Verdict{domain.NotCompleted, domain.InReview, domain.Verified, domain.Failed, domain.NotRequired}

func TestListShowsWhatTheFilterSays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		want := map[domain.Verdict][]string{}
		var all []string
		for _, naming := range everyVerdict {
			for _, holder := range everyVerdict {
				name := fmt.Sprintf("%s-%s.cn", naming, holder)
				h.row(h.me, name, naming, holder, domain.Registered)
				v := domain.Domain{NamingState: naming, HolderState: holder}.Verification()
				want[v] = append(want[v], name)
				all = append(all, name)
			}
		}
		h.row(h.me, "never.cn", domain.NotPossible, domain.NotPossible, domain.Registered)
		want[domain.NotPossible] = []string{"never.cn"}
		all = append(all, "never.cn")
		h.row(h.other, "aaa-theirs.cn", domain.NotCompleted, domain.NotCompleted, domain.Registered)
		slices.Sort(all)
		for _, filter := range append(slices.Clone(everyVerdict), domain.NotPossible) {
			slices.Sort(want[filter])
			if got := h.pages(h.me, filter, 2); !slices.Equal(got, want[filter]) {
				t.Errorf("%s: %v, want %v", filter, got, want[filter])
			}
		}
		for _, limit := range []int{1, 3, len(all) - 1, len(all), 500} {
			if got := h.pages(h.me, "", limit); !slices.Equal(got, all) {
				t.Errorf("in pages of %d: %v, want %v", limit, got, all)
			}
		}
		if got := h.pages(h.other, "", 10); !slices.Equal(got, []string{"aaa-theirs.cn"}) {
			t.Errorf("another account sees %v", got)
		}
		_, _, err := h.domains.List(t.Context(), actor.Actor{Account: h.me.Account, Roles: []actor.Role{actor.Reviewer}}, domain.Filter{}, "", 10)
		h.wantFault("a reviewer", err, "forbidden")
	})
}

// A name that was registered again stands there twice, and no page loses either.
func TestListLosesNoNameThatStandsThereTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		var want []string
		for _, name := range []string{"a.cn", "b.cn", "b.cn", "b.cn", "c.cn", "d.cn", "d.cn"} {
			state := domain.Deleted
			if !slices.Contains(want, name) {
				state = domain.Registered
			}
			h.row(h.me, name, domain.NotCompleted, domain.NotCompleted, state)
			want = append(want, name)
		}
		for limit := 1; limit < 9; limit++ {
			if got := h.pages(h.me, "", limit); !slices.Equal(got, want) {
				t.Errorf("in pages of %d: %v, want %v", limit, got, want)
			}
			if got := h.pages(h.me, domain.NotCompleted, limit); !slices.Equal(got, want) {
				t.Errorf("filtered, in pages of %d: %v, want %v", limit, got, want)
			}
		}
	})
}

func TestAnotherAccountSeesNothing(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
	h.imports("old.cn")
	task := h.associate(submitting(h.cnProfile(), "old.cn"))
	_, err := h.domains.Get(t.Context(), h.other, "old.cn")
	h.wantFault("get", err, "domain_not_found")
	_, err = h.domains.Diagnose(t.Context(), h.other, "old.cn")
	h.wantFault("diagnosis", err, "domain_not_found")
	_, err = h.domains.AskRegistry(t.Context(), h.other, "old.cn")
	h.wantFault("the registry's view", err, "domain_not_found")
	_, _, err = h.domains.FindTask(t.Context(), h.other, task.PublicID, 0, 10)
	h.wantFault("task", err, "task_not_found")
	theirs := h.verified(h.other, forCN, li, liNumber)
	items, err := h.domains.Preview(t.Context(), h.other, submitting(theirs, "old.cn"))
	if err != nil || len(items) != 1 || items[0].Reason != "domain_not_found" {
		t.Errorf("preview: %+v %v, want domain_not_found", items, err)
	}
	if d, err := h.domains.Get(t.Context(), h.office, "old.cn"); err != nil || d.Name != "old.cn" {
		t.Errorf("an operator reads %v (%v), want any account's domain", d.Name, err)
	}
	_, err = h.domains.Get(t.Context(), h.me, "not a name")
	h.wantFault("no name", err, "domain_name_invalid")
	_, err = h.domains.Get(t.Context(), h.me, "absent.cn")
	h.wantFault("no such domain", err, "domain_not_found")
}
