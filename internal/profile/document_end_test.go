package profile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// The registrant hears of the end of a document before it comes and when it has come. From
// then on the profile proves nothing for new names; it is still verified, and so are the
// domains that rest on it.
func TestDocumentOfAVerifiedProfileEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := newHouse(t, s, c)
		v := h.decided(h.submitted(mainland, person().with("valid_to", "2026-08-01")))
		other := h.decided(h.submitted(organization, company())) // whose document does not end
		told := func() (out []string) {
			t.Helper()
			if err := s.R.NewRaw("SELECT type FROM event WHERE type LIKE 'profile.document_%' ORDER BY id").Scan(t.Context(), &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
		usable := func(v profile.View) string {
			_, _, err := h.Usable(t.Context(), s.R, v.AccountID, v.PublicID)
			return fault.Code(err)
		}
		end := time.Date(2026, 8, 2, 0, 0, 0, 0, h.policies.Calendar.Zone())
		for _, x := range []struct {
			when string
			at   time.Time
			told []string
			use  string
		}{
			{"more than a month before", end.AddDate(0, 0, -30).Add(-time.Microsecond), nil, ""},
			{"a month before", end.AddDate(0, 0, -30), []string{"profile.document_expiring"}, ""},
			{"on its last day", end.Add(-time.Microsecond), []string{"profile.document_expiring"}, ""},
			{"after it", end, []string{"profile.document_expiring", "profile.document_expired"}, "profile_document_expired"},
			{"long after it", end.AddDate(1, 0, 0), []string{"profile.document_expiring", "profile.document_expired"}, "profile_document_expired"},
		} {
			c.Advance(x.at.Sub(c.Now()))
			for range 2 {
				if _, err := h.TellDocumentEnds(t.Context(), 10); err != nil {
					t.Fatal(err)
				}
			}
			if got := told(); !slices.Equal(got, x.told) {
				t.Errorf("%s the registrant has been told %v, want %v", x.when, got, x.told)
			}
			if got := usable(v); got != x.use {
				t.Errorf("%s it is used: %q, want %q", x.when, got, x.use)
			}
		}
		if got := h.get(v); got.Current.State != profile.Verified {
			t.Errorf("the profile is %s", got.Current.State)
		}
		if got := usable(other); got != "" {
			t.Errorf("a document without an end: %s", got)
		}
	})
}

func TestEndOfADocumentThatCountsNoMoreIsNobodysConcern(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := newHouse(t, s, c)
	v := h.decided(h.submitted(mainland, person().with("valid_to", "2026-08-01")))
	if err := h.Delete(t.Context(), h.li, v.PublicID); err != nil {
		t.Fatal(err)
	}
	c.Advance(365 * 24 * time.Hour)
	for _, want := range []int{1, 0} {
		if n, err := h.TellDocumentEnds(t.Context(), 10); err != nil || n != want {
			t.Errorf("%d looked at, want %d, %v", n, want, err)
		}
	}
	var told int
	if err := s.R.NewRaw("SELECT count(*) FROM event WHERE type LIKE 'profile.document_%'").Scan(t.Context(), &told); err != nil || told != 0 {
		t.Errorf("%d are told, %v", told, err)
	}
}
