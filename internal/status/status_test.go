package status_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/status"
	"github.com/verinym/verinym/policies"
)

// constants reads the values of the string constants that a file declares in the group
// whose comment holds a phrase.
func constants(t *testing.T, path, phrase string) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || !strings.Contains(g.Doc.Text(), phrase) {
			continue
		}
		for _, s := range g.Specs {
			for _, v := range s.(*ast.ValueSpec).Values {
				value, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, value)
			}
		}
	}
	return out
}

func TestEveryStatusIsExplained(t *testing.T) {
	t.Parallel()
	var want []string
	for _, from := range []struct {
		path, phrase string
		n            int
	}{
		{"../../epp/codes.go", "Statuses of domains", 18},
		{"../../epp/rgp/rgp.go", "grace period statuses", 7},
		{"../../epp/vcode/vcode.go", "Values of Status", 4},
		{"../domain/state.go", "states of a verdict", 6},
	} {
		got := constants(t, from.path, from.phrase)
		if len(got) != from.n {
			t.Errorf("%s: %d constants, want %d: %v", from.path, len(got), from.n, got)
		}
		want = append(want, got...)
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range want {
		if _, ok := status.Find(code); !ok {
			t.Errorf("%s is not explained", code)
		}
	}
	seen := map[string]bool{}
	for _, s := range status.All() {
		if seen[s.Code] {
			t.Errorf("%s stands twice", s.Code)
		}
		seen[s.Code] = true
		for _, id := range []string{s.Meaning(), s.Remedy()} {
			if !texts.Has(id) {
				t.Errorf("there is no text %s", id)
			}
		}
		if len(s.SetBy) == 0 || len(s.LiftedBy) == 0 {
			t.Errorf("%s: who sets and who lifts it?", s.Code)
		}
		for _, p := range slices.Concat(s.SetBy, s.LiftedBy) {
			if !texts.Has("party." + string(p)) {
				t.Errorf("%s: there is no text for %s", s.Code, p)
			}
		}
		// RFC 5731 section 2.3: client* are the registrar's, server* the registry's.
		for prefix, party := range map[string]status.Party{"client": status.ByRegistrar, "server": status.ByRegistry} {
			if strings.HasPrefix(s.Code, prefix) && (!slices.Equal(s.SetBy, []status.Party{party}) || !slices.Equal(s.LiftedBy, []status.Party{party})) {
				t.Errorf("%s is set by %v and lifted by %v, want %s alone", s.Code, s.SetBy, s.LiftedBy, party)
			}
		}
	}
}

func TestStatusIsFoundHoweverItIsSpelt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"serverHold": "serverHold", "server hold": "serverHold", "SERVERHOLD": "serverHold", "client transfer prohibited": "clientTransferProhibited",
		"add period": "addPeriod", "not-completed": "not_completed", "active": "", "": "", "hold": "",
	} {
		got, ok := status.Find(typed)
		if got.Code != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", typed, got.Code, ok, want)
		}
	}
}

// What spoils Normal: a hold, whatever is pending, redemption; never a lock, a missing
// delegation or a grace period.
func TestWhatSpoilsNormal(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"ok": false, "inactive": false, "clientHold": true, "serverHold": true, "clientTransferProhibited": false, "serverUpdateProhibited": false,
		"pendingCreate": true, "pendingUpdate": true, "pendingDelete": true, "pendingTransfer": true, "pendingRenew": true, "redemptionPeriod": true,
		"pendingRestore": true, "addPeriod": false, "autoRenewPeriod": false, "transferPeriod": false, "pendingSomethingNew": true, "somethingNew": false,
		"not_completed": true, "verified": false, "not_required": false,
	} {
		if got := status.SpoilsNormal(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
