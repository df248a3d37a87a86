package app_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/test/pictures/samples"
)

// The list of names is put in another order, and taken along as a table.
func TestTheListOfNamesIsSortedAndExported(t *testing.T) {
	t.Parallel()
	s := start(t)
	profile := s.verifiedProfile(t, client.New(s.URL()).As(s.keys["registrant"]), "cnnic")
	s.older(t, "old-li", "李思远", "990000199003071171", profile, "aaa-late.cn", "zzz-soon.cn", "xn--fsqu00a.cn")
	b := s.signedIn(t, li)
	now := time.Now()
	var rows [][]string
	soon(t, "names in the order of their holds", func() (bool, error) {
		// What the registry says of the names meanwhile sets their days again.
		err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for name, days := range map[string]int{"aaa-late.cn": 4, "zzz-soon.cn": 1, "xn--fsqu00a.cn": 2} {
				if _, err := tx.NewRaw("UPDATE domain SET due_at = ? WHERE name = ?", store.Micros(now.AddDate(0, 0, days)), name).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return false, err
		}
		rows, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(b.get("/domains.csv?sort=hold").text, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 4 {
			return false, err
		}
		var names []string
		for _, r := range rows[1:] {
			names = append(names, r[0])
		}
		return strings.Join(names, " ") == "zzz-soon.cn 例子.cn aaa-late.cn" && rows[2][3] == "Successful", nil
	})
	b.get("/domains?sort=hold").wants(http.StatusOK, "3 of 3 names", "Suspension date, soonest")
	b.get("/domains?verification=verified&sort=expiry").wants(http.StatusOK, "No matching name")
	b.get("/domains?sort=hold&after=nonsense").wants(http.StatusUnprocessableEntity)
	if got := strings.Join(rows[2][:4], ", "); got != "例子.cn, xn--fsqu00a.cn, Not Completed, Successful" {
		t.Errorf("a name's row begins with %s", got)
	}
	if got := b.get("/domains.csv?q=zzz").text; strings.Contains(got, "aaa-late") || !strings.Contains(got, "zzz-soon") {
		t.Errorf("the table of a search has\n%s", got)
	}
	if p := s.signedIn(t, chen).get("/domains.csv"); strings.Contains(p.text, "soon.cn") || p.status != http.StatusOK {
		t.Errorf("another account's table (%d) has\n%s", p.status, p.text)
	}
	if p := s.signedIn(t, rui).get("/domains.csv"); p.status != http.StatusForbidden {
		t.Errorf("a reviewer's table: %d", p.status)
	}
	b.get("/domains/zzz-soon.cn/registration").wants(http.StatusOK, "Public registration data", "Name servers", "Not shown or requested")
	if p := s.signedIn(t, chen).get("/domains/zzz-soon.cn/registration"); p.status != http.StatusNotFound {
		t.Errorf("another account's registration data: %d", p.status)
	}
}

// manyNames puts n names into the registrant's account, as if they had been registered.
func (s *server) manyNames(t *testing.T, n int) {
	t.Helper()
	s.set(t, `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
		INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, naming_state, holder_state, sync_state, expires_at, created_at, updated_at, row_version)
		SELECT 'dom_' || n, (SELECT id FROM account WHERE public_id = ?), printf('name-%03d.', n) || iif(n % 10 = 0, 'com', 'cn'), iif(n % 10 = 0, 'com', 'cn'), 'mainland', 'sandbox-cnnic', 'registered', 'verified', 'verified', 'synced', ? + n * ?, 0, 0, 1 FROM number`,
		n, s.accounts["registrant"], store.Micros(time.Now().Add(12*time.Hour)), (24 * time.Hour).Microseconds())
}

// link is where the link leads that ends with a text, "" where there is none.
func (p opened) link(text string) (href string) {
	p.all(func(n *html.Node, attr map[string]string) {
		if n.Data == "a" && n.LastChild != nil && strings.TrimSpace(n.LastChild.Data) == text {
			href = attr["href"]
		}
	})
	return href
}

// A list is turned forth and back, narrowed to a suffix and to what runs out soon.
func TestTheListOfNamesIsTurnedAndNarrowed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.manyNames(t, 60)
	b := s.signedIn(t, li)
	first := b.get("/domains?suffix=")
	second := b.get(first.link("Next page"))
	third := b.get(second.link("Next page"))
	for i, p := range []opened{first, second, third} {
		if want := fmt.Sprintf("name-%03d.cn", 25*i+1); !strings.Contains(p.words(), want) {
			t.Errorf("page %d does not have %s", i+1, want)
		}
		if got := p.link("Previous page") != ""; got != (i > 0) {
			t.Errorf("page %d leads back: %v", i+1, got)
		}
	}
	if got := b.get(third.link("Previous page")); got.path != second.path || !strings.Contains(got.words(), "name-026.cn") || got.link("Previous page") != second.link("Previous page") {
		t.Errorf("back from the third page there is\n%s", got.words())
	}
	if got := third.link("First page"); got != "/domains?suffix=" {
		t.Errorf("the first page is at %s", got)
	}
	if got := b.get("/domains?suffix=com"); !strings.Contains(got.words(), "name-060.com") || strings.Contains(got.words(), ".cn ") {
		t.Errorf("under .com there is\n%s", got.words())
	}
	soonest := b.get("/domains?expiring=true")
	soonest.wants(http.StatusOK, "Expiring", "29", "name-001.cn", "name-025.cn")
	b.get(soonest.link("Next page")).wants(http.StatusOK, "name-029.cn")
	if p := b.get(soonest.link("Next page")); strings.Contains(p.words(), "name-031") {
		t.Error("a name that runs out later is said to do so soon")
	}
	if got := strings.Count(b.get("/domains.csv?expiring=true").text, "name-"); got != 29+29 { // in both scripts
		t.Errorf("the table of what runs out soon has %d names", got)
	}
}

