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

// Registry is an account of ours at a registry or a verification service provider, and how
// it is doing.
type Registry struct {
	Name     string   `json:"name"`
	Driver   string   `json:"driver"`
	Address  string   `json:"address"`
	Suffixes []string `json:"suffixes"`
	// Works says that some process has it in hand now.
	Works bool `json:"works"`
	// Waiting counts the commands that have not ended, Open by state; the oldest waits since
	// OldestAt.
	Waiting  int            `json:"waiting"`
	Open     map[string]int `json:"open"`
	OldestAt *time.Time     `json:"oldest_at"`
	// Inbox counts the messages that wait to be applied.
	Inbox         int        `json:"inbox"`
	LastMessageAt *time.Time `json:"last_message_at"`
	Findings      int        `json:"findings"`
	// Sessions are those of the process that answers.
	Sessions struct {
		Open          int  `json:"open"`
		InUse         int  `json:"in_use"`
		Most          int  `json:"most"`
		NoLogins      bool `json:"no_logins"`
		BalanceUsedUp bool `json:"balance_used_up"`
	} `json:"sessions"`
	// Pause is nil while commands are sent.
	Pause *RegistryPause `json:"pause"`
}

// RegistryPause says since when, by whom and why no command is sent to a registry.
type RegistryPause struct {
	At time.Time `json:"at"`
	// By is the id of the person or API key, ByName the name.
	By     string `json:"by"`
	ByName string `json:"by_name"`
	Cause  string `json:"cause"`
	// Offline says that its messages are not read either.
	Offline bool `json:"offline"`
}

// Reconciliation is a registry asked about all names that we have there.
type Reconciliation struct {
	ID       string `json:"id"`
	Registry string `json:"registry"`
	// By is the id of the person or API key, ByName the name.
	By     string `json:"by"`
	ByName string `json:"by_name"`
	// Names is how many there were at its beginning, Asked about how many the registry is asked.
	Names     int        `json:"names"`
	Asked     int        `json:"asked"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// Registries tells how the accounts at registries are doing. For staff.
func (c *Client) Registries(ctx context.Context) ([]Registry, error) {
	p, err := get[page[Registry]](ctx, c, "/registries")
	return p.Items, err
}

// PauseRegistry sends a registry no command until it is resumed; offline, its messages are
// not read either. It returns the pause that holds. For operators.
func (c *Client) PauseRegistry(ctx context.Context, name, cause string, offline bool) (out RegistryPause, err error) {
	return out, c.call(ctx, http.MethodPut, "/registries/"+escape(name)+"/pause", map[string]any{"cause": cause, "offline": offline}, &out)
}

// ResumeRegistry sends a registry commands again; cause is for the record and may be "". For
// operators.
func (c *Client) ResumeRegistry(ctx context.Context, name, cause string) error {
	path := "/registries/" + escape(name) + "/pause"
	if cause != "" {
		path += "?" + url.Values{"cause": {cause}}.Encode()
	}
	return c.call(ctx, http.MethodDelete, path, nil, nil)
}

// ReconcileRegistry has a registry asked about all names that we have there. One that is
// under way goes on. For operators.
func (c *Client) ReconcileRegistry(ctx context.Context, name string) (Reconciliation, error) {
	return post[Reconciliation](ctx, c, "/registries/"+escape(name)+"/reconciliation", nil)
}

// ResumeAuthority asks an authority again. For operators.
func (c *Client) ResumeAuthority(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, "/authorities/"+escape(name)+"/pause", nil, nil)
}

// RegistryFinding is what an operator should know of a registry account.
type RegistryFinding struct {
	ID       string     `json:"id"`
	Registry string     `json:"registry"`
	Code     string     `json:"code"`
	Text     Words      `json:"text"`
	Subject  string     `json:"subject"`
	Times    int        `json:"times"`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	ClosedAt *time.Time `json:"closed_at"`
	ClosedBy string     `json:"closed_by"`
}

// RegistryMessage is a message of a registry as it came.
type RegistryMessage struct {
	Registry   string    `json:"registry"`
	ID         string    `json:"id"`
	State      string    `json:"state"`
	ReceivedAt time.Time `json:"received_at"`
	Raw        string    `json:"raw"`
}

// RegistryMessage reads the message that a finding is about, as the registry sent it.
func (c *Client) RegistryMessage(ctx context.Context, finding string) (RegistryMessage, error) {
	return get[RegistryMessage](ctx, c, "/registries/findings/"+escape(finding)+"/message")
}

// RegistryFindings lists what is wrong with registries, the newest first.
func (c *Client) RegistryFindings(ctx context.Context) ([]RegistryFinding, error) {
	p, err := get[page[RegistryFinding]](ctx, c, "/registries/findings")
	return p.Items, err
}

// CloseRegistryFinding says that somebody has seen to a finding.
func (c *Client) CloseRegistryFinding(ctx context.Context, id string) (RegistryFinding, error) {
	return post[RegistryFinding](ctx, c, "/registries/findings/"+escape(id)+"/closing", nil)
}
