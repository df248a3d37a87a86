// Package netguard says which network addresses may be dialled where somebody else has
// named them: an account its webhook, a name server another one, a registration-data
// server the next. Only the public internet is, so that nobody reaches what stands
// beside us by giving its name.
package netguard

import (
	"errors"
	"net/netip"
	"slices"
	"syscall"
)

// ErrForbidden says that an address is not one of the public internet, or is none.
var ErrForbidden = errors.New("the address is not public")

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

// Guard lets public addresses pass, and those of the networks in Allowed.
type Guard struct{ Allowed []netip.Prefix }

// Control goes into a net.Dialer. It is called with the address that is about to be
// dialled, after names have been resolved: a name that changes its mind between check
// and call gains nothing.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !g.May(ap.Addr()) {
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
