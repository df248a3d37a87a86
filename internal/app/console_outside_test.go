package app_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/internal/openid/openidtest"
)

// withProvider starts a server whose people sign in at a provider too.
func withProvider(t *testing.T, change func(c *app.SignInProvider)) (*server, *openidtest.Provider) {
	t.Helper()
	at := openidtest.Start(t)
	secret, data := filepath.Join(t.TempDir(), "secret"), t.TempDir()
	if err := os.WriteFile(secret, []byte(openidtest.ClientSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	conf := app.SignInProvider{Name: "Acme ID", Issuer: at.Issuer, ClientID: openidtest.ClientID, SecretFile: secret, Plain: true, RoleClaim: "groups", Roles: []app.ClaimRole{{Value: "desk", Roles: []string{"reviewer"}}},
		DefaultRoles: []string{"registrant"}, CustomerClaim: "customer_id", CustomerNameClaim: "company", VerifiedClaim: "kyc"}
	// The staff's account has to be there before it can be named.
	o, err := app.OpenOffline(t.Context(), app.Config{Data: data}, true)
	if err != nil {
		t.Fatal(err)
	}
	conf.StaffAccount, _, err = o.AddPerson(t.Context(), "", "Registrar", "boss@registrar.example", "Boss", "correct-horse-battery", []string{"admin"})
	o.Close()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&conf)
	}
	a := startWith(t, func(c *app.Config) { c.Data, c.SignIn.Provider = data, conf })
	return a, at
}

// A customer's people come from the registrar's own identity provider: an account is made
// for the customer, with its verification where the provider says so, and taken back too.
func TestCustomersSignInAtTheRegistrarsProvider(t *testing.T) {
	t.Parallel()
	s, at := withProvider(t, nil)
	at.Claims = map[string]any{"sub": "u-1", "email": "ann@customer.example", "email_verified": true, "name": "Ann", "customer_id": 4711, "company": "样本公司", "kyc": true}
	b := s.browser(t)
	b.get("/sign-in").wants(http.StatusOK, "Sign in with Acme ID", "Password")
	p := b.get("/sign-in/provider?to=/account")
	p.wants(http.StatusOK, "样本公司", "The account is verified", "Acme ID", "Ann", "ann@customer.example")
	if p.path != "/account" {
		t.Errorf("one is led to %s", p.path)
	}
	if asked := at.Asked()[0]; asked.Get("redirect_uri") != s.URL()+"/sign-in/provider/back" {
		t.Errorf("the provider was asked %v", asked)
	}
	b.get("/account/security").wants(http.StatusOK, "through your organisation", "You have no password here")

	at.Claims = map[string]any{"sub": "u-2", "email": "bob@customer.example", "name": "Bob", "customer_id": 4711}
	s.browser(t).get("/sign-in/provider?to=/account").wants(http.StatusOK, "样本公司", "The account is verified", "Ann", "Bob")
	at.Claims["kyc"] = false
	s.browser(t).get("/sign-in/provider?to=/account").wants(http.StatusOK, "The account is not verified yet")
	if n := s.count(t, "account_customer"); n != 1 {
		t.Errorf("%d customers, want 1", n)
	}

	// What the desk, or the registrar's own system, has asserted is not the provider's to take back.
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(t.Context(), s.value(t, "SELECT a.public_id FROM account a JOIN account_customer c ON c.account_id = a.id"), true, "customer register"); err != nil {
		t.Fatal(err)
	}
	s.browser(t).get("/sign-in/provider?to=/account").wants(http.StatusOK, "The account is verified", "customer register")

	// A forgotten password is none of theirs.
	s.browser(t).post("/password/forgotten", url.Values{"email": {"bob@customer.example"}}).wants(http.StatusOK)
	soon(t, "the job", func() (bool, error) {
		return s.count(t, "river_job WHERE kind = 'account_send_password_link' AND state = 'completed'") > 0, nil
	})
	for _, m := range s.Sink().Messages() {
		if m.To == "bob@customer.example" && strings.Contains(m.Subject, "password") {
			t.Errorf("mailed %q", m.Subject)
		}
	}
}

