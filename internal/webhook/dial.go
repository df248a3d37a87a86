package webhook

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Limits of one try.
const (
	answerWithin = 15 * time.Second
	answerKept   = 1 << 10
	answerHeader = 16 << 10
)

// errForbidden says that a name leads to an address that is not to be dialled.
var errForbidden = errors.New("webhook: the address is not public")

// special are the parts of the global address space that lead nowhere public, or into
// another space: IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890).
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

// global is what IPv6 has assigned to unicast so far; NAT64, loopback, unique local and
// link-local addresses are outside.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(in ...string) (out []netip.Prefix) {
	for _, s := range in {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// guard says which addresses may be dialled.
type guard struct{ allowed []netip.Prefix }

// check is called with the address that is about to be dialled, after names have been
// resolved: a name that changes its mind between check and call gains nothing.
func (g guard) check(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errForbidden
	}
	if !g.may(ap.Addr()) {
		return errForbidden
	}
	return nil
}

func (g guard) may(ip netip.Addr) bool {
	ip = ip.Unmap()
	in := func(p netip.Prefix) bool { return p.Contains(ip) }
	if slices.ContainsFunc(g.allowed, in) {
		return true
	}
	return ip.Zone() == "" && (ip.Is4() || global.Contains(ip)) && !slices.ContainsFunc(special, in)
}

// newClient returns a client that dials only what g lets pass, knows no proxy and
// follows no redirect.
func newClient(g guard) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: g.check}
	return &http.Client{
		Timeout:       answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: answerHeader, MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second,
		},
	}
}
