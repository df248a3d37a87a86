package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

// TestTheOriginIsWhatATrustedProxySays: in the console and over the API. What the client
// has written there before is nobody's word, and without trusted proxies none of it is.
func TestTheOriginIsWhatATrustedProxySays(t *testing.T) {
	t.Parallel()
	for want, networks := range map[string][]string{"203.0.113.9": {"127.0.0.0/8", "::1"}, "127.0.0.1": nil, "127.0.0.1 ": {"10.0.0.0/8"}} {
		s := startWith(t, func(c *app.Config) { c.TrustedProxies.Networks = networks })
		b := s.browser(t)
		p := b.get("/sign-in").fill("/sign-in", "email", li, "password", "correct-horse-battery")
		b.post("/sign-in", p, "X-Forwarded-For", "192.0.2.200, 203.0.113.9", "Forwarded", "for=192.0.2.200").wants(http.StatusOK)
		req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, s.URL()+"/api/v1/session", strings.NewReader(`{"email":"`+li+`","password":"correct-horse-battery"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", "a-program")
		req.Header.Set("X-Forwarded-For", "192.0.2.200, 203.0.113.9")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		page := b.get("/account/security")
		page.wants(http.StatusOK, "This device", "a-program")
		if n := strings.Count(page.words(), strings.TrimSpace(want)); n != 2 || strings.Contains(page.words(), "192.0.2.200") {
			t.Errorf("with %v trusted, %d of two sessions are from %s:\n%s", networks, n, want, page.words())
		}
	}
}

// TestProxiesThatCannotBeReadAreRefused at the start, with the key.
func TestProxiesThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	_, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), TrustedProxies: app.TrustedProxies{Networks: []string{"proxy.example"}}}, "test", slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "trusted_proxies") {
		t.Errorf("%v", err)
	}
}
