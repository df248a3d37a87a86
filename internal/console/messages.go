package console

import (
	"context"
	"maps"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/notify"
)

// messagePages are those of internal messages.
func (c *Console) messagePages() []page {
	return []page{
		{pattern: "GET /messages", show: c.messages},
		{pattern: "POST /messages/read", show: c.readMessages},
	}
}

// messageList is what the list of messages shows.
type messageList struct {
	rows   []messageRow
	unread int
	pages  ui.Pages
}

// messageRow is a message as it is shown.
type messageRow struct{ notify.Message }

// messagesOnPage is how many messages a page has.
const messagesOnPage = 30

func (c *Console) messages(v *visit) error {
	before := v.r.URL.Query().Get("after")
	found, next, err := c.Messages.Page(v.ctx(), v.actor, before, messagesOnPage)
	if err != nil {
		return err
	}
	unread, err := c.Messages.Unread(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	l := messageList{unread: int(unread)}
	news := make([]notify.News, len(found))
	for i, m := range found {
		news[i] = m.News()
	}
	if v.actor.Check(actor.ProfileRead) == nil {
		if news, err = notify.Named(v.ctx(), c.Profiles, c.Store.R, v.actor.Account, news); err != nil {
			return err
		}
	}
	for i, m := range found {
		m.Data = news[i].Data
		l.rows = append(l.rows, messageRow{m})
	}
	l.pages = v.pages("after", next)
	return v.show(messagesPage(l))
}

func (c *Console) readMessages(v *visit) error {
	if err := c.Messages.Read(v.ctx(), v.actor, v.value("up_to")); err != nil {
		return err
	}
	return v.done("/messages", "done.messages_read")
}

// text says what has happened, in the words of the mail where the page has none.
func (m messageRow) text(ctx context.Context) string {
	id := "message." + string(m.Type)
	if !ui.On(ctx).Texts.Has(id) {
		id = notify.TextID(ui.On(ctx).Texts, m.Type, m.Data)
	}
	params := map[string]string{"Subject": m.Subject}
	maps.Copy(params, m.Data)
	if cause := params["Cause"]; cause != "" {
		params["Cause"] = ui.T(ctx, "hold."+cause)
	}
	return reasonText(ctx, id, params)
}

// look is how a kind of message is shown.
type look struct{ icon, tone string }

var looks = map[string]look{
	"domain.held_by_registry": {"lock", "bad"}, "domain.hold_placed": {"lock", "bad"}, "domain.verification_overdue": {"timer", "bad"},
	"domain.naming_failed": {"circle-x", "bad"}, "domain.real_name_failed": {"circle-x", "bad"},
	"domain.deleted": {"trash-2", "bad"}, "domain.expired": {"timer", "bad"},
	"profile.failed": {"circle-x", "bad"}, "order.failed": {"circle-x", "bad"}, "transfer.failed": {"circle-x", "bad"}, "email.bounced": {"mail-warning", "bad"},
	"webhook.disabled": {"webhook", "bad"}, "account.unverified": {"circle-x", "bad"},
	"order.expired": {"timer", "warn"}, "domain.drift": {"arrow-left-right", "warn"},
	"domain.transfer_requested": {"arrow-right", "warn"}, "domain.locks_changed": {"lock", "warn"},
	"domain.real_name_verified": {"circle-check", "ok"}, "domain.naming_verified": {"circle-check", "ok"},
	"domain.released_by_registry": {"circle-check", "ok"}, "domain.hold_lifted": {"circle-check", "ok"},
	"domain.registered": {"globe", "ok"}, "profile.verified": {"circle-check", "ok"},
	"email.verified": {"mail-check", "ok"}, "account.verified": {"shield-check", "ok"},
	"transfer.completed":   {"circle-check", "ok"},
	"qualification.failed": {"circle-x", "bad"}, "qualification.due_soon": {"timer", "warn"}, "qualification.passed": {"circle-check", "ok"},
	"association.finished": {"list-checks", "run"}, "import.finished": {"list-checks", "run"},
}

func (m messageRow) look() look { return lookOf(string(m.Type)) }

// lookOf is how something of a type is shown.
func lookOf(typ string) look {
	if l, ok := looks[typ]; ok {
		return l
	}
	return look{"message-square", ""}
}

// dot is its mark in a timeline.
func (l look) dot() string {
	switch l.tone {
	case "ok", "bad", "run":
		return l.tone + "-d"
	}
	return ""
}

// path leads to what a message is about, "" where no page shows that.
func (m messageRow) path() string {
	if path := notify.ListPath(m.Type, m.Data); path != "" {
		return path
	}
	noun, _, _ := strings.Cut(string(m.Type), ".")
	switch noun {
	case "domain":
		if name := m.Data["Domain"]; name != "" {
			return domainPath(name)
		}
	case "profile":
		return "/profiles/" + m.Subject
	case "order":
		return "/orders/" + m.Subject
	case "association":
		return "/associations/" + m.Subject
	case "transfer":
		return "/transfers/" + m.Subject
	case "qualification":
		return "/qualifications/" + m.Subject
	case "webhook":
		return "/webhooks/" + m.Subject
	case "account":
		return "/account"
	}
	return ""
}
