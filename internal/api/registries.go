package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/registry"
)

// RegistryFinding is what an operator should know of a registry account.
type RegistryFinding struct {
	ID       string     `json:"id"`
	Registry string     `json:"registry"`
	Code     string     `json:"code"`
	Text     Words      `json:"text" doc:"What it is, and what to do about it."`
	Subject  string     `json:"subject,omitempty" doc:"What it is about: a namespace, a message, a code, a domain."`
	Times    int        `json:"times" doc:"How often it was found; a finding is counted once a minute at most."`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	ClosedBy string     `json:"closed_by,omitempty"`
}

// RegistryMessage is a message of a registry as it came.
type RegistryMessage struct {
	Registry   string    `json:"registry"`
	ID         string    `json:"id"`
	State      string    `json:"state" enum:"new,applied,unknown,stuck"`
	ReceivedAt time.Time `json:"received_at"`
	Raw        string    `json:"raw" doc:"The registry's whole answer, as XML."`
}

func (s *Server) registryFindingOf(f registry.Finding) RegistryFinding {
	return RegistryFinding{ID: f.PublicID, Registry: f.Registry, Code: f.Code, Text: s.texts.Both(f.Code, f.Params), Subject: f.Subject, Times: f.Times,
		FirstAt: f.FirstAt.Time, LastAt: f.LastAt.Time, ClosedAt: when(f.ClosedAt.Time), ClosedBy: f.ClosedBy}
}

func (s *Server) registries() {
	type page struct {
		Closed bool `query:"closed" doc:"Also those that have passed or that somebody has closed."`
		Limit  int  `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	handle(s, op{id: "list-registry-findings", method: "GET", path: "/registries/findings", summary: "What is wrong with a registry, the newest first", tag: "Operation"},
		func(ctx context.Context, in *page) (*body[list[RegistryFinding]], error) {
			found, err := s.Registries.Findings(ctx, actorOf(ctx), in.Closed, in.Limit)
			return answer(listOf(found, s.registryFindingOf), err)
		})
	handle(s, op{id: "get-registry-message", method: "GET", path: "/registries/findings/{id}/message", summary: "Read the message that a finding is about, as the registry sent it", tag: "Operation"},
		func(ctx context.Context, in *byID) (*body[RegistryMessage], error) {
			m, err := s.Registries.MessageOf(ctx, actorOf(ctx), in.ID)
			return answer(RegistryMessage{Registry: m.Registry, ID: m.ID, State: m.State, ReceivedAt: m.ReceivedAt, Raw: m.Raw}, err)
		})
	handle(s, op{id: "close-registry-finding", method: "POST", path: "/registries/findings/{id}/closing", summary: "Say that somebody has seen to a finding", tag: "Operation"},
		func(ctx context.Context, in *byID) (*body[RegistryFinding], error) {
			f, err := s.Registries.CloseFinding(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return answer(s.registryFindingOf(f), nil)
		})
}
