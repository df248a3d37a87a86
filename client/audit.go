package client

import (
	"context"
	"net/url"
	"time"
)

// AuditEntry is one line of the audit record. Seq is 0 while it is not sealed.
type AuditEntry struct {
	ID      int64             `json:"id"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Account string            `json:"account"`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail"`
	Seq     int64             `json:"seq"`
}

// AuditFilter says which entries are wanted; the zero value wants all.
type AuditFilter struct {
	Account, Actor, Action, Subject string
	From, Until                     time.Time
	// After is where the page before ended.
	After string
}

// AuditEntries reads a page of the audit record, the latest first, and where it ends, "" on
// the last page. For staff with audit.read.
func (c *Client) AuditEntries(ctx context.Context, f AuditFilter) ([]AuditEntry, string, error) {
	q := url.Values{}
	for name, v := range map[string]string{"account": f.Account, "actor": f.Actor, "action": f.Action, "subject": f.Subject, "after": f.After} {
		if v != "" {
			q.Set(name, v)
		}
	}
	for name, t := range map[string]time.Time{"from": f.From, "until": f.Until} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339))
		}
	}
	p, err := get[page[AuditEntry]](ctx, c, "/audit/entries?"+q.Encode())
	return p.Items, p.Next, err
}

// VerifyAudit walks the audit chain.
func (c *Client) VerifyAudit(ctx context.Context) (AuditReport, error) {
	return get[AuditReport](ctx, c, "/audit/verification")
}
