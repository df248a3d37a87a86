package domain_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
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
		c := clock.NewFake(tt.ordered)
		s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "verinym.db"), Clock: c})
		if err != nil {
			t.Fatal(err)
		}
		h := open(t, s, c)
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

// hasDecided writes down n names that a registry has decided about, each paid at a time and
// decided after a while: the holder last, the name an hour before.
func (h *house) hasDecided(registryName string, n int, paid time.Time, after time.Duration) {
	h.Helper()
	for range n {
		id := store.NewID("dom")
		at := store.Micros(paid.Add(after))
		h.exec(`INSERT INTO domain (public_id, account_id, name, suffix, accreditation, registry, state, naming_state, holder_state, sync_state, created_at, updated_at, row_version)
			VALUES (?0, ?1, ?0, 'cn', 'mainland', ?2, 'registered', 'verified', 'failed', 'synced', 0, 0, 1)`, id, h.me.Account, registryName)
		h.exec(`INSERT INTO domain_order (public_id, account_id, name, years, profile_id, version_id, domain_id, state, created_at, paid_at, pay_by, row_version)
			SELECT ?0, account_id, name, 1, 0, 0, id, 'completed', ?1, ?1, ?1, 1 FROM domain WHERE public_id = ?2`, store.NewID("ord"), store.Micros(paid), id)
		h.exec(`INSERT INTO event (account_id, type, subject, data, at, state) VALUES (?0, 'domain.naming_verified', ?1, '{}', ?2, 'done'), (?0, 'domain.real_name_failed', ?1, '{}', ?3, 'done')`,
			h.me.Account, id, at-int64(time.Hour/time.Microsecond), at)
	}
}

// The clock starts on Monday 1 June 2026; in the weeks before it every weekday is a business
// day.
func TestForecastRestsOnTheTimeThatTheRegistryHasTaken(t *testing.T) {
	t.Parallel()
	lately, longAgo := storetest.Monday.AddDate(0, 0, -14), storetest.Monday.AddDate(0, 0, -105)
	const sameDay, threeDays, fourDays = time.Hour, 3 * day, 4 * day // from a Monday: as many business days
	type decided struct {
		registry string
		n        int
		paid     time.Time
		after    time.Duration
	}
	stories := []struct {
		name        string
		decided     []decided
		days, cases int
	}{
		{"nothing decided", nil, 1, 0},
		{"nineteen verdicts are too few", []decided{{"cn", 19, lately, fourDays}}, 1, 0},
		{"nine tenths came within three days", []decided{{"cn", 18, lately, threeDays}, {"cn", 2, lately, fourDays}}, 3, 20},
		{"less than nine tenths did", []decided{{"cn", 17, lately, threeDays}, {"cn", 3, lately, fourDays}}, 4, 20},
		{"what is older than three months is over", []decided{{"cn", 30, longAgo, fourDays}, {"cn", 19, lately, fourDays}}, 1, 0},
		{"another registry's pace is its own", []decided{{"gtld", 30, lately, fourDays}}, 1, 0},
		{"a registry of hours may take another day", []decided{{"cn", 20, lately, sameDay}}, 1, 20},
		{"the slowest tenth is not what is forecast", []decided{{"cn", 30, lately, threeDays}, {"cn", 3, lately, 11 * day}}, 3, 33},
		{"twenty verdicts are enough", []decided{{"cn", 20, lately, fourDays}}, 4, 20},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		profile, calendar := h.cnProfile(), h.policies.Calendar
		for _, tt := range stories {
			h.exec("DELETE FROM domain_order")
			for _, d := range tt.decided {
				h.hasDecided(d.registry, d.n, d.paid, d.after)
			}
			c.Advance(11 * time.Minute) // what was measured is believed for ten
			offer, err := h.domains.Offer(t.Context(), h.me, "example.cn")
			if err != nil {
				t.Fatal(err)
			}
			o := offer.Forecast
			if o.VerdictDays != tt.days || o.VerdictCases != tt.cases || !o.VerdictAt.Equal(calendar.After(c.Now(), tt.days).At) {
				t.Errorf("%s: a verdict in %d business days (%s) by %d cases, want %d by %d", tt.name, o.VerdictDays, o.VerdictAt, o.VerdictCases, tt.days, tt.cases)
			}
		}
		// From Monday four business days end before five calendar days do; from any later day a
		// weekend lies between.
		o := h.order(h.place("example.cn", profile))
		if o.VerdictDays != 4 || o.VerdictCases != 20 || !o.SafeBy.Equal(c.Now()) || !o.VerdictAt.Before(o.HoldAt.Time) {
			t.Errorf("ordered on Monday of a registry that takes four days: %+v, want to be safe today only", o)
		}
		c.Advance(2 * day)
		if o = h.pay(o); !o.SafeBy.IsZero() || o.VerdictDays != 4 || o.VerdictAt.Before(o.HoldAt.Time) {
			t.Errorf("paid on Wednesday: %+v, want the hold first", o)
		}
	})
}

func TestPreviewSaysWhenVerdictAndHoldWouldCome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c, holding(chinese, li, liNumber, "old.cn"))
		h.imports("old.cn")
		registered := h.get("old.cn").RegisteredAt
		c.Advance(day)
		me, wangs := h.cnProfile(), h.verified(h.me, forCN, wang, wangNumber)
		reviewed, err := h.profiles.Submit(t.Context(), h.me, h.draft(h.me, forCN, li, liNumber).Profile.PublicID, "")
		if err != nil {
			t.Fatal(err)
		}
		review, _, err := review.Latest(t.Context(), s.R, review.ProfileVersion, reviewed.Current.ID)
		if err != nil {
			t.Fatal(err)
		}
		waiting := submitting(reviewed.Profile.PublicID, "old.cn")
		waiting.WhenVerified = true
		verdict := h.policies.Calendar.After(c.Now(), 1).At
		for name, tt := range map[string]struct {
			request       domain.Request
			verdict, hold time.Time
		}{
			"its present holder is submitted": {submitting(me, "old.cn"), verdict, registered.Add(holdAfter)},
			"when its profile is verified":    {waiting, h.policies.Calendar.After(review.ExpectedAt.Time, 1).At, registered.Add(holdAfter)},
			"its holder changes":              {changing(wangs, "old.cn"), verdict, c.Now().Add(5 * day)},
			"a name that is refused":          {submitting(wangs, "old.cn"), time.Time{}, time.Time{}},
		} {
			items, err := h.domains.Preview(t.Context(), h.me, tt.request)
			if err != nil {
				t.Fatal(err)
			}
			if i := items[0]; !i.VerdictAt.Equal(tt.verdict) || !i.HoldAt.Equal(tt.hold) {
				t.Errorf("%s: verdict %s, hold %s (%s), want %s, %s", name, i.VerdictAt, i.HoldAt, i.Reason, tt.verdict, tt.hold)
			}
		}
	})
}

// What becomes of a name that is refused stands there before it is ordered.
func TestOfferSaysWhatBecomesOfANameThatIsRefused(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	for name, want := range map[string]domain.Refusal{
		"example.cn":          {Naming: "deleted_refunded"},
		"example.com":         {Naming: "kept_no_refund"},
		mark:                  {Naming: "kept_no_refund", Papers: "deleted"},
		"example.xn--ses554g": {Naming: "kept_no_refund"},
	} {
		offer, err := h.domains.Offer(t.Context(), h.me, name)
		if err != nil || offer.Refusal != want {
			t.Errorf("%s: %+v, want %+v (%v)", name, offer.Refusal, want, err)
		}
	}
}
