package console

import (
	"net/http"

	"github.com/verinym/verinym/internal/fault"
)

// confirmation is the page behind a mailed link.
func (c *Console) confirmation() []page {
	return []page{
		{pattern: "GET /email/confirm/{token}", show: c.showLink, open: true},
		{pattern: "POST /email/confirm/{token}", show: c.confirmLink, open: true},
	}
}

// showLink shows what a link is for. Mail scanners come here first: nothing changes.
func (c *Console) showLink(v *visit) error {
	link, err := c.Emails.Look(v.ctx(), v.r.PathValue("token"))
	return v.confirm("ask", link.Address, err)
}

func (c *Console) confirmLink(v *visit) error {
	addr, err := c.Emails.Confirm(v.ctx(), v.r.PathValue("token"))
	return v.confirm("done", addr.Address, err)
}

func (v *visit) confirm(state, address string, err error) error {
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the link is a secret
	if err == nil {
		return v.show(confirmPage(state, address))
	}
	if fault.From(err).Kind == fault.Internal {
		return err
	}
	return v.render(http.StatusNotFound, confirmPage("invalid", ""))
}
