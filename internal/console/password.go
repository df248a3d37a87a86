package console

import (
	"net/http"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
)

// forgottenPages lead somebody who has forgotten their password to a new one.
func (c *Console) forgottenPages() []page {
	return []page{
		{pattern: "GET /password/forgotten", show: func(v *visit) error { return v.show(forgottenPage("", nil)) }, open: true},
		{pattern: "POST /password/forgotten", show: c.forget, open: true},
		{pattern: "GET /password/link/{token}", show: func(v *visit) error { return c.newPassword(v, nil) }, open: true},
		{pattern: "POST /password/link/{token}", show: c.resetPassword, open: true},
	}
}

// forget has a link mailed. The page says the same whether somebody signs in with the
// address or not.
func (c *Console) forget(v *visit) error {
	email := v.value("email")
	err := c.Accounts.ForgetPassword(v.ctx(), email, v.origin().Place)
	if err == nil {
		return v.show(linkMailedPage(email))
	}
	var wrong []ui.Wrong
	status, err := v.correctable(&wrong, err)
	if err != nil {
		return err
	}
	return v.render(status, forgottenPage(email, wrong))
}

// newPassword shows the page behind a mailed link. Mail scanners come here first: nothing
// changes.
func (c *Console) newPassword(v *visit, refused error) error {
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the link is a secret
	email, err := c.Accounts.LookAtPasswordLink(v.ctx(), v.r.PathValue("token"))
	if fault.Code(err) == "password_link_invalid" {
		return v.render(http.StatusNotFound, deadLinkPage())
	}
	if err != nil {
		return err
	}
	var wrong []ui.Wrong
	status, err := v.correctable(&wrong, refused)
	if err != nil {
		return err
	}
	return v.render(status, newPasswordPage(email, wrong))
}

func (c *Console) resetPassword(v *visit) error {
	if err := c.Accounts.ResetPassword(v.ctx(), v.r.PathValue("token"), v.value("password"), v.origin().Place); err != nil {
		return c.newPassword(v, err)
	}
	v.setCookie(sessionCookie, "", 0) // it has ended, if it was theirs
	return v.show(passwordChosenPage())
}
