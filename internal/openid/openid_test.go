package openid_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/openid"
	"github.com/verinym/verinym/internal/openid/openidtest"
)

// mei is what the provider says of a reviewer.
func mei() map[string]any {
	return map[string]any{"sub": "u-17", "email": "mei@registrar.example", "email_verified": true, "name": "梅", "groups": []string{"desk", "canteen"}}
}

var rules = openid.Rules{RoleClaim: "groups", Roles: map[string][]string{"desk": {"reviewer"}, "chiefs": {"reviewer", "lead"}}}

// client is us, at a provider.
type client struct {
	*openid.Provider
	at  *openidtest.Provider
	now time.Time
}

func newClient(t *testing.T, change func(c *openid.Config)) *client {
	t.Helper()
	at := openidtest.Start(t)
	at.Claims = mei()
	c := &client{at: at, now: time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)}
	at.Now = func() time.Time { return c.now }
	conf := openid.Config{Issuer: at.Issuer, ClientID: openidtest.ClientID, ClientSecret: openidtest.ClientSecret, RedirectURL: "https://console.example/sign-in/provider/back", Plain: true, Rules: rules,
		Now: func() time.Time { return c.now }}
	if change != nil {
		change(&conf)
	}
	p, err := openid.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	c.Provider = p
	return c
}

// visit goes to the provider as a browser does, and returns what it comes back with.
func (c *client) visit(t *testing.T, again bool) (openid.Flow, url.Values) {
	t.Helper()
	f, to, err := c.Begin(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("%d from %s", resp.StatusCode, to)
	}
	return f, back.Query()
}

func (c *client) signIn(t *testing.T) (openid.Identity, error) {
	t.Helper()
	f, back := c.visit(t, false)
	return c.Finish(t.Context(), f, back)
}

func TestProviderSaysWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	c := newClient(t, nil)
	who, err := c.signIn(t)
	want := openid.Identity{Issuer: c.at.Issuer, Subject: "u-17", Email: "mei@registrar.example", EmailVerified: true, Name: "梅", AuthenticatedAt: c.now.Local(), Roles: []string{"reviewer"}, Customer: "u-17", CustomerName: "梅"}
	if err != nil || !reflect.DeepEqual(who, want) {
		t.Errorf("%+v, %v\nwant %+v", who, err, want)
	}
	asked := c.at.Asked()[0]
	if asked.Get("scope") != "openid email profile" || asked.Get("code_challenge") == "" || asked.Has("prompt") {
		t.Errorf("the provider was asked %v", asked)
	}
	if _, back := c.visit(t, true); back.Get("code") == "" || c.at.Asked()[1].Get("prompt") != "login" || c.at.Asked()[1].Get("max_age") != "0" {
		t.Errorf("asked anew with %v", c.at.Asked()[1])
	}
}

// A token that is not for this browser, now, from this provider is not believed.
func TestTokenIsNotBelieved(t *testing.T) {
	t.Parallel()
	c := newClient(t, nil)
	set := func(name string, v any) func(map[string]any) { return func(m map[string]any) { m[name] = v } }
	ago := func(d time.Duration) int64 { return c.now.Add(-d).Unix() }
	for name, tt := range map[string]struct {
		forge func(map[string]any)
		want  string
	}{
		"as it is":                    {nil, ""},
		"of another issuer":           {set("iss", "https://other.example"), "sign_in_token_refused"},
		"for another client":          {set("aud", "other"), "sign_in_token_refused"},
		"for two, made for the other": {func(m map[string]any) { m["aud"], m["azp"] = []string{"verinym", "other"}, "other" }, "sign_in_token_refused"},
		"for two, made for nobody":    {set("aud", []string{"verinym", "other"}), "sign_in_token_refused"},
		"for two, made for us":        {func(m map[string]any) { m["aud"], m["azp"] = []string{"verinym", "other"}, "verinym" }, ""},
		"of nobody":                   {set("sub", ""), "sign_in_token_refused"},
		"of another request":          {set("nonce", "other"), "sign_in_token_refused"},
		"of no request":               {func(m map[string]any) { delete(m, "nonce") }, "sign_in_token_refused"},
		"expired within the skew":     {set("exp", ago(59*time.Second)), ""},
		"expired":                     {set("exp", ago(61*time.Second)), "sign_in_token_refused"},
		"from a clock a little ahead": {set("iat", ago(-59*time.Second)), ""},
		"from the future":             {set("iat", ago(-2*time.Minute)), "sign_in_token_refused"},
		"without an address":          {func(m map[string]any) { delete(m, "email") }, "sign_in_claim_missing"},
	} {
		c.at.Forge = tt.forge
		if who, err := c.signIn(t); fault.Code(err) != tt.want {
			t.Errorf("a token %s: %+v, %v; want %q", name, who, err, tt.want)
		}
	}
	c.at.Forge, c.at.ForeignKey = nil, true
	if _, err := c.signIn(t); fault.Code(err) != "sign_in_token_refused" {
		t.Errorf("a token signed by somebody else: %v", err)
	}
}

func TestAnswerBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	c := newClient(t, nil)
	mine, back := c.visit(t, false)
	theirs, _ := c.visit(t, false)
	if _, err := c.Finish(t.Context(), theirs, back); fault.Code(err) != "sign_in_flow_stale" {
		t.Errorf("in another browser: %v", err)
	}
	if _, err := c.Finish(t.Context(), openid.Flow{}, url.Values{"code": back["code"]}); fault.Code(err) != "sign_in_flow_stale" {
		t.Errorf("in a browser that asked nothing: %v", err)
	}
	stolen := theirs
	stolen.State = mine.State // a code that somebody put into this browser's answer
	if _, err := c.Finish(t.Context(), stolen, back); fault.Code(err) != "sign_in_provider_refused" {
		t.Errorf("without the verifier: %v", err)
	}
	mine, back = c.visit(t, false)
	if _, err := c.Finish(t.Context(), mine, back); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Finish(t.Context(), mine, back); fault.Code(err) != "sign_in_provider_refused" {
		t.Errorf("a code used twice: %v", err)
	}
	mine, back = c.visit(t, false)
	c.now = c.now.Add(15 * time.Minute)
	if _, err := c.Finish(t.Context(), mine, back); fault.Code(err) != "sign_in_flow_stale" {
		t.Errorf("a quarter of an hour later: %v", err)
	}
	c.at.Refuse = "access_denied"
	if _, err := c.signIn(t); fault.Code(err) != "sign_in_provider_refused" || fault.From(err).Params["Words"] != "access_denied" {
		t.Errorf("refused: %v", err)
	}
}

// Whoever was told to ask anew and did not is not believed.
func TestProviderAsksAnew(t *testing.T) {
	t.Parallel()
	c := newClient(t, nil)
	for ago, want := range map[time.Duration]string{0: "", time.Hour: "sign_in_token_refused"} {
		c.at.Claims["auth_time"] = c.now.Add(-ago).Unix()
		f, back := c.visit(t, true)
		if _, err := c.Finish(t.Context(), f, back); fault.Code(err) != want {
			t.Errorf("asked %s ago: %v, want %q", ago, err, want)
		}
	}
	delete(c.at.Claims, "auth_time")
	c.at.Forge = func(m map[string]any) { delete(m, "auth_time") }
	f, back := c.visit(t, true)
	if _, err := c.Finish(t.Context(), f, back); fault.Code(err) != "sign_in_token_refused" {
		t.Errorf("it does not say when: %v", err)
	}
}

