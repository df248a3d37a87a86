package review_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// office is an authority outside: it answers what it was told to, in turn.
type office struct {
	answers []review.Answer
	errs    []error
	asked   int
}

func (o *office) Ask(context.Context, review.Case) (review.Answer, error) {
	i := o.asked
	o.asked++
	if i < len(o.errs) && o.errs[i] != nil {
		return review.Answer{}, o.errs[i]
	}
	return o.answers[min(i, len(o.answers)-1)], nil
}

func (r room) ask() int {
	r.t.Helper()
	n, err := r.AskDue(r.t.Context(), 100)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestAuthorityIsAskedWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		woken := 0
		r.OnHandOut(func() { woken++ })
		o := &office{answers: []review.Answer{{Wait: time.Hour}, {Verdict: review.Pass}}}
		r.AddAuthority("bureau", o)
		opened := r.submit(review.Submission{Subject: 1, Authority: "bureau"})
		if opened.State != review.Waiting || woken != 1 {
			t.Fatalf("handed out as %s, woke %d", opened.State, woken)
		}
		if n := r.ask(); n != 1 || o.asked != 1 {
			t.Errorf("asked about %d cases, want 1", n)
		}
		c.Advance(time.Hour - time.Microsecond)
		if n := r.ask(); n != 0 || o.asked != 1 {
			t.Errorf("asked %d times before the hour is over", o.asked)
		}
		if _, err := r.Claim(t.Context(), rui, opened.PublicID); err == nil {
			t.Error("the desk claims the authority's case")
		}
		c.Advance(time.Microsecond)
		r.ask()
		got, _ := r.find(opened)
		if got.State != review.Passed || got.DecidedBy != "authority:bureau" || len(r.ledger.told) != 1 || !r.ledger.told[0].passed {
			t.Errorf("the case is %+v, its subject was told %+v", got, r.ledger.told)
		}
		if n := r.ask(); n != 0 {
			t.Errorf("asked about %d decided cases", n)
		}
	})
}

func TestAuthorityThatFailsIsAskedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		down := errors.New("connection refused")
		o := &office{errs: []error{down, down}, answers: []review.Answer{{Verdict: review.Pass}}}
		r.AddAuthority("bureau", o)
		opened := r.submit(review.Submission{Subject: 1, Authority: "bureau"})
		for range 2 {
			if _, err := r.AskDue(t.Context(), 100); !errors.Is(err, down) || !strings.Contains(err.Error(), opened.PublicID) {
				t.Errorf("the operator reads %v", err)
			}
			if got, _ := r.find(opened); got.State != review.Waiting {
				t.Fatalf("a silent authority made the case %s", got.State)
			}
			if n := r.ask(); n != 0 {
				t.Error("asked again at once")
			}
			c.Advance(time.Minute)
		}
		r.ask()
		if got, _ := r.find(opened); got.State != review.Passed || o.asked != 3 {
			t.Errorf("after %d questions the case is %s", o.asked, got.State)
		}
	})
}

func TestRefusalOfAnAuthorityIsPutInOurWords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		for i, tt := range []struct{ code, want, points string }{
			{"name_mismatch", "name_mismatch", "holder_name"},
			{"E1234", "authority_rejected_other", ""},
			{"", "authority_rejected_other", ""},
		} {
			subject := int64(i + 1)
			r.AddAuthority("bureau", &office{answers: []review.Answer{{Verdict: review.Fail, Said: []review.Said{{Code: tt.code, Raw: "姓名与证件不符"}}}}})
			opened := r.submit(review.Submission{Subject: subject, Authority: "bureau"})
			r.ask()
			got, reasons := r.find(opened)
			if got.State != review.Failed || len(reasons) != 1 {
				t.Fatalf("%q: %s with %d reasons", tt.code, got.State, len(reasons))
			}
			if x := reasons[0]; x.Code != tt.want || x.PointsName != tt.points || x.Raw != "姓名与证件不符" || x.Params["Words"] != "姓名与证件不符" || x.Severity == "" {
				t.Errorf("%q: %+v, want %s", tt.code, x, tt.want)
			}
		}
	})
}

// A case that waits for an authority which is gone, and one whose subject takes no
// verdict, keep nobody else waiting.
func TestOneStuckCaseHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.AddAuthority("gone", &office{})
		r.AddAuthority("bureau", &office{answers: []review.Answer{{Verdict: review.Pass}}})
		r.submit(review.Submission{Subject: 1, Authority: "gone"})
		r.ledger.refuse = 2
		c.Advance(time.Second)
		r.submit(review.Submission{Subject: 2, Authority: "bureau"})
		c.Advance(time.Second)
		third := r.submit(review.Submission{Subject: 3, Authority: "bureau"})

		after := newRoom(t, s, c) // a restart without the first authority
		after.ledger.refuse = 2
		after.AddAuthority("bureau", &office{answers: []review.Answer{{Verdict: review.Pass}}})
		// One at a time: a stuck case does not stay at the head of the line either.
		for _, stuck := range []bool{true, true, false} {
			if _, err := after.AskDue(t.Context(), 1); (err != nil) != stuck {
				t.Errorf("the operator reads %v", err)
			}
		}
		if got, _ := after.find(third); got.State != review.Passed {
			t.Errorf("the third case is %s, want passed", got.State)
		}
	})
}

func TestVerdictThatCameTooLateChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		// The registrant takes the submission back while the authority is being asked.
		r.AddAuthority("bureau", authority(func(context.Context, review.Case) (review.Answer, error) {
			return review.Answer{Verdict: review.Pass}, r.cancel(1)
		}))
		opened := r.submit(review.Submission{Subject: 1, Authority: "bureau"})
		r.ask()
		if got, _ := r.find(opened); got.State != review.Cancelled || len(r.ledger.told) != 0 {
			t.Errorf("the case is %s, its subject was told %v", got.State, r.ledger.told)
		}
	})
}

type authority func(context.Context, review.Case) (review.Answer, error)

func (a authority) Ask(ctx context.Context, c review.Case) (review.Answer, error) { return a(ctx, c) }

func TestSandboxDecidesByMagicValue(t *testing.T) {
	t.Parallel()
	const delay, slow = time.Second, time.Minute
	submitted := storetest.Monday
	for name, tt := range map[string]struct {
		kind  review.Kind
		magic string
		after time.Duration
		want  review.Answer
	}{
		"anybody, at once":            {review.ProfileVersion, "李思远\nLi Siyuan", 0, review.Answer{Wait: delay}},
		"anybody":                     {review.ProfileVersion, "李思远\nLi Siyuan", delay, review.Answer{Verdict: review.Pass}},
		"no magic in ordinary names":  {review.ProfileVersion, "\nFailsworth Pending Slow Ltd", delay, review.Answer{Verdict: review.Pass}},
		"FAIL":                        {review.ProfileVersion, "李思远FAIL\nli", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "authority_rejected_other"}}}},
		"FAIL in English":             {review.ProfileVersion, "李思远\nLi FAIL", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "authority_rejected_other"}}}},
		"FAIL with a code":            {review.ProfileVersion, "李思远 FAIL-name_mismatch\nli", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "name_mismatch"}}}},
		"FAIL with a code, shouted":   {review.ProfileVersion, "\nLi FAIL-NAME_MISMATCH Ltd", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "name_mismatch"}}}},
		"FAIL with a dash alone":      {review.ProfileVersion, "李思远FAIL-", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "authority_rejected_other"}}}},
		"FAIL with a dash and a name": {review.ProfileVersion, "FAIL-思远\nFAIL-", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "authority_rejected_other"}}}},
		"PENDING":                     {review.ProfileVersion, "李思远\nPENDING", 30 * 24 * time.Hour, review.Answer{Wait: 24 * time.Hour}},
		"SLOW, too early":             {review.ProfileVersion, "SLOW 李思远\n", delay, review.Answer{Wait: slow - delay}},
		"SLOW":                        {review.ProfileVersion, "SLOW 李思远\n", slow, review.Answer{Verdict: review.Pass}},
		"SLOW and FAIL":               {review.ProfileVersion, "SLOW FAIL-expired\n", slow, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "expired"}}}},
		"a label":                     {review.DomainName, "example.cn", delay, review.Answer{Verdict: review.Pass}},
		"a label that fails":          {review.DomainName, "will-fail.cn", delay, review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "name_prohibited"}}}},
		"a label that stays":          {review.DomainName, "pending-case.cn", delay, review.Answer{Wait: 24 * time.Hour}},
	} {
		s := review.Sandbox{Delay: delay, Slow: slow, Now: func() time.Time { return submitted.Add(tt.after) }}
		got, err := s.Ask(t.Context(), review.Case{SubjectKind: tt.kind, Magic: tt.magic, SubmittedAt: store.At(submitted)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, said := range got.Said {
			if said.Raw == "" {
				t.Errorf("%s: no words of the authority", name)
			}
			got.Said[i].Raw = ""
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestSandboxWalksACaseToItsVerdict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		r := newRoom(t, s, c)
		r.AddAuthority("sandbox", review.Sandbox{Delay: time.Second, Slow: time.Hour, Now: s.Now})
		cases := map[string]review.Case{}
		for i, magic := range []string{"李思远", "FAIL-name_mismatch", "PENDING", "SLOW"} {
			cases[magic] = r.submit(review.Submission{Subject: int64(i + 1), Authority: "sandbox", Magic: magic})
		}
		states := func() (out [4]review.State) {
			for i, magic := range []string{"李思远", "FAIL-name_mismatch", "PENDING", "SLOW"} {
				found, _ := r.find(cases[magic])
				out[i] = found.State
			}
			return out
		}
		r.ask()
		if got, want := states(), [4]review.State{review.Waiting, review.Waiting, review.Waiting, review.Waiting}; got != want {
			t.Errorf("at once: %v", got)
		}
		c.Advance(time.Second)
		r.ask()
		if got, want := states(), [4]review.State{review.Passed, review.Failed, review.Waiting, review.Waiting}; got != want {
			t.Errorf("after a second: %v, want %v", got, want)
		}
		c.Advance(time.Hour)
		r.ask()
		if got, want := states(), [4]review.State{review.Passed, review.Failed, review.Waiting, review.Passed}; got != want {
			t.Errorf("after an hour: %v, want %v", got, want)
		}
		if _, reasons := r.find(cases["FAIL-name_mismatch"]); len(reasons) != 1 || reasons[0].Code != "name_mismatch" {
			t.Errorf("the failure's reasons are %+v", reasons)
		}
	})
}
