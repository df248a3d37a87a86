package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/form"
)

// Enhanced is an enhanced verification of a domain or of a profile.
type Enhanced struct {
	ID          string     `json:"id"`
	Domain      string     `json:"domain,omitempty" doc:"Absent where a profile is verified."`
	Profile     string     `json:"profile" doc:"The holder's."`
	State       string     `json:"state" enum:"asked,in_review,passed,failed,expired,cancelled" doc:"Expired: nothing was submitted in time; it still may be."`
	Note        string     `json:"note,omitempty" doc:"For the registrant."`
	DueAt       time.Time  `json:"due_at" doc:"Until when it has to be submitted."`
	OpenedAt    time.Time  `json:"opened_at"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	Wanted      []Wanted   `json:"wanted"`
	Documents   []Document `json:"documents"`
	Review      *Review    `json:"review,omitempty" doc:"The latest; expected_day says when an answer is expected."`
	// The rest is for staff.
	Cause    string `json:"cause,omitempty" doc:"Why it was opened; for staff."`
	OpenedBy string `json:"opened_by,omitempty" doc:"For staff."`
}

// Wanted is something that has to be there before submission.
type Wanted struct {
	Kind   string `json:"kind"`
	Side   string `json:"side"`
	Name   Words  `json:"name"`
	Choice bool   `json:"choice,omitempty" doc:"One of all that say so is enough."`
	There  bool   `json:"there"`
}

func (s *Server) enhancedOf(v enhanced.View, staff bool) Enhanced {
	out := Enhanced{
		ID: v.PublicID, Domain: v.Domain, Profile: v.Profile, State: string(v.State), Note: v.Note, DueAt: v.DueAt.Time, OpenedAt: v.OpenedAt.Time,
		SubmittedAt: when(v.SubmittedAt.Time), EndedAt: when(v.EndedAt.Time), Wanted: []Wanted{},
		Documents: listOf(v.Documents, s.documentOf).Items, Review: s.reviewOf(v.Case, v.Reasons, staff),
	}
	for _, w := range v.Wants {
		one := Wanted{Kind: w.Kind, Side: w.Side, Choice: w.Choice, There: w.There}
		if d, ok := s.Policies.Document(w.Kind); ok {
			one.Name = Words(d.Name)
		} else if p, ok := s.Policies.Paper(w.Kind); ok {
			one.Name = Words(p.Name)
		}
		out.Wanted = append(out.Wanted, one)
	}
	if staff {
		out.Cause, out.OpenedBy = v.Cause, v.OpenedBy
	}
	return out
}

// uploadEnhanced is a picture for an enhanced verification.
type uploadEnhanced struct {
	raw
	ID string `path:"id"`
}

var _ huma.Resolver = (*uploadEnhanced)(nil)

// UploadedEnhanced is the answer to such an upload.
type UploadedEnhanced struct {
	Document Document `json:"document"`
	Enhanced Enhanced `json:"enhanced_verification"`
}

func (s *Server) enhanced() {
	show := func(ctx context.Context, v enhanced.View, err error) (*body[Enhanced], error) {
		if err != nil {
			return nil, err
		}
		return answer(s.enhancedOf(v, actorOf(ctx).May(actor.ReviewRead)), nil)
	}
	type opening struct {
		Body struct {
			Domain  string `json:"domain,omitempty" maxLength:"255" doc:"Or a profile."`
			Profile string `json:"profile,omitempty" maxLength:"64"`
			Cause   string `json:"cause" maxLength:"2000" doc:"For staff."`
			Note    string `json:"note,omitempty" maxLength:"2000" doc:"For the registrant."`
		}
	}
	handle(s, op{
		id: "open-enhanced", method: "POST", path: "/enhanced-verifications",
		summary: "Ask for enhanced verification of a domain or profile", tag: "Enhanced verification", status: 201,
	},
		func(ctx context.Context, in *opening) (*body[Enhanced], error) {
			v, err := s.Enhanced.Open(ctx, actorOf(ctx), enhanced.Opening{Domain: in.Body.Domain, Profile: in.Body.Profile, Cause: in.Body.Cause, Note: in.Body.Note})
			return show(ctx, v, err)
		})
	type page struct {
		Open  bool `query:"open" doc:"Those alone that have not ended."`
		Limit int  `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{
		id: "list-enhanced", method: "GET", path: "/enhanced-verifications",
		summary: "List enhanced verifications, the newest first", tag: "Enhanced verification",
		about: "A registrant's own, or all for staff.",
	},
		func(ctx context.Context, in *page) (*body[list[Enhanced]], error) {
			found, err := s.Enhanced.List(ctx, actorOf(ctx), in.Open, in.Limit)
			staff := actorOf(ctx).May(actor.ReviewRead)
			return answer(listOf(found, func(v enhanced.View) Enhanced { return s.enhancedOf(v, staff) }), err)
		})
	handle(s, op{
		id: "get-enhanced", method: "GET", path: "/enhanced-verifications/{id}",
		summary: "Read an enhanced verification: what is wanted, and by when", tag: "Enhanced verification",
	},
		func(ctx context.Context, in *byID) (*body[Enhanced], error) {
			v, err := s.Enhanced.Get(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	kind := &huma.Schema{Type: "string", Description: "Before the file: what it is, as the list of what is wanted says. A part called side says which side, front when left out."}
	takes(s, op{
		id: "upload-enhanced", path: "/enhanced-verifications/{id}/documents",
		summary: "Upload a picture for an enhanced verification", tag: "Enhanced verification",
	}, "kind", kind, []string{"kind"},
		func(ctx context.Context, in *uploadEnhanced) (*body[UploadedEnhanced], error) {
			var out UploadedEnhanced
			err := form.Picture(in.request, document.Upload{Side: "front"}, "kind", func(u document.Upload) error {
				v, d, err := s.Enhanced.Attach(ctx, actorOf(ctx), in.ID, u)
				out = UploadedEnhanced{Document: s.documentOf(d), Enhanced: s.enhancedOf(v, false)}
				return err
			})
			return answer(out, err)
		})
	handle(s, op{
		id: "submit-enhanced", method: "POST", path: "/enhanced-verifications/{id}/submission",
		summary: "Submit what was uploaded", tag: "Enhanced verification",
	},
		func(ctx context.Context, in *byID) (*body[Enhanced], error) {
			v, err := s.Enhanced.Submit(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	type cancelling struct {
		ID     string `path:"id"`
		Reason string `query:"reason" required:"true" maxLength:"2000" doc:"For staff."`
	}
	handle(s, op{
		id: "cancel-enhanced", method: "DELETE", path: "/enhanced-verifications/{id}",
		summary: "Ask for an enhanced verification no more; its hold is lifted", tag: "Enhanced verification",
	},
		func(ctx context.Context, in *cancelling) (*body[Enhanced], error) {
			v, err := s.Enhanced.Cancel(ctx, actorOf(ctx), in.ID, in.Reason)
			return show(ctx, v, err)
		})
}
