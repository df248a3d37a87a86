package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// staffPages are the pages of operation, by who may see them: operator and admin see all
// of a line without a note.
var staffPages = []struct {
	path string
	// may are the roles that see it.
	may []string
}{
	{"/health", []string{"operator", "admin"}},
	{"/registries", []string{"operator", "admin"}},
	{"/policies", []string{"reviewer", "operator", "admin"}},
	{"/policies/versions", []string{"reviewer", "operator", "admin"}},
	{"/policies/comparison", []string{"reviewer", "operator", "admin"}},
	{"/policies/cases", []string{"reviewer", "operator", "admin"}},
	{"/jobs", []string{"operator", "admin"}},
	{"/authorities", []string{"operator"}},
	{"/authorities/sandbox", []string{"operator"}},
	{"/mails", []string{"operator", "admin"}},
	{"/mails/settings", []string{"operator", "admin"}},
	{"/accounts", []string{"operator", "admin"}},
	{"/imports", []string{"operator"}},
	{"/audit", []string{"operator", "admin"}},
	{"/inspection-packs", []string{"operator", "admin"}},
	{"/data-requests", []string{"registrant", "admin"}},
	{"/enhanced-verifications", []string{"registrant", "reviewer", "operator", "admin"}},
	{"/lookup", []string{"registrant", "operator"}},
	{"/statuses", []string{"registrant", "reviewer", "operator", "admin"}},
}

// TestWhoSeesWhichPageOfOperation walks every page as every role; what is in the rail of a
// role is a page that it sees.
func TestWhoSeesWhichPageOfOperation(t *testing.T) {
	t.Parallel()
	s := start(t)
	for role, mail := range map[string]string{"registrant": li, "reviewer": rui, "operator": "operator@registrar.example", "admin": "admin@registrar.example"} {
		b := s.signedIn(t, mail)
		for _, p := range staffPages {
			want := http.StatusForbidden
			for _, r := range p.may {
				if r == role {
					want = http.StatusOK
				}
			}
			got := b.get(p.path)
			if got.status != want {
				t.Errorf("%s as %s: %d, want %d", p.path, role, got.status, want)
			}
			if strings.Contains(b.get("/statuses").text, `href="`+p.path+`"`) && want != http.StatusOK {
				t.Errorf("the rail of %s leads to %s, which is refused", role, p.path)
			}
		}
	}
}

// TestMoreIsAskedForAndAnswered: staff asks for enhanced verification, the registrant
// uploads and submits, a reviewer looks at every paper in the console and passes it.
func TestMoreIsAskedForAndAnswered(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "common")
	office, own := s.signedIn(t, "operator@registrar.example"), s.signedIn(t, li)
	list := "/enhanced-verifications"
	p := office.get(list)
	p.wants(http.StatusOK, "No enhanced verification is open")
	office.post(list, p.fill(list, "domain", "no-such-name.cn", "cause", "A letter.")).wants(http.StatusNotFound, "One thing to correct", "no-such-name.cn")
	office.post(list, p.fill(list, "profile", profile)).wants(http.StatusUnprocessableEntity, "One thing to correct")
	p = office.post(list, office.get(list).fill(list, "profile", profile, "cause", "Letter 7 of the registry.", "note", "Show more."))
	p.wants(http.StatusOK, "Requested. The registrant is notified.", "Letter 7 of the registry.", "Cancel the request")
	at := p.path

	p = own.get(at)
	p.wants(http.StatusOK, "Upload the required documents and submit them", "Show more.", "0 / 5 uploaded")
	if strings.Contains(p.words(), "Letter 7") {
		t.Error("the registrant reads the cause")
	}
	own.post(at+"/submission", url.Values{}).wants(http.StatusUnprocessableEntity, "is missing")
	own.upload(at+"/documents", "gray.jpg", []byte("no picture"), "kind", "holding_photo").wants(http.StatusUnprocessableEntity, "2 things to correct")
	for _, w := range []struct{ kind, side string }{{"resident_id", "front"}, {"resident_id", "back"}, {"holding_photo", "page"}, {"domain_use_undertaking", "page"}, {"icp_screenshot", "page"}} {
		picture := samples.Li
		if w.side == "back" {
			picture = samples.WangBack
		}
		own.upload(at+"/documents", "a.jpg", picture, "kind", w.kind, "side", w.side).wants(http.StatusOK, "a.jpg")
	}
	own.get(at).wants(http.StatusOK, "5 / 5 uploaded")
	own.post(at+"/submission", url.Values{}).wants(http.StatusOK, "Submitted for review.", "In review, nothing to do")
	if got := s.signedIn(t, "chen@other.example").get(at); got.status != http.StatusNotFound {
		t.Errorf("another account reads it: %d", got.status)
	}

	desk := s.signedIn(t, rui)
	p = desk.post("/queue/claim", desk.get("/queue").fill("/queue/claim"))
	p.wants(http.StatusOK, "Enhanced verification", "Letter 7 of the registry.", "Photo of the holder with the document in hand")
	kase := p.path
	for _, d := range s.papersOf(t, kase) {
		page := desk.get(kase + "?side=" + d)
		if pic := desk.get(page.source()); pic.status != http.StatusOK || strings.HasSuffix(page.source(), "/small") {
			t.Fatalf("the picture %s: %d", page.source(), pic.status)
		}
	}
	decide := kase + "/decision"
	ask := desk.post(decide, desk.get(kase).fill(decide, "do", "pass"))
	desk.post(decide, ask.fill(decide)).wants(http.StatusOK, "Approved. The registrant is notified.")
	own.get(at).wants(http.StatusOK, "Passed. You do not need to do anything.")
	office.get(list+"?show=all").wants(http.StatusOK, "Passed")
}

