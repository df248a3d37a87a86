package delegation

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/miekg/dns"
)

// end is where a walk down from the root has come to.
type end struct {
	// zone is the zone whose servers gave the last answer, rcode and answer what they said.
	zone   string
	rcode  int
	answer []dns.RR
	// servers are the name servers of the name, where it is delegated, and glue those of
	// their addresses that the zone itself gave.
	servers []string
	glue    map[string][]netip.Addr
	// why it went no further.
	why Why
}

// walk goes from the nearest zone that is known down to a name. It stops at the
// delegation of the name itself, or goes through it and brings what its servers answer.
func (l *look) walk(ctx context.Context, name string, kind uint16, through bool, depth int) end {
	zone, servers := l.nearest(name)
	for range mostZones {
		m, why := l.askAny(ctx, zone, servers, name, kind)
		if why != "" {
			return end{zone: zone, why: why}
		}
		cut, hosts := referral(m, zone, name)
		if cut == name && !through || cut == "" && kind == dns.TypeNS && !through {
			if cut == "" { // who answers for the zone above answers for this one too
				hosts = hostsOf(m.Answer, name)
			}
			return end{zone: zone, rcode: m.Rcode, servers: hosts, glue: glue(m, zone, hosts)}
		}
		if cut == "" {
			return end{zone: zone, rcode: m.Rcode, answer: m.Answer}
		}
		servers = l.addressesOf(ctx, hosts, glue(m, zone, hosts), depth)
		if len(servers) == 0 {
			return end{zone: cut, why: l.silence(ctx)}
		}
		l.mu.Lock()
		l.zones[cut] = servers
		l.mu.Unlock()
		zone = cut
	}
	return end{zone: zone, why: TooMuch}
}

// nearest is the lowest zone above a name whose servers are known.
func (l *look) nearest(name string) (zone string, servers []netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for at := 0; ; {
		next, end := dns.NextLabel(name, at)
		if end {
			return ".", l.zones["."]
		}
		at = next
		if servers, ok := l.zones[name[at:]]; ok {
			return name[at:], servers
		}
	}
}

// askAny asks servers of a zone, a few at a time, and returns the first answer that is
// one: with authority, or a referral to somebody below.
func (l *look) askAny(ctx context.Context, zone string, servers []netip.Addr, name string, kind uint16) (*dns.Msg, Why) {
	failed, spent := false, false
	for batch := range slices.Chunk(mixed(servers), together) {
		type said struct {
			reply
			err error
		}
		answers := make(chan said, len(batch))
		asking, stop := context.WithCancel(ctx)
		for _, ip := range batch {
			go func() {
				m, err := l.exchange(asking, netip.AddrPortFrom(ip, l.config.Port), name, kind, false)
				answers <- said{m, err}
			}()
		}
		for range batch {
			a := <-answers
			switch {
			case errors.Is(a.err, errBudget):
				spent = true
			case a.err != nil:
			case usable(a.Msg, zone, name):
				stop()
				return a.Msg, ""
			default:
				failed = true
			}
		}
		stop()
	}
	switch {
	case spent:
		return nil, TooMuch
	case failed:
		return nil, ParentFails
	}
	return nil, l.silence(ctx)
}

func usable(m *dns.Msg, zone, name string) bool {
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return false
	}
	cut, _ := referral(m, zone, name)
	return m.Authoritative || cut != ""
}

// silence is why nothing was heard.
func (l *look) silence(ctx context.Context) Why {
	switch {
	case ended(ctx):
		return NoTime
	case l.left.Load() < 0:
		return TooMuch
	}
	return ParentSilent
}

// mixed are up to two rounds of servers in any order, such that a machine with one of
// the two protocols reaches some in each.
func mixed(servers []netip.Addr) (out []netip.Addr) {
	var four, six []netip.Addr
	for _, i := range rand.Perm(len(servers)) {
		if ip := servers[i]; ip.Is4() {
			four = append(four, ip)
		} else {
			six = append(six, ip)
		}
	}
	for len(out) < 2*together && len(four)+len(six) > 0 {
		for _, list := range []*[]netip.Addr{&four, &four, &six} {
			if len(*list) > 0 {
				out, *list = append(out, (*list)[0]), (*list)[1:]
			}
		}
	}
	return out
}

// referral reads where an answer sends us: to the servers of a zone below the one that
// was asked and at or above the name. cut is "" where it sends us nowhere.
func referral(m *dns.Msg, zone, name string) (cut string, hosts []string) {
	if m.Rcode != dns.RcodeSuccess || m.Authoritative && len(m.Answer) > 0 {
		return "", nil
	}
	for _, rr := range m.Ns {
		ns, ok := rr.(*dns.NS)
		if !ok {
			continue
		}
		owner := dns.CanonicalName(ns.Hdr.Name)
		if owner == zone || !dns.IsSubDomain(zone, owner) || !dns.IsSubDomain(owner, name) {
			continue // upwards, sideways or to itself: no progress
		}
		return owner, hostsOf(m.Ns, owner)
	}
	return "", nil
}

// hostsOf are the name servers of an owner in a section.
func hostsOf(section []dns.RR, owner string) (out []string) {
	for _, rr := range section {
		if ns, ok := rr.(*dns.NS); ok && dns.CanonicalName(ns.Hdr.Name) == owner {
			out = append(out, dns.CanonicalName(ns.Ns))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// glue are the addresses of hosts that came with a referral. A zone is believed about
// hosts below itself alone.
func glue(m *dns.Msg, zone string, hosts []string) map[string][]netip.Addr {
	out := map[string][]netip.Addr{}
	for _, rr := range m.Extra {
		host := dns.CanonicalName(rr.Header().Name)
		if ip := addressOf(rr); ip.IsValid() && dns.IsSubDomain(zone, host) && slices.Contains(hosts, host) {
			out[host] = append(out[host], ip)
		}
	}
	return out
}

func addressOf(rr dns.RR) netip.Addr {
	switch rr := rr.(type) {
	case *dns.A:
		ip, _ := netip.AddrFromSlice(rr.A)
		return ip.Unmap()
	case *dns.AAAA:
		ip, _ := netip.AddrFromSlice(rr.AAAA)
		return ip
	}
	return netip.Addr{}
}
