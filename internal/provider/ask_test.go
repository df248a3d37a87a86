package provider_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// The answer to the request that opens a case is lost, twice, in different ways. The
// bureau has one case in the end.
func TestLostAnswerOpensNoSecondCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.bureau.misbehave(func(http.ResponseWriter, *http.Request) bool {
			panic(http.ErrAbortHandler) // before anything is done
		})
		if err := o.ask(); err == nil {
			t.Error("a broken connection is no error")
		}
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool { // done, and answered to nobody
			w.WriteHeader(http.StatusBadGateway)
			return true
		})
		c.Advance(7 * time.Second)
		if err := o.ask(); err == nil || !strings.Contains(err.Error(), "502") {
			t.Errorf("the operator reads %v", err)
		}
		if got := o.state(opened); got != review.Waiting {
			t.Fatalf("the case is %s", got)
		}
		o.bureau.misbehave(nil)
		c.Advance(time.Minute)
		o.mustAsk()
		if got := o.bureau.known(); !slices.Equal(got, []string{opened.PublicID}) || len(o.bureau.requests()) != 2 {
			t.Errorf("the bureau has %v after %v", got, o.bureau.requests())
		}
		if n := o.count("provider_case WHERE state = 'opened' AND tries = 0 AND failing_at IS NULL"); n != 1 {
			t.Errorf("%d cases stand as if nothing had failed", n)
		}
	})
}

func TestCaseThatTheProviderHasLostIsPutAgain(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.mustAsk()
	o.bureau.mu.Lock()
	o.bureau.cases = map[string]string{}
	o.bureau.mu.Unlock()
	c.Advance(2 * time.Hour)
	o.mustAsk()
	id := opened.PublicID
	if got, want := o.bureau.requests(), []string{"PUT " + id, "GET " + id, "PUT " + id}; !slices.Equal(got, want) {
		t.Errorf("the bureau was asked %v, want %v", got, want)
	}
}

// Everything that a provider may answer and that is no answer leaves the case waiting,
// and the next try comes later and later.
func TestWhatIsNoAnswerIsTriedAgainLaterAndLater(t *testing.T) {
	t.Parallel()
	say := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return false
		}
	}
	for name, tt := range map[string]struct {
		wrong func(http.ResponseWriter, *http.Request) bool
		words string
	}{
		"an error":           {say(500, "out of order"), "HTTP 500 out of order"},
		"no JSON":            {say(200, "<html>"), "not the JSON of a verdict"},
		"another case":       {say(200, `{"case":"rev_other","verdict":"approve"}`), "another case"},
		"no verdict":         {say(200, `{}`), "is none of"},
		"an unknown verdict": {say(200, `{"verdict":"maybe"}`), `"maybe"`},
		"no reasons":         {say(200, `{"verdict":"decline"}`), "without reasons"},
		"an empty reason":    {say(200, `{"verdict":"decline","reasons":[{}]}`), "without code and words"},
		"more of nothing":    {say(200, `{"verdict":"more","more":{}}`), "more of what"},
		"two answers":        {say(200, `{"verdict":"approve"}{"verdict":"decline"}`), "more than one"},
		"a flood":            {say(200, `{"reference":"`+strings.Repeat("x", 300<<10)+`"}`), "too long"},
		"a redirect":         {say(302, ""), "HTTP 302"},
		"silence": {func(_ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return false
		}, "timed_out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := storetest.SQLite(t)
			o := newOffice(t, s, c)
			opened := o.submit(1)
			o.bureau.misbehave(tt.wrong)
			err := o.ask()
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("the operator reads %v, want %s", err, tt.words)
			}
			if n := o.count("provider_case WHERE tries = 1 AND state = 'unopened' AND words LIKE ?", "%"+tt.words[:5]+"%"); n != 1 {
				t.Error("the failure is not written down")
			}
			for _, pause := range []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute} {
				c.Advance(pause - time.Microsecond)
				if err := o.ask(); err != nil {
					t.Fatalf("tried before %s are over: %v", pause, err)
				}
				c.Advance(pause/4 + time.Second)
				if err := o.ask(); err == nil {
					t.Fatalf("not tried after %s", pause)
				}
			}
			if got := o.state(opened); got != review.Waiting || len(o.subject.told) > 0 {
				t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
			}
		})
	}
}

func TestAfterDaysOfFailureTheCaseEndsForNoReasonOfTheRegistrants(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		opened := o.submit(1)
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusBadGateway)
			return true // it has the case all the same
		})
		_ = o.ask()
		for range 27 {
			c.Advance(6 * time.Hour)
			_ = o.ask()
		}
		if got := o.state(opened); got != review.Waiting {
			t.Fatalf("the case is %s before seven days are over", got)
		}
		staff := actor.Actor{ID: "per_rui", Account: 99, Roles: []actor.Role{actor.Reviewer}}
		if at, err := o.Of(t.Context(), staff, review.Case{ID: opened.ID}); err != nil || at == nil || at.State != provider.Unopened || !at.SentAt.IsZero() || at.Attempts < 9 || at.Failures != at.Attempts || at.Words == "" {
			t.Errorf("the desk is told %+v, %v", at, err)
		}
		c.Advance(10 * time.Hour)
		o.mustAsk()
		if got := o.state(opened); got != review.Failed || len(o.subject.reasons) != 1 || o.subject.reasons[0].Code != "authority_unavailable" || o.subject.reasons[0].Retryable != "system" {
			t.Fatalf("the case is %s for %+v", got, o.subject.reasons)
		}
		o.bureau.misbehave(nil)
		c.Advance(time.Hour)
		if _, err := o.WithdrawDue(t.Context(), 100); err != nil || len(o.bureau.known()) != 0 {
			t.Errorf("the bureau still has %v, %v", o.bureau.known(), err)
		}
	})
}

// The case is taken back, or decided by a callback, while the request that opens it is
// on its way.
func TestCaseThatEndsWhileItIsPut(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	opened := o.submit(1)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		o.cancel(1)
		_, _ = io.WriteString(w, `{"verdict":"approve"}`)
		return true
	})
	o.mustAsk()
	o.bureau.misbehave(nil)
	if got := o.state(opened); got != review.Cancelled {
		t.Errorf("the case is %s", got)
	}
	if n, err := o.WithdrawDue(t.Context(), 100); n != 0 || err != nil {
		t.Errorf("told at once, %d, %v", n, err)
	}
	c.Advance(time.Second)
	if n, err := o.WithdrawDue(t.Context(), 100); n != 1 || err != nil || len(o.bureau.known()) != 0 {
		t.Errorf("told of %d, %v; the bureau has %v", n, err, o.bureau.known())
	}
	decided := o.submit(2)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		if effect, err := o.send(o.verdict("msg_1", decided, `"verdict":"approve"`)); effect != provider.Taken || err != nil {
			t.Errorf("%s, %v", effect, err)
		}
		w.WriteHeader(http.StatusAccepted)
		return true
	})
	o.mustAsk()
	if got := o.state(decided); got != review.Passed || len(o.subject.told) != 1 {
		t.Errorf("the case is %s, its subject was told %v", got, o.subject.told)
	}
}
