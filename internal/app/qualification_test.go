package app_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// ownQualification is a policy of an operator's own: .网址 asks for what .商标 asks for.
const ownQualification = `version: 1
suffixes:
  - suffix: 网址
    a_label: xn--ses554g
    kind: gTLD
    registry: {operator: KNET, back_end: ZDNS, rdap: null, sources: [], confidence: {operator: assumed, back_end: assumed}}
    mainland:
      regime: approved_at_once
      driver: {contacts: required}
      qualification:
        any_of:
          - {documents: [trademark_certificate]}
          - {documents: [subject_proof, trademark_use_authorization], role: supplier_to_caterers}
        holder_equals: trademark_registrant
        label_patterns: [{id: A, zh: 商标, en: mark}, {id: B, zh: 商标+商品, en: mark + goods}]
        takes: {days: [5, 10]}
        sources: []
        confidence: assumed
    overseas: {offered: false, sources: [], confidence: assumed}
`

// TestPapersAreShownWithTheOrderWithoutJavaScript: the order asks for them, they are
// uploaded, the payment waits for them, and the desk reads them.
func TestPapersAreShownWithTheOrderWithoutJavaScript(t *testing.T) {
	t.Parallel()
	policies := t.TempDir()
	if err := os.WriteFile(filepath.Join(policies, "suffixes-own.yaml"), []byte(ownQualification), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWith(t, func(c *app.Config) { c.PolicyDir = policies })
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	if _, err := office.AssertIdentity(t.Context(), s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	profile := s.verifiedProfile(t, me, "common")
	checks, err := me.Preflight(t.Context(), profile, "xn--ses554g")
	if err != nil || !slices.ContainsFunc(checks.Findings, func(r client.Remark) bool { return r.Code == "qualification_wanted" && r.Severity == "warn" }) {
		t.Errorf("pre-flight says %+v, %v", checks, err)
	}
	b := s.signedIn(t, li)
	b.get("/orders/new?domain="+url.QueryEscape("tea.网址")).wants(http.StatusOK, "This name needs more than an identity verification", "Names under .网址 need more than an identity verification: Trademark registration certificate", "suspended from registration")
	o, err := me.PlaceOrder(t.Context(), "tea.网址", profile, 1)
	if err != nil {
		t.Fatal(err)
	}
	q, err := me.QualificationOf(t.Context(), "tea.网址")
	if err != nil || q == nil || q.State != "asked" || len(q.Missing) != 2 || len(q.Wanted) != 3 || q.Wanted[0].Name.ZH != "商标注册证" || len(q.Patterns) != 2 {
		t.Fatalf("the name asks for %+v, %v", q, err)
	}
	if none, err := me.QualificationOf(t.Context(), "tea.cn"); err != nil || none != nil {
		t.Errorf("a name that asks for nothing: %+v, %v", none, err)
	}
	at := "/qualifications/" + q.ID
	p := b.get("/orders/" + o.ID)
	p.wants(http.StatusOK, "This name needs more than an identity verification", "Awaiting payment")
	if !strings.Contains(p.text, at) {
		t.Error("the order does not lead to what it asks for")
	}
	if _, err := office.ConfirmPayment(t.Context(), o.ID); err == nil || !slices.Contains(err.(*client.Error).Codes(), "qualification_one_of") {
		t.Errorf("paid without papers: %v", err)
	}
	b.get(at).wants(http.StatusOK, "2 things are missing", "Trademark registration certificate", "How the name relates to the trademark", "A · mark", "the registered owner of the trademark")
	b.upload(at+"/upload", "page.gif", []byte("GIF89a"), "kind", "trademark_certificate").wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.upload(at+"/upload", "page.jpg", samples.Li, "kind", "trademark_certificate", "ask_person", "true").wants(http.StatusOK, "One thing is missing")
	p = b.get(at)
	if pic := b.get(p.source()); pic.status != http.StatusOK || len(pic.text) < 1000 {
		t.Errorf("the page that was uploaded: %d, %d bytes", pic.status, len(pic.text))
	}
	b.post(at+"/submit", url.Values{}).wants(http.StatusUnprocessableEntity, "choose one of the patterns")
	b.post(at+"/pattern", p.fill(at+"/pattern", "pattern", "B")).wants(http.StatusOK, "Everything is there", "when the order is paid")
	p = b.get("/orders/" + o.ID)
	p.wants(http.StatusOK, "Everything is there")
	for _, untrue := range []string{"without them, the name cannot be registered", "unless it is verified"} {
		if strings.Contains(p.words(), untrue) {
			t.Errorf("an order with all its papers says %q:\n%s", untrue, p.words())
		}
	}
	if _, err := office.ConfirmPayment(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	b.get(at).wants(http.StatusOK, "The documents are being reviewed")
	b.get("/domains").wants(http.StatusOK, "Documents in review")
	s.signedIn(t, chen).get(at).wants(http.StatusNotFound)

	desk := s.signedIn(t, rui)
	p = desk.post("/queue/claim", desk.get("/queue").fill("/queue/claim"))
	p.wants(http.StatusOK, "tea.网址", "李思远", "B · mark + goods", "Trademark registration certificate")
	decide := p.path + "/decision"
	if pic := desk.get(p.source()); pic.status != http.StatusOK || len(pic.text) < 10_000 {
		t.Fatalf("the page at the desk: %d, %d bytes", pic.status, len(pic.text))
	}
	ask := desk.post(decide, p.fill(decide, "do", "fail", "reason", "label_not_covered", "p.label_not_covered.Mark", "云茶"))
	ask.wants(http.StatusOK, "tea.网址 must be the mark 云茶, or")
	desk.post(decide, ask.fill(decide)).wants(http.StatusOK, "Rejected. The registrant is told why.")
	p = b.get(at)
	p.wants(http.StatusOK, "The documents were refused", "Nothing is submitted automatically", "must be the mark 云茶", "Submit for review")
	if strings.Contains(p.words(), "when the order is paid") {
		t.Error("papers that were refused are said to be submitted with a payment that was made")
	}
	soon(t, "the refusal to be the one thing to do", func() (bool, error) {
		words := b.get("/domains/tea.xn--ses554g").words()
		return strings.Contains(words, "Qualification FailedThe qualification documents were refused. Correct what the reasons name") && strings.Contains(words, "Qualification documents acceptedfailed"), nil
	})
	soon(t, "the message that leads to the papers", func() (bool, error) {
		return strings.Contains(b.get("/messages").text, `href="`+at+`"`), nil
	})
	b.post(at+"/submit", url.Values{}).wants(http.StatusOK, "The documents are being reviewed")

	p = desk.post("/queue/claim", desk.get("/queue").fill("/queue/claim"))
	decide = p.path + "/decision"
	if pic := desk.get(p.source()); pic.status != http.StatusOK {
		t.Fatalf("the page at the desk: %d", pic.status)
	}
	ask = desk.post(decide, p.fill(decide, "do", "pass"))
	desk.post(decide, ask.fill(decide)).wants(http.StatusOK, "Approved. The registrant is notified.")
	soon(t, "the name to be normal", func() (bool, error) {
		d, err := me.Domain(t.Context(), "tea.网址")
		return d.Status == "normal", err
	})
	b.get("/domains/tea.xn--ses554g").wants(http.StatusOK, "Qualification documents", "Accepted")
}