// The audit log is turned forth and back too, within what was searched for.
func TestTheAuditLogIsTurned(t *testing.T) {
	t.Parallel()
	s := start(t)
	err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for n := range 120 {
			if err := audit.Record(ctx, tx, actor.Verinym, "review.claim", fmt.Sprintf("cas_%03d", n), nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.signedIn(t, "operator@registrar.example")
	first := b.get("/audit?action=review.claim")
	first.wants(http.StatusOK, "50 entries on this page", "cas_119", "cas_070")
	second := b.get(first.link("Next page"))
	second.wants(http.StatusOK, "50 entries on this page", "cas_069", "cas_020")
	third := b.get(second.link("Next page"))
	third.wants(http.StatusOK, "20 entries on this page", "cas_019", "cas_000")
	if got := third.link("Next page"); got != "" {
		t.Errorf("the last page leads on to %s", got)
	}
	if back := b.get(third.link("Previous page")); back.path != second.path {
		t.Errorf("back from the third page is %s, not %s", back.path, second.path)
	}
	if got := third.link("First page"); got != "/audit?action=review.claim" {
		t.Errorf("the first page is at %s", got)
	}
}

// TestAListIsTurnedInPlace: in a browser the page that is there is changed, with its address,
// its title and what stands around it; the way back of the browser works, and the language is
// changed where one is.
func TestAListIsTurnedInPlace(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; `make tools` installs it on Debian")
	}
	s := start(t)
	s.manyNames(t, 60)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	window, closeWindow := chromedp.NewContext(browser)
	defer closeWindow()
	if err := chromedp.Do(window); err != nil { // starts the browser
		t.Fatal(err)
	}
	b := tab{t, window, s}
	b.do(chromedp.Navigate(s.URL() + "/sign-in?to=/domains"))
	b.signIn(li)
	b.until(`document.body.innerText.includes("name-001.cn") && document.readyState === "complete" && (window.same = true)`)
	b.click(`.pager a:last-child`)
	b.until(`document.body.innerText.includes("name-026.cn") && !document.body.innerText.includes("name-001.cn") && location.search.includes("after=") && document.activeElement.id === "main" && scrollY === 0`)
	b.click(`.pager a:last-child`)
	b.until(`document.body.innerText.includes("name-051.cn")`)
	b.click(`.dt .nm`)
	b.until(`document.title.startsWith("name-051.cn") && document.querySelector("h1").innerText === "name-051.cn"`)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("setTimeout(() => history.back()); 0"))
		return err
	}))
	b.until(`document.body.innerText.includes("name-051.cn") && document.querySelector(".pager a:last-child")?.innerText === "Previous page"`)
	b.click(`.pager a:last-child`)
	b.until(`document.body.innerText.includes("name-026.cn")`)
	b.click(`button[name="lang"][value="zh"]`)
	b.until(`document.documentElement.lang === "zh-CN" && document.body.innerText.includes("name-026.cn")`)
	b.until(`document.readyState === "complete" && (window.same = true)`)
	b.do(chromedp.SendKeys(chromedp.CSS("[name=q]"), "name-007\n"))
	b.until(`window.same && location.search.includes("name-007") && document.querySelectorAll(".rowsel").length === 1`)
	b.click(`.rowsel`)
	b.until(`!document.querySelector(".bulk").hidden && document.querySelector("[data-bulk-count]").innerText === "1"`)
	s.exec(t, "DELETE FROM session")
	b.click(`.seg a:nth-child(2)`)
	b.until(`location.pathname === "/sign-in" && !document.querySelector("#shell")`)
}

