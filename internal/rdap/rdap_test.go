package rdap_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/rdap"
)

// answer is what a registry says of shop.example, as STD 95 has it. The holder is left in,
// to be left alone.
const answer = `{"rdapConformance":["rdap_level_0"],"objectClassName":"domain","handle":"D1-EXAMPLE","ldhName":"SHOP.EXAMPLE","unicodeName":"shop.example",
"status":["client hold","server update prohibited","add period","locked"],
"entities":[{"objectClassName":"entity","handle":"9999","roles":["registrar"],"publicIds":[{"type":"IANA Registrar ID","identifier":"9999"}],
  "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Example Registrar"]]]},
 {"objectClassName":"entity","roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Li Siyuan"]]]}],
"events":[{"eventAction":"registration","eventDate":"2020-01-02T03:04:05Z"},{"eventAction":"expiration","eventDate":"2030-01-02T11:04:05+08:00"},
 {"eventAction":"last changed","eventDate":"2025-06-01T00:00:00Z"},{"eventAction":"last update of RDAP database","eventDate":"2026-01-01T00:00:00Z"},{"eventAction":"transfer","eventDate":"soon"}],
"nameservers":[{"objectClassName":"nameserver","ldhName":"NS2.SHOP.EXAMPLE."},{"objectClassName":"nameserver","ldhName":"ns1.shop.example"}],
"secureDNS":{"delegationSigned":true}}`

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// registry is a server of one, and a client that asks it about .example.
func registry(t *testing.T, h http.HandlerFunc, change ...func(*rdap.Config)) (*rdap.Client, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c := rdap.Config{Servers: map[string]string{"example": s.URL + "/rdap/"}, Plain: true, Allowed: here}
	for _, f := range change {
		f(&c)
	}
	client, err := rdap.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client, s
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rdap+json")
		_, _ = w.Write([]byte(body))
	}
}

func TestWhatARegistrySays(t *testing.T) {
	t.Parallel()
	var asked string
	c, s := registry(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path + " " + r.Header.Get("Accept")
		says(answer)(w, r)
	})
	r, err := c.Domain(t.Context(), "shop.example")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(asked, "/rdap/domain/shop.example application/rdap+json") {
		t.Errorf("it was asked for %s", asked)
	}
	got := fmt.Sprintf("%s %v %s %s %v signed=%t %s %s %s", r.Name, r.Statuses, r.Registrar, r.RegistrarID, r.NameServers, *r.Signed,
		r.RegisteredAt.Format(time.RFC3339), r.ExpiresAt.Format(time.RFC3339), r.ChangedAt.Format(time.RFC3339))
	want := "SHOP.EXAMPLE [addPeriod clientHold locked serverUpdateProhibited] Example Registrar 9999 [ns1.shop.example ns2.shop.example] signed=true 2020-01-02T03:04:05Z 2030-01-02T03:04:05Z 2025-06-01T00:00:00Z"
	if got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	if r.Server != s.URL+"/rdap/" || strings.Contains(fmt.Sprint(r), "Siyuan") {
		t.Errorf("%+v", r)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for situation, x := range map[string]struct {
		server http.HandlerFunc
		want   error
	}{
		"no such name":    {status(404), rdap.ErrNotFound},
		"asked too often": {status(429), rdap.ErrRefused},
		"not for us":      {status(403), rdap.ErrRefused},
		"broken":          {status(500), rdap.ErrUnreachable},
		"no JSON":         {says("<html>"), rdap.ErrUnreachable},
		"another object":  {says(`{"objectClassName":"entity","handle":"x"}`), rdap.ErrUnreachable},
		"another name":    {says(strings.ReplaceAll(answer, "SHOP.EXAMPLE", "other.example")), rdap.ErrUnreachable},
		"without end":     {says(`{"objectClassName":"domain","ldhName":"shop.example","handle":"` + strings.Repeat("x", 600<<10) + `"}`), rdap.ErrUnreachable},
		"sent around":     {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, rdap.ErrUnreachable},
		"sent inside": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		}, rdap.ErrUnreachable},
		"no answer": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, rdap.ErrUnreachable},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			within := 20 * time.Second
			if situation == "no answer" {
				within = 200 * time.Millisecond
			}
			c, _ := registry(t, x.server, func(c *rdap.Config) { c.Within = within })
			began := time.Now()
			if r, err := c.Domain(t.Context(), "shop.example"); !errors.Is(err, x.want) {
				t.Errorf("%+v, %v, want %v", r, err, x.want)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	c, _ := registry(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rdap/domain/shop.example" {
			http.Redirect(w, r, "/moved"+r.URL.Path, http.StatusMovedPermanently)
			return
		}
		says(answer)(w, r)
	})
	if r, err := c.Domain(t.Context(), "shop.example"); err != nil || r.Name == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Unless it is allowed, nobody beside us is asked, whatever the list of servers says; nor
