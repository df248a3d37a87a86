package console

import (
	"embed"
	"log/slog"
	"net/http"

	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
)

//go:embed static
var static embed.FS

// Console serves the pages.
type Console struct {
	emails *emailcheck.Checks
	texts  *locale.Texts
	log    *slog.Logger
}

// Register puts the pages onto mux.
func Register(mux *http.ServeMux, emails *emailcheck.Checks, texts *locale.Texts, log *slog.Logger) {
	c := &Console{emails: emails, texts: texts, log: log}
	mux.Handle("GET /static/", http.FileServerFS(static))
	mux.Handle("GET /email/confirm/{token}", page(c.showLink))
	// A form on another site must not confirm anything in somebody's name.
	mux.Handle("POST /email/confirm/{token}", http.NewCrossOriginProtection().Handler(page(c.confirmLink)))
}

// page sets the headers that every page has.
func page(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer") // the link is a secret
		w.Header().Set("Cache-Control", "no-store")
		h(w, r)
	})
}

// showLink shows what a link is for. Mail scanners come here first: nothing changes.
func (c *Console) showLink(w http.ResponseWriter, r *http.Request) {
	link, err := c.emails.Look(r.Context(), r.PathValue("token"))
	c.confirm(w, r, "ask", link.Address, err)
}

func (c *Console) confirmLink(w http.ResponseWriter, r *http.Request) {
	addr, err := c.emails.Confirm(r.Context(), r.PathValue("token"))
	c.confirm(w, r, "done", addr.Address, err)
}

func (c *Console) confirm(w http.ResponseWriter, r *http.Request, state, address string, err error) {
	v := confirmView{state: state, params: map[string]string{"Address": address}, langs: []locale.Lang{locale.EN, locale.ZH}, texts: c.texts}
	if locale.Pick(r.Header.Get("Accept-Language")) == locale.ZH {
		v.langs = []locale.Lang{locale.ZH, locale.EN}
	}
	if err != nil {
		f := fault.From(err)
		if f.Kind == fault.Internal {
			c.log.Error("confirm e-mail", "error", err)
			http.Error(w, c.texts.Text(v.langs[0], "internal", nil), http.StatusInternalServerError)
			return
		}
		v.state = "invalid"
		w.WriteHeader(http.StatusNotFound)
	}
	if err := confirmPage(v).Render(r.Context(), w); err != nil {
		c.log.Error("confirm page", "error", err)
	}
}
