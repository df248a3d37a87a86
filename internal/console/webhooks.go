package console

import (
	"context"
	"net/http"
	"slices"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/webhook"
)

// webhookPages are those of the account's own systems that are told what happens.
func (c *Console) webhookPages() []page {
	return []page{
		{pattern: "GET /webhooks", show: func(v *visit) error { return c.showWebhooks(v, webhookForm{}, nil) }},
		{pattern: "POST /webhooks", show: c.makeWebhook},
		{pattern: "GET /webhooks/{id}", show: func(v *visit) error { return c.showWebhook(v, nil, nil) }},
		{pattern: "POST /webhooks/{id}", show: c.editWebhook},
		{pattern: "POST /webhooks/{id}/enabled", show: c.enableWebhook},
		{pattern: "POST /webhooks/{id}/test", show: c.testWebhook},
		{pattern: "POST /webhooks/{id}/secret", show: c.rotateSecret},
		{pattern: "POST /webhooks/{id}/delete", show: c.deleteWebhook},
		{pattern: "GET /webhooks/deliveries/{id}", show: c.delivery},
		{pattern: "POST /webhooks/deliveries/{id}/replay", show: c.replayDelivery},
	}
}

// webhookForm is what is set about a webhook.
type webhookForm struct {
	url, description string
	events           []event.Type
	wrong            []ui.Wrong
}

// webhookList is what the list of webhooks shows.
type webhookList struct {
	rows []webhook.Endpoint
	form webhookForm
}

func (c *Console) showWebhooks(v *visit, f webhookForm, refused error) error {
	l := webhookList{form: f}
	status, err := v.correctable(&l.form.wrong, refused)
	if err != nil {
		return err
	}
	if l.rows, err = c.Webhooks.List(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.render(status, webhooksPage(l))
}

// correctable puts what is wrong with a form into wrong and says the status of the page that
// shows it; an error that cannot be corrected there is returned.
func (v *visit) correctable(wrong *[]ui.Wrong, refused error) (status int, err error) {
	if refused == nil {
		return http.StatusOK, nil
	}
	if *wrong = v.wrongs(refused); *wrong == nil {
		return 0, refused
	}
	return statusOf[fault.From(refused).Kind], nil
}

// sought is correctable for forms that name something: where that is not there, the field
// at is wrong.
func (v *visit) sought(wrong *[]ui.Wrong, refused error, at string) (status int, err error) {
	if f := fault.From(refused); f != nil && f.Kind == fault.NotFound {
		*wrong = []ui.Wrong{{At: at, Text: v.Text(f.Code, f.Params)}}
		return statusOf[f.Kind], nil
	}
	return v.correctable(wrong, refused)
}

// webhookForm reads what was typed.
func (v *visit) webhookForm() webhookForm {
	f := webhookForm{url: v.value("url"), description: v.value("description")}
	for _, t := range v.r.PostForm["events"] {
		f.events = append(f.events, event.Type(t))
	}
	return f
}

// wish is a form as the noun takes it; no event that is chosen means all.
func (f webhookForm) wish() webhook.Wish {
	return webhook.Wish{URL: &f.url, Description: &f.description, Events: append([]event.Type{}, f.events...)}
}

func (c *Console) makeWebhook(v *visit) error {
	f := v.webhookForm()
	err := v.once("", func(ctx context.Context) (string, error) {
		e, secret, err := c.Webhooks.Create(ctx, v.actor, f.wish())
		if err == nil {
			v.handOver(secret)
		}
		return webhookPath(e), err
	})
	if err != nil {
		return c.showWebhooks(v, f, err)
	}
	return nil
}

func webhookPath(e webhook.Endpoint) string { return "/webhooks/" + e.PublicID }

// webhookView is what the page of one webhook shows.
type webhookView struct {
	webhook.Endpoint
	form   webhookForm
	secret string
	// log are its deliveries, the newest first, in those that are shown.
	log   []webhook.Delivery
	shown webhook.Progress
	pages ui.Pages
}

// deliveriesOnPage is how many deliveries a page of a log has.
const deliveriesOnPage = 25

func (c *Console) showWebhook(v *visit, typed *webhookForm, refused error) error {
	e, err := c.Webhooks.Find(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := webhookView{Endpoint: e, secret: v.takeSecret(), form: webhookForm{url: e.URL, description: e.Description, events: e.Events}}
	if typed != nil {
		p.form = *typed
	}
	status, err := v.correctable(&p.form.wrong, refused)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	if p.shown = webhook.Progress(q.Get("state")); p.shown != webhook.Failed {
		p.shown = ""
	}
	after := q.Get("after")
	if p.log, err = c.Webhooks.Log(v.ctx(), v.actor, e.PublicID, p.shown, after, deliveriesOnPage+1); err != nil {
		return err
	}
	next := ""
	if len(p.log) > deliveriesOnPage {
		p.log = p.log[:deliveriesOnPage]
		next = p.log[deliveriesOnPage-1].PublicID
	}
	p.pages = v.pages("after", next)
	return v.render(status, webhookPage(p))
}

// logPath is the address of the log of those deliveries that are in a state.
func (p webhookView) logPath(in webhook.Progress) string {
	if in == "" {
		return webhookPath(p.Endpoint)
	}
	return webhookPath(p.Endpoint) + "?state=" + string(in)
}

func (c *Console) editWebhook(v *visit) error {
	f := v.webhookForm()
	e, err := c.Webhooks.Edit(v.ctx(), v.actor, v.r.PathValue("id"), f.wish())
	if err != nil {
		return c.showWebhook(v, &f, err)
	}
	return v.done(webhookPath(e), "done.webhook_saved")
}

func (c *Console) enableWebhook(v *visit) error {
	on := v.value("enabled") == "true"
	e, err := c.Webhooks.Edit(v.ctx(), v.actor, v.r.PathValue("id"), webhook.Wish{Enabled: &on})
	if err != nil {
		return err
	}
	if on {
		return v.done(webhookPath(e), "done.webhook_enabled")
	}
	return v.done(webhookPath(e), "done.webhook_disabled")
}

func (c *Console) testWebhook(v *visit) error {
	return v.once("", func(ctx context.Context) (string, error) {
		d, err := c.Webhooks.Test(ctx, v.actor, v.r.PathValue("id"))
		return "/webhooks/deliveries/" + d.PublicID, err
	})
}

func (c *Console) rotateSecret(v *visit) error {
	return v.once("", func(ctx context.Context) (string, error) {
		e, secret, err := c.Webhooks.RotateSecret(ctx, v.actor, v.r.PathValue("id"), v.value("leaked") == "true")
		if err == nil {
			v.handOver(secret)
		}
		return webhookPath(e), err
	})
}

func (c *Console) deleteWebhook(v *visit) error {
	if err := c.Webhooks.Remove(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done("/webhooks", "done.webhook_deleted")
}

// deliveryView is what the page of one delivery shows.
type deliveryView struct {
	webhook.Delivery
	tries []webhook.Attempt
}

func (c *Console) delivery(v *visit) error {
	d, tries, err := c.Webhooks.FindDelivery(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	slices.Reverse(tries)
	return v.show(deliveryPage(deliveryView{d, tries}))
}

func (c *Console) replayDelivery(v *visit) error {
	d, err := c.Webhooks.ReplayOne(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.done("/webhooks/deliveries/"+d.PublicID, "done.delivery_replayed")
}
