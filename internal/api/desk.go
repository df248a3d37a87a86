package api

import (
	"context"

	"github.com/verinym/verinym/internal/review"
)

// CaseOutcome is what became of one of many cases.
type CaseOutcome struct {
	ID     string        `json:"id"`
	Result *Case         `json:"result,omitempty"`
	Error  *ProblemEntry `json:"error,omitempty"`
}

// CasesWanted is which cases of the queue are wanted. It is exported because operations
// embed it: huma passes over the parameters of an embedded type that is not.
type CasesWanted struct {
	Kind      string `query:"kind" enum:"profile_version,domain_name,enhanced_verification,account_identity,qualification"`
	Suffix    string `query:"suffix" maxLength:"64" doc:"That of the name, or the one the profile is meant for."`
	Priority  string `query:"priority" pattern:"^[0-9]$" doc:"Just this one."`
	Overdue   bool   `query:"overdue" doc:"Those whose expected day is over."`
	Escalated bool   `query:"escalated" doc:"Those that wait for a lead."`
	Mine      bool   `query:"mine" doc:"Those that you hold or are assigned."`
	Free      bool   `query:"free" doc:"Those that nobody holds."`
	Second    bool   `query:"second" doc:"Those that one reviewer has approved and another is to look at."`
	Order     string `query:"order" enum:"urgency,age,expected" default:"urgency" doc:"Urgency is the higher priority first, then the earlier expected day."`
}

func (w CasesWanted) filter() review.Filter {
	f := review.Filter{
		Kind: review.Kind(w.Kind), Suffix: w.Suffix, Overdue: w.Overdue, Escalated: w.Escalated, Mine: w.Mine,
		Free: w.Free, Second: w.Second, Order: review.Order(w.Order),
	}
	if w.Priority != "" {
		p := int(w.Priority[0] - '0')
		f.Priority = &p
	}
	return f
}

// showCase answers with a case, or with why there is none.
type showCase func(review.Case, error) (*body[Case], error)

func (s *Server) queue(show showCase) {
	type page struct {
		CasesWanted
		After string `query:"after" doc:"The next of the page before."`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
	}
	handle(s, op{id: "list-reviews", method: "GET", path: "/reviews", summary: "The desk's queue, the most urgent first", tag: "Reviews"},
		func(ctx context.Context, in *page) (*body[list[Case]], error) {
			found, next, err := s.Reviews.Queue(ctx, actorOf(ctx), in.filter(), in.After, in.Limit)
			out := listOf(found, func(c review.Case) Case { return s.caseOf(c, nil) })
			out.Next = next
			return answer(out, err)
		})
	handle(s, op{id: "claim-next-review", method: "POST", path: "/reviews/claim", summary: "Claim the first case of the queue that you may have", tag: "Reviews"},
		func(ctx context.Context, in *CasesWanted) (*body[Case], error) {
			return show(s.Reviews.ClaimNext(ctx, actorOf(ctx), in.filter()))
		})
	type more struct {
		ID   string `path:"id"`
		Body struct {
			Side      string `json:"side,omitempty" maxLength:"40" doc:"Another side of the document."`
			Document  string `json:"document,omitempty" maxLength:"500" doc:"Another document, in the registrant's words; several stand on lines of their own, and a picture of each is asked for."`
			Note      string `json:"note,omitempty" maxLength:"2000" doc:"For the registrant."`
			StaffNote string `json:"staff_note,omitempty" maxLength:"2000" doc:"For staff only."`
		}
	}
	handle(s, op{
		id: "ask-more", method: "POST", path: "/reviews/{id}/request",
		summary: "Return a claimed case and ask for another side or other documents", tag: "Reviews",
	},
		func(ctx context.Context, in *more) (*body[Case], error) {
			return show(s.Reviews.AskMore(ctx, actorOf(ctx), in.ID, review.More{
				Side: in.Body.Side, Document: in.Body.Document, Note: in.Body.Note, StaffNote: in.Body.StaffNote,
			}))
		})
	type escalation struct {
		ID   string `path:"id"`
		Body struct {
			Cause string `json:"cause" minLength:"1" maxLength:"2000" doc:"For staff only."`
		}
	}
	handle(s, op{id: "escalate-review", method: "POST", path: "/reviews/{id}/escalation", summary: "Put a claimed case before a lead", tag: "Reviews"},
		func(ctx context.Context, in *escalation) (*body[Case], error) {
			return show(s.Reviews.Escalate(ctx, actorOf(ctx), in.ID, in.Body.Cause))
		})
	type sendBack struct {
		Body struct {
			Cases   []string      `json:"cases" minItems:"1" maxItems:"200"`
			Reasons []GivenReason `json:"reasons" minItems:"1" maxItems:"20"`
		}
	}
	handle(s, op{
		id: "return-reviews", method: "POST", path: "/reviews/return",
		summary: "Return many cases to their registrants for the same reasons", tag: "Reviews",
		about: "Each by itself; the answer says what became of it. There is no approval of many cases.",
	},
		func(ctx context.Context, in *sendBack) (*body[list[CaseOutcome]], error) {
			return s.each(ctx, in.Body.Cases, func(id string) (review.Case, error) {
				return s.Reviews.SendBack(ctx, actorOf(ctx), id, reasonsOf(in.Body.Reasons))
			})
		})
	type absence struct {
		Returned int `json:"returned" doc:"How many cases went back into the queue."`
	}
	handle(s, op{
		id: "start-absence", method: "PUT", path: "/reviews/absence",
		summary: "Be away: what you hold or are assigned goes back into the queue", tag: "Reviews",
	},
		func(ctx context.Context, _ *none) (*body[absence], error) {
			n, err := s.Reviews.Away(ctx, actorOf(ctx))
			return answer(absence{n}, err)
		})
	handle(s, op{id: "end-absence", method: "DELETE", path: "/reviews/absence", summary: "Be back", tag: "Reviews", status: 204},
		func(ctx context.Context, _ *none) (*struct{}, error) {
			return nil, s.Reviews.Back(ctx, actorOf(ctx))
		})
}

