package review_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

var (
	registrant = actor.Actor{ID: "per_li", Account: 7, Roles: []actor.Role{actor.Registrant}}
	rui        = actor.Actor{ID: "per_rui", Account: 1, Roles: []actor.Role{actor.Reviewer}}
	mei        = actor.Actor{ID: "per_mei", Account: 1, Roles: []actor.Role{actor.Reviewer}}
)

// verdict is what a subject was told.
type verdict struct {
	subject int64
	passed  bool
	reasons []review.Reason
}

// ledger is the noun behind the cases: it writes down what it is told.
type ledger struct {
	mu   sync.Mutex
	told []verdict
	// refuse makes it refuse verdicts on one subject.
	refuse int64
	// papers are the documents of each subject, found what screening has found about it.
	papers map[int64][]string
	found  map[int64][]review.Found
}

func (l *ledger) Findings(_ context.Context, _ bun.IDB, subject int64) ([]review.Found, error) {
	return l.found[subject], nil
}

func (l *ledger) Reversed(context.Context, *store.Tx, int64, review.Case, []review.Reason) error {
	return nil
}

func (l *ledger) Reopened(context.Context, *store.Tx, int64, review.Case) error { return nil }

func (l *ledger) Papers(_ context.Context, _ bun.IDB, subject int64) ([]string, error) {
	return slices.Clone(l.papers[subject]), nil
}

func (l *ledger) Decided(_ context.Context, _ *store.Tx, subject int64, passed bool, _ review.Case, reasons []review.Reason) error {
	if subject == l.refuse {
		return fmt.Errorf("subject %d takes no verdict", subject)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, verdict{subject, passed, reasons})
	return nil
}

// room is a review desk with its books.
type room struct {
	*review.Reviews
	t      *testing.T
	store  *store.Store
	clock  *clock.Fake
	ledger *ledger
}

func newRoom(t *testing.T, s *store.Store, c *clock.Fake) room {
	t.Helper()
	return newRoomUnder(t, s, c, policytest.Shipped())
}

func newRoomUnder(t *testing.T, s *store.Store, c *clock.Fake, p *policy.Policies) room {
	t.Helper()
	r := room{Reviews: review.New(s, p), t: t, store: s, clock: c, ledger: &ledger{papers: map[int64][]string{}}}
	r.Register(review.ProfileVersion, r.ledger)
	r.Register(review.DomainName, r.ledger)
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("INSERT INTO account (id, public_id, name, identity_state, created_at, row_version) VALUES (?, 'acc_li', 'Li Siyuan', 'verified', 0, 1) ON CONFLICT DO NOTHING", registrant.Account).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// at moves the clock to a moment in Shanghai.
func (r room) at(year int, month time.Month, day, hour int) {
	then := time.Date(year, month, day, hour, 0, 0, 0, time.FixedZone("CST", 8*3600))
	r.clock.Advance(then.Sub(r.clock.Now()))
}

func (r room) open(s review.Submission) (c review.Case, err error) {
	r.t.Helper()
	if s.Kind == "" {
		s.Kind = review.ProfileVersion
	}
	if s.Authority == "" {
		s.Authority = review.Desk
	}
	s.Account = registrant.Account
	err = r.store.InTx(r.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		c, err = r.Submit(ctx, tx, registrant, s)
		return err
	})
	return c, err
}

func (r room) submit(s review.Submission) review.Case {
	r.t.Helper()
	c, err := r.open(s)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r room) cancel(subject int64) error {
	return r.store.InTx(r.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return r.Cancel(ctx, tx, registrant, review.ProfileVersion, subject)
	})
}

func (r room) claim(a actor.Actor, c review.Case) review.Case {
	r.t.Helper()
	c, err := r.Claim(r.t.Context(), a, c.PublicID)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r room) find(c review.Case) (review.Case, []review.Reason) {
	r.t.Helper()
	found, reasons, err := r.Find(r.t.Context(), rui, c.PublicID)
	if err != nil {
		r.t.Fatal(err)
	}
	return found, reasons
}

