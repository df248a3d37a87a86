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
	State      string     `json:"state" enum:"unverified,pending,verified,bounced"`
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
	type bounce struct {
		Body struct {
			Address string `json:"address" maxLength:"320"`
			Hard    bool   `json:"hard" doc:"The mail comes back for good (5.x.x), and is not only late."`
			Status  string `json:"status,omitempty" maxLength:"20" doc:"The enhanced status code of RFC 3463, as 5.1.1."`
			Words   string `json:"words,omitempty" maxLength:"1000" doc:"What the other mail server said."`
		}
	}
	type counted struct {
		Doubted int `json:"doubted" doc:"How many accounts have an address that is not verified any more because of it."`
	}
	handle(s, op{id: "report-email-bounce", method: "POST", path: "/email-bounces", summary: "Report that mail to an address came back", tag: "E-mail",
		about: "A hard bounce takes the verification of the address back, in every account; a soft one is only noted. Reporting it again changes nothing more."},
		func(ctx context.Context, in *bounce) (*body[counted], error) {
			n, err := s.Emails.Report(ctx, actorOf(ctx), emailcheck.Bounce{Address: in.Body.Address, Hard: in.Body.Hard, Status: in.Body.Status, Words: in.Body.Words})
			return answer(counted{n}, err)
		})
	handle(s, op{id: "get-email-verification", method: "GET", path: "/email-verifications/{id}", summary: "Read where an address stands", tag: "E-mail"},
		func(ctx context.Context, in *byID) (*body[EmailAddress], error) {
			a, err := s.Emails.Find(ctx, actorOf(ctx), in.ID)
			return answer(emailOf(a), err)
		})
}
