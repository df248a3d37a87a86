package domain_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// wanted are names that somebody wants in an account, one a line.
func (h *house) wanted(account string, names ...string) (out []domain.Wanted) {
	for i, n := range names {
		out = append(out, domain.Wanted{Line: i + 1, Column: 1, Name: n, Account: account, Accreditation: policy.Mainland})
	}
	return out
}

// imported works on the lists until one is in a state.
func (h *house) listIs(id string, want domain.ImportListState) domain.ImportList {
	h.Helper()
	h.until("the list to be "+string(want), func() bool {
		if _, err := h.domains.WorkImports(h.Context()); err != nil {
			h.Fatal(err)
		}
		l, err := h.domains.FindImportList(h.Context(), h.office, id)
		return err == nil && l.State == want
	})
	l, err := h.domains.FindImportList(h.Context(), h.office, id)
	if err != nil {
		h.Fatal(err)
	}
	return l
}

// wantRows compares the rows of a list, "name state reason".
func (h *house) wantRows(l domain.ImportList, want ...string) {
	h.Helper()
	rows, err := h.domains.ImportRows(h.Context(), l, "", 0, 100)
	if err != nil {
		h.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		line := fmt.Sprintf("%d %s %s", r.Line, r.Name, r.State)
		if r.Reason != "" {
			line += " " + r.Reason
		}
		got = append(got, line)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.Errorf("the rows are\n%q, want\n%q", got, want)
	}
}

// A list is looked at before anything is imported; then what the registry has under our
// sponsorship is, and each name says what became of it.
func TestListOfNamesIsLookedAtAndImported(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn", "gone.cn", "here.cn", "odd.cn"), holding(rival, li, liNumber, "theirs.cn"))
		h.imports("here.cn")
		if err := h.server.SetFaults(sandbox.Fault{Verb: "info", Name: "odd.cn", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		names := append(h.wanted(h.myAccount.PublicID, "OLD.cn", "theirs.cn", "no name", "here.cn", "old.cn", "odd.cn", "gone.cn"), h.wanted("acc_none", "lost.cn")...)
		l, err := h.domains.ListImport(t.Context(), h.office, "names.csv", names)
		if err != nil || l.State != domain.ImportChecking || l.Total != 7 {
			t.Fatalf("%+v, %v", l, err)
		}
		_, err = h.domains.ImportListed(t.Context(), h.office, l.PublicID)
		h.wantFault("imported before it was looked at", err, "import_list_state")
		l = h.listIs(l.PublicID, domain.ImportChecked)
		refused := []string{"2 theirs.cn refused import_other_registrar", "3 no name refused domain_name_invalid", "4 here.cn refused domain_exists"}
		h.wantRows(l, "1 old.cn found", refused[0], refused[1], refused[2], "6 odd.cn refused registry_rejected", "7 gone.cn found", "1 lost.cn refused account_not_found")
		rows, err := h.domains.ImportRows(t.Context(), l, domain.RowFound, 0, 1)
		if err != nil || len(rows) != 1 || rows[0].Registry != "cn" || rows[0].Registrant != "old-0" || rows[0].ExpiresAt.IsZero() || len(rows[0].Statuses) == 0 {
			t.Errorf("what the registry has: %+v, %v", rows, err)
		}
		if n := h.count("domain"); n != 1 {
			t.Errorf("looking has made %d domains", n-1)
		}

		h.server.ClearFaults()
		if _, err := h.domains.CheckListAgain(t.Context(), h.office, l.PublicID); err != nil {
			t.Fatal(err)
		}
		l = h.listIs(l.PublicID, domain.ImportChecked)
		h.wantRows(l, "1 old.cn found", refused[0], refused[1], refused[2], "6 odd.cn found", "7 gone.cn found", "1 lost.cn refused account_not_found")

		if err := h.server.SetFaults(sandbox.Fault{Verb: "info", Name: "gone.cn", Kind: sandbox.FaultCode, Code: epp.CodeNotExists}); err != nil {
			t.Fatal(err)
		}
		h.imports("odd.cn") // by somebody else, meanwhile
		if _, err := h.domains.ImportListed(t.Context(), h.office, l.PublicID); err != nil {
			t.Fatal(err)
		}
		l = h.listIs(l.PublicID, domain.ImportListEnded)
		h.wantRows(l, "1 old.cn imported", refused[0], refused[1], refused[2], "6 odd.cn refused domain_exists", "7 gone.cn refused import_not_at_registry", "1 lost.cn refused account_not_found")
		if d := h.get("old.cn"); d.State != domain.Registered || d.Registrant != "old-0" || l.EndedAt.IsZero() {
			t.Errorf("imported: %+v of %+v", d, l)
		}
		if n := h.count("audit_entry WHERE action = 'domain.import' AND actor = ?", h.office.ID); n != 4 { // two of them beside the list
			t.Errorf("%d imports are recorded as the office's, want 4", n)
		}
		if n, err := h.domains.WorkImports(t.Context()); n != 0 || err != nil {
			t.Errorf("a list that has ended: %d, %v", n, err)
		}
	})
}

