package main

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// consoleClicks measures in a browser what people wait for: from a key or a click to the
// next paint that shows what came of it. On the page that is there it is the browser's
// own figure (Event Timing, in steps of 8 ms); where a click leads to another page, it is
// the time until its content is painted, whether the page is changed in place or loaded.
func (b *bench) consoleClicks(ctx context.Context, p portfolio) error {
	if _, err := exec.LookPath("chromium"); err != nil {
		fmt.Println("console in a browser: left out,", err)
		return nil
	}
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900))...)
	defer closeBrowser()
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	as := func(session string) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "verinym_session", Value: session, URL: p.app.URL()})
			return err
		})
	}
	at := func(path string) string { return p.app.URL() + path }
	click := func(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(selector)) }
	// Whatever else the machine does makes this slower, never quicker: the quietest of
	// several series counts.
	const series, rounds = 3, 7
	for _, x := range []struct {
		what, session string
		once          func() (float64, error)
	}{
		{"typing in the form", p.session, func() (float64, error) {
			return onPage(tab, at("/profiles/"+p.draft+"/edit/contact"), "keydown", chromedp.SendKeys(chromedp.CSS("[name=address_zh]"), "a"))
		}},
		{"the English form after a pause", p.session, func() (float64, error) {
			return following(tab, at("/profiles/"+p.draft+"/edit/contact"), "input", pauseOfTyping, chromedp.SendKeys(chromedp.CSS("[name=address_zh]"), "a"))
		}},
		{"choosing a row", p.session, func() (float64, error) { return onPage(tab, at("/domains"), "click", click(".rowsel")) }},
		{"opening a menu", p.session, func() (float64, error) { return onPage(tab, at("/profiles"), "click", click(".menu summary")) }},
		{"opening a row", p.session, func() (float64, error) { return following(tab, at("/domains"), "click", 0, click(".dt .nm")) }},
		{"a filter", p.session, func() (float64, error) {
			return following(tab, at("/domains"), "click", 0, click(".seg a:nth-child(2)"))
		}},
		{"another order", p.session, func() (float64, error) { return following(tab, at("/domains"), "change", 0, pickOrder) }},
		{"the next page", p.session, func() (float64, error) { return following(tab, at("/domains"), "click", 0, click(".pager a")) }},
		{"turning a document", p.reviewer, func() (float64, error) { return onPage(tab, at("/cases/"+p.held), "keydown", chromedp.KeyEvent("o")) }},
		{"ticking a reason", p.reviewer, func() (float64, error) { return onPage(tab, at("/cases/"+p.held), "keydown", chromedp.KeyEvent("1")) }},
		{"the question before an approval", p.reviewer, func() (float64, error) {
			return following(tab, at("/cases/"+p.held), "keydown", 0, chromedp.KeyEvent("a"))
		}},
		{"the question before a refusal", p.reviewer, func() (float64, error) {
			return following(tab, at("/cases/"+p.held), "keydown", 0, chromedp.KeyEvent("1r"))
		}},
	} {
		if err := chromedp.Do(tab, as(x.session)); err != nil {
			return err
		}
		quietest := math.Inf(1)
		for range series {
			var took []float64
			for range rounds {
				ms, err := x.once()
				if err != nil {
					return fmt.Errorf("%s: %w", x.what, err)
				}
				took = append(took, ms)
			}
			quietest = min(quietest, median(took))
		}
		b.reportTarget(fmt.Sprintf("console: %s to its next paint, median of %d", x.what, rounds), quietest, "ms", 100)
	}
	return nil
}

// onPage does something on a page and returns how long the slowest event of a kind took
// to its next paint; what is quicker than 16 ms is reported by no browser, and is 16.
func onPage(tab context.Context, url, event string, do chromedp.Action[chromedp.Void]) (float64, error) {
	watch := `window.slowest = 16; new PerformanceObserver(l => l.getEntries().forEach(e => { if (e.name === '` + event + `') window.slowest = Math.max(window.slowest, e.duration); })).observe({type: 'event', durationThreshold: 16, buffered: true}); 0`
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		return 0, err
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[int](watch)); err != nil {
		return 0, err
	}
	if err := chromedp.Do(tab, do); err != nil {
		return 0, err
	}
	time.Sleep(150 * time.Millisecond) // an observer hears of it after the paint
	return chromedp.Run(tab, chromedp.Evaluate[float64]("window.slowest"))
}

// pauseOfTyping is how long the form waits for more before it asks for the English form.
const pauseOfTyping = 200 * time.Millisecond

// pickOrder picks an order of the list with the pointer. The list that a browser opens for
// that is no part of the page, and cannot be clicked from here.
var pickOrder = chromedp.Evaluate[chromedp.Void](`(() => {
	const order = document.querySelector('select[name=sort]');
	order.dispatchEvent(new Event('pointerdown', {bubbles: true}));
	order.value = 'expiry';
	order.dispatchEvent(new Event('change', {bubbles: true}));
})()`)

// following does something on a page and returns how long after an event, and a pause that
// is meant, what follows from it is painted: a part that is changed, or the page behind a
// link or a form.
func following(tab context.Context, url, event string, pause time.Duration, do chromedp.Action[chromedp.Void]) (float64, error) {
	const remember = `addEventListener('%s', () => { window.begun = performance.now() + %d; sessionStorage.setItem('begun', String(performance.timeOrigin + begun)); }, true);
		sessionStorage.removeItem('begun');
		document.addEventListener('htmx:afterSwap', e => { if (e.detail.boosted || e.detail.target.matches('[data-follows], dialog')) requestAnimationFrame(() => setTimeout(() => { window.took = performance.now() - begun; })); }); 0`
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		return 0, err
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[int](fmt.Sprintf(remember, event, pause.Milliseconds()))); err != nil {
		return 0, err
	}
	if err := chromedp.Do(tab, do); err != nil {
		return 0, err
	}
	const painted = `(() => { const p = performance.getEntriesByName('first-contentful-paint')[0], b = Number(sessionStorage.getItem('begun')); return window.took ?? (p && b && performance.timeOrigin + p.startTime > b ? performance.timeOrigin + p.startTime - b : 0) })()`
	for range 200 {
		if ms, err := chromedp.Run(tab, chromedp.Evaluate[float64](painted)); err == nil && ms > 0 {
			return ms, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0, fmt.Errorf("nothing follows from %s on %s", event, url)
}