func (r room) count(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.store.R.NewRaw("SELECT count(*) FROM "+query, args...).Scan(r.t.Context(), &n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r room) queue() (ids []string) {
	r.t.Helper()
	cases, _, err := r.Queue(r.t.Context(), rui, review.Filter{}, "", 100)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range cases {
		ids = append(ids, c.PublicID)
	}
	return ids
}

func failure(reasons ...review.Reason) review.Decision { return review.Decision{Reasons: reasons} }

func TestExpectedDateCountsBusinessDaysOfChina(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		for i, tt := range []struct {
			year      int
			month     time.Month
			day, hour int
			days      int
			want      string
			uncertain bool
		}{
			{2026, time.February, 13, 10, 1, "2026-02-14", false}, // a Saturday, worked to make up
			{2026, time.February, 13, 10, 2, "2026-02-24", false}, // after the Spring Festival
			{2026, time.February, 13, 23, 1, "2026-02-14", false}, // still Friday in Shanghai
			{2026, time.February, 14, 0, 1, "2026-02-24", false},  // Saturday in Shanghai, Friday in London
			{2026, time.June, 1, 10, 3, "2026-06-04", false},
			{2026, time.June, 5, 10, 1, "2026-06-08", false},  // a weekend
			{2026, time.June, 18, 10, 1, "2026-06-22", false}, // the Dragon Boat Festival
			{2026, time.December, 31, 10, 1, "2027-01-01", true},
		} {
			r.at(tt.year, tt.month, tt.day, tt.hour)
			c := r.submit(review.Submission{Subject: int64(i + 1), Days: tt.days})
			end, err := time.Parse("2006-01-02", tt.want)
			if err != nil {
				t.Fatal(err)
			}
			end = end.Add(24*time.Hour - 8*time.Hour) // the end of that day in Shanghai
			if !c.ExpectedAt.Equal(end) || c.ExpectedCertain == tt.uncertain {
				t.Errorf("%d-%d-%d %d h + %d: expected %v (certain %v), want %v", tt.year, tt.month, tt.day, tt.hour, tt.days, c.ExpectedAt, c.ExpectedCertain, end)
			}
			if n := r.count("event WHERE type = 'review.opened' AND subject = ? AND data LIKE ?", c.PublicID, "%"+tt.want+"%"); n != 1 {
				t.Errorf("the registrant is not told of %s", tt.want)
			}
		}
	})
}

func TestSubjectHasOneOpenCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.AddAuthority("sandbox", review.Sandbox{Now: s.Now})
		first := r.submit(review.Submission{Subject: 1, Title: "李思远 990***********1171"})
		if first.State != review.Open || first.Attempt != 1 || first.SubmittedBy != "per_li" || len(first.PolicyVersion) != 12 || !first.SubmittedAt.Equal(s.Now()) {
			t.Errorf("opened %+v", first)
		}
		for _, authority := range []string{review.Desk, "sandbox"} {
			if _, err := r.open(review.Submission{Subject: 1, Authority: authority}); fault.Code(err) != "review_open" || fault.From(err).Kind != fault.Conflict {
				t.Errorf("a second case with %s: %v", authority, err)
			}
		}
		if _, err := r.open(review.Submission{Subject: 1, Kind: review.DomainName}); err != nil {
			t.Errorf("another kind of subject with the same row id: %v", err)
		}
		r.claim(rui, first)
		if _, err := r.open(review.Submission{Subject: 1}); fault.Code(err) != "review_open" {
			t.Errorf("while it is claimed: %v", err)
		}
		if err := r.cancel(1); err != nil {
			t.Fatal(err)
		}
		if err := r.cancel(1); err != nil {
			t.Errorf("cancelling what is not open: %v", err)
		}
		second := r.submit(review.Submission{Subject: 1})
		if second.Attempt != 2 || second.PublicID == first.PublicID {
			t.Errorf("the second attempt: %+v", second)
		}
		r.claim(rui, second)
		if _, err := r.Decide(t.Context(), rui, second.PublicID, failure(review.Reason{Code: "name_mismatch"})); err != nil {
			t.Fatal(err)
		}
		third := r.submit(review.Submission{Subject: 1})
		latest, _, err := review.Latest(t.Context(), s.R, review.ProfileVersion, 1)
		if err != nil || latest.PublicID != third.PublicID || third.Attempt != 3 {
			t.Errorf("the latest is %+v, %v", latest, err)
		}
		if got, _ := r.find(first); got.State != review.Cancelled {
			t.Errorf("the first attempt is %s", got.State)
		}
	})
}

func TestUnknownAuthorityOpensNoCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		_, err := r.open(review.Submission{Subject: 1, Authority: "oracle"})
		if f := fault.From(err); f == nil || f.Code != "authority_unknown" || f.Field != "authority" || f.Params["Authority"] != "oracle" {
			t.Errorf("got %+v", f)
		}
		if r.count("review_case") != 0 || r.Known("oracle") || !r.Known(review.Desk) {
			t.Error("a case was opened, or the authority is known")
		}
	})
}

func TestClaimIsOneReviewersForHalfAnHour(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		claimed := r.claim(rui, opened)
		if claimed.State != review.Claimed || claimed.ClaimedBy != "per_rui" || !claimed.ClaimedUntil.Equal(s.Now().Add(30*time.Minute)) {
			t.Errorf("claimed: %+v", claimed)
		}
		if n := r.count("audit_entry WHERE action = 'review.claim' AND actor = 'per_rui' AND subject = ?", opened.PublicID); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
		if _, err := r.Claim(t.Context(), mei, opened.PublicID); fault.Code(err) != "review_claimed" {
			t.Errorf("another reviewer: %v", err)
		}
		c.Advance(20 * time.Minute)
		if renewed := r.claim(rui, opened); !renewed.ClaimedUntil.Equal(s.Now().Add(30 * time.Minute)) {
			t.Errorf("renewed until %v", renewed.ClaimedUntil)
		}
		c.Advance(30*time.Minute - time.Microsecond)
		if _, err := r.Claim(t.Context(), mei, opened.PublicID); fault.Code(err) != "review_claimed" {
			t.Errorf("another reviewer, a microsecond before the end: %v", err)
		}
		c.Advance(time.Microsecond)
		if taken := r.claim(mei, opened); taken.ClaimedBy != "per_mei" {
			t.Errorf("after the end it belongs to %s", taken.ClaimedBy)
		}
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, review.Decision{Pass: true}); fault.Code(err) != "review_not_claimed" {
			t.Errorf("the first reviewer decides after losing the claim: %v", err)
		}
		if _, err := r.Release(t.Context(), rui, opened.PublicID); fault.Code(err) != "review_not_claimed" {
			t.Errorf("the first reviewer releases another's claim: %v", err)
		}
		released, err := r.Release(t.Context(), mei, opened.PublicID)
		if err != nil || released.State != review.Open || released.ClaimedBy != "" || !released.ClaimedUntil.IsZero() {
			t.Errorf("released: %+v, %v", released, err)
		}
		r.claim(rui, opened)
	})
}

func TestTwoReviewersReachForOneCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			a := actor.Actor{ID: fmt.Sprintf("per_%d", i), Account: 1, Roles: []actor.Role{actor.Reviewer}}
			wg.Go(func() { _, errs[i] = r.Claim(t.Context(), a, opened.PublicID) })
		}
		wg.Wait()
		got := 0
		for _, err := range errs {
			if err == nil {
				got++
			} else if fault.Code(err) != "review_claimed" {
				t.Errorf("got %v, want review_claimed", err)
			}
		}
		if got != 1 {
			t.Errorf("%d reviewers have the case, want 1", got)
		}
	})
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		colleague := actor.Actor{ID: "per_x", Account: registrant.Account, Roles: []actor.Role{actor.Reviewer}}
		submitter := actor.Actor{ID: registrant.ID, Account: 99, Roles: []actor.Role{actor.Reviewer}}
		for name, a := range map[string]actor.Actor{"a reviewer of the same account": colleague, "who submitted it": submitter} {
			if _, err := r.Claim(t.Context(), a, opened.PublicID); fault.Code(err) != "review_own" || fault.From(err).Kind != fault.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got, _ := r.find(opened); got.State != review.Open {
			t.Errorf("the case is %s", got.State)
		}
	})
}

