package profile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var lead = actor.Actor{ID: "per_lead", Account: 98, Roles: []actor.Role{actor.Lead}}

func TestVerdictIsReversedWithCause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()))
		id := v.Case.PublicID
		forged := []review.Reason{{Code: "forged"}}
		if _, err := h.reviews.Reverse(t.Context(), h.reviewer, id, "a tip", forged); fault.Code(err) != "forbidden" {
			t.Errorf("a reviewer: %v", err)
		}
		if _, err := h.reviews.Reverse(t.Context(), lead, id, " ", forged); fault.Code(err) != "cause_required" {
			t.Errorf("without a cause: %v", err)
		}
		if _, err := h.reviews.Reverse(t.Context(), lead, id, "a tip", nil); fault.Code(err) != "reason_required" {
			t.Errorf("without a reason: %v", err)
		}
		got, err := h.reviews.Reverse(t.Context(), lead, id, "a tip", forged)
		if err != nil || got.State != review.Reversed || got.ReversedBy != lead.ID || got.Reversal != "a tip" {
			t.Fatalf("%+v, %v", got, err)
		}
		v = h.get(v)
		if v.Current.State != profile.Failed || len(v.Reasons) != 1 || v.Reasons[0].Code != "forged" {
			t.Errorf("the profile is %s for %+v", v.Current.State, v.Reasons)
		}
		if _, err := h.reviews.Reverse(t.Context(), lead, id, "again", forged); fault.Code(err) != "review_case_state" {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestFailureIsReopened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "name_mismatch"})
		if got, err := h.reviews.Reverse(t.Context(), lead, v.Case.PublicID, "misread", nil); err != nil || got.State != review.Open {
			t.Fatalf("%+v, %v", got, err)
		}
		v = h.get(v)
		if v.Current.State != profile.InReview || len(v.Reasons) != 0 {
			t.Errorf("the profile is %s with %+v", v.Current.State, v.Reasons)
		}
		if v = h.decided(v); v.Current.State != profile.Verified {
			t.Errorf("decided anew, it is %s", v.Current.State)
		}
		other := h.decided(h.submitted(organization, company()), review.Reason{Code: "name_mismatch"})
		h.mustEdit(other, form{"postal_code": "710001"})
		if _, err := h.reviews.Reverse(t.Context(), lead, other.Case.PublicID, "misread", nil); fault.Code(err) != "profile_moved_on" {
			t.Errorf("the registrant has gone on: %v", err)
		}
	})
}

// A refusal that is taken back is as if it had never been: neither the picture is said to
// have been refused, nor is the side asked for that the verdict found missing.
func TestRefusalOfPicturesIsTakenBackWithItsVerdict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person()), review.Reason{Code: "blurred", PointsName: "front"}, review.Reason{Code: "back_required"})
		told := func() (out []string) {
			remarks, err := h.Preflight(t.Context(), h.li, v.Profile.PublicID, quiet)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range remarks {
				out = append(out, r.Code+" "+r.Side)
			}
			return out
		}
		if got, want := told(), []string{"document_missing back", "same_image_already_rejected front"}; !slices.Equal(got, want) {
			t.Fatalf("refused: %q, want %q", got, want)
		}
		c.Advance(time.Hour)
		if _, err := h.reviews.Reverse(t.Context(), lead, v.Case.PublicID, "misread", nil); err != nil {
			t.Fatal(err)
		}
		if got := told(); len(got) != 0 {
			t.Errorf("taken back, and pre-flight tells %q", got)
		}
		h.exec("UPDATE document SET rejected_at = 1, rejected_reason = 'blurred'") // by another review, earlier
		v = h.decided(h.get(v), review.Reason{Code: "name_mismatch"})
		if _, err := h.reviews.Reverse(t.Context(), lead, v.Case.PublicID, "misread again", nil); err != nil {
			t.Fatal(err)
		}
		if got, want := told(), []string{"same_image_already_rejected front"}; !slices.Equal(got, want) {
			t.Errorf("refused by another review: %q, want %q", got, want)
		}
	})
}

func TestReviewersAloneAreTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		flags := func(v profile.View) []string {
			t.Helper()
			c, _, err := h.reviews.Find(t.Context(), h.reviewer, v.Case.PublicID)
			if err != nil {
				t.Fatal(err)
			}
			return c.Flags
		}
		if got := flags(h.submitted(mainland, person())); len(got) != 0 {
			t.Errorf("nothing is known of it, and the flags are %v", got)
		}
		other := h
		other.li = h.chen
		v := other.create(cnnic, person().with("email", "chen@other.example"))
		other.answers(v)
		other.shown(v, "front")
		h.exec("UPDATE document SET sha256 = (SELECT sha256 FROM document WHERE account_id = ? LIMIT 1) WHERE account_id = ?", h.li.Account, other.li.Account)
		h.exec("UPDATE document SET rejected_at = 1 WHERE account_id = ?", h.li.Account)
		h.exec("UPDATE document SET contested = true WHERE account_id = ?", other.li.Account)
		got := flags(other.submit(v))
		if want := []string{"contested", "picture_elsewhere", "picture_rejected_before", "number_elsewhere"}; !slices.Equal(got, want) {
			t.Errorf("the flags are %v, want %v", got, want)
		}
	})
}
