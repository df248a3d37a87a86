package review_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestStatisticsOfTheDesk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.at(2026, time.June, 1, 10)
		from := s.Now()
		for i := range 10 { // decided after one to ten hours
			opened := r.claim(rui, r.submit(review.Submission{Subject: int64(i + 1)}))
			c.Advance(time.Duration(i+1) * time.Hour)
			r.claim(rui, opened)
			d := review.Decision{Pass: true}
			if i >= 7 {
				d = failure(review.Reason{Code: "name_mismatch"})
			}
			if _, err := r.Decide(t.Context(), rui, opened.PublicID, d); err != nil {
				t.Fatal(err)
			}
		}
		asked := r.claim(mei, r.submit(review.Submission{Subject: 11, Kind: review.DomainName}))
		if _, err := r.AskMore(t.Context(), mei, asked.PublicID, review.More{Document: "户口簿"}); err != nil {
			t.Fatal(err)
		}
		r.submit(review.Submission{Subject: 12, Days: 1})
		c.Advance(72 * time.Hour)
		r.submit(review.Submission{Subject: 13, Days: 1})
		got, err := r.Statistics(t.Context(), rui, from, s.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got.Open != 2 || got.Overdue != 1 || got.Oldest != 72*time.Hour {
			t.Errorf("left: %d, %d overdue, the oldest %v", got.Open, got.Overdue, got.Oldest)
		}
		ruis := review.Pace{Passed: 7, Failed: 3, Median: 5 * time.Hour, P90: 9 * time.Hour}
		meis := review.Pace{Returned: 1}
		named := func(p review.Pace, name string) review.Pace { p.Name = name; return p }
		if want := []review.Pace{named(meis, "domain_name"), named(ruis, "profile_version")}; !slices.Equal(got.ByKind, want) {
			t.Errorf("by kind %+v, want %+v", got.ByKind, want)
		}
		if want := []review.Pace{named(meis, mei.ID), named(ruis, rui.ID)}; !slices.Equal(got.ByReviewer, want) {
			t.Errorf("by reviewer %+v, want %+v", got.ByReviewer, want)
		}
		if want := []review.Given{{Code: "name_mismatch", Count: 3}, {Code: "more_documents_required", Count: 1}}; !slices.Equal(got.Reasons, want) {
			t.Errorf("reasons %+v, want %+v", got.Reasons, want)
		}
		if later, err := r.Statistics(t.Context(), rui, s.Now(), s.Now().Add(time.Hour)); err != nil || len(later.ByKind) != 0 {
			t.Errorf("nothing was decided later: %+v, %v", later, err)
		}
		if _, err := r.Statistics(t.Context(), registrant, from, s.Now()); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant: %v", err)
		}
	})
}
