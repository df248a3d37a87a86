package domain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// takes imports one name.
func (h *house) takes(by actor.Actor, account, name string) (domain.Domain, error) {
	h.Helper()
	out, err := h.domains.Import(h.Context(), by, account, policy.Mainland, name)
	if err != nil {
		return domain.Domain{}, err
	}
	return out[0].Domain, out[0].Err
}

func TestImportedDomainIsReadFromTheRegistry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn"))
		d, err := h.takes(h.office, h.myAccount.PublicID, "OLD.cn")
		if err != nil || d.State != domain.Importing || d.Status(c.Now()) != domain.StatusImporting {
			t.Fatalf("%+v %v", d, err)
		}
		h.settles()
		d = h.get("old.cn")
		hash, err := h.vault.NumberHash(zhaoNumber)
		if err != nil {
			t.Fatal(err)
		}
		if d.State != domain.Registered || d.Registrant != "old-0" || d.HolderFold != fold.Name(zhao) || !slices.Equal(d.NumberHash, hash) || d.ExpiresAt.IsZero() || d.RegisteredAt.IsZero() ||
			d.VersionID != 0 || d.SyncState != domain.SyncDone || !slices.Equal(d.Statuses, []string{epp.StatusInactive}) {
			t.Errorf("imported: %+v", d)
		}
		for what, tt := range map[string]struct{ name, account, want string }{
			"twice":              {"old.cn", h.myAccount.PublicID, "domain_exists"},
			"no name":            {"old", h.myAccount.PublicID, "domain_name_invalid"},
			"a suffix of nobody": {"old.invalid", h.myAccount.PublicID, "suffix_unsupported"},
			"no such account":    {"other.cn", "acc_none", "account_not_found"},
		} {
			_, err := h.takes(h.office, tt.account, tt.name)
			h.wantFault(what, err, tt.want)
		}
		_, err = h.takes(h.me, h.myAccount.PublicID, "other.cn")
		h.wantFault("a registrant imports", err, "forbidden")
	})
}

// Many names are one call: each has its own outcome, and orders go before them at the registry.
func TestManyDomainsAreImportedTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn", "older.cn", "oldest.cn"))
		h.imports("old.cn")
		typed := []string{"OLDER.cn", "old.cn", "old", "oldest.cn", "old.invalid", "oldest.cn"}
		taken, err := h.domains.Import(t.Context(), h.office, h.myAccount.PublicID, policy.Mainland, typed...)
		if err != nil || len(taken) != len(typed) {
			t.Fatalf("%d outcomes, %v", len(taken), err)
		}
		for i, want := range []string{"", "domain_exists", "domain_name_invalid", "", "suffix_unsupported", "domain_exists"} {
			if fault.Code(taken[i].Err) != want || want == "" && taken[i].Domain.State != domain.Importing {
				t.Errorf("%s: %+v, want %q", typed[i], taken[i], want)
			}
		}
		if n := h.count("registry_command WHERE kind = 'domain_info' AND lane = ?", registry.Bulk); n != 2 {
			t.Errorf("%d questions go behind what people wait for, want 2", n)
		}
		h.settles()
		h.wantImport("older.cn", "imported")
		h.wantImport("oldest.cn", "imported")
		if n := h.count("audit_entry WHERE action = 'domain.import'"); n != 3 {
			t.Errorf("%d imports on record, want 3", n)
		}
		for what, tt := range map[string]struct {
			by      actor.Actor
			account string
			want    string
		}{
			"by a registrant": {h.me, h.myAccount.PublicID, "forbidden"},
			"into no account": {h.office, "acc_none", "account_not_found"},
		} {
			_, err := h.domains.Import(t.Context(), tt.by, tt.account, policy.Mainland, "older.cn", "other.cn")
			h.wantFault(what, err, tt.want)
		}
	})
}

// wantImport compares the last import of a name, "state reason".
func (h *house) wantImport(name, want string) {
	h.Helper()
	i, err := h.domains.FindImport(h.Context(), h.office, name)
	if err != nil {
		h.Fatal(err)
	}
	if got := strings.TrimSpace(string(i.State) + " " + i.Reason); got != want || i.Name != name || i.EndedAt.IsZero() {
		h.Errorf("the import of %s is %+v, want %s", name, i, want)
	}
	if i.Reason != "" {
		h.wholeSentence(&fault.Error{Code: i.Reason, Params: i.Params})
	}
}

