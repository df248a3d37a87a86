package forwarded

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// The headers in which proxies write hops down.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// Proxies are the reverse proxies that are believed. The zero value believes nobody.
type Proxies struct {
	networks []netip.Prefix
	header   string
}

// Trust believes the proxies in networks, each an address or a prefix, and the one header
// that they write: another one may come from anybody, through a proxy that does not know it.
func Trust(networks []string, header string) (p Proxies, err error) {
	switch p.header = http.CanonicalHeaderKey(header); p.header {
	case "":
		p.header = XForwardedFor
	case XForwardedFor, Forwarded:
	default:
		return p, fmt.Errorf("forwarded: the header is %s or %s, not %q", XForwardedFor, Forwarded, header)
	}
	for _, s := range networks {
		n, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return p, fmt.Errorf("forwarded: %q is neither an address nor a network such as 10.0.0.0/8", s)
			}
			n = netip.PrefixFrom(a, a.BitLen())
		}
		p.networks = append(p.networks, n.Masked())
	}
	return p, nil
}

// Handler passes requests on with the address of whoever made them as RemoteAddr.
func (p Proxies) Handler(next http.Handler) http.Handler {
	if len(p.networks) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, ok := p.origin(r); ok {
			known := *r
			known.RemoteAddr = netip.AddrPortFrom(from, 0).String()
			r = &known
		}
		next.ServeHTTP(w, r)
	})
}

// origin is the last hop that is no trusted proxy, or the first hop where all are; false
// where the request came straight to us.
func (p Proxies) origin(r *http.Request) (netip.Addr, bool) {
	at, ok := address(r.RemoteAddr)
	if !ok || !p.trusts(at) {
		return at, false
	}
	said := strings.Join(r.Header.Values(p.header), ",")
	hops := strings.Split(said, ",")
	if p.header == Forwarded {
		hops = split(said, ',')
	}
	moved := false
	for i := len(hops) - 1; i >= 0 && p.trusts(at); i-- {
		hop := hops[i]
		if p.header == Forwarded {
			hop = forOf(hop)
		}
		before, ok := address(strings.TrimSpace(hop))
		if !ok { // hidden, or unknown to the proxy: what stands before it tells nothing
			break
		}
		at, moved = before, true
	}
	return at, moved
}

func (p Proxies) trusts(a netip.Addr) bool {
	for _, n := range p.networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// address reads an address with or without a port.
func address(s string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return a.Unmap().WithZone(""), err == nil
}

// forOf is what an element of Forwarded says of the hop before the proxy.
func forOf(element string) string {
	for _, pair := range split(element, ';') {
		name, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(strings.TrimSpace(name), "for") {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// split parts s at what is not quoted. It reads from the right: a quote that somebody left
// open further left does not swallow what a proxy has added.
func split(s string, at byte) (out []string) {
	quoted, end := false, len(s)
	for i := len(s) - 1; i >= 0; i-- {
		switch {
		case s[i] == '"' && !escaped(s, i):
			quoted = !quoted
		case s[i] == at && !quoted:
			out = append(out, s[i+1:end])
			end = i
		}
	}
	out = append(out, s[:end])
	slices.Reverse(out)
	return out
}

// escaped reports whether a backslash takes the meaning of s[i] away.
func escaped(s string, i int) bool {
	before := len(s[:i]) - len(strings.TrimRight(s[:i], `\`))
	return before%2 == 1
}
