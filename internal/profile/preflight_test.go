package profile_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// preflight lists what is said of a profile, as "severity field code", sorted.
func (h house) preflight(v profile.View, plan profile.Plan) (out []string) {
	h.t.Helper()
	remarks, err := h.Preflight(h.t.Context(), h.li, v.Profile.PublicID, plan)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range remarks {
		out = append(out, r.Severity+" "+r.Field+" "+r.Code)
	}
	slices.Sort(out)
	return out
}

// quiet is a plan that adds nothing to what the profile itself gives rise to.
var quiet = profile.Plan{NoICPFiling: true}

// TestPreflightSaysWhatAReviewWouldRefuse walks what can be known before anybody
// looks at a document. Every case is a complete profile but for one thing.
func TestPreflightSaysWhatAReviewWouldRefuse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		sort sort
		form form
		want []string
	}{
		{"nothing", cnnic, person(), nil},
		{"full-width letters in a name", cnnicOrg, company().with("organization_zh", "西安样本（ＡＢ）科技有限公司"), []string{"warn organization_zh full_width_characters"}},
		{"a full-width space in an address", mainland, person().with("address_zh", "样张区虚构路　18号"), []string{"warn address_zh full_width_characters"}},
		{"an identity card with a Latin name", mainland, person().with("name_zh", "Li Siyuan", "name_en", "Li Siyuan"), []string{"error name_zh chinese_name_required"}},
		{"a licence with a Latin name", organization, company().with("organization_zh", "Sample Co", "organization_en", "Sample Co"), []string{"error organization_zh chinese_name_required"}},
		{"a passport's name that differs in the two fields", cnnic, abroad().with("name_zh", "Anna Schmidt", "name_en", "Anna Maria Schmidt"), []string{"error name_en name_mismatch"}},
		{"a passport's name in both", cnnic, abroad(), nil},
		{"a dot for the middle dot", mainland, person().with("name_zh", "阿依古丽.买买提"), []string{"warn name_zh name_punctuation"}},
		{"a sign that no document carries", cnnic, person().with("address_zh", "样张区虚构路18号☎"), []string{"warn address_zh unusual_characters"}},
		{"brackets of a program in a licence's name", organization, company().with("organization_zh", "西安样本<科技>有限公司"), []string{"warn organization_zh unusual_characters"}},
		{"an ampersand and quotation marks of a licence", organization, company().with("organization_zh", "西安“样本”&科技(西安)有限公司"), nil},
		{"spaces between the characters of a name", mainland, person().with("name_zh", "李 思 远"), []string{"warn name_zh unusual_characters"}},
		{"a second name in brackets", mainland, person().with("name_zh", "李思远(李四)"), []string{"warn name_zh unusual_characters"}},
		{"a digit behind a name", mainland, person().with("name_zh", "李思远1"), []string{"warn name_zh unusual_characters"}},
		{"a rare character", mainland, person().with("name_zh", "李䶮", "name_en", "li yan"), []string{"warn name_zh rare_character"}},
		{"a licence issued nine days ago", organization, company().with("issued_on", "2026-05-23"), []string{"error issued_on issued_under_10_days"}},
		{"one issued ten days ago", organization, company().with("issued_on", "2026-05-22"), nil},
		{"a document that ended yesterday", mainland, person().with("valid_to", "2026-05-31"), []string{"error valid_to expired"}},
		{"one that ends today", mainland, person().with("valid_to", "2026-06-01"), []string{"warn valid_to expiring_soon"}},
		{"one that ends within a month", mainland, person().with("valid_to", "2026-06-30"), []string{"warn valid_to expiring_soon"}},
		{"one that ends later", mainland, person().with("valid_to", "2026-07-01"), nil},
		{"one that is not valid yet", mainland, person().with("valid_from", "2026-06-02"), []string{"error valid_from not_yet_valid"}},
		{"an address under a new gTLD", mainland, person().with("email", "li@mail.club"), []string{"warn email email_new_tld"}},
		{"one under a country", mainland, person().with("email", "li@mail.cn"), nil},
		{"one under an old gTLD", mainland, person().with("email", "li@mail.INFO"), nil},
		{"a postal code of another province", mainland, person().with("postal_code", "518000"), []string{"warn postal_code postal_code_mismatch"}},
		{"an address abroad", mainland, person().with("residence", "CN", "country", "US", "postal_code", "94105", "phone", "+1 415 555 2671", "city_en", "San Francisco"),
			[]string{"warn country address_outside_mainland"}},
		{"a military body", organization, company().with("organization_zh", "中国人民解放军某部"), []string{"warn organization_zh defence_body"}},
		{"a body of the armed police", organization, company().with("organization_zh", "武警样本总队"), []string{"warn organization_zh defence_body"}},
		{"a licence without a business name", organization, company().with("organization_zh", "***", "organization_en", "none"),
			[]string{"warn organization_zh sole_trader_without_name"}},
		{"a code of another province's register", organization, company().with("document_number", "91440101YYYYN8QY57"), []string{"warn province_zh region_mismatch"}},
		{"a code of the same province's", organization, company().with("document_number", "91610101YYYYN8QY58"), nil},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		for _, x := range cases {
			v, err := h.try(x.sort, x.form)
			if err != nil {
				t.Errorf("%s: %v", x.name, err)
				continue
			}
			h.answers(v)
			for _, side := range h.sides(v) {
				h.shown(v, side)
			}
			slices.Sort(x.want)
			if got := h.preflight(v, quiet); !slices.Equal(got, x.want) {
				t.Errorf("%s: %q, want %q", x.name, got, x.want)
			}
			// What is an error keeps a profile from its review, and a warning does not.
			_, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
			for _, r := range x.want {
				if severity, rest, _ := strings.Cut(r, " "); (severity == "error") != slices.Contains(faults(err), rest) {
					t.Errorf("%s: submission says %v", x.name, err)
				}
			}
			h.exec("UPDATE email_address SET sent_at = NULL")
		}
	})
}

