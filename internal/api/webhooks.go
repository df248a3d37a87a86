package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/webhook"
)

// Webhook is where an account's own system listens.
type Webhook struct {
	ID          string     `json:"id"`
	URL         string     `json:"url"`
	Description string     `json:"description"`
	AllAccounts bool       `json:"all_accounts,omitempty" doc:"It hears of every account; data.account names which."`
	Events      []string   `json:"events" doc:"The types of event that it wants; empty means all."`
	State       string     `json:"state" enum:"enabled,disabled" doc:"While it is disabled its deliveries wait."`
	DisabledFor string     `json:"disabled_for,omitempty" doc:"Why verinym disabled it: failing (nothing was accepted for five days) or gone (it answered 410)."`
	FailingAt   *time.Time `json:"failing_since,omitempty"`
	OldUntil    *time.Time `json:"old_secret_until,omitempty" doc:"How long the secret before the last rotation signs too."`
	CreatedAt   time.Time  `json:"created_at"`
	Secret      string     `json:"secret,omitempty" doc:"Shown once: when it is made, and when it is rotated."`
}

func webhookOf(e webhook.Endpoint) Webhook {
	w := Webhook{
		ID: e.PublicID, URL: e.URL, Description: e.Description, AllAccounts: e.Everywhere, Events: []string{},
		State: string(e.State), DisabledFor: e.DisabledFor,
		FailingAt: when(e.FailingAt.Time), OldUntil: when(e.OldUntil.Time), CreatedAt: e.CreatedAt.Time,
	}
	for _, t := range e.Events {
		w.Events = append(w.Events, string(t))
	}
	return w
}

// shown is a webhook with the secret that nobody sees again.
func shown(e webhook.Endpoint, secret string, err error) (*body[Webhook], error) {
	w := webhookOf(e)
	w.Secret = secret
	return answer(w, err)
}

// WebhookDelivery is an event on its way to a webhook.
type WebhookDelivery struct {
	ID          string           `json:"id" doc:"The webhook-id: the same however often it is sent."`
	Type        string           `json:"type"`
	State       string           `json:"state" enum:"waiting,sending,delivered,failed"`
	Tries       int              `json:"tries" doc:"Since it was made or replayed."`
	NextAt      *time.Time       `json:"next_at,omitempty"`
	CreatedAt   time.Time        `json:"created_at"`
	DeliveredAt *time.Time       `json:"delivered_at,omitempty"`
	Body        json.RawMessage  `json:"body"`
	Attempts    []WebhookAttempt `json:"attempts,omitempty" doc:"When one delivery is read: every try, the oldest first."`
}

// WebhookAttempt is one try of a delivery.
type WebhookAttempt struct {
	At      time.Time `json:"at"`
	Status  int       `json:"status,omitempty"`
	Failure string    `json:"failure,omitempty" doc:"Why there was no answer: address_forbidden, no_address, no_connection, tls_failed, timed_out."`
	TookMS  int64     `json:"took_ms"`
	Answer  string    `json:"answer,omitempty" doc:"The beginning of the answer, at most 1 KiB."`
}

func deliveryOf(d webhook.Delivery) WebhookDelivery {
	out := WebhookDelivery{
		ID: d.PublicID, Type: string(d.Type), State: string(d.State), Tries: d.Tries, CreatedAt: d.CreatedAt.Time,
		DeliveredAt: when(d.DeliveredAt.Time), Body: json.RawMessage(d.Body),
	}
	if d.State == webhook.Waiting {
		out.NextAt = when(d.NextAt.Time)
	}
	return out
}

// WebhookEvent is a type of event.
type WebhookEvent struct {
	Type    string   `json:"type"`
	Subject string   `json:"subject" doc:"The noun that data.id names."`
	Fields  []string `json:"fields" doc:"Members that data may have beside id; empty ones are left out."`
}

func webhookEventOf(k event.Kind) WebhookEvent {
	return WebhookEvent{Type: string(k.Type), Subject: k.Subject, Fields: k.Members()}
}

// WebhookWish is what an account sets; what is absent stays as it is.
type WebhookWish struct {
	URL         *string   `json:"url,omitempty" maxLength:"2000"`
	Description *string   `json:"description,omitempty" maxLength:"500"`
	Events      *[]string `json:"events,omitempty" maxItems:"100" doc:"Types of event; an empty list means all."`
	Enabled     *bool     `json:"enabled,omitempty"`
}

func (w WebhookWish) wish() webhook.Wish {
	out := webhook.Wish{URL: w.URL, Description: w.Description, Enabled: w.Enabled}
	if w.Events != nil {
		out.Events = make([]event.Type, 0, len(*w.Events))
		for _, t := range *w.Events {
			out.Events = append(out.Events, event.Type(t))
		}
	}
	return out
}

const webhookTag = "Webhooks"

