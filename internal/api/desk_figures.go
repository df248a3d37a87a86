package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
)

// ReviewStatistics is what was decided in a time, and what is left. Durations are
// seconds.
type ReviewStatistics struct {
	From       time.Time     `json:"from"`
	To         time.Time     `json:"to"`
	Open       int           `json:"open" doc:"Undecided now, at the desk and at other authorities."`
	Overdue    int           `json:"overdue" doc:"Of them, those whose expected day is over."`
	OldestAge  int64         `json:"oldest_age_seconds"`
	ByKind     []Pace        `json:"by_kind"`
	ByReviewer []Pace        `json:"by_reviewer" doc:"Other authorities count as a reviewer each."`
	Reasons    []ReasonCount `json:"reasons" doc:"The most frequent first."`
}

// Pace is how many cases were decided and how long it took from their submission.
type Pace struct {
	Name     string `json:"name"`
	Passed   int    `json:"passed"`
	Failed   int    `json:"failed"`
	Returned int    `json:"returned"`
	Median   int64  `json:"median_seconds"`
	P90      int64  `json:"p90_seconds"`
}

// ReasonCount is how often a reason was given.
type ReasonCount struct {
	Code  string `json:"code"`
	Title Words  `json:"title"`
	Count int    `json:"count"`
}

func pacesOf(in []review.Pace) []Pace {
	out := []Pace{}
	for _, p := range in {
		out = append(out, Pace{p.Name, p.Passed, p.Failed, p.Returned, int64(p.Median / time.Second), int64(p.P90 / time.Second)})
	}
	return out
}

// CatalogueReason is a canonical reason with what other registrars say for it.
type CatalogueReason struct {
	Code      string            `json:"code"`
	Severity  string            `json:"severity"`
	Retryable string            `json:"retryable" enum:"retry,final,system"`
	PointsAt  string            `json:"points_at,omitempty"`
	Field     string            `json:"field,omitempty"`
	Params    []string          `json:"params" doc:"The values that the text takes."`
	Title     Words             `json:"title"`
	Published []PublishedReason `json:"published"`
}

// PublishedReason is a published text or error code of another registrar.
type PublishedReason struct {
	Registrar string `json:"registrar"`
	Code      string `json:"code,omitempty"`
	Phrase    string `json:"phrase,omitempty"`
	Source    string `json:"source"`
	Primary   bool   `json:"primary" doc:"Of several reasons with the same words, the one to take."`
}

func (s *Server) catalogueReasonOf(r policy.Reason, registrar string) CatalogueReason {
	out := CatalogueReason{Code: r.Code, Severity: r.Severity, Retryable: r.Retryable, PointsAt: r.PointsAt.Kind, Field: r.PointsAt.Name,
		Params: append([]string{}, r.Params...), Title: s.texts.Both(r.Code+".title", nil), Published: []PublishedReason{}}
	for _, p := range r.Phrases {
		if registrar == "" || p.Registrar == registrar {
			out.Published = append(out.Published, PublishedReason{p.Registrar, p.Code, p.Phrase, p.Source, p.Primary})
		}
	}
	return out
}

func (s *Server) figures() {
	type span struct {
		From time.Time `query:"from" doc:"Thirty days ago when left out."`
		To   time.Time `query:"to" doc:"Now when left out."`
	}
	handle(s, op{
		id: "review-statistics", method: "GET", path: "/reviews/statistics",
		summary: "What was decided, how fast and why, and what is left", tag: "Reviews",
	},
		func(ctx context.Context, in *span) (*body[ReviewStatistics], error) {
			if in.To.IsZero() {
				in.To = s.Store.Now()
			}
			if in.From.IsZero() {
				in.From = in.To.AddDate(0, 0, -30)
			}
			st, err := s.Reviews.Statistics(ctx, actorOf(ctx), in.From, in.To)
			if err != nil {
				return nil, err
			}
			out := ReviewStatistics{From: st.From, To: st.To, Open: st.Open, Overdue: st.Overdue, OldestAge: int64(st.Oldest / time.Second),
				ByKind: pacesOf(st.ByKind), ByReviewer: pacesOf(st.ByReviewer), Reasons: []ReasonCount{}}
			for _, g := range st.Reasons {
				out.Reasons = append(out.Reasons, ReasonCount{g.Code, s.texts.Both(g.Code+".title", nil), g.Count})
			}
			return answer(out, nil)
		})
	type catalogue struct {
		Registrar string `query:"registrar" enum:"aliyun,huawei,tencent" doc:"Only the reasons for which this one has published words."`
		Words     string `query:"words" maxLength:"500" doc:"A text or error code of the registrar: only the reasons that it stands for, the likeliest first."`
	}
	handle(s, op{id: "list-reasons", method: "GET", path: "/reasons", summary: "The canonical reasons, and what other registrars say for them", tag: "Reviews"},
		func(ctx context.Context, in *catalogue) (*body[list[CatalogueReason]], error) {
			if err := actorOf(ctx).Check(actor.ReviewRead); err != nil {
				return nil, err
			}
			if in.Words != "" && in.Registrar == "" {
				return nil, fault.At("registrar", "field_required").With("Field", "registrar")
			}
			found := s.Policies.Reasons()
			if in.Words != "" {
				found = s.Policies.Meant(in.Registrar, in.Words)
			}
			out := list[CatalogueReason]{Items: []CatalogueReason{}}
			for _, r := range found {
				if one := s.catalogueReasonOf(r, in.Registrar); in.Registrar == "" || len(one.Published) > 0 {
					out.Items = append(out.Items, one)
				}
			}
			return answer(out, nil)
		})
}
