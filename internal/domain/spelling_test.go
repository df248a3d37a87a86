package domain_test

import (
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

var forCNOrg = sort{policy.CNNIC, policy.Organization}

// A company that does not exist, and its number.
const company, companyNumber = "西安样本科技（中国）有限公司", "91990000YYYYN8QY5R"

// held has the registry hold old.cn of a contact that stands there so.
func held(name string, who cnnic.Contact) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		postal := contact.PostalInfo{Type: contact.Loc, Name: name, Addr: contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", CC: "CN"}}
		if who.Type == cnnic.Enterprise {
			postal.Name, postal.Org = li, name
		}
		c.Seed.Contacts = append(c.Seed.Contacts, sandbox.SeedContact{ClientID: chinese, Identity: who,
			Contact: contact.Create{ID: "old-0", Email: "old@registrant.example", Voice: contact.Phone{Number: "+86.13800000000"}, AuthInfo: &epp.AuthInfo{PW: "contact-pw"}, Postal: []contact.PostalInfo{postal}}})
		c.Seed.Domains = append(c.Seed.Domains, sandbox.SeedDomain{ClientID: chinese, Domain: eppdomain.Create{Name: "old.cn", Registrant: "old-0", AuthInfo: &epp.AuthInfo{PW: "domain-pw"}}})
	}
}

// spellings are holders who stand at the registry in another spelling than in their
// profile.
var spellings = map[string]struct {
	atRegistry string
	who        cnnic.Contact
	profile    func(*house) profile.View
}{
	"a middle dot": {"阿里木·买买提", cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: liNumber},
		func(h *house) profile.View { return h.draft(h.me, forCN, "阿里木•买买提", liNumber) }},
	"a space": {"王 明", cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: liNumber},
		func(h *house) profile.View { return h.draft(h.me, forCN, "王明", liNumber) }},
	"brackets": {company, cnnic.Contact{Type: cnnic.Enterprise, IDType: cnnic.TYDM, IDNumber: companyNumber},
		func(h *house) profile.View {
			return h.draft(h.me, forCNOrg, li, companyNumber, "organization_zh", strings.NewReplacer("（", "(", "）", ")").Replace(company), "document_kind", "uscc_certificate", "issued_on", "2020-03-01")
		}},
}

// The registry compares documents with its contact to the letter. The registrant stays,
// so the documents go with the name as it stands there.
func TestHolderInAnotherSpellingIsTheHolder(t *testing.T) {
	t.Parallel()
	for what, tt := range spellings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c, held(tt.atRegistry, tt.who))
				h.imports("old.cn")
				id := h.submit(h.me, tt.profile(h)).Profile.PublicID
				h.wantPreview(submitting(id, "old.cn"), map[string]string{"old.cn": ""})
				task := h.associate(submitting(id, "old.cn"))
				h.settles()
				h.reviewed()
				h.wantItems(task, map[string]string{"old.cn": "succeeded"})
				if d := h.get("old.cn"); d.Registrant != "old-0" || d.Status(c.Now()) != domain.StatusNormal {
					t.Errorf("registrant %s, %s (%s); want the old one, normal", d.Registrant, d.Status(c.Now()), d.HolderReason)
				}
			})
		})
	}
}

// Whoever wants the registry to have the profile's spelling changes the holder.
func TestSpellingIsChangedWithTheHolder(t *testing.T) {
	t.Parallel()
	for what, tt := range spellings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
				h := open(t, s, c, held(tt.atRegistry, tt.who))
				h.imports("old.cn")
				id := h.submit(h.me, tt.profile(h)).Profile.PublicID
				h.wantPreview(changing(id, "old.cn"), map[string]string{"old.cn": ""})
				task := h.associate(changing(id, "old.cn"))
				h.settles()
				h.reviewed()
				h.wantItems(task, map[string]string{"old.cn": "succeeded"})
				if d := h.get("old.cn"); d.Registrant == "old-0" || d.Status(c.Now()) != domain.StatusNormal {
					t.Errorf("registrant %s, %s (%s); want a new one, normal", d.Registrant, d.Status(c.Now()), d.HolderReason)
				}
				// Once is enough.
				h.wantPreview(changing(id, "old.cn"), map[string]string{"old.cn": "holder_is_the_same"})
			})
		})
	}
}