// is anybody without https.
func TestOnlyPublicServersAreAsked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	h := func(w http.ResponseWriter, r *http.Request) { asked.Add(1); says(answer)(w, r) }
	c, _ := registry(t, h, func(c *rdap.Config) { c.Allowed = nil })
	if _, err := c.Domain(t.Context(), "shop.example"); !errors.Is(err, rdap.ErrUnreachable) {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "dns.json")
	_, s := registry(t, h)
	list(t, file, s.URL)
	plain, err := rdap.New(rdap.Config{Bootstrap: file, Allowed: here})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plain.Domain(t.Context(), "shop.example"); !errors.Is(err, rdap.ErrNoServer) {
		t.Errorf("a list without https: %v", err)
	}
	if asked.Load() != 0 {
		t.Errorf("the server was asked %d times", asked.Load())
	}
}

// list writes a bootstrap file as IANA does.
func list(t *testing.T, file string, servers ...string) {
	t.Helper()
	text := fmt.Sprintf(`{"description":"d","publication":"2026-06-01T00:00:00Z","version":"1.0","services":[[["example"],["%s"]]]}`, strings.Join(servers, `","`))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The shipped list knows the large suffixes and none for .cn; a newer list beside it takes
// its place while we run, and one that is spoilt does not.
func TestListOfServers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dns.json")
	_, s := registry(t, says(answer))
	c, err := rdap.New(rdap.Config{Bootstrap: file, Plain: true, Allowed: here})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Published(); got != "2022-07-26T00:00:00Z" {
		t.Errorf("the shipped list is of %s", got)
	}
	for _, name := range []string{"shop.example", "shop.cn"} {
		if _, err := c.Domain(t.Context(), name); !errors.Is(err, rdap.ErrNoServer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list(t, file, "http://127.0.0.1:1/", s.URL) // the first is dead
	if r, err := c.Domain(t.Context(), "shop.example"); err != nil || r.Server != s.URL {
		t.Errorf("with a newer list: %+v, %v", r, err)
	}
	if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Domain(t.Context(), "shop.example"); err != nil {
		t.Errorf("with a spoilt list: %v", err)
	}
	if _, err := rdap.New(rdap.Config{Servers: map[string]string{"example": "nowhere"}}); err == nil {
		t.Error("a server without an address is taken")
	}
}

func TestListIsRefreshed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dns.json")
	body := `{"description":"d","publication":"2026-06-01T00:00:00Z","version":"1.0","services":[[["example"],["https://rdap.example/"]]]}`
	c, s := registry(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }, func(c *rdap.Config) { c.Bootstrap = file })
	if at, err := c.Refresh(t.Context(), s.URL, file); err != nil || at != "2026-06-01T00:00:00Z" || c.Published() != at {
		t.Errorf("%s, %v; in use: %s", at, err, c.Published())
	}
	for _, body = range []string{"<html>", `{"version":"1.0","services":[]}`} {
		if _, err := c.Refresh(t.Context(), s.URL, file); err == nil {
			t.Errorf("%s is taken for a list", body)
		}
	}
	if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), "rdap.example") {
		t.Errorf("the list is now %s, %v", b, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".rdap-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
