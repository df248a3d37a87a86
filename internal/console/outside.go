package console

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/openid"
)

// BackPath is where a provider sends people back to.
const BackPath = "/sign-in/provider/back"

// outsidePages sign people in at a provider of the registrar's.
func (c *Console) outsidePages() []page {
	return []page{
		{pattern: "GET /sign-in/provider", show: c.beginOutside, open: true},
		{pattern: "GET " + BackPath, show: c.backFromOutside, open: true},
	}
}

// flowCookie keeps a sign-in at the provider in the browser that began it, and in no other.
const flowCookie = "verinym_flow"

// flow is what it keeps: the provider's part, and where to go on.
type flow struct {
	openid.Flow
	To string `json:"to"`
}

// outsidePath leads to the provider, and to one of our pages afterwards.
func outsidePath(to string, again bool) string {
	q := url.Values{}
	if to != "" {
		q.Set("to", to)
	}
	if again {
		q.Set("again", "1")
	}
	return (&url.URL{Path: "/sign-in/provider", RawQuery: q.Encode()}).String()
}

func (c *Console) beginOutside(v *visit) error {
	q := v.r.URL.Query()
	f, to, err := c.Accounts.BeginOutside(v.ctx(), q.Has("again"))
	if err != nil {
		return c.outsideFailed(v, err)
	}
	kept, err := json.Marshal(flow{f, local(q.Get("to"))})
	if err != nil {
		return err
	}
	v.setCookie(flowCookie, base64.RawURLEncoding.EncodeToString(kept), time.Until(f.Until))
	return v.redirect(to)
}

func (c *Console) backFromOutside(v *visit) error {
	var f flow // nothing, when the cookie is none of ours: refused as such
	if kept, err := base64.RawURLEncoding.DecodeString(cookie(v.r, flowCookie)); err == nil {
		_ = json.Unmarshal(kept, &f)
	}
	v.setCookie(flowCookie, "", 0)
	s, err := c.Accounts.SignInOutside(v.ctx(), f.Flow, v.r.URL.Query(), v.origin())
	if err != nil {
		return c.outsideFailed(v, err)
	}
	if before := cookie(v.r, sessionCookie); before != "" { // they have proved who they are again
		if err := c.Accounts.SignOut(v.ctx(), before); err != nil {
			return err
		}
	}
	v.setCookie(sessionCookie, s.Token, s.ExpiresAt.Sub(v.Now))
	return v.redirect(cmp.Or(local(f.To), "/"))
}

// outsideFailed says on the sign-in page why nobody is signed in.
func (c *Console) outsideFailed(v *visit, err error) error {
	f := fault.From(err)
	if f.Kind == fault.Internal || f.Kind == fault.NotFound {
		return err
	}
	if f.Cause != nil {
		c.log.WarnContext(v.ctx(), "sign-in at the provider", "code", f.Code, "cause", f.Cause)
	}
	in := c.signInTo("")
	in.Wrong = []ui.Wrong{{Text: v.Text(f.Code, f.Params)}}
	return v.render(statusOf[f.Kind], signInPage(in))
}