// abroad is a person from Germany who lives in the mainland.
func abroad() form {
	return person().with("name_zh", "Anna Maria Schmidt", "name_en", "Anna Maria Schmidt", "residence", "DE", "document_kind", "passport", "document_number", "X00123456")
}

func TestPreflightOfAnEmptyForm(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		d := form{"name_zh": "李思远"}.draft()
		d.Incomplete = true
		v, err := h.Create(t.Context(), h.li, mainland.accreditation, mainland.kind, mainland.holder, d)
		if err != nil {
			t.Fatalf("a form that is not filled in is not kept: %v", err)
		}
		want := []string{"error address_en field_required", "error city_en field_required", "error country field_required",
			"error document_kind field_required", "error email field_required", "error phone field_required"}
		if got := h.preflight(v, quiet); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if _, err := h.Submit(t.Context(), h.li, v.Profile.PublicID, ""); len(faults(err)) != len(want) {
			t.Errorf("submission says %v", err)
		}
		// Who has a Latin name only is told that it goes into the Chinese field too.
		latin := abroad().with("name_zh", "").draft()
		latin.Incomplete = true
		anna, err := h.Create(t.Context(), h.li, cnnic.accreditation, cnnic.kind, cnnic.holder, latin)
		if err != nil {
			t.Fatal(err)
		}
		h.answers(anna)
		h.shown(anna, "front")
		if got, want := h.preflight(anna, quiet), []string{"error name_zh latin_name_in_both"}; !slices.Equal(got, want) {
			t.Errorf("without the Latin name in the Chinese field: %q, want %q", got, want)
		}
		// What is there is checked all the same.
		bad := form{"email": "nobody", "country": "Chile"}.draft()
		bad.Incomplete = true
		_, err = h.Edit(t.Context(), h.li, v.Profile.PublicID, bad)
		check(t, "a wrong address", err, "email email_invalid", "country country_invalid")
	})
}

func TestPreflightKnowsWhatEachSuffixAsksOfItsHolder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		h.answers(v)
		h.shown(v, "front")
		plan := func(suffixes ...string) profile.Plan { return profile.Plan{Suffixes: suffixes} }
		for _, written := range []string{"cn", ".CN", " cn. ", "中国", "xn--fiqs8s"} {
			if got, want := h.preflight(v, profile.Plan{Suffixes: []string{written}, NoICPFiling: true}), []string{"error profile profile_kind_mismatch"}; !slices.Equal(got, want) {
				t.Errorf("for %q: %q, want %q", written, got, want)
			}
		}
		_, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, plan("not a suffix"))
		check(t, "what is no suffix", err, "domain suffix_unsupported")
		if got, want := h.preflight(v, plan("com", ".CN")), []string{"error profile profile_kind_mismatch", "warn name_zh icp_name_must_match"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		german := h.create(cnnic, abroad())
		h.answers(german)
		h.shown(german, "front")
		if got, want := h.preflight(german, plan("cn")), []string{"error profile holder_not_eligible", "warn name_zh icp_name_must_match"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		elsewhere := h.create(overseas, foreigner())
		if got := h.preflight(elsewhere, plan()); !slices.Contains(got, "warn accreditation icp_not_through_overseas") {
			t.Errorf("%q does not say that names held overseas cannot be filed", got)
		}
		_, err = h.Preflight(t.Context(), h.li, v.Profile.PublicID, plan("nowhere"))
		check(t, "a suffix that nobody has", err, "domain suffix_unsupported")
		_, err = h.Preflight(t.Context(), h.chen, v.Profile.PublicID, quiet)
		check(t, "another account's profile", err, "profile_not_found")
	})
}

