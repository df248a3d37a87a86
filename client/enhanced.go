package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Enhanced is an enhanced verification of a domain or of a profile.
type Enhanced struct {
	ID      string `json:"id"`
	Domain  string `json:"domain"`
	Profile string `json:"profile"`
	// State is asked, in_review, passed, failed, expired or cancelled.
	State       string     `json:"state"`
	Note        string     `json:"note"`
	DueAt       time.Time  `json:"due_at"`
	OpenedAt    time.Time  `json:"opened_at"`
	SubmittedAt *time.Time `json:"submitted_at"`
	EndedAt     *time.Time `json:"ended_at"`
	Wanted      []Wanted   `json:"wanted"`
	Documents   []Document `json:"documents"`
	Review      *Review    `json:"review"`
	// Cause is why it was opened; staff alone read it.
	Cause string `json:"cause"`
}

// Wanted is something that has to be there before submission; of those with Choice one
// is enough.
type Wanted struct {
	Kind   string `json:"kind"`
	Side   string `json:"side"`
	Name   Words  `json:"name"`
	Choice bool   `json:"choice"`
	There  bool   `json:"there"`
}

// EnhancedOpening says what is to be verified: a domain or a profile. Cause is for staff,
// Note for the registrant.
type EnhancedOpening struct {
	Domain  string `json:"domain,omitempty"`
	Profile string `json:"profile,omitempty"`
	Cause   string `json:"cause"`
	Note    string `json:"note,omitempty"`
}

// OpenEnhanced asks for enhanced verification. For operators.
func (c *Client) OpenEnhanced(ctx context.Context, o EnhancedOpening) (Enhanced, error) {
	return post[Enhanced](ctx, c, "/enhanced-verifications", o)
}

// EnhancedVerifications lists the newest, of the account or, for staff, of all.
func (c *Client) EnhancedVerifications(ctx context.Context) ([]Enhanced, error) {
	p, err := get[page[Enhanced]](ctx, c, "/enhanced-verifications")
	return p.Items, err
}

// EnhancedVerification reads one.
func (c *Client) EnhancedVerification(ctx context.Context, id string) (Enhanced, error) {
	return get[Enhanced](ctx, c, "/enhanced-verifications/"+escape(id))
}

// UploadEnhanced uploads a picture for one. Its Kind, and Side where there are sides, are
// those of what is wanted.
func (c *Client) UploadEnhanced(ctx context.Context, id string, p Picture) (Document, error) {
	var out struct {
		Document Document `json:"document"`
	}
	err := c.upload(ctx, "/enhanced-verifications/"+escape(id)+"/documents", p, &out)
	return out.Document, err
}

// SubmitEnhanced puts what was uploaded before the desk.
func (c *Client) SubmitEnhanced(ctx context.Context, id string) (Enhanced, error) {
	return post[Enhanced](ctx, c, "/enhanced-verifications/"+escape(id)+"/submission", nil)
}

// CancelEnhanced asks for one no more, for a reason that staff read. For operators.
func (c *Client) CancelEnhanced(ctx context.Context, id, reason string) (out Enhanced, err error) {
	err = c.call(ctx, http.MethodDelete, "/enhanced-verifications/"+escape(id)+"?"+url.Values{"reason": {reason}}.Encode(), nil, &out)
	return out, err
}
