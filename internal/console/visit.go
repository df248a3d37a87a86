package console

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/static"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/idempotency"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
)

// visit is one request of a page.
type visit struct {
	*ui.Page
	c     *Console
	w     http.ResponseWriter
	r     *http.Request
	actor actor.Actor
	// load is the queue's, for staff.
	load review.Load
	// profiles and names are how those of the account stand, once that was asked.
	profiles profile.Counts
	names    *domain.Counts
}

// ctx is the request's context, with the page for its templates.
func (v *visit) ctx() context.Context { return v.r.Context() }

// serve makes a visit of each request: who comes, in which language, from where.
func (c *Console) serve(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := c.visit(w, r)
		defer func() {
			if x := recover(); x != nil {
				if x == http.ErrAbortHandler {
					panic(x)
				}
				c.log.Error("panic in a page", "path", r.URL.Path, "panic", x, "stack", string(debug.Stack()))
				v.fail(fault.New(fault.Internal, "internal"))
			}
		}()
		if err := v.handle(p); err != nil {
			v.fail(err)
		}
	})
}

// visit reads the preferences of whoever comes, and sets the headers of every page.
func (c *Console) visit(w http.ResponseWriter, r *http.Request) *visit {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	v := &visit{c: c, w: w, Page: &ui.Page{
		Texts: c.texts, Lang: locale.Pick(r.Header.Get("Accept-Language")), Now: c.Store.Now(), Zone: c.Policies.Calendar.Zone(), Here: here(r),
	}}
	switch lang := cookie(r, langCookie); locale.Lang(lang) {
	case locale.EN, locale.ZH:
		v.Lang = locale.Lang(lang)
	}
	if theme := cookie(r, themeCookie); theme == "light" || theme == "dark" {
		v.Theme = theme
	}
	v.NoKeys = cookie(r, keysCookie) == "off"
	v.r = r.WithContext(ui.With(r.Context(), v.Page))
	return v
}

// here is the address of the page that is shown, to come back to: that of the form
// when one was sent.
func here(r *http.Request) string {
	if r.Method != http.MethodPost {
		return r.URL.RequestURI()
	}
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return local(u.RequestURI())
}

func (v *visit) handle(p page) error {
	query, err := url.QueryUnescape(v.r.URL.RawQuery)
	if err != nil || form.NotText(v.r.URL.Path) != nil || form.NotText(query) != nil {
		return fault.New(fault.NotFound, "not_found")
	}
	if err := v.signIn(); err != nil {
		if fault.From(err).Kind != fault.Unauthenticated {
			return err
		}
		if !p.open {
			return v.askToSignIn(p)
		}
	}
	if v.r.Method == http.MethodPost && !p.upload {
		if err := v.readForm(); err != nil {
			return err
		}
	}
	return p.show(v)
}

// readForm reads a form without a picture.
func (v *visit) readForm() error {
	_ = http.NewResponseController(v.w).SetReadDeadline(time.Now().Add(formTime))
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formMax)
	if err := v.r.ParseForm(); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return fault.New(fault.TooLarge, "body_too_large").With("Max", document.HumanBytes(formMax))
		}
		return fault.New(fault.Invalid, "body_invalid").With("Words", "application/x-www-form-urlencoded")
	}
	for name, values := range v.r.PostForm {
		for _, s := range append(values, name) {
			if err := form.NotText(s); err != nil {
				return fault.New(fault.Invalid, "body_invalid").With("Words", err.Error())
			}
		}
	}
	return nil
}

// skip reads what is left of the request, to a certain extent, and throws it away.
func (v *visit) skip() {
	_ = http.NewResponseController(v.w).SetReadDeadline(time.Now().Add(restTime))
	_, _ = io.CopyN(io.Discard, v.r.Body, restMax)
}

// value is what was typed into a field of the form.
func (v *visit) value(name string) string { return v.r.PostForm.Get(name) }

// render shows a page; it is whole before any of it is sent.
func (v *visit) render(status int, page templ.Component) error {
	var out bytes.Buffer
	if err := page.Render(v.ctx(), &out); err != nil {
		return err
	}
	body := out.Bytes()
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if static.Packed(v.r) {
		h.Set("Content-Encoding", "gzip")
		body = static.Pack(body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	v.w.WriteHeader(status)
	if _, err := v.w.Write(body); err != nil {
		v.c.log.Debug("a page was not read to its end", "error", err)
	}
	return nil
}

// jpeg answers with a picture.
func (v *visit) jpeg(picture []byte) error {
	h := v.w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(picture)))
	v.w.WriteHeader(http.StatusOK)
	_, err := v.w.Write(picture)
	return err
}

