package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

// TestRegistrationDataFromTheCommandLine: a name's statuses come with what they mean, who
// sets and lifts them and what to do; one that is free ends with 1, and so does one that
// nobody can be asked about.
func TestRegistrationDataFromTheCommandLine(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/domain/held.cn" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(`{"objectClassName":"domain","ldhName":"held.cn","status":["server hold","locked","\u009b2J"]}`))
	}))
	t.Cleanup(server.Close)
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"},
		RDAP: app.RDAP{Servers: map[string]string{"cn": server.URL}, Plain: true, Allow: []string{"127.0.0.0/8"}}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, lang string
		status     int
		says       []string
	}{
		{"held.cn", "en", 0, []string{"serverHold", "The registry has suspended the name", "Set by: the registry", "Lifted by: the registry", "→ ", "locked", "&#x9B;2J"}},
		{"held.cn", "zh", 0, []string{"serverHold", "设置方： 注册局", "解除方： 注册局", "→ "}},
		{"free.cn", "en", 1, []string{"The name is not registered."}},
		{"theirs.invalid", "en", 1, []string{"not a domain of your account"}},
	} {
		status, stdout, stderr := program(t, "rdap", tt.name, "--lang", tt.lang, "--url", a.URL(), "--key", people[0].APIKey)
		if status != tt.status {
			t.Errorf("%s: exit %d", tt.name, status)
		}
		for _, s := range tt.says {
			if !strings.Contains(stdout+stderr, s) {
				t.Errorf("%s: no %q in:\n%s%s", tt.name, s, stdout, stderr)
			}
		}
	}
}
