// Screenshots writes a picture of every page of the console, at three widths, in both
// themes and both languages, and has axe-core look at each: it fails when there is a
// violation, when a page scrolls sideways, when something on it moves by itself while it
// loads, or when the browser reports that one broke its content security policy.
//
// It starts `verinym demo` on a throw-away folder. A new page joins by a line in the
// table of pages.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// page is one to look at. as is the role that looks, "" for nobody; {verified} and
// the like in path stand for the first profile in that state, {contested} for the case
// that the reviewer has in hand, {urgent} for one that nobody has, {late} for one that is
// overdue and {sides} for one with two pictures; {import} for a list of names, {export} and
// {erasure} for what a registrant asks about their data.
type page struct {
	name, as, path string
	// then, if there is something, is done before the picture is taken.
	then []act
}

type act = chromedp.Action[chromedp.Void]

// what is what a page shows after an act that waits for it.
func what(selector string, acts ...act) []act {
	return append(acts, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// mistypeProof sends what the page sends that asks whether it is still the same person, with
// a wrong password: a session of minutes is not asked otherwise.
var mistypeProof = chromedp.Evaluate[chromedp.Void](`(() => {
	const form = document.querySelector('form[action$="/number"]');
	form.insertAdjacentHTML('beforeend', '<input name="to" value="' + form.getAttribute('action') + '"><input name="password" value="wrong-horse">');
	form.action = '/account/proof';
	form.submit();
})()`)

// refused is a file with a picture that screening refuses.
var refused = colourless()

// customers is a file of profiles, of which some would be made.
var customers = kept("customers-*.csv", []byte(`accreditation,kind,holder_type,name_zh,organization_zh,country,province_zh,city_zh,address_zh,postal_code,phone,email,document_kind,document_number,long_term
mainland,common,individual,李思远,,CN,陕西省,西安市,样张区虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
mainland,common,individual,王若溪,,CN,陕西省,西安市,样张区虚构路19号,710000,12,wang@registrant.example,resident_id,990000198711242460,
mainland,cnnic,organization,王若溪,西安样本科技有限公司,CN,陕西省,西安市,样张区虚构路20号,710000,029-87654321,office@registrant.example,uscc_certificate,91990000YYYYN8QY5R,perhaps
mainland,cnnic,individual,赵未名,,CN,陕西省,西安市,样张区,虚构路21号,710000,13900139000,zhao@registrant.example,resident_id,990000197001010018,
mainland,common,individual,李思远,,CN,陕西省,西安市,样张区虚构路18号,710000,13800138000,li@registrant.example,resident_id,990000199003071171,yes
`))

// checkFile sends it.
var checkFile = chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{customers})

var pages = []page{
	{name: "sign-in", as: "", path: "/sign-in"},
	{name: "password-forgotten", path: "/password/forgotten"},
	{name: "password-link-dead", path: "/password/link/none"},
	{name: "security", as: "registrant", path: "/account/security"},
	{name: "security-refused", as: "registrant", path: "/account/security", then: what(".errsum",
		chromedp.SendKeys(chromedp.CSS("#current"), "correct-horse-battery"), chromedp.SendKeys(chromedp.CSS("#password"), "short"), chromedp.Click(chromedp.CSS(`form[action="/account/password"] button`)))},
	{name: "mail-to-you", as: "registrant", path: "/account/mail"},
	{name: "security-staff", as: "operator", path: "/account/security"},
	{name: "not-found", as: "registrant", path: "/nothing-here"},
	{name: "forbidden", as: "registrant", path: "/accounts"},
	{name: "sign-in-lost", path: "/sign-in?to=/profiles/new", then: what(".errsum",
		chromedp.SendKeys(chromedp.CSS("#email"), "li@registrant.example"), chromedp.SendKeys(chromedp.CSS("#password"), "wrong-horse\n"))},
	{name: "email-confirm", path: "{address}"},
	{name: "email-confirm-dead", path: "/email/confirm/none"},
	{name: "consent", path: "{consent}"},
	{name: "consent-dead", path: "/holder-change/none"},
	{name: "gallery", as: "registrant", path: "/gallery"},
	{name: "profiles", as: "registrant", path: "/profiles"},
	{name: "profiles-menu", as: "registrant", path: "/profiles", then: what(".menu[open] .btn", chromedp.Click(chromedp.CSS(".menu summary")))},
	{name: "profiles-found", as: "registrant", path: "/profiles?q=wang"},
	{name: "profile-file", as: "registrant", path: "/profile-imports"},
	{name: "profile-file-checked", as: "registrant", path: "/profile-imports", then: what("#rows", checkFile)},
	{name: "profile-verified", as: "registrant", path: "/profiles/{verified}"},
	{name: "profile-number", as: "registrant", path: "/profiles/{verified}", then: what("p.mono", chromedp.Click(chromedp.CSS(`form[action$="/number"] button`)))},
	{name: "proof-refused", as: "registrant", path: "/profiles/{verified}", then: what(`form[action="/account/proof"]`, mistypeProof)},
	{name: "profile-in-review", as: "registrant", path: "/profiles/{in_review}"},
	{name: "profile-failed", as: "registrant", path: "/profiles/{failed}"},
	{name: "profile-draft", as: "registrant", path: "/profiles/{unverified}"},
	{name: "profile-delete", as: "registrant", path: "/profiles/{verified}/delete"},
	{name: "wizard-new", as: "registrant", path: "/profiles/new"},
	{name: "wizard-holder", as: "registrant", path: "/profiles/{unverified}/edit/holder"},
	{name: "wizard-contact", as: "registrant", path: "/profiles/{unverified}/edit/contact"},
	{name: "wizard-contact-wrong", as: "registrant", path: "/profiles/{unverified}/edit/contact", then: what(".errsum",
		chromedp.SetValue(chromedp.CSS("[name=postal_code]"), "31"), chromedp.Click(chromedp.CSS(`button[form="step"][value="next"]`)))},
	{name: "wizard-contact-verified", as: "registrant", path: "/profiles/{verified}/edit/contact"},
	{name: "wizard-kind", as: "registrant", path: "/profiles/{unverified}/edit/document"},
	{name: "wizard-document", as: "registrant", path: "/profiles/{failed}/edit/document"},
	{name: "wizard-refused", as: "registrant", path: "/profiles/{failed}/edit/document", then: what(".reason",
		chromedp.Click(chromedp.CSS("#front summary")), chromedp.SetUploadFiles(chromedp.CSS("#file-front"), []string{refused}))},
	{name: "wizard-submit", as: "registrant", path: "/profiles/{unverified}/edit/submit"},
	{name: "queue", as: "reviewer", path: "/queue?show=all"},
	{name: "queue-lead", as: "operator", path: "/queue?show=all"},
	{name: "case", as: "reviewer", path: "/cases/{contested}"},
	{name: "case-free", as: "reviewer", path: "/cases/{urgent}"},
	{name: "case-late", as: "reviewer", path: "/cases/{late}"},
	{name: "case-sides", as: "reviewer", path: "/cases/{sides}?side=all"},
	{name: "my-cases", as: "reviewer", path: "/cases"},
	{name: "four-eyes", as: "reviewer", path: "/four-eyes"},
	{name: "decided", as: "reviewer", path: "/decided"},
	{name: "statistics", as: "reviewer", path: "/statistics"},
	{name: "reasons", as: "reviewer", path: "/reasons"},
}

var (
	widths = []int64{360, 1280, 2560}
	themes = []string{"light", "dark"}
	langs  = []string{"en", "zh"}
)

var (
	program = flag.String("verinym", "bin/verinym", "the program")
	axeFile = flag.String("axe", "internal/console/assets/node_modules/axe-core/axe.min.js", "axe-core")
	out     = flag.String("out", "screenshots", "folder for the pictures")
	only    = flag.String("only", "", "look at pages whose name begins with one of these, separated by commas")
	lang    = flag.String("lang", "", "look in this language alone")
	theme   = flag.String("theme", "", "look in this theme alone")
	small   = flag.Bool("quick", false, "one theme and language, no axe: to look at a page while making it")
	at      = flag.String("demo", "", "folder of a demonstration that is running already")
)

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	n, wrong, err := run(ctx)
	for _, w := range wrong {
		fmt.Println(w)
	}
	if err != nil {
		fmt.Println("screenshots:", err)
		os.Exit(1)
	}
	fmt.Printf("screenshots: %d pictures in %s, %d violations and reports\n", n, *out, len(wrong))
	if len(wrong) > 0 {
		os.Exit(1)
	}
}

