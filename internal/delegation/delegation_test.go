package delegation_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/internal/delegation"
)

// told renders what a look found, for comparing.
func told(r delegation.Report) string {
	out := string(r.Finding)
	if r.Why != "" {
		out += " " + string(r.Why)
	}
	for _, s := range r.Servers {
		out += fmt.Sprintf("; %s %s", s.Name, s.Answer)
	}
	return out
}

var registryHas = []string{"NS1.shop.example.", "ns2.shop.example"}

func TestEachWayADelegationStands(t *testing.T) {
	t.Parallel()
	const both = "; ns1.shop.example %s; ns2.shop.example %s"
	for situation, x := range map[string]struct {
		set  func(n *internet)
		want string
	}{
		"fine": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", good))
			n.serve("127.0.2.2", zone(n.T, "shop.example.", good))
		}, "fine" + fmt.Sprintf(both, "answers", "answers")},
		"taken out of the zone":      {func(n *internet) { n.above("other NS ns.other\nns.other A 127.0.2.9", "") }, "not_in_zone"},
		"known without name servers": {func(n *internet) { n.above("shop TXT \"reserved\"", "") }, "no_name_servers"},
		"nobody is there":            {func(n *internet) { n.above(delegated, "") }, "unreachable" + fmt.Sprintf(both, "silent", "silent")},
		"nobody says anything": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", silent)
			n.serve("127.0.2.2", silent)
		}, "unreachable" + fmt.Sprintf(both, "silent", "silent")},
		"refused": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", code(dns.RcodeRefused))
			n.serve("127.0.2.2", code(dns.RcodeRefused))
		}, "lame" + fmt.Sprintf(both, "lame", "lame")},
		"of another zone": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", zone(n.T, "other.example.", good))
			n.serve("127.0.2.2", code(dns.RcodeSuccess)) // without authority
		}, "lame" + fmt.Sprintf(both, "lame", "lame")},
		"failing": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", code(dns.RcodeServerFailure))
			n.serve("127.0.2.2", code(dns.RcodeServerFailure))
		}, "servfail" + fmt.Sprintf(both, "servfail", "servfail")},
		"one of two": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", good))
			n.serve("127.0.2.2", code(dns.RcodeRefused))
		}, "some_fail" + fmt.Sprintf(both, "answers", "lame")},
		"other name servers than the registry has": {func(n *internet) {
			n.above("shop NS ns.old.net.", "ns.old A 127.0.2.1")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", good))
		}, "wrong_name_servers; ns.old.net answers"},
		"no address": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", "@ NS ns1\n@ NS ns2\n@ MX 10 mail.other.example."))
			n.serve("127.0.2.2", zone(n.T, "shop.example.", "@ NS ns1\n@ NS ns2"))
		}, "no_address" + fmt.Sprintf(both, "answers", "answers")},
		"pointing at a parking service": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", "@ NS ns1\n@ NS ns2\nwww CNAME shop.parking.test."))
			n.serve("127.0.2.2", zone(n.T, "shop.example.", "@ NS ns1\n@ NS ns2\nwww CNAME shop.parking.test."))
		}, "parked" + fmt.Sprintf(both, "answers", "answers")},
		"the answer does not fit a datagram": {func(n *internet) {
			n.above(delegated, "")
			n.serve("127.0.2.1", cut(zone(n.T, "shop.example.", good)))
			n.serve("127.0.2.2", cut(zone(n.T, "shop.example.", good)))
		}, "fine" + fmt.Sprintf(both, "answers", "answers")},
		"over IPv6 alone": {func(n *internet) {
			n.above("shop NS ns1.shop\nshop NS ns2.shop\nns1.shop AAAA ::1\nns2.shop AAAA ::1", "")
			n.serve("::1", zone(n.T, "shop.example.", good))
		}, "fine" + fmt.Sprintf(both, "answers", "answers")},
		"one of the two protocols is dead": {func(n *internet) {
			n.above("shop NS ns1.shop\nshop NS ns2.shop\nns1.shop A 127.0.2.1\nns1.shop AAAA ::1\nns2.shop A 127.0.2.1", "")
			n.serve("127.0.2.1", zone(n.T, "shop.example.", good))
		}, "fine" + fmt.Sprintf(both, "answers", "answers")},
		"addresses that are nobody's business": {func(n *internet) {
			n.above("shop NS ns1.shop\nshop NS ns2.shop\nns1.shop A 127.9.2.1\nns2.shop A 169.254.169.254", "")
			n.serve("127.9.2.1", func(dns.ResponseWriter, *dns.Msg) { t.Error("a private address was asked") })
		}, "not_public" + fmt.Sprintf(both, "not_public", "not_public")},
		"name servers without an address": {func(n *internet) { n.above("shop NS ns1.shop\nshop NS ns2.shop", "") }, "unreachable" + fmt.Sprintf(both, "no_address", "no_address")},
		"the zone above is silent":        {func(n *internet) { n.serve("127.0.0.53", silent) }, "unknown parent_silent"},
		"the zone above fails":            {func(n *internet) { n.serve("127.0.0.53", code(dns.RcodeServerFailure)) }, "unknown parent_fails"},
		"the zone above is lame": {func(n *internet) {
			n.serve("127.0.0.53", zone(n.T, ".", "example. NS a.nic.example.\na.nic.example. A 127.0.1.1"))
			n.serve("127.0.1.1", code(dns.RcodeSuccess))
		}, "unknown parent_fails"},
		"the zone above denies without authority": {func(n *internet) {
			n.serve("127.0.0.53", zone(n.T, ".", "example. NS a.nic.example.\na.nic.example. A 127.0.1.1"))
			n.serve("127.0.1.1", code(dns.RcodeNameError))
		}, "unknown parent_fails"},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			n := newInternet(t)
			x.set(n)
			got := n.checker(func(c *delegation.Config) { c.Parking = []string{"parking.test"} }).Look(t.Context(), "shop.example", registryHas)
			if told(got) != x.want {
				t.Errorf("%s\nwant\n%s\n%+v", told(got), x.want, got)
			}
		})
	}
}

