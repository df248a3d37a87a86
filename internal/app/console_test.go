package app_test

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/test/pictures/samples"
)

// browser is one without JavaScript: it keeps cookies, follows links and sends forms.
type browser struct {
	t *testing.T
	*http.Client
	base string
}

// opened is a page as the browser has it.
type opened struct {
	t      *testing.T
	status int
	path   string
	text   string
	root   *html.Node
}

func (s *server) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, Client: &http.Client{Jar: jar}, base: s.URL()}
}

// signedIn is a browser of somebody.
func (s *server) signedIn(t *testing.T, email string) *browser {
	t.Helper()
	b := s.browser(t)
	p := b.get("/sign-in").fill("/sign-in", "email", email, "password", "correct-horse-battery")
	if got := b.post("/sign-in", p); got.status != http.StatusOK || got.path == "/sign-in" {
		t.Fatalf("signing in as %s leads to %s with %d", email, got.path, got.status)
	}
	return b
}

func (b *browser) send(req *http.Request) opened {
	b.t.Helper()
	resp, err := b.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	return opened{b.t, resp.StatusCode, resp.Request.URL.RequestURI(), string(body), root}
}

func (b *browser) get(path string) opened {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(req)
}

func (b *browser) post(path string, form url.Values, header ...string) opened {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.send(req)
}

// upload sends a picture as a form does, with the fields before it.
func (b *browser) upload(path, name string, picture []byte, fields ...string) opened {
	b.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	p, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = p.Write(picture)
	_ = w.Close()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &buf)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(req)
}

// all walks the elements of a page.
func (p opened) all(visit func(n *html.Node, attr map[string]string)) {
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		visit(n, attr)
	}
}

// fill is the form that posts to action ("" for the page's own address), filled in as
// the page shows it, with names and values on top.
func (p opened) fill(action string, values ...string) url.Values {
	p.t.Helper()
	out, found := url.Values{}, false
	p.all(func(form *html.Node, attr map[string]string) {
		own, _, _ := strings.Cut(p.path, "?")
		if form.Data != "form" || attr["method"] != "post" || attr["action"] != action && (action != "" || attr["action"] != own) || found {
			return
		}
		found = true
		opened{p.t, 0, "", "", form}.all(func(n *html.Node, attr map[string]string) {
			_, checked := attr["checked"]
			_, selected := attr["selected"]
			choice := attr["type"] == "radio" || attr["type"] == "checkbox"
			switch {
			case n.Data == "input" && attr["name"] != "" && attr["type"] != "file" && (!choice || checked):
				out.Set(attr["name"], attr["value"])
			case n.Data == "option" && selected:
				for up := n.Parent; up != nil; up = up.Parent {
					for _, a := range up.Attr {
						if up.Data == "select" && a.Key == "name" {
							out.Set(a.Val, attr["value"])
						}
					}
				}
			}
		})
	})
	if !found {
		p.t.Fatalf("%s has no form that posts to %q", p.path, action)
	}
	for i := 0; i < len(values); i += 2 {
		out.Set(values[i], values[i+1])
	}
	return out
}

// field returns the attributes of a field.
func (p opened) field(name string) map[string]string {
	var out map[string]string
	p.all(func(_ *html.Node, attr map[string]string) {
		if attr["name"] == name && out == nil {
			out = attr
		}
	})
	return out
}

func (p opened) wants(status int, words ...string) {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.path, p.status, status, p.words())
	}
	for _, w := range words {
		if !strings.Contains(p.words(), w) {
			p.t.Errorf("%s does not say %q:\n%s", p.path, w, p.words())
		}
	}
}

var spaces = regexp.MustCompile(`\s+`)

// words are what the page says.
func (p opened) words() string {
	var out strings.Builder
	for n := range p.root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			out.WriteString(n.Data)
		}
	}
	return spaces.ReplaceAllString(out.String(), " ")
}

