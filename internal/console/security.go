package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
)

// securityPath is the page of how somebody signs in.
const securityPath = "/account/security"

// securityPages are about how somebody signs in, and where they are signed in.
func (c *Console) securityPages() []page {
	return []page{
		{pattern: "GET " + securityPath, show: func(v *visit) error { return c.security(v, nil) }},
		{pattern: "POST /account/password", show: c.changePassword},
		{pattern: "POST /account/sessions/{id}/end", show: c.endSession},
		{pattern: "POST /account/sessions/end-others", show: c.endOtherSessions},
		{pattern: "POST /account/proof", show: c.prove},
	}
}

// securityView is what the page of security shows.
type securityView struct {
	person   account.Person
	sessions []account.Place
	passkeys []account.Passkey
	// able says that there are passkeys here.
	able  bool
	wrong []ui.Wrong
}

func (c *Console) security(v *visit, refused error) error {
	var s securityView
	status, err := v.correctable(&s.wrong, refused)
	if err != nil {
		return err
	}
	if s.person, err = c.Accounts.Person(v.ctx(), v.actor); err != nil {
		return err
	}
	if s.sessions, err = c.Accounts.Sessions(v.ctx(), v.actor); err != nil {
		return err
	}
	if s.passkeys, err = c.Accounts.Passkeys(v.ctx(), v.actor); err != nil {
		return err
	}
	s.able = c.Accounts.HasPasskeys()
	return v.render(status, securityPage(s))
}

func (c *Console) changePassword(v *visit) error {
	if err := c.Accounts.ChangePassword(v.ctx(), v.actor, v.value("current"), v.value("password"), v.origin().Place); err != nil {
		return c.security(v, err)
	}
	return v.done(securityPath, "done.password_changed")
}

func (c *Console) endSession(v *visit) error {
	if err := c.Accounts.EndSession(v.ctx(), v.actor, v.r.PathValue("id")); err != nil && fault.Code(err) != "session_not_found" {
		return err
	}
	return v.done(securityPath, "done.session_ended")
}

func (c *Console) endOtherSessions(v *visit) error {
	if _, err := c.Accounts.EndOtherSessions(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.done(securityPath, "done.sessions_ended")
}

// proof is what the page shows that asks again who somebody is.
type proof struct {
	// To is the form that goes on afterwards, Kept what it holds.
	To    string
	Kept  url.Values
	Wrong []ui.Wrong
	// Outside is the provider of somebody who has no password here.
	Outside string
	// Passkey says that they may have a passkey.
	Passkey bool
}

// askForProof has somebody prove again who they are, before a form of theirs goes on.
func (v *visit) askForProof() error {
	p, err := v.c.Accounts.Person(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	in := proof{To: v.r.URL.RequestURI(), Kept: v.r.PostForm, Passkey: v.c.Accounts.HasPasskeys()}
	if p.PasswordHash == "" { // who comes back from the provider does so to the page of the form
		in.Outside, in.To = v.c.Accounts.OutsideName(), here(v.r)
	}
	return v.render(http.StatusForbidden, proofPage(in))
}

func (c *Console) prove(v *visit) error {
	in := proof{To: cmp.Or(local(v.value("to")), securityPath), Kept: keptOf(v.r.PostForm), Passkey: c.Accounts.HasPasskeys()}
	if err := c.Accounts.Prove(v.ctx(), v.actor, v.value("password"), v.origin().Place); err != nil {
		return v.proofRefused(in, err)
	}
	return v.show(goOnPage("proved", in.To, in.Kept))
}

// along is what goes along from a page that holds what was typed into a form.
func along(to string, kept url.Values) url.Values {
	if len(kept) == 0 {
		return nil
	}
	out := url.Values{"to": {to}}
	for name, values := range kept {
		out[keptField+name] = values
	}
	return out
}

// keptOf are the fields of a form that another one keeps.
func keptOf(form url.Values) url.Values {
	out := url.Values{}
	for name, values := range form {
		if kept, ok := strings.CutPrefix(name, keptField); ok {
			out[kept] = values
		}
	}
	return out
}
