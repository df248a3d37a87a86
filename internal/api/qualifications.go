package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/qualification"
)

// Qualification is what a name asks of its holder beside an identity.
type Qualification struct {
	ID          string         `json:"id"`
	Domain      string         `json:"domain"`
	Holder      string         `json:"holder"`
	State       string         `json:"state" enum:"asked,in_review,passed,failed,cancelled" doc:"Failed: the papers were refused; others may be submitted."`
	Pattern     string         `json:"pattern,omitempty" doc:"How the name is made of a mark."`
	Patterns    []Pattern      `json:"patterns,omitempty" doc:"Those to choose from; one has to be chosen where there are any."`
	HolderEqual string         `json:"holder_equals,omitempty" enum:"trademark_registrant" doc:"Whom the papers have to name as their holder."`
	DueAt       *time.Time     `json:"due_at,omitempty" doc:"When the time ends that policy gives a new holder."`
	OpenedAt    time.Time      `json:"opened_at"`
	SubmittedAt *time.Time     `json:"submitted_at,omitempty"`
	EndedAt     *time.Time     `json:"ended_at,omitempty"`
	Wanted      []WantedPaper  `json:"wanted"`
	Missing     []ProblemEntry `json:"missing" doc:"What has to be there before submission and is not; an order is not paid before."`
	Documents   []Document     `json:"documents"`
	Review      *Review        `json:"review,omitempty" doc:"The latest."`
}

// Pattern is a way in which a name may be made of a mark.
type Pattern struct {
	ID   string `json:"id"`
	Name Words  `json:"name"`
}

// WantedPaper is a document that a name asks for.
type WantedPaper struct {
	Kind  string `json:"kind"`
	Side  string `json:"side"`
	Name  Words  `json:"name"`
	Set   int    `json:"set,omitempty" doc:"One complete set is enough; what is in no set is wanted in any case."`
	Role  string `json:"role,omitempty" doc:"Who shows this set."`
	Must  *Words `json:"must,omitempty" doc:"What it has to show."`
	When  *Words `json:"when,omitempty" doc:"In which case alone it is wanted."`
	There bool   `json:"there"`
	Shown bool   `json:"shown,omitempty" doc:"It is the holder's identity document, which was shown with the profile."`
}

func (s *Server) qualificationOf(v qualification.View, staff bool) Qualification {
	out := Qualification{
		ID: v.PublicID, Domain: v.Domain, Holder: v.Holder, State: string(v.State), Pattern: v.Pattern,
		HolderEqual: v.Rule.HolderEquals, DueAt: when(v.DueAt.Time),
		OpenedAt: v.OpenedAt.Time, SubmittedAt: when(v.SubmittedAt.Time), EndedAt: when(v.EndedAt.Time), Wanted: []WantedPaper{}, Missing: []ProblemEntry{},
		Documents: listOf(v.Documents, s.documentOf).Items, Review: s.reviewOf(v.Case, v.Reasons, staff),
	}
	for _, p := range v.Rule.LabelPatterns {
		out.Patterns = append(out.Patterns, Pattern{p.ID, Words{EN: p.EN, ZH: p.ZH}})
	}
	for _, w := range v.Wants {
		one := WantedPaper{Kind: w.Kind, Side: w.Side, Name: s.texts.Both("kind."+w.Kind, nil), Set: w.Set, Role: w.Role, There: w.There, Shown: w.Shown}
		if w.Must.EN != "" {
			one.Must = &Words{EN: w.Must.EN, ZH: w.Must.ZH}
		}
		if w.When.EN != "" {
			one.When = &Words{EN: w.When.EN, ZH: w.When.ZH}
		}
		out.Wanted = append(out.Wanted, one)
	}
	if v.State == qualification.Asked || v.State == qualification.Failed {
		if missing := v.Missing(); len(missing) > 0 {
			out.Missing = s.entries(&fault.Error{Details: missing})
		}
	}
	return out
}

// uploadPage is a page for a qualification.
type uploadPage struct {
	raw
	ID string `path:"id"`
}

var _ huma.Resolver = (*uploadPage)(nil)

// UploadedPaper is the answer to such an upload.
type UploadedPaper struct {
	Document      Document      `json:"document"`
	Qualification Qualification `json:"qualification"`
}

