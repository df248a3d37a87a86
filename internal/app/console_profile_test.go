package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/store"
)

// banner is the text of what a page says first.
func (p opened) banner() (words string) {
	p.all(func(n *html.Node, attr map[string]string) {
		if slices.Contains(strings.Fields(attr["class"]), "count") {
			words = opened{p.t, 0, "", "", n}.words()
		}
	})
	return words
}

// TestAProfileSaysFirstWhatThereIsToDo: or that there is nothing to do.
func TestAProfileSaysFirstWhatThereIsToDo(t *testing.T) {
	t.Parallel()
	s := start(t)
	me, b := client.New(s.URL()).As(s.keys["registrant"]), s.signedIn(t, li)
	says := func(what, id string, words ...string) {
		t.Helper()
		p := b.get("/profiles/" + id)
		p.wants(http.StatusOK)
		for _, w := range words {
			if got := p.banner(); !strings.Contains(got, w) {
				t.Errorf("%s begins with %q, without %q", what, got, w)
			}
		}
	}
	says("a draft", s.profile(t), "missing before you can submit", "Domain names need a verified profile.")

	verified := s.verifiedProfile(t, me, "cnnic", "valid_to", "2099-12-31")
	says("a verified one", verified, "Verified, ready for domain names", "No domain name uses it yet.")
	s.set(t, "UPDATE profile_version SET fields = replace(CAST(fields AS TEXT), '2099-12-31', '2026-01-31')")
	says("one whose document has ended", verified, "The document has expired", "It was valid until", "stay verified")

	waiting := s.submittedProfile(t, me, "cnnic", "desk", "name_zh", "王若溪", "document_number", "990000198711242467", "email", "wang@registrant.example")
	says("one in review", waiting, "In review, nothing to do", "Result expected by")
	s.set(t, "UPDATE review_case SET expected_at = ?", store.Micros(time.Now().Add(-time.Hour)))
	says("one with a late answer", waiting, "The result is late", "Our staff have been alerted.")

	failed := s.submittedProfile(t, me, "cnnic", "sandbox", "name_zh", "王若溪FAIL-name_mismatch", "document_number", "990000198711242467", "email", "ruoxi@registrant.example")
	soon(t, "the verdict", func() (bool, error) {
		p, err := me.Profile(t.Context(), failed)
		return p.State == "failed", err
	})
	says("one that failed", failed, "Correct one thing and submit again", "Each reason below takes you to what needs correcting.")

	abroad, err := me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "overseas", Kind: "common", HolderType: "individual", Fields: client.Fields{
		"name_en": "Robin Specimen", "country": "SG", "city_en": "Singapore", "address_en": "18 Invented Road", "postal_code": "018989", "phone": "61234567", "email": li}})
	if err != nil {
		t.Fatal(err)
	}
	says("one that needs no review", abroad.ID, "Ready to use", "Profiles of this kind need no review.")
}

// TestAProfileSaysWhereItsHolderIsFrom: when that is not where the address is, to the registrant and to the reviewer.
func TestAProfileSaysWhereItsHolderIsFrom(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	from := func(residence string) string {
		b := s.signedIn(t, li)
		p, err := me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "common", HolderType: "individual", Fields: client.Fields{"name_zh": "陈一帆", "country": "CN", "residence": residence,
			"province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000", "email": "chen@registrant.example"}})
		if err != nil {
			t.Fatal(err)
		}
		page := b.get("/profiles/" + p.ID)
		page.wants(http.StatusOK)
		return page.words()
	}
	if got := from("HK"); !strings.Contains(got, "The holder is fromHong Kong (China)") {
		t.Errorf("it does not say where the holder is from: %s", got)
	}
	if got := from("CN"); strings.Contains(got, "The holder is from") {
		t.Errorf("it says twice where the holder is: %s", got)
	}
}

// TestNamesThatLackPapersHaveATabOfTheirOwn: where there are any.
func TestNamesThatLackPapersHaveATabOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.manyNames(t, 12)
	b := s.signedIn(t, li)
	if p := b.get("/domains"); strings.Contains(p.words(), "Documents missing") {
		t.Error("there is a tab for papers where no name asks for any")
	}
	s.set(t, "UPDATE domain SET qualification_state = 'not_completed' WHERE name IN ('name-002.cn', 'name-003.cn')")
	s.set(t, "UPDATE domain SET qualification_state = 'failed' WHERE name = 'name-004.cn'")
	s.set(t, "UPDATE domain SET qualification_state = 'in_review' WHERE name = 'name-005.cn'")
	p := b.get("/domains")
	p.wants(http.StatusOK, "Documents missing 3", "Documents in review", "Documents refused")
	p = b.get("/domains?papers=missing")
	p.wants(http.StatusOK, "3 of 3 names", "name-002.cn", "name-003.cn", "name-004.cn")
	for _, other := range []string{"name-001.cn", "name-005.cn"} {
		if strings.Contains(p.words(), other) {
			t.Errorf("%s is among the names that lack papers", other)
		}
	}
	b.get("/domains?papers=missing&q=name-003").wants(http.StatusOK, "name-003.cn")
	s.signedIn(t, chen).get("/domains?papers=missing").wants(http.StatusOK, "No domain names yet")
}

// TestTheDocumentStepMarksWhatHasToBeThere: a date that rules rest on is required and says
// why, others are optional.
func TestTheDocumentStepMarksWhatHasToBeThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	me, b := client.New(s.URL()).As(s.keys["registrant"]), s.signedIn(t, li)
	licensed, err := me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "organization", Fields: client.Fields{
		"name_zh": "李思远", "organization_zh": "虚构科技有限公司", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000",
		"email": li, "document_kind": "business_licence"}})
	if err != nil {
		t.Fatal(err)
	}
	for id, required := range map[string]map[string]bool{
		licensed.ID:  {"document_number": true, "issued_on": true, "valid_from": false, "valid_to": false},
		s.profile(t): {"document_number": true, "valid_from": false, "valid_to": false}, // a resident ID
	} {
		p := b.get("/profiles/" + id + "/edit/document")
		for name, want := range required {
			if got := p.field(name)["aria-required"] == "true"; got != want {
				t.Errorf("%s of %s is required: %v", name, id, got)
			}
		}
	}
	// Nothing reads pictures here; what was typed before one asked is still there.
	step := "/profiles/" + licensed.ID + "/edit/document"
	p := b.post(step+"/prefill", b.get(step).fill(step, "document_number", "91330", "issued_on", "2020-01-02", "long_term", "true"))
	p.wants(http.StatusUnprocessableEntity)
	if p.field("document_number")["value"] != "91330" || p.field("issued_on")["value"] != "2020-01-02" {
		t.Errorf("after asking what stands on the picture the form has %v, %v", p.field("document_number"), p.field("issued_on"))
	}
	if _, on := p.field("long_term")["checked"]; !on {
		t.Error("and the box is no longer ticked")
	}
	b.get("/profiles/"+licensed.ID+"/edit/document").wants(http.StatusOK, "Required: this document is accepted from the tenth day", "Valid until optional")
}
