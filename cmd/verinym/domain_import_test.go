package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/app"
)

// TestNamesComeInFromAList: those that the registry has under our sponsorship are taken, the
// others refused with the place where they stand.
func TestNamesComeInFromAList(t *testing.T) {
	t.Parallel()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, account := "", ""
	for _, p := range people {
		switch p.Role {
		case "operator":
			key = p.APIKey
		case "registrant":
			account = p.Account
		}
	}
	eyes, err := a.DialSandbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer eyes.Close()
	holder := contact.Create{ID: "old-holder", Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "赵未名", Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}},
		Voice: contact.Phone{Number: "+86.13800000000"}, Email: "old@registrant.example", AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}
	do := func(body epp.Body, extension epp.Extension) {
		t.Helper()
		if _, err := eyes.Do(t.Context(), epp.Command{Body: body, Extensions: []epp.Extension{extension}}); err != nil {
			t.Fatal(err)
		}
	}
	do(holder, cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: "990000197001010018", Purveyor: "verinym"})
	for _, n := range []string{"old-one.cn", "old-two.cn"} {
		do(domain.Create{Name: n, Period: domain.Years(1), Registrant: "old-holder", AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}, cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: "verinym"})
	}
	file := filepath.Join(t.TempDir(), "names.csv")
	if err := os.WriteFile(file, []byte("account,domain\n"+account+",old-one.cn\n"+account+",nowhere.cn\n"+account+",no name\n"+account+",Old-Two.cn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(status int, args ...string) string {
		t.Helper()
		got, stdout, stderr := program(t, append([]string{"domain", "import", file, "--url", a.URL(), "--key", key}, args...)...)
		if got != status {
			t.Fatalf("verinym %v: exit %d, want %d\n%s%s", args, got, status, stdout, stderr)
		}
		return stdout
	}
	wants := func(what, out string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(out, p) {
				t.Errorf("%s does not say %q:\n%s", what, p, out)
			}
		}
	}
	wants("a dry run", run(1, "--dry-run"), "old-one.cn: registrant old-holder", "line 3, column 2: nowhere.cn: ", "(import_not_at_registry)", "line 4, column 2: no name: ", "4 names: 2 would be imported, 2 refused")
	wants("the import", run(1), "line 3, column 2: nowhere.cn: ", "line 4, column 2: no name: ", "4 names: 2 imported, 2 refused, 0 not answered yet")
	wants("again, as JSON", run(1, "--json"), `"code":"domain_exists"`, `"imported":0`, `"rows":4`)
}
