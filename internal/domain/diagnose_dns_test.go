package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/internal/delegation"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// diagnoseDNS diagnoses a domain over the answers of one real name server, which is root
// and everything below it, and returns the last step.
func (h *house) diagnoseDNS(name string, answer func(m *dns.Msg, q dns.Question)) domain.Step {
	h.Helper()
	return h.lastStep(h.withDNS(answer), name)
}

func (h *house) lastStep(all *domain.All, name string) domain.Step {
	h.Helper()
	d, err := all.Diagnose(h.Context(), h.me, name)
	if err != nil {
		h.Fatal(err)
	}
	step := d.Steps[len(d.Steps)-1]
	if step.Name != "dns" {
		h.Fatalf("the last step is %s", step.Name)
	}
	return step
}

// withDNS is the domains of the house, with a DNS of their own.
func (h *house) withDNS(answer func(m *dns.Msg, q dns.Question)) *domain.All {
	h.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		h.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		answer(m, q.Question[0])
		_ = w.WriteMsg(m)
	})}
	go func() { _ = server.ActivateAndServe() }()
	h.Cleanup(func() { _ = server.Shutdown() })
	_, port, _ := net.SplitHostPort(conn.LocalAddr().String())
	n, _ := strconv.ParseUint(port, 10, 16)
	at := netip.MustParseAddr("127.0.0.1")
	c := delegation.New(delegation.Config{Roots: []netip.Addr{at}, Port: uint16(n), Try: 5 * time.Second, Within: 30 * time.Second, Allowed: []netip.Prefix{netip.PrefixFrom(at, 32)}})
	return domain.New(domain.Config{
		Store: h.store, Policies: h.policies, Accounts: h.accounts, Profiles: h.profiles,
		Registries: h.registries, Reviews: h.reviews, Emails: h.emails,
		NamingAuthority: "sandbox", DNS: c, Log: slog.New(slog.DiscardHandler),
	})
}

// inEnglish is what a step rests on, a line each.
func inEnglish(t *testing.T, s domain.Step) string {
	t.Helper()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range s.Details {
		out = append(out, texts.Text(locale.EN, d.Text, d.Params))
	}
	return strings.Join(out, "\n")
}

// nobody says that there is no such name.
func nobody(m *dns.Msg, _ dns.Question) {
	m.Authoritative, m.Rcode = true, dns.RcodeNameError
}

// serving is a zone with one name server, whose name is given.
func serving(host string) func(m *dns.Msg, q dns.Question) {
	rr := func(s string) []dns.RR { r, _ := dns.NewRR(s); return []dns.RR{r} }
	return func(m *dns.Msg, q dns.Question) {
		m.Authoritative = true
		switch {
		case q.Qtype == dns.TypeNS:
			m.Authoritative = false
			m.Ns, m.Extra = rr(q.Name+" 60 IN NS "+host+"."), rr(host+". 60 IN A 127.0.0.1")
		case q.Qtype == dns.TypeSOA:
			m.Answer = rr(q.Name + " 60 IN SOA a. b. 1 60 60 60 60")
		case q.Qtype == dns.TypeA:
			m.Answer = rr(q.Name + " 60 IN A 192.0.2.80")
		}
	}
}

// A page that cannot wait has nine answers at once, and the tenth is said to be asked for:
// nobody is asked here at all, as nothing would ever answer.
func TestDiagnosisAtOnceDoesNotWaitForTheDNS(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.register("example.cn", h.cnProfile())
	asked := make(chan struct{})
	all := h.withDNS(func(*dns.Msg, dns.Question) { close(asked); select {} })
	at, err := all.DiagnoseAtOnce(t.Context(), h.me, "example.cn")
	if err != nil {
		t.Fatal(err)
	}
	full, err := h.domains.Diagnose(t.Context(), h.me, "example.cn")
	if err != nil {
		t.Fatal(err)
	}
	last := len(full.Steps) - 1
	for i, step := range at.Steps {
		if i < last && (step.Name != full.Steps[i].Name || step.Health != full.Steps[i].Health || step.Evidence != full.Steps[i].Evidence) {
			t.Errorf("at once %s is %s (%s), otherwise %s (%s)", step.Name, step.Health, step.Evidence, full.Steps[i].Health, full.Steps[i].Evidence)
		}
	}
	if got := at.Steps[last]; got.Name != "dns" || got.Health != domain.Busy || got.Evidence != domain.AskingDNS {
		t.Errorf("the last step is %+v", got)
	}
	select {
	case <-asked:
		t.Error("the DNS was asked")
	default:
	}
	if got, err := h.domains.DiagnoseAtOnce(t.Context(), h.me, "example.cn"); err != nil || got.Steps[last].Evidence == domain.AskingDNS {
		t.Errorf("where nobody asks the DNS the last step is %+v (%v)", got.Steps[last], err)
	}
}

