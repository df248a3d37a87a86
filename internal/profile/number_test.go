package profile_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// dump is everything that the rows of the given tables hold, as text.
func (h house) dump(columns ...string) string {
	h.t.Helper()
	var all strings.Builder
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		var values []string
		if err := h.store.R.NewRaw("SELECT coalesce(CAST("+column+" AS TEXT), '') FROM "+table).Scan(h.t.Context(), &values); err != nil {
			h.t.Fatal(err)
		}
		fmt.Fprintln(&all, c, values)
	}
	return all.String()
}

func TestNumberIsSealedAndShownMasked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		if v.Current.NumberMask != "990***********1171" {
			t.Errorf("shown as %s", v.Current.NumberMask)
		}
		if len(v.Current.NumberSealed) == 0 || bytes.Contains(v.Current.NumberSealed, []byte("19900307")) || bytes.Contains(v.Current.NumberHash, []byte("19900307")) {
			t.Error("the number is kept in clear, or not at all")
		}
		v = h.mustEdit(v, form{"document_number": wangNumber})
		v = h.submitted(mainland, person())
		h.decided(v, review.Reason{Code: "name_mismatch"})
		rows := h.dump("profile_version.fields", "profile_version.number_mask", "profile_version.holder_fold", "audit_entry.detail", "event.data", "review_case.title", "review_case.magic", "river_job.args")
		for _, number := range []string{liNumber, wangNumber, "19900307", "19871124"} {
			if strings.Contains(rows, number) {
				t.Errorf("the rows hold %s", number)
			}
		}
	})
}

func TestEqualNumbersHashAlikeInEveryVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		first := h.decided(h.submitted(mainland, person()), review.Reason{Code: "name_mismatch"})
		again := h.mustEdit(first, form{"name_zh": "李思元"})
		if again.Current.Number != 2 || again.Current.PublicID == first.Current.PublicID {
			t.Fatalf("version %d", again.Current.Number)
		}
		if !bytes.Equal(again.Current.NumberHash, first.Current.NumberHash) || len(again.Current.NumberHash) == 0 {
			t.Error("the same number hashes differently in the next version")
		}
		if bytes.Equal(again.Current.NumberSealed, first.Current.NumberSealed) || again.Current.NumberMask != first.Current.NumberMask {
			t.Error("the number was not sealed anew for its new place")
		}
		other := h.mustEdit(again, form{"document_number": wangNumber})
		if bytes.Equal(other.Current.NumberHash, first.Current.NumberHash) {
			t.Error("another number hashes alike")
		}
		spaced := h.create(mainland, person().with("document_number", "990000 19900307 1171"))
		if !bytes.Equal(spaced.Current.NumberHash, first.Current.NumberHash) {
			t.Error("the same number, typed with blanks, hashes differently")
		}
	})
}

func TestNumbersAreCheckedByTheStandardOfTheirKind(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	for name, tt := range map[string]struct {
		sort   sort
		form   form
		code   string
		params map[string]string
	}{
		"a wrong check digit":            {mainland, person().with("document_number", "990000199003071172"), "number_checksum", nil},
		"too short":                      {mainland, person().with("document_number", "99000019900307117"), "number_length", map[string]string{"Got": "17"}},
		"a letter inside":                {mainland, person().with("document_number", "99000019900307A171"), "number_format", map[string]string{"Position": "15"}},
		"the letter O for a zero":        {mainland, person().with("document_number", "99OOOO199003071171"), "number_confusable", map[string]string{"Typed": "O", "Suggestion": "0"}},
		"no such birthday":               {mainland, person().with("document_number", "990000199002301171"), "number_birthdate", nil},
		"another kind of number":         {mainland, person().with("document_number", "91990000YYYYN8QY5R"), "number_type_mismatch", map[string]string{"Looks": ""}},
		"zero for a document with one":   {mainland, person().with("document_number", "0"), "number_zero_refused", nil},
		"a mask that came back":          {mainland, person().with("document_number", "990***********1171"), "number_masked", nil},
		"a mask of dots":                 {mainland, person().with("document_number", "9900••••••••••1171"), "number_masked", nil},
		"a mask of a short number":       {mainland, person().with("document_number", "＊＊"), "number_masked", nil},
		"rounded by a spreadsheet":       {mainland, person().with("document_number", "9.90000199003071E+17"), "number_rounded", nil},
		"rounded, in full width":         {mainland, person().with("document_number", "９．９Ｅ＋１７"), "number_rounded", nil},
		"a company code, too short":      {organization, company().with("document_number", "91990000YYYYN8QY5"), "number_length", nil},
		"the number before the reform":   {organization, company().with("document_kind", "business_licence", "document_number", "110108000000016"), "number_before_reform", nil},
		"that number with a slip":        {organization, company().with("document_kind", "business_licence", "document_number", "110108000000017"), "number_length", map[string]string{"Want": "18", "Got": "15"}},
		"a person's number of a company": {organization, company().with("document_number", liNumber), "number_type_mismatch", nil},
	} {
		_, err := h.try(tt.sort, tt.form)
		check(t, name, err, "document_number "+tt.code)
		f := fault.From(err)
		if f == nil {
			continue
		}
		if f.Params["Kind"] != tt.form["document_kind"] && f.Code != "number_masked" && f.Code != "number_rounded" { // whatever the kind
			t.Errorf("%s: the kind is %q", name, f.Params["Kind"])
		}
		for k, want := range tt.params {
			if got := f.Params[k]; got == "" || want != "" && got != want {
				t.Errorf("%s: %s is %q, want %q", name, k, got, want)
			}
		}
		if strings.Contains(fmt.Sprintf("%+v %v", f, err), tt.form["document_number"]) && len(tt.form["document_number"]) > 3 {
			t.Errorf("%s: the fault repeats the number: %v", name, err)
		}
	}
	if n := h.count("profile"); n != 0 {
		t.Errorf("%d profiles", n)
	}
}