// Staff have the roles that the provider gives them, and none when it gives them none.
func TestStaffHaveTheRolesOfTheProvider(t *testing.T) {
	t.Parallel()
	s, at := withProvider(t, func(c *app.SignInProvider) { c.DefaultRoles = nil })
	at.Claims = map[string]any{"sub": "u-9", "email": "mei@registrar.example", "name": "梅", "groups": []string{"desk"}}
	b := s.browser(t)
	b.get("/sign-in/provider").wants(http.StatusOK, "梅")
	b.get("/queue").wants(http.StatusOK)
	b.get("/profiles").wants(http.StatusForbidden)
	at.Claims["groups"] = []string{"canteen"}
	p := s.browser(t).get("/sign-in/provider")
	p.wants(http.StatusForbidden, "Acme ID gives you no role here")
	if p := b.get("/queue"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("whoever lost their roles goes on at %s", p.path)
	}
	if n := s.count(t, "audit_entry WHERE action IN ('person.create', 'person.roles', 'person.dismiss') AND actor = 'system' AND subject = (SELECT public_id FROM person WHERE email = 'mei@registrar.example')"); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}

// Staff are no customer's. Who is staff no longer, and no customer's either, loses their roles
// and sessions like anybody else to whom the provider gives nothing.
func TestStaffNeedNoCustomer(t *testing.T) {
	t.Parallel()
	s, at := withProvider(t, nil)
	at.Claims = map[string]any{"sub": "u-9", "email": "mei@registrar.example", "name": "梅", "groups": []string{"desk"}, "kyc": true}
	b := s.browser(t)
	b.get("/sign-in/provider").wants(http.StatusOK, "梅")
	b.get("/queue").wants(http.StatusOK)
	at.Claims["groups"] = []string{}
	s.browser(t).get("/sign-in/provider").wants(http.StatusForbidden, "did not send what we need to sign you in (customer_id)")
	if p := b.get("/queue"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("whoever is staff no longer goes on at %s", p.path)
	}
	if n := s.count(t, "account_customer") + s.count(t, "account WHERE identity_state = 'verified' AND identity_source = 'Acme ID'"); n != 0 {
		t.Errorf("staff made a customer, or verified the registrar's account")
	}
}

// Nobody takes over a sign-in with a password by an address that they give the provider,
// unless the registrar joins the two.
func TestAddressAloneDoesNotSignAnybodyIn(t *testing.T) {
	t.Parallel()
	claims := func() map[string]any {
		return map[string]any{"sub": "u-5", "email": li, "email_verified": true, "name": "Somebody", "customer_id": "5"}
	}
	s, at := withProvider(t, nil)
	at.Claims = claims()
	b := s.browser(t)
	b.get("/sign-in/provider").wants(http.StatusConflict, li+" already signs in here with a password")
	b.get("/profiles").wants(http.StatusOK, "Sign in")
	if n := s.count(t, "person_identity") + s.count(t, "account_customer"); n != 0 {
		t.Errorf("a refusal left %d rows", n)
	}

	s, at = withProvider(t, func(c *app.SignInProvider) { c.LinkEmail = true })
	at.Claims = claims()
	at.Claims["email_verified"] = false
	s.browser(t).get("/sign-in/provider").wants(http.StatusConflict)
	at.Claims["email_verified"] = true
	b = s.browser(t)
	b.get("/sign-in/provider?to=/account/security").wants(http.StatusOK, "through your organisation", "Current password")
	s.signedIn(t, li)
	if n := s.count(t, "person WHERE email = ?", li); n != 1 {
		t.Errorf("%d people, want 1", n)
	}
}