func TestListsOfNamesAreForStaff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		var ids []string
		for range 3 {
			l, err := h.domains.ListImport(t.Context(), h.office, "names.csv", h.wanted(h.myAccount.PublicID, "old.cn"))
			if err != nil {
				t.Fatal(err)
			}
			ids = append([]string{l.PublicID}, ids...)
		}
		first, next, err := h.domains.ImportLists(t.Context(), h.office, "", 2)
		if err != nil || len(first) != 2 || first[0].PublicID != ids[0] || next != ids[1] {
			t.Errorf("%+v, %q, %v", first, next, err)
		}
		if rest, next, err := h.domains.ImportLists(t.Context(), h.office, next, 2); err != nil || len(rest) != 1 || rest[0].PublicID != ids[2] || next != "" {
			t.Errorf("%+v, %q, %v", rest, next, err)
		}
		for what, do := range map[string]func() error{
			"list":   func() error { _, _, err := h.domains.ImportLists(t.Context(), h.me, "", 2); return err },
			"find":   func() error { _, err := h.domains.FindImportList(t.Context(), h.me, ids[0]); return err },
			"send":   func() error { _, err := h.domains.ListImport(t.Context(), h.me, "", nil); return err },
			"check":  func() error { _, err := h.domains.CheckListAgain(t.Context(), h.me, ids[0]); return err },
			"import": func() error { _, err := h.domains.ImportListed(t.Context(), h.me, ids[0]); return err },
		} {
			h.wantFault("a registrant: "+what, do(), "forbidden")
		}
		_, err = h.domains.ListImport(t.Context(), h.office, "", nil)
		h.wantFault("no name", err, "import_list_empty")
		_, err = h.domains.ListImport(t.Context(), h.office, "", make([]domain.Wanted, domain.MaxImport+1))
		h.wantFault("too many", err, "import_list_too_long")
		_, err = h.domains.FindImportList(t.Context(), h.office, "iml_none")
		h.wantFault("no list", err, "import_list_not_found")
	})
}

// A list that is cancelled while it is imported takes no further name. What has come in
// stays, and the list is forgotten when policy no longer keeps it.
func TestCancelledListTakesNoFurtherName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "one.cn", "two.cn"))
		send := func(names ...string) domain.ImportList {
			l, err := h.domains.ListImport(t.Context(), h.office, "names.csv", h.wanted(h.myAccount.PublicID, names...))
			if err != nil {
				t.Fatal(err)
			}
			return h.listIs(l.PublicID, domain.ImportChecked)
		}
		cancel := func(l domain.ImportList) {
			got, err := h.domains.CancelImportList(t.Context(), h.office, l.PublicID)
			if err != nil || got.State != domain.ImportListStopped || !got.EndedAt.Equal(c.Now()) {
				t.Errorf("%+v, %v", got, err)
			}
		}
		first := send("one.cn", "two.cn")
		if _, err := h.domains.ImportListed(t.Context(), h.office, first.PublicID); err != nil {
			t.Fatal(err)
		}
		cancel(first)
		if n, err := h.domains.WorkImports(t.Context()); n != 0 || err != nil || h.count("domain") != 0 {
			t.Errorf("after it was cancelled %d names were taken, %v", n, err)
		}
		_, err := h.domains.CancelImportList(t.Context(), h.office, first.PublicID)
		h.wantFault("cancelled again", err, "import_list_state")

		second := send("one.cn")
		if _, err := h.domains.ImportListed(t.Context(), h.office, second.PublicID); err != nil {
			t.Fatal(err)
		}
		h.listIs(second.PublicID, domain.ImportListEnded)
		waiting := send("two.cn")
		kept := h.policies.Limits.KeepImportLists()
		c.Advance(kept)
		if n, err := h.domains.SweepImportLists(t.Context(), 10); n != 0 || err != nil {
			t.Errorf("%d lists were forgotten on their last day, %v", n, err)
		}
		latest := send("two.cn")
		c.Advance(time.Microsecond)
		for _, want := range []int{2, 1, 0} {
			if n, err := h.domains.SweepImportLists(t.Context(), 2); n != want || err != nil {
				t.Errorf("%d lists were forgotten, want %d, %v", n, want, err)
			}
		}
		if n := h.count("import_list"); n != 1 || h.count("import_row") != 1 {
			t.Errorf("%d lists are left with %d names, want the latest", n, h.count("import_row"))
		}
		for _, l := range []domain.ImportList{first, second, waiting} {
			_, err := h.domains.FindImportList(t.Context(), h.office, l.PublicID)
			h.wantFault("a list that was forgotten", err, "import_list_not_found")
		}
		cancel(latest)
		if d := h.get("one.cn"); d.State != domain.Registered {
			t.Errorf("one.cn is %s", d.State)
		}
	})
}

// once does something when rows of import lists have been read, the first time.
type once struct {
	sync.Once
	do func()
}

func (*once) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (o *once) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if strings.Contains(e.Query, `FROM "import_row"`) {
		o.Do(o.do)
	}
}

// A list is cancelled after a sweep has read the names that it is about to import: none of
// them is taken, and the sweep goes on with the next list.
func TestListCancelledUnderASweepIsLeft(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "one.cn", "two.cn", "three.cn"))
		checked := func(names ...string) domain.ImportList {
			l, err := h.domains.ListImport(t.Context(), h.office, "names.csv", h.wanted(h.myAccount.PublicID, names...))
			if err != nil {
				t.Fatal(err)
			}
			return h.listIs(l.PublicID, domain.ImportChecked)
		}
		first, second := checked("one.cn", "two.cn"), checked("three.cn")
		for _, l := range []domain.ImportList{first, second} {
			if _, err := h.domains.ImportListed(t.Context(), h.office, l.PublicID); err != nil {
				t.Fatal(err)
			}
		}
		s.R = s.R.WithQueryHook(&once{do: func() {
			if _, err := h.domains.CancelImportList(t.Context(), h.office, first.PublicID); err != nil {
				t.Error(err)
			}
		}})
		if n, err := h.domains.WorkImports(t.Context()); n != 1 || err != nil {
			t.Errorf("%d names were taken, %v", n, err)
		}
		h.wantRows(first, "1 one.cn found", "2 two.cn found")
		h.listIs(second.PublicID, domain.ImportListEnded)
		h.wantRows(second, "1 three.cn imported")
	})
}
