package domain_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// sorted reads a list in an order to its end, in pages.
func (h *house) sorted(f domain.Filter, limit int) (out []string) {
	h.Helper()
	for after, n := "", 0; ; n++ {
		page, next, err := h.domains.List(h.Context(), h.me, f, after, limit)
		if err != nil {
			h.Fatal(err)
		}
		if n > 100 {
			h.Fatal("the list has no end")
		}
		for _, d := range page {
			out = append(out, d.Name)
		}
		if next == "" {
			return out
		}
		after = next
	}
}

func TestNamesAreListedInTheOrderThatIsAskedFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		for _, x := range []struct {
			name           string
			naming, holder domain.Verdict
			due, expires   int // days from now, 0 for none
			held, gone     bool
		}{
			{name: "late.cn", naming: domain.Verified, holder: domain.NotCompleted, due: 4, expires: 10},
			{name: "soon.cn", naming: domain.InReview, holder: domain.Verified, due: 1, expires: 300},
			{name: "same-a.cn", naming: domain.Verified, holder: domain.Failed, due: 2, expires: 20},
			{name: "same-b.cn", naming: domain.Verified, holder: domain.NotCompleted, due: 2, expires: 20},
			{name: "no-date.cn", naming: domain.Verified, holder: domain.NotCompleted},
			{name: "done-b.cn", naming: domain.Verified, holder: domain.Verified, due: 1, expires: 5},
			{name: "done-a.cn", naming: domain.NotRequired, holder: domain.Verified, expires: 400},
			{name: "held.cn", naming: domain.Verified, holder: domain.Verified, held: true, expires: 30},
			{name: "gone.cn", naming: domain.Verified, holder: domain.NotCompleted, due: 1, gone: true},
		} {
			state := domain.Registered
			if x.gone {
				state = domain.Deleted
			}
			h.row(h.me, x.name, x.naming, x.holder, state)
			at := func(days int) any {
				if days == 0 {
					return nil
				}
				return store.Micros(c.Now().Add(time.Duration(days) * day))
			}
			statuses := "[]"
			if x.held {
				statuses = `["serverHold"]`
			}
			h.exec("UPDATE domain SET due_at = ?, expires_at = ?, statuses = ? WHERE name = ?", at(x.due), at(x.expires), statuses, x.name)
		}
		h.row(h.other, "theirs.cn", domain.Verified, domain.NotCompleted, domain.Registered)
		for what, x := range map[string]struct {
			filter domain.Filter
			want   []string
		}{
			"by the day of the hold":       {domain.Filter{Sort: domain.ByHold, Ours: true}, []string{"soon.cn", "same-a.cn", "same-b.cn", "late.cn", "no-date.cn", "done-a.cn", "done-b.cn", "held.cn"}},
			"those that lack the verdict":  {domain.Filter{Sort: domain.ByHold, Verification: domain.NotCompleted, Ours: true}, []string{"same-b.cn", "late.cn", "no-date.cn"}},
			"by expiry":                    {domain.Filter{Sort: domain.ByExpiry, Ours: true}, []string{"done-b.cn", "late.cn", "same-a.cn", "same-b.cn", "held.cn", "soon.cn", "done-a.cn", "no-date.cn"}},
			"verified ones by expiry":      {domain.Filter{Sort: domain.ByExpiry, Verification: domain.Verified}, []string{"done-b.cn", "held.cn", "done-a.cn"}},
			"what is on hold, by its date": {domain.Filter{Sort: domain.ByHold, Held: true}, []string{"held.cn"}},
			"a search, by the hold":        {domain.Filter{Sort: domain.ByHold, Query: "same", Ours: true}, []string{"same-a.cn", "same-b.cn"}},
		} {
			for limit := 1; limit < 10; limit++ {
				if got := h.sorted(x.filter, limit); !slices.Equal(got, x.want) {
					t.Errorf("%s, in pages of %d: %v, want %v", what, limit, got, x.want)
				}
			}
		}
		for _, cursor := range []string{"x", "9 1 1 a.cn", "0 1", "-1 1 1 a.cn"} {
			_, _, err := h.domains.List(t.Context(), h.me, domain.Filter{Sort: domain.ByHold}, cursor, 5)
			h.wantFault("the cursor "+cursor, err, "cursor_invalid")
		}
		_, _, err := h.domains.List(t.Context(), h.me, domain.Filter{Sort: "mood"}, "", 5)
		h.wantFault("an order that is none", err, "value_unknown")
	})
}