// A sign-in that another browser began, or that the provider refuses, signs nobody in.
func TestSignInAtTheProviderBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	s, at := withProvider(t, nil)
	at.Claims = map[string]any{"sub": "u-1", "email": "ann@customer.example", "customer_id": "1"}
	b := s.browser(t)
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.Path, "/sign-in/provider/back") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.get("/sign-in/provider")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.Issuer+"/auth?"+at.Asked()[0].Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	s.browser(t).get(back.RequestURI()).wants(http.StatusUnprocessableEntity, "started in another browser")
	b.CheckRedirect = nil
	p := b.get(back.RequestURI())
	p.wants(http.StatusOK)
	if strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("in its own browser it leads to %s", p.path)
	}
	at.Refuse = "access_denied"
	s.browser(t).get("/sign-in/provider").wants(http.StatusUnauthorized, "Acme ID did not sign you in: access_denied")
	for _, to := range []string{"https://evil.example/", "//evil.example/"} {
		at.Refuse = ""
		if p := s.browser(t).get("/sign-in/provider?to=" + url.QueryEscape(to)); p.status != http.StatusOK {
			t.Errorf("%s leads to %s with %d", to, p.path, p.status)
		}
	}
	start(t).browser(t).get("/sign-in/provider").wants(http.StatusNotFound, "Sign-in through an organisation is not available here")
}

// Who signs in at the provider proves there who they are, anew.
func TestProofIsGivenAtTheProvider(t *testing.T) {
	t.Parallel()
	s, at := withProvider(t, nil)
	at.Claims = map[string]any{"sub": "u-1", "email": "ann@customer.example", "customer_id": "1", "auth_time": time.Now().Add(-time.Hour).Unix()}
	b := s.browser(t)
	b.get("/sign-in/provider").wants(http.StatusOK)
	p := b.post("/profiles/prf_x/number", url.Values{})
	p.wants(http.StatusNotFound) // whose it is comes first
	in := s.value(t, "SELECT p.public_id FROM profile p JOIN account_customer c ON c.account_id = p.account_id UNION ALL SELECT 'none' LIMIT 1")
	if in != "none" {
		t.Fatal(in)
	}
	p = b.post("/profiles/new", b.get("/profiles/new").fill(""))
	profile := strings.TrimSuffix(p.path, "/edit/contact")
	p = b.post(profile+"/number", url.Values{}, "Referer", s.URL()+profile)
	p.wants(http.StatusForbidden, "Is it still you?", "Sign in with Acme ID")
	delete(at.Claims, "auth_time")
	again := "/sign-in/provider?again=1&to=" + url.QueryEscape(profile)
	if !strings.Contains(p.text, strings.ReplaceAll(again, "&", "&amp;")) {
		t.Errorf("the page does not lead to %s:\n%s", again, p.text)
	}
	b.get(again)
	if asked := at.Asked(); asked[len(asked)-1].Get("prompt") != "login" {
		t.Errorf("the provider was asked %v", asked[len(asked)-1])
	}
	b.post(profile+"/number", url.Values{}).wants(http.StatusNotFound, "no document number yet")
	if n := s.count(t, "session"); n != 1 {
		t.Errorf("%d sessions; the old one is left", n)
	}
}

func TestProviderThatIsConfiguredWrong(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := app.SignInProvider{Issuer: "https://id.example", ClientID: "x", SecretFile: secret, DefaultRoles: []string{"registrant"}}
	for want, change := range map[string]func(c *app.SignInProvider){
		"client_secret_file":  func(c *app.SignInProvider) { c.SecretFile = "/nowhere" },
		"role_unknown":        func(c *app.SignInProvider) { c.DefaultRoles = []string{"system"} },
		"staff_account":       func(c *app.SignInProvider) { c.DefaultRoles = []string{"operator"} },
		"role_claim":          func(c *app.SignInProvider) { c.Roles = []app.ClaimRole{{Value: "a", Roles: []string{"registrant"}}} },
		"nobody would have":   func(c *app.SignInProvider) { c.DefaultRoles = nil },
		"only https://":       func(c *app.SignInProvider) { c.Issuer = "http://id.example" },
		"client id is needed": func(c *app.SignInProvider) { c.ClientID = "" },
	} {
		conf := good
		change(&conf)
		a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}, SignIn: app.SignIn{Provider: conf}}, "test", slog.New(slog.DiscardHandler))
		if err == nil {
			a.Stop()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// value is the one text that a query finds.
func (s *server) value(t *testing.T, query string) (out string) {
	t.Helper()
	if err := s.Store.R.NewRaw(query).Scan(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