// show renders a page that is in order.
func (v *visit) show(page templ.Component) error { return v.render(http.StatusOK, page) }

// redirect leads to another page of ours, after a form or to where something is now.
func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// done leads to a page that announces the text id.
func (v *visit) done(to, id string) error {
	v.announce(id)
	return v.redirect(to)
}

// announce has the next page say the text id, which begins with "done.".
func (v *visit) announce(id string) { v.setCookie(doneCookie, id, time.Minute) }

// once carries out what a form asks for, however often the form is sent, and leads to
// where do says, which announces the text id done ("" for none). The form has the
// field of ui.Once.
func (v *visit) once(done string, do func(ctx context.Context) (to string, err error)) error {
	if v.value("once") == "" {
		return fault.New(fault.Invalid, "body_invalid").With("Words", "once")
	}
	var to string
	var failed error
	sent, err := v.sent()
	if err != nil {
		return err
	}
	known, err := idempotency.Once(v.ctx(), v.c.Store, sent, func(ctx context.Context) *idempotency.Answer {
		if to, failed = do(ctx); failed != nil {
			return nil
		}
		return &idempotency.Answer{Status: http.StatusSeeOther, Body: []byte(to)}
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return sentAlready(err)
	case known != nil:
		to = string(known.Body)
	}
	if done != "" {
		v.announce(done)
	}
	return v.redirect(to)
}

// sent tells a form from all others, and from itself with other content.
// Keyed: a form may hold what is guessed from a bare digest of it.
func (v *visit) sent() (idempotency.Request, error) {
	sum, err := v.c.Vault.Hash("idempotency", v.r.URL.RequestURI()+"\n"+v.actor.ID+"\n"+v.r.PostForm.Encode())
	return idempotency.Request{Account: v.actor.Account, Key: "form " + cmp.Or(v.value("once"), token()), Fingerprint: sum}, err
}

// sentAlready is the fault of a form that was sent before with other content, or that is
// being carried out.
func sentAlready(err error) error {
	if fault.From(err).Kind == fault.Internal {
		return err
	}
	return fault.New(fault.Conflict, "form_sent_already")
}

// token is a new value for ui.Once.
func token() string { return rand.Text() }

// fail shows what is wrong: in words, never with its cause. Who has left before the end, in
// the middle of an upload say, reads no page, and nothing is wrong with us.
func (v *visit) fail(err error) {
	if errors.Is(v.ctx().Err(), context.Canceled) {
		v.c.log.Debug("nobody waits for the page any more", "path", v.r.URL.Path, "error", err)
		v.w.WriteHeader(http.StatusBadRequest)
		return
	}
	f := fault.From(err)
	if f.Kind == fault.Internal {
		v.c.log.ErrorContext(v.ctx(), "page failed", "path", v.r.URL.Path, "error", err)
	} else if f.Cause != nil {
		v.c.log.WarnContext(v.ctx(), "page failed", "path", v.r.URL.Path, "code", f.Code, "cause", f.Cause)
	}
	if err := v.render(statusOf[f.Kind], errorPage(f.Kind, v.Text(f.Code, f.Params))); err != nil {
		v.c.log.Error("error page", "error", err)
	}
}

var statusOf = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity, fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Stale: http.StatusConflict,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// wrongs are the faults of a form, each at its field; nil when err is none that can be
// corrected there.
func (v *visit) wrongs(err error) []ui.Wrong {
	f := fault.From(err)
	if f == nil {
		return nil
	}
	switch f.Kind {
	case fault.Internal, fault.Forbidden, fault.NotFound:
		return nil
	}
	details := f.Details
	if len(details) == 0 {
		details = []*fault.Error{f}
	}
	var out []ui.Wrong
	for _, d := range details {
		out = append(out, ui.Wrong{At: d.Field, Text: v.Text(d.Code, d.Params)})
	}
	return out
}

// origin is where the request came from.
func (v *visit) origin() account.Origin {
	host, _, _ := net.SplitHostPort(v.r.RemoteAddr)
	return account.Origin{Place: host, Program: v.r.UserAgent()}
}

// local returns path when it is one of ours, "" otherwise.
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return ""
	}
	return u.RequestURI()
}