// However names change, the figures are what counting them would say.
func TestTheFiguresAreThoseOfTheNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		random := rand.New(rand.NewPCG(1, 2))
		one := func(of ...string) string { return of[random.IntN(len(of))] }
		for i := range 60 {
			h.row(h.me, fmt.Sprintf("n%d.cn", i), everyVerdict[random.IntN(len(everyVerdict))], everyVerdict[random.IntN(len(everyVerdict))], domain.Registered)
		}
		for i := range 200 {
			h.exec("UPDATE domain SET "+one("naming_state", "holder_state")+" = ?, statuses = ?, version_id = ?, state = ? WHERE id % 7 = ?",
				one("failed", "not_completed", "in_review", "verified", "not_possible", "not_required"), one("[]", `["ok"]`, `["serverHold"]`, `["clientHold","inactive"]`), random.IntN(3),
				one("registered", "registered", "deleted", "transferred"), random.IntN(7))
			if i%50 == 49 {
				h.exec("DELETE FROM domain WHERE id % 11 = ?", random.IntN(11))
				for n, err := h.domains.AddUp(t.Context(), 40); n > 0 || err != nil; n, err = h.domains.AddUp(t.Context(), 40) {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			if i%20 != 19 {
				continue
			}
			var rows []domain.Domain
			if err := s.R.NewSelect().Model(&rows).Where("account_id = ?", h.me.Account).Where("state NOT IN ('failed', 'deleted', 'transferred')").Scan(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := domain.Counts{All: len(rows), Verification: map[domain.Verdict]int{}}
			for _, d := range rows {
				want.Verification[d.Verification()]++
				if d.Has("serverHold") || d.Has("clientHold") {
					want.Held++
				}
			}
			got, err := h.domains.Count(t.Context(), h.me)
			if err != nil || got.All != want.All || got.Held != want.Held {
				t.Fatalf("after %d changes: %+v (%v), want %+v", i, got, err, want)
			}
			for _, v := range append(slices.Clone(everyVerdict), domain.NotPossible) {
				if got.Verification[v] != want.Verification[v] {
					t.Fatalf("after %d changes %d are %s, want %d", i, got.Verification[v], v, want.Verification[v])
				}
			}
		}
	})
}

// asked keeps the statements that are about names.
type asked struct{ statements *[]string }

func (a asked) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (a asked) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if strings.Contains(e.Query, `FROM "domain"`) {
		*a.statements = append(*a.statements, e.Query)
	}
}

// A page of a list reads its own rows by an index, and never all names of an account.
func TestListsReadTheirIndexes(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	for i := range 1000 {
		h.row(h.me, fmt.Sprintf("open%d.cn", i), domain.Verified, domain.NotCompleted, domain.Registered)
	}
	h.row(h.me, "held.cn", domain.Verified, domain.Failed, domain.Registered)
	h.exec(`UPDATE domain SET statuses = '["serverHold"]' WHERE name = 'held.cn'`)
	var statements []string
	s.R = s.R.WithQueryHook(asked{&statements})
	for what, x := range map[string]struct {
		ask   func() error
		index string
	}{
		"all":                          {h.firstPage(domain.Filter{Ours: true}), "domain_account (account_id=?)"},
		"not completed":                {h.firstPage(domain.Filter{Ours: true, Verification: domain.NotCompleted}), "domain_verification (account_id=? AND <expr>=?)"},
		"held":                         {h.firstPage(domain.Filter{Ours: true, Held: true}), "domain_held (account_id=?)"},
		"papers missing":               {h.firstPage(domain.Filter{Ours: true, PapersMissing: true}), "domain_papers (account_id=?)"},
		"by the day of the hold":       {h.firstPage(domain.Filter{Ours: true, Sort: domain.ByHold}), "domain_lacking (account_id=?)"},
		"by expiry":                    {h.firstPage(domain.Filter{Ours: true, Sort: domain.ByExpiry}), "domain_expires (account_id=?)"},
		"many, by the hold":            {h.firstPage(domain.Filter{Ours: true, Verification: domain.NotCompleted, Sort: domain.ByHold}), "domain_lacking (account_id=?)"},
		"few, by expiry":               {h.firstPage(domain.Filter{Ours: true, Verification: domain.Failed, Sort: domain.ByExpiry}), "domain_verification (account_id=? AND <expr>=?)"},
		"many that need the attention": {func() error { _, _, err := h.domains.Urgent(t.Context(), h.me, 5); return err }, "domain_lacking (account_id=?)"},
	} {
		statements = nil
		if err := x.ask(); err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, statement := range slices.Clone(statements) {
			text += plan(t, s.R, statement)
		}
		if !strings.Contains(text, x.index) {
			t.Errorf("%s does not read %s:\n%s%s", what, x.index, text, strings.Join(statements, "\n"))
		}
	}
}

// firstPage reads the first page of a list.
func (h *house) firstPage(f domain.Filter) func() error {
	return func() error {
		_, _, err := h.domains.List(h.Context(), h.me, f, "", 25)
		return err
	}
}

func plan(t *testing.T, db *bun.DB, statement string) (out string) {
	t.Helper()
	rows, err := db.DB.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused sql.RawBytes
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		out += detail + "\n"
	}
	return out
}
