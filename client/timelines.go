package client

import (
	"time"
)

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
