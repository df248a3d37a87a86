package review_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// careful decides: a mirrored picture never, a number of another account by a person, an
// approval in spite of findings by a person, and who is in no register by a person.
func careful(t *testing.T) room {
	t.Helper()
	s, c := storetest.SQLite(t)
	return carefulIn(t, s, c)
}

func carefulIn(t *testing.T, s *store.Store, c *clock.Fake) room {
	t.Helper()
	p := policytest.Changed(t, "    - {id: authority_approves,", `    - {id: mirrored_never, answer: none, findings: [mirrored], then: decline}
    - {id: seen_before, answer: none, flags: [number_elsewhere], then: review}
    - {id: glare_never, answer: approve, findings: [overexposed], then: decline}
    - {id: doubts, answer: approve, clean: false, then: review}
    - {id: in_no_register, answer: decline, reasons: [not_in_database], then: review}
    - {id: authority_approves,`)
	return newRoomUnder(t, s, c, p)
}

// concerned is an office that hears which of its cases have ended.
type concerned struct {
	office
	ended []review.State
}

func (c *concerned) Ended(_ context.Context, _ *store.Tx, x review.Case) error {
	c.ended = append(c.ended, x.State)
	return nil
}

func TestPolicySaysWhatComesOfAnAnswer(t *testing.T) {
	t.Parallel()
	decline := func(code string) review.Answer {
		return review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: code, Raw: "no"}}}
	}
	for name, tt := range map[string]struct {
		answer    review.Answer
		found     []review.Found
		flags     []string
		state     review.State
		authority string
		rule      string
		reasons   []string
	}{
		"approved, nothing found":        {review.Answer{Verdict: review.Pass}, nil, nil, review.Passed, "bureau", "authority_approves", nil},
		"approved, something found":      {review.Answer{Verdict: review.Pass}, []review.Found{{Code: "glare"}}, nil, review.Open, review.Desk, "doubts", nil},
		"approved, something flagged":    {review.Answer{Verdict: review.Pass}, nil, []string{"contested"}, review.Open, review.Desk, "doubts", nil},
		"approved, found what may not":   {review.Answer{Verdict: review.Pass}, []review.Found{{Code: "glare"}, {Code: "overexposed", Points: "front"}}, nil, review.Failed, "bureau", "glare_never", []string{"overexposed front"}},
		"declined":                       {decline("name_mismatch"), nil, nil, review.Failed, "bureau", "authority_declines", []string{"name_mismatch holder_name"}},
		"declined, for no certain cause": {decline("not_in_database"), nil, nil, review.Open, review.Desk, "in_no_register", nil},
		"more is wanted":                 {review.Answer{Verdict: review.AskMore, More: review.More{Side: "back"}}, []review.Found{{Code: "glare"}}, nil, review.Returned, "bureau", "", []string{"back_required back"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := careful(t)
			bureau := &concerned{office: office{answers: []review.Answer{tt.answer}}}
			r.AddAuthority("bureau", bureau)
			r.ledger.found = map[int64][]review.Found{1: tt.found}
			opened := r.submit(review.Submission{Subject: 1, Authority: "bureau", Flags: tt.flags})
			r.ask()
			got, reasons := r.find(opened)
			var codes []string
			for _, x := range reasons {
				codes = append(codes, x.Code+" "+x.PointsName)
			}
			if got.State != tt.state || got.Authority != tt.authority || got.Rule != tt.rule || !slices.Equal(codes, tt.reasons) || !got.ExpectedAt.Equal(opened.ExpectedAt.Time) {
				t.Errorf("%s at %s by %q for %v, expected %s; want %s at %s by %q for %v", got.State, got.Authority, got.Rule, codes, got.ExpectedAt, tt.state, tt.authority, tt.rule, tt.reasons)
			}
			if told := len(r.ledger.told); (told == 1) != (tt.state != review.Open) {
				t.Errorf("the subject was told %d times", told)
			}
			if !slices.Equal(bureau.ended, []review.State{tt.state}) {
				t.Errorf("the bureau was told %v", bureau.ended)
			}
			if referred := got.ReferredBy == "bureau" && got.Referral.Verdict == tt.answer.Verdict; referred != (tt.state == review.Open) {
				t.Errorf("referred: %+v by %q", got.Referral, got.ReferredBy)
			}
		})
	}
}

