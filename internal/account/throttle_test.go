package account

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/fault"
)

func TestGuessingIsHeldBackWithoutLockingPeopleOut(t *testing.T) {
	t.Parallel()
	g, now := newGate(), time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)
	waits := func(email, place string) bool {
		return fault.Code(g.check(now, signIns(email, place), "sign_in_wait")) == "sign_in_wait"
	}
	for range mostHere {
		if waits("li@example.com", "192.0.2.1") {
			t.Fatal("held back too early")
		}
		g.note(now, signIns("li@example.com", "192.0.2.1"))
	}
	if !waits("li@example.com", "192.0.2.1") {
		t.Error("an eleventh guess from there")
	}
	if waits("li@example.com", "198.51.100.7") {
		t.Error("Li, at home, is locked out by somebody else")
	}
	if waits("chen@example.com", "192.0.2.1") {
		t.Error("Chen, behind the same address, is locked out")
	}
	for i := range mostOfPerson {
		g.note(now, signIns("li@example.com", fmt.Sprintf("203.0.113.%d", i)))
	}
	if !waits("li@example.com", "198.51.100.7") {
		t.Error("a botnet goes on guessing")
	}
	for i := range mostOfPlace {
		g.note(now, signIns(fmt.Sprintf("person-%d@example.com", i), "192.0.2.9"))
	}
	if !waits("nobody-yet@example.com", "192.0.2.9") {
		t.Error("one place goes on trying everybody")
	}
	now = now.Add(window)
	if waits("li@example.com", "192.0.2.1") || waits("nobody-yet@example.com", "192.0.2.9") {
		t.Error("the wait does not end")
	}
}

func TestFewPasswordsAreHashedAtOnceAndFewWait(t *testing.T) {
	t.Parallel()
	g := newGate()
	var mu sync.Mutex
	var wg sync.WaitGroup
	at, most, busy := 0, 0, 0
	open := make(chan struct{})
	for range mostWaitForHash + 36 {
		wg.Go(func() {
			err := g.hash(context.Background(), func() {
				mu.Lock()
				at++
				most = max(most, at)
				mu.Unlock()
				<-open
				mu.Lock()
				at--
				mu.Unlock()
			})
			if fault.Code(err) == "busy" {
				mu.Lock()
				if busy++; busy == 36 {
					close(open)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if most > cap(g.hashing) || busy != 36 {
		t.Errorf("%d at once, %d turned away; want at most %d, and 36", most, busy, cap(g.hashing))
	}
}
