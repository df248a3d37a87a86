package sandbox

import (
	"math"
	"sync"
	"time"
)

// Clock is a registry's time. It can be moved forward, never back.
type Clock struct {
	mu      sync.Mutex
	frozen  bool
	offset  time.Duration // of a running clock, ahead of the wall clock
	at      time.Time     // of a frozen one
	changed chan struct{} // closed and replaced when the clock is moved
}

// NewClock is a clock that runs with the wall clock.
func NewClock() *Clock { return &Clock{changed: make(chan struct{})} }

// NewFrozenClock is a clock that stands at t until it is moved.
func NewFrozenClock(t time.Time) *Clock {
	return &Clock{frozen: true, at: t.UTC(), changed: make(chan struct{})}
}

// Now is the registry's time, in UTC and to the millisecond, which is what goes
// over the wire.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return c.at
	}
	return time.Now().Add(c.offset).UTC().Truncate(time.Millisecond)
}

// move sets the clock forward.
func (c *Clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.offset += d
	close(c.changed)
	c.changed = make(chan struct{})
}

// wait blocks until the clock shows t at least, or until one of the channels is
// closed. It reports whether t has come.
func (c *Clock) wait(t time.Time, wake, done <-chan struct{}) bool {
	for {
		c.mu.Lock()
		frozen, changed := c.frozen, c.changed
		c.mu.Unlock()
		left := t.Sub(c.Now())
		if left <= 0 {
			return true
		}
		if frozen {
			left = math.MaxInt64 // only a move brings it nearer
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-wake:
			timer.Stop()
			return false
		case <-done:
			timer.Stop()
			return false
		}
		timer.Stop()
	}
}
