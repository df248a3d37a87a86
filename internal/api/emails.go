package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/emailcheck"
)

// EmailAddress is where the verification of an address stands.
type EmailAddress struct {
	ID         string     `json:"id"`
	Address    string     `json:"address"`
	State      string     `json:"state" enum:"unverified,pending,verified"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	VerifiedAt *time.Time `json:"verified_at,omitempty"`
}

func emailOf(a emailcheck.Address) EmailAddress {
	return EmailAddress{ID: a.PublicID, Address: a.Address, State: string(a.State), SentAt: when(a.SentAt.Time), VerifiedAt: when(a.VerifiedAt.Time)}
}

func (s *Server) emails() {
	type emailRequest struct {
		Body struct {
			Email string `json:"email" maxLength:"320"`
		}
	}
	handle(s, op{id: "request-email-verification", method: "POST", path: "/email-verifications", summary: "Have a verification link mailed", tag: "E-mail", status: 202},
		func(ctx context.Context, in *emailRequest) (*body[EmailAddress], error) {
			a, err := s.Emails.Request(ctx, actorOf(ctx), in.Body.Email)
			return answer(emailOf(a), err)
		})
	handle(s, op{id: "get-email-verification", method: "GET", path: "/email-verifications/{id}", summary: "Read where an address stands", tag: "E-mail"},
		func(ctx context.Context, in *byID) (*body[EmailAddress], error) {
			a, err := s.Emails.Find(ctx, actorOf(ctx), in.ID)
			return answer(emailOf(a), err)
		})
}
