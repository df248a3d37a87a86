package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
)

// TestANameIsTransferredInWithoutJavaScript: with its password, which is shown to nobody
// again, and taken back while the present registrar may act.
func TestANameIsTransferredInWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	s.verifiedProfile(t, client.New(s.URL()).As(s.keys["registrant"]), "common")
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(t.Context(), s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	rival, err := epp.Dial(t.Context(), s.Sandbox().Addr(), epp.Options{TLS: s.Sandbox().TLS(), ClientID: "gaining", Password: s.SandboxLogin().Password})
	if err != nil {
		t.Fatal(err)
	}
	defer rival.Close()
	if _, err := rival.Do(t.Context(), epp.Command{Body: domain.Create{Name: "coming.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}}); err != nil {
		t.Fatal(err)
	}

	b.get("/transfers").wants(http.StatusOK, "No transfers yet")
	p := b.get("/transfers/new")
	b.post("/transfers/new", p.fill("/transfers/new")).wants(http.StatusUnprocessableEntity, "2 things to correct", "Please enter the domain name.", "Please enter the transfer password.")
	p = b.post("/transfers/new", p.fill("/transfers/new", "domain", "nobody.com", "auth_info", "a secret"))
	p.wants(http.StatusUnprocessableEntity, "One thing to correct", "nobody.com")
	if f := p.field("domain"); f["value"] != "nobody.com" || strings.Contains(p.text, "a secret") {
		t.Errorf("the name that was typed became %v, or the password is shown", f)
	}
	p = b.post("/transfers/new", p.fill("/transfers/new", "domain", "Coming.com", "auth_info", "domain-pw"))
	at := p.path
	soon(t, "the registry to take the request", func() (bool, error) {
		p = b.get(at)
		return strings.Contains(p.words(), "Waiting for the current registrar"), nil
	})
	b.get("/transfers").wants(http.StatusOK, "coming.com", "With the current registrar")
	b.get("/transfers?state=pending").wants(http.StatusOK, "coming.com")
	b.get("/transfers?state=failed").wants(http.StatusOK, "No transfers in this state.")
	for state, want := range map[string]int{"": 1, "pending": 1, "completed": 0} {
		found, next, err := client.New(s.URL()).As(s.keys["registrant"]).Transfers(t.Context(), state, "")
		if err != nil || len(found) != want || next != "" {
			t.Errorf("transfers in state %q: %+v, %q, %v", state, found, next, err)
		}
	}
	other := s.signedIn(t, chen)
	other.get(at).wants(http.StatusNotFound)
	if p := other.post(at+"/cancel", url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("another account takes it back: %d", p.status)
	}
	b.post(at+"/cancel", p.fill(at+"/cancel")).wants(http.StatusOK, "The registry has been asked to cancel the request")
	soon(t, "the request to be taken back", func() (bool, error) {
		return strings.Contains(b.get(at).words(), "the name stays at its current registrar"), nil
	})

	p = b.get("/transfers/new?domain=coming.com")
	p = b.post("/transfers/new", p.fill("/transfers/new", "auth_info", "domain-pw"))
	at = p.path
	soon(t, "the second request to stand", func() (bool, error) {
		return strings.Contains(b.get(at).words(), "Waiting for the current registrar"), nil
	})
	if _, err := rival.Do(t.Context(), epp.Command{Body: domain.Transfer{Op: epp.TransferOpReject, Name: "coming.com"}}); err != nil {
		t.Fatal(err)
	}
	soon(t, "the refusal", func() (bool, error) {
		p = b.get(at)
		return strings.Contains(p.words(), "has rejected the transfer of coming.com. Ask them why"), nil
	})
	if again := "/transfers/new?domain=coming.com"; !strings.Contains(p.text, `href="`+again+`"`) {
		t.Errorf("asking again does not lead to %s:\n%s", again, p.words())
	}
}
