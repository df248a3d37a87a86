package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/notify"
)

// mailPages are those of what goes out by mail, and what comes back.
func (c *Console) mailPages() []page {
	return []page{
		{pattern: "GET /mails", show: c.mails},
		{pattern: "GET /mails/settings", show: func(v *visit) error { return c.showMailServer(v, "", nil) }},
		{pattern: "POST /mails/test", show: c.testMail},
		{pattern: "GET /mails/{id}", show: c.mail},
		{pattern: "POST /mails/{id}/resend", show: c.resendMail},
	}
}

// mailsOnPage is how many mails a page of the record has.
const mailsOnPage = 50

// mailList is what the record of mails shows.
type mailList struct {
	rows     []notify.Mail
	subjects map[string]string
	counts   notify.MailCounts
	filter   notify.MailFilter
	show     string
	pages    ui.Pages
	// perDay is how many links one recipient is mailed in a day.
	perDay int
}

// mailShows are what the list can be narrowed to: the states, and what came back.
var mailShows = []notify.Progress{notify.Failed, notify.Waiting, notify.InDoubt, notify.Sent}

func (c *Console) mails(v *visit) (err error) {
	q := v.r.URL.Query()
	l := mailList{
		show: q.Get("show"), perDay: c.Policies.Limits.Email.RecipientPerDay.Max,
		filter: notify.MailFilter{Address: strings.TrimSpace(q.Get("address"))},
	}
	switch {
	case l.show == "returned":
		l.filter.Returned = true
	case slices.Contains(mailShows, notify.Progress(l.show)):
		l.filter.State = notify.Progress(l.show)
	}
	if l.counts, err = c.Post.Count(v.ctx(), v.actor); err != nil {
		return err
	}
	var next string
	if l.rows, next, err = c.Post.Outgoing(v.ctx(), v.actor, l.filter, q.Get("after"), mailsOnPage); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	l.subjects = map[string]string{}
	for _, m := range l.rows {
		l.subjects[m.PublicID] = c.Post.Subject(m, v.Lang)
	}
	return v.show(mailsPage(l))
}

// mailView is what the page of one mail shows.
type mailView struct {
	notify.Mail
	subject string
	reports []emailcheck.Bounce
}

// again reports whether the mail can be sent again.
func (x mailView) again() bool {
	return x.Kind != notify.KindLink && (x.State == notify.Failed || x.State == notify.InDoubt || !x.ReturnedAt.IsZero())
}

func (c *Console) mail(v *visit) error {
	m, reports, err := c.Post.FindMail(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.show(mailPage(mailView{m, c.Post.Subject(m, v.Lang), reports}))
}

func (c *Console) resendMail(v *visit) error {
	m, err := c.Post.Resend(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.done("/mails/"+m.PublicID, "done.mail_resent")
}

// mailServer is what the page of mail settings shows.
type mailServer struct {
	notify.MailServer
	typed string
	wrong []ui.Wrong
}

func (c *Console) showMailServer(v *visit, typed string, refused error) error {
	s, err := c.Post.Server(v.actor)
	if err != nil {
		return err
	}
	x := mailServer{MailServer: s, typed: typed}
	status := http.StatusOK
	if refused != nil {
		if status, err = v.correctable(&x.wrong, refused); err != nil {
			return err
		}
	}
	return v.render(status, mailServerPage(x))
}

func (c *Console) testMail(v *visit) error {
	m, err := c.Post.SendTest(v.ctx(), v.actor, v.value("address"))
	if err != nil {
		return c.showMailServer(v, v.value("address"), err)
	}
	return v.done("/mails/"+m.PublicID, "done.mail_tested")
}