// TestResidenceDecidesTheDocument: a person may live elsewhere than they are from.
func TestResidenceDecidesTheDocument(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		permit := person().with("document_kind", "hk_macao_residence_permit", "document_number", "810000197204130003")
		_, err := h.try(mainland, permit)
		check(t, "a permit of somebody from the mainland", err, "document_kind type_wrong_for_region")
		_, err = h.try(mainland, permit.with("residence", "hk"))
		check(t, "of somebody from Hong Kong", err)
		_, err = h.try(organization, company().with("residence", "HK"))
		check(t, "a residence of a company", err, "document_kind type_wrong_for_region", "residence residence_of_individuals")
		_, err = h.try(mainland, person().with("residence", "UK"))
		check(t, "no country", err, "residence country_invalid")
		_, err = h.try(organization, company().with("document_kind", "military_unit_code", "document_number", "12345"))
		check(t, "a military body's document", err, "document_kind defence_body")
	})
}

// TestPreflightShowsWhatWasFoundInThePictures: a contested finding stays in sight, as
// a warning.
func TestPreflightShowsWhatWasFoundInThePictures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		h.answers(v)
		h.shown(v, "front")
		h.exec(`UPDATE document SET contested = true, findings = '[{"code":"same_image_already_rejected","severity":"error","params":{"Date":"2026-05-02","Reason":"blurred"}}]'`)
		remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, quiet)
		if err != nil || len(remarks) != 1 {
			t.Fatalf("%v, %v", remarks, err)
		}
		if r := remarks[0]; r.Code != "same_image_already_rejected" || r.Severity != "warn" || r.Side != "front" || r.Params["Date"] != "2026-05-02" {
			t.Errorf("%+v", r)
		}
		check(t, "contested", second(h.Submit(t.Context(), h.li, v.Profile.PublicID, "")))
	})
}

// A failure is corrected in a copy, with the pictures that were sent: one of them that was
// refused itself is pointed out until another takes its place.
func TestPreflightPointsAtThePictureThatWasRefused(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "blurred", PointsName: "front"})
	told := func() (out []string) {
		remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, quiet)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range remarks {
			out = append(out, r.Severity+" "+r.Code+" "+r.Side+" "+r.Params["Reason"])
		}
		return out
	}
	if got, want := told(), []string{"warn same_image_already_rejected front blurred"}; !slices.Equal(got, want) {
		t.Errorf("with the refused picture: %q, want %q", got, want)
	}
	h.exec("DELETE FROM profile_document")
	h.shown(v, "front")
	if got := told(); len(got) != 0 {
		t.Errorf("with another picture: %q", got)
	}
}

// TestRulesThatHaveChangedSinceAreToldOfAtSubmission: a document may expire between the
// day a form is saved and the day it is sent.
func TestDocumentThatExpiredWhileTheFormWaited(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person().with("valid_to", "2026-08-01"))
		h.answers(v)
		h.shown(v, "front")
		if got := h.preflight(v, quiet); got != nil {
			t.Fatalf("%q", got)
		}
		c.Advance(90 * 24 * time.Hour)
		err := second(h.Submit(t.Context(), h.li, v.Profile.PublicID, ""))
		check(t, "three months later", err, "valid_to expired")
		if f := fault.From(err); f.Params["Date"] != "2026-08-01" {
			t.Errorf("it says %v", f.Params)
		}
	})
}

// TestPublishedReasonsAreSaidBeforehand: the page for readers names codes that exist.
func TestPublishedReasonsAreSaidBeforehand(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/preflight.md")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.Contains(cells[3], "`") {
			rows++
			for i, code := range strings.Split(cells[3], "`") {
				if i%2 == 1 && !texts.Has(code) {
					t.Errorf("%s: there is no code %s", strings.TrimSpace(cells[1]), code)
				}
			}
		}
	}
	if rows != 18 {
		t.Errorf("%d reasons are published, want 18", rows)
	}
}

// Where the names of a profile can be filed for is policy's to say; whether one was filed
// for nobody here knows, so that no state says so.
func TestProfileSaysWhatIsKnownOfICPFilings(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	home, abroad := h.create(mainland, person()), h.create(overseas, foreigner())
	verified := home.Current
	verified.State = profile.Verified
	for what, x := range map[string]struct{ got, want profile.Filing }{
		"not verified yet":       {h.Filing(home.Profile, home.Current), profile.FiledOnceSure},
		"verified":               {h.Filing(home.Profile, verified), profile.MayBeFiled},
		"through who is abroad":  {h.Filing(abroad.Profile, abroad.Current), profile.NotFiled},
		"and never a CNNIC name": {h.Filing(profile.Profile{Accreditation: policy.Overseas, Kind: policy.CNNIC}, verified), profile.NotFiled},
	} {
		if x.got != x.want {
			t.Errorf("%s: %s, want %s", what, x.got, x.want)
		}
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []profile.Filing{profile.NotFiled, profile.FiledOnceSure, profile.MayBeFiled} {
		if !texts.Has("profile_icp." + string(f)) {
			t.Errorf("%s has no text", f)
		}
	}
}
