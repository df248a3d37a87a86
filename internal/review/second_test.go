package review_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/verinym/verinym/internal/calendar"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestTwoReviewersApproveWherePolicyAsks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		p := policytest.Changed(t, "second_reviewer: {kinds: [], flags: []", "second_reviewer: {kinds: [domain_name], flags: [contested]")
		r := newRoom(t, s, c)
		r.Reviews = review.New(s, p)
		r.Register(review.ProfileVersion, r.ledger)
		r.Register(review.DomainName, r.ledger)
		pass := review.Decision{Pass: true}
		for i, sub := range []review.Submission{{Kind: review.DomainName}, {Flags: []string{"contested"}}} {
			sub.Subject = int64(i + 1)
			r.ledger.papers[sub.Subject] = []string{"doc_front"}
			opened := r.claim(rui, r.submit(sub))
			r.look(rui, "doc_front")
			if first, err := r.Decide(t.Context(), rui, opened.PublicID, pass); err != nil || first.State != review.Open || first.FirstBy != rui.ID {
				t.Fatalf("the first approval: %+v, %v", first, err)
			}
			if len(r.ledger.told) != i {
				t.Errorf("one approval was told: %+v", r.ledger.told)
			}
			if _, err := r.Claim(t.Context(), rui, opened.PublicID); fault.Code(err) != "review_second_needed" {
				t.Errorf("the first again: %v", err)
			}
			if _, err := r.ClaimNext(t.Context(), rui, review.Filter{}); fault.Code(err) != "review_queue_empty" {
				t.Errorf("the first reaches for the next: %v", err)
			}
			r.claim(mei, opened)
			if _, err := r.Decide(t.Context(), mei, opened.PublicID, pass); fault.Code(err) != "review_documents_unopened" {
				t.Errorf("the second has opened nothing: %v", err)
			}
			r.look(mei, "doc_front")
			if got, err := r.Decide(t.Context(), mei, opened.PublicID, pass); err != nil || got.State != review.Passed || got.DecidedBy != mei.ID {
				t.Errorf("the second approval: %+v, %v", got, err)
			}
		}
		plain := r.claim(rui, r.submit(review.Submission{Subject: 9}))
		if got, err := r.Decide(t.Context(), rui, plain.PublicID, pass); err != nil || got.State != review.Passed {
			t.Errorf("where policy does not ask: %+v, %v", got, err)
		}
	})
}

func TestEscalatedCaseWaitsForALead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.claim(rui, r.submit(review.Submission{Subject: 1}))
		if _, err := r.Escalate(t.Context(), rui, opened.PublicID, ""); fault.Code(err) != "cause_required" {
			t.Errorf("without a cause: %v", err)
		}
		if _, err := r.Escalate(t.Context(), mei, opened.PublicID, "odd seal"); fault.Code(err) != "review_not_claimed" {
			t.Errorf("who does not hold it: %v", err)
		}
		got, err := r.Escalate(t.Context(), rui, opened.PublicID, "odd seal")
		if err != nil || got.State != review.Open || got.Escalation != "odd seal" || got.EscalatedAt.IsZero() {
			t.Fatalf("%+v, %v", got, err)
		}
		r.wants(review.Filter{Escalated: true}, opened)
		if _, err := r.Claim(t.Context(), mei, opened.PublicID); fault.Code(err) != "review_escalated" {
			t.Errorf("another reviewer: %v", err)
		}
		if _, err := r.ClaimNext(t.Context(), mei, review.Filter{Escalated: true}); fault.Code(err) != "review_queue_empty" {
			t.Errorf("another reviewer reaches for it: %v", err)
		}
		r.claim(lead, opened)
	})
}

func TestLateReviewAlarmsOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.at(2026, time.February, 13, 10)
		late := r.submit(review.Submission{Subject: 1, Days: 1}) // until the end of Saturday, a make-up day
		r.submit(review.Submission{Subject: 2, Days: 2})         // until the end of the 24th
		for _, tt := range []struct {
			day, hour, want int
		}{{14, 23, 0}, {15, 0, 1}, {23, 23, 0}} {
			r.at(2026, time.February, tt.day, tt.hour)
			if n, err := r.AlarmLate(t.Context(), 10); err != nil || n != tt.want {
				t.Errorf("on the %dth at %d h: %d late, %v; want %d", tt.day, tt.hour, n, err, tt.want)
			}
		}
		if r.count("event WHERE type = 'review.overdue' AND account_id = 7 AND subject = ? AND data LIKE '%2026-02-14%' AND data LIKE '%\"profile_version\"%'", late.PublicID) != 1 ||
			r.count("registry_finding WHERE code = 'review_late' AND subject = ?", late.PublicID) != 1 {
			t.Error("the registrant or the operator is not told")
		}
		if _, err := r.Decide(t.Context(), rui, r.claim(rui, late).PublicID, review.Decision{Reasons: []review.Reason{{Code: "name_mismatch"}}}); err != nil {
			t.Fatal(err)
		}
		if r.count("registry_finding WHERE code = 'review_late' AND closed_at IS NULL") != 0 {
			t.Error("the operator is still told of it when it is decided")
		}
	})
}

func TestASampleCaseIsAged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		fresh := r.submit(review.Submission{Subject: 1, Days: 3})
		if fresh.OverdueAt(c.Now()) {
			t.Fatal("a new case is late")
		}
		if err := r.Age(t.Context(), fresh.PublicID, 14*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		aged, _, err := r.Find(t.Context(), rui, fresh.PublicID)
		if err != nil || !aged.OverdueAt(c.Now()) || fresh.SubmittedAt.Sub(aged.SubmittedAt.Time) != 14*24*time.Hour {
			t.Errorf("aged by two weeks it was submitted at %v, expected by %v; %v", aged.SubmittedAt, aged.ExpectedAt, err)
		}
		if err := r.Age(t.Context(), "rev_none", time.Hour); fault.Code(err) != "review_not_found" {
			t.Errorf("a case that is not there: %v", err)
		}
	})
}

func TestYearWithoutHolidaysIsLoud(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.at(2026, time.December, 30, 10)
		r.submit(review.Submission{Subject: 1, Days: 1})
		if n := r.count("registry_finding"); n != 0 {
			t.Errorf("%d findings within the known year", n)
		}
		r.submit(review.Submission{Subject: 2, Days: 2})
		if n := r.count("registry_finding WHERE code = 'holidays_unknown' AND subject = '2027'"); n != 1 {
			t.Errorf("%d findings about 2027, want 1", n)
		}
	})
}

// An operator hears of a missing year a month before it begins, and no more once it is there.
func TestMissingHolidaysAreToldAheadUntilTheyAreThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		for _, tt := range []struct {
			month     time.Month
			day, want int
		}{{time.December, 1, 0}, {time.December, 2, 1}, {time.December, 31, 1}} {
			r.at(2026, tt.month, tt.day, 23)
			if n, err := r.AlarmHolidays(t.Context()); err != nil || n != tt.want {
				t.Errorf("on %d %s: %d years, %v; want %d", tt.day, tt.month, n, err, tt.want)
			}
		}
		open := "registry_finding WHERE code = 'holidays_unknown' AND closed_at IS NULL"
		if n := r.count(open + " AND subject = '2027' AND times = 2"); n != 1 || r.count(open) != 1 {
			t.Errorf("%d findings about 2027, %d in all", n, r.count(open))
		}
		known := *policytest.Shipped()
		var err error
		if known.Calendar, err = calendar.Load(fstest.MapFS{
			"holidays-2027.json": {Data: []byte(`{"country":"CN","year":2027,"time_zone":"Asia/Shanghai","holidays":[{"from":"2027-01-01","to":"2027-01-03"}],"make_up_days":[]}`)},
		}); err != nil {
			t.Fatal(err)
		}
		r.at(2027, time.January, 1, 10)
		if n, err := review.New(s, &known).AlarmHolidays(t.Context()); err != nil || n != 0 || r.count(open) != 0 {
			t.Errorf("with the file %d years are missing, %d findings are open; %v", n, r.count(open), err)
		}
	})
}
