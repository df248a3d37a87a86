package epp

import (
	"errors"
	"math/rand/v2"
	"time"
)

// PoolOptions describes a [Pool]. The zero value of every field but Session is a
// good default.
type PoolOptions struct {
	// Session describes each session. Its Depth is how many commands of
	// [Pool.Do] share one.
	Session Options

	// Min sessions are kept open, Max is the most; defaults 0 and 1. The registry
	// may allow fewer, see [Pool].
	Min, Max int

	// BorrowTimeout bounds the wait for a session; default 30 s.
	BorrowTimeout time.Duration

	// MaxIdle is how long a session beyond Min may be unused; default 5 minutes.
	// MaxAge is how long any session is used at all; default 1 hour, negative for
	// ever. It varies by a tenth, so that sessions do not end together.
	MaxIdle, MaxAge time.Duration

	// Redial is the pause after a failed attempt to open a session. It doubles to
	// at most RedialMost; defaults 1 s and 1 minute. Pauses are drawn at random
	// between half of that and all of it.
	Redial, RedialMost time.Duration

	// BackOff is the pause after a command that the registry failed (2400). It
	// doubles to at most BackOffMost; defaults 1 s and 30 s.
	BackOff, BackOffMost time.Duration

	// PerMinute is how many commands the registry takes in a minute, on all sessions
	// together: they are sent one after the other, evenly. Zero is without limit.
	PerMinute int

	// Attempts is how often Do sends a command that may be sent again; default 3.
	Attempts int

	// ShrinkFor is how long the pool stays smaller after the registry refused a
	// session as one too many (2502); default 10 minutes.
	ShrinkFor time.Duration

	// Alarm, if not nil, is told what a person has to look at, in a goroutine of
	// its own.
	Alarm func(Alarm)
}

// Alarm is something that a pool does not mend by itself.
type Alarm struct {
	Kind AlarmKind
	Err  error // the registry's words
}

// AlarmKind says what has happened.
type AlarmKind string

const (
	// AlarmLogins: the registry refused the credentials. No session is opened until
	// [Pool.Resume] or [Pool.SetPassword].
	AlarmLogins AlarmKind = "logins_stopped"
	// AlarmBilling: the account is empty. Billable commands fail until
	// [Pool.Resume].
	AlarmBilling AlarmKind = "billing_stopped"
	// AlarmSessions: the registry allows fewer sessions than Max.
	AlarmSessions AlarmKind = "sessions_limited"
)

// Causes of an [Error] of a pool, all with Sent unset.
var (
	// ErrBorrowTimeout: no session was free, or could be opened, in time.
	ErrBorrowTimeout = errors.New("epp: no session in time")
	// ErrPoolClosed: Close was called.
	ErrPoolClosed = errors.New("epp: pool closed")
	// ErrSuspended: Suspend was called.
	ErrSuspended = errors.New("epp: pool suspended")
	// ErrLoginsStopped: the registry refused the credentials before.
	ErrLoginsStopped = errors.New("epp: logins stopped")
	// ErrBillingStopped: the account is empty, and the command would cost.
	ErrBillingStopped = errors.New("epp: billable commands stopped")
)

func (o PoolOptions) withDefaults() PoolOptions {
	o.Session = o.Session.withDefaults()
	o.Max = max(o.Max, o.Min, 1)
	for _, d := range []struct {
		value     *time.Duration
		otherwise time.Duration
	}{
		{&o.BorrowTimeout, 30 * time.Second},
		{&o.MaxIdle, 5 * time.Minute},
		{&o.MaxAge, time.Hour},
		{&o.Redial, time.Second},
		{&o.RedialMost, time.Minute},
		{&o.BackOff, time.Second},
		{&o.BackOffMost, 30 * time.Second},
		{&o.ShrinkFor, 10 * time.Minute},
	} {
		if *d.value == 0 {
			*d.value = d.otherwise
		}
	}
	if o.Attempts <= 0 {
		o.Attempts = 3
	}
	return o
}

// pause is a delay that doubles with each failure.
type pause struct {
	first, most time.Duration
	next        time.Duration
	until       time.Time
}

// begin starts the next pause.
func (p *pause) begin(now time.Time) {
	p.next = min(max(2*p.next, p.first), p.most)
	p.until = now.Add(p.next/2 + rand.N(p.next/2+1))
}

// end forgets the failures.
func (p *pause) end() { p.next, p.until = 0, time.Time{} }