func run(ctx context.Context) (n int, wrong []string, err error) {
	defer func() { _ = os.Remove(refused) }()
	if *small {
		themes, langs = []string{cmp.Or(*theme, themes[0])}, []string{cmp.Or(*lang, langs[0])}
	}
	if *lang != "" {
		langs = []string{*lang}
	}
	if *theme != "" {
		themes = []string{*theme}
	}
	axe, err := os.ReadFile(*axeFile)
	if err != nil && !*small {
		return 0, nil, fmt.Errorf("%w: `make assets` fetches it", err)
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return 0, nil, err
	}
	d, stop, err := demonstration(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer stop()
	browser, closeBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer closeBrowser()
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	l := &looker{demo: d, axe: string(axe)}
	if err := chromedp.Listen(tab, l.hear); err != nil {
		return 0, nil, err
	}
	if err := chromedp.Do(tab, call(log.Enable, cdp.Empty{}), call(network.Enable, network.EnableParams{})); err != nil {
		return 0, nil, err
	}
	for _, p := range slices.Concat(pages, pagesOfNames, pagesOfOperation) {
		if !slices.ContainsFunc(strings.Split(*only, ","), func(begin string) bool { return strings.HasPrefix(p.name, begin) }) {
			continue
		}
		for _, lang := range langs {
			for _, theme := range themes {
				for _, width := range widths {
					if err := l.look(tab, p, lang, theme, width); err != nil {
						return n, l.wrong, fmt.Errorf("%s: %w", p.name, err)
					}
					n++
				}
			}
		}
	}
	return n, l.wrong, nil
}

// looker looks at pages in one tab.
type looker struct {
	demo demo
	axe  string

	mu      sync.Mutex
	reports []string
	wrong   []string
}

// hear keeps what the browser says of the policy.
func (l *looker) hear(ev any) {
	if e, ok := ev.(*log.EventEntryAdded); ok && strings.Contains(e.Entry.Text, "Content Security Policy") {
		l.mu.Lock()
		l.reports = append(l.reports, e.Entry.Text)
		l.mu.Unlock()
	}
}

func (l *looker) look(tab context.Context, p page, lang, theme string, width int64) error {
	path, err := l.demo.fill(p.path)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s.%s.%s.%d", p.name, lang, theme, width)
	acts := []act{
		call(network.ClearBrowserCookies, cdp.Empty{}),
		l.cookie("verinym_lang", lang), l.cookie("verinym_theme", theme),
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 640}),
		call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: width < 640}),
	}
	if p.as != "" {
		acts = append(acts, l.cookie("verinym_session", l.demo.sessions[p.as]))
	}
	acts = append(acts, chromedp.Navigate(l.demo.url+path))
	if err := chromedp.Do(tab, append(acts, p.then...)...); err != nil {
		return err
	}
	var shifted []string
	if len(p.then) == 0 { // what moves after an act was asked for
		if shifted, err = chromedp.Run(tab, chromedp.Evaluate[[]string](shifts, chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
	}
	// What keeps to the edges of the screen is to stand at those of the page.
	height, err := chromedp.Run(tab, chromedp.Evaluate[int64]("scrollTo(0, 0); Math.max(900, document.documentElement.scrollHeight)"))
	if err != nil {
		return err
	}
	if err := chromedp.Do(tab, call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 640,
	})); err != nil {
		return err
	}
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	var found []violation
	wide, err := chromedp.Run(tab, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
	if err != nil {
		return err
	}
	if !*small {
		if _, err := chromedp.Run(tab, chromedp.Evaluate[int](l.axe+";0")); err != nil {
			return err
		}
		if found, err = chromedp.Run(tab, chromedp.Evaluate[[]violation](axeCall, chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.reports {
		l.wrong = append(l.wrong, name+": "+r)
	}
	l.reports = nil
	for _, moved := range shifted {
		l.wrong = append(l.wrong, name+": moves while it loads: "+moved)
	}
	if wide > width {
		l.wrong = append(l.wrong, fmt.Sprintf("%s: scrolls sideways, %d pixels wide", name, wide))
	}
	for _, v := range found {
		l.wrong = append(l.wrong, fmt.Sprintf("%s: %s (%s): %s", name, v.ID, v.Help, strings.Join(v.Nodes, " | ")))
	}
	return os.WriteFile(filepath.Join(*out, name+".png"), picture, 0o644)
}

// violation is one of axe-core's.
type violation struct {
	ID, Help string
	Nodes    []string
}

// shifts are what has moved on a page by itself, other than after something that a person
// did (Layout Instability).
const shifts = `new Promise(done => {
	const found = [];
	new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput && e.value > 0) found.push(e.value.toFixed(4) + ' ' + e.sources.map(s => s.node?.nodeName + '.' + s.node?.className).join(' ')); })).observe({type: 'layout-shift', buffered: true});
	setTimeout(() => done(found), 50);
})`

const axeCall = `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'], resultTypes: ['violations']})
	.then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + (n.any[0]?.message ?? ''))})))`

func (l *looker) cookie(name, value string) act {
	return call(network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: l.demo.url})
}

// call is a command of the protocol whose answer says nothing.
func call[P, R any](command cdp.Command[P, R], params P) act {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// colourless is a file with a picture that is refused, because it has no colours.
func colourless() string {
	img, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		panic(err) // it is in the program
	}
	gray := image.NewGray(img.Bounds())
	draw.Draw(gray, gray.Rect, img, img.Bounds().Min, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, gray, nil); err != nil {
		panic(err)
	}
	return kept("colourless-*.jpg", b.Bytes())
}

// kept writes a file of a name like pattern, and returns where it is.
func kept(pattern string, content []byte) string {
	f, err := os.CreateTemp("", pattern)
	if err == nil {
		_, err = f.Write(content)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		panic(err)
	}
	return f.Name()
}

// demo is a running demonstration.
type demo struct {
	url      string
	sessions map[string]string // tokens, by role
	ids      map[string]string // of profiles, by state or kind, of cases and of the task
}

// fill puts ids in the place of {state}.
func (d demo) fill(path string) (string, error) {
	before, rest, found := strings.Cut(path, "{")
	if !found {
		return path, nil
	}
	state, after, _ := strings.Cut(rest, "}")
	if d.ids[state] == "" {
		return "", fmt.Errorf("the demonstration has no %s", state)
	}
	return before + d.ids[state] + after, nil
}

// demonstration starts one, or uses the one that is running.
func demonstration(ctx context.Context) (d demo, stop func(), err error) {
	dir, stop := *at, func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "verinym-screenshots"); err != nil {
			return d, nil, err
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return d, nil, err
		}
		addr := l.Addr().String()
		_ = l.Close()
		policies := filepath.Join(dir, "policies")
		if err := writePolicy(policies); err != nil {
			return d, nil, err
		}
		cmd := exec.CommandContext(ctx, *program, "demo", "--addr", addr, "--data", dir, "--policies", policies, "--hold-after", "52h")
		if err := cmd.Start(); err != nil {
			return d, nil, err
		}
		stop = func() {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
			_ = os.RemoveAll(dir)
		}
	}
	if d, err = meet(ctx, dir); err != nil {
		stop()
	}
	return d, stop, err
}

