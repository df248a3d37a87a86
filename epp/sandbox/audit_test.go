package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/sandbox"
)

func TestUnacceptableEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	tests := map[string]struct {
		client, contact string
		alter           func(*submission)
		status          int
		code            string
	}{
		"wrong password":     {"nobody", "holder-1", func(*submission) {}, http.StatusUnauthorized, "unauthorized"},
		"unknown contact":    {"verinym", "nobody", func(*submission) {}, http.StatusNotFound, "not_found"},
		"other's contact":    {"verinym", "foreign", func(*submission) {}, http.StatusForbidden, "forbidden"},
		"digest mismatch":    {"verinym", "holder-1", func(s *submission) { s.WrongDigest = true }, http.StatusUnprocessableEntity, "digest_mismatch"},
		"truncated body":     {"verinym", "holder-1", func(s *submission) { s.Truncated = true }, http.StatusUnprocessableEntity, "truncated"},
		"no document":        {"verinym", "holder-1", func(s *submission) { s.Documents = nil }, http.StatusUnprocessableEntity, "no_document"},
		"empty document":     {"verinym", "holder-1", func(s *submission) { s.Documents[0] = nil }, http.StatusUnprocessableEntity, "empty_document"},
		"too many documents": {"verinym", "holder-1", func(s *submission) { s.Documents = make([][]byte, 11); fill(s.Documents) }, http.StatusUnprocessableEntity, "too_many_documents"},
		"nameless holder":    {"verinym", "holder-1", func(s *submission) { s.Name = "" }, http.StatusUnprocessableEntity, "bad_holder"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := personal("张三")
			tt.alter(&s)
			status, answer := w.audit(tt.client, "PUT", "/audit/v1/contacts/"+tt.contact+"/evidence", &s)
			if status != tt.status || answer["code"] != tt.code || answer["message"] == "" {
				t.Errorf("%d %v", status, answer)
			}
		})
	}
	w.server.Advance(review)
	if got := w.contactState("holder-1"); got != "none" {
		t.Errorf("contact is %s after refused evidence", got)
	}
}

func fill(documents [][]byte) {
	for i := range documents {
		documents[i] = []byte{byte(i + 1)}
	}
}

func TestSameEvidenceIsReviewedOnce(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	evidence := personal("张三")
	evidence.IDNumber = "wrong" // so that the review would have something to say again
	first := w.submit("holder-1", evidence)
	w.server.Advance(review / 2)
	evidence.Documents[0], evidence.Documents[1] = evidence.Documents[1], evidence.Documents[0]
	other := w.submit("holder-1", evidence)
	if other["submission"] == first["submission"] {
		t.Error("sides were swapped, and the submission is the same")
	}
	evidence.Documents[0], evidence.Documents[1] = evidence.Documents[1], evidence.Documents[0]
	if again := w.submit("holder-1", evidence); again["submission"] != first["submission"] {
		t.Errorf("%v, then %v", first, again)
	}
	w.server.Advance(review)
	if got := w.contactState("holder-1"); got != "failed number_mismatch" {
		t.Errorf("contact %s", got)
	}
	again := w.submit("holder-1", evidence)
	if again["submission"] != first["submission"] || again["state"] != "failed" {
		t.Errorf("after the verdict: %v", again)
	}
	w.news()
	w.server.Advance(review)
	w.expect()
}

func TestVerifiedContactStaysVerified(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review)
	wrong := personal("张三")
	wrong.Name = "李四"
	if answer := w.submit("holder-1", wrong); answer["state"] != "verified" {
		t.Errorf("%v", answer)
	}
	w.server.Advance(review)
	if got := w.contactState("holder-1"); got != "verified" {
		t.Errorf("contact %s", got)
	}
}

func TestNewEvidenceReplacesWhatIsInReview(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	wrong := personal("张三")
	wrong.IDNumber = "wrong"
	w.submit("holder-1", wrong)
	w.server.Advance(review / 2)
	w.submit("holder-1", personal("张三"))
	w.server.Advance(review / 2)
	if got := w.contactState("holder-1"); got != "in_review" {
		t.Errorf("when the first review was due: %s", got)
	}
	w.server.Advance(review / 2)
	if got := w.contactState("holder-1"); got != "verified" {
		t.Errorf("when the second was due: %s", got)
	}
}

func TestAuditShowsADomainsVerdicts(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	w.submit("holder-1", personal("张三"))
	w.server.Advance(naming)
	status, answer := w.audit("verinym", "GET", "/audit/v1/domains/example.cn", nil)
	if status != http.StatusOK || answer["naming"].(map[string]any)["state"] != "verified" ||
		answer["real_name"].(map[string]any)["state"] != "in_review" || answer["due"] != "2026-03-07T01:00:00Z" || answer["statuses"].([]any)[0] != epp.StatusOK {
		t.Errorf("%d %v", status, answer)
	}
	if status, answer := w.audit("verinym", "GET", "/audit/v1/domains/foreign.cn", nil); status != http.StatusForbidden {
		t.Errorf("other's domain: %d %v", status, answer)
	}
	if status, answer := w.audit("verinym", "GET", "/audit/v1/domains/new.cn", nil); status != http.StatusNotFound {
		t.Errorf("no domain: %d %v", status, answer)
	}
}

func TestAuditCallsAreLogged(t *testing.T) {
	t.Parallel()
	w := furnished(t)
	s := personal("张三")
	s.WrongDigest = true
	w.audit("verinym", "PUT", "/audit/v1/contacts/holder-1/evidence", &s)
	w.submit("holder-1", personal("张三"))
	w.contactState("holder-1")
	var got []string
	for _, e := range w.server.LogOf("contact", "holder-1") {
		if e.Channel == "audit" {
			got = append(got, e.Client+" "+e.Verb+" "+http.StatusText(e.Code))
		}
	}
	want := []string{"verinym evidence Unprocessable Entity", "verinym evidence Accepted", "verinym state OK"}
	if len(got) != len(want) {
		t.Fatalf("log %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("log %q, want %q", got[i], want[i])
		}
	}
}

func TestReviewerIsTheDomainsZone(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.Zones[1].ReviewDelay = 2 * review })
	w.person("holder-1", "张三")
	w.do(epp.CodeOK, personalContact("holder-2", "李四"), cnnic.ContactCreate(identityOf(goodNumber)))
	w.register("xn--fsq.xn--fiqs8s", "holder-2")
	w.submit("holder-1", personal("张三"))
	w.submit("holder-2", personal("李四"))
	w.server.Advance(review)
	if one, two := w.contactState("holder-1"), w.contactState("holder-2"); one != "verified" || two != "in_review" {
		t.Errorf("%s, %s", one, two)
	}
}