func TestOnlyWhoHoldsTheClaimDecides(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		pass := review.Decision{Pass: true}
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, pass); fault.Code(err) != "review_not_claimed" {
			t.Errorf("unclaimed: %v", err)
		}
		r.claim(rui, opened)
		if _, err := r.Decide(t.Context(), mei, opened.PublicID, pass); fault.Code(err) != "review_not_claimed" {
			t.Errorf("another reviewer: %v", err)
		}
		c.Advance(30 * time.Minute)
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, pass); fault.Code(err) != "review_not_claimed" {
			t.Errorf("after the claim has lapsed: %v", err)
		}
		r.claim(rui, opened)
		decided, err := r.Decide(t.Context(), rui, opened.PublicID, pass)
		if err != nil || decided.State != review.Passed || decided.DecidedBy != "per_rui" || !decided.DecidedAt.Equal(s.Now()) {
			t.Fatalf("decided: %+v, %v", decided, err)
		}
		if len(r.ledger.told) != 1 || r.ledger.told[0].subject != 1 || !r.ledger.told[0].passed || len(r.ledger.told[0].reasons) != 0 {
			t.Errorf("the subject was told %+v", r.ledger.told)
		}
		if r.count("event WHERE type = 'review.passed' AND account_id = 7 AND subject = ?", opened.PublicID) != 1 ||
			r.count("audit_entry WHERE action = 'review.passed' AND actor = 'per_rui' AND subject = ?", opened.PublicID) != 1 {
			t.Error("the verdict is not told or not recorded")
		}
		for name, err := range map[string]error{
			"deciding again": second(r.Decide(t.Context(), rui, opened.PublicID, pass)),
			"releasing":      second(r.Release(t.Context(), rui, opened.PublicID)),
		} {
			if fault.Code(err) != "review_case_state" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.Claim(t.Context(), rui, opened.PublicID); fault.Code(err) != "review_case_state" {
			t.Errorf("claiming what is decided: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestFailureCarriesReasonsOfTheCatalogue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		r.claim(rui, opened)
		for name, tt := range map[string]struct {
			given []review.Reason
			want  string
		}{
			"none":                   {nil, "reason_required"},
			"not in the catalogue":   {[]review.Reason{{Code: "bad_mood"}}, "reason_unknown"},
			"one of two":             {[]review.Reason{{Code: "name_mismatch"}, {Code: "bad_mood"}}, "reason_unknown"},
			"no code, a note of why": {[]review.Reason{{Note: "改“元”为“远”"}}, "reason_unknown"},
		} {
			_, err := r.Decide(t.Context(), rui, opened.PublicID, failure(tt.given...))
			if f := fault.From(err); f == nil || f.Code != tt.want || f.Field != "reasons" {
				t.Errorf("%s: %+v, want %s", name, f, tt.want)
			}
		}
		if got, _ := r.find(opened); got.State != review.Claimed || r.count("review_reason") != 0 {
			t.Fatalf("refusals left the case %s", got.State)
		}
		decided, err := r.Decide(t.Context(), rui, opened.PublicID, failure(
			review.Reason{Code: " name_mismatch ", Params: map[string]string{"Got": "李思元"}, Note: "改“元”为“远”", StaffNote: "looks careless"},
			review.Reason{Code: "blurred", PointsName: "front"},
			review.Reason{Code: "authority_rejected_other", PointsName: "address"},
		))
		if err != nil || decided.State != review.Failed {
			t.Fatalf("%+v, %v", decided, err)
		}
		_, reasons := r.find(opened)
		if len(reasons) != 3 {
			t.Fatalf("%d reasons, want 3", len(reasons))
		}
		first := reasons[0]
		if first.Code != "name_mismatch" || first.Severity != "error" || first.Retryable != "retry" || first.PointsKind != "field" || first.PointsName != "holder_name" ||
			first.Params["Got"] != "李思元" || first.Note != "改“元”为“远”" || first.StaffNote != "looks careless" {
			t.Errorf("the first reason is %+v", first)
		}
		if reasons[1].PointsKind != "side" || reasons[1].PointsName != "front" {
			t.Errorf("the reviewer's side is %+v", reasons[1])
		}
		if reasons[2].PointsKind != "field" || reasons[2].PointsName != "address" || reasons[2].Params == nil {
			t.Errorf("the reviewer's field is %+v", reasons[2])
		}
		if told := r.ledger.told; len(told) != 1 || told[0].passed || len(told[0].reasons) != 3 || told[0].reasons[0].Code != "name_mismatch" {
			t.Errorf("the subject was told %+v", told)
		}
		if n := r.count("event WHERE type = 'review.failed' AND subject = ?", opened.PublicID); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		for _, table := range []string{"event", "audit_entry", "message"} {
			column := map[string]string{"event": "data", "audit_entry": "detail", "message": "data"}[table]
			if n := r.count(table + " WHERE " + column + " LIKE '%careless%'"); n != 0 {
				t.Errorf("%s holds the note for staff", table)
			}
		}
	})
}