// meet waits for a demonstration to answer, signs everybody in and looks for the
// profiles that pages are about.
func meet(ctx context.Context, dir string) (d demo, err error) {
	var f demoFile
	for {
		b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
		if err == nil && json.Unmarshal(b, &f) == nil {
			break
		}
		select {
		case <-ctx.Done():
			return d, errors.New("the demonstration does not answer")
		case <-time.After(200 * time.Millisecond):
		}
	}
	d = demo{url: strings.TrimSuffix(f.APIURL, "/api/v1"), sessions: map[string]string{}, ids: map[string]string{}}
	c := client.New(d.url)
	for _, a := range f.Accounts {
		if d.sessions[a.Role] != "" {
			continue
		}
		s, err := c.SignIn(ctx, a.Email, a.Password)
		if err != nil {
			return d, err
		}
		d.sessions[a.Role] = s.Token
		if a.Role == "registrant" {
			d.ids["account"] = s.Account
		}
	}
	me := c.As(d.sessions["registrant"])
	all, err := me.Profiles(ctx)
	if err != nil {
		return d, err
	}
	for _, p := range all {
		d.ids[p.State] = cmp.Or(d.ids[p.State], p.ID)
		if p.State == "verified" {
			d.ids[p.Kind] = cmp.Or(d.ids[p.Kind], p.ID)
		}
	}
	for what, path := range map[string]string{"task": "/associations", "order": "/orders"} {
		if d.ids[what], err = d.firstOn(ctx, path); err != nil {
			return d, err
		}
	}
	mails, err := c.As(d.sessions["operator"]).Mails(ctx, client.MailFilter{})
	if err != nil {
		return d, err
	}
	for _, m := range mails {
		d.ids["mail"] = cmp.Or(d.ids["mail"], m.ID)
	}
	asked, err := me.EnhancedVerifications(ctx)
	if err != nil {
		return d, err
	}
	for _, x := range asked {
		d.ids["enhanced"] = x.ID
	}
	if err := d.addScenery(ctx, f, me); err != nil {
		return d, err
	}
	return d, d.desk(ctx, c.As(d.sessions["reviewer"]))
}

// desk takes a case in hand, and finds one that is left alone.
func (d demo) desk(ctx context.Context, reviewer *client.Client) error {
	cases, err := reviewer.Reviews(ctx)
	for _, x := range cases {
		if x.Priority > 0 {
			d.ids["urgent"] = x.ID
		}
		if x.Overdue {
			d.ids["late"] = x.ID
		}
		whole, err := reviewer.Review(ctx, x.ID)
		if err != nil {
			return err
		}
		if whole.Profile != nil && len(whole.Profile.Documents) > 1 {
			d.ids["sides"] = x.ID
		}
		if slices.Contains(x.Flags, "contested") {
			d.ids["contested"] = x.ID
			if _, err := reviewer.ClaimReview(ctx, x.ID); err != nil {
				return err
			}
		}
	}
	return err
}
