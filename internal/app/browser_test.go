package app_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/verinym/verinym/test/pictures/samples"
)

// TestARegistrantClicksThroughTheConsole walks from sign-in to a profile in review in a
// real browser, in a tab a language: with the script there, so that English forms are
// suggested, pictures go as they are chosen, a refused one stays at hand for a person
// to be asked, and the page notices by itself that the address was confirmed.
func TestARegistrantClicksThroughTheConsole(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; `make tools` installs it on Debian")
	}
	s := start(t)
	good, colourless := picture(t, "good.jpg", samples.Li), picture(t, "gray.jpg", gray(t, samples.Li))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	first, closeFirst := chromedp.NewContext(browser)
	defer closeFirst()
	if err := chromedp.Do(first); err != nil { // starts the browser
		t.Fatal(err)
	}
	second, closeSecond := chromedp.NewContext(first)
	defer closeSecond()
	if err := chromedp.Do(second); err != nil {
		t.Fatal(err)
	}

	en := tab{t, first, s}
	en.do(chromedp.Navigate(s.URL() + "/"))
	en.signIn(li)
	en.click(`a[href="/profiles/new"]`)
	en.click(`button[form="step"]`)
	en.contact(li)
	for _, lang := range []string{"zh", "en"} { // in place: nothing that was typed is lost
		en.click(fmt.Sprintf(`button[name="lang"][value=%q]`, lang))
		en.until(fmt.Sprintf(`document.documentElement.lang.startsWith(%q) && document.querySelector("label[for=email]").innerText === %q`, lang, map[string]string{"zh": "邮箱", "en": "E-mail"}[lang]))
		en.until(fmt.Sprintf(`document.querySelector("#city_zh").value === "杭州市" && document.querySelector("#email").value === %q`, li))
	}
	en.click(`button[value="email"]`)
	en.until(`document.querySelector("#email-state").innerText.includes("Link sent")`)
	confirm(t, s.App, li)
	en.until(`document.querySelector("#email-state").innerText.includes("Verified")`)
	en.click(`button[form="step"][value="next"]`)
	en.click(`button[form="step"]:not([value])`) // the preferred document is chosen already
	en.choose("#file-front", colourless)
	en.until(`document.activeElement.className.includes("errsum") && document.querySelector(".shot image").getAttribute("href").startsWith("data:")`)
	en.click(`input[name="ask_person"] ~ button`) // without choosing the picture again
	en.until(`document.querySelector("#front").innerText.includes("A reviewer will look at it")`)
	en.finish("Identity verification", "In Review")

	zh := tab{t, second, s}
	zh.do(chromedp.Navigate(s.URL() + "/profiles")) // one browser: signed in already
	zh.click(`button[name="lang"][value="zh"]`)
	zh.until(`document.documentElement.lang === "zh-CN"`)
	zh.click(`a[href="/profiles/new"]`)
	zh.click(`button[form="step"]`)
	zh.contact(li)
	zh.click(`button[form="step"][value="next"]`)
	zh.click(`button[form="step"]:not([value])`)
	zh.choose("#file-front", good)
	zh.until(`document.querySelector("#front").innerText.includes("四角完整")`)
	zh.finish("实名认证", "审核中")

	zh.do(chromedp.Navigate(s.URL() + "/account/keys"))
	zh.typeInto("name", "门户")
	zh.click(`form[action="/account/keys"] button`)
	zh.until(`document.querySelector("#secret")?.innerText.includes("vk_")`)
	zh.click(`button[name="lang"][value="en"]`)
	zh.until(`document.documentElement.lang === "en" && document.querySelector("#secret").innerText.includes("vk_")`) // nobody can show it again
}

// TestAPictureWhoseWayIsCutOffIsSentAgain: what is typed is followed, a picture that is too
// large does not set out, and one whose connection broke is sent when there is one again.
func TestAPictureWhoseWayIsCutOffIsSentAgain(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; `make tools` installs it on Debian")
	}
	s := start(t)
	id := s.profile(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	first, closeFirst := chromedp.NewContext(browser)
	defer closeFirst()
	if err := chromedp.Do(first); err != nil {
		t.Fatal(err)
	}
	b := tab{t, first, s}
	b.do(chromedp.Navigate(s.URL() + "/sign-in?to=" + url.QueryEscape("/profiles/"+id+"/edit/contact")))
	b.signIn(li)
	b.until(`document.querySelector("#calling-code")?.innerText.includes("+86")`)
	if _, err := chromedp.Run(first, chromedp.Evaluate[int](`{const s = document.querySelector("[name=country]"); s.value = "HK"; s.dispatchEvent(new Event("change", {bubbles: true}))}; 0`)); err != nil {
		t.Fatal(err)
	}
	b.until(`document.querySelector("#calling-code").innerText.includes("+852")`)

	b.do(chromedp.Navigate(s.URL() + "/profiles/" + id + "/edit/document"))
	b.choose("#file-front", picture(t, "large.jpg", make([]byte, 6<<20)))
	b.until(`!document.querySelector(".dz [data-large]").hidden && document.querySelector("#file-front").files.length === 0`)
	b.typeInto("document_number", "99000019900307") // and not saved: it outlives the picture's coming
	b.offline(true)
	b.choose("#file-front", picture(t, "good.jpg", samples.Li))
	b.until(`document.querySelector(".dz [data-broken]").checkVisibility() && document.activeElement.closest("[data-broken]") !== null`)
	b.offline(false)
	b.until(`document.querySelector("#front").innerText.includes("All four corners in view")`)
	b.until(`document.querySelector("#document_number").value === "99000019900307"`)
}

// offline takes the network away from the tab, or gives it back.
func (b tab) offline(off bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		all := []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}
		if _, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: all}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

func picture(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// patience is how long a step may take on a machine that is busy with other tests.
const patience = time.Minute

// tab is one of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	s   *server
}

func (b tab) do(acts ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, acts...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.seen())
	}
}

// seen is what the page says, for a test that fails.
func (b tab) seen() string {
	words, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	return words
}

func (b tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// until waits for a condition, also over the loading of another page.
func (b tab) until(condition string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if met, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](condition)); err == nil && met {
			return
		}
	}
	b.t.Fatalf("never: %s\n%s", condition, b.seen())
}

func (b tab) typeInto(name, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("[name=%q]", name)), text))
}

func (b tab) choose(selector, file string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

func (b tab) signIn(email string) {
	b.t.Helper()
	b.typeInto("email", email)
	b.typeInto("password", "correct-horse-battery")
	b.click(`button[type="submit"]`)
}

// contact fills in the second step.
func (b tab) contact(email string) {
	b.t.Helper()
	b.typeInto("name_zh", "李思远")
	b.typeInto("province_zh", "浙江")
	b.until(`document.querySelector("[name=name_en]").value === "li si yuan"`)
	for name, text := range map[string]string{"city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000", "phone": "13800000000", "email": email} {
		b.typeInto(name, text)
	}
}

// finish types the number, submits, and reads that the profile is in review.
func (b tab) finish(heading, state string) {
	b.t.Helper()
	b.typeInto("document_number", "990000199003071171")
	b.click(`button[form="step"][value="next"]`)
	b.click(`form[action$="/edit/submit"] button`)
	b.until(fmt.Sprintf(`document.querySelector("h1 + .chip")?.innerText.trim() === %q`, state))
	b.do(chromedp.Navigate(b.s.URL() + "/profiles"))
	b.until(fmt.Sprintf(`document.body.innerText.includes(%q)`, heading))
}
