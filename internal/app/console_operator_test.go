package app_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

// TestAnOperatorSeesWhatRuns: health, the accounts at registries, what a suffix demands,
// and who did what.
func TestAnOperatorSeesWhatRuns(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, "operator@registrar.example")
	p := b.get("/")
	p.wants(http.StatusOK, "Nothing needs your attention.", "accounts working")
	if p.path != "/health" {
		t.Errorf("an operator begins at %s", p.path)
	}
	names := s.Registries.Names()
	p = b.get("/registries")
	for _, name := range names {
		if !strings.Contains(p.text, `href="/registries/`+name+`"`) {
			t.Errorf("the account %s is not listed", name)
		}
	}
	b.get("/registries/"+names[0]).wants(http.StatusOK, "No command is in doubt.", "Interactive", "refused in 24 hours")
	b.get("/registries/nowhere").wants(http.StatusNotFound, "There is no registry account called nowhere")

	b.get("/policies?suffix=.cn").wants(http.StatusOK, "suffixes.yaml")
	b.get("/policies?suffix=nothing-like-it").wants(http.StatusUnprocessableEntity, "One thing to correct")

	p = b.get("/audit?chain=check")
	p.wants(http.StatusOK, "The chain is intact", "Signed in session.open Ola Operator per_", "How: password")
	entries, _, err := client.New(s.URL()).As(s.keys["operator"]).AuditEntries(t.Context(), client.AuditFilter{Action: "session.open"})
	if err != nil || len(entries) == 0 || entries[0].Detail["means"] != "password" {
		t.Fatalf("%+v, %v", entries, err)
	}
	if raw := `title="` + entries[0].Actor + `"`; strings.Count(p.text, raw) < 2 {
		t.Errorf("who acted, and whom it is about, cannot be told by id: %s", raw)
	}
	p = b.get("/audit?actor=system")
	p.wants(http.StatusOK, "person.create")
	if strings.Contains(p.words(), "session.open") {
		t.Error("what others did is shown")
	}
	b.get("/audit?action=account.create").wants(http.StatusOK, "Created an account account.create verinym itself Li Siyuan acc_")
	b.get("/audit?subject=prf_none").wants(http.StatusOK, "No matching entry")
	b.post("/preferences", url.Values{"lang": {"zh"}, "here": {"/audit?action=session.open"}}).wants(http.StatusOK, "登录 session.open Ola Operator", "方式：密码")
}

// TestOperationIsForStaff: registrants and reviewers see none of it.
func TestOperationIsForStaff(t *testing.T) {
	t.Parallel()
	s := start(t)
	own, reviewer, admin := s.signedIn(t, li), s.signedIn(t, rui), s.signedIn(t, "admin@registrar.example")
	for _, path := range []string{"/health", "/registries", "/registries/" + s.Registries.Names()[0], "/audit"} {
		for who, want := range map[*browser]int{own: 403, reviewer: 403, admin: 200} {
			if p := who.get(path); p.status != want {
				t.Errorf("%s: %d, want %d", path, p.status, want)
			}
		}
	}
	if p := own.post("/findings/fnd_none/closing", url.Values{}); p.status != http.StatusForbidden {
		t.Errorf("a registrant closes a finding: %d", p.status)
	}
	if p := admin.post("/findings/fnd_none/closing", url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("closing what is not there: %d", p.status)
	}
}

