package forwarded_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/verinym/verinym/internal/forwarded"
)

// seen is where a request seems to have come from.
func seen(t *testing.T, networks []string, header, peer string, values ...string) string {
	t.Helper()
	p, err := forwarded.Trust(networks, header)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	for i := 0; i < len(values); i += 2 {
		r.Header.Add(values[i], values[i+1])
	}
	var got string
	p.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
	if r.RemoteAddr != peer {
		t.Errorf("the request of the server was changed: %s", r.RemoteAddr)
	}
	return got
}

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	t.Parallel()
	inner := []string{"10.0.0.0/8", "2001:db8:1::/48", "192.0.2.7"}
	const xff, fwd = forwarded.XForwardedFor, forwarded.Forwarded
	for what, x := range map[string]struct {
		networks     []string
		header, peer string
		values       []string
		want         string
	}{
		"nobody is trusted":                     {nil, "", "10.0.0.1:1234", []string{xff, "203.0.113.9"}, "10.0.0.1:1234"},
		"a proxy says who":                      {inner, "", "10.0.0.1:1234", []string{xff, "203.0.113.9"}, "203.0.113.9:0"},
		"a proxy of one address":                {inner, "", "192.0.2.7:1234", []string{xff, "203.0.113.9"}, "203.0.113.9:0"},
		"a stranger says so":                    {inner, "", "198.51.100.4:99", []string{xff, "203.0.113.9"}, "198.51.100.4:99"},
		"a neighbour of the proxy":              {inner, "", "192.0.2.8:1234", []string{xff, "203.0.113.9"}, "192.0.2.8:1234"},
		"the client forges a hop":               {inner, "", "10.0.0.1:1234", []string{xff, "127.0.0.1, 203.0.113.9"}, "203.0.113.9:0"},
		"the client forges a trusted hop":       {inner, "", "10.0.0.1:1234", []string{xff, "192.0.2.200, 10.9.9.9, 203.0.113.9"}, "203.0.113.9:0"},
		"the client forges a header of its own": {inner, "", "10.0.0.1:1234", []string{xff, "192.0.2.200", xff, "203.0.113.9"}, "203.0.113.9:0"},
		"two proxies":                           {inner, "", "10.0.0.1:1234", []string{xff, "192.0.2.200, 203.0.113.9, 10.0.0.2"}, "203.0.113.9:0"},
		"all hops are ours":                     {inner, "", "10.0.0.1:1234", []string{xff, "10.0.0.3, 10.0.0.2"}, "10.0.0.3:0"},
		"no header":                             {inner, "", "10.0.0.1:1234", nil, "10.0.0.1:1234"},
		"what is no address":                    {inner, "", "10.0.0.1:1234", []string{xff, "203.0.113.9, unknown"}, "10.0.0.1:1234"},
		"what is no address further left":       {inner, "", "10.0.0.1:1234", []string{xff, "203.0.113.9, _hidden, 10.0.0.2"}, "10.0.0.2:0"},
		"with a port":                           {inner, "", "10.0.0.1:1234", []string{xff, "203.0.113.9:4711"}, "203.0.113.9:0"},
		"IPv6":                                  {inner, "", "[2001:db8:1::1]:1234", []string{xff, "2001:db8:9::9"}, "[2001:db8:9::9]:0"},
		"IPv4 as IPv6":                          {inner, "", "[::ffff:10.0.0.1]:1234", []string{xff, "203.0.113.9"}, "203.0.113.9:0"},
		"the other header is forged":            {inner, "", "10.0.0.1:1234", []string{fwd, "for=192.0.2.200", xff, "203.0.113.9"}, "203.0.113.9:0"},
		"only the other header":                 {inner, "", "10.0.0.1:1234", []string{fwd, "for=192.0.2.200"}, "10.0.0.1:1234"},
		"Forwarded":                             {inner, "forwarded", "10.0.0.1:1234", []string{fwd, `for=192.0.2.200, for="[2001:db8:9::9]:4711";proto=https;by=10.0.0.1`}, "[2001:db8:9::9]:0"},
		"Forwarded, quoted to mislead":          {inner, "Forwarded", "10.0.0.1:1234", []string{fwd, `for="192.0.2.200, for=198.51.100.1", For=203.0.113.9`}, "203.0.113.9:0"},
		"Forwarded, a quote left open":          {inner, "Forwarded", "10.0.0.1:1234", []string{fwd, `for="192.0.2.200, for=203.0.113.9`}, "203.0.113.9:0"},
		"Forwarded, a host that misleads":       {inner, "Forwarded", "10.0.0.1:1234", []string{fwd, `for=203.0.113.9;host="x\", for=192.0.2.200;a=\"y"`}, "203.0.113.9:0"},
		"an open quote":                         {inner, "", "10.0.0.1:1234", []string{xff, `"192.0.2.200, 203.0.113.9`}, "203.0.113.9:0"},
		"Forwarded, hidden":                     {inner, "Forwarded", "10.0.0.1:1234", []string{fwd, `for=203.0.113.9, proto=https`}, "10.0.0.1:1234"},
	} {
		if got := seen(t, x.networks, x.header, x.peer, x.values...); got != x.want {
			t.Errorf("%s: the request came from %s, want %s", what, got, x.want)
		}
	}
}

func TestWhatIsNoNetworkIsNotTrusted(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{{"proxy.example"}, {"10.0.0.0/33"}, {""}} {
		if _, err := forwarded.Trust(bad, ""); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if _, err := forwarded.Trust(nil, "X-Real-IP"); err == nil {
		t.Error("a header that tells no hops is taken")
	}
}

func FuzzHops(f *testing.F) {
	f.Add("203.0.113.9, 10.0.0.2", true)
	f.Add(`for="[2001:db8::1]:1";by=x, for=_hidden`, false)
	f.Fuzz(func(t *testing.T, value string, x bool) {
		header := forwarded.Forwarded
		if x {
			header = forwarded.XForwardedFor
		}
		// Whoever is not trusted is where the request came from, whatever it says.
		if got := seen(t, []string{"10.0.0.0/8"}, header, "198.51.100.4:99", header, value); got != "198.51.100.4:99" {
			t.Errorf("%q: %s", value, got)
		}
		// The hop that a trusted proxy has added is the last word.
		added := value + ", for=203.0.113.9"
		if x {
			added = value + ", 203.0.113.9"
		}
		if got := seen(t, []string{"10.0.0.0/8"}, header, "10.0.0.1:99", header, added); got != "203.0.113.9:0" {
			t.Errorf("%q: %s", value, got)
		}
	})
}
