package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"time"
)

// answerHeader is how many bytes the header of an answer may have.
const answerHeader = 16 << 10

// ErrForbidden says that a name leads to an address that is not to be dialled.
var ErrForbidden = errors.New("outbound: the address is not public")

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

// Guard says which addresses may be dialled: public ones, and those of Allowed.
type Guard struct{ Allowed []netip.Prefix }

// check is called with the address that is about to be dialled, after names have been
// resolved: a name that changes its mind between check and call gains nothing.
func (g Guard) check(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrForbidden
	}
	if !g.May(ap.Addr()) {
		return ErrForbidden
	}
	return nil
}

// May reports whether an address may be dialled.
func (g Guard) May(ip netip.Addr) bool {
	ip = ip.Unmap()
	in := func(p netip.Prefix) bool { return p.Contains(ip) }
	if slices.ContainsFunc(g.Allowed, in) {
		return true
	}
	return ip.Zone() == "" && (ip.Is4() || global.Contains(ip)) && !slices.ContainsFunc(special, in)
}

// NewClient returns a client that dials only what g lets pass, knows no proxy and
// follows no redirect. An answer has to be there, whole, within a time.
func NewClient(g Guard, within time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: g.check}
	return &http.Client{
		Timeout:       within,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: answerHeader, MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second,
		},
	}
}

// Why names why there was no answer, without telling what the operator's network looks
// like: address_forbidden, timed_out, no_address, tls_failed, no_connection.
func Why(err error) string {
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var host x509.HostnameError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, ErrForbidden):
		return "address_forbidden"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timed_out"
	case errors.As(err, &dns):
		return "no_address"
	case errors.As(err, &untrusted), errors.As(err, &host), errors.As(err, &alert), errors.As(err, &record):
		return "tls_failed"
	}
	return "no_connection"
}
