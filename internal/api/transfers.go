package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
)

// Transfer is the wish for a domain that another registrar has.
type Transfer struct {
	ID        string     `json:"id"`
	Domain    string     `json:"domain"`
	State     string     `json:"state" enum:"requesting,pending,cancelling,completed,failed,cancelled"`
	Years     int        `json:"years"`
	Code      string     `json:"code,omitempty" doc:"Why it failed."`
	Reason    *Words     `json:"reason,omitempty" doc:"Why it failed, and what to do."`
	ActBy     *time.Time `json:"act_by,omitempty" doc:"Until when the present registrar may act."`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

func (s *Server) transferOf(t domain.Transfer) Transfer {
	out := Transfer{ID: t.PublicID, Domain: domain.Display(t.Name), State: string(t.State), Years: t.Years, Code: t.Reason, ActBy: when(t.ActBy.Time),
		CreatedAt: t.CreatedAt.Time, EndedAt: when(t.EndedAt.Time)}
	if t.Reason != "" {
		words := s.texts.Both(t.Reason, t.Params)
		out.Reason = &words
	}
	return out
}

func (s *Server) transfers() {
	show := func(t domain.Transfer, err error) (*body[Transfer], error) {
		if err != nil {
			return nil, err
		}
		return answer(s.transferOf(t), nil)
	}
	type request struct {
		Body struct {
			Domain   string `json:"domain" maxLength:"255" example:"example.cn"`
			Profile  string `json:"profile" doc:"A verified profile that fits the suffix; its holder becomes the registrant."`
			AuthInfo string `json:"auth_info" maxLength:"255" doc:"The transfer password from the present registrar."`
			Years    int    `json:"years,omitempty" minimum:"1" maximum:"10" default:"1"`
		}
	}
	handle(s, op{
		id: "request-transfer", method: "POST", path: "/transfers",
		summary: "Ask for a domain that another registrar has; the open transfer where it is asked for already",
		tag:     "Transfers", status: 201,
	},
		func(ctx context.Context, in *request) (*body[Transfer], error) {
			return show(s.Domains.RequestTransfer(ctx, actorOf(ctx), domain.TransferRequest{
				Domain: in.Body.Domain, Profile: in.Body.Profile, AuthInfo: in.Body.AuthInfo, Years: in.Body.Years,
			}))
		})
	type filter struct {
		State string `query:"state" enum:"requesting,pending,cancelling,completed,failed,cancelled"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-transfers", method: "GET", path: "/transfers", summary: "List transfers to us, the newest first", tag: "Transfers"},
		func(ctx context.Context, in *filter) (*body[list[Transfer]], error) {
			found, next, err := s.Domains.ListTransfers(ctx, actorOf(ctx), domain.TransferState(in.State), in.After, in.Limit)
			out := listOf(found, s.transferOf)
			out.Next = next
			return answer(out, err)
		})
	handle(s, op{id: "get-transfer", method: "GET", path: "/transfers/{id}", summary: "Read how a transfer stands", tag: "Transfers"},
		func(ctx context.Context, in *byID) (*body[Transfer], error) {
			return show(s.Domains.FindTransfer(ctx, actorOf(ctx), in.ID))
		})
	handle(s, op{id: "cancel-transfer", method: "DELETE", path: "/transfers/{id}", summary: "Take the request for a domain back", tag: "Transfers"},
		func(ctx context.Context, in *byID) (*body[Transfer], error) {
			return show(s.Domains.CancelTransfer(ctx, actorOf(ctx), in.ID))
		})
}
