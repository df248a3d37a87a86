package client

import "time"

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

// Timeline is what has happened, the newest first, and what is expected next, the earliest
// first.
type Timeline struct {
	Expected []Expected  `json:"expected"`
	Items    []Happening `json:"items"`
	Next     string      `json:"next"`
}

// Expected is something that has not happened yet.
type Expected struct {
	Code    string    `json:"code"`
	At      time.Time `json:"at"`
	Overdue bool      `json:"overdue"`
	Text    Words     `json:"text"`
}

// Happening is something that has happened.
type Happening struct {
	At      time.Time `json:"at"`
	Type    string    `json:"type"`
	Text    Words     `json:"text"`
	Code    string    `json:"code"`
	Reason  *Words    `json:"reason"`
	Reasons []Reason  `json:"reasons"`
	Said    string    `json:"said"`
	// Sent is for staff: the command that the registry was sent.
	Sent *Sent `json:"sent"`
}

// Sent is a command as a registry saw it. Command is in EPP's terms, "" for what goes over
// another channel.
type Sent struct {
	Registry string    `json:"registry"`
	Command  string    `json:"command"`
	At       time.Time `json:"at"`
	Code     int       `json:"code"`
	ClTRID   string    `json:"cltrid"`
	SvTRID   string    `json:"svtrid"`
}

// page is a list answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
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
