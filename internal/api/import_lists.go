package api

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
)

// ImportList is a list of names that are looked up at their registries before they are imported.
type ImportList struct {
	ID        string         `json:"id"`
	Name      string         `json:"name" doc:"What whoever sent it calls it."`
	State     string         `json:"state" enum:"checking,checked,running,ended,cancelled" doc:"checked: it waits for somebody to have it imported."`
	Total     int            `json:"total"`
	Rows      map[string]int `json:"rows,omitempty" doc:"How many names are in each state; where one list is read."`
	CreatedAt time.Time      `json:"created_at"`
	EndedAt   *time.Time     `json:"ended_at,omitempty"`
}

// ImportRow is one name of a list.
type ImportRow struct {
	Position      int       `json:"position"`
	Line          int       `json:"line"`
	Domain        string    `json:"domain"`
	Account       string    `json:"account"`
	Accreditation string    `json:"accreditation"`
	State         string    `json:"state" enum:"waiting,found,importing,imported,refused"`
	Code          string    `json:"code,omitempty" doc:"Why it was refused."`
	Reason        *Words    `json:"reason,omitempty"`
	Found         *Prospect `json:"found,omitempty" doc:"What the registry has of it."`
}

func importListOf(l domain.ImportList) ImportList {
	return ImportList{ID: l.PublicID, Name: l.FileName, State: string(l.State), Total: l.Total, CreatedAt: l.CreatedAt.Time, EndedAt: when(l.EndedAt.Time)}
}

func (s *Server) importRowOf(r domain.ImportRow) ImportRow {
	out := ImportRow{Position: r.Position, Line: r.Line, Domain: domain.Display(r.Name), Account: r.Account, Accreditation: string(r.Accreditation), State: string(r.State), Code: r.Reason}
	if r.Reason != "" {
		words := s.texts.Both(r.Reason, r.Params)
		out.Reason = &words
	}
	if r.Registry != "" {
		out.Found = prospectOf(domain.Prospect{Registry: r.Registry, Registrant: r.Registrant, Statuses: r.Statuses, ExpiresAt: r.ExpiresAt.Time, DueAt: r.DueAt.Time})
	}
	return out
}

func (s *Server) importLists() {
	type name struct {
		Domain        string `json:"domain" maxLength:"255"`
		Account       string `json:"account,omitempty" maxLength:"64" doc:"Where it is another than that of the list."`
		Accreditation string `json:"accreditation,omitempty" enum:"mainland,overseas" doc:"Where it is another than that of the list."`
		Line          int    `json:"line,omitempty" minimum:"1" doc:"Where it stands in a file; its place in the list where left out."`
		Column        int    `json:"column,omitempty" minimum:"1"`
	}
	type names struct {
		Body struct {
			Name          string `json:"name,omitempty" maxLength:"255" default:"names" doc:"What the list is called."`
			Account       string `json:"account,omitempty" maxLength:"64"`
			Accreditation string `json:"accreditation,omitempty" enum:"mainland,overseas" default:"mainland"`
			Names         []name `json:"names" doc:"At most 10,000."`
		}
	}
	handle(s, op{id: "create-import-list", method: "POST", path: "/import-lists", summary: "Have the registries asked about a list of names that are to be imported", tag: "Operation", status: 202, maxBody: 8 << 20, time: time.Minute,
		about: "Nothing is imported until somebody has looked at the answers and wants that (`…/import`)."},
		func(ctx context.Context, in *names) (*body[ImportList], error) {
			wanted := make([]domain.Wanted, len(in.Body.Names))
			for i, n := range in.Body.Names {
				wanted[i] = domain.Wanted{Line: cmp.Or(n.Line, i+1), Column: cmp.Or(n.Column, 1), Name: n.Domain, Account: cmp.Or(n.Account, in.Body.Account), Accreditation: policy.Accreditation(cmp.Or(n.Accreditation, in.Body.Accreditation))}
			}
			l, err := s.Domains.ListImport(ctx, actorOf(ctx), in.Body.Name, wanted)
			return answer(importListOf(l), err)
		})
	type earlier struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-import-lists", method: "GET", path: "/import-lists", summary: "List the lists of names that were sent, the newest first", tag: "Operation"},
		func(ctx context.Context, in *earlier) (*body[list[ImportList]], error) {
			found, next, err := s.Domains.ImportLists(ctx, actorOf(ctx), in.After, in.Limit)
			out := listOf(found, importListOf)
			out.Next = next
			return answer(out, err)
		})
	handle(s, op{id: "get-import-list", method: "GET", path: "/import-lists/{id}", summary: "Read how far a list of names is", tag: "Operation"},
		func(ctx context.Context, in *byID) (*body[ImportList], error) {
			l, err := s.Domains.FindImportList(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return s.countedList(ctx, l)
		})
	type rows struct {
		ID    string `path:"id"`
		State string `query:"state" enum:"waiting,found,importing,imported,refused"`
		After int    `query:"after" minimum:"0" doc:"Position of the first row."`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}
	handle(s, op{id: "list-import-rows", method: "GET", path: "/import-lists/{id}/rows", summary: "What the registries have of the names of a list, and what became of them", tag: "Operation"},
		func(ctx context.Context, in *rows) (*body[list[ImportRow]], error) {
			l, err := s.Domains.FindImportList(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			found, err := s.Domains.ImportRows(ctx, l, domain.ImportRowState(in.State), in.After, in.Limit+1)
			next := ""
			if len(found) > in.Limit {
				next, found = strconv.Itoa(found[in.Limit].Position), found[:in.Limit]
			}
			out := listOf(found, s.importRowOf)
			out.Next = next
			return answer(out, err)
		})
	for _, act := range []struct {
		name, summary string
		do            func(context.Context, actor.Actor, string) (domain.ImportList, error)
	}{
		{"check", "Ask the registries again about the names that were refused", s.Domains.CheckListAgain},
		{"import", "Import the names that the registries have under our sponsorship", s.Domains.ImportListed},
		{"cancel", "Leave the names alone that are not imported yet", s.Domains.CancelImportList},
	} {
		handle(s, op{id: act.name + "-import-list", method: "POST", path: "/import-lists/{id}/" + act.name, summary: act.summary, tag: "Operation"},
			func(ctx context.Context, in *byID) (*body[ImportList], error) {
				l, err := act.do(ctx, actorOf(ctx), in.ID)
				if err != nil {
					return nil, err
				}
				return s.countedList(ctx, l)
			})
	}
}

// countedList is a list with how many of its names are in each state.
func (s *Server) countedList(ctx context.Context, l domain.ImportList) (*body[ImportList], error) {
	counts, err := s.Domains.CountRows(ctx, l)
	out := importListOf(l)
	out.Rows = make(map[string]int, len(counts))
	for state, n := range counts {
		out.Rows[string(state)] = n
	}
	return answer(out, err)
}