func (s *Server) leads(show showCase) {
	type assign struct {
		ID   string `path:"id"`
		Body struct {
			Reviewer string `json:"reviewer" maxLength:"64" doc:"The id of a person or key; empty gives the case back to all."`
		}
	}
	handle(s, op{id: "assign-review", method: "PUT", path: "/reviews/{id}/assignee", summary: "Give a case to one reviewer", tag: "Reviews",
		about: "Whoever else holds it loses it."},
		func(ctx context.Context, in *assign) (*body[Case], error) {
			return show(s.Reviews.Assign(ctx, actorOf(ctx), in.ID, in.Body.Reviewer))
		})
	type assignMany struct {
		Body struct {
			Cases    []string `json:"cases" minItems:"1" maxItems:"200"`
			Reviewer string   `json:"reviewer" maxLength:"64"`
		}
	}
	handle(s, op{id: "assign-reviews", method: "POST", path: "/reviews/assignment", summary: "Give many cases to one reviewer", tag: "Reviews"},
		func(ctx context.Context, in *assignMany) (*body[list[CaseOutcome]], error) {
			return s.each(ctx, in.Body.Cases, func(id string) (review.Case, error) {
				return s.Reviews.Assign(ctx, actorOf(ctx), id, in.Body.Reviewer)
			})
		})
	type reversal struct {
		ID   string `path:"id"`
		Body struct {
			Cause   string        `json:"cause" minLength:"1" maxLength:"2000" doc:"For staff only."`
			Reasons []GivenReason `json:"reasons,omitempty" maxItems:"20" doc:"Why what had passed has failed now."`
		}
	}
	handle(s, op{id: "reverse-review", method: "POST", path: "/reviews/{id}/reversal", summary: "Take a verdict of the desk back", tag: "Reviews",
		about: "What had passed has failed then; what had failed is in review again, unless the registrant has gone on with a new version."},
		func(ctx context.Context, in *reversal) (*body[Case], error) {
			return show(s.Reviews.Reverse(ctx, actorOf(ctx), in.ID, in.Body.Cause, reasonsOf(in.Body.Reasons)))
		})
	type prioritise struct {
		ID   string `path:"id"`
		Body struct {
			Priority int `json:"priority" minimum:"0" maximum:"9"`
		}
	}
	handle(s, op{id: "prioritise-review", method: "PUT", path: "/reviews/{id}/priority", summary: "Say how urgent a case is", tag: "Reviews"},
		func(ctx context.Context, in *prioritise) (*body[Case], error) {
			return show(s.Reviews.Prioritise(ctx, actorOf(ctx), in.ID, in.Body.Priority))
		})
}

// each does something to cases, one by one. Who may not do it at all is told so, and
// nothing is done.
func (s *Server) each(ctx context.Context, ids []string, do func(id string) (review.Case, error)) (*body[list[CaseOutcome]], error) {
	out := list[CaseOutcome]{Items: []CaseOutcome{}}
	for _, id := range ids {
		one := CaseOutcome{ID: id}
		c, err := do(id)
		if err != nil {
			p := s.problem(ctx, err)
			if p.Code == "forbidden" || p.Status >= 500 || p.Field == "reasons" {
				return nil, err
			}
			one.Error = &ProblemEntry{Code: p.Code, Field: p.Field, Text: p.Text}
		} else {
			shown := s.caseOf(c, nil)
			one.Result = &shown
		}
		out.Items = append(out.Items, one)
	}
	return answer(out, nil)
}