const li, chen, rui = "li@registrant.example", "chen@other.example", "reviewer@registrar.example"

// TestARegistrantGoesTheWholeWayWithoutJavaScript: from sign-in to a profile in review,
// with what goes wrong on the way.
func TestARegistrantGoesTheWholeWayWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	b.get("/profiles").wants(http.StatusOK, "No profiles yet")

	p := b.post("/profiles/new", b.get("/profiles/new").fill(""))
	p.wants(http.StatusOK, "Name and contact", "CNNIC profile, Individual")
	profile := strings.TrimSuffix(p.path, "/edit/contact")

	// What is wrong stands at its field; what was typed stays.
	typed := p.fill("", "name_zh", "李思远", "province_zh", "浙江", "city_zh", "杭州市", "address_zh", "虚构路18号", "postal_code", "310000",
		"phone", "12", "email", li, "go", "next")
	p = b.post(p.path, typed)
	p.wants(http.StatusUnprocessableEntity, "One thing to correct")
	if f := p.field("phone"); f["aria-invalid"] != "true" || f["value"] != "12" || f["aria-describedby"] != "phone-error" {
		t.Errorf("the telephone number is shown as %v", f)
	}
	if f := p.field("address_zh"); f["value"] != "虚构路18号" {
		t.Errorf("the address that was typed became %v", f)
	}
	p = b.post(p.path, p.fill("", "phone", "13800000000", "postal_code", "", "go", "next"))
	p.wants(http.StatusUnprocessableEntity, "What you typed is saved", "postal code")
	if f := p.field("name_en"); f["value"] != "li si yuan" {
		t.Errorf("the English name is %v", f)
	}
	p = b.post(p.path, p.fill("", "name_zh", "王思远", "go", "next"))
	if f := p.field("name_en"); f["value"] != "wang si yuan" {
		t.Errorf("the English name does not follow: %v", f)
	}
	p = b.post(p.path, p.fill("", "name_zh", "李思远", "postal_code", "310000", "go", "email"))
	p.wants(http.StatusOK, "The link is sent", "Link sent")
	confirm(t, s.App, li)
	if p = b.get(profile + "/email"); !strings.Contains(p.text, "Verified") || strings.Contains(p.text, "hx-get") {
		t.Errorf("the state of the address is %s", p.text)
	}
	p = b.get(profile + "/edit/contact")
	p = b.post(p.path, p.fill("", "go", "next"))
	p.wants(http.StatusOK, "Which document?", "Resident ID card", "Preferred")
	p = b.post(p.path, p.fill("", "document_kind", "resident_id"))
	p.wants(http.StatusOK, "Portrait side", "Corner cut off")

	p = b.upload(profile+"/edit/document/upload", "id.jpg", samples.Li[:100_000], "side", "front")
	p.wants(http.StatusUnprocessableEntity, "file_corrupt")
	if strings.Contains(p.words(), "Ask a reviewer") {
		t.Error("a person may be asked about half a picture")
	}
	p = b.upload(profile+"/edit/document/upload", "id.jpg", samples.Li, "side", "front")
	p.wants(http.StatusOK, "The picture is uploaded", "All four corners in view")
	p = b.post(strings.TrimSuffix(p.path, "#front"), p.fill("", "document_number", "990000199003071170", "go", "next"))
	p.wants(http.StatusUnprocessableEntity, "calculated from the others")
	if f := p.field("document_number"); f["value"] != "990000199003071170" {
		t.Errorf("the number that was typed became %v", f)
	}
	p = b.post(p.path, p.fill("", "document_number", "990000199003071171", "go", "next"))
	p.wants(http.StatusOK, "Ready to submit", "990***********1171")
	if strings.Contains(p.text, "990000199003071171") {
		t.Error("the number is shown in clear")
	}
	p = b.post(p.path, p.fill(p.path))
	p.wants(http.StatusOK, "In Review", "Submitted. You do not need to do anything now", "Version 1 submitted")
	b.get("/profiles").wants(http.StatusOK, "Result expected by")
	p = b.get(profile)
	if p := b.get(profile + "/edit/contact"); p.path != profile {
		t.Errorf("a profile in review is edited at %s", p.path)
	}
	p = b.post(profile+"/withdraw", p.fill(profile+"/withdraw"))
	p.wants(http.StatusOK, "The submission is withdrawn", "Version 1 submitted and withdrawn")
	p = b.post(profile+"/delete", b.get(profile+"/delete").fill(profile+"/delete"))
	p.wants(http.StatusOK, "The profile is deleted", "No profiles yet")
}