func TestProviderThatIsAway(t *testing.T) {
	t.Parallel()
	c := newClient(t, nil)
	gone := httptest.NewServer(http.NotFoundHandler())
	issuer := gone.URL
	gone.Close()
	p, err := openid.New(openid.Config{Issuer: issuer, ClientID: "x", Plain: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Begin(t.Context(), false); fault.Code(err) != "sign_in_provider_away" {
		t.Error(err)
	}
	for name, conf := range map[string]openid.Config{"plain": {Issuer: c.at.Issuer, ClientID: "x"}, "no address": {Issuer: "id.example", ClientID: "x"}, "no client": {Issuer: "https://id.example"}} {
		if _, err := openid.New(conf); err == nil {
			t.Errorf("a configuration with %s is taken", name)
		}
	}
}

func TestClaimsAreReadByTheRules(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	customers := openid.Rules{DefaultRoles: []string{"registrant"}, CustomerClaim: "org.id", CustomerNameClaim: "org.name", VerifiedClaim: "https://id.example/verified", VerifiedValues: []string{"2", "true"}}
	for name, tt := range map[string]struct {
		rules openid.Rules
		with  map[string]any
		want  func(w *openid.Identity)
		fault string
	}{
		"several groups, a role once": {rules, map[string]any{"groups": []string{"desk", "chiefs"}}, func(w *openid.Identity) { w.Roles = []string{"reviewer", "lead"} }, ""},
		"a group as a text":           {rules, map[string]any{"groups": "chiefs"}, func(w *openid.Identity) { w.Roles = []string{"reviewer", "lead"} }, ""},
		"roles inside a claim": {openid.Rules{RoleClaim: "realm_access.roles", Roles: rules.Roles}, map[string]any{"realm_access": map[string]any{"roles": []string{"desk"}}},
			func(w *openid.Identity) { w.Roles = []string{"reviewer"} }, ""},
		"a customer with a number": {customers, map[string]any{"org": map[string]any{"id": 12345678, "name": "Acme"}}, func(w *openid.Identity) { w.Customer, w.CustomerName = "12345678", "Acme" }, ""},
		"verified":                 {customers, map[string]any{"org": map[string]any{"id": "7"}, "https://id.example/verified": true}, func(w *openid.Identity) { w.Customer, w.Verified = "7", &yes }, ""},
		"verified, by level":       {customers, map[string]any{"org": map[string]any{"id": "7"}, "https://id.example/verified": 2}, func(w *openid.Identity) { w.Customer, w.Verified = "7", &yes }, ""},
		"not verified any more":    {customers, map[string]any{"org": map[string]any{"id": "7"}, "https://id.example/verified": false}, func(w *openid.Identity) { w.Customer, w.Verified = "7", &no }, ""},
		"of no customer":           {customers, nil, func(w *openid.Identity) { w.Customer = "" }, ""},
		"of two customers":         {customers, map[string]any{"org": map[string]any{"id": []string{"7", "8"}}}, func(w *openid.Identity) { w.Customer = "" }, ""},
		"without an address":       {customers, map[string]any{"org": map[string]any{"id": "7"}, "email": ""}, nil, "sign_in_claim_missing"},
		"a group without a role":   {rules, map[string]any{"groups": "canteen"}, func(w *openid.Identity) { w.Roles = nil }, ""},
		"an address not verified":  {rules, map[string]any{"email_verified": false}, func(w *openid.Identity) { w.EmailVerified = false }, ""},
		"nothing said about it":    {openid.Rules{DefaultRoles: []string{"registrant"}}, nil, func(w *openid.Identity) { w.Roles = []string{"registrant"} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(conf *openid.Config) { conf.Rules = tt.rules })
			maps.Copy(c.at.Claims, tt.with)
			who, err := c.signIn(t)
			if fault.Code(err) != tt.fault {
				t.Fatalf("%v, want %q", err, tt.fault)
			}
			if tt.want == nil {
				return
			}
			want := openid.Identity{Issuer: c.at.Issuer, Subject: "u-17", Email: "mei@registrar.example", EmailVerified: true, Name: "梅", AuthenticatedAt: c.now.Local(), Roles: []string{"registrant"}, Customer: "u-17", CustomerName: "梅"}
			if !slices.Equal(tt.rules.DefaultRoles, want.Roles) {
				want.Roles = []string{"reviewer"}
			}
			tt.want(&want)
			if !reflect.DeepEqual(who, want) {
				t.Errorf("%+v\nwant %+v", who, want)
			}
		})
	}
}
