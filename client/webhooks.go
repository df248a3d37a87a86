package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// Webhook is where an account's own system listens. Secret is there only when it was
// made or rotated just now.
type Webhook struct {
	ID             string     `json:"id"`
	URL            string     `json:"url"`
	Description    string     `json:"description"`
	AllAccounts    bool       `json:"all_accounts"`
	Events         []string   `json:"events"`
	State          string     `json:"state"`
	DisabledFor    string     `json:"disabled_for"`
	FailingSince   *time.Time `json:"failing_since"`
	OldSecretUntil *time.Time `json:"old_secret_until"`
	CreatedAt      time.Time  `json:"created_at"`
	Secret         string     `json:"secret"`
}

// WebhookChange is what to set at a webhook; nil leaves a part as it is. Events that
// are empty and not nil mean all.
type WebhookChange struct {
	URL         *string   `json:"url,omitempty"`
	Description *string   `json:"description,omitempty"`
	Events      *[]string `json:"events,omitempty"`
	Enabled     *bool     `json:"enabled,omitempty"`
}

// WebhookDelivery is an event on its way to a webhook. ID is the webhook-id.
type WebhookDelivery struct {
	ID          string           `json:"id"`
	Type        string           `json:"type"`
	State       string           `json:"state"`
	Tries       int              `json:"tries"`
	NextAt      *time.Time       `json:"next_at"`
	CreatedAt   time.Time        `json:"created_at"`
	DeliveredAt *time.Time       `json:"delivered_at"`
	Body        json.RawMessage  `json:"body"`
	Attempts    []WebhookAttempt `json:"attempts"`
}

// WebhookAttempt is one try of a delivery.
type WebhookAttempt struct {
	At      time.Time `json:"at"`
	Status  int       `json:"status"`
	Failure string    `json:"failure"`
	TookMS  int64     `json:"took_ms"`
	Answer  string    `json:"answer"`
}

// CreateWebhook sets up a webhook for types of event, all when there are none. Keep the
// secret of the answer: it is not shown again.
func (c *Client) CreateWebhook(ctx context.Context, address, description string, events ...string) (Webhook, error) {
	if events == nil {
		events = []string{}
	}
	return post[Webhook](ctx, c, "/webhooks", WebhookChange{URL: &address, Description: &description, Events: &events})
}

// CreateRegistrarWebhook sets up a webhook that hears of every account, for the registrar's
// own systems. It is for operators.
func (c *Client) CreateRegistrarWebhook(ctx context.Context, address, description string, events ...string) (Webhook, error) {
	if events == nil {
		events = []string{}
	}
	return post[Webhook](ctx, c, "/webhooks", map[string]any{"url": address, "description": description, "events": events, "all_accounts": true})
}

// Webhooks lists the webhooks.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	p, err := get[page[Webhook]](ctx, c, "/webhooks")
	return p.Items, err
}

// Webhook reads a webhook.
func (c *Client) Webhook(ctx context.Context, id string) (Webhook, error) {
	return get[Webhook](ctx, c, "/webhooks/"+escape(id))
}

// ChangeWebhook changes, enables or disables a webhook.
func (c *Client) ChangeWebhook(ctx context.Context, id string, w WebhookChange) (out Webhook, err error) {
	return out, c.call(ctx, http.MethodPatch, "/webhooks/"+escape(id), w, &out)
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/webhooks/"+escape(id), nil, nil)
}

// RotateWebhookSecret gives a webhook a new secret. The old one signs too for a day,
// unless it has leaked.
func (c *Client) RotateWebhookSecret(ctx context.Context, id string, leaked bool) (Webhook, error) {
	return post[Webhook](ctx, c, "/webhooks/"+escape(id)+"/secret", map[string]bool{"leaked": leaked})
}

// TestWebhook sends a test event.
func (c *Client) TestWebhook(ctx context.Context, id string) (WebhookDelivery, error) {
	return post[WebhookDelivery](ctx, c, "/webhooks/"+escape(id)+"/test", nil)
}

// WebhookDeliveries reads a page of a hundred deliveries behind the mark of the page
// before, and the mark of the next one, "" on the last; state "" means every state.
func (c *Client) WebhookDeliveries(ctx context.Context, id, state, after string) ([]WebhookDelivery, string, error) {
	q := url.Values{"limit": {"100"}}
	if state != "" {
		q.Set("state", state)
	}
	if after != "" {
		q.Set("after", after)
	}
	p, err := get[page[WebhookDelivery]](ctx, c, "/webhooks/"+escape(id)+"/deliveries?"+q.Encode())
	return p.Items, p.Next, err
}

// WebhookDelivery reads a delivery with every try.
func (c *Client) WebhookDelivery(ctx context.Context, id string) (WebhookDelivery, error) {
	return get[WebhookDelivery](ctx, c, "/webhook-deliveries/"+escape(id))
}

// ReplayWebhookDelivery sends a delivery again.
func (c *Client) ReplayWebhookDelivery(ctx context.Context, id string) (WebhookDelivery, error) {
	return post[WebhookDelivery](ctx, c, "/webhook-deliveries/"+escape(id)+"/replay", nil)
}

// ReplayFailedWebhooks sends everything again that a webhook has not taken since a
// time, and returns how much that is.
func (c *Client) ReplayFailedWebhooks(ctx context.Context, id string, since time.Time) (int, error) {
	out, err := post[struct {
		Replayed int `json:"replayed"`
	}](ctx, c, "/webhooks/"+escape(id)+"/replay", map[string]time.Time{"since": since})
	return out.Replayed, err
}