func (s *Server) webhooks() {
	type create struct {
		Body struct {
			WebhookWish
			AllAccounts bool `json:"all_accounts,omitempty" doc:"For the registrar's own systems (operator): hear of every account."`
		}
	}
	type edit struct {
		ID   string `path:"id"`
		Body WebhookWish
	}
	type rotate struct {
		ID   string `path:"id"`
		Body struct {
			Leaked bool `json:"leaked,omitempty" doc:"The old secret stops signing at once, instead of after a day."`
		}
	}
	handle(s, op{id: "list-webhook-events", method: "GET", path: "/webhook-events", summary: "List the types of event", tag: webhookTag},
		func(context.Context, *none) (*body[list[WebhookEvent]], error) {
			return answer(listOf(event.Catalogue, webhookEventOf), nil)
		})
	handle(s, op{
		id: "create-webhook", method: "POST", path: "/webhooks",
		summary: "Set up a webhook; its secret is shown this once", tag: webhookTag, status: 201,
	},
		func(ctx context.Context, in *create) (*body[Webhook], error) {
			w := in.Body.wish()
			w.Everywhere = in.Body.AllAccounts
			return shown(s.Webhooks.Create(ctx, actorOf(ctx), w))
		})
	handle(s, op{id: "list-webhooks", method: "GET", path: "/webhooks", summary: "List the webhooks", tag: webhookTag},
		func(ctx context.Context, _ *none) (*body[list[Webhook]], error) {
			found, err := s.Webhooks.List(ctx, actorOf(ctx))
			return answer(listOf(found, webhookOf), err)
		})
	handle(s, op{id: "get-webhook", method: "GET", path: "/webhooks/{id}", summary: "Read a webhook", tag: webhookTag},
		func(ctx context.Context, in *byID) (*body[Webhook], error) {
			e, err := s.Webhooks.Find(ctx, actorOf(ctx), in.ID)
			return answer(webhookOf(e), err)
		})
	handle(s, op{id: "edit-webhook", method: "PATCH", path: "/webhooks/{id}", summary: "Change, enable or disable a webhook", tag: webhookTag},
		func(ctx context.Context, in *edit) (*body[Webhook], error) {
			e, err := s.Webhooks.Edit(ctx, actorOf(ctx), in.ID, in.Body.wish())
			return answer(webhookOf(e), err)
		})
	handle(s, op{id: "delete-webhook", method: "DELETE", path: "/webhooks/{id}", summary: "Delete a webhook", tag: webhookTag, status: 204},
		func(ctx context.Context, in *byID) (*none, error) {
			return nil, s.Webhooks.Remove(ctx, actorOf(ctx), in.ID)
		})
	handle(s, op{
		id: "rotate-webhook-secret", method: "POST", path: "/webhooks/{id}/secret",
		summary: "Give a webhook a new secret; it is shown this once", tag: webhookTag,
	},
		func(ctx context.Context, in *rotate) (*body[Webhook], error) {
			return shown(s.Webhooks.RotateSecret(ctx, actorOf(ctx), in.ID, in.Body.Leaked))
		})
	s.webhookDeliveries()
}

func (s *Server) webhookDeliveries() {
	type page struct {
		ID    string `path:"id"`
		State string `query:"state" enum:"waiting,sending,delivered,failed"`
		After string `query:"after" doc:"The id of the last delivery that was read."`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	type replay struct {
		ID   string `path:"id"`
		Body struct {
			Since time.Time `json:"since"`
		}
	}
	type replayed struct {
		Replayed int64 `json:"replayed"`
	}
	handle(s, op{id: "test-webhook", method: "POST", path: "/webhooks/{id}/test", summary: "Send a test event", tag: webhookTag, status: 202},
		func(ctx context.Context, in *byID) (*body[WebhookDelivery], error) {
			d, err := s.Webhooks.Test(ctx, actorOf(ctx), in.ID)
			return answer(deliveryOf(d), err)
		})
	handle(s, op{
		id: "list-webhook-deliveries", method: "GET", path: "/webhooks/{id}/deliveries",
		summary: "Read the log of deliveries, the newest first", tag: webhookTag,
	},
		func(ctx context.Context, in *page) (*body[list[WebhookDelivery]], error) {
			found, err := s.Webhooks.Log(ctx, actorOf(ctx), in.ID, webhook.Progress(in.State), in.After, in.Limit)
			out := listOf(found, deliveryOf)
			if len(found) == in.Limit {
				out.Next = found[len(found)-1].PublicID
			}
			return answer(out, err)
		})
	handle(s, op{
		id: "replay-webhook", method: "POST", path: "/webhooks/{id}/replay",
		summary: "Send everything again that has failed since a time", tag: webhookTag, status: 202,
	},
		func(ctx context.Context, in *replay) (*body[replayed], error) {
			n, err := s.Webhooks.ReplayFailed(ctx, actorOf(ctx), in.ID, in.Body.Since)
			return answer(replayed{n}, err)
		})
	handle(s, op{id: "get-webhook-delivery", method: "GET", path: "/webhook-deliveries/{id}", summary: "Read a delivery with every try", tag: webhookTag},
		func(ctx context.Context, in *byID) (*body[WebhookDelivery], error) {
			d, tries, err := s.Webhooks.FindDelivery(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			out := deliveryOf(d)
			for _, t := range tries {
				out.Attempts = append(out.Attempts, WebhookAttempt{At: t.At.Time, Status: t.Status, Failure: t.Failure, TookMS: t.TookMS, Answer: t.Answer})
			}
			return answer(out, nil)
		})
	handle(s, op{
		id: "replay-webhook-delivery", method: "POST", path: "/webhook-deliveries/{id}/replay",
		summary: "Send a delivery again", tag: webhookTag, status: 202,
	},
		func(ctx context.Context, in *byID) (*body[WebhookDelivery], error) {
			d, err := s.Webhooks.ReplayOne(ctx, actorOf(ctx), in.ID)
			return answer(deliveryOf(d), err)
		})
}
