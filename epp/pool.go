package epp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Pool keeps sessions with one registry open, and opens and closes them as they
// are needed. Its methods may be called by any number of goroutines.
//
// It does what the result codes ask for. A session that one too many was refused
// for (2502) makes the pool smaller. Refused credentials (2200, 2501) stop it from
// logging in, and an empty account (2104) stops billable commands, until somebody
// calls [Pool.Resume]; both raise an alarm. After 2400 it pauses. After 2500, and
// after any answer that was lost, [Pool.DoLooking] looks on another session before
// it sends a command again.
type Pool struct {
	addr string
	o    PoolOptions
	dial func(ctx context.Context, addr string, o Options) (*Conn, error)

	ctx  context.Context // ends with the pool
	stop context.CancelFunc
	wake chan struct{} // tells the keeper that something has changed
	done sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	away     bool // suspended
	sessions []*pooled
	dialing  int
	waiters  []*waiter // the first one is served first
	limit    int       // of sessions; Options.Max, or fewer
	limitEnd time.Time // when it is Options.Max again
	redial   pause
	backOff  pause
	failed   error // why the last session could not be opened
	logins   error // why there are none
	billing  error // why nothing is bought
}

// pooled is a session of a pool.
type pooled struct {
	conn      *Conn
	used      int // places in use
	retiring  bool
	idleSince time.Time
	expires   time.Time // zero is never
}

// waiter waits for a place, or for a whole session.
type waiter struct {
	whole bool
	given chan *pooled // of capacity 1
	err   error        // set before given is closed
}

// NewPool makes a pool for the registry at addr and begins to open Min sessions.
// [Pool.Close] ends it.
func NewPool(addr string, o PoolOptions) *Pool { return newPool(addr, o, Dial) }

func newPool(addr string, o PoolOptions, dial func(context.Context, string, Options) (*Conn, error)) *Pool {
	p := &Pool{addr: addr, o: o.withDefaults(), dial: dial, wake: make(chan struct{}, 1)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.limit = p.o.Max
	p.redial = pause{first: p.o.Redial, most: p.o.RedialMost}
	p.backOff = pause{first: p.o.BackOff, most: p.o.BackOffMost}
	p.o.Session.observe, p.o.Session.admit = p.observe, p.admit
	if p.o.PerMinute > 0 {
		p.o.Session.turn = (&pacer{every: time.Minute / time.Duration(p.o.PerMinute)}).wait
	}
	p.mu.Lock()
	p.grow()
	p.mu.Unlock()
	p.done.Go(p.keep)
	return p
}

// Lease is a session that one borrower has for itself.
type Lease struct {
	*Conn
	pool *Pool
	of   *pooled
	once sync.Once
}

// Return gives the session back. Commands that are still under way must have been
// waited for. A second call does nothing.
func (l *Lease) Return() { l.once.Do(func() { l.pool.release(l.of, cap(l.of.conn.slots)) }) }

// Borrow waits for the end of the pause after a 2400, and for a session that nobody
// uses; it opens one if there may be more. The error is an [*Error] with Sent unset.
func (p *Pool) Borrow(ctx context.Context) (*Lease, error) {
	if err := p.rest(ctx); err != nil {
		return nil, &Error{Err: err}
	}
	s, err := p.acquire(ctx, true)
	if err != nil {
		return nil, err
	}
	return &Lease{Conn: s.conn, pool: p, of: s}, nil
}

// acquire gets a place on a session, or all of its places.
func (p *Pool) acquire(ctx context.Context, whole bool) (*pooled, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.o.BorrowTimeout, ErrBorrowTimeout)
	defer cancel()
	w := &waiter{whole: whole, given: make(chan *pooled, 1)}
	p.mu.Lock()
	p.waiters = append(p.waiters, w)
	p.serve()
	p.mu.Unlock()
	select {
	case s, ok := <-w.given:
		if !ok {
			return nil, &Error{Err: w.err}
		}
		return s, nil
	case <-ctx.Done():
		return nil, &Error{Err: p.giveUp(w, context.Cause(ctx))}
	}
}

// giveUp takes a waiter out of the line and says why it got nothing.
func (p *Pool) giveUp(w *waiter, cause error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiters, w); i >= 0 {
		p.waiters = slices.Delete(p.waiters, i, i+1)
	} else if s := <-w.given; s != nil { // it was served meanwhile
		p.put(s, w.places(s))
	}
	p.serve()
	if errors.Is(cause, ErrBorrowTimeout) && p.failed != nil {
		return fmt.Errorf("%w: %w", cause, p.failed)
	}
	return cause
}

func (w *waiter) places(s *pooled) int {
	if w.whole {
		return cap(s.conn.slots)
	}
	return 1
}

