package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
)

// Case is a review as the desk sees it.
type Case struct {
	Review
	Kind          string         `json:"kind" enum:"profile_version,domain_name,enhanced_verification,account_identity,qualification"`
	Title         string         `json:"title"`
	ClaimedBy     string         `json:"claimed_by,omitempty"`
	ClaimedUntil  *time.Time     `json:"claimed_until,omitempty"`
	Suffix        string         `json:"suffix,omitempty" doc:"That of the name, or the one the profile is meant for."`
	Priority      int            `json:"priority" doc:"0 is usual; the higher comes first."`
	Overdue       bool           `json:"overdue" doc:"Undecided after its expected day."`
	AssignedTo    string         `json:"assigned_to,omitempty" doc:"The only reviewer who may claim it."`
	EscalatedAt   *time.Time     `json:"escalated_at,omitempty" doc:"Since when it waits for a lead."`
	Escalation    string         `json:"escalation,omitempty" doc:"Why."`
	Flags         []string       `json:"flags" doc:"Why it wants special care: contested, escalated, picture_elsewhere, picture_rejected_before, number_elsewhere. Never tell the registrant: some are about other accounts."`
	FirstBy       string         `json:"first_approval_by,omitempty" doc:"Who approved it as the first of two."`
	ReversedBy    string         `json:"reversed_by,omitempty"`
	ReversedAt    *time.Time     `json:"reversed_at,omitempty"`
	Reversal      string         `json:"reversal,omitempty" doc:"Why the verdict was taken back; for staff only."`
	StaffNote     string         `json:"staff_note,omitempty"`
	Rule          string         `json:"rule,omitempty" doc:"The rule of the policy (decisions) by which it came out so."`
	ReferredBy    string         `json:"referred_by,omitempty" doc:"The authority that it was meant for before policy gave it to the desk."`
	Referral      *Referral      `json:"referral,omitempty" doc:"What that authority had said."`
	Provider      *ProviderCase  `json:"provider_case,omitempty" doc:"How it stands at the outside provider that it was put to."`
	Unopened      []string       `json:"unopened_documents,omitempty" doc:"Documents to be opened before the holder of the claim may pass the case."`
	DecidedAt     *time.Time     `json:"decided_at,omitempty"`
	Profile       *Profile       `json:"profile,omitempty" doc:"What was submitted. The document number is clear while you hold the claim."`
	Qualification *Qualification `json:"qualification,omitempty" doc:"What was submitted."`
	Enhanced      *Enhanced      `json:"enhanced_verification,omitempty" doc:"What was submitted."`
}

// Referral is what an outside authority had said of a case that a person then decides.
type Referral struct {
	Verdict string `json:"verdict" enum:"pass,fail"`
	Reasons []Said `json:"reasons,omitempty"`
}

// Said is one reason of an outside authority.
type Said struct {
	Code  string `json:"code,omitempty" doc:"The canonical code, where it is known."`
	Words string `json:"words,omitempty" doc:"The authority's own."`
}

// ProviderCase is how a case stands at an outside provider.
type ProviderCase struct {
	Authority    string            `json:"authority"`
	State        provider.Standing `json:"state" enum:"unopened,opened,withdrawing,closed" doc:"Opened: the provider has said that it has the case."`
	Reference    string            `json:"reference,omitempty" doc:"What the provider calls it."`
	SentAt       *time.Time        `json:"sent_at,omitempty" doc:"When the provider had it for certain."`
	ExpectedAt   *time.Time        `json:"expected_at,omitempty" doc:"When its verdict is expected, while it is awaited."`
	NextAt       *time.Time        `json:"next_request_at,omitempty" doc:"When the provider is asked next."`
	Attempts     int               `json:"attempts" doc:"Requests about it so far, those that failed included."`
	Failures     int               `json:"failures" doc:"Failures in a row."`
	FailingSince *time.Time        `json:"failing_since,omitempty"`
	LastFailure  string            `json:"last_failure,omitempty"`
}

func (s *Server) providerCaseOf(ctx context.Context, c review.Case) (*ProviderCase, error) {
	at, err := s.Providers.Of(ctx, actorOf(ctx), c)
	if err != nil || at == nil {
		return nil, err
	}
	out := &ProviderCase{
		Authority: at.Authority, State: at.State, Reference: at.Reference, SentAt: when(at.SentAt), Attempts: at.Attempts,
		Failures: at.Failures, FailingSince: when(at.FailingAt), LastFailure: at.Words,
	}
	if c.State == review.Waiting {
		out.ExpectedAt, out.NextAt = when(c.ExpectedAt.Time), when(c.NextPollAt.Time)
	}
	return out, nil
}

func referralOf(r review.Referral) *Referral {
	if r.Verdict == "" {
		return nil
	}
	out := &Referral{Verdict: string(r.Verdict)}
	for _, said := range r.Said {
		out.Reasons = append(out.Reasons, Said{said.Code, said.Raw})
	}
	return out
}

func (s *Server) caseOf(c review.Case, reasons []review.Reason) Case {
	return Case{
		Review: *s.reviewOf(&c, reasons, true), Kind: string(c.SubjectKind), Title: c.Title, ClaimedBy: c.ClaimedBy,
		ClaimedUntil: when(c.ClaimedUntil.Time), DecidedAt: when(c.DecidedAt.Time),
		Suffix: c.Suffix, Priority: c.Priority, Overdue: c.OverdueAt(s.Store.Now()), AssignedTo: c.AssignedTo,
		EscalatedAt: when(c.EscalatedAt.Time), StaffNote: c.StaffNote,
		Escalation: c.Escalation, Flags: append([]string{}, c.Flags...), FirstBy: c.FirstBy, ReversedBy: c.ReversedBy,
		ReversedAt: when(c.ReversedAt.Time), Reversal: c.Reversal,
		Rule: c.Rule, ReferredBy: c.ReferredBy, Referral: referralOf(c.Referral),
	}
}

