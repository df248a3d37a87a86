package app_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// atDesk makes a profile of a registrant and submits it to the review desk.
func (s *server) atDesk(t *testing.T, c *client.Client, mail string) client.Profile {
	t.Helper()
	p, err := c.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "common", HolderType: "individual", Fields: client.Fields{
		"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "样张区虚构路18号", "postal_code": "310000",
		"phone": "138 0000 0000", "email": mail, "document_kind": "resident_id", "document_number": "990000199003071171"}})
	if err == nil {
		_, err = c.UploadDocument(t.Context(), p.ID, client.Picture{Name: "id.jpg", Note: "The corner is worn.", Content: bytes.NewReader(samples.Li)})
	}
	if err == nil {
		p, err = c.SubmitProfile(t.Context(), p.ID, "desk")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// deskOf is an installation where the first registrant's address is confirmed.
func deskOf(t *testing.T) (*server, *client.Client) {
	t.Helper()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	if _, err := me.RequestEmailVerification(t.Context(), li); err != nil {
		t.Fatal(err)
	}
	confirm(t, s.App, li)
	return s, me
}

// source is the address of the picture that a page shows.
func (p opened) source() (src string) {
	p.all(func(n *html.Node, attr map[string]string) {
		if n.Data == "image" && src == "" {
			src = attr["href"]
		}
	})
	return src
}

// TestAReviewerDecidesWithoutJavaScript: from the queue to an approval, which needs a look
// at the picture; the number is clear in the claim alone.
func TestAReviewerDecidesWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	profile := s.atDesk(t, me, li)
	at := "/cases/" + profile.Review.ID
	b := s.signedIn(t, rui)
	p := b.get("/")
	p.wants(http.StatusOK, "Unclaimed", "李思远 990***********1171", "nobody yet")
	if p.path != "/queue" {
		t.Errorf("a reviewer begins at %s", p.path)
	}
	p = b.get(at)
	p.wants(http.StatusOK, "Claim this case", "Number masked until claimed", "Too small to read", "The registrant says: The corner is worn.")
	if strings.Contains(p.text, "990000199003071171") {
		t.Error("the number is clear before the claim")
	}
	if pic := b.get(p.source()); pic.status != http.StatusOK || !strings.HasSuffix(p.source(), "/small") {
		t.Errorf("before the claim the picture is %s, %d", p.source(), pic.status)
	}
	if pic := b.get(strings.TrimSuffix(p.source(), "/small")); pic.status != http.StatusConflict {
		t.Errorf("the whole picture before the claim: %d", pic.status)
	}
	p = b.post("/queue/claim", b.get("/queue").fill("/queue/claim"))
	p.wants(http.StatusOK, "990000199003071171", "Full number shown: one audit entry written", "yours until")
	if p.path != at {
		t.Fatalf("claiming the next case leads to %s", p.path)
	}
	decide := at + "/decision"
	ask := b.post(decide, p.fill(decide, "do", "pass"))
	ask.wants(http.StatusOK, "Approve this case?", "1 picture has not been viewed yet")
	b.post(decide, ask.fill(decide)).wants(http.StatusUnprocessableEntity, "1 document has not been opened in this claim. Open it before the case passes.")
	if pic := b.get(p.source()); pic.status != http.StatusOK || len(pic.text) < 10_000 {
		t.Fatalf("the picture: %d, %d bytes", pic.status, len(pic.text))
	}
	ask = b.post(decide, p.fill(decide, "do", "pass", "staff_note", "Card seen."))
	if strings.Contains(ask.words(), "not been viewed") {
		t.Error("the look at the picture was not noticed")
	}
	b.post(decide, ask.fill(decide, "staff_note", "Card seen.")).wants(http.StatusOK, "Approved. The registrant is notified.")
	b.get(at).wants(http.StatusOK, "Approved", "By you", "Staff note: Card seen.")
	if got, err := me.Profile(t.Context(), profile.ID); err != nil || got.State != "verified" {
		t.Errorf("the profile is %s, %v", got.State, err)
	}
	b.post("/queue/claim", url.Values{}).wants(http.StatusOK, "There are no cases you can claim.")
}