// TestAnOperatorPausesARegistry: for a cause, until it is resumed; and has it asked about
// all names. The same over the API.
func TestAnOperatorPausesARegistry(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, admin := s.signedIn(t, "operator@registrar.example"), s.signedIn(t, "admin@registrar.example")
	at := "/registries/" + s.Registries.Names()[0]
	if p := admin.get(at); strings.Contains(p.words(), "Reconcile now") || strings.Contains(p.text, at+"/pause") {
		t.Error("an admin is offered what only operators may do")
	}
	for _, act := range []string{"/pause", "/resume", "/reconcile"} {
		if p := admin.post(at+act, url.Values{"cause": {"x"}}); p.status != http.StatusForbidden {
			t.Errorf("an admin: %s is answered with %d", act, p.status)
		}
	}
	p := b.get(at)
	b.post(at+"/pause", p.fill(at+"/pause")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.post(at+"/pause", p.fill(at+"/pause", "cause", "Maintenance.")).wants(http.StatusOK, "Paused. No commands are sent.", "Paused by Ola Operator", "Maintenance.", "messages are still read and processed")
	b.get("/health").wants(http.StatusOK, "is paused (Maintenance.)")
	office := client.New(s.URL()).As(s.keys["operator"])
	all, err := office.Registries(t.Context())
	if err != nil || len(all) == 0 || all[0].Pause == nil || all[0].Pause.Cause != "Maintenance." || all[0].Pause.ByName != "Ola Operator" || all[0].Pause.Offline {
		t.Errorf("%+v, %v", all, err)
	}
	p = b.get(at)
	b.post(at+"/resume", p.fill(at+"/resume")).wants(http.StatusOK, "Resumed. Waiting commands are being sent.", "Pause sending")
	if p, err := office.PauseRegistry(t.Context(), all[0].Name, "They asked for it.", true); err != nil || !p.Offline || p.By == "" || p.ByName != "sample" {
		t.Errorf("%+v, %v", p, err)
	}
	b.get(at).wants(http.StatusOK, "there is no session")
	if err := office.ResumeRegistry(t.Context(), all[0].Name, "Over."); err != nil {
		t.Error(err)
	}
	b.post(at+"/reconcile", b.get(at).fill(at+"/reconcile")).wants(http.StatusOK, "names checked", "requested by Ola Operator")
	if r, err := office.ReconcileRegistry(t.Context(), all[0].Name); err != nil || r.Registry != all[0].Name || r.ByName != "Ola Operator" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAnOperatorComparesPolicies: what a folder of one's own changes, what the next start
// would change or stumble over, and which golden cases come out otherwise.
func TestAnOperatorComparesPolicies(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const own = "version: 1\nsuffixes:\n  - suffix: net\n    a_label: net\n    kind: gTLD\n" +
		"    registry: {operator: Verisign, back_end: Verisign, rdap: null, sources: [], confidence: {operator: assumed, back_end: assumed}}\n" +
		"    mainland: {regime: thin}\n    overseas: {offered: false, sources: [], confidence: assumed}\n"
	write("suffixes-own.yaml", own)
	if err := os.Mkdir(filepath.Join(folder, "cases"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("cases/own.yaml", "version: 1\ncases:\n  - name: .net waits for ten days\n    when: {accreditation: mainland, domain: .net}\n    then: {hold.create: P10D}\n")
	s := startWith(t, func(c *app.Config) { c.PolicyDir = folder })
	b := s.signedIn(t, "operator@registrar.example")
	const at = "/policies/comparison"
	b.get(at).wants(http.StatusOK, "from version", ".net · overseas", "This suffix is not available under this accreditation.", "suffixes-own.yaml:8")
	b.get(at+"?from=running&to=folder").wants(http.StatusOK, "No differences")
	write("suffixes-own.yaml", strings.Replace(own, "{regime: thin}", "{regime: thin, hold: {create: P3D}}", 1))
	b.get(at+"?from=running&to=folder").wants(http.StatusOK, ".net", "hold.create", "P3D")
	write("suffixes-own.yaml", strings.Replace(own, "regime: thin", "regime: thinn", 1))
	b.get(at+"?from=running&to=folder").wants(http.StatusOK, "would not start with these files", "suffixes-own.yaml:7")

	b.get("/policies/cases").wants(http.StatusOK, ".net waits for ten days", "Not as expected", "cases/own.yaml:3", "want P10D")
	b.get("/policies/cases?show=otherwise&words=.net").wants(http.StatusOK, ".net overseas", "Changed")
	p := b.get("/policies/cases?show=as_wanted")
	p.wants(http.StatusOK, "As expected", "Next page")
	if strings.Contains(p.words(), "ten days") {
		t.Error("a case that failed stands among those that are as expected")
	}
	b.get("/policies/cases?words=no-such-thing").wants(http.StatusOK, "No matching case")
	for _, path := range []string{at, "/policies/cases"} {
		s.signedIn(t, li).get(path).wants(http.StatusForbidden)
	}
}
