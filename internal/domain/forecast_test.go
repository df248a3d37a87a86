package domain_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/store"
)

// The Spring Festival of 2026: holidays from 15 to 23 February, with Saturdays 14
// and 28 February worked. A .cn name is held five days after payment without its
// verdict; a verdict usually takes one business day.
func TestSafeByAroundTheSpringFestival(t *testing.T) {
	t.Parallel()
	shanghai := policytest.Shipped().Calendar.Zone()
	at := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 10, 0, 0, 0, shanghai) }
	endOf := func(month time.Month, d int) time.Time { return time.Date(2026, month, d+1, 0, 0, 0, 0, shanghai) }
	never := time.Time{}
	for _, tt := range []struct {
		ordered, verdict, hold, safeBy time.Time
	}{
		{at(time.January, 28), endOf(time.January, 29), at(time.February, 2), at(time.February, 13)},
		{at(time.February, 9), endOf(time.February, 10), at(time.February, 14), at(time.February, 13)},
		{at(time.February, 12), endOf(time.February, 13), at(time.February, 17), at(time.February, 13)},
		{at(time.February, 13), endOf(time.February, 14), at(time.February, 18), at(time.February, 13)}, // Saturday 14 is worked
		{at(time.February, 14), endOf(time.February, 24), at(time.February, 19), never},
		{at(time.February, 17), endOf(time.February, 24), at(time.February, 22), never},
		{at(time.February, 19), endOf(time.February, 24), at(time.February, 24), never},
		{at(time.February, 20), endOf(time.February, 24), at(time.February, 25), at(time.March, 21)}, // the last day of the month looked at
		{at(time.February, 27), endOf(time.February, 28), at(time.March, 4), at(time.March, 28)},     // Saturday 28 is worked
	} {
		s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "verinym.db"), Clock: clock.NewFake(tt.ordered)})
		if err != nil {
			t.Fatal(err)
		}
		h := open(t, s, s.Clock().(*clock.Fake))
		o := h.place("example.cn", h.cnProfile())
		check := func(what string, got store.Time, want time.Time) {
			t.Helper()
			if !got.Equal(want) {
				t.Errorf("ordered on %s: %s %s, want %s", tt.ordered.Format(time.DateOnly), what, got.In(shanghai), want)
			}
		}
		check("verdict", o.VerdictAt, tt.verdict)
		check("hold", o.HoldAt, tt.hold)
		check("safe by", o.SafeBy, tt.safeBy)
		_ = s.Close()
	}
}

// An order that is paid later is forecast again.
func TestForecastMovesWithThePayment(t *testing.T) {
	t.Parallel()
	shanghai := policytest.Shipped().Calendar.Zone()
	c := clock.NewFake(time.Date(2026, time.February, 12, 10, 0, 0, 0, shanghai))
	s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "verinym.db"), Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h := open(t, s, c)
	o := h.place("example.cn", h.cnProfile())
	c.Advance(2 * day)
	paid := h.pay(o)
	if !paid.HoldAt.Equal(c.Now().Add(holdAfter)) || !paid.VerdictAt.After(paid.HoldAt.Time) || !paid.SafeBy.IsZero() || paid.State != domain.AtRegistry {
		t.Errorf("paid two days late: %+v, want a verdict after the hold and no safe day", paid)
	}
}
