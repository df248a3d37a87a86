// Package clock is the time that verinym's own rows see.
//
// Every noun reads the time through a Clock, so that fifteen days pass in a
// test in no time at all. It never drives TLS, database leases or the job
// queue: those keep the machine's time.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time in UTC, cut to the microsecond that rows can hold.
type Clock interface{ Now() time.Time }

// Real is the machine's clock.
type Real struct{}

// Now returns the machine's time.
func (Real) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Fake is a clock that stands still until it is moved. Its zero value starts at
// the zero time; use NewFake.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that shows t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC().Truncate(time.Microsecond)} }

// Now returns the time last set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock forward by d and returns the new time.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}
