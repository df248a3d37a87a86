package delegation

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/internal/netguard"
)

// addressesOf are addresses of hosts: those that are known, and where there are none those
// that looking the hosts up brings.
func (l *look) addressesOf(ctx context.Context, hosts []string, known map[string][]netip.Addr, depth int) (out []netip.Addr) {
	for _, h := range hosts {
		out = append(out, few(known[h])...)
	}
	if len(out) > 0 {
		return out
	}
	for _, h := range hosts[:min(len(hosts), together)] {
		if out = append(out, l.resolve(ctx, h, depth+1)...); len(out) > 0 {
			break
		}
	}
	return out
}

// few are at most mostAddresses addresses, of both protocols where there are both.
func few(in []netip.Addr) []netip.Addr {
	in = slices.Clone(in)
	slices.SortFunc(in, netip.Addr.Compare)
	in = slices.Compact(in)
	if len(in) <= mostAddresses {
		return in
	}
	return append(in[:mostAddresses/2:mostAddresses/2], in[len(in)-mostAddresses/2:]...)
}

// resolve finds the addresses of a host.
func (l *look) resolve(ctx context.Context, host string, depth int) []netip.Addr {
	if depth > mostDepth {
		return nil
	}
	var (
		mu  sync.Mutex
		wg  sync.WaitGroup
		out []netip.Addr
	)
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		wg.Go(func() {
			for _, rr := range l.lookUp(ctx, host, kind, depth) {
				if ip := addressOf(rr); ip.IsValid() && dns.CanonicalName(rr.Header().Name) == host {
					mu.Lock()
					out = append(out, ip)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return few(out)
}

// lookUp asks the resolvers, where there are any, and goes down from the roots where not.
func (l *look) lookUp(ctx context.Context, host string, kind uint16, depth int) []dns.RR {
	for _, at := range l.config.Resolvers {
		if m, err := l.exchange(ctx, at, host, kind, true); err == nil && m.Rcode == dns.RcodeSuccess {
			return m.Answer
		}
	}
	if len(l.config.Resolvers) > 0 {
		return nil
	}
	return l.walk(ctx, host, kind, true, depth).answer
}

// askServers asks every name server of a name whether it answers for it, all at once, and
// returns an address that does.
func (l *look) askServers(ctx context.Context, name string, e end) ([]Server, netip.Addr) {
	hosts := e.servers[:min(len(e.servers), mostServers)]
	out := make([]Server, len(hosts))
	var wg sync.WaitGroup
	for i, host := range hosts {
		wg.Go(func() {
			known := few(e.glue[host])
			if len(known) == 0 {
				known = l.resolve(ctx, host, 1)
			}
			out[i] = l.askServer(ctx, name, host, known)
		})
	}
	wg.Wait()
	for _, s := range out {
		for _, a := range s.At {
			if a.Answer == Answers {
				return out, a.IP
			}
		}
	}
	return out, netip.Addr{}
}

// askServer asks every address of one name server.
func (l *look) askServer(ctx context.Context, name, host string, at []netip.Addr) Server {
	s := Server{Name: shown(host), Answer: Homeless, At: make([]Address, len(at))}
	if len(at) == 0 {
		if ended(ctx) || l.left.Load() < 0 {
			s.Answer = NotAskedOf
		}
		return s
	}
	var wg sync.WaitGroup
	for i, ip := range at {
		wg.Go(func() { s.At[i] = l.askAddress(ctx, name, ip) })
	}
	wg.Wait()
	order := []Answer{Answers, ButLame, ButFails, NotAskedOf, Silent, Forbidden}
	for _, best := range order {
		if slices.ContainsFunc(s.At, func(a Address) bool { return a.Answer == best }) {
			s.Answer = best
			break
		}
	}
	return s
}

// askAddress asks for the start of authority: who answers for a name has it.
func (l *look) askAddress(ctx context.Context, name string, ip netip.Addr) Address {
	a := Address{IP: ip}
	m, err := l.exchange(ctx, netip.AddrPortFrom(ip, l.config.Port), name, dns.TypeSOA, false)
	switch {
	case errors.Is(err, netguard.ErrForbidden):
		a.Answer = Forbidden
		return a
	case err != nil && (ended(ctx) || errors.Is(err, errBudget)):
		a.Answer = NotAskedOf // it has not had the time that it should have
		return a
	case err != nil:
		a.Answer = Silent
		return a
	}
	a.TCP, a.Rcode = m.tcp, dns.RcodeToString[m.Rcode]
	switch {
	case m.Rcode == dns.RcodeServerFailure:
		a.Answer = ButFails
	case m.Rcode == dns.RcodeSuccess && m.Authoritative && startsHere(m.Answer, name):
		a.Answer = Answers
	default:
		a.Answer = ButLame
	}
	return a
}

// startsHere reports whether a section has the start of authority of a name.
func startsHere(section []dns.RR, name string) bool {
	return slices.ContainsFunc(section, func(rr dns.RR) bool {
		_, ok := rr.(*dns.SOA)
		return ok && dns.CanonicalName(rr.Header().Name) == name
	})
}

// askZone asks a server that answers for the name what the zone says of itself.
func (l *look) askZone(ctx context.Context, name string, ip netip.Addr, r *Report) {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	ask := func(of string, kind uint16, take func([]dns.RR)) {
		wg.Go(func() {
			m, err := l.exchange(ctx, netip.AddrPortFrom(ip, l.config.Port), of, kind, false)
			if err != nil || m.Rcode != dns.RcodeSuccess {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			take(m.Answer)
		})
	}
	ask(name, dns.TypeNS, func(section []dns.RR) { r.Own = names(hostsOf(section, name)) })
	for _, of := range []string{name, "www." + name} {
		for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
			ask(of, kind, func(section []dns.RR) { r.Points = append(r.Points, pointsOf(section)...) })
		}
	}
	wg.Wait()
	slices.Sort(r.Points)
	r.Points = slices.Compact(r.Points)
}

// pointsOf are the addresses and other names in a section.
func pointsOf(section []dns.RR) (out []string) {
	for _, rr := range section {
		if ip := addressOf(rr); ip.IsValid() {
			out = append(out, ip.String())
		} else if c, ok := rr.(*dns.CNAME); ok {
			out = append(out, shown(dns.CanonicalName(c.Target)))
		}
	}
	return out
}

// believed reports whether a resolver, where there are any, takes what the name servers
// say. One that validates signatures fails where they are wrong.
func (l *look) believed(ctx context.Context, name string) bool {
	failed := 0
	for _, at := range l.config.Resolvers {
		m, err := l.exchange(ctx, at, name, dns.TypeA, true)
		if err == nil && m.Rcode == dns.RcodeServerFailure {
			failed++
		}
	}
	return failed == 0 || failed < len(l.config.Resolvers)
}