func TestWhatALookBrings(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	n.above(delegated, "")
	n.serve("127.0.2.1", cut(zone(t, "shop.example.", good)))
	n.serve("127.0.2.2", code(dns.RcodeRefused))
	r := n.checker().Look(t.Context(), "SHOP.example", nil)
	if r.Zone != "example" || strings.Join(r.Delegated, " ") != "ns1.shop.example ns2.shop.example" || strings.Join(r.Own, " ") != "ns1.shop.example ns2.shop.example" {
		t.Errorf("zone %s, delegated to %v, says of itself %v", r.Zone, r.Delegated, r.Own)
	}
	if strings.Join(r.Points, " ") != "192.0.2.80 shop.example" {
		t.Errorf("points at %v", r.Points)
	}
	want := "[{127.0.2.1 answers NOERROR true}] [{127.0.2.2 lame REFUSED false}]"
	if got := fmt.Sprint(r.Servers[0].At, " ", r.Servers[1].At); got != want {
		t.Errorf("addresses: %s, want %s", got, want)
	}
}

// Name servers that are named in another zone are looked up from the root down, or by
// resolvers where there are any.
func TestNameServersElsewhere(t *testing.T) {
	t.Parallel()
	for _, resolved := range []bool{false, true} {
		n := newInternet(t)
		root := n.above("shop NS ns1.host.net.", "host NS ns.host\nns.host A 127.0.3.1")
		n.serve("127.0.3.1", zone(t, "host.net.", "ns1 A 127.0.2.1\nns A 127.0.3.1"))
		n.serve("127.0.2.1", zone(t, "shop.example.", "@ NS ns1.host.net.\n@ A 192.0.2.80"))
		resolver := n.serve("127.0.4.1", zone(t, "host.net.", "ns1 A 127.0.2.1"))
		c := n.checker(func(c *delegation.Config) {
			if resolved {
				c.Resolvers = []netip.AddrPort{netip.AddrPortFrom(netip.MustParseAddr("127.0.4.1"), n.port)}
			}
		})
		if got := told(c.Look(t.Context(), "shop.example", []string{"ns1.host.net"})); got != "fine; ns1.host.net answers" {
			t.Errorf("resolvers: %v: %s", resolved, got)
		}
		if (resolver.asked.Load() > 0) != resolved || root.asked.Load() == 0 {
			t.Errorf("resolvers: %v: the resolver was asked %d times, the root %d", resolved, resolver.asked.Load(), root.asked.Load())
		}
	}
}

// A resolver that checks signatures refuses what the name servers say: for everybody who
// uses one like it the name does not exist.
func TestAnswersThatResolversDoNotBelieve(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	n.above(delegated, "")
	n.serve("127.0.2.1", zone(t, "shop.example.", good))
	n.serve("127.0.2.2", zone(t, "shop.example.", good))
	n.serve("127.0.4.1", code(dns.RcodeServerFailure))
	c := n.checker(func(c *delegation.Config) {
		c.Resolvers = []netip.AddrPort{netip.AddrPortFrom(netip.MustParseAddr("127.0.4.1"), n.port)}
	})
	if got := c.Look(t.Context(), "shop.example", nil).Finding; got != delegation.ServFail {
		t.Errorf("%s", got)
	}
}

