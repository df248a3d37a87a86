package client

import (
	"context"
	"net/http"
	"time"
)

// OpenSession is where somebody is signed in.
type OpenSession struct {
	ID string `json:"id"`
	// Here: it is the session of the client that asks.
	Here bool `json:"here"`
	// Means is what was signed in with, Place the network address, Program what the browser
	// or program calls itself.
	Means     string    `json:"means"`
	Place     string    `json:"place"`
	Program   string    `json:"program"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// SignOut ends the session that the client's token belongs to.
func (c *Client) SignOut(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "/session", nil, nil)
}

// ChangePassword changes the password of whoever is signed in, and ends their other sessions.
func (c *Client) ChangePassword(ctx context.Context, current, password string) error {
	return c.call(ctx, http.MethodPut, "/me/password", map[string]string{"current": current, "password": password}, nil)
}

// ForgetPassword has a link for a new password mailed, if somebody signs in with the
// address; the answer is the same if nobody does.
func (c *Client) ForgetPassword(ctx context.Context, email string) error {
	return c.call(ctx, http.MethodPost, "/password-links", map[string]string{"email": email}, nil)
}

// ResetPassword chooses a new password with the end of a mailed link, and ends all sessions.
func (c *Client) ResetPassword(ctx context.Context, token, password string) error {
	return c.call(ctx, http.MethodPost, "/password-links/use", map[string]string{"token": token, "password": password}, nil)
}

// Prove proves again who is signed in. It returns until when that counts.
func (c *Client) Prove(ctx context.Context, password string) (until time.Time, err error) {
	out, err := post[struct{ Until time.Time }](ctx, c, "/session/proof", map[string]string{"password": password})
	return out.Until, err
}

// Sessions lists where one is signed in, the newest first.
func (c *Client) Sessions(ctx context.Context) ([]OpenSession, error) {
	p, err := get[page[OpenSession]](ctx, c, "/sessions")
	return p.Items, err
}

// EndSession ends one session.
func (c *Client) EndSession(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/sessions/"+escape(id), nil, nil)
}

// EndOtherSessions ends every session but the client's own, and returns how many there were.
func (c *Client) EndOtherSessions(ctx context.Context) (ended int, err error) {
	var out struct {
		Ended int `json:"ended"`
	}
	err = c.call(ctx, http.MethodDelete, "/sessions", nil, &out)
	return out.Ended, err
}