// papersOf are the documents of a case, by the reviewers' interface.
func (s *server) papersOf(t *testing.T, kase string) []string {
	t.Helper()
	c, err := client.New(s.URL()).As(s.keys["reviewer"]).Review(t.Context(), strings.TrimPrefix(kase, "/cases/"))
	if err != nil || c.Enhanced == nil {
		t.Fatalf("the case: %+v, %v", c, err)
	}
	var out []string
	for _, d := range c.Enhanced.Documents {
		out = append(out, d.ID)
	}
	return out
}

// TestAnOperatorTakesAnInspectionPack: a signed file, in the audit log before it is out.
func TestAnOperatorTakesAnInspectionPack(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "common")
	b := s.signedIn(t, "operator@registrar.example")
	at := "/inspection-packs"
	b.get(at).wants(http.StatusOK, "None yet.")
	b.post(at, url.Values{"of": {"domain"}, "name": {"nobody-has-this.cn"}}).wants(http.StatusNotFound, "One thing to correct")
	pack := b.post(at, url.Values{"of": {"profile"}, "profile": {profile}})
	if pack.status != http.StatusOK || !strings.HasPrefix(pack.text, "PK") {
		t.Errorf("the pack: %d, %.10q", pack.status, pack.text)
	}
	b.get(at).wants(http.StatusOK, profile, "Ola Operator")
	if p := b.get("/audit?action=inspection.take"); !strings.Contains(p.text, `title="`+profile+`"`) {
		t.Error("the audit log does not say of what a pack was taken")
	}
	b.get("/audit?action=inspection.take&until=2020-01-01").wants(http.StatusOK, "No matching entry")
	if own := s.signedIn(t, li).post(at, url.Values{"of": {"profile"}, "profile": {profile}}); own.status != http.StatusForbidden {
		t.Errorf("a registrant takes a pack: %d", own.status)
	}
}

// TestStatusesAreExplained in both spellings, and names are looked up.
func TestStatusesAreExplained(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	b.get("/statuses?words=server+hold").wants(http.StatusOK, "serverHold", "All statuses")
	b.get("/statuses?words=serverHeld").wants(http.StatusNotFound, "No such status")
	b.get("/lookup?name=not+a+name").wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.get("/lookup?name=nobody-has-this.cn").wants(http.StatusServiceUnavailable, "One thing to correct")
}

