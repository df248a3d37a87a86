// Package openidtest is an OpenID Connect provider for tests: real HTTP, real keys, and the
// checks of a provider that means it. Whoever comes to it is signed in already.
package openidtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// Who we are at the provider.
const (
	ClientID     = "verinym"
	ClientSecret = "a secret of the client's"
)

// Provider is one, running. Its fields may be set while nobody signs in.
type Provider struct {
	Issuer string
	// Claims are what it says of whoever comes.
	Claims map[string]any
	// Refuse is the error that it sends people back with.
	Refuse string
	// Forge changes an ID token's claims before they are signed, ForeignKey signs them with a
	// key that is not the provider's.
	Forge      func(claims map[string]any)
	ForeignKey bool
	// Now is its clock.
	Now func() time.Time

	mu   sync.Mutex
	key  *ecdsa.PrivateKey
	asks map[string]url.Values // by code
	log  []url.Values
}

// Start starts a provider, until the test ends.
func Start(t testing.TB) *Provider {
	t.Helper()
	key := newKey(t)
	p := &Provider{Now: time.Now, key: key, asks: map[string]url.Values{}}
	known := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "one", Algorithm: oidc.ES256}}, Algorithms: []string{oidc.ES256}}
	mux := http.NewServeMux()
	mux.Handle("/", known)
	mux.HandleFunc("GET /auth", p.authorize)
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		signer := key
		if p.ForeignKey {
			signer = newKey(t)
		}
		p.token(w, r, signer)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.Issuer = s.URL
	known.SetIssuer(s.URL)
	return p
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Error(err)
	}
	return key
}

// Asked are the requests that people came with, the newest last.
func (p *Provider) Asked() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log
}

// authorize sends whoever comes back with a code (OpenID Connect Core 3.1.2).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" {
		http.Error(w, "a bad request: "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, q)
	if p.Refuse != "" {
		answer.Set("error", p.Refuse)
	} else {
		code := rand.Text()
		p.asks[code] = q
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// token gives an ID token for a code, once, to the client who has the verifier (RFC 7636 4.6).
func (p *Provider) token(w http.ResponseWriter, r *http.Request, signer *ecdsa.PrivateKey) {
	id, secret, _ := r.BasicAuth()
	p.mu.Lock()
	asked, ok := p.asks[r.PostFormValue("code")]
	delete(p.asks, r.PostFormValue("code"))
	p.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	w.Header().Set("Content-Type", "application/json")
	switch {
	case id != ClientID || secret != url.QueryEscape(ClientSecret):
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"invalid_client"}`))
		return
	case !ok || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") || base64.RawURLEncoding.EncodeToString(challenge[:]) != asked.Get("code_challenge"):
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	now := p.Now()
	claims := map[string]any{
		"iss": p.Issuer, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"auth_time": now.Unix(), "nonce": asked.Get("nonce"),
	}
	maps.Copy(claims, p.Claims)
	if p.Forge != nil {
		p.Forge(claims)
	}
	b, _ := json.Marshal(claims)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": "unused", "token_type": "Bearer",
		"id_token": oidctest.SignIDToken(signer, "one", oidc.ES256, string(b)),
	})
}
