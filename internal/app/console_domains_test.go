package app_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
)

// elsewhere registers names at the registry for a holder whom nobody has verified, past us.
func (s *server) elsewhere(t *testing.T, id, holder, number string, names ...string) {
	t.Helper()
	ctx := t.Context()
	eyes, err := s.DialSandbox(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer eyes.Close()
	addr := contact.Address{Street: []string{"虚构路1号"}, City: "杭州市", SP: "浙江", PC: "310000", CC: "CN"}
	create := contact.Create{ID: id, Postal: []contact.PostalInfo{{Type: contact.Loc, Name: holder, Addr: addr}}, Voice: contact.Phone{Number: "+86.13800000000"}, Email: "old@registrant.example", AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}
	if _, err := eyes.Do(ctx, epp.Command{Body: create, Extensions: []epp.Extension{cnnic.ContactCreate{Type: cnnic.Individual, IDType: cnnic.SFZ, IDNumber: number, Purveyor: "verinym"}}}); err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		register := domain.Create{Name: n, Period: domain.Years(1), Registrant: id, AuthInfo: &epp.AuthInfo{PW: "yesterday1"}}
		if _, err := eyes.Do(ctx, epp.Command{Body: register, Extensions: []epp.Extension{cnnic.DomainCreate{Type: cnnic.Individual, Purveyor: "verinym"}}}); err != nil {
			t.Fatal(err)
		}
	}
}

// older registers names elsewhere and takes them into the registrant's account, until the
// holder is known.
func (s *server) older(t *testing.T, id, holder, number, profile string, names ...string) {
	t.Helper()
	ctx := t.Context()
	s.elsewhere(t, id, holder, number, names...)
	me, office := client.New(s.URL()).As(s.keys["registrant"]), client.New(s.URL()).As(s.keys["operator"])
	if _, err := office.ImportDomains(ctx, s.accounts["registrant"], "mainland", names...); err != nil {
		t.Fatal(err)
	}
	soon(t, "the holder to be known", func() (bool, error) {
		found, err := me.PreviewSubmission(ctx, profile, names...)
		if err != nil {
			return false, err
		}
		for _, i := range found {
			if i.Code == "holder_not_known_yet" || i.Code == "domain_not_found" {
				return false, nil
			}
		}
		return true, nil
	})
}

// TestProfileIsFoundForAnAssociation: whoever has many profiles searches for the one to
// associate; the names stay chosen, and nothing is previewed before it is.
func TestProfileIsFoundForAnAssociation(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, me := s.signedIn(t, li), client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "cnnic")
	few := b.get("/associations/new?d=tea.cn")
	few.wants(http.StatusOK, "李思远", "tea.cn")
	for i := range 21 {
		wang := client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: client.Fields{
			"name_zh": "王" + string(rune('安'+i)), "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000", "email": li}}
		if _, err := me.CreateProfile(t.Context(), wang); err != nil {
			t.Fatal(err)
		}
	}
	many := b.get("/associations/new?d=tea.cn")
	many.wants(http.StatusOK, "Find a profile", "李思远", "王")
	if strings.Contains(few.words(), "Find a profile") {
		t.Error("one profile is searched for")
	}
	for _, x := range []struct {
		asked   string
		offered bool
		says    []string
	}{
		{"find=王&go=find&profile=" + profile, false, []string{"tea.cn", "王"}},
		{"find=赵&go=find", false, []string{"tea.cn", "No matching profile"}},
		{"find=李思", true, []string{"tea.cn"}},
		{"find=李思&profile=" + profile, true, []string{"1 left out"}},
	} {
		p := b.get("/associations/new?d=tea.cn&" + x.asked)
		p.wants(http.StatusOK, x.says...)
		if offered := strings.Contains(p.text, `value="`+profile+`"`); offered != x.offered {
			t.Errorf("%s: the profile is offered: %t", x.asked, offered)
		}
		if strings.Contains(x.asked, "go=find") && strings.Contains(p.words(), "1 left out") {
			t.Errorf("%s: the names are looked at before a profile is chosen", x.asked)
		}
	}
}