func (s *Server) qualifications() {
	show := func(ctx context.Context, v qualification.View, err error) (*body[Qualification], error) {
		if err != nil {
			return nil, err
		}
		return answer(s.qualificationOf(v, actorOf(ctx).May(actor.ReviewRead)), nil)
	}
	type page struct {
		Domain string `query:"domain" maxLength:"255" doc:"That of this name alone."`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{
		id: "list-qualifications", method: "GET", path: "/qualifications",
		summary: "List what names ask of their holders beside an identity, the newest first", tag: "Qualifications",
	},
		func(ctx context.Context, in *page) (*body[list[Qualification]], error) {
			found, err := s.Qualifications.List(ctx, actorOf(ctx), in.Limit)
			if in.Domain != "" && err == nil {
				found, err = s.qualificationsOf(ctx, in.Domain)
			}
			return answer(listOf(found, func(v qualification.View) Qualification { return s.qualificationOf(v, false) }), err)
		})
	handle(s, op{
		id: "get-qualification", method: "GET", path: "/qualifications/{id}",
		summary: "Read what a name asks for, and what of it is there", tag: "Qualifications",
	},
		func(ctx context.Context, in *byID) (*body[Qualification], error) {
			v, err := s.Qualifications.Get(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
	type choosePattern struct {
		ID   string `path:"id"`
		Body struct {
			Pattern string `json:"pattern" maxLength:"16" doc:"By which pattern the name is made of the mark."`
		}
	}
	handle(s, op{
		id: "change-qualification", method: "PATCH", path: "/qualifications/{id}",
		summary: "Say by which pattern a name is made of a mark", tag: "Qualifications",
	},
		func(ctx context.Context, in *choosePattern) (*body[Qualification], error) {
			v, err := s.Qualifications.SetPattern(ctx, actorOf(ctx), in.ID, in.Body.Pattern)
			return show(ctx, v, err)
		})
	kind := &huma.Schema{Type: "string", Description: "Before the file: what it is, as the list of what is wanted says. A part called side says which side an identity document shows, front when left out."}
	takes(s, op{
		id: "upload-qualification", path: "/qualifications/{id}/documents", summary: "Upload a page for a qualification",
		tag: "Qualifications",
	}, "kind", kind, []string{"kind"},
		func(ctx context.Context, in *uploadPage) (*body[UploadedPaper], error) {
			var out UploadedPaper
			err := form.Picture(in.request, document.Upload{Side: "front"}, "kind", func(u document.Upload) error {
				v, d, err := s.Qualifications.Attach(ctx, actorOf(ctx), in.ID, u)
				out = UploadedPaper{Document: s.documentOf(d), Qualification: s.qualificationOf(v, false)}
				return err
			})
			return answer(out, err)
		})
	type which struct {
		ID       string `path:"id"`
		Document string `path:"document"`
	}
	handle(s, op{
		id: "remove-qualification-page", method: "DELETE", path: "/qualifications/{id}/documents/{document}",
		summary: "Take a page away again", tag: "Qualifications",
	},
		func(ctx context.Context, in *which) (*body[Qualification], error) {
			v, err := s.Qualifications.Detach(ctx, actorOf(ctx), in.ID, in.Document)
			return show(ctx, v, err)
		})
	handle(s, op{id: "submit-qualification", method: "POST", path: "/qualifications/{id}/submission", summary: "Submit what was uploaded", tag: "Qualifications",
		about: "A payment submits it too. Again after a refusal, or when more was asked for."},
		func(ctx context.Context, in *byID) (*body[Qualification], error) {
			v, err := s.Qualifications.Submit(ctx, actorOf(ctx), in.ID)
			return show(ctx, v, err)
		})
}

// qualificationsOf is the one of a name of the account, if there is one.
func (s *Server) qualificationsOf(ctx context.Context, typed string) ([]qualification.View, error) {
	name, err := domain.Normalize(typed)
	if err != nil {
		return nil, err
	}
	v, err := s.Qualifications.Of(ctx, s.Store.R, actorOf(ctx).Account, name)
	if fault.Code(err) == "qualification_not_found" {
		return nil, nil
	}
	return []qualification.View{v}, err
}
