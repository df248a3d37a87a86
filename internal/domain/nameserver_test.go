package domain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// strictHosts has the registry know the hosts of its delegations.
func strictHosts(c *sandbox.Config) { c.StrictHosts = true }

func TestNameServersAreWrittenAsRegistriesHaveThem(t *testing.T) {
	t.Parallel()
	got, err := domain.NameServers([]string{" NS1.Dns.Example. ", "ns2.例子.example"})
	if want := []string{"ns1.dns.example", "ns2.xn--fsqu00a.example"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	thirteen := strings.Split("a b c d e f g h i j k l m", " ")
	for i := range thirteen {
		thirteen[i] += ".dns.example"
	}
	if got, err := domain.NameServers(thirteen); err != nil || !slices.Equal(got, thirteen) {
		t.Errorf("thirteen: %q, %v", got, err)
	}
	for code, typed := range map[string][]string{
		"name_servers_many":   append([]string{"n.dns.example"}, thirteen...),
		"name_server_invalid": {"192.0.2.1"},
		"name_server_twice":   {"ns1.dns.example", "NS1.dns.example."},
		"invalid_input":       {"ns_1.dns.example", "localhost"},
	} {
		_, err := domain.NameServers(typed)
		if fault.Code(err) != code {
			t.Errorf("%q: %v, want %s", typed, err, code)
		}
		for _, d := range append(fault.From(err).Details, fault.From(err)) {
			if d.Code != "invalid_input" && d.Field != "name_servers" {
				t.Errorf("%q: %s stands at %q", typed, d.Code, d.Field)
			}
		}
	}
}

// An order is refused before it is paid on account of name servers that the registry
// cannot have.
func TestOrderIsRefusedForNameServersThatTheRegistryCannotHave(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, strictHosts)
	profile := h.cnProfile()
	for what, tt := range map[string]struct{ server, want string }{
		"under the name itself":               {"ns1.new.cn", "name_server_within"},
		"the name itself":                     {"new.cn", "name_server_within"},
		"under another name of the registry":  {"ns1.nothing.cn", "name_server_missing"},
		"of the registry's other suffixes":    {"ns1.nothing.com", "name_server_missing"},
		"a name that ends alike is another's": {"ns1.anew.cn", "name_server_missing"},
	} {
		_, err := h.domains.PlaceOrder(t.Context(), h.me, "new.cn", profile, 1, "ns1.dns.example", tt.server)
		h.wantFault(what, err, tt.want)
		if f := fault.From(err); f.Field != "name_servers" || f.Params["Server"] != tt.server {
			t.Errorf("%s: the fault is at %q, about %q", what, f.Field, f.Params["Server"])
		}
	}
	if n := h.count("domain_order"); n != 0 {
		t.Errorf("refused orders left %d rows", n)
	}
}

// A host of another registry's names is made with the name that wants it, and the name is
// in its zone with the verdict; a host that is there serves as it is.
func TestNameIsOrderedWithItsNameServers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, strictHosts)
		h.do(h.eyes(rival), host.Create{Name: "ns1.dns.example"})
		profile := h.cnProfile()
		servers := []string{"ns2.dns.example", "NS1.dns.example"}
		o, err := h.domains.PlaceOrder(t.Context(), h.me, "new.cn", profile, 1, servers...)
		if err != nil {
			t.Fatal(err)
		}
		again, err := h.domains.PlaceOrder(t.Context(), h.me, "new.cn", profile, 1, servers...)
		if err != nil || again.PublicID != o.PublicID {
			t.Errorf("the same order again is %s, %v; want %s", again.PublicID, err, o.PublicID)
		}
		_, err = h.domains.PlaceOrder(t.Context(), h.me, "new.cn", profile, 1, "ns1.dns.example")
		h.wantFault("an order with other name servers", err, "order_exists")
		if n := h.count("registry_command WHERE kind = 'host_create'"); n != 0 {
			t.Errorf("%d hosts are to be made for an order that is not paid", n)
		}
		h.pay(o)
		h.settles()
		if got := h.order(o); !slices.Equal(got.NameServers, []string{"ns2.dns.example", "ns1.dns.example"}) || !slices.Equal(got.NewHosts, []string{"ns2.dns.example"}) || got.State != domain.Completed {
			t.Errorf("the order is %s, with %q, of them new %q", got.State, got.NameServers, got.NewHosts)
		}
		h.reviewed()
		d := h.get("new.cn")
		if !slices.Equal(d.NameServers, []string{"ns1.dns.example", "ns2.dns.example"}) || d.Has(epp.StatusInactive) {
			t.Errorf("the name is served by %q and is %q", d.NameServers, d.Statuses)
		}
	})
}

// Between the order and its payment a host may go: the name is refused, and the order says
// on account of which host.
func TestNameServerThatIsGoneFailsTheOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, strictHosts)
		eyes := h.eyes(rival)
		h.do(eyes, host.Create{Name: "ns1.dns.example"})
		h.do(eyes, host.Create{Name: "ns1.dns.example.org"})
		o, err := h.domains.PlaceOrder(t.Context(), h.me, "new.cn", h.cnProfile(), 1, "ns1.dns.example", "ns1.dns.example.org")
		if err != nil {
			t.Fatal(err)
		}
		h.do(eyes, host.Delete{Name: "ns1.dns.example.org"})
		h.pay(o)
		h.settles()
		if got := h.order(o); got.State != domain.OrderFailed || got.Failure != "name_server_refused" || got.RefusedServer != "ns1.dns.example.org" {
			t.Errorf("the order is %s: %s on account of %q", got.State, got.Failure, got.RefusedServer)
		}
		if e := h.event(o.PublicID, "order.failed"); e.Data["Reason"] != "name_server_refused" || e.Data["Server"] != "ns1.dns.example.org" || !strings.Contains(e.Data["Words"], "does not exist") {
			t.Errorf("told was %v", e.Data)
		}
	})
}

// Who names none gets those of the registry account, but for any under the new name.
func TestOrderWithoutNameServersHasThoseOfTheRegistryAccount(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := openServed(t, s, c, policytest.Shipped(), []string{"ns1.dns.cn", "ns1.dns.example"}, strictHosts)
	h.do(h.eyes(rival), host.Create{Name: "ns1.dns.example"})
	profile := h.cnProfile()
	_, err := h.domains.PlaceOrder(t.Context(), h.me, "new.cn", profile, 1)
	h.wantFault("a name server of ours that is not there", err, "name_server_missing")
	for name, want := range map[string]struct{ typed, got []string }{
		"dns.cn":   {nil, []string{"ns1.dns.example"}},
		"other.cn": {[]string{"ns1.dns.example"}, []string{"ns1.dns.example"}},
	} {
		offer, err := h.domains.Offer(t.Context(), h.me, name)
		if err != nil {
			t.Fatal(err)
		}
		o, err := h.domains.PlaceOrder(t.Context(), h.me, name, profile, 1, want.typed...)
		if err != nil || !slices.Equal(o.NameServers, want.got) {
			t.Errorf("%s is ordered with %q, %v; want %q", name, o.NameServers, err, want.got)
		}
		if want.typed == nil && !slices.Equal(offer.NameServers, want.got) {
			t.Errorf("%s is offered with %q, want %q", name, offer.NameServers, want.got)
		}
	}
}