// TestNamesAreAssociatedWithoutJavaScript: names that were there before are found by
// their filter, chosen and submitted with a profile; what another holds is left out, and
// changes its holder by an act of its own.
func TestNamesAreAssociatedWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	b.get("/domains").wants(http.StatusOK, "No domain names yet")
	profile := s.verifiedProfile(t, client.New(s.URL()).As(s.keys["registrant"]), "cnnic")
	if _, err := client.New(s.URL()).As(s.keys["operator"]).AssertIdentity(t.Context(), s.accounts["registrant"], true, "customer register"); err != nil {
		t.Fatal(err)
	}
	s.older(t, "old-li", "李思远", "990000199003071171", profile, "tea.cn", "cup.cn")
	s.older(t, "old-zhao", "赵未名", "990000197001010018", profile, "works.cn")

	p := b.get("/domains")
	p.wants(http.StatusOK, "3 names · 0 on hold", "3 things need you", "tea.cn: identity verification not completed", "Not Completed")
	b.get("/domains?verification=verified").wants(http.StatusOK, "No matching name")
	if p = b.get("/domains?q=UP"); !strings.Contains(p.text, `href="/domains/cup.cn"`) || strings.Contains(p.text, `value="tea.cn"`) {
		t.Errorf("a search for UP finds:\n%s", p.words())
	}

	p = b.get("/domains/works.cn")
	p.wants(http.StatusOK, "Submit the verification of this name", "until suspension", "You, now: Choose a verified profile", "of 10 OK", "inactive", "Ends when name servers are set")
	if want := "/associations/new?d=works.cn"; !strings.Contains(p.text, want) {
		t.Errorf("the page of works.cn does not lead to %s", want)
	}
	p = b.get("/associations/new?d=tea.cn&d=cup.cn&d=works.cn&d=nobody.cn")
	p.wants(http.StatusOK, "4 names", "Fits 2 of 4", "This never changes the holder")
	p = b.get("/domains/works.cn")
	p.wants(http.StatusOK, "Submit the verification of this name", "until suspension", "You, now: Choose a verified profile", "of 10 OK", "inactive", "Ends when name servers are set")
	if want := "/associations/new?d=works.cn"; !strings.Contains(p.text, want) {
		t.Errorf("the page of works.cn does not lead to %s", want)
	}
	p = b.get("/associations/new?d=tea.cn&d=cup.cn&d=works.cn&d=nobody.cn&profile=" + profile)
	p.wants(http.StatusOK, "2 would be submitted", "2 left out", "1 name belongs to another holder", "1 name is not in your account", "Submit the verification of 2 names", "The registry's result is expected by", "If it has not passed, the first of the names is suspended at")
	form := p.fill("/associations/new")
	form["d"] = []string{"tea.cn", "cup.cn", "works.cn", "nobody.cn"}
	first, second := b.post("/associations/new", form), b.post("/associations/new", form)
	if first.path != second.path || !strings.HasPrefix(first.path, "/associations/tsk_") {
		t.Fatalf("the form leads to %s, and to %s when it is sent again", first.path, second.path)
	}
	task := first.path
	soon(t, "the task to end", func() (bool, error) {
		p = b.get(task)
		return strings.Contains(p.words(), "Finished"), nil
	})
	p.wants(http.StatusOK, "100%", "4 of 4 answered", "2 failed in 2 groups", "contact_not_match", "Choose the matching profile")
	b.get(task+"?state=failed&reason=contact_not_match").wants(http.StatusOK, "works.cn", "1 name on this page")
	b.get("/associations").wants(http.StatusOK, "Associate 李思远 with 4 names", "Finished")
	soon(t, "tea.cn to be verified", func() (bool, error) {
		return strings.Contains(b.get("/domains?verification=verified").words(), "tea.cn"), nil
	})

	done := b.get("/associations/new?state=succeeded&task=" + strings.TrimPrefix(task, "/associations/"))
	if done.wants(http.StatusOK, "2 names", "tea.cn", "cup.cn"); strings.Contains(done.words(), "works.cn") {
		t.Errorf("the names that are done are chosen:\n%s", done.words())
	}

	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.get(task+"/results.csv").text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 5 || strings.Join(rows[3][:3], " ") != "works.cn failed contact_not_match" || rows[1][1] != "done" {
		t.Errorf("the results are %q, %v", rows, err)
	}
	p = b.post(task+"/retry", p.fill(task+"/retry"))
	p.wants(http.StatusOK, "A new task tries the failed names again", "with 2 names")
	if p.path == task {
		t.Error("the names are tried again in the same task")
	}

	// Another holder: not by associating, and not without consent.
	change := "/holder-changes/new?task=" + strings.TrimPrefix(task, "/associations/") + "&reason=contact_not_match&profile=" + profile
	p = b.get(change)
	p.wants(http.StatusOK, "Change holder", "1 would get the new holder", "both agree")
	p = b.post("/holder-changes/new", p.fill("/holder-changes/new"))
	p.wants(http.StatusUnprocessableEntity, "consent of the current and the new holder")
	p = b.post("/holder-changes/new", p.fill("/holder-changes/new", "consent", "true"))
	p.wants(http.StatusOK, "Change the holder of 1 name to 李思远")

	soon(t, "the messages", func() (bool, error) {
		return strings.Contains(b.get("/messages").words(), "A task has finished"), nil
	})
	b.get("/domains/TEA.cn").wants(http.StatusOK, "All required reviews have passed", "Contacts", "l•••@registrant.example", "990***********1171", "The holder's identity was verified for this domain.")
	b.get("/domains/tea.cn/timeline").wants(http.StatusOK, "The holder's identity was verified for this domain.", "History and next steps")
	if p := b.get("/domains/tea.cn"); strings.Contains(p.words(), "li@registrant.example 990") || strings.Contains(p.text, "13800000000") {
		t.Error("the telephone number is shown in clear")
	}
	p = b.get("/messages")
	p.wants(http.StatusOK, "A task has finished", "New", "Mark all as read")
	if strings.Contains(p.words(), "The holder of tea.cn is verified.") {
		t.Error("good news of a task's names are messages of their own")
	}
	p = b.post("/messages/read", p.fill("/messages/read"))
	p.wants(http.StatusOK, "All messages are marked as read.")
	if p := b.get("/messages"); p.status != http.StatusOK || strings.Contains(p.text, task) == false {
		t.Errorf("the message about the task does not lead to it:\n%s", p.words())
	}

	other := s.signedIn(t, chen)
	if p := other.get("/messages"); strings.Contains(p.text, task) {
		t.Error("another account reads of the task")
	}
	for _, path := range []string{task, task + "/results.csv", change, "/domains/tea.cn", "/domains/tea.cn/timeline"} {
		other.get(path).wants(http.StatusNotFound)
	}
	if p := other.post(task+"/retry", url.Values{"once": {"x"}}); p.status != http.StatusNotFound {
		t.Errorf("another account tries the names again: %d", p.status)
	}
	if p := other.get("/domains"); strings.Contains(p.words(), "tea.cn") {
		t.Error("another account sees tea.cn")
	}
}