// confirm finds the mailed link and presses the button of its page.
func confirm(t *testing.T, a *app.App, address string) {
	t.Helper()
	for range 200 {
		for _, m := range a.Sink().Messages() {
			if m.To == address && len(m.Links) > 0 {
				resp, err := http.Post(m.Links[0], "application/x-www-form-urlencoded", nil)
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Fatalf("%v, %v", resp, err)
				}
				_ = resp.Body.Close()
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("no mail to %s", address)
}

// TestAPersonIsAskedAboutARefusedPicture: the picture comes back with the place that it
// is refused for, is kept nowhere, and is taken when a person is asked.
func TestAPersonIsAskedAboutARefusedPicture(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	profile := "/profiles/" + s.profile(t)
	at := profile + "/edit/document/upload"
	p := b.upload(at, "id.jpg", gray(t, samples.Li), "side", "front")
	p.wants(http.StatusUnprocessableEntity, "grayscale", "Ask a reviewer to look")
	if !strings.Contains(p.text, `href="data:image/jpeg;base64,`) {
		t.Error("the refused picture is not shown")
	}
	b.get(profile).wants(http.StatusOK, "No picture yet")
	p = b.upload(at, "id.jpg", gray(t, samples.Li), "side", "front", "ask_person", "true", "note", "The card is like that.")
	p.wants(http.StatusOK, "A reviewer will look at it")
}

// TestASuggestionStaysOneUntilSomebodyTypes: the English form that the page filled in
// follows the Chinese one; what somebody typed is left alone.
func TestASuggestionStaysOneUntilSomebodyTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	p := b.post("/profiles/new", b.get("/profiles/new").fill(""))
	contact := p.path
	field := b.post(contact+"/english?field=name", url.Values{"name_zh": {"单小明"}, "name_en": {""}})
	if f := field.field("name_en"); f["value"] != "shan xiao ming" || !strings.Contains(field.words(), "suggested") {
		t.Errorf("suggested: %v", f)
	}
	// As the page sends it, with the suggestion as it was.
	p = b.post(contact, p.fill("", "name_zh", "单小明", "name_en", "shan xiao ming", "name_en.suggested", "shan xiao ming", "go", "next"))
	p = b.post(contact, p.fill("", "name_zh", "单小红", "go", "next"))
	if f := p.field("name_en"); f["value"] != "shan xiao hong" {
		t.Errorf("the suggestion did not follow: %v", f)
	}
	p = b.post(contact, p.fill("", "name_en", "Shan Xiaohong", "go", "next"))
	field = b.post(contact+"/english?field=name", url.Values{"name_zh": {"单小明"}, "name_en": {"Shan Xiaohong"}})
	if f := field.field("name_en"); f["value"] != "Shan Xiaohong" || strings.Contains(field.words(), "suggested") {
		t.Errorf("what somebody typed became %v", f)
	}
	p = b.post(contact, p.fill("", "name_zh", "单小明", "go", "next"))
	if f := p.field("name_en"); f["value"] != "Shan Xiaohong" {
		t.Errorf("what somebody typed became %v", f)
	}
	if p := b.post(contact+"/english?field=email", url.Values{}); p.status != http.StatusNotFound {
		t.Errorf("the English form of an address: %d", p.status)
	}
}

// TestNobodyWritesOverWhatSomebodyElseSaved: of two who edit at once the later is told,
// keeps what they typed, and may still save it.
func TestNobodyWritesOverWhatSomebodyElseSaved(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	at := "/profiles/" + s.profile(t) + "/edit/contact"
	first, second := b.get(at), b.get(at)
	b.post(at, first.fill("", "city_zh", "宁波市", "go", "leave")).wants(http.StatusOK, "宁波市")
	p := b.post(at, second.fill("", "city_zh", "温州市", "go", "leave"))
	p.wants(http.StatusUnprocessableEntity, "One thing to correct")
	if f := p.field("city_zh"); f["value"] != "温州市" {
		t.Errorf("what was typed became %v", f)
	}
	b.post(at, p.fill("", "go", "leave")).wants(http.StatusOK, "温州市")

	form := b.get(at).fill("", "city_zh", "台州市", "go", "leave")
	for range 2 { // two clicks are nobody else
		b.post(at, form).wants(http.StatusOK, "Saved", "台州市")
	}
	form.Set("city_zh", "嘉兴市")
	b.post(at, form).wants(http.StatusUnprocessableEntity, "This form has already been sent")
}

// TestTwoClicksMakeOneProfile: a form that is sent twice leads to the same place.
func TestTwoClicksMakeOneProfile(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	form := b.get("/profiles/new").fill("")
	first, second := b.post("/profiles/new", form), b.post("/profiles/new", form)
	if first.path != second.path || first.status != http.StatusOK {
		t.Errorf("the first leads to %s, the second to %s", first.path, second.path)
	}
	form.Set("holder_type", "organization")
	b.post("/profiles/new", form).wants(http.StatusUnprocessableEntity, "This form has already been sent")
	id := s.profile(t)
	form = b.get("/profiles").fill("/profiles/" + id + "/copy")
	first, second = b.post("/profiles/"+id+"/copy", form), b.post("/profiles/"+id+"/copy", form)
	if first.path != second.path {
		t.Errorf("the first copy is %s, the second %s", first.path, second.path)
	}
	b.get("/profiles").wants(http.StatusOK, "3 of at most 500")
	form = b.get("/profiles/" + id + "/delete").fill("/profiles/" + id + "/delete")
	for range 2 {
		b.post("/profiles/"+id+"/delete", form).wants(http.StatusOK, "2 of at most 500")
	}
}

// TestALostSessionKeepsWhatWasTyped: after signing in again the form goes on to where it
// was sent.
func TestALostSessionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	id := s.profile(t)
	p := b.get("/profiles/" + id + "/edit/contact")
	typed := p.fill("", "city_zh", "宁波市", "go", "leave")
	at := p.path
	b.post("/sign-out", url.Values{})
	p = b.post(at, typed)
	p.wants(http.StatusUnauthorized, "Your session has ended")
	p = b.post("/sign-in", p.fill("/sign-in", "email", li, "password", "wrong"))
	p.wants(http.StatusUnauthorized, "One thing to correct")
	p = b.post("/preferences", p.fill("/preferences", "lang", "zh"))
	p.wants(http.StatusOK, "已填写的内容不会丢失")
	p = b.post("/sign-in", p.fill("/sign-in", "email", li, "password", "correct-horse-battery"))
	p = b.post("/preferences", p.fill("/preferences", "lang", "en"))
	p.wants(http.StatusOK, "You are signed in again")
	p = b.post(at, p.fill(at))
	p.wants(http.StatusOK, "Saved", "宁波市")

	b.post("/sign-out", url.Values{})
	for _, part := range []string{"/profiles/" + id + "/email", "/profiles/" + id + "/edit/contact/calling-code?country=HK"} { // nothing of it takes the form away
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+part, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("HX-Request", "true")
		if p = b.send(req); p.status != http.StatusNoContent || p.path != part {
			t.Errorf("%s answers %d at %s", part, p.status, p.path)
		}
	}
	if p = b.get("/profiles?state=failed"); p.path != "/sign-in?to=%2Fprofiles%3Fstate%3Dfailed" {
		t.Errorf("who is not signed in is led to %s", p.path)
	}
	p = b.post("/sign-in", p.fill("/sign-in", "email", li, "password", "correct-horse-battery"))
	if p.path != "/profiles?state=failed" {
		t.Errorf("after signing in one is at %s", p.path)
	}
}

