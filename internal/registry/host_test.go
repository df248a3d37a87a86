package registry_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// strict has the registry know the hosts of its delegations.
func strict(c *sandbox.Config) { c.StrictHosts = true }

// createServed orders a name with name servers, of which the registry lacks some.
func (w *world) createServed(name, registrant string, servers, missing []string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return w.desk.CreateDomain(ctx, tx, "cn", registry.Registration{Name: name, Years: 1, Registrant: registrant, HolderType: "individual", NameServers: servers, NewHosts: missing, AuthInfo: secretOf(name), Subject: "order of " + name})
	})
}

// kinds are the commands about a name, in order, with their states.
func (w *world) kinds(name string) (out []string) {
	w.Helper()
	for _, c := range w.of("domain:" + name) {
		out = append(out, string(c.Kind)+" "+string(c.State))
	}
	return out
}

func TestMissingHostsAreToldApart(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{sandbox: strict})
	w.do(w.witness(us, ourPassword), host.Create{Name: "ns1.dns.example"})
	servers := []string{"ns1.dns.example", "ns2.dns.example", "ns1.elsewhere.cn"}
	foreign, own, err := w.desk.MissingHosts(t.Context(), "cn", "new.cn", servers)
	if err != nil || !slices.Equal(foreign, []string{"ns2.dns.example"}) || !slices.Equal(own, []string{"ns1.elsewhere.cn"}) {
		t.Errorf("missing are %v, and of the registry's own names %v; %v", foreign, own, err)
	}
	before := w.received("check", "host")
	if foreign, own, err = w.desk.MissingHosts(t.Context(), "cn", "new.cn", nil); err != nil || len(foreign)+len(own) > 0 || w.received("check", "host") != before {
		t.Errorf("of no name servers %v and %v are missing, %v", foreign, own, err)
	}
	if err := w.server.SetFaults(sandbox.Fault{Verb: "check", Object: "host", Kind: sandbox.FaultCode, Code: epp.CodeService}); err != nil {
		t.Fatal(err)
	}
	if foreign, own, err = w.desk.MissingHosts(t.Context(), "cn", "new.cn", servers); err != nil || len(foreign)+len(own) > 0 {
		t.Errorf("at a registry without host objects %v and %v are missing, %v", foreign, own, err)
	}
	w.server.Cut(0)
	if _, _, err = w.desk.MissingHosts(t.Context(), "cn", "new.cn", servers); fault.Code(err) != "registry_unreachable" {
		t.Errorf("of a registry that is away: %v", err)
	}
}

// A host that the registry lacks is made before the name that wants it, whatever becomes of
// the answer, and whoever else makes it.
func TestNameIsRegisteredWithItsNameServers(t *testing.T) {
	t.Parallel()
	servers := []string{"ns1.dns.example", "ns2.dns.example"}
	for what, tt := range map[string]struct {
		fault sandbox.Fault
		// made says that somebody else has made the host meanwhile.
		made bool
		want []string
	}{
		"made":                     {want: []string{"create"}},
		"made by somebody else":    {made: true, want: []string{"create", "create"}},
		"the answer lost":          {fault: sandbox.Fault{Kind: sandbox.FaultDropAfter}, want: []string{"create", "info"}},
		"the command lost":         {fault: sandbox.Fault{Kind: sandbox.FaultDropBefore}, want: []string{"create", "info", "create"}},
		"failed, and carried out?": {fault: sandbox.Fault{Kind: sandbox.FaultCode, Code: epp.CodeFailed}, want: []string{"create", "info", "create"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				w := open(t, s, c, setting{sandbox: strict})
				eyes := w.witness(us, ourPassword)
				w.do(eyes, host.Create{Name: servers[0]})
				if tt.made {
					w.do(w.witness(others, othersPassword), host.Create{Name: servers[1]})
				}
				if tt.fault.Kind != "" {
					tt.fault.Verb, tt.fault.Object, tt.fault.Times = "create", "host", 1
					if err := w.server.SetFaults(tt.fault); err != nil {
						t.Fatal(err)
					}
				}
				id := w.contactFor("pv_li", "李思远")
				w.createServed("new.cn", id, servers, servers[1:])
				if got := w.kinds("new.cn"); !slices.Equal(got, []string{"host_create blocked", "domain_create blocked"}) {
					t.Errorf("ordered were %v, want both to wait for the contact", got)
				}
				w.run(w.desk)
				w.allDone()
				if got := w.at(eyes, "new.cn").NS; !slices.Equal(got.Objects, servers) || len(got.Attributes) > 0 {
					t.Errorf("the name is served by %+v", got)
				}
				if sent := w.sent("host", servers[1]); !slices.Equal(sent, tt.want) {
					t.Errorf("the registry received %v of the host, want %v", sent, tt.want)
				}
				if sent := w.sent("domain", "new.cn"); !slices.Equal(slices.DeleteFunc(sent, func(v string) bool { return v == "info" }), []string{"create"}) {
					t.Errorf("the registry received %v of the name, want one create", sent)
				}
				if !tt.made {
					w.nothingSentBlindly()
				}
			})
		})
	}
}

// The host is not made, and the name does not wait for it for ever: the registry refuses it
// and says which host it misses.
func TestNameWithAHostThatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{sandbox: strict})
		id := w.contactFor("pv_li", "李思远")
		w.createServed("new.cn", id, []string{"ns1.nothing.cn"}, []string{"ns1.nothing.cn"})
		w.run(w.desk)
		w.wait("all commands to end", 100*time.Millisecond, w.ended)
		if got := w.kinds("new.cn"); !slices.Equal(got, []string{"host_create failed", "domain_create failed"}) {
			t.Errorf("the commands are %v", got)
		}
		told := w.sink.about("new.cn")
		last := told[len(told)-1]
		if last.Kind != registry.DomainCreate || last.Outcome != registry.OutcomeRefused || last.Code != epp.CodeNotExists || !strings.Contains(last.Words(), "ns1.nothing.cn") {
			t.Errorf("told %+v, want that the name is refused for want of the host", last)
		}
	})
}

func TestNameServersAreAttributesWhereTheRegistryHasThemSo(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	w := open(t, s, c, setting{account: func(a *registry.Account) { a.HostAttributes = true }})
	servers := []string{"ns1.dns.example", "ns2.dns.example"}
	if foreign, own, err := w.desk.MissingHosts(t.Context(), "cn", "new.cn", servers); err != nil || len(foreign)+len(own) > 0 || w.received("check", "host") != 0 {
		t.Errorf("%v and %v are missing, %v; nothing was to be asked", foreign, own, err)
	}
	w.createServed("new.cn", w.contactFor("pv_li", "李思远"), servers, nil)
	w.run(w.desk)
	w.allDone()
	got := w.at(w.witness(us, ourPassword), "new.cn").NS
	if len(got.Objects) > 0 || !slices.EqualFunc(got.Attributes, servers, func(a domain.HostAttr, s string) bool { return a.Name == s && len(a.Addresses) == 0 }) {
		t.Errorf("the name is served by %+v", got)
	}
}
