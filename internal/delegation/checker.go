package delegation

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/internal/netguard"
)

// Config says how names are looked at. The zero value asks the internet's roots.
type Config struct {
	// Roots are the root servers.
	Roots []netip.Addr
	// Resolvers, where there are any, are asked for the addresses of name servers, and
	// whether what the name servers say is believed (DNSSEC).
	Resolvers []netip.AddrPort
	// Port is where name servers listen; 53 when zero.
	Port uint16
	// Allowed are networks that may be asked though they are not public.
	Allowed []netip.Prefix
	// Within is how long a look may take, 6 seconds when zero; Try how long one question
	// may, a second when zero.
	Within, Try time.Duration
	// Parking are domains of further parking services.
	Parking []string
	// AtOnce is how many looks may be under way, 16 when zero.
	AtOnce int
}

// Limits of one look.
const (
	mostQuestions = 96
	mostZones     = 12 // from the root down
	mostDepth     = 3  // name servers of name servers of name servers
	mostServers   = 8  // name servers of the name that are asked
	mostAddresses = 4  // of each of them
	together      = 3  // servers of a zone that are asked at once
)

// Checker looks at names. It is safe for concurrent use.
type Checker struct {
	config Config
	guard  netguard.Guard
	busy   chan struct{}
}

// New returns a checker.
func New(c Config) *Checker {
	if len(c.Roots) == 0 {
		c.Roots = roots
	}
	if c.Port == 0 {
		c.Port = 53
	}
	if c.Within <= 0 {
		c.Within = 6 * time.Second
	}
	if c.Try <= 0 {
		c.Try = time.Second
	}
	if c.AtOnce <= 0 {
		c.AtOnce = 16
	}
	c.Parking = append(slices.Clone(parking), c.Parking...)
	return &Checker{config: c, guard: netguard.Guard{Allowed: c.Allowed}, busy: make(chan struct{}, c.AtOnce)}
}

// look is one look under way.
type look struct {
	*Checker
	left atomic.Int64 // questions that may still be asked
	mu   sync.Mutex
	// zones are the servers of the zones that were met on the way down.
	zones map[string][]netip.Addr
}

// Look finds out how the delegation of a name (in A-labels) stands. expected are the name
// servers that the registry has for it, nil where they are not known. It returns within
// Config.Within, whatever the servers do.
func (c *Checker) Look(ctx context.Context, name string, expected []string) Report {
	r := Report{Finding: Unknown, Expected: names(expected)}
	select {
	case c.busy <- struct{}{}:
		defer func() { <-c.busy }()
	default:
		r.Why = Busy
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Within)
	defer cancel()
	l := &look{Checker: c, zones: map[string][]netip.Addr{".": c.config.Roots}}
	l.left.Store(mostQuestions)
	l.report(ctx, dns.CanonicalName(name), &r)
	return r
}

// report fills r in, from the zone above downwards.
func (l *look) report(ctx context.Context, name string, r *Report) {
	end := l.walk(ctx, name, dns.TypeNS, false, 0)
	r.Zone = shown(end.zone)
	switch {
	case end.why != "":
		r.Why = end.why
		return
	case end.rcode == dns.RcodeNameError:
		r.Finding = NotInZone
		return
	case len(end.servers) == 0:
		r.Finding = NoNameServers
		return
	}
	r.Delegated = names(end.servers)
	var speaker netip.Addr
	r.Servers, speaker = l.askServers(ctx, name, end)
	if speaker.IsValid() {
		l.askZone(ctx, name, speaker, r)
	}
	r.Finding, r.Why = l.judge(r)
	if r.Finding == Fine && !l.believed(ctx, name) {
		r.Finding = ServFail
	}
}

// judge makes one finding of what the name servers said. That the zone above names other
// servers comes first: what those say does not matter then.
func (l *look) judge(r *Report) (Finding, Why) {
	if len(r.Expected) > 0 && !slices.Equal(r.Expected, r.Delegated) {
		return WrongNameServers, ""
	}
	count := map[Answer]int{}
	for _, s := range r.Servers {
		count[s.Answer]++
	}
	switch {
	case count[Answers] == 0 && count[NotAskedOf] > 0:
		return Unknown, NoTime
	case count[Answers] == 0 && count[ButFails] > 0:
		return ServFail, ""
	case count[Answers] == 0 && count[ButLame] > 0:
		return Lame, ""
	case count[Answers] == 0 && count[Forbidden] == len(r.Servers):
		return NotPublic, ""
	case count[Answers] == 0:
		return Unreachable, ""
	case slices.ContainsFunc(slices.Concat(r.Delegated, r.Points), l.parks):
		return Parked, ""
	case count[Answers]+count[NotAskedOf] < len(r.Servers):
		return SomeFail, ""
	case len(r.Points) == 0:
		return NoAddress, ""
	}
	return Fine, ""
}

// parks reports whether a name is a parking service's.
func (l *look) parks(name string) bool {
	return slices.ContainsFunc(l.config.Parking, func(p string) bool { return name == p || strings.HasSuffix(name, "."+p) })
}

// names are host names as people write them, in order, each once.
func names(in []string) (out []string) {
	for _, n := range in {
		out = append(out, shown(dns.CanonicalName(n)))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// shown is a name as people write it.
func shown(name string) string {
	if name == "." || name == "" {
		return "."
	}
	return strings.TrimSuffix(name, ".")
}
