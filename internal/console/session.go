package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
)

// What the console keeps in a browser.
const (
	sessionCookie = "verinym_session"
	langCookie    = "verinym_lang"
	themeCookie   = "verinym_theme"
	keysCookie    = "verinym_keys"
	doneCookie    = "verinym_done"
)

const year = 365 * 24 * time.Hour

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie keeps a value in the browser, for no script and no other site; a time of
// 0 takes it away.
func (v *visit) setCookie(name, value string, keep time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: v.c.secure, SameSite: http.SameSiteLaxMode, MaxAge: int(keep.Seconds())}
	if keep <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, c)
}

// signIn finds out who comes, and what the frame of their pages shows.
func (v *visit) signIn() error {
	a, err := v.c.Accounts.Authenticate(v.ctx(), cookie(v.r, sessionCookie))
	if err != nil {
		return err
	}
	p, err := v.c.Accounts.Person(v.ctx(), a)
	if err != nil {
		return err
	}
	v.actor = a
	v.Who = &ui.Who{Name: p.Name, Role: v.T("role." + string(foremost(a)))}
	if v.Nav, err = v.nav(); err != nil {
		return err
	}
	if id := cookie(v.r, doneCookie); id != "" && v.r.Method == http.MethodGet {
		v.setCookie(doneCookie, "", 0)
		if strings.HasPrefix(id, "done.") && v.Texts.Has(id) {
			v.Done = v.T(id)
		}
	}
	return nil
}

// foremost is the role that a person's pages begin with.
func foremost(a actor.Actor) actor.Role {
	for _, r := range []actor.Role{actor.Registrant, actor.Lead, actor.Reviewer, actor.Operator, actor.Admin} {
		if a.Has(r) {
			return r
		}
	}
	return ""
}

// askToSignIn leads whoever is not, or not any more, signed in to the sign-in page,
// and back afterwards. What was typed into a form goes along.
func (v *visit) askToSignIn(p page) error {
	if p.aside && v.r.Header.Get("HX-Request") != "" {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if v.r.Header.Get("HX-Request") != "" { // a part of a page: the page itself has to go there
		here := v.r.URL.RequestURI()
		if u, err := url.Parse(v.r.Header.Get("HX-Current-URL")); err == nil && local(u.RequestURI()) != "" {
			here = u.RequestURI()
		}
		v.w.Header().Set("HX-Redirect", "/sign-in?to="+url.QueryEscape(here))
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	to := v.r.URL.RequestURI()
	if v.r.Method == http.MethodPost && !p.upload {
		if err := v.readForm(); err != nil {
			return err
		}
		in := v.c.signInTo(to)
		in.Kept, in.Ended = v.r.PostForm, true
		return v.render(http.StatusUnauthorized, signInPage(in))
	}
	if p.upload { // a picture cannot be kept; its page can
		if i := strings.LastIndexByte(v.r.URL.Path, '/'); i > 0 {
			to = v.r.URL.Path[:i]
		}
	}
	if to == "/" {
		return v.redirect("/sign-in")
	}
	return v.redirect("/sign-in?to=" + url.QueryEscape(to))
}

// signIn is what the sign-in page shows.
type signIn struct {
	Email string
	// To is where to go on; Kept what was typed into a form there.
	To   string
	Kept url.Values
	// Ended says that somebody was signed in before.
	Ended bool
	// Outside is the provider at which one may sign in too, "" for none.
	Outside string
	// Passkey says that one may sign in with a passkey.
	Passkey bool
	Wrong   []ui.Wrong
}

// keptField is before the names of the fields that are kept over a sign-in.
const keptField = "kept."

// entrance are the pages through which one comes in.
func (c *Console) entrance() []page {
	return []page{
		{pattern: "GET /{$}", show: c.start, open: true},
		{pattern: "GET /sign-in", show: c.askSignIn, open: true},
		{pattern: "POST /sign-in", show: c.signIn, open: true},
		{pattern: "POST /sign-out", show: c.signOut, open: true},
		{pattern: "POST /preferences", show: c.prefer, open: true},
		{pattern: "GET /gallery", show: func(v *visit) error { return v.show(galleryPage()) }},
		{pattern: "/", show: func(*visit) error { return fault.New(fault.NotFound, "not_found") }, open: true},
	}
}

// start leads to where somebody's work is.
func (c *Console) start(v *visit) error {
	switch {
	case v.Who == nil:
		return v.redirect("/sign-in")
	case len(v.Nav) == 0:
		return v.show(nothingYetPage())
	}
	return v.redirect(v.Nav[0].Links[0].Path)
}

func (c *Console) askSignIn(v *visit) error {
	to := local(v.r.URL.Query().Get("to"))
	if v.Who != nil {
		return v.redirect(cmp.Or(to, "/"))
	}
	in := c.signInTo(to)
	in.Ended = to != "" && cookie(v.r, sessionCookie) != ""
	return v.show(signInPage(in))
}

func (c *Console) signIn(v *visit) error {
	in := c.signInTo(local(v.value("to")))
	in.Email, in.Kept = v.value("email"), keptOf(v.r.PostForm)
	s, err := c.Accounts.SignIn(v.ctx(), in.Email, v.value("password"), v.origin())
	if err != nil {
		if in.Wrong = v.wrongs(err); in.Wrong == nil {
			return err
		}
		for i := range in.Wrong {
			in.Wrong[i].At = "email"
		}
		return v.render(statusOf[fault.From(err).Kind], signInPage(in))
	}
	return c.goOn(v, in, s)
}

func (c *Console) signOut(v *visit) error {
	if err := c.Accounts.SignOut(v.ctx(), cookie(v.r, sessionCookie)); err != nil {
		return err
	}
	v.setCookie(sessionCookie, "", 0)
	return v.redirect("/sign-in")
}

// prefer keeps a language, a theme or whether single letters press anything, and goes back to where it was chosen. A page that
// holds what was typed into a form before is shown again with it.
func (c *Console) prefer(v *visit) error {
	if lang := v.value("lang"); slices.Contains([]string{"en", "zh"}, lang) {
		v.setCookie(langCookie, lang, year)
		v.Lang = locale.Lang(lang)
	}
	if theme := v.value("theme"); slices.Contains([]string{"light", "dark"}, theme) {
		v.setCookie(themeCookie, theme, year)
		v.Theme = theme
	}
	if keys := v.value("keys"); slices.Contains([]string{"on", "off"}, keys) {
		v.setCookie(keysCookie, keys, year)
	}
	if kept := keptOf(v.r.PostForm); len(kept) > 0 {
		in := c.signInTo(local(v.value("to")))
		if v.Who != nil {
			return v.show(goOnPage("go_on", in.To, kept))
		}
		in.Kept, in.Ended = kept, true
		return v.show(signInPage(in))
	}
	return v.redirect(cmp.Or(local(v.value("here")), "/"))
}
