package console

import (
	"net/http"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
)

// holderChange are the pages behind the links that ask about a change of holder, and what
// its task does about them.
func (c *Console) holderChange() []page {
	return []page{
		{pattern: "GET /holder-change/{token}", show: c.showConsent, open: true},
		{pattern: "POST /holder-change/{token}", show: c.answerConsent, open: true},
		{pattern: "POST /associations/{id}/consents/{consent}/mail", show: c.remindConsent},
	}
}

// showConsent shows what a party is asked. Mail scanners come here first: nothing changes.
func (c *Console) showConsent(v *visit) error {
	q, err := c.Domains.LookAtConsent(v.ctx(), v.r.PathValue("token"))
	return v.consent("ask", q, err)
}

func (c *Console) answerConsent(v *visit) error {
	q, err := c.Domains.AnswerConsent(v.ctx(), v.r.PathValue("token"), v.value("answer") == "agree", v.value("agent") != "")
	return v.consent(string(q.State), q, err)
}

func (v *visit) consent(state string, q domain.Question, err error) error {
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the link is a secret
	if err == nil {
		return v.show(consentPage(state, q))
	}
	if fault.From(err).Kind == fault.Internal {
		return err
	}
	return v.render(http.StatusNotFound, consentPage("invalid", q))
}

func (c *Console) remindConsent(v *visit) error {
	if _, err := c.Domains.RemindConsent(v.ctx(), v.actor, v.r.PathValue("consent")); err != nil {
		return err
	}
	return v.done("/associations/"+v.r.PathValue("id"), "done.consent_mailed")
}
