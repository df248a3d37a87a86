package epp

import (
	"context"
	"sync"
	"time"
)

// pacer spaces commands evenly.
type pacer struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

// wait takes the next moment at which a command may be sent, and waits for it.
func (p *pacer) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	left := p.next.Sub(now)
	p.next = p.next.Add(p.every)
	p.mu.Unlock()
	if left == 0 {
		return nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