func TestLastStepAsksTheDNS(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.register("example.cn", h.cnProfile())
	h.reviewed()
	want := func(what string, got domain.Step, health domain.Health, evidence, action string) {
		t.Helper()
		if got.Health != health || got.Evidence != evidence || got.Action != action {
			t.Errorf("%s: %s %s %s, want %s %s %s", what, got.Health, got.Evidence, got.Action, health, evidence, action)
		}
	}
	want("without name servers", h.diagnoseDNS("example.cn", nobody), domain.Problem, "not_in_zone", "set_name_servers")
	h.nameServers("example.cn")
	want("just delegated", h.diagnoseDNS("example.cn", nobody), domain.Busy, "not_in_zone", "wait_for_publication")
	got := h.diagnoseDNS("example.cn", serving("ns1.example.net"))
	want("as the registry has it", got, domain.Good, "fine", "")
	if got.Facts["delegated_to"] != "ns1.example.net" || got.Facts["at_registry"] != "ns1.example.net" || got.Facts["points_at"] != "192.0.2.80" ||
		inEnglish(t, got) != "ns1.example.net 127.0.0.1 answers\nThe domain or its www points to: 192.0.2.80" {
		t.Errorf("it rests on %v\n%s", got.Facts, inEnglish(t, got))
	}
	got = h.diagnoseDNS("example.cn", serving("ns.old.net"))
	want("with somebody else's servers", got, domain.Problem, "wrong_name_servers", "compare_name_servers")
	if read := inEnglish(t, got); read != "Name servers at the registry: ns1.example.net\nName servers in the parent zone: ns.old.net\nns.old.net 127.0.0.1 answers\nThe domain or its www points to: 192.0.2.80" {
		t.Errorf("it rests on\n%s", read)
	}
	h.pass(3 * day)
	h.refresh("example.cn")
	got = h.diagnoseDNS("example.cn", nobody)
	want("days later", got, domain.Problem, "not_in_zone", "ask_why_not_in_zone")
	if read := inEnglish(t, got); read != "Name servers at the registry: ns1.example.net" {
		t.Errorf("days later it rests on\n%s", read)
	}
	h.do(h.eyes(chinese), eppdomain.Update{Name: "example.cn", Add: eppdomain.AddRem{Statuses: []eppdomain.Status{{Value: epp.ClientHold}}}})
	h.refresh("example.cn")
	want("on hold", h.diagnoseDNS("example.cn", nobody), domain.Problem, "not_in_zone", "lift_hold_first")
	got = h.diagnoseDNS("example.cn", func(m *dns.Msg, _ dns.Question) { m.Rcode = dns.RcodeServerFailure })
	want("when the zone above fails", got, domain.Unknown, "parent_fails", "diagnose_again")
}

// An account that diagnoses without end is answered without the DNS for a while.
func TestAnAccountAsksTheDNSSoOftenAMinute(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.row(h.me, "many.cn", domain.Verified, domain.Verified, domain.Registered)
	all := h.withDNS(nobody)
	asked := map[string]int{}
	for range 123 {
		asked[h.lastStep(all, "many.cn").Evidence]++
	}
	if asked["not_in_zone"] != 120 || asked["busy"] != 3 {
		t.Errorf("of 123 diagnoses: %v", asked)
	}
}

// What is verified is known to the filing system days later, and then the step does not
// wait any more.
func TestFilingSystemIsToldLater(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.register("example.cn", h.cnProfile())
	h.reviewed()
	icp := func() domain.Step {
		d, err := h.domains.Diagnose(h.Context(), h.me, "example.cn")
		if err != nil {
			t.Fatal(err)
		}
		return d.Steps[len(d.Steps)-2]
	}
	verified := h.event(h.get("example.cn").PublicID, "domain.real_name_verified").At.Time
	got := icp()
	if got.Health != domain.Busy || !got.Deadline.Equal(verified.Add(3*day)) || got.Facts["eligible"] != "yes" || got.Facts["needed"] != "unknown" || got.Facts["done"] != "unknown" {
		t.Errorf("just verified: %+v", got)
	}
	h.clock.Advance(3 * day)
	if got = icp(); got.Health != domain.Unknown || got.Evidence != "eligible" || !got.Deadline.IsZero() {
		t.Errorf("three days later: %+v", got)
	}
}

// Every finding of the DNS, every cause of not knowing and every answer of a server has a text.
func TestFindingsOfTheDNSHaveTexts(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../delegation/report.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		v, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		kind, _ := v.Type.(*ast.Ident)
		if kind == nil {
			return true
		}
		prefix, spoken := map[string]string{"Finding": "found.dns.", "Why": "found.dns.", "Answer": "dns.server_"}[kind.Name]
		if !spoken {
			return true
		}
		code, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if n++; code != string(delegation.Unknown) && !texts.Has(prefix+code) {
			t.Errorf("%s %s has no text", kind.Name, code)
		}
		return true
	})
	if n < 23 {
		t.Errorf("only %d findings were read", n)
	}
	if took := strings.Count(texts.Source(locale.EN, "found.dns.not_in_zone"), "{{.Zone}}"); took != 1 {
		t.Error("the text of not_in_zone does not say which zone was asked")
	}
}