// TestAnOperatorSeesJobsMailsAndAuthorities: what is done, what went out, and an authority
// that is paused and resumed.
func TestAnOperatorSeesJobsMailsAndAuthorities(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, "operator@registrar.example")
	b.get("/jobs").wants(http.StatusOK, "No failed jobs", "Scheduled tasks", "Audit sealer", "Retention")
	b.get("/jobs?show=lost").wants(http.StatusUnprocessableEntity)
	for _, id := range []string{"4711", "x"} {
		b.post("/jobs/"+id+"/retry", url.Values{}).wants(http.StatusNotFound, "There is no such job")
	}

	b.get("/mails?show=failed").wants(http.StatusOK, "No matching mail")
	p := b.get("/mails/settings")
	p.wants(http.StatusOK, "the built-in sink", s.Sink().Addr())
	b.post("/mails/test", p.fill("/mails/test", "address", "nobody")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	p = b.post("/mails/test", p.fill("/mails/test", "address", "ola@registrar.example"))
	p.wants(http.StatusOK, "The test mail was sent.", "Test mail received", "Accepted by the mail server")
	b.get("/mails?address=ola@registrar.example&show=sent").wants(http.StatusOK, "Test mail received")
	b.post(p.path+"/resend", url.Values{}).wants(http.StatusConflict, "has been sent")
	b.get("/mails/mail_none").wants(http.StatusNotFound, "There is no such mail")

	b.get("/authorities").wants(http.StatusOK, "The review desk", "The sandbox", "OK")
	at := "/authorities/sandbox"
	p = b.get(at)
	b.post(at+"/pause", p.fill(at+"/pause")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.post(at+"/pause", p.fill(at+"/pause", "cause", "Maintenance.")).wants(http.StatusOK, "Paused. No requests are sent to it.", "Maintenance.", "Ola Operator")
	b.post(at+"/resume", url.Values{}).wants(http.StatusOK, "Resumed.", "OK")
	b.get("/authorities/desk").wants(http.StatusOK, "The review desk")
	b.post("/authorities/desk/pause", url.Values{"cause": {"x"}}).wants(http.StatusConflict)
	b.get("/authorities/nobody").wants(http.StatusNotFound)
}

// TestAnAdministratorRunsAccounts: finds and makes them, lets people in, changes roles,
// suspends and restores; an operator looks only.
func TestAnAdministratorRunsAccounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, "admin@registrar.example")
	p := b.get("/accounts")
	p.wants(http.StatusOK, "Li Siyuan", "Other Organisation", "Create an account")
	b.get("/accounts?words=chen%40other").wants(http.StatusOK, "Other Organisation", "1 account")
	b.get("/accounts?words=nobody").wants(http.StatusOK, "No matching account")
	b.post("/accounts", p.fill("/accounts", "name", " ")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	p = b.post("/accounts", b.get("/accounts").fill("/accounts", "name", "Specimen Shop"))
	p.wants(http.StatusOK, "The account is created.", "Nobody can sign in to it yet.")
	at := p.path
	b.post(at+"/people", p.fill(at+"/people", "email", "nobody", "name", "Wu", "role", "registrant")).wants(http.StatusUnprocessableEntity, "One thing to correct")
	p = b.post(at+"/people", b.get(at).fill(at+"/people", "email", "wu@shop.example", "name", "Wu Specimen", "role", "registrant"))
	p.wants(http.StatusOK, "The first password.", "Wu Specimen", "Registrant")
	if again := b.get(at); strings.Contains(again.words(), "first password.") {
		t.Error("the password is shown again")
	}
	person := ""
	p.all(func(n *html.Node, attr map[string]string) {
		if rest, ok := strings.CutPrefix(attr["action"], at+"/people/"); ok && strings.HasSuffix(rest, "/roles") {
			person = strings.TrimSuffix(rest, "/roles")
		}
	})
	b.post(at+"/people/"+person+"/roles", url.Values{}).wants(http.StatusUnprocessableEntity, "One thing to correct")
	b.post(at+"/people/"+person+"/roles", url.Values{"role": {"reviewer", "lead"}}).wants(http.StatusOK, "The roles are saved.", "Lead reviewer, Reviewer")
	b.post(at+"/identity", url.Values{"verified": {"true"}, "source": {"crm"}}).wants(http.StatusOK, "Saved.", "crm")
	b.post(at+"/suspension", url.Values{"cause": {"Unpaid."}}).wants(http.StatusOK, "Suspended. Everyone was signed out.", "Unpaid.")
	b.get("/accounts?show=suspended").wants(http.StatusOK, "Specimen Shop")
	b.post(at+"/restoration", url.Values{}).wants(http.StatusOK, "Restored.")
	b.post(at+"/people/"+person+"/removal", url.Values{}).wants(http.StatusOK, "Removed.", "Nobody can sign in to it yet.")

	o := s.signedIn(t, "operator@registrar.example")
	if seen := o.get(at); strings.Contains(seen.words(), "Suspend the account") || strings.Contains(seen.words(), "Add a member") {
		t.Error("an operator is offered what only administrators may do")
	}
	for _, act := range []string{"/suspension", "/restoration", "/people/" + person + "/removal"} {
		if got := o.post(at+act, url.Values{"cause": {"x"}}); got.status != http.StatusForbidden {
			t.Errorf("%s by an operator: %d", act, got.status)
		}
	}
	s.signedIn(t, li).get("/accounts").wants(http.StatusForbidden)
}
