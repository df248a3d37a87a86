package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// requirement is a row of docs/traceability.md.
type requirement struct {
	says string
	// shownBy are the code spans that name tests and golden cases; besides is what else stands in
	// their cell.
	shownBy []string
	besides string
	open    string
}

var span = regexp.MustCompile("`([^`]*)`")

// requirements reads the rows of all tables of a page.
func requirements(t *testing.T, page string) (out []requirement) {
	t.Helper()
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| The page says |") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 4 {
			t.Errorf("a row has %d cells, want 4: %s", len(cells), line)
			continue
		}
		r := requirement{says: strings.TrimSpace(cells[0]), open: strings.TrimSpace(cells[3]), besides: strings.TrimSpace(span.ReplaceAllString(cells[2], ""))}
		for _, s := range span.FindAllStringSubmatch(cells[2], -1) {
			r.shownBy = append(r.shownBy, s[1])
		}
		out = append(out, r)
	}
	return out
}

// testsOf are the names of the tests of a package, given by its folder.
func testsOf(t *testing.T, folder string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
				out = append(out, fn.Name.Name)
			}
		}
	}
	return out
}

// TestEveryRequirementIsShownOrExcused: docs/traceability.md names tests and golden cases that exist,
// and no rule is without either them or a reason.
func TestEveryRequirementIsShownOrExcused(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/traceability.md")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := policy.LoadCases(policies.Cases)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{}
	shown := func(name string) bool {
		if want, ok := strings.CutPrefix(name, "case: "); ok {
			return slices.ContainsFunc(golden, func(c policy.Case) bool { return c.Name == want })
		}
		folder, test, _ := strings.Cut(name, ".")
		if tests[folder] == nil {
			tests[folder] = testsOf(t, folder)
		}
		return slices.Contains(tests[folder], test)
	}
	rows := requirements(t, string(page))
	if len(rows) < 100 {
		t.Errorf("only %d rows were read", len(rows))
	}
	for _, r := range rows {
		for _, name := range r.shownBy {
			if !shown(name) {
				t.Errorf("%s: there is no %s", r.says, name)
			}
		}
		if r.besides != "" {
			t.Errorf("%s: %q is neither a test nor a case", r.says, r.besides)
		}
		_, reason, excused := strings.Cut(r.open, ": ")
		if r.open != "" && (!excused || len(strings.Fields(reason)) < 3 || !strings.HasPrefix(r.open, "Not built yet: ") && !strings.HasPrefix(r.open, "Not ours: ")) {
			t.Errorf("%s: %q is neither Not built yet nor Not ours, with a reason", r.says, r.open)
		}
		if len(r.shownBy) == 0 && r.open == "" {
			t.Errorf("%s: no test shows it, and no reason excuses it", r.says)
		}
	}
}