func TestOlderLicenceNumbersAreAcceptedWherePolicySaysSo(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouseUnder(t, s, c, policytest.ChangedIn(t, "documents.yaml", "number: {type: uscc, length: 18, older: []}", "number: {type: uscc, length: 18, older: [business_registration_15]}"))
	if v := h.create(organization, company().with("document_kind", "business_licence", "document_number", "110108000000016")); v.Current.NumberMask == "" {
		t.Error("the number is not kept")
	}
}

// Early social credit codes carry a wrong check character on the licence itself:
// a reviewer sees them.
func TestCompanyCodeWithAWrongCheckCharacterIsLetThrough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		for _, kind := range []string{"uscc_certificate", "business_licence"} {
			v := h.submitted(organization, company().with("document_kind", kind, "document_number", "91990000yyyyn8qy52"))
			if v.Current.NumberMask != "919***********QY52" {
				t.Errorf("%s: shown as %q", kind, v.Current.NumberMask)
			}
			claimed, err := h.reviews.Claim(t.Context(), h.reviewer, v.Case.PublicID)
			if err != nil {
				t.Fatal(err)
			}
			if _, number, err := h.ForReview(t.Context(), h.reviewer, claimed); err != nil || number != "91990000YYYYN8QY52" {
				t.Errorf("%s: the reviewer reads %q, %v", kind, number, err)
			}
		}
		// A kind without a standard takes what is printed, and 0 for nothing.
		foreign := company().with("country", "DE", "postal_code", "10115", "phone", "030 901820", "document_kind", "foreign_registration")
		for _, number := range []string{"0", "HRB 12345 B"} {
			if v := h.create(organization, foreign.with("document_number", number)); len(v.Current.NumberSealed) == 0 || (v.Current.NumberMask == "0") != (number == "0") {
				t.Errorf("%s was not kept, or is shown as %s", number, v.Current.NumberMask)
			}
		}
		// Certificates of other bodies are known by their social credit code, not by a
		// number of their own.
		_, err := h.try(organization, company().with("document_kind", "law_firm_licence", "document_number", "23100199010123456"))
		check(t, "a law firm's licence number", err, "document_number number_length")
	})
}

func TestNumberHasToFitTheKindThatIsChosenLater(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.create(mainland, person())
		_, err := h.edit(v, form{"document_kind": "passport"})
		check(t, "a passport with the number of an ID card", err, "document_number number_type_mismatch")
		_, err = h.edit(v, form{"document_kind": ""})
		check(t, "no kind with the number of an ID card", err, "document_kind field_required")
		v = h.mustEdit(v, form{"document_kind": "passport", "document_number": "X00123456"})
		if v.Current.NumberMask == "" || v.Current.Fields.DocumentKind != "passport" {
			t.Errorf("a passport with its own number: %+v", v.Current)
		}
		// An empty number takes the old one away; it does not come along to the new kind.
		v = h.mustEdit(v, form{"document_kind": "resident_id", "document_number": ""})
		if len(v.Current.NumberSealed) != 0 || len(v.Current.NumberHash) != 0 || v.Current.NumberMask != "" {
			t.Errorf("the passport's number stayed: %s", v.Current.NumberMask)
		}
		h.answers(v)
		h.shown(v, "front")
		_, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		check(t, "without a number", err, "document_number number_required")
	})
}