// Who goes away gives their cases back, is told so on every page of the desk, and can claim
// nothing before they are back.
func TestAReviewerGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	at := "/cases/" + s.atDesk(t, me, li).Review.ID
	b := s.signedIn(t, rui)
	b.post(at+"/claim", url.Values{}).wants(http.StatusOK, "yours until")
	p := b.post("/cases/away", b.get("/cases").fill("/cases/away"))
	p.wants(http.StatusOK, "You are marked as away since", "are back in the queue")
	if p.path != "/cases" || strings.Contains(p.text, at) {
		t.Errorf("at %s, the case is still theirs", p.path)
	}
	p = b.get("/queue")
	p.wants(http.StatusOK, "You are marked as away since")
	if !strings.Contains(p.text, at) {
		t.Error("the case is not back in the queue")
	}
	if strings.Contains(p.text, "/queue/claim") || strings.Contains(p.text, "/cases/away") {
		t.Error("who is away is offered a claim, or to go away again")
	}
	b.post(at+"/claim", url.Values{}).wants(http.StatusConflict, "This reviewer is away")
	p = b.post("/cases/back", p.fill("/cases/back"))
	p.wants(http.StatusOK, "You are back.", "Claim next")
	if strings.Contains(p.words(), "You are marked as away") {
		t.Error("who is back is still away")
	}
	b.post(at+"/claim", url.Values{}).wants(http.StatusOK, "yours until")
}

