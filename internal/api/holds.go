package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
)

// Hold is one cause of a domain's clientHold.
type Hold struct {
	Cause    string     `json:"cause" enum:"email,dispute,abuse,unpaid,operator,external"`
	Text     Words      `json:"text"`
	PlacedAt time.Time  `json:"placed_at"`
	LiftedAt *time.Time `json:"lifted_at,omitempty"`
	// The rest is for staff.
	Author    string `json:"author,omitempty" doc:"Who has placed it; for staff."`
	Evidence  string `json:"evidence,omitempty" doc:"What it rests on; for staff."`
	LiftedBy  string `json:"lifted_by,omitempty" doc:"For staff."`
	LiftedWhy string `json:"lifted_why,omitempty" doc:"For staff."`
}

func (s *Server) holdOf(h domain.Hold, staff bool) Hold {
	out := Hold{Cause: string(h.Cause), Text: s.texts.Both("hold."+string(h.Cause), nil), PlacedAt: h.PlacedAt.Time, LiftedAt: when(h.LiftedAt.Time)}
	if staff {
		out.Author, out.Evidence, out.LiftedBy, out.LiftedWhy = h.Author, h.Evidence, h.LiftedBy, h.LiftedWhy
	}
	return out
}

func (s *Server) holds() {
	show := func(ctx context.Context, found []domain.Hold, err error) (*body[list[Hold]], error) {
		staff := actorOf(ctx).May(actor.DomainHold)
		return answer(listOf(found, func(h domain.Hold) Hold { return s.holdOf(h, staff) }), err)
	}
	handle(s, op{id: "list-holds", method: "GET", path: "/domains/{name}/holds", summary: "Why a domain is, and was, on clientHold", tag: "Domain names"},
		func(ctx context.Context, in *byName) (*body[list[Hold]], error) {
			found, err := s.Domains.Holds(ctx, actorOf(ctx), in.Name)
			return show(ctx, found, err)
		})
	type placing struct {
		Name string `path:"name"`
		Body struct {
			Cause    string `json:"cause" enum:"email,dispute,abuse,unpaid,operator"`
			Evidence string `json:"evidence" maxLength:"2000" doc:"What it rests on: a case number, a link, a note."`
		}
	}
	handle(s, op{
		id: "place-hold", method: "POST", path: "/domains/{name}/holds",
		summary: "Put a domain on clientHold for a cause", tag: "Operation", status: 201,
	},
		func(ctx context.Context, in *placing) (*body[list[Hold]], error) {
			found, err := s.Domains.Hold(ctx, actorOf(ctx), in.Name, domain.HoldCause(in.Body.Cause), in.Body.Evidence)
			return show(ctx, found, err)
		})
	type lifting struct {
		Name   string `path:"name"`
		Cause  string `path:"cause"`
		Reason string `query:"reason" required:"true" maxLength:"2000" doc:"Why it is lifted."`
	}
	handle(s, op{
		id: "lift-hold", method: "DELETE", path: "/domains/{name}/holds/{cause}",
		summary: "Take a cause of a clientHold away; with the last one the hold is lifted", tag: "Operation",
	},
		func(ctx context.Context, in *lifting) (*body[list[Hold]], error) {
			found, err := s.Domains.Lift(ctx, actorOf(ctx), in.Name, domain.HoldCause(in.Cause), in.Reason)
			return show(ctx, found, err)
		})
}
