package api

import (
	"bytes"
	"context"
	"time"

	"github.com/verinym/verinym/internal/dsn"
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
	handle(s, op{
		id: "request-email-verification", method: "POST", path: "/email-verifications",
		summary: "Have a verification link mailed", tag: "E-mail", status: 202,
	},
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
	type returned struct {
		RawBody []byte `contentType:"message/rfc822"`
	}
	type taken struct {
		Address string `json:"address" doc:"Whom the mail that came back was for."`
		As      string `json:"as,omitempty" enum:"hard,soft,complaint" doc:"How it came back; absent when the report says that all is well."`
		Doubted int    `json:"doubted" doc:"How many accounts have an address that is not verified any more because of it."`
	}
	handle(s, op{
		id: "take-returned-mail", method: "POST", path: "/email-bounces/mail",
		summary: "Take a mail that came back, as it arrived", tag: "E-mail", maxBody: dsn.MaxBytes,
		about: "A delivery status (RFC 3464) or a complaint (RFC 5965), with the content type message/rfc822. It counts only where it names a mail of ours by the tag that stood in it. For mail servers: keys with the role mail_server do nothing else.",
	},
		func(ctx context.Context, in *returned) (*body[taken], error) {
			r, err := s.Post.Take(ctx, actorOf(ctx), bytes.NewReader(in.RawBody))
			return answer(taken{r.Address, r.As, r.Doubted}, err)
		})
	handle(s, op{id: "get-email-verification", method: "GET", path: "/email-verifications/{id}", summary: "Read where an address stands", tag: "E-mail"},
		func(ctx context.Context, in *byID) (*body[EmailAddress], error) {
			a, err := s.Emails.Find(ctx, actorOf(ctx), in.ID)
			return answer(emailOf(a), err)
		})
}