// A look ends in time, whatever the servers do, and does not hold it against the domain.
func TestLookEndsInTime(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	n.above(delegated, "")
	n.serve("127.0.2.1", silent)
	n.serve("127.0.2.2", silent)
	began := time.Now()
	got := n.checker(func(c *delegation.Config) { c.Within, c.Try = 300*time.Millisecond, time.Minute }).Look(t.Context(), "shop.example", nil)
	if got.Finding != delegation.Unknown || got.Why != delegation.NoTime {
		t.Errorf("%s", told(got))
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Somebody delegates a name to very many name servers, each named elsewhere, to have us
// ask very many questions: we ask no more than we would of anybody.
func TestNobodyHasUsAskWithoutEnd(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	var crowd strings.Builder
	for i := range 60 {
		fmt.Fprintf(&crowd, "shop NS ns.z%d.net.\n", i)
	}
	var away strings.Builder
	for i := range 60 { // each again named by others
		for j := range 8 {
			fmt.Fprintf(&away, "z%d NS ns.z%d.net.\n", i, (7*i+j+1)%60)
		}
	}
	n.above(crowd.String(), away.String())
	r := n.checker(func(c *delegation.Config) { c.Try = 300 * time.Millisecond }).Look(t.Context(), "shop.example", nil)
	if len(r.Servers) > 8 || r.Finding == delegation.Fine {
		t.Errorf("%d servers were asked: %s", len(r.Servers), told(r))
	}
	if asked := n.asked.Load(); asked > 96 {
		t.Errorf("%d questions", asked)
	}
}

// A zone is believed about addresses below itself alone: another one's name server is
// looked up where it belongs.
func TestAddressesFromStrangersAreNotTaken(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	n.above("shop NS ns1.host.net.\nns1.host.net. A 127.0.2.66", "ns1.host A 127.0.2.1")
	n.serve("127.0.2.66", func(dns.ResponseWriter, *dns.Msg) { t.Error("the stranger's address was asked") })
	n.serve("127.0.2.1", zone(t, "shop.example.", "@ NS ns1.host.net.\n@ A 192.0.2.80"))
	if got := told(n.checker().Look(t.Context(), "shop.example", nil)); got != "fine; ns1.host.net answers" {
		t.Errorf("%s", got)
	}
}

func TestTooManyLooksAtOnce(t *testing.T) {
	t.Parallel()
	n := newInternet(t)
	asked := make(chan struct{}, 100)
	n.serve("127.0.0.53", func(dns.ResponseWriter, *dns.Msg) { asked <- struct{}{} })
	c := n.checker(func(c *delegation.Config) { c.AtOnce, c.Within = 1, 3*time.Second })
	first := make(chan delegation.Report, 1)
	go func() { first <- c.Look(t.Context(), "shop.example", nil) }()
	<-asked
	if got := c.Look(t.Context(), "shop.example", nil); got.Finding != delegation.Unknown || got.Why != delegation.Busy {
		t.Errorf("%s", told(got))
	}
	<-first
}

// FuzzAnswers: whatever bytes a name server sends, a look ends with a finding.
func FuzzAnswers(f *testing.F) {
	q := new(dns.Msg)
	q.SetQuestion("shop.example.", dns.TypeNS)
	whole, err := q.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[2:])
	f.Add([]byte{0x84, 0, 0, 1, 0, 1})
	f.Fuzz(func(t *testing.T, after []byte) {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go func() {
			b := make([]byte, 2048)
			for {
				n, from, err := conn.ReadFrom(b)
				if err != nil {
					return
				}
				if n > 2 { // the id is right, the rest is not
					_, _ = conn.WriteTo(append(append([]byte{}, b[:2]...), after...), from)
				}
			}
		}()
		at := netip.MustParseAddrPort(conn.LocalAddr().String())
		c := delegation.New(delegation.Config{Roots: []netip.Addr{at.Addr()}, Port: at.Port(), Try: 20 * time.Millisecond, Within: 200 * time.Millisecond,
			Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
		if got := c.Look(t.Context(), "shop.example", nil); got.Finding == "" || got.Finding == delegation.Fine {
			t.Errorf("%+v", got)
		}
	})
}