// TestTheSessionIsForNoScriptAndNoOtherSite: nor for a connection that others read,
// where people come over TLS.
func TestTheSessionIsForNoScriptAndNoOtherSite(t *testing.T) {
	t.Parallel()
	for public, secure := range map[string]bool{"": false, "https://console.example": true} {
		s := startWith(t, func(c *app.Config) { c.PublicURL = public })
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/sign-in", strings.NewReader(url.Values{"email": {li}, "password": {"correct-horse-battery"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		i := slices.IndexFunc(resp.Cookies(), func(c *http.Cookie) bool { return c.Name == "verinym_session" })
		if i < 0 {
			t.Fatalf("no session: %d %v", resp.StatusCode, resp.Header)
		}
		if c := resp.Cookies()[i]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.MaxAge < 3600 {
			t.Errorf("%q: the session is kept as %+v", public, c)
		}
	}
}

// TestSignInLeadsNowhereElse: an address to come back to is one of ours.
func TestSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, to := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "evil"} {
		b := s.browser(t)
		p := b.get("/sign-in?to=" + url.QueryEscape(to))
		p = b.post("/sign-in", p.fill("/sign-in", "email", li, "password", "correct-horse-battery", "to", to))
		if p.path != "/profiles?kind=common" && p.path != "/profiles" {
			t.Errorf("%s leads to %s", to, p.path)
		}
	}
}