// The registry has the holder with another kind of document: no submission can succeed,
// and both preview and task say so. A change of holder brings the profile's document.
func TestHolderWithAnotherKindOfDocument(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, held(li, cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.HZ, IDNumber: liNumber}))
		h.imports("old.cn")
		id := h.cnProfile()
		h.wantPreview(submitting(id, "old.cn"), map[string]string{"old.cn": "contact_document_differs"})
		refused := h.associate(submitting(id, "old.cn"))
		h.wantItems(refused, map[string]string{"old.cn": "failed contact_document_differs"})
		_, items := h.task(refused)
		if want := map[string]string{"Domain": "old.cn", "Kinds": "passport", "Chosen": "resident_id"}; !maps.Equal(items[0].Params, want) {
			t.Errorf("the item says %v, want %v", items[0].Params, want)
		}
		text := words().Both(items[0].Reason, items[0].Params)
		for _, want := range []string{"护照", "居民身份证", "过户"} {
			if !strings.Contains(text.ZH, want) {
				t.Errorf("%q does not name %s", text.ZH, want)
			}
		}
		if d := h.get("old.cn"); d.HolderState != domain.NotCompleted || h.count("registry_command WHERE kind = 'evidence'") != 0 {
			t.Errorf("a submission that was refused left the holder %s", d.HolderState)
		}
		task := h.associate(changing(id, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(task, map[string]string{"old.cn": "succeeded"})
		if got := h.status("old.cn"); got != domain.StatusNormal {
			t.Errorf("after the change old.cn is %s", got)
		}
	})
}

// What kind of document the registry has was not kept before: the registry refuses, and
// a change of holder is the way out of that, too.
func TestRefusedHolderMayBeChangedToTheSame(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, held(li, cnnic.Contact{Type: cnnic.Individual, IDType: cnnic.HZ, IDNumber: liNumber}))
		h.imports("old.cn")
		h.exec("UPDATE registry_contact SET document_code = ''")
		id := h.cnProfile()
		h.wantPreview(changing(id, "old.cn"), map[string]string{"old.cn": "holder_is_the_same"})
		refused := h.associate(submitting(id, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(refused, map[string]string{"old.cn": "failed number_type_mismatch"})
		task := h.associate(changing(id, "old.cn"))
		h.settles()
		h.reviewed()
		h.wantItems(task, map[string]string{"old.cn": "succeeded"})
	})
}

// A person is no organisation, whatever they are called.
func TestPersonIsNotTheCompanyOfTheirName(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c, held(li, cnnic.Contact{Type: cnnic.Enterprise, IDType: cnnic.QT, IDNumber: liNumber}))
	h.imports("old.cn")
	id := h.cnProfile()
	h.wantPreview(submitting(id, "old.cn"), map[string]string{"old.cn": "contact_not_match"})
	h.wantPreview(changing(id, "old.cn"), map[string]string{"old.cn": ""})
}

// wantPreview compares the reasons that a preview gives.
func (h *house) wantPreview(r domain.Request, want map[string]string) {
	h.Helper()
	items, err := h.domains.Preview(h.Context(), h.me, r)
	if err != nil {
		h.Fatal(err)
	}
	got := map[string]string{}
	for _, i := range items {
		got[i.Domain] = i.Reason
	}
	if !maps.Equal(got, want) {
		h.Errorf("the preview of %s says %v, want %v", r.Operation, got, want)
	}
}

// words are the texts that people read.
var words = sync.OnceValue(func() *locale.Texts {
	texts, err := locale.Load(policies.FS)
	if err != nil {
		panic(err)
	}
	return texts
})
