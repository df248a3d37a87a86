package registry_test

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// A registry of RFC 5733 gets contacts without CNNIC's extensions, and no documents.
func TestStandardRegistryGetsContactsAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		w := open(t, s, c, setting{
			sandbox: func(c *sandbox.Config) {
				c.Zones[0].Verify = false
				seeded("old.cn")(c)
			},
			account: func(a *registry.Account) { a.Driver, a.AuditURL = registry.DialectStandard, "" },
		})
		id := w.contactFor("pv_li", "李思远")
		w.create("new.cn", id)
		w.change("old.cn", id, registry.Bulk)
		w.run(w.desk)
		w.allDone()
		eyes := w.witness(us, ourPassword)
		for _, n := range []string{"new.cn", "old.cn"} {
			if d := w.at(eyes, n); d == nil || d.Registrant != id {
				t.Errorf("%s at the registry: %+v", n, d)
			}
		}
		for _, r := range w.server.Log() {
			if (r.Verb == "create" || r.Verb == "update" || r.Verb == "evidence") && (strings.Contains(r.Frame, "cnnic-") || r.Verb == "evidence") {
				t.Errorf("the registry received %s", r.Frame)
			}
		}
	})
}

func TestDriverIsWhatPolicyDeclares(t *testing.T) {
	t.Parallel()
	r, err := registry.New(registry.Config{Store: &store.Store{}, Accounts: []registry.Account{
		{Name: "cnnic", Driver: registry.DialectCNNIC}, {Name: "standard", Driver: registry.DialectStandard}, {Name: "thin", Driver: registry.DialectThin},
		{Name: "codes", Driver: registry.DialectCodes, VSP: "vsp"}, {Name: "codes without contacts", Driver: registry.DialectCodes, VSP: "vsp", Contacts: "none"},
		{Name: "thin, reviewed later", Driver: registry.DialectThin, Naming: "registry_after_create"},
		{Name: "vsp", Driver: registry.DialectProvider, ProviderID: "1", IssuersPEM: sandboxIssuers(t)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	declared := func(duty, contacts, naming string) (rule policy.Rule) {
		rule.Suffix, rule.Verification.Duty, rule.Driver.Contacts = "example", duty, contacts
		if naming != "" {
			rule.Naming = &policy.Naming{Review: naming}
		}
		return rule
	}
	thin, later := declared("required", "none", "vsp_before_create"), declared("required", "required", "registry_after_create")
	free, optional := declared("not_required", "optional", ""), declared("required", "optional", "vsp_before_create")
	for what, tt := range map[string]struct {
		account string
		rule    policy.Rule
		want    registry.Driver
	}{
		"cn":                               {"cnnic", later, registry.Driver{Contacts: true, Naming: "registry_after_create"}},
		"com":                              {"thin", thin, registry.Driver{Naming: registry.NamingFirst}},
		"com whose registry reviews":       {"thin, reviewed later", thin, registry.Driver{Naming: "registry_after_create"}},
		"com with codes":                   {"codes", thin, registry.Driver{Codes: true, Naming: registry.NamingFirst}},
		"contacts and codes":               {"codes", optional, registry.Driver{Contacts: true, Codes: true, Naming: registry.NamingFirst}},
		"codes, the account differs":       {"codes without contacts", optional, registry.Driver{Codes: true, Naming: registry.NamingFirst}},
		"nobody has to be verified":        {"codes", free, registry.Driver{Contacts: true}},
		"a suffix that policy has no more": {"standard", policy.Rule{}, registry.Driver{Contacts: true}},
		"an account that is no more":       {"gone", thin, registry.Driver{}},
	} {
		if got := r.Driver(tt.account, tt.rule); got != tt.want {
			t.Errorf("%s: %+v, want %+v", what, got, tt.want)
		}
	}
}

// sandboxIssuers is a certificate in PEM.
func sandboxIssuers(t *testing.T) []byte {
	t.Helper()
	c := sandbox.DefaultConfig()
	c.VSP.Listen = "127.0.0.1:0"
	s, err := sandbox.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.VSPIssuersPEM()
}

// What an account says of contacts and rates is checked.
func TestMannersThatCannotBe(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]registry.Account{
		"contact_roles":       {Name: "a", Driver: registry.DialectStandard, ContactRoles: []string{"admin", "owner"}},
		"commands_per_minute": {Name: "a", Driver: registry.DialectStandard, CommandsPerMinute: -1},
	} {
		if _, err := registry.New(registry.Config{Store: &store.Store{}, Accounts: []registry.Account{a}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