// serve gives sessions to those who wait, in turn, and opens more for the rest.
// p.mu is held.
func (p *Pool) serve() {
	for len(p.waiters) > 0 {
		w := p.waiters[0]
		if w.err = p.refusal(); w.err != nil {
			close(w.given)
		} else if s := p.free(w.whole); s != nil {
			s.used += w.places(s)
			w.given <- s
		} else {
			break
		}
		p.waiters = p.waiters[1:]
	}
	p.grow()
	p.poke()
}

// refusal says why nobody gets a session at all.
func (p *Pool) refusal() error {
	switch {
	case p.closed:
		return ErrPoolClosed
	case p.away:
		return ErrSuspended
	case p.logins != nil && len(p.sessions) == 0:
		return fmt.Errorf("%w: %w", ErrLoginsStopped, p.logins)
	}
	return nil
}

// free finds the session with the most free places, or one that is all free.
func (p *Pool) free(whole bool) *pooled {
	var best *pooled
	for _, s := range p.sessions {
		if s.retiring || s.used >= cap(s.conn.slots) || whole && s.used > 0 || s.conn.Err() != nil {
			continue
		}
		if best == nil || s.load() < best.load() {
			best = s
		}
	}
	return best
}

// load is how many commands are under way, abandoned ones included.
func (s *pooled) load() int { return max(s.used, len(s.conn.slots)) }

// grow begins to open the sessions that are missing. p.mu is held.
func (p *Pool) grow() {
	now := time.Now()
	for p.ctx.Err() == nil && !p.away && p.logins == nil && !now.Before(p.redial.until) && len(p.sessions)+p.dialing < p.limit {
		missing := len(p.sessions)+p.dialing < min(p.o.Min, p.limit)
		if !missing && p.dialing >= len(p.waiters) {
			break
		}
		p.dialing++
		p.done.Go(p.open)
	}
}

// open opens one session.
func (p *Pool) open() {
	p.mu.Lock()
	o := p.o.Session
	p.mu.Unlock()
	conn, err := p.dial(p.ctx, p.addr, o)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dialing--
	if err != nil {
		p.note(err)
		p.serve()
		return
	}
	p.failed = nil
	p.redial.end()
	if p.closed {
		conn.Close()
		return
	}
	s := &pooled{conn: conn, idleSince: time.Now()}
	if p.o.MaxAge > 0 {
		s.expires = s.idleSince.Add(p.o.MaxAge - rand.N(p.o.MaxAge/10+1))
	}
	p.sessions = append(p.sessions, s)
	if p.away {
		p.logout(s)
	}
	p.done.Go(func() { p.watch(s) })
	p.serve()
}

// note takes why a session could not be opened. p.mu is held.
func (p *Pool) note(err error) {
	p.failed = err
	if p.ctx.Err() != nil {
		return
	}
	switch CodeOf(err) {
	case CodeAuthentication, CodeAuthClosing:
		p.stopLogins(err)
	case CodeSessionLimit:
		p.shrink(len(p.sessions), err)
		p.redial.begin(time.Now())
	default:
		p.redial.begin(time.Now())
	}
}

// stopLogins keeps the pool from dialing. p.mu is held.
func (p *Pool) stopLogins(err error) {
	if p.logins == nil {
		p.logins = err
		p.alarm(AlarmLogins, err)
	}
}

// shrink takes the number of sessions that the registry allows. p.mu is held.
func (p *Pool) shrink(allowed int, err error) {
	p.limit = min(p.limit, max(allowed, 1))
	p.limitEnd = time.Now().Add(p.o.ShrinkFor)
	p.alarm(AlarmSessions, err)
}

// alarm tells somebody, without p.mu, which is held.
func (p *Pool) alarm(kind AlarmKind, err error) {
	if p.o.Alarm != nil {
		go p.o.Alarm(Alarm{kind, err})
	}
}

// watch waits for the end of a session.
func (p *Pool) watch(s *pooled) {
	<-s.conn.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions = slices.DeleteFunc(p.sessions, func(other *pooled) bool { return other == s })
	p.serve()
}

// release gives places back.
func (p *Pool) release(s *pooled, places int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.put(s, places)
	p.serve()
}

func (p *Pool) put(s *pooled, places int) {
	if s.used -= places; s.used > 0 {
		return
	}
	s.idleSince = time.Now()
	if s.retiring {
		p.logout(s)
	}
}

// logout ends a session that nobody uses, without p.mu, which is held.
func (p *Pool) logout(s *pooled) {
	s.retiring = true
	p.done.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), logoutTimeout)
		defer cancel()
		s.conn.Logout(ctx)
	})
}

// logoutTimeout is how long the registry has to answer a logout.
const logoutTimeout = 5 * time.Second
