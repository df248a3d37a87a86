package sandbox_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/sandbox"
)

// strict is a registry that knows the hosts of its delegations, with example.com
// and foreign.com.
func strict(t *testing.T) *world {
	t.Helper()
	w := open(t, func(c *sandbox.Config) { c.StrictHosts = true })
	w.do(epp.CodeOK, domain.Create{Name: "example.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
	w.doOn(w.dial("gaining", nil), epp.CodeOK, domain.Create{Name: "foreign.com", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}})
	return w
}

func (w *world) host(name string) *host.InfoData {
	w.Helper()
	info, err := host.ParseInfoData(w.do(epp.CodeOK, host.Info{Name: name}).Data)
	if err != nil {
		w.Fatal(err)
	}
	return info
}

func delegated(to ...string) domain.AddRem {
	return domain.AddRem{NS: domain.NameServers{Objects: to}}
}

func TestHostCommandsAreRefused(t *testing.T) {
	t.Parallel()
	w := strict(t)
	w.do(epp.CodeOK, host.Create{Name: "ns1.example.com", Addresses: host.Addrs("192.0.2.1")})
	w.do(epp.CodeOK, host.Create{Name: "ns1.elsewhere.org"})
	w.do(epp.CodeOK, domain.Update{Name: "example.com", Add: delegated("ns1.elsewhere.org")})
	tests := map[string]struct {
		code int
		body epp.Body
	}{
		"taken":                       {epp.CodeExists, host.Create{Name: "NS1.example.com"}},
		"not a name":                  {epp.CodeValueSyntax, host.Create{Name: "ns_1.example.com"}},
		"below nothing":               {epp.CodeNotExists, host.Create{Name: "ns1.nothing.com"}},
		"below another's":             {epp.CodeAuthorization, host.Create{Name: "ns1.foreign.com"}},
		"glue that is none":           {epp.CodePolicy, host.Create{Name: "ns2.elsewhere.org", Addresses: host.Addrs("192.0.2.1")}},
		"no address":                  {epp.CodeValueSyntax, host.Create{Name: "ns2.example.com", Addresses: host.Addrs("192.0.2")}},
		"address of another version":  {epp.CodeValueSyntax, host.Create{Name: "ns2.example.com", Addresses: []host.Addr{{IP: "192.0.2.1", Version: "v6"}}}},
		"unknown":                     {epp.CodeNotExists, host.Info{Name: "ns9.example.com"}},
		"delegation to nothing":       {epp.CodeNotExists, domain.Update{Name: "example.com", Add: delegated("ns9.example.com")}},
		"creation delegated nowhere":  {epp.CodeNotExists, domain.Create{Name: "new.com", NS: domain.NameServers{Objects: []string{"ns9.example.com"}}}},
		"creation by attributes":      {epp.CodePolicy, domain.Create{Name: "new.com", NS: domain.NameServers{Attributes: []domain.HostAttr{{Name: "ns1.elsewhere.org"}}}}},
		"deletion while in use":       {epp.CodeAssociation, host.Delete{Name: "ns1.elsewhere.org"}},
		"renaming another's in use":   {epp.CodeAssociation, host.Update{Name: "ns1.elsewhere.org", NewName: "ns2.elsewhere.org"}},
		"renaming to one that is":     {epp.CodeExists, host.Update{Name: "ns1.example.com", NewName: "ns1.elsewhere.org"}},
		"renaming away from its glue": {epp.CodePolicy, host.Update{Name: "ns1.example.com", NewName: "ns9.elsewhere.org"}},
		"the registry's status":       {epp.CodePolicy, host.Update{Name: "ns1.example.com", Add: host.AddRem{Statuses: epp.Statuses(epp.ServerUpdateProhibited)}}},
		"nothing to update":           {epp.CodeMissing, host.Update{Name: "ns1.example.com"}},
		"renewal":                     {epp.CodeSyntax, epp.RawBody{Name: epp.VerbRenew, XML: []byte(`<renew><h:info xmlns:h="` + host.NS + `"><h:name>a.b</h:name></h:info></renew>`)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { w.do(tt.code, tt.body) })
	}
}

func TestHostLivesAndDies(t *testing.T) {
	t.Parallel()
	w := strict(t)
	w.do(epp.CodeOK, host.Create{Name: "ns1.example.com", Addresses: host.Addrs("192.0.2.1", "2001:db8::1")}, cnnic.RegistryCreate("cnnic"))
	response := w.do(epp.CodeOK, host.Info{Name: "ns1.example.com"})
	if r, err := cnnic.ParseRegistryInfo(response.Extension(cnnic.NSRegistry)); err != nil || r != "cnnic" {
		t.Errorf("repository %q, %v", r, err)
	}
	if h := w.host("ns1.example.com"); !h.Has(epp.StatusOK) || h.Has(epp.StatusLinked) || len(h.Addresses) != 2 {
		t.Errorf("created %+v", h)
	}
	w.do(epp.CodeOK, domain.Update{Name: "example.com", Add: delegated("ns1.example.com")})
	if h := w.host("ns1.example.com"); !h.Has(epp.StatusLinked) {
		t.Errorf("in use %+v", h.Statuses)
	}
	info, _ := w.info("example.com")
	if len(info.Hosts) != 1 || info.Hosts[0] != "ns1.example.com" {
		t.Errorf("hosts below the domain: %v", info.Hosts)
	}
	w.do(epp.CodeAssociation, domain.Delete{Name: "example.com"})

	w.do(epp.CodeOK, host.Update{
		Name: "ns1.example.com", NewName: "ns2.example.com",
		Add: host.AddRem{Addresses: host.Addrs("192.0.2.2"), Statuses: epp.Statuses(epp.ClientDeleteProhibited, epp.ClientUpdateProhibited)},
		Rem: host.AddRem{Addresses: host.Addrs("2001:db8::1")},
	})
	if info, _ = w.info("example.com"); info.NS.Objects[0] != "ns2.example.com" || info.Hosts[0] != "ns2.example.com" {
		t.Errorf("after renaming: %+v", info)
	}
	w.do(epp.CodeOK, domain.Update{Name: "example.com", Rem: delegated("ns2.example.com")})
	w.do(epp.CodeStatus, host.Update{Name: "ns2.example.com", Add: host.AddRem{Addresses: host.Addrs("192.0.2.3")}})
	w.do(epp.CodeStatus, host.Delete{Name: "ns2.example.com"})
	w.do(epp.CodeOK, host.Update{Name: "ns2.example.com", Rem: host.AddRem{Statuses: epp.Statuses(epp.ClientUpdateProhibited, epp.ClientDeleteProhibited)}})
	if h := w.host("ns2.example.com"); len(h.Addresses) != 2 || h.Addresses[1].IP != "192.0.2.2" || !h.Has(epp.StatusOK) {
		t.Errorf("updated %+v", h)
	}
	w.do(epp.CodeOK, host.Delete{Name: "ns2.example.com"})
	w.do(epp.CodeNotExists, host.Info{Name: "ns2.example.com"})
}

func TestInfoShowsTheHostsThatItIsAskedFor(t *testing.T) {
	t.Parallel()
	w := strict(t)
	w.do(epp.CodeOK, host.Create{Name: "ns1.example.com"})
	w.do(epp.CodeOK, domain.Update{Name: "example.com", Add: delegated("ns1.example.com")})
	for which, want := range map[string][2]int{"": {1, 1}, "all": {1, 1}, "del": {1, 0}, "sub": {0, 1}, "none": {0, 0}} {
		info, err := domain.ParseInfoData(w.do(epp.CodeOK, domain.Info{Name: "example.com", Hosts: which}).Data)
		if err != nil || len(info.NS.Objects) != want[0] || len(info.Hosts) != want[1] {
			t.Errorf("hosts=%q: delegation %v, below %v", which, info.NS.Objects, info.Hosts)
		}
	}
}