// A task waits for its profile, is paused, goes on, and is cancelled after one more
// question; an act that comes too late says so.
func TestATaskIsPausedResumedAndCancelled(t *testing.T) {
	t.Parallel()
	s := start(t)
	me := client.New(s.URL()).As(s.keys["registrant"])
	profile := s.verifiedProfile(t, me, "cnnic")
	pending := s.inReview(t, me)
	s.older(t, "old-li", "李思远", "990000199003071171", profile, "tea.cn")
	b := s.signedIn(t, li)
	p := b.get("/associations/new?d=tea.cn&profile=" + pending)
	p.wants(http.StatusOK, "In review. The names wait", "Submit 1 name once it is verified")
	p = b.post("/associations/new", p.fill("/associations/new"))
	p.wants(http.StatusOK, "Waiting for the profile", "continues automatically as soon as 李思远 is verified", "1 not sent yet")
	task := p.path
	id := strings.TrimPrefix(task, "/associations/")
	s.set(t, "UPDATE association_task SET state = 'paused' WHERE public_id = ?", id)
	b.get(task).wants(http.StatusOK, "Paused", "no further names are processed until you resume it", "Resume")
	b.get(task+"/cancel").wants(http.StatusOK, "1 name has no result yet", "is completed and counts")
	other := s.signedIn(t, chen)
	for _, act := range []string{"/pause", "/resume", "/cancel"} {
		if got := other.post(task+act, url.Values{}); got.status != http.StatusNotFound {
			t.Errorf("another account's %s: %d", act, got.status)
		}
	}
	b.post(task+"/cancel", b.get(task+"/cancel").fill(task+"/cancel")).wants(http.StatusOK, "The task is cancelled")
	soon(t, "the task to be cancelled", func() (bool, error) {
		return strings.Contains(b.get(task).words(), "1 not processed"), nil
	})
	b.post(task+"/resume", url.Values{}).wants(http.StatusOK, "The task had already changed")
	if got := b.get(task + "/cancel"); got.path != task {
		t.Errorf("a task that has ended asks to be cancelled at %s", got.path)
	}

	p = b.get("/associations/new?d=tea.cn&profile=" + pending)
	p = b.post("/associations/new", p.fill("/associations/new"))
	id = strings.TrimPrefix(p.path, "/associations/")
	s.set(t, "UPDATE association_task SET state = 'running', expanded = total WHERE public_id = ?", id)
	p = b.post(p.path+"/pause", b.get(p.path).fill(p.path+"/pause"))
	p.wants(http.StatusOK, "The task is paused")
	b.post(p.path+"/resume", p.fill(p.path+"/resume")).wants(http.StatusOK, "The task continues")
}

// inReview is a profile of Li Siyuan that waits for the desk; the address is verified.
func (s *server) inReview(t *testing.T, me *client.Client) string {
	t.Helper()
	p, err := me.CreateProfile(t.Context(), client.NewProfile{Accreditation: "mainland", Kind: "cnnic", HolderType: "individual", Fields: client.Fields{
		"name_zh": "李思远", "country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000",
		"email": li, "document_kind": "resident_id", "document_number": "990000199003071171"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := me.UploadDocument(t.Context(), p.ID, client.Picture{Name: "id.jpg", Content: bytes.NewReader(samples.Li)}); err != nil {
		t.Fatal(err)
	}
	if _, err := me.SubmitProfile(t.Context(), p.ID, "desk"); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// set changes a row as it would stand after what the test spares itself.
func (s *server) set(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw(statement, args...).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is too large is refused with 413 and a page that says so, also when all of it comes.
func TestWhatIsTooLargeIsRefusedClearly(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.signedIn(t, li)
	id := s.profile(t)
	p := b.upload("/profiles/"+id+"/edit/document/upload", "id.jpg", append(slices.Clone(samples.Li), make([]byte, 100<<20)...), "side", "front")
	p.wants(http.StatusRequestEntityTooLarge, "One thing to correct", "file_too_large", "Choose a new picture")
	p = b.post("/profiles/"+id+"/edit/contact", url.Values{"name_zh": {strings.Repeat("长", 1<<20)}})
	p.wants(http.StatusRequestEntityTooLarge, "The request body is larger than 1 MB")
}

// A request that is none gets a page too, in both languages, and no line of plain text.
func TestARequestThatNobodyCanReadGetsAPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	for what, x := range map[string]struct {
		sent, status, words string
	}{
		"no request":         {"TEA\r\n\r\n", "400 Bad Request", "The request could not be read"},
		"too many cookies":   {"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 80<<10) + "\r\n\r\n", "431 Request Header Fields Too Large", "Delete the cookies"},
		"an unknown packing": {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: tea\r\n\r\n", "501 Not Implemented", "无法读取请求"},
	} {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if _, err := fmt.Fprint(c, x.sent); err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(c)
		_ = c.Close()
		if !bytes.HasPrefix(answer, []byte("HTTP/1.1 "+x.status)) || !bytes.Contains(answer, []byte("text/html")) || !bytes.Contains(answer, []byte(x.words)) || bytes.Contains(answer, []byte("text/plain")) {
			t.Errorf("%s is answered with\n%s", what, answer)
		}
	}
	b := s.signedIn(t, li)
	b.post("/preferences", url.Values{}, "Sec-Fetch-Site", "cross-site").wants(http.StatusForbidden, "This form was sent from another site")
}