func TestPassCarriesNoReasons(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		r.claim(rui, opened)
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, review.Decision{Pass: true, Reasons: []review.Reason{{Code: "name_mismatch"}}}); fault.Code(err) != "reasons_without_failure" {
			t.Error(err)
		}
		if n := r.count("review_reason"); n != 0 {
			t.Errorf("%d reasons of a pass", n)
		}
	})
}

func TestVerdictThatItsSubjectRefusesIsNotWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.ledger.refuse = 1
		opened := r.submit(review.Submission{Subject: 1})
		r.claim(rui, opened)
		if _, err := r.Decide(t.Context(), rui, opened.PublicID, review.Decision{Pass: true}); err == nil {
			t.Fatal("no error")
		}
		if got, _ := r.find(opened); got.State != review.Claimed || r.count("event WHERE type = 'review.passed'") != 0 {
			t.Errorf("the case is %s", got.State)
		}
	})
}

func TestQueueShowsTheMostUrgentFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.AddAuthority("sandbox", review.Sandbox{Now: s.Now})
		late := r.submit(review.Submission{Subject: 1, Days: 3})
		soon := r.submit(review.Submission{Subject: 2, Days: 1})
		soonToo := r.submit(review.Submission{Subject: 3, Days: 1})
		r.submit(review.Submission{Subject: 4, Days: 1, Authority: "sandbox"})
		r.claim(rui, soonToo)
		gone := r.submit(review.Submission{Subject: 5})
		if err := r.cancel(5); err != nil {
			t.Fatal(err)
		}
		if got, want := r.queue(), []string{soon.PublicID, soonToo.PublicID, late.PublicID}; !slices.Equal(got, want) {
			t.Errorf("the queue is %v, want %v", got, want)
		}
		if cases, _, err := r.Queue(t.Context(), rui, review.Filter{}, "", 1); err != nil || len(cases) != 1 {
			t.Errorf("a queue of one: %d, %v", len(cases), err)
		}
		if _, err := r.Claim(t.Context(), rui, gone.PublicID); fault.Code(err) != "review_case_state" {
			t.Errorf("claiming what was taken back: %v", err)
		}
	})
}

func TestNobodyReviewsWithoutPermission(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		opened := r.submit(review.Submission{Subject: 1})
		for _, role := range []actor.Role{actor.Registrant, actor.Operator, actor.Admin, ""} {
			a := actor.Actor{ID: "per_x", Account: 1, Roles: []actor.Role{role}}
			_, _, queue := r.Queue(t.Context(), a, review.Filter{}, "", 10)
			_, _, find := r.Find(t.Context(), a, opened.PublicID)
			if leads := role == actor.Operator || role == actor.Admin; leads != (queue == nil) || leads != (find == nil) {
				t.Errorf("a %q reads the queue: %v, a case: %v", role, queue, find)
			}
			for name, err := range map[string]error{
				"claims":   second(r.Claim(t.Context(), a, opened.PublicID)),
				"releases": second(r.Release(t.Context(), a, opened.PublicID)),
				"decides":  second(r.Decide(t.Context(), a, opened.PublicID, review.Decision{Pass: true})),
			} {
				if fault.Code(err) != "forbidden" {
					t.Errorf("a %q %s: %v", role, name, err)
				}
			}
		}
		for name, err := range map[string]error{
			"claims":  second(r.Claim(t.Context(), rui, "rev_nothing")),
			"decides": second(r.Decide(t.Context(), rui, "rev_nothing", review.Decision{Pass: true})),
		} {
			if fault.Code(err) != "review_not_found" {
				t.Errorf("%s a case that is not there: %v", name, err)
			}
		}
	})
}