// TestWhoSeesWhichPage: everybody's pages are their own.
func TestWhoSeesWhichPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.profile(t)
	c := client.New(s.URL()).As(s.keys["registrant"])
	d, err := c.UploadDocument(t.Context(), id, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)})
	if err != nil {
		t.Fatal(err)
	}
	own, other, reviewer, nobody := s.signedIn(t, li), s.signedIn(t, chen), s.signedIn(t, rui), s.browser(t)
	nobody.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, x := range []struct {
		path                            string
		own, other, reviewer, strangers int
	}{
		{"/", 200, 200, 200, 303},
		{"/sign-in", 200, 200, 200, 200},
		{"/gallery", 200, 200, 200, 303},
		{"/nothing", 404, 404, 404, 404},
		{"/profiles", 200, 200, 403, 303},
		{"/profiles/new", 200, 200, 200, 303},
		{"/profiles/" + id, 200, 404, 403, 303},
		{"/profiles/" + id + "/email", 200, 404, 403, 303},
		{"/profiles/" + id + "/documents/" + d.ID, 200, 404, 403, 303},
		{"/profiles/" + id + "/delete", 200, 404, 403, 303},
		{"/profiles/" + id + "/edit/holder", 200, 404, 403, 303},
		{"/profiles/" + id + "/edit/contact", 200, 404, 403, 303},
		{"/profiles/" + id + "/edit/document", 200, 404, 403, 303},
		{"/profiles/" + id + "/edit/submit", 200, 404, 403, 303},
	} {
		for who, want := range map[*browser]int{own: x.own, other: x.other, reviewer: x.reviewer, nobody: x.strangers} {
			if p := who.get(x.path); p.status != want {
				t.Errorf("%s: %d, want %d (own, other, reviewer, nobody: %v)", x.path, p.status, want, []int{x.own, x.other, x.reviewer, x.strangers})
			}
		}
	}
	if p := own.get("/profiles/" + s.profile(t) + "/documents/" + d.ID); p.status != http.StatusNotFound {
		t.Errorf("the picture of one profile under another: %d", p.status)
	}
	for _, x := range []struct {
		path                 string
		own, other, reviewer int
	}{
		{"/copy", 303, 404, 403},
		{"/email", 303, 404, 403},
		{"/default", 303, 404, 403},
		{"/edit/holder", 303, 404, 403},
		{"/edit/contact", 303, 404, 403},
		{"/edit/contact/english?field=name", 200, 404, 403},
		{"/edit/document", 303, 404, 403},
		{"/edit/document/remove", 422, 404, 403},
		{"/edit/document/prefill", 422, 404, 403},
		{"/edit/submit", 422, 404, 403},
		{"/withdraw", 409, 404, 403},
		{"/delete", 303, 404, 403},
	} {
		for i, who := range []*browser{other, reviewer, own} {
			who.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			if p, want := who.post("/profiles/"+id+x.path, url.Values{"once": {rand.Text()}}), []int{x.other, x.reviewer, x.own}[i]; p.status != want {
				t.Errorf("POST %s by %s: %d, want %d: %s", x.path, []string{"another", "a reviewer", "its own"}[i], p.status, want, p.words())
			}
		}
	}
}

