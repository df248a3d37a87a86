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
	cookie := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "verinym_session", Value: p.session, URL: p.app.URL()})
		return err
	})
	if err := chromedp.Do(tab, cookie); err != nil {
		return err
	}
	at := func(path string) string { return p.app.URL() + path }
	// Whatever else the machine does makes this slower, never quicker: the quietest of
	// several series counts.
	const series, rounds = 3, 7
	for _, x := range []struct {
		what string
		once func() (float64, error)
	}{
		{"typing in the form", func() (float64, error) {
			return onPage(tab, at("/profiles/"+p.draft+"/edit/contact"), "keydown", chromedp.SendKeys(chromedp.CSS("[name=address_zh]"), "a"))
		}},
		{"choosing a row", func() (float64, error) {
			return onPage(tab, at("/domains"), "click", chromedp.Click(chromedp.CSS(".rowsel")))
		}},
		{"opening a menu", func() (float64, error) {
			return onPage(tab, at("/profiles"), "click", chromedp.Click(chromedp.CSS(".menu summary")))
		}},
		{"opening a row", func() (float64, error) {
			return toPage(tab, at("/domains"), ".dt .nm")
		}},
		{"a filter", func() (float64, error) { return toPage(tab, at("/domains"), ".seg a:nth-child(2)") }},
		{"the next page", func() (float64, error) { return toPage(tab, at("/domains"), ".pager a") }},
	} {
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

// toPage clicks a link and returns how long it takes until the page behind it is painted.
func toPage(tab context.Context, url, link string) (float64, error) {
	const remember = `addEventListener('click', () => { window.clicked = performance.now(); sessionStorage.setItem('clicked', String(performance.timeOrigin + clicked)); }, true);
		document.addEventListener('htmx:afterSwap', e => { if (e.detail.boosted) requestAnimationFrame(() => setTimeout(() => { window.took = performance.now() - clicked; })); }); 0`
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		return 0, err
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[int](remember)); err != nil {
		return 0, err
	}
	if err := chromedp.Do(tab, chromedp.Click(chromedp.CSS(link))); err != nil {
		return 0, err
	}
	const painted = `(() => { const p = performance.getEntriesByName('first-contentful-paint')[0], c = Number(sessionStorage.getItem('clicked')); return window.took ?? (location.href !== ` + "`%s`" + ` && p && c ? performance.timeOrigin + p.startTime - c : 0) })()`
	for range 200 {
		if ms, err := chromedp.Run(tab, chromedp.Evaluate[float64](fmt.Sprintf(painted, url))); err == nil && ms > 0 {
			return ms, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0, fmt.Errorf("%s leads nowhere from %s", link, url)
}
