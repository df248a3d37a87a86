package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/timeline"
)

// Timeline is what has happened, the newest first, and what is expected next.
type Timeline struct {
	Expected []Expected  `json:"expected" doc:"What is expected next, the earliest first; on the first page only."`
	Items    []Happening `json:"items"`
	Next     string      `json:"next,omitempty" doc:"Give it as after to get the next page; absent on the last one."`
}

// Expected is something that has not happened yet.
type Expected struct {
	Code    string    `json:"code"`
	At      time.Time `json:"at"`
	Overdue bool      `json:"overdue" doc:"It should have happened by now."`
	Text    Words     `json:"text"`
}

// Happening is something that has happened.
type Happening struct {
	At      time.Time `json:"at"`
	Type    string    `json:"type"`
	Text    Words     `json:"text"`
	Code    string    `json:"code,omitempty" doc:"Why, where something failed."`
	Reason  *Words    `json:"reason,omitempty"`
	Reasons []Reason  `json:"reasons,omitempty" doc:"Why a review failed."`
	Said    string    `json:"said,omitempty" doc:"What the registry said of it, in its own words."`
	Sent    *Sent     `json:"sent,omitempty" doc:"For staff: the command that the registry was sent."`
}

// Sent is a command as a registry saw it.
type Sent struct {
	Registry string    `json:"registry"`
	Command  string    `json:"command,omitempty" doc:"In EPP's terms; absent for what goes over another channel."`
	At       time.Time `json:"at" doc:"When it was sent; the answer came at the time of the happening."`
	Code     int       `json:"code" doc:"The registry's result code, 0 for none."`
	ClTRID   string    `json:"cltrid"`
	SvTRID   string    `json:"svtrid,omitempty"`
}

func (s *Server) happeningOf(e timeline.Entry) Happening {
	out := Happening{At: e.At, Type: e.Type, Text: s.texts.Both("timeline."+e.Type, e.Params), Said: e.Params["Words"]}
	if e.Reason != nil {
		words := s.texts.Both(e.Reason.Code, e.Reason.Params)
		out.Code, out.Reason = e.Reason.Code, &words
	}
	if x := e.Sent; x != nil {
		out.Sent = &Sent{Registry: x.Registry, Command: x.Command, At: x.At, Code: x.Code, ClTRID: x.ClTRID, SvTRID: x.SvTRID}
	}
	for _, r := range e.Reasons {
		out.Reasons = append(out.Reasons, s.reasonOf(r))
	}
	return out
}

func (s *Server) timelineOf(p timeline.Page) Timeline {
	now := s.Store.Now()
	expected := func(d domain.Due) Expected {
		return Expected{Code: d.Code, At: d.At, Overdue: !now.Before(d.At), Text: s.texts.Both("expected."+d.Code, nil)}
	}
	return Timeline{Expected: listOf(p.Expected, expected).Items, Items: listOf(p.Entries, s.happeningOf).Items, Next: p.Next}
}

func (s *Server) timelines() {
	type ofDomain struct {
		Name  string `path:"name"`
		After string `query:"after" maxLength:"200" doc:"The next of the page before."`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{
		id: "get-domain-timeline", method: "GET", path: "/domains/{name}/timeline",
		summary: "Everything that has happened to a domain, and what is expected next", tag: "Domain names",
	},
		func(ctx context.Context, in *ofDomain) (*body[Timeline], error) {
			p, err := s.Timelines.Domain(ctx, actorOf(ctx), in.Name, in.After, in.Limit)
			return answer(s.timelineOf(p), err)
		})
	type ofProfile struct {
		ID    string `path:"id"`
		After string `query:"after" maxLength:"200" doc:"The next of the page before."`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{
		id: "get-profile-timeline", method: "GET", path: "/profiles/{id}/timeline",
		summary: "Everything that has happened to a profile, and what is expected next", tag: "Registrant profiles",
	},
		func(ctx context.Context, in *ofProfile) (*body[Timeline], error) {
			p, err := s.Timelines.Profile(ctx, actorOf(ctx), in.ID, in.After, in.Limit)
			return answer(s.timelineOf(p), err)
		})
}