// TestAFormOfAnotherSiteDoesNothing: cross-origin posts are refused before anything.
func TestAFormOfAnotherSiteDoesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	id := s.profile(t)
	for _, path := range []string{"/profiles/new", "/profiles/" + id + "/delete", "/sign-out", "/preferences"} {
		if p := b.post(path, url.Values{}, "Sec-Fetch-Site", "cross-site"); p.status != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, p.status)
		}
	}
	b.get("/profiles/"+id).wants(http.StatusOK, "李思远")
}

// TestLanguageAndThemeAreKept: switched where one is, and kept.
func TestLanguageAndThemeAreKept(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	p := b.get("/profiles/new")
	p = b.post("/preferences", p.fill("/preferences", "lang", "zh"))
	p.wants(http.StatusOK, "新建信息模板")
	if p.path != "/profiles/new" || !strings.Contains(p.text, `<html lang="zh-CN">`) {
		t.Errorf("the language is switched at %s", p.path)
	}
	p = b.post("/preferences", p.fill("/preferences", "theme", "dark"))
	if !strings.Contains(p.text, `data-theme="dark"`) {
		t.Error("the theme is not kept")
	}
	b.get("/profiles").wants(http.StatusOK, "暂无信息模板")
}

// TestPagesAreStrictAndSmall: nothing inline, nothing from elsewhere, and a first page
// with everything it needs within 50 KB.
func TestPagesAreStrictAndSmall(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.profile(t)
	b := s.signedIn(t, li)
	inline := regexp.MustCompile(`\sstyle=|<style|\son[a-z]+=|<script>|https?://(?:[^w]|w[^w])`)
	for _, path := range []string{"/sign-in", "/gallery", "/profiles", "/profiles/new"} {
		p := b.get(path)
		if found := inline.FindString(strings.ReplaceAll(p.text, "http://www.w3.org", "")); found != "" {
			t.Errorf("%s has %q", path, found)
		}
	}
	size := 0
	load := func(path string) (string, http.Header) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip") // set by hand, it is not unpacked
		resp, err := b.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		size += len(body)
		if resp.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not packed", path)
		}
		return string(body), resp.Header
	}
	_, header := load("/profiles")
	if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; style-src 'self';") {
		t.Errorf("the policy is %s", csp)
	}
	for _, asset := range regexp.MustCompile(`/static/[a-z.]+\.[0-9a-f]{12}\.(?:css|js|svg)`).FindAllString(b.get("/profiles").text, -1) {
		if _, header := load(asset); !strings.Contains(header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept: %v", asset, header)
		}
	}
	if size > 50_000 || size < 20_000 {
		t.Errorf("the first page has %d bytes, want at most 50,000 with its style and scripts", size)
	}
}

// gray is a picture without its colours.
func gray(t *testing.T, picture []byte) []byte {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, out, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