// TestAReviewerSendsCasesBack: rejected with reasons that the registrant will read, asked
// for a side, put before a lead, given back.
func TestAReviewerSendsCasesBack(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	profile := s.atDesk(t, me, li)
	at := "/cases/" + profile.Review.ID
	decide := at + "/decision"
	b := s.signedIn(t, rui)
	claim := func() opened { return b.post(at+"/claim", url.Values{}) }
	p := claim()
	b.post(decide, p.fill(decide, "do", "fail")).wants(http.StatusUnprocessableEntity, "One thing to correct", "A rejection needs at least one reason.", "A note for the registrant")
	b.post(decide, url.Values{"do": {"wave"}}).wants(http.StatusUnprocessableEntity)
	p = b.post(at+"/release", url.Values{})
	p.wants(http.StatusOK, "The case is back in the queue.")

	p = claim()
	ask := b.post(decide, p.fill(decide, "do", "escalate"))
	ask.wants(http.StatusOK, "Escalate to a lead reviewer")
	b.post(decide, ask.fill(decide)).wants(http.StatusUnprocessableEntity, "State the cause.")
	b.post(decide, ask.fill(decide, "cause", "Unusual seal.")).wants(http.StatusOK, "Escalated. A lead reviewer can see it now.")
	claim().wants(http.StatusConflict, "waiting for a lead reviewer")

	office := s.signedIn(t, "operator@registrar.example")
	office.get("/queue?show=escalated").wants(http.StatusOK, "李思远", "Assign…")
	office.get("/queue").wants(http.StatusOK, "Enhanced verification", "Account verification", "Qualification documents") // the kinds to choose from
	var person string
	office.get(at).all(func(n *html.Node, attr map[string]string) {
		if n.Data == "option" && strings.HasPrefix(attr["value"], "per_") {
			person = attr["value"]
		}
	})
	form := url.Values{"case": {profile.Review.ID}, "do": {"assign"}}
	office.post("/queue/bulk", form).wants(http.StatusOK, "Assign 1 case", "Rui Reviewer")
	form.Set("reviewer", person)
	office.post("/queue/assignment", form).wants(http.StatusOK, "Results of the assignment")
	b.get("/cases").wants(http.StatusOK, "assigned to you")

	p = claim()
	p.wants(http.StatusOK, "Escalated", "Unusual seal.")
	form = p.fill(decide, "do", "fail", "note", "The address on your card is another one.", "staff_note", "Compare with the first.")
	form["reason"] = []string{"address_mismatch", "expired"}
	form.Set("p.expired.Date", "2020-01-01")
	ask = b.post(decide, form)
	ask.wants(http.StatusOK, "Reject this case?", "The registrant will see", "2020-01-01", "证件", "The address on your card is another one.")
	form = ask.fill(decide, "go", "back") // nothing that was chosen and typed is lost on the way back
	form["reason"] = []string{"address_mismatch", "expired"}
	back := b.post(decide, form)
	back.wants(http.StatusOK, "Reasons for a rejection", "The address on your card is another one.", "Compare with the first.")
	back.all(func(_ *html.Node, attr map[string]string) {
		if _, ticked := attr["checked"]; attr["name"] == "reason" && ticked != slices.Contains(form["reason"], attr["value"]) {
			t.Errorf("on the way back %s is ticked: %v", attr["value"], ticked)
		}
	})
	if got := back.field("p.expired.Date")["value"]; got != "2020-01-01" {
		t.Errorf("and the day of expiry is %q", got)
	}
	form = ask.fill(decide)
	form["reason"] = []string{"address_mismatch", "expired"}
	b.post(decide, form).wants(http.StatusOK, "Rejected. The registrant is told why.")
	got, err := me.Profile(t.Context(), profile.ID)
	if err != nil || got.State != "failed" || len(got.Review.Reasons) != 2 || got.Review.Reasons[0].Note != "The address on your card is another one." {
		t.Errorf("the registrant is told %+v, %v", got.Review, err)
	}
	b.get(at).wants(http.StatusOK, "Rejected", "Staff note: Compare with the first.")

	// A second attempt shows the first.
	if _, err := me.EditProfile(t.Context(), profile.ID, client.Fields{"address_zh": "样张区虚构路19号"}); err != nil {
		t.Fatal(err)
	}
	again, err := me.SubmitProfile(t.Context(), profile.ID, "desk")
	if err != nil {
		t.Fatal(err)
	}
	at = "/cases/" + again.Review.ID
	decide = at + "/decision"
	p = claim()
	p.wants(http.StatusOK, "Earlier attempts", "Version 1 rejected", "Compare with the first.")
	ask = b.post(decide, p.fill(decide, "do", "ask"))
	b.post(decide, ask.fill(decide)).wants(http.StatusUnprocessableEntity, "one document per line")
	b.post(decide, ask.fill(decide, "side", "back", "document", "Household register")).wants(http.StatusOK, "Returned. The registrant is asked for what is missing.")
	p = s.signedIn(t, li).get("/profiles/" + profile.ID)
	p.wants(http.StatusOK, "we also need: Household register", "Add the picture")
	var leads []string
	p.all(func(_ *html.Node, attr map[string]string) {
		if to, ok := strings.CutPrefix(attr["href"], "/profiles/"+profile.ID+"/edit/document#"); ok {
			leads = append(leads, to)
		}
	})
	if !slices.Equal(leads, []string{"back", "further"}) {
		t.Errorf("the page leads to where %v are put", leads)
	}
}

