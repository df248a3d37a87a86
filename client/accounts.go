package client

import (
	"context"
	"net/http"
	"time"
)

// Session is what signing in gives.
type Session struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
	Person    string    `json:"person"`
	Name      string    `json:"name"`
	Account   string    `json:"account"`
	Roles     []string  `json:"roles"`
}

// Account is a customer's account.
type Account struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	IdentityState  string `json:"identity_state"`
	IdentitySource string `json:"identity_source"`
	// Required says whether the account has to be verified at all; Verification is the
	// latest that the desk was asked for.
	Required     bool    `json:"identity_required"`
	Verification *Review `json:"verification"`
}

// SignIn opens a session.
func (c *Client) SignIn(ctx context.Context, email, password string) (Session, error) {
	return post[Session](ctx, c, "/session", map[string]string{"email": email, "password": password})
}

// AssertIdentity says that an account's own identity is, or is not, verified.
func (c *Client) AssertIdentity(ctx context.Context, account string, verified bool, source string) (out Account, err error) {
	return c.Assert(ctx, account, Assertion{Verified: verified, Source: source})
}

// Assertion says that a customer is, or is not, who they say: who vouches for it, and on
// what that rests.
type Assertion struct {
	Verified bool   `json:"verified"`
	Source   string `json:"source"`
	Evidence string `json:"evidence,omitempty"`
}

// Assert is AssertIdentity with evidence.
func (c *Client) Assert(ctx context.Context, account string, a Assertion) (out Account, err error) {
	return out, c.call(ctx, http.MethodPut, "/accounts/"+escape(account)+"/identity", a, &out)
}

// VerifyAccount asks the desk to verify the account on the strength of a verified profile.
func (c *Client) VerifyAccount(ctx context.Context, profile string) (Account, error) {
	return post[Account](ctx, c, "/account/identity", map[string]string{"profile": profile})
}

// Account reads the own account.
func (c *Client) Account(ctx context.Context) (Account, error) {
	return get[Account](ctx, c, "/account")
}
