package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Job is a job in the queue.
type Job struct {
	ID        int64           `json:"id"`
	Kind      string          `json:"kind"`
	State     string          `json:"state"`
	Arguments json.RawMessage `json:"arguments"`
	Tries     int             `json:"tries"`
	MaxTries  int             `json:"max_tries"`
	CreatedAt time.Time       `json:"created_at"`
	DueAt     time.Time       `json:"due_at"`
	// Failure is of the last try.
	Failure string `json:"failure"`
}

// Jobs lists jobs: show is failed, waiting, running or done. For operators.
func (c *Client) Jobs(ctx context.Context, show string) ([]Job, error) {
	p, err := get[page[Job]](ctx, c, "/jobs?"+url.Values{"show": {show}}.Encode())
	return p.Items, err
}

// RetryJob has a job done at once that failed or waits. For operators.
func (c *Client) RetryJob(ctx context.Context, id int64) (Job, error) {
	return post[Job](ctx, c, "/jobs/"+strconv.FormatInt(id, 10)+"/retry", nil)
}

// Mail is a mail that goes out, and what became of it.
type Mail struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	// Kind is link, news, data_reminder or test; State waiting, sending, sent, failed or in_doubt.
	Kind      string     `json:"kind"`
	State     string     `json:"state"`
	Tries     int        `json:"tries"`
	CreatedAt time.Time  `json:"created_at"`
	NextTryAt *time.Time `json:"next_try_at"`
	SentAt    *time.Time `json:"sent_at"`
	// Refusal is what the mail server said the last time that it refused the mail; Returned
	// how it came back: hard, soft or complaint.
	Refusal  string `json:"refusal"`
	Returned string `json:"returned"`
}

// MailFilter says which mails are wanted; the zero value wants all.
type MailFilter struct {
	State, Address string
	Returned       bool
}

// Mails lists the newest mails. For operators.
func (c *Client) Mails(ctx context.Context, f MailFilter) ([]Mail, error) {
	q := url.Values{}
	for name, v := range map[string]string{"state": f.State, "address": f.Address} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if f.Returned {
		q.Set("returned", "true")
	}
	p, err := get[page[Mail]](ctx, c, "/mails?"+q.Encode())
	return p.Items, err
}

// ResendMail sends a mail anew that failed, is in doubt or came back. For operators.
func (c *Client) ResendMail(ctx context.Context, id string) (Mail, error) {
	return post[Mail](ctx, c, "/mails/"+escape(id)+"/resend", nil)
}

// TestMail sends a test mail at once. For operators.
func (c *Client) TestMail(ctx context.Context, address string) (Mail, error) {
	return post[Mail](ctx, c, "/mails/test", map[string]string{"address": address})
}

// SuspendAccount lets nobody act for an account; everybody is signed out. For admins.
func (c *Client) SuspendAccount(ctx context.Context, id, cause string) error {
	return c.call(ctx, http.MethodPut, "/accounts/"+escape(id)+"/suspension", map[string]string{"cause": cause}, nil)
}

// RestoreAccount lets people act for a suspended account again. For admins.
func (c *Client) RestoreAccount(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/accounts/"+escape(id)+"/suspension", nil, nil)
}

// SetRoles gives a member of an account these roles and no others. For admins.
func (c *Client) SetRoles(ctx context.Context, account, person string, roles ...string) error {
	return c.call(ctx, http.MethodPut, "/accounts/"+escape(account)+"/people/"+escape(person)+"/roles", map[string][]string{"roles": roles}, nil)
}

// PauseAuthority asks an authority nothing until it is resumed. For operators.
func (c *Client) PauseAuthority(ctx context.Context, name, cause string) error {
	return c.call(ctx, http.MethodPut, "/authorities/"+escape(name)+"/pause", map[string]string{"cause": cause}, nil)
}

// ResumeAuthority asks an authority again. For operators.
func (c *Client) ResumeAuthority(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, "/authorities/"+escape(name)+"/pause", nil, nil)
}