// TestManyCasesAreReturnedTogether: never approved.
func TestManyCasesAreReturnedTogether(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	one, two := s.atDesk(t, me, li), s.atDesk(t, me, li)
	b := s.signedIn(t, rui)
	b.post("/queue/bulk", url.Values{"do": {"return"}}).wants(http.StatusOK, "No case was selected.")
	cases := []string{one.Review.ID, two.Review.ID}
	b.post("/queue/bulk", url.Values{"do": {"pass"}, "case": cases}).wants(http.StatusUnprocessableEntity)
	b.post("/queue/bulk", url.Values{"do": {"return"}, "case": cases}).wants(http.StatusOK, "Return 2 cases", "The picture is blurred")
	b.post("/queue/return", url.Values{"case": cases}).wants(http.StatusUnprocessableEntity, "at least one reason")
	b.post("/queue/return", url.Values{"case": cases, "reason": {"blurred"}}).wants(http.StatusOK, "Results of the return")
	b.post("/queue/return", url.Values{"case": cases[:1], "reason": {"blurred"}}).wants(http.StatusOK, "so this is not possible")
	b.get("/queue").wants(http.StatusOK, "No cases waiting")

	b.get("/decided?by=me").wants(http.StatusOK, "Returned", "李思远 990***********1171")
	b.get("/statistics?days=7").wants(http.StatusOK, "Rui Reviewer", "Half within")
	if p := b.get("/statistics"); !strings.Contains(p.text, `aria-label="Rui Reviewer: 0 approved, 0 rejected, 2 returned."`) {
		t.Error("the chart is not told in words")
	}
	b.get("/reasons?registrar=aliyun&words=FileSizeLessThanMinLimit").wants(http.StatusOK, "1 reason", "file_too_small")
	b.get("/reasons?words=forged").wants(http.StatusOK, "could not be accepted as genuine")
}

// TestTheDeskIsForStaff: registrants find no case, and whoever may not decide has no
// button for it.
func TestTheDeskIsForStaff(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	profile := s.atDesk(t, me, li)
	at := "/cases/" + profile.Review.ID
	picture := at + "/documents/" + profile.Documents[0].ID
	another := at + "/documents/" + s.atDesk(t, me, li).Documents[0].ID // of another case
	own, reviewer, operator, nobody := s.signedIn(t, li), s.signedIn(t, rui), s.signedIn(t, "operator@registrar.example"), s.browser(t)
	nobody.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, x := range []struct {
		path                               string
		own, reviewer, operator, strangers int
	}{
		{"/queue", 403, 200, 200, 303}, {"/cases", 403, 200, 200, 303}, {"/four-eyes", 403, 200, 200, 303}, {"/decided", 403, 200, 200, 303}, {"/statistics", 403, 200, 200, 303}, {"/reasons", 403, 200, 200, 303}, {at, 403, 200, 200, 303},
		{picture, 403, 409, 409, 303}, {picture + "/small", 403, 200, 200, 303}, {another + "/small", 403, 404, 404, 303}, {at + "/documents/doc_none/small", 403, 404, 404, 303}, {"/cases/rev_none", 403, 404, 404, 303},
		{"/queue?after=rev_none", 403, 422, 422, 303}, {"/queue?kind=domain_name&suffix=cn&priority=3&order=age&show=overdue", 403, 200, 200, 303},
	} {
		for who, want := range map[*browser]int{own: x.own, reviewer: x.reviewer, operator: x.operator, nobody: x.strangers} {
			if p := who.get(x.path); p.status != want {
				t.Errorf("%s: %d, want %d (own, reviewer, operator, nobody: %v)", x.path, p.status, want, []int{x.own, x.reviewer, x.operator, x.strangers})
			}
		}
	}
	for _, x := range []struct {
		path string
		want [3]int
	}{{"/queue/claim", [3]int{403, 200, 403}}, {at + "/release", [3]int{403, 200, 403}}, {at + "/assignment", [3]int{403, 403, 200}}, {at + "/priority", [3]int{403, 403, 422}}, {"/cases/away", [3]int{403, 200, 403}}, {"/cases/back", [3]int{403, 200, 403}}} {
		for i, who := range []*browser{own, reviewer, operator} {
			if p := who.post(x.path, url.Values{}); p.status != x.want[i] {
				t.Errorf("POST %s by %s: %d, want %d", x.path, []string{"a registrant", "a reviewer", "an operator"}[i], p.status, x.want[i])
			}
		}
	}
	if p := operator.get(at); strings.Contains(p.text, at+"/claim") {
		t.Error("who may not decide is offered a claim")
	}
}
