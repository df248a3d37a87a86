package epp

import (
	"fmt"
	"slices"
	"time"
)

// keep closes sessions that are old or idle and opens those that are missing, when
// it is time.
func (p *Pool) keep() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-timer.C:
		case <-p.wake:
		}
		p.mu.Lock()
		now := time.Now()
		p.retire(now)
		if !p.limitEnd.IsZero() && !now.Before(p.limitEnd) {
			p.limit, p.limitEnd = p.o.Max, time.Time{}
		}
		p.grow()
		timer.Reset(p.untilDue(now))
		p.mu.Unlock()
	}
}

// poke wakes the keeper.
func (p *Pool) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// retire closes what is too old, and what nobody has used for long. p.mu is held.
func (p *Pool) retire(now time.Time) {
	open := 0
	for _, s := range p.sessions {
		if !s.retiring {
			open++
		}
	}
	for _, s := range p.sessions {
		old := !s.expires.IsZero() && !now.Before(s.expires)
		idle := s.used == 0 && open > p.o.Min && !now.Before(s.idleSince.Add(p.o.MaxIdle))
		if s.retiring || !old && !idle {
			continue
		}
		open--
		if s.retiring = true; s.used == 0 {
			p.logout(s)
		}
	}
}

// longestNap is how long the keeper sleeps when nothing is due.
const longestNap = time.Hour

// untilDue is how long nothing has to be done. p.mu is held.
func (p *Pool) untilDue(now time.Time) time.Duration {
	due := now.Add(longestNap)
	sooner := func(t time.Time) {
		if !t.IsZero() && t.Before(due) {
			due = t
		}
	}
	for _, s := range p.sessions {
		if s.retiring {
			continue
		}
		sooner(s.expires)
		if s.used == 0 && len(p.sessions) > p.o.Min {
			sooner(s.idleSince.Add(p.o.MaxIdle))
		}
	}
	if p.logins == nil && (len(p.waiters) > 0 || len(p.sessions) < p.o.Min) && now.Before(p.redial.until) {
		sooner(p.redial.until)
	}
	sooner(p.limitEnd)
	return max(due.Sub(now), time.Millisecond)
}

// admit keeps billable commands from the registry while the account is empty. It
// is asked before every command on the pool's sessions.
func (p *Pool) admit(cmd Command) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.billing != nil && cmd.Billable() {
		return fmt.Errorf("%w: %w", ErrBillingStopped, p.billing)
	}
	return nil
}

// observe sees the answer to every command on the pool's sessions.
func (p *Pool) observe(response *Response) {
	code := response.Code()
	if code < 2000 || code == CodeBilling || code == CodeFailed || code >= CodeFailedClosing {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	switch err := errorOf(response); {
	case code < 2000:
		p.backOff.end()
	case code == CodeFailed:
		p.backOff.begin(time.Now())
	case code == CodeBilling && p.billing == nil:
		p.billing = err
		p.alarm(AlarmBilling, err)
	case code == CodeAuthClosing:
		p.stopLogins(err)
	case code == CodeSessionLimit:
		p.shrink(len(p.sessions)-1, err)
	}
}

// Suspend logs out of all sessions, of those in use when they are returned, and opens
// none: until [Pool.Resume] is called without alarms, everybody gets [ErrSuspended].
func (p *Pool) Suspend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = true
	for _, s := range p.sessions {
		if s.retiring {
			continue
		}
		if s.retiring = true; s.used == 0 {
			p.logout(s)
		}
	}
	p.serve()
}

// Resume lets the pool log in and buy again, after somebody has seen to what an
// alarm was about: both, after [Pool.Suspend] too, or only what is named by the alarms.
func (p *Pool) Resume(after ...AlarmKind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(after) == 0 {
		p.away = false
	}
	if len(after) == 0 || slices.Contains(after, AlarmBilling) {
		p.billing = nil
	}
	if len(after) == 0 || slices.Contains(after, AlarmLogins) {
		p.logins = nil
		p.redial.end()
	}
	p.serve()
}

// SetPassword changes the password for sessions that are opened from now on, and
// lets the pool log in again.
func (p *Pool) SetPassword(password string) {
	p.mu.Lock()
	p.o.Session.Password = password
	p.logins = nil
	p.redial.end()
	p.serve()
	p.mu.Unlock()
}

// PoolStats is a pool at a glance.
type PoolStats struct {
	Open    int // sessions
	InUse   int // of these
	Dialing int
	Waiting int   // for a session
	Limit   int   // most sessions for now
	Logins  error // why no session is opened; nil if they are
	Billing error // why nothing is bought; nil if it is
}

// Stats tells how the pool stands.
func (p *Pool) Stats() PoolStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	stats := PoolStats{
		Open: len(p.sessions), Dialing: p.dialing, Waiting: len(p.waiters), Limit: p.limit, Logins: p.logins, Billing: p.billing,
	}
	for _, s := range p.sessions {
		if s.used > 0 {
			stats.InUse++
		}
	}
	return stats
}

// Close logs out of all sessions and returns when they have ended. Sessions that
// are in use end too; commands under way on them fail with [ErrClosed].
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, s := range p.sessions {
		switch {
		case s.used > 0:
			s.conn.Close()
		case !s.retiring:
			p.logout(s)
		}
	}
	p.serve()
	p.mu.Unlock()
	p.stop()
	p.done.Wait()
	return nil
}