// GivenReason is a reason that a reviewer gives.
type GivenReason struct {
	Code      string            `json:"code" doc:"A canonical reason code."`
	Field     string            `json:"field,omitempty" doc:"The field or side it points at; the catalogue's when left out."`
	Params    map[string]string `json:"params,omitempty" doc:"Values that the text needs."`
	Note      string            `json:"note,omitempty" maxLength:"2000" doc:"For the registrant."`
	StaffNote string            `json:"staff_note,omitempty" maxLength:"2000" doc:"For staff only."`
}

func reasonsOf(given []GivenReason) (out []review.Reason) {
	for _, r := range given {
		out = append(out, review.Reason{Code: r.Code, PointsName: r.Field, Params: r.Params, Note: r.Note, StaffNote: r.StaffNote})
	}
	return out
}

func (s *Server) reviews() {
	show := func(c review.Case, err error) (*body[Case], error) {
		if err != nil {
			return nil, err
		}
		return answer(s.caseOf(c, nil), nil)
	}
	s.queue(show)
	s.leads(show)
	s.figures()
	handle(s, op{id: "get-review", method: "GET", path: "/reviews/{id}", summary: "Read a case with what was submitted", tag: "Reviews"},
		func(ctx context.Context, in *byID) (*body[Case], error) {
			c, reasons, err := s.Reviews.Find(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			out := s.caseOf(c, reasons)
			if out.Provider, err = s.providerCaseOf(ctx, c); err != nil {
				return nil, err
			}
			if c.State == review.Claimed {
				if out.Unopened, err = s.Reviews.Unopened(ctx, s.Store.R, c); err != nil {
					return nil, err
				}
			}
			if c.SubjectKind == review.ProfileVersion || c.SubjectKind == accountcheck.Kind {
				v, number, err := s.Profiles.ForReview(ctx, actorOf(ctx), c)
				if err != nil {
					return nil, err
				}
				p := s.profileOf(v)
				if number != "" {
					p.Fields.DocumentNumber = number
				}
				out.Profile = &p
			}
			if c.SubjectKind == enhanced.Kind {
				v, err := s.Enhanced.ForReview(ctx, actorOf(ctx), c)
				if err != nil {
					return nil, err
				}
				e := s.enhancedOf(v, true)
				out.Enhanced = &e
			}
			if c.SubjectKind == qualification.Kind {
				v, err := s.Qualifications.ForReview(ctx, actorOf(ctx), c)
				if err != nil {
					return nil, err
				}
				q := s.qualificationOf(v, true)
				out.Qualification = &q
			}
			return answer(out, nil)
		})
	handle(s, op{id: "claim-review", method: "POST", path: "/reviews/{id}/claim", summary: "Claim a case", tag: "Reviews"},
		func(ctx context.Context, in *byID) (*body[Case], error) {
			return show(s.Reviews.Claim(ctx, actorOf(ctx), in.ID))
		})
	handle(s, op{id: "release-review", method: "DELETE", path: "/reviews/{id}/claim", summary: "Put a claimed case back", tag: "Reviews"},
		func(ctx context.Context, in *byID) (*body[Case], error) {
			return show(s.Reviews.Release(ctx, actorOf(ctx), in.ID))
		})
	type decide struct {
		ID   string `path:"id"`
		Body struct {
			Verdict   string        `json:"verdict" enum:"pass,fail"`
			Reasons   []GivenReason `json:"reasons,omitempty" maxItems:"20"`
			StaffNote string        `json:"staff_note,omitempty" maxLength:"2000" doc:"On the case as a whole, for staff only."`
		}
	}
	handle(s, op{id: "decide-review", method: "POST", path: "/reviews/{id}/decision", summary: "Decide a claimed case", tag: "Reviews",
		about: "A pass is of one case: the only one you hold, every document of which you opened in this claim."},
		func(ctx context.Context, in *decide) (*body[Case], error) {
			return show(s.Reviews.Decide(ctx, actorOf(ctx), in.ID, review.Decision{
				Pass: in.Body.Verdict == "pass", Reasons: reasonsOf(in.Body.Reasons), StaffNote: in.Body.StaffNote,
			}))
		})
	type picture struct {
		ID string `path:"id"`
	}
	handle(s, op{
		id: "get-document", method: "GET", path: "/documents/{id}/picture",
		summary: "Look at a picture, upright and without metadata; the reveal is recorded", tag: "Reviews",
		about: "Of a case that you have claimed; any other answers review_not_claimed.",
	},
		func(ctx context.Context, in *picture) (*file, error) {
			return showJPEG(s.Documents.Picture(ctx, actorOf(ctx), in.ID))
		})
	handle(s, op{
		id: "get-document-thumbnail", method: "GET", path: "/documents/{id}/thumbnail",
		summary: "A picture too small for anything on it to be read", tag: "Registrant profiles",
	},
		func(ctx context.Context, in *picture) (*file, error) {
			return showJPEG(s.Documents.Thumbnail(ctx, actorOf(ctx), in.ID))
		})
}

// file is bytes as an answer: for these eyes only, and never anything else.
type file struct {
	Type    string `header:"Content-Type"`
	Cache   string `header:"Cache-Control"`
	NoSniff string `header:"X-Content-Type-Options"`
	Body    []byte
}

func showJPEG(picture []byte, err error) (*file, error) {
	if err != nil {
		return nil, err
	}
	return &file{Type: "image/jpeg", Cache: "no-store", NoSniff: "nosniff", Body: picture}, nil
}
