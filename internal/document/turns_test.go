package document

import (
	"context"
	"errors"
	"testing"
)

func TestAccountsTakeTurns(t *testing.T) {
	t.Parallel()
	queue := newTurns()
	var ends []func()
	for range atOnce {
		end, err := queue.take(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := queue.take(gone, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("one more of the same account: %v", err)
	}
	other, err := queue.take(t.Context(), 2)
	if err != nil {
		t.Fatalf("another account waits: %v", err)
	}
	ends[0]()
	again, err := queue.take(t.Context(), 1)
	if err != nil {
		t.Fatalf("after one has ended: %v", err)
	}
	for _, end := range []func(){ends[1], other, again} {
		end()
	}
	if len(queue.of) != 0 {
		t.Errorf("%d accounts are remembered for nothing", len(queue.of))
	}
}