func TestKindOfDocumentGoesWithResidence(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	abroad := map[string][2]string{"HK": {"2345 6789", ""}, "MO": {"6612 3456", ""}, "TW": {"02 2345 6789", "100"}, "DE": {"030 901820", "10115"}, "CN": {"13800138000", "710000"}}
	for _, tt := range []struct {
		country, kind string
		ok            bool
	}{
		{"CN", "resident_id", true}, {"CN", "hk_macao_travel_permit", false}, {"CN", "taiwan_residence_permit", false}, {"CN", "temporary_resident_id", false},
		{"HK", "hk_macao_residence_permit", true}, {"HK", "hk_macao_travel_permit", true}, {"HK", "resident_id", false}, {"HK", "taiwan_travel_permit", false},
		{"MO", "hk_macao_residence_permit", true}, {"MO", "hk_macao_travel_permit", true},
		{"TW", "taiwan_residence_permit", true}, {"TW", "taiwan_travel_permit", true}, {"TW", "hk_macao_residence_permit", false},
		{"DE", "passport", true}, {"DE", "foreign_permanent_resident_id", true}, {"DE", "resident_id", false},
		{"DE", "business_licence", false},
	} {
		_, err := h.try(mainland, person().without("document_number").with("country", tt.country, "phone", abroad[tt.country][0], "postal_code", abroad[tt.country][1], "document_kind", tt.kind))
		if tt.ok {
			check(t, tt.country+" "+tt.kind, err)
			continue
		}
		check(t, tt.country+" "+tt.kind, err, "document_kind type_wrong_for_region")
		f := fault.From(err)
		if f.Params["Kind"] != tt.kind || f.Params["Region"] != tt.country || f.Params["Kinds"] == "" || slices.Contains(strings.Split(f.Params["Kinds"], ","), tt.kind) {
			t.Errorf("%s %s: the fault says %v", tt.country, tt.kind, f.Params)
		}
	}
	// Moving abroad asks for another document.
	v := h.create(mainland, person())
	_, err := h.edit(v, form{"country": "HK", "phone": "2345 6789", "postal_code": ""})
	check(t, "an ID card taken to Hong Kong", err, "document_kind type_wrong_for_region")
}

func TestDatesOfADocumentAreCountedInShanghai(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t) // rules alone: the rows are the same on both engines
	h := newHouse(t, s, c)
	v := h.create(mainland, person())
	h.answers(v)
	h.shown(v, "front")
	long := true
	for name, tt := range map[string]struct {
		// at is the time in UTC; Shanghai is eight hours ahead.
		at       string
		form     form
		longTerm bool
		want     string
		date     string
	}{
		"issued today":                  {"2026-06-02T02:00", form{"issued_on": "2026-06-02"}, false, "issued_on issued_under_10_days", "2026-06-12"},
		"issued nine days ago":          {"2026-06-11T15:59", form{"issued_on": "2026-06-02"}, false, "issued_on issued_under_10_days", "2026-06-12"},
		"issued ten days ago":           {"2026-06-11T16:00", form{"issued_on": "2026-06-02"}, false, "", ""},
		"issued tomorrow":               {"2026-06-02T02:00", form{"issued_on": "2026-06-03"}, false, "issued_on issued_under_10_days", "2026-06-13"},
		"issued before a leap day":      {"2028-03-01T02:00", form{"issued_on": "2028-02-25"}, false, "issued_on issued_under_10_days", "2028-03-06"},
		"expired yesterday":             {"2026-06-02T16:00", form{"valid_to": "2026-06-02"}, false, "valid_to expired", "2026-06-02"},
		"its last day":                  {"2026-06-02T15:59", form{"valid_to": "2026-06-02"}, false, "", ""},
		"expired, but said to be long":  {"2026-06-02T16:00", form{"valid_to": "2026-06-02"}, true, "", ""},
		"not valid yet":                 {"2026-06-02T15:59", form{"valid_from": "2026-06-03"}, false, "valid_from not_yet_valid", "2026-06-03"},
		"its first day":                 {"2026-06-02T16:00", form{"valid_from": "2026-06-03"}, false, "", ""},
		"no dates":                      {"2026-06-02T16:00", form{}, false, "", ""},
		"new, old and expired, at once": {"2026-06-02T02:00", form{"issued_on": "2026-06-01", "valid_to": "2026-05-01"}, false, "both", ""},
	} {
		at, err := time.Parse("2006-01-02T15:04", tt.at)
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(at.Sub(c.Now()))
		d := form{"issued_on": "", "valid_from": "", "valid_to": ""}.draft()
		for k, value := range tt.form {
			d.Fields[k] = &value
		}
		d.LongTerm = new(bool)
		if tt.longTerm {
			d.LongTerm = &long
		}
		if _, err := h.Edit(t.Context(), h.li, v.Profile.PublicID, d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, err = h.Submit(t.Context(), h.li, v.Profile.PublicID, "")
		switch tt.want {
		case "":
			check(t, name, err)
			if _, err := h.Withdraw(t.Context(), h.li, v.Profile.PublicID); err != nil {
				t.Fatal(err)
			}
		case "both":
			check(t, name, err, "issued_on issued_under_10_days", "valid_to expired")
		default:
			check(t, name, err, tt.want)
			if f := fault.From(err); f != nil && f.Params["Date"] != tt.date {
				t.Errorf("%s: the day named is %q, want %q", name, f.Params["Date"], tt.date)
			}
		}
	}
}
