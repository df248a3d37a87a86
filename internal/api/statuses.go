package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/status"
)

// Status is what a status of a domain name means.
type Status struct {
	Code         string  `json:"code"`
	Axis         string  `json:"axis" enum:"registry,grace_period,compliance,verification" doc:"What it is about: the registry's own statuses, its grace periods, its word about verification, or one of our two verdicts."`
	Meaning      Words   `json:"meaning"`
	SetBy        []Party `json:"set_by" doc:"Who sets it."`
	LiftedBy     []Party `json:"lifted_by" doc:"Who can take it off."`
	SpoilsNormal bool    `json:"spoils_normal" doc:"Whether a domain that has it is not normal."`
	Remedy       Words   `json:"remedy" doc:"What to do."`
}

// Party sets or lifts a status.
type Party struct {
	Code string `json:"code" enum:"registrar,registry,registrant,authority,time,nobody"`
	Text Words  `json:"text"`
}

// StatusOf is a status that a domain has.
type StatusOf struct {
	Status
	Verdict string       `json:"verdict,omitempty" enum:"naming,real_name" doc:"Which verdict, for a status of verification."`
	Cause   *StatusCause `json:"cause,omitempty" doc:"Why the domain has it; left out where a status has no cause."`
}

// StatusCause is why a domain has a status.
type StatusCause struct {
	Known bool       `json:"known" doc:"False: nobody has said why, and the text says whom to ask. A cause is never guessed."`
	Code  string     `json:"code"`
	Text  Words      `json:"text"`
	Since *time.Time `json:"since,omitempty" doc:"When it was said."`
}

func (s *Server) explained(x status.Status, remedy string) Status {
	party := func(p status.Party) Party {
		return Party{Code: string(p), Text: s.texts.Both("party."+string(p), nil)}
	}
	return Status{
		Code: x.Code, Axis: string(x.Axis), Meaning: s.texts.Both(x.Meaning(), nil), SetBy: listOf(x.SetBy, party).Items,
		LiftedBy:     listOf(x.LiftedBy, party).Items,
		SpoilsNormal: x.Spoils, Remedy: s.texts.Both(remedy, nil),
	}
}

func (s *Server) statusOf(x domain.Explained) StatusOf {
	out := StatusOf{Status: s.explained(x.Status, x.Advice), Verdict: string(x.Of)}
	if c := x.Cause; c != nil {
		out.Cause = &StatusCause{Known: c.Known, Code: c.Reason.Code, Text: s.texts.Both(c.Reason.Code, c.Reason.Params), Since: when(c.Since)}
	}
	return out
}

func (s *Server) statuses() {
	plain := func(x status.Status) Status { return s.explained(x, x.Remedy()) }
	handle(s, op{id: "list-statuses", method: "GET", path: "/statuses", summary: "Every status that a domain name may have, explained", tag: "Domain names"},
		func(context.Context, *none) (*body[list[Status]], error) {
			return answer(listOf(status.All(), plain), nil)
		})
	type byCode struct {
		Code string `path:"code" maxLength:"64"`
	}
	handle(s, op{
		id: "explain-status", method: "GET", path: "/statuses/{code}",
		summary: "Explain a status: what it means, who sets and lifts it, what to do", tag: "Domain names",
		about: "Takes the spelling of EPP (serverHold) and that of RDAP (server hold).",
	},
		func(_ context.Context, in *byCode) (*body[Status], error) {
			x, ok := status.Find(in.Code)
			if !ok {
				return nil, fault.New(fault.NotFound, "status_unknown").With("Status", in.Code)
			}
			return answer(plain(x), nil)
		})
	type note struct {
		Name string `path:"name"`
		Code string `path:"code" maxLength:"64"`
		Body struct {
			Words string `json:"words" maxLength:"2000" doc:"What the registry has told us; the owner of the domain reads it. Empty takes it away."`
		}
	}
	handle(s, op{
		id: "note-status", method: "PUT", path: "/domains/{name}/statuses/{code}/note",
		summary: "Note why the registry has set a status, as it told us", tag: "Operation",
	},
		func(ctx context.Context, in *note) (*body[Domain], error) {
			d, err := s.Domains.NoteStatus(ctx, actorOf(ctx), in.Name, in.Code, in.Body.Words)
			if err != nil {
				return nil, err
			}
			return answer(s.domainOf(d), nil)
		})
}
