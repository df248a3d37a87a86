package openid

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/verinym/verinym/internal/fault"
)

// Config says which provider, who we are there, and what its claims mean here.
type Config struct {
	// Name is what people call the provider, on the button that leads there.
	Name string
	// Issuer is its address, as it writes it in its tokens.
	Issuer       string
	ClientID     string
	ClientSecret string
	// RedirectURL is where it sends people back.
	RedirectURL string
	// Scopes are asked for beside openid; email and profile when empty.
	Scopes []string
	// Plain allows http://, for development.
	Plain bool
	Rules Rules
	// Now is the time by which tokens are judged.
	Now func() time.Time
}

const (
	// skew is how far the provider's clock may be from ours.
	skew = time.Minute
	// flowValid is how long somebody may take at the provider.
	flowValid = 15 * time.Minute
	// within is how long the provider may take to answer.
	within = 15 * time.Second
)

// Provider is an OpenID Connect provider. It is asked who it is when somebody first signs
// in, so that it may be away while we start.
type Provider struct {
	config Config
	http   *http.Client

	mu    sync.Mutex
	known *oidc.Provider
}

// New returns the provider of a configuration.
func New(c Config) (*Provider, error) {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("openid: issuer %q is no address", c.Issuer)
	case u.Scheme == "http" && !c.Plain:
		return nil, fmt.Errorf("openid: issuer %q: only https:// is allowed (plain: true for development)", c.Issuer)
	case c.ClientID == "":
		return nil, errors.New("openid: a client id is needed")
	}
	if c.Name == "" {
		c.Name = u.Host
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"email", "profile"}
	}
	return &Provider{config: c, http: &http.Client{Timeout: within}}, nil
}

// Name is what people call the provider.
func (p *Provider) Name() string { return p.config.Name }

// NoCustomer is the fault of somebody who needs a customer when the provider names none.
func (p *Provider) NoCustomer() error { return missing(p.config.Rules.customerClaim()) }

// Flow is a sign-in under way, which its browser keeps and nobody else may have.
type Flow struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Until    time.Time `json:"until"`
	// Again says that the provider was told to ask who it is anew.
	Again bool `json:"again,omitempty"`
}

// Begin returns a flow and the address at the provider to send the browser to. With again
// the provider asks anew, whoever is signed in there. Fault: sign_in_provider_away.
func (p *Provider) Begin(ctx context.Context, again bool) (f Flow, to string, err error) {
	_, conf, err := p.meet(ctx)
	if err != nil {
		return f, "", err
	}
	f = Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: p.config.Now().Add(flowValid), Again: again}
	opts := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if again {
		opts = append(opts, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return f, conf.AuthCodeURL(f.State, opts...), nil
}

// meet asks the provider once who it is.
func (p *Provider) meet(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		// Keys are fetched later with the context that is given here.
		known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.http), p.config.Issuer)
		if err != nil {
			return nil, nil, p.away(err)
		}
		p.known = known
	}
	return p.known, &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: p.known.Endpoint(),
		RedirectURL: p.config.RedirectURL, Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...)}, nil
}

func (p *Provider) away(err error) error {
	return fault.New(fault.Unavailable, "sign_in_provider_away").With("Provider", p.config.Name).Because(err)
}

// Finish takes what the provider has sent the browser back with and returns who it says
// that is. Faults: sign_in_flow_stale for an answer to no question of this browser's,
// sign_in_provider_refused when the provider says no, sign_in_token_refused for a token that
// is not to be believed, sign_in_claim_missing, sign_in_provider_away.
func (p *Provider) Finish(ctx context.Context, f Flow, back url.Values) (who Identity, err error) {
	if f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(back.Get("state"))) != 1 || !p.config.Now().Before(f.Until) {
		return who, fault.New(fault.Invalid, "sign_in_flow_stale")
	}
	if said := back.Get("error"); said != "" {
		return who, fault.New(fault.Unauthenticated, "sign_in_provider_refused").With("Provider", p.config.Name).With("Words", words(said, back.Get("error_description")))
	}
	known, conf, err := p.meet(ctx)
	if err != nil {
		return who, err
	}
	token, err := conf.Exchange(oidc.ClientContext(ctx, p.http), back.Get("code"), oauth2.VerifierOption(f.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < 500:
		return who, fault.New(fault.Unauthenticated, "sign_in_provider_refused").With("Provider", p.config.Name).With("Words", words(refused.ErrorCode, refused.ErrorDescription)).Because(err)
	case err != nil:
		return who, p.away(err)
	}
	raw, _ := token.Extra("id_token").(string)
	claims, err := p.believe(ctx, known, raw, f)
	if err != nil {
		return who, fault.New(fault.Unauthenticated, "sign_in_token_refused").With("Provider", p.config.Name).Because(err)
	}
	return p.config.Rules.identity(p.config.Issuer, claims)
}

// believe checks an ID token (OpenID Connect Core 3.1.3.7) and returns its claims.
func (p *Provider) believe(ctx context.Context, known *oidc.Provider, raw string, f Flow) (c claims, err error) {
	now := p.config.Now()
	// The library asks whether a token has expired at the time that it is told.
	verifier := known.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: func() time.Time { return now.Add(-skew) }})
	token, err := verifier.Verify(oidc.ClientContext(ctx, p.http), raw)
	if err != nil {
		return nil, err
	}
	if err := token.Claims(&c); err != nil {
		return nil, err
	}
	authorized, named := c["azp"]
	switch {
	case token.Subject == "":
		return nil, errors.New("it names nobody")
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.Nonce)) != 1:
		return nil, errors.New("it answers another request (nonce)")
	case token.IssuedAt.After(now.Add(skew)):
		return nil, fmt.Errorf("it was issued in the future, at %s", token.IssuedAt)
	case named && authorized != p.config.ClientID, !named && len(token.Audience) > 1:
		return nil, errors.New("it was made for another client (azp)")
	case f.Again && now.Sub(c.time("auth_time")) > flowValid+skew:
		return nil, errors.New("the provider did not ask anew (auth_time)")
	}
	return c, nil
}

// words are what a provider says, short enough to be shown.
func words(said ...string) string {
	all := strings.Join(strings.Fields(strings.ToValidUTF8(strings.Join(said, " "), "")), " ")
	if r := []rune(all); len(r) > 200 {
		return string(r[:200])
	}
	return all
}
