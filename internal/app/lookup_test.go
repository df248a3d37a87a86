package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
)

func TestAnybodysDomainIsLookedUpOverTheInterface(t *testing.T) {
	t.Parallel()
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/domain/xn--fsqu00a.example") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(`{"objectClassName":"domain","ldhName":"xn--fsqu00a.example","status":["server hold","locked"],"events":[{"eventAction":"expiration","eventDate":"2030-01-02T03:04:05Z"}]}`))
	}))
	t.Cleanup(registry.Close)
	s := startWith(t, func(c *app.Config) {
		c.RDAP = app.RDAP{Servers: map[string]string{"example": registry.URL}, Plain: true, Allow: []string{"127.0.0.0/8"}}
	})
	me := client.New(s.URL()).As(s.keys["registrant"])
	got, err := me.RegistrationData(t.Context(), "例子.example")
	if err != nil || got.Domain != "例子.example" || !got.Registered || got.Source != "rdap" || got.SourceText.ZH == "" || got.Server == "" || got.ExpiresAt == nil || len(got.Statuses) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if x := got.Statuses[0]; x.Code != "locked" || x.Explained != nil {
		t.Errorf("what EPP does not know is %+v", x)
	}
	if x := got.Statuses[1]; x.Code != "serverHold" || x.Explained == nil || x.Explained.LiftedBy[0].Code != "registry" {
		t.Errorf("serverHold is %+v", x)
	}
	if got, err := me.RegistrationData(t.Context(), "free.example"); err != nil || got.Registered {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = me.RegistrationData(t.Context(), "elsewhere.test")
	if err == nil || !strings.Contains(err.Error(), "lookup_unavailable") || !strings.Contains(err.Error(), "No registration-data server is known") {
		t.Errorf("a suffix without a server: %v", err)
	}
}

func TestListOfRegistrationDataServersIsRefreshed(t *testing.T) {
	t.Parallel()
	iana := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"publication":"2026-06-01T00:00:00Z","version":"1.0","services":[[["example"],["https://rdap.example/"]]]}`))
	}))
	t.Cleanup(iana.Close)
	c := app.Config{Data: t.TempDir(), RDAP: app.RDAP{Plain: true, Allow: []string{"127.0.0.0/8"}}}
	published, file, err := app.RefreshRDAP(t.Context(), c, iana.URL)
	if err != nil || published != "2026-06-01T00:00:00Z" || filepath.Dir(file) != c.Data {
		t.Fatalf("%s %s %v", published, file, err)
	}
	if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), "rdap.example") {
		t.Errorf("%s, %v", b, err)
	}
	c.RDAP.Allow = nil
	if _, _, err := app.RefreshRDAP(t.Context(), c, iana.URL); err == nil {
		t.Error("an address that is not public is dialled")
	}
}