// What the desk gets from an authority is decided there like any case of its own, and the
// authority's verdict counts no more.
func TestReferredCaseIsThePersons(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := carefulIn(t, s, c)
		r.AddAuthority("bureau", &office{answers: []review.Answer{{Verdict: review.Pass}}})
		r.ledger.found = map[int64][]review.Found{1: {{Code: "glare"}}}
		opened := r.submit(review.Submission{Subject: 1, Authority: "bureau"})
		r.ask()
		if got := r.queue(); !slices.Equal(got, []string{opened.PublicID}) {
			t.Fatalf("the queue has %v", got)
		}
		err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := r.Answered(ctx, tx, "bureau", opened.PublicID, review.Answer{Verdict: review.Pass})
			return err
		})
		if fault.Code(err) != "review_not_found" {
			t.Errorf("the bureau decides it again: %v", err)
		}
		r.claim(rui, opened)
		got, err := r.Decide(t.Context(), rui, opened.PublicID, review.Decision{Reasons: []review.Reason{{Code: "glare"}}})
		if err != nil || got.State != review.Failed || got.DecidedBy != rui.ID || got.Authority != review.Desk {
			t.Errorf("%+v, %v", got, err)
		}
		if n := r.count("audit_entry WHERE action = 'review.refer' AND actor = 'authority:bureau' AND subject = ?", opened.PublicID); n != 1 {
			t.Errorf("%d entries of the referral", n)
		}
	})
}

func TestPolicyLooksBeforeAnybodyIsAsked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := carefulIn(t, s, c)
		bureau := &office{answers: []review.Answer{{Wait: time.Hour}}}
		r.AddAuthority("bureau", bureau)
		r.ledger.found = map[int64][]review.Found{1: {{Code: "glare"}, {Code: "mirrored", Points: "front"}}, 2: {{Code: "glare"}}}
		mirrored := r.submit(review.Submission{Subject: 1, Authority: "bureau"})
		if got, reasons := r.find(mirrored); got.State != review.Failed || got.Authority != "policy" || got.DecidedBy != "policy" || got.Rule != "mirrored_never" || len(reasons) != 1 || reasons[0].Code != "mirrored" || reasons[0].PointsName != "front" {
			t.Errorf("a mirrored picture: %+v for %+v", got, reasons)
		}
		if len(r.ledger.told) != 1 || r.ledger.told[0].passed {
			t.Errorf("its subject was told %+v", r.ledger.told)
		}
		seen := r.submit(review.Submission{Subject: 3, Authority: "bureau", Flags: []string{"number_elsewhere"}})
		if seen.State != review.Open || seen.Authority != review.Desk || seen.ReferredBy != "bureau" || seen.Rule != "seen_before" {
			t.Errorf("a number of another account: %+v", seen)
		}
		asked := r.submit(review.Submission{Subject: 2, Authority: "bureau"})
		if r.ask(); asked.State != review.Waiting || asked.Authority != "bureau" || bureau.asked != 1 {
			t.Errorf("a glaring picture: %+v, asked %d times", asked, bureau.asked)
		}
		if desks := r.submit(review.Submission{Subject: 4, Flags: []string{"number_elsewhere"}}); desks.Authority != review.Desk || desks.ReferredBy != "" {
			t.Errorf("a case of the desk's: %+v", desks)
		}
	})
}

// A decline by policy is reversed like a person's: a lead says why, and the desk decides.
func TestDeclineByPolicyIsReversed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := carefulIn(t, s, c)
		r.AddAuthority("bureau", &office{answers: []review.Answer{{Verdict: review.Pass}, {Verdict: review.Fail, Said: []review.Said{{Code: "name_mismatch"}}}}})
		r.ledger.found = map[int64][]review.Found{1: {{Code: "mirrored", Points: "front"}}, 2: {{Code: "overexposed", Points: "front"}}}
		for what, tt := range map[string]struct {
			subject int64
			said    review.Event
		}{"before anybody was asked": {1, ""}, "against the authority's approval": {2, review.Pass}} {
			declined := r.submit(review.Submission{Subject: tt.subject, Authority: "bureau"})
			r.ask()
			if got, _ := r.find(declined); got.State != review.Failed || got.DecidedBy != "policy" {
				t.Fatalf("%s: %+v", what, got)
			}
			if _, err := r.Reverse(t.Context(), lead, declined.PublicID, " ", nil); fault.Code(err) != "cause_required" {
				t.Errorf("%s, without a cause: %v", what, err)
			}
			if _, err := r.Reverse(t.Context(), rui, declined.PublicID, "the seal is in order", nil); fault.Code(err) != "forbidden" {
				t.Errorf("%s, by a reviewer: %v", what, err)
			}
			got, err := r.Reverse(t.Context(), lead, declined.PublicID, "the picture is not mirrored", nil)
			if err != nil || got.State != review.Open || got.Authority != review.Desk || got.ReferredBy != "bureau" || got.Referral.Verdict != tt.said || got.ReversedBy != lead.ID {
				t.Fatalf("%s, reversed: %+v, %v", what, got, err)
			}
			r.claim(rui, got)
			if got, err = r.Decide(t.Context(), rui, got.PublicID, review.Decision{Pass: true}); err != nil || got.State != review.Passed || got.DecidedBy != rui.ID {
				t.Errorf("%s, decided anew: %+v, %v", what, got, err)
			}
		}
		theirs := r.submit(review.Submission{Subject: 3, Authority: "bureau"})
		r.ask()
		if _, err := r.Reverse(t.Context(), lead, theirs.PublicID, "we know better", nil); fault.Code(err) != "review_not_reversible" {
			t.Errorf("an authority's own refusal: %v", err)
		}
	})
}
