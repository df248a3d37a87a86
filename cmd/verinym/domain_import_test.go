package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	operator, registrant, account := "", "", ""
	for _, p := range people {
		switch p.Role {
		case "operator":
			operator = p.APIKey
		case "registrant":
			registrant, account = p.APIKey, p.Account
		}
	}
	key := operator
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
	for n, years := range map[string]int{"old-one.cn": 2, "old-two.cn": 1} {
		do(domain.Create{Name: n, Period: domain.Years(years), Registrant: "old-holder", AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}, cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: "verinym"})
	}
	file := filepath.Join(t.TempDir(), "names.csv")
	if err := os.WriteFile(file, []byte("account,domain\n"+account+",old-one.cn\n"+account+",nowhere.cn\n"+account+",no name\n"+account+",Old-Two.cn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := func(status int, args ...string) string {
		t.Helper()
		got, stdout, stderr := program(t, append(args, "--url", a.URL(), "--key", key)...)
		if got != status {
			t.Fatalf("verinym %v: exit %d, want %d\n%s%s", args, got, status, stdout, stderr)
		}
		return stdout + stderr
	}
	run := func(status int, args ...string) string {
		t.Helper()
		return said(status, append([]string{"domain", "import", file}, args...)...)
	}
	wants := func(what, out string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(out, p) {
				t.Errorf("%s does not say %q:\n%s", what, p, out)
			}
		}
	}
	list := func(args ...string) string { return said(0, append([]string{"domain", "import-list"}, args...)...) }
	send := func(state string) (id string) {
		t.Helper()
		id, _, _ = strings.Cut(list("send", file), " ")
		for end := time.Now().Add(time.Minute); !strings.Contains(list("show", id), " "+state+" "); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the list does not become %s:\n%s", state, list("show", id))
			}
		}
		return id
	}
	sent := send("checked")
	wants("a list that was looked up", list("show", sent), "2 found", "2 refused", "line 2  found      old-one.cn", "line 3  refused    nowhere.cn  The registry does not know nowhere.cn.")
	wants("its refused names", list("show", sent, "--state", "refused", "--lang", "zh"), "(import_not_at_registry)", "注册局没有 nowhere.cn 的记录")
	wants("a list that is looked up again", list("check", sent), " checking ")
	wants("a list that is cancelled", list("cancel", sent), " cancelled ")
	wants("the lists", list("list", "--json"), `"state":"cancelled"`, `"total":4`)
	wants("one that was cancelled", said(1, "domain", "import-list", "start", sent), "import_list_state")
	wants("a dry run", run(1, "--dry-run"), "old-one.cn: registrant old-holder", "line 3, column 2: nowhere.cn: ", "(import_not_at_registry)", "line 4, column 2: no name: ", "4 names: 2 would be imported, 2 refused")
	wants("the import", run(1), "line 3, column 2: nowhere.cn: ", "line 4, column 2: no name: ", "4 names: 2 imported, 2 refused, 0 not answered yet")
	wants("a list of names that are here", list("show", send("checked")), "4 refused", "(domain_exists)")
	key = registrant
	wants("domains", said(0, "domain", "list", "--verification", "not_completed"), "old-one.cn", "identity_verification_not_completed")
	if out := said(0, "domain", "list", "--papers-missing") + said(0, "order", "list"); out != "" {
		t.Errorf("names without papers, and orders: %q", out)
	}
	for wanted, args := range map[string][]string{
		"old-one.cn old-two.cn": {"--suffix", ".CN", "--expires-before", "2100-01-01T00:00:00Z"},
		"old-two.cn old-one.cn": {"--sort", "expiry"},
		"old-two.cn":            {"-q", "TWO"},
		"":                      {"--held"},
		" ":                     {"--suffix", "com"},
		"  ":                    {"--expires-before", "2000-01-01T00:00:00Z"},
	} {
		var names []string
		for line := range strings.Lines(said(0, append([]string{"domain", "list"}, args...)...)) {
			name, _, _ := strings.Cut(line, " ")
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != strings.TrimSpace(wanted) {
			t.Errorf("domain list %v has %q, want %q", args, got, wanted)
		}
	}
	key = operator
	wants("again, as JSON", run(1, "--json"), `"code":"domain_exists"`, `"imported":0`, `"rows":4`)
}
