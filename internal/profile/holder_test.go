package profile_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/test/pictures/samples"
)

func TestOnlyAVerifiedProfileCanBeUsed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		use := func(v profile.View) error {
			_, _, err := h.Usable(t.Context(), s.R, h.li.Account, v.Profile.PublicID)
			return err
		}
		v := h.create(mainland, person())
		check(t, "unverified", use(v), "profile profile_not_submitted")
		h.answers(v)
		h.shown(v, "front")
		v = h.submit(v)
		check(t, "in review", use(v), "profile profile_still_in_review")
		if f := fault.From(use(v)); f.Params["Profile"] != v.Profile.PublicID || f.Params["Date"] != v.Case.ExpectedAt.Add(-time.Second).In(h.policies.Calendar.Zone()).Format("2006-01-02") {
			t.Errorf("the fault says %v", f.Params)
		}
		v = h.decided(v)
		p, version, err := h.Usable(t.Context(), s.R, h.li.Account, v.Profile.PublicID)
		if err != nil || p.ID != v.Profile.ID || version.PublicID != v.Current.PublicID {
			t.Errorf("verified: %+v, %+v, %v", p, version, err)
		}
		failed := h.decided(h.submitted(mainland, person()), review.Reason{Code: "name_mismatch"})
		check(t, "failed", use(failed), "profile profile_review_failed")
	})
}

func TestProfileFitsTheNamesThatItsHolderMayHold(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone
	h := newHouse(t, s, c)
	rules := policytest.Shipped()
	in := func(country, document string) profile.Version {
		return profile.Version{Fields: profile.Fields{Country: country, DocumentKind: document}}
	}
	for name, tt := range map[string]struct {
		sort     sort
		country  string
		acc      policy.Accreditation
		domain   string
		want     string
		document string
	}{
		"a person for .cn":                        {cnnic, "CN", policy.Mainland, "example.cn", "", ""},
		"a company for .cn":                       {cnnicOrg, "CN", policy.Mainland, "example.cn", "", ""},
		"a common profile for .cn":                {mainland, "CN", policy.Mainland, "example.cn", "profile profile_kind_mismatch", ""},
		"a CNNIC profile for .com":                {cnnic, "CN", policy.Mainland, "example.com", "profile profile_kind_mismatch", ""},
		"a common profile for .com":               {mainland, "CN", policy.Mainland, "example.com", "", ""},
		"a mainland profile overseas":             {mainland, "CN", policy.Overseas, "example.com", "profile accreditation_mismatch", ""},
		"an overseas profile in the mainland":     {overseas, "DE", policy.Mainland, "example.com", "profile accreditation_mismatch", ""},
		"a person of Hong Kong for .cn":           {cnnic, "HK", policy.Mainland, "example.cn", "profile holder_not_eligible", ""},
		"a passport in the mainland for .cn":      {cnnic, "CN", policy.Mainland, "example.cn", "profile document_not_for_suffix", "passport"},
		"a passport in the mainland for .com":     {mainland, "CN", policy.Mainland, "example.com", "", "passport"},
		"a person abroad for .com here":           {mainland, "DE", policy.Mainland, "example.com", "profile address_outside_mainland", "passport"},
		"an overseas profile for a name overseas": {overseas, "DE", policy.Overseas, "example.com", "", ""},
	} {
		rule, err := rules.Rule(tt.acc, tt.domain)
		if err != nil {
			t.Fatal(err)
		}
		p := profile.Profile{PublicID: "prf_1", Accreditation: tt.sort.accreditation, Kind: tt.sort.kind, HolderType: tt.sort.holder}
		if tt.want == "" {
			check(t, name, h.Fits(p, in(tt.country, tt.document), rule))
		} else {
			check(t, name, h.Fits(p, in(tt.country, tt.document), rule), tt.want)
		}
	}
}

func TestNamesOfTheGovernmentAreForItsBodiesOnly(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	rule, err := h.policies.Rule(policy.Mainland, "ministry.gov.cn")
	if err != nil {
		t.Fatal(err)
	}
	for what, tt := range map[string]struct {
		number, kind string
		want         []string
	}{
		"an organ of the government":                    {"11990000YYYYN8QY52", "uscc_certificate", nil},
		"a company":                                     {"91990000YYYYN8QY5R", "uscc_certificate", []string{"profile holder_not_eligible"}},
		"a public institution":                          {"12990000YYYYN8QY5Y", "uscc_certificate", []string{"profile holder_not_eligible"}},
		"an organisation code, which does not tell":     {"YYYYN8QY5", "organization_code_certificate", nil},
		"a form without a number, which may be anybody": {"", "uscc_certificate", nil},
	} {
		v := h.create(cnnicOrg, company().with("document_kind", tt.kind, "document_number", tt.number))
		err := h.Fits(v.Profile, v.Current, rule)
		check(t, what, err, tt.want...)
		if f := fault.From(err); f != nil && (f.Params["Who"] != "party_or_government_body" || f.Params["Suffix"] != "gov.cn") {
			t.Errorf("%s: %v", what, f.Params)
		}
		remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, profile.Plan{Suffixes: []string{"gov.cn"}})
		if err != nil {
			t.Fatal(err)
		}
		if told := slices.ContainsFunc(remarks, func(r profile.Remark) bool { return r.Code == "holder_not_eligible" && r.Severity == "error" }); told != (tt.want != nil) {
			t.Errorf("%s: pre-flight says so: %v", what, told)
		}
	}
}

func TestRegistryGetsTheHolderAndNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person().with("organization_zh", "李思远", "phone", "010-62345678", "phone_extension", "12"))
		if f := v.Current.Fields; f.OrganizationZh != "李思远" || f.OrganizationEn != "li si yuan" {
			t.Errorf("a person's organisation is not kept: %+v", f)
		}
		got, err := h.Holder(t.Context(), v.Current.PublicID)
		if err != nil {
			t.Fatal(err)
		}
		if got.OrganizationZh != "" || got.OrganizationEn != "" {
			t.Errorf("a person's organisation is sent: %q, %q", got.OrganizationZh, got.OrganizationEn)
		}
		if got.Ref != v.Current.PublicID || got.Type != "individual" || got.NameZh != "李思远" || got.NameEn != "li si yuan" || got.DocumentKind != "resident_id" || got.DocumentCode != "SFZ" ||
			got.DocumentNumber != liNumber || got.Country != "CN" || got.ProvinceEn != "shaan xi" || got.CityZh != "西安市" || got.PostalCode != "710000" || got.Phone != "+86.1062345678" || got.PhoneExtension != "12" || got.Email != "li@registrant.example" {
			t.Errorf("the registry gets %+v", got)
		}
		if n := h.count("audit_entry WHERE action = 'profile.number.to_registry' AND actor = 'system' AND account_id = ? AND subject = ?", h.li.Account, v.Current.PublicID); n != 1 {
			t.Errorf("%d openings are recorded, want 1", n)
		}
		o := h.create(organization, company())
		got, err = h.Holder(t.Context(), o.Current.PublicID)
		if err != nil || got.Type != "organization" || got.OrganizationZh != "西安样本科技有限公司" || got.OrganizationEn == "" || got.NameZh != "李思远" || got.DocumentNumber != "91990000YYYYN8QY5R" {
			t.Errorf("of a company the registry gets %+v, %v", got, err)
		}
		if _, err := h.Holder(t.Context(), "pv_nothing"); !store.IsNotFound(err) {
			t.Errorf("a holder that is not there: %v", err)
		}
		if _, err := h.Evidence(t.Context(), "pv_nothing"); !store.IsNotFound(err) {
			t.Errorf("evidence of nobody: %v", err)
		}
		p, version, err := h.ByID(t.Context(), s.R, v.Profile.ID, v.Current.ID)
		if err != nil || p.PublicID != v.Profile.PublicID || version.PublicID != v.Current.PublicID {
			t.Errorf("by row ids: %+v, %+v, %v", p, version, err)
		}
	})
}

func TestRegistryGetsCopiesOfThePicturesOfThisDocumentAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(cnnic, person().with("country", "HK", "phone", "2345 6789", "postal_code", "", "document_kind", "hk_macao_residence_permit", "document_number", "810000197204130003"))
		// Both sides of a permit that the registrant then does not use.
		h.shown(v, "front")
		h.shown(v, "back")
		if got := h.get(v).Documents; len(got) != 2 {
			t.Fatalf("%d pictures of the permit", len(got))
		}
		v = h.mustEdit(v, form{"country": "CN", "phone": "13800138000", "postal_code": "710000", "document_kind": "resident_id", "document_number": liNumber})
		if len(v.Documents) != 0 {
			t.Errorf("the permit's pictures are shown as those of an ID card: %+v", v.Documents)
		}
		h.answers(v)
		_, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, "the permit's front for the card's", err, "front document_missing")
		v, err = h.attach(v, "front", samples.Li)
		if err != nil {
			t.Fatal(err)
		}
		sent, err := h.Evidence(t.Context(), v.Current.PublicID)
		if err != nil || len(sent) != 1 {
			t.Fatalf("%d pictures are sent, %v; want the card's front alone", len(sent), err)
		}
		sum := sha256.Sum256(sent[0].Bytes)
		if sent[0].Side != "front" || !bytes.Equal(sent[0].SHA256, sum[:]) || bytes.Equal(sent[0].Bytes, samples.Li) || len(sent[0].Bytes) < 56_320 || len(sent[0].Bytes) > 1_048_576 {
			t.Errorf("sent %s, %d bytes, digest %x", sent[0].Side, len(sent[0].Bytes), sent[0].SHA256)
		}
	})
}
