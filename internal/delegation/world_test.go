package delegation_test

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/internal/delegation"
)

// internet is a small one of our own: name servers on loopback addresses, all on one
// port, as those of the real one are.
type internet struct {
	*testing.T
	port  uint16
	roots []netip.Addr
	// asked counts the questions to all servers.
	asked atomic.Int64
}

// server is a name server that speaks the real protocol.
type server struct{ asked atomic.Int64 }

// newInternet finds a port that is free on the address of the root, and keeps it.
func newInternet(t *testing.T) *internet {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return &internet{T: t, port: uint16(n), roots: []netip.Addr{netip.MustParseAddr("127.0.0.53")}}
}

// serve answers at an address over UDP and TCP.
func (n *internet) serve(ip string, h dns.HandlerFunc) *server {
	n.Helper()
	s := &server{}
	address := net.JoinHostPort(ip, strconv.Itoa(int(n.port)))
	for _, network := range []string{"udp", "tcp"} {
		started := make(chan error, 1)
		d := &dns.Server{Addr: address, Net: network, NotifyStartedFunc: func() { started <- nil }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
			n.asked.Add(1)
			s.asked.Add(1)
			h(w, q)
		})}
		go func() {
			if err := d.ListenAndServe(); err != nil {
				started <- err
			}
		}()
		if err := <-started; err != nil {
			n.Fatal(err)
		}
		n.Cleanup(func() { _ = d.Shutdown() })
	}
	return s
}

// zone answers for a zone with the records of a master file; what belongs to a zone below
// is referred there, with whatever addresses of its name servers stand in the file.
func zone(t *testing.T, origin, file string) dns.HandlerFunc {
	t.Helper()
	var records []dns.RR
	parser := dns.NewZoneParser(strings.NewReader(fmt.Sprintf("$ORIGIN %s\n$TTL 60\n@ SOA ns.invalid. host.invalid. 1 60 60 60 60\n%s\n", origin, file)), origin, "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		records = append(records, rr)
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		answer(m, q.Question[0], origin, records)
		_ = w.WriteMsg(m)
	}
}

func answer(m *dns.Msg, q dns.Question, origin string, records []dns.RR) {
	if !dns.IsSubDomain(origin, q.Name) {
		m.Rcode = dns.RcodeRefused
		return
	}
	for _, rr := range records { // a delegation below?
		owner := rr.Header().Name
		if _, ok := rr.(*dns.NS); ok && owner != origin && dns.IsSubDomain(owner, q.Name) {
			m.Ns = append(m.Ns, rr)
		}
	}
	if len(m.Ns) > 0 {
		for _, ns := range m.Ns {
			for _, rr := range records {
				if k := rr.Header().Rrtype; rr.Header().Name == ns.(*dns.NS).Ns && (k == dns.TypeA || k == dns.TypeAAAA) {
					m.Extra = append(m.Extra, rr)
				}
			}
		}
		return
	}
	m.Authoritative = true
	there := false
	for _, rr := range records {
		there = there || dns.IsSubDomain(q.Name, rr.Header().Name)
		if rr.Header().Name == q.Name && (rr.Header().Rrtype == q.Qtype || rr.Header().Rrtype == dns.TypeCNAME) {
			m.Answer = append(m.Answer, rr)
		}
	}
	if !there {
		m.Rcode = dns.RcodeNameError
	}
	if len(m.Answer) == 0 {
		m.Ns = append(m.Ns, records[0])
	}
}

// code answers everything with a response code, without authority.
func code(rcode int) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetRcode(q, rcode)
		_ = w.WriteMsg(m)
	}
}

// silent takes questions and says nothing.
func silent(dns.ResponseWriter, *dns.Msg) {}

// cut answers over UDP that the answer did not fit.
func cut(h dns.HandlerFunc) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		if w.RemoteAddr().Network() == "tcp" {
			h(w, q)
			return
		}
		m := new(dns.Msg)
		m.SetReply(q)
		m.Truncated = true
		_ = w.WriteMsg(m)
	}
}

// The zones above the name: .example is at 127.0.1.1, .net with the name servers' names
// at 127.0.1.2.
func (n *internet) above(example, net string) (root *server) {
	n.Helper()
	root = n.serve("127.0.0.53", zone(n.T, ".", "example. NS a.nic.example.\na.nic.example. A 127.0.1.1\nnet. NS a.nic.net.\na.nic.net. A 127.0.1.2"))
	n.serve("127.0.1.1", zone(n.T, "example.", example))
	n.serve("127.0.1.2", zone(n.T, "net.", net))
	return root
}

// checker looks at this internet, not at the other one.
func (n *internet) checker(change ...func(*delegation.Config)) *delegation.Checker {
	c := delegation.Config{Roots: n.roots, Port: n.port, Try: 2 * time.Second, Within: 30 * time.Second,
		Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/16"), netip.MustParsePrefix("::1/128")}}
	for _, f := range change {
		f(&c)
	}
	return delegation.New(c)
}

const good = "@ NS ns1.shop.example.\n@ NS ns2.shop.example.\nns1 A 127.0.2.1\nns2 A 127.0.2.2\n@ A 192.0.2.80\nwww CNAME shop.example."
const delegated = "shop NS ns1.shop\nshop NS ns2.shop\nns1.shop A 127.0.2.1\nns2.shop A 127.0.2.2"