// A name that cannot be taken over is none of the account's. Whoever imported it reads
// why, and may try again when the cause is gone.
func TestDomainsThatAreNotOursAreNotImported(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(rival, zhao, zhaoNumber, "rivals.cn"), holding(chinese, zhao, zhaoNumber, "ours.cn"))
		if err := h.server.SetFaults(sandbox.Fault{Verb: "info", Name: "ours.cn", Kind: sandbox.FaultCode, Code: epp.CodePolicy}); err != nil {
			t.Fatal(err)
		}
		h.imports("rivals.cn", "nobodys.cn", "ours.cn")
		for name, want := range map[string]string{"rivals.cn": "refused import_other_registrar", "nobodys.cn": "refused import_not_at_registry", "ours.cn": "refused registry_rejected"} {
			h.wantImport(name, want)
			_, err := h.domains.Get(t.Context(), h.me, name)
			h.wantFault(name, err, "domain_not_found")
		}
		if got := h.pages(h.me, "", 10); len(got) != 0 || h.count("event WHERE type = 'domain.created'") != 0 {
			t.Errorf("the account has %v", got)
		}
		h.server.ClearFaults()
		h.do(h.eyes(chinese), eppdomain.Create{Name: "nobodys.cn", Registrant: "old-1", AuthInfo: &epp.AuthInfo{PW: "domain-pw"},
			Contacts: []eppdomain.Contact{{Type: "admin", ID: "old-1"}, {Type: "tech", ID: "old-1"}}}, cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: chinese})
		h.imports("rivals.cn", "nobodys.cn", "ours.cn")
		h.wantImport("rivals.cn", "refused import_other_registrar")
		for _, name := range []string{"nobodys.cn", "ours.cn"} {
			h.wantImport(name, "imported")
			d := h.get(name)
			if d.State != domain.Registered || d.Registrant != "old-1" || d.HolderFold != fold.Name(zhao) {
				t.Errorf("imported again: %+v", d)
			}
			h.event(d.PublicID, "domain.created")
		}
		_, err := h.domains.FindImport(t.Context(), h.office, "never.cn")
		h.wantFault("a name that was never imported", err, "import_not_found")
		_, err = h.domains.FindImport(t.Context(), h.me, "ours.cn")
		h.wantFault("a registrant reads an import", err, "forbidden")
	})
}

// The registry removes a name while it is being imported.
func TestNameDeletedInTheMiddleOfItsImport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.server.Cut(0)
		if _, err := h.takes(h.office, h.myAccount.PublicID, "old.cn"); err != nil {
			t.Fatal(err)
		}
		h.apply(registry.Result{Registry: "cn", Outcome: registry.OutcomeNotice, Domain: "old.cn", Deleted: true, Message: "Deleted.", At: c.Now()})
		h.wantImport("old.cn", "refused import_not_at_registry")
		_, err := h.domains.Get(t.Context(), h.me, "old.cn")
		h.wantFault("a name that is gone", err, "domain_not_found")
	})
}

// What would become of an import is read from the registry; nothing is changed there or
// here.
func TestDryRunOfAnImportChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, zhao, zhaoNumber, "old.cn", "here.cn"), holding(rival, li, liNumber, "theirs.cn"))
		h.imports("here.cn")
		p, err := h.domains.TryImport(t.Context(), h.office, h.myAccount.PublicID, policy.Mainland, "OLD.cn")
		if err != nil || p.Name != "old.cn" || p.Registry != "cn" || p.Registrant != "old-0" || p.ExpiresAt.IsZero() || !slices.Equal(p.Statuses, []string{epp.StatusInactive}) {
			t.Errorf("old.cn: %+v, %v", p, err)
		}
		for name, want := range map[string]string{"here.cn": "domain_exists", "theirs.cn": "import_other_registrar", "nowhere.cn": "import_not_at_registry", "no name": "domain_name_invalid", "old.invalid": "suffix_unsupported"} {
			_, err := h.domains.TryImport(t.Context(), h.office, h.myAccount.PublicID, policy.Mainland, name)
			h.wantFault(name, err, want)
		}
		_, err = h.domains.TryImport(t.Context(), h.office, "acc_none", policy.Mainland, "old.cn")
		h.wantFault("no such account", err, "account_not_found")
		_, err = h.domains.TryImport(t.Context(), h.me, h.myAccount.PublicID, policy.Mainland, "old.cn")
		h.wantFault("a registrant tries", err, "forbidden")
		if n := h.count("domain") + h.count("domain_import"); n != 2 {
			t.Errorf("%d rows of domains and imports, want those of here.cn", n)
		}
		for _, name := range []string{"old.cn", "here.cn"} {
			if got := h.received(name); len(got) > 0 {
				t.Errorf("the registry received %v about %s", got, name)
			}
		}
		h.server.Cut(0)
		_, err = h.domains.TryImport(t.Context(), h.office, h.myAccount.PublicID, policy.Mainland, "old.cn")
		h.wantFault("the registry is away", err, "registry_unreachable")
	})
}
