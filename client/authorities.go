package client

import (
	"context"
	"time"
)

// Authority is an outside provider of verification.
type Authority struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	// Circuit is "closed", "open" or "half_open": nothing is sent over an open one until
	// PausedUntil.
	Circuit      string     `json:"circuit"`
	Failures     int        `json:"failures"`
	FailingSince *time.Time `json:"failing_since"`
	LastFailure  string     `json:"last_failure"`
	PausedUntil  *time.Time `json:"paused_until"`
	// Waiting counts its undecided cases, Failing those about which it fails.
	Waiting int `json:"waiting"`
	Failing int `json:"failing"`
}

// Authorities tells how the outside providers of verification are. For staff.
func (c *Client) Authorities(ctx context.Context) ([]Authority, error) {
	p, err := get[page[Authority]](ctx, c, "/authorities")
	return p.Items, err
}