// Who edits a verified profile sees first which names follow, and saves then.
func TestAnEditListsTheNamesThatItTouches(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "cnnic")
	s.older(t, "old-li", "李思远", "990000199003071171", profile, "tea.cn")
	if _, err := me.SubmitVerification(t.Context(), profile, "tea.cn"); err != nil {
		t.Fatal(err)
	}
	soon(t, "tea.cn to be verified", func() (bool, error) {
		d, err := me.Domain(t.Context(), "tea.cn")
		return d.Verification == "verified", err
	})
	found, err := me.PreviewEdit(t.Context(), profile, client.Fields{"phone": "13900139000"})
	if err != nil || len(found.Ways) != 1 || found.Ways[0].Way != "contact_replaced" || found.Ways[0].Total != 1 || found.Ways[0].Domains[0] != "tea.cn" || !found.NewVersion || !found.NeedsReview || strings.Join(found.DetailFields, " ") != "phone" {
		t.Errorf("the edit would touch %+v, %v", found, err)
	}
	b := s.signedIn(t, li)
	step := "/profiles/" + profile + "/edit/contact"
	p := b.get(step)
	p = b.post(step, p.fill("", "phone", "13900139000", "go", "next"))
	p.wants(http.StatusOK, "How saving affects your domain names", "As soon as the new version is verified", "1 name gets a new contact at the registry", "tea.cn", "Save these changes")
	if v, err := me.Profile(t.Context(), profile); err != nil || v.State != "verified" {
		t.Errorf("before anybody has seen what it does the profile is %s (%v), want verified still", v.State, err)
	}
	b.post(step, p.fill("", "go", "next")).wants(http.StatusOK, "Identity document")
	if v, err := me.Profile(t.Context(), profile); err != nil || v.State != "unverified" || v.Version != 2 {
		t.Errorf("after that it is %s, version %d (%v)", v.State, v.Version, err)
	}
}
