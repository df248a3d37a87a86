package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAnOperatorSeesWhatRuns: health, the accounts at registries, what a suffix demands,
// and who did what.
func TestAnOperatorSeesWhatRuns(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, "operator@registrar.example")
	p := b.get("/")
	p.wants(http.StatusOK, "Nothing needs you.", "accounts at work")
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
	b.get("/registries/nowhere").wants(http.StatusNotFound, "There is no account nowhere")

	b.get("/policies?suffix=.cn").wants(http.StatusOK, "suffixes.yaml")
	b.get("/policies?suffix=nothing-like-it").wants(http.StatusUnprocessableEntity, "One thing to correct")

	p = b.get("/audit?chain=check")
	p.wants(http.StatusOK, "The chain is whole", "session.open", "Ola Operator")
	p = b.get("/audit?actor=system")
	p.wants(http.StatusOK, "person.create")
	if strings.Contains(p.words(), "session.open") {
		t.Error("what others did is shown")
	}
	b.get("/audit?subject=prf_none").wants(http.StatusOK, "No such entry")
}

// TestOperationIsForStaff: registrants and reviewers see none of it.
func TestOperationIsForStaff(t *testing.T) {
	t.Parallel()
	s := start(t)
	own, reviewer, admin := s.signedIn(t, li), s.signedIn(t, rui), s.signedIn(t, "admin@registrar.example")
	for _, path := range []string{"/health", "/registries", "/registries/" + s.Registries.Names()[0], "/policies", "/audit"} {
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
