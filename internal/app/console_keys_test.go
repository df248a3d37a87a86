package app_test

import (
	"context"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/verinym/verinym/client"
)

// keyboard is a window of a real browser of which only keys are used, which it counts.
type keyboard struct {
	context.Context
	t       *testing.T
	presses int
}

// chromium opens a window in which somebody is signed in.
func (s *server) chromium(t *testing.T, email string) *keyboard {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no Chromium here; make tools installs it")
	}
	session, err := client.New(s.URL()).SignIn(t.Context(), email, "correct-horse-battery")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(closeBrowser)
	window, closeWindow := chromedp.NewContext(browser)
	t.Cleanup(closeWindow)
	b := &keyboard{window, t, 0}
	b.do(chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		_, err := cdp.Call(ctx, to, network.SetCookie, network.SetCookieParams{Name: "verinym_session", Value: session.Token, URL: s.URL()})
		return err
	}))
	return b
}

func (b *keyboard) do(acts ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, acts...); err != nil {
		b.t.Fatal(err)
	}
}

// press presses keys, one by one, and counts them.
func (b *keyboard) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
		b.presses++
	}
}

// sees waits until an element that a script finds is there.
func (b *keyboard) sees(what, script string) {
	b.t.Helper()
	for range 200 {
		if ok, err := chromedp.Run(b, chromedp.Evaluate[bool]("!!("+script+")")); err == nil && ok {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	at, _ := chromedp.Run(b, chromedp.Evaluate[string]("location.href + ' ' + document.body.innerText.slice(0, 900)"))
	b.t.Fatalf("%s is not seen at %s", what, at)
}

const enter, escape = "\r", "\x1b"

// TestACaseIsDecidedByKeyboard: a clear case takes three presses from the queue to its
// approval, a refusal four; eight are allowed.
func TestACaseIsDecidedByKeyboard(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	b := s.chromium(t, rui)
	for _, x := range []struct {
		name  string
		keys  []string
		state string
	}{
		{"approved", []string{"a"}, "verified"},
		{"refused", []string{"1", "r"}, "failed"},
	} {
		profile := s.atDesk(t, me, li)
		b.do(chromedp.Navigate(s.URL() + "/queue"))
		b.sees("the queue", `document.querySelector('[data-key=n]') && document.querySelector('.dt')`)
		b.presses = 0
		b.press("n")
		b.sees("the picture", `location.pathname.startsWith('/cases/') && document.querySelector('[data-tools]:not([hidden])') && performance.getEntriesByType('resource').some(r => r.name.includes('/documents/') && r.responseEnd > 0)`)
		b.press(x.keys...)
		b.sees("the question", `document.activeElement.matches('[data-confirm]')`)
		b.press(enter)
		b.sees("the queue again", `location.pathname === '/queue' && document.querySelector('.note.ok')`)
		if b.presses > 8 {
			t.Errorf("%s: %d presses", x.name, b.presses)
		}
		if got, err := me.Profile(t.Context(), profile.ID); err != nil || got.State != x.state {
			t.Errorf("%s: the profile is %s, %v", x.name, got.State, err)
		}
	}
}

// TestTheQuestionStandsBesideTheDocuments: whoever is asked once more still sees what the
// decision is about; whoever goes back finds everything as it was, and whoever is not signed
// in any more loses nothing of it.
func TestTheQuestionStandsBesideTheDocuments(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	s.atDesk(t, me, li)
	b := s.chromium(t, rui)
	b.do(chromedp.Navigate(s.URL() + "/queue"))
	b.sees("the queue", `document.querySelector('[data-key=n]') && document.querySelector('.dt')`)
	b.press("n")
	b.sees("the tools", `document.readyState === 'complete' && document.querySelector('[data-tools]:not([hidden])')`)
	b.do(chromedp.SendKeys(chromedp.CSS("#case-staff_note"), "seen twice"), chromedp.Evaluate[chromedp.Void]("document.activeElement.blur()"))
	b.press("r")
	b.sees("that a reason is missing", `document.readyState === 'complete' && document.querySelector('#reasons-error') && document.querySelector('#case-staff_note').value === 'seen twice'`)
	b.press("1", "r")
	b.sees("what the registrant will read", `document.activeElement.matches('dialog[open] [data-confirm]') && document.querySelector('dialog[open] [lang="zh-CN"]')`)
	b.press("a", "2", "n") // nothing behind the question
	b.sees("the same question", `document.querySelectorAll('dialog[open] [data-confirm]').length === 1 && document.querySelector('dialog[open] input[name=do]').value === 'fail'`)
	b.press(escape)
	b.sees("the page alone", `!document.querySelector('dialog[open]') && document.activeElement.value === 'fail'`)
	b.press("r")
	b.sees("the question again", `document.querySelector('dialog[open] [data-confirm]')`)
	b.do(chromedp.Click(chromedp.CSS("dialog [data-key=escape]")))
	b.sees("all as it was", `!document.querySelector('dialog[open]') && document.querySelector('#case-staff_note').value === 'seen twice' && document.querySelectorAll('#decide [name=reason]:checked').length === 1`)
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
	b.press("a")
	b.sees("to sign in again, with what was typed", `document.querySelector('[name=password]') && [...document.querySelectorAll('input[type=hidden]')].some(x => x.value === 'seen twice')`)
}

// TestSingleLettersPressNothingInAField: nor when they are turned off; the picture's tools
// do what they say.
func TestSingleLettersPressNothingInAField(t *testing.T) {
	t.Parallel()
	s, me := deskOf(t)
	profile := s.atDesk(t, me, li)
	reviewer := client.New(s.URL())
	session, err := reviewer.SignIn(t.Context(), rui, "correct-horse-battery")
	if err == nil {
		_, err = reviewer.As(session.Token).ClaimReview(t.Context(), profile.Review.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := s.chromium(t, rui)
	at := s.URL() + "/cases/" + profile.Review.ID
	b.do(chromedp.Navigate(at))
	b.sees("the tools", `document.querySelector('[data-tools]:not([hidden])')`)
	b.press("m", "a", "r", "e")
	b.sees("what was typed", `document.querySelector('#case-staff_note').value.endsWith('are')`)
	b.do(chromedp.Navigate(at))
	b.sees("the tools", `document.querySelector('[data-tools]:not([hidden])')`)
	b.press("+", "o", "b", "c")
	b.sees("the picture turned, enlarged, brighter and bare", `(() => {
		const svg = document.querySelector('[data-sheet]'), [, , w] = svg.getAttribute('viewBox').split(' ').map(Number);
		return w < 1000 && svg.querySelector('[data-turn]').getAttribute('transform').includes('rotate(90)')
			&& svg.querySelector('image').hasAttribute('filter') && svg.querySelector('[data-marks]').getAttribute('visibility') === 'hidden';
	})()`)
	b.press("/")
	b.sees("the reasons found", `(() => {
		const field = document.activeElement;
		field.value = 'forged';
		field.dispatchEvent(new Event('input'));
		return field.matches('[data-find]') && [...document.querySelectorAll('details [data-found]')].filter(r => !r.hidden).length === 1;
	})()`)

	off := s.signedIn(t, rui)
	if p := off.post("/preferences", off.get("/queue").fill("/preferences", "keys", "off")); p.status != http.StatusOK {
		t.Fatal(p.status)
	}
	off.get("/queue").wants(http.StatusOK, "Turn single-letter shortcuts on")
	b.do(chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		_, err := cdp.Call(ctx, to, network.SetCookie, network.SetCookieParams{Name: "verinym_keys", Value: "off", URL: s.URL()})
		return err
	}), chromedp.Navigate(at))
	b.sees("the tools", `document.querySelector('[data-tools]:not([hidden])')`)
	b.press("a")
	time.Sleep(300 * time.Millisecond)
	b.sees("the case, undecided", `location.href === '`+at+`'`)
}
