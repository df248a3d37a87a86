package idempotency_test

import (
	"context"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/idempotency"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
)

// TestARequestIsCarriedOutOnce: the second gets the first one's answer; one that failed
// may be tried again; another one under the same key is refused.
func TestARequestIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		carried := 0
		once := func(account int64, key, print string, answer *idempotency.Answer) (*idempotency.Answer, error) {
			return idempotency.Once(t.Context(), s, idempotency.Request{Account: account, Key: key, Fingerprint: []byte(print)}, func(context.Context) *idempotency.Answer {
				carried++
				return answer
			})
		}
		if known, err := once(1, "a", "x", nil); known != nil || err != nil {
			t.Fatalf("the first try: %v, %v", known, err)
		}
		if known, err := once(1, "a", "x", &idempotency.Answer{Status: 303, Body: []byte("/there")}); known != nil || err != nil {
			t.Fatalf("the second try: %v, %v", known, err)
		}
		known, err := once(1, "a", "x", &idempotency.Answer{Status: 500})
		if err != nil || known == nil || known.Status != 303 || string(known.Body) != "/there" {
			t.Errorf("the answer came back as %+v, %v", known, err)
		}
		if _, err := once(1, "a", "y", nil); fault.Code(err) != "idempotency_key_reused" {
			t.Errorf("another request under the key: %v", err)
		}
		if known, err := once(2, "a", "y", &idempotency.Answer{Status: 200}); known != nil || err != nil {
			t.Errorf("the key of another account: %v, %v", known, err)
		}
		if known, err := idempotency.Known(t.Context(), s, 1, "a"); err != nil || known == nil || string(known.Body) != "/there" {
			t.Errorf("asked for, the answer is %+v, %v", known, err)
		}
		if known, err := idempotency.Known(t.Context(), s, 1, "b"); err != nil || known != nil {
			t.Errorf("the answer to nothing: %+v, %v", known, err)
		}
		c.Advance(25 * time.Hour)
		if known, err := idempotency.Known(t.Context(), s, 1, "a"); err != nil || known != nil {
			t.Errorf("a day later: %+v, %v", known, err)
		}
		if carried != 3 {
			t.Errorf("carried out %d times, want 3", carried)
		}
	})
}

// TestACrashLeavesTheKeyFree: what panicked is not remembered.
func TestACrashLeavesTheKeyFree(t *testing.T) {
	t.Parallel()
	s, _ := storetest.SQLite(t)
	r := idempotency.Request{Account: 1, Key: "a", Fingerprint: []byte("x")}
	func() {
		defer func() { _ = recover() }()
		_, _ = idempotency.Once(t.Context(), s, r, func(context.Context) *idempotency.Answer { panic("crash") })
	}()
	again := false
	if _, err := idempotency.Once(t.Context(), s, r, func(context.Context) *idempotency.Answer { again = true; return nil }); err != nil || !again {
		t.Errorf("tried again: %v, %v", again, err)
	}
}
