package provider_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

func TestCircuitOpensHalfOpensAndCloses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		o := newOffice(t, s, c)
		var asked int
		o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
			o.bureau.mu.Lock()
			asked++
			o.bureau.mu.Unlock()
			w.WriteHeader(http.StatusServiceUnavailable)
			return false
		})
		circuit := func() provider.Health {
			t.Helper()
			all, err := o.List(t.Context(), operator)
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			return all[0]
		}
		if h := circuit(); h.Circuit.State != provider.Flowing || h.Circuit.Failures != 0 {
			t.Errorf("at first: %+v", h)
		}
		var cases []review.Case
		for i := range 5 {
			cases = append(cases, o.submit(int64(i+1)))
		}
		_ = o.ask()
		h := circuit()
		if h.Circuit.State != provider.Broken || h.Circuit.Failures != 5 || h.Waiting != 5 || h.Failing != 5 || h.Circuit.Words != "HTTP 503" || !h.Circuit.PausedUntil.Equal(c.Now().Add(30*time.Second)) {
			t.Fatalf("after five failures: %+v", h)
		}
		if n := o.count("registry_finding WHERE registry = 'bureau' AND code = 'authority_unreachable' AND closed_at IS NULL"); n != 1 {
			t.Errorf("%d findings tell an operator", n)
		}
		c.Advance(29 * time.Second)
		cases = append(cases, o.submit(6))
		o.mustAsk()
		if asked != 5 {
			t.Errorf("asked %d times over an open circuit", asked)
		}
		c.Advance(time.Minute)
		_ = o.ask()
		if h := circuit(); asked != 6 || h.Circuit.State != provider.Broken || h.Circuit.PausedUntil.Sub(c.Now()) != time.Minute {
			t.Errorf("half open, %d times asked, then %+v", asked, h.Circuit)
		}
		o.bureau.misbehave(nil)
		c.Advance(15 * time.Minute)
		_ = o.ask() // one tries it, the others wait for what comes of that or come after
		c.Advance(15 * time.Minute)
		o.mustAsk()
		if h := circuit(); h.Circuit.State != provider.Flowing || h.Circuit.Failures != 0 || h.Failing != 0 {
			t.Errorf("back again: %+v", h)
		}
		if got := o.bureau.known(); len(got) != len(cases) {
			t.Errorf("the bureau has %d cases of %d", len(got), len(cases))
		}
		if n := o.count("registry_finding WHERE closed_at IS NULL"); n != 0 {
			t.Errorf("%d findings are left open", n)
		}
		if _, err := o.List(t.Context(), registrant); fault.Code(err) != "forbidden" {
			t.Errorf("a registrant sees it: %v", err)
		}
	})
}

// A request that the provider does not take says nothing about how the provider is.
func TestRefusedRequestOpensNoCircuit(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, "no such kind of document")
		return false
	})
	for i := range 6 {
		o.submit(int64(i + 1))
	}
	_ = o.ask()
	if all, err := o.List(t.Context(), operator); err != nil || all[0].Circuit.State != provider.Flowing || all[0].Failing != 6 {
		t.Errorf("%+v, %v", all, err)
	}
	if n := o.count("registry_finding WHERE code = 'authority_refuses_request' AND params LIKE '%no such kind%' AND closed_at IS NULL"); n != 6 {
		t.Errorf("%d findings", n)
	}
	calls, err := o.Calls(t.Context(), operator, "bureau", 10)
	if err != nil || len(calls) != 6 || calls[0].Method != http.MethodPut || calls[0].Status != http.StatusUnprocessableEntity || !strings.Contains(calls[0].Words, "no such kind") {
		t.Errorf("calls: %+v, %v", calls, err)
	}
	o.bureau.misbehave(nil)
	c.Advance(time.Minute)
	o.mustAsk()
	if n := o.count("registry_finding WHERE closed_at IS NULL"); n != 0 {
		t.Errorf("%d findings are left open", n)
	}
	if calls, err = o.Calls(t.Context(), operator, "bureau", 1); err != nil || calls[0].Words != "" || calls[0].Status/100 != 2 {
		t.Errorf("a call that was answered: %+v, %v", calls, err)
	}
	c.Advance(8 * 24 * time.Hour)
	if _, err := o.Sweep(t.Context(), 100); err != nil || o.count("provider_call") != 0 {
		t.Errorf("%d calls are remembered after a week, %v", o.count("provider_call"), err)
	}
	if _, err := o.Calls(t.Context(), registrant, "bureau", 1); fault.Code(err) != "forbidden" {
		t.Errorf("a registrant: %v", err)
	}
}

func TestProviderThatWantsToBeLeftAloneIs(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	o := newOffice(t, s, c)
	o.submit(1)
	o.bureau.misbehave(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
		return false
	})
	_ = o.ask()
	o.bureau.misbehave(nil)
	c.Advance(599 * time.Second)
	o.mustAsk()
	if got := o.bureau.requests(); len(got) != 0 {
		t.Errorf("it was asked %v", got)
	}
	c.Advance(3 * time.Minute)
	o.mustAsk()
	if got := o.bureau.requests(); len(got) != 1 {
		t.Errorf("it was asked %v", got)
	}
}
