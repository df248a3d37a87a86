package registry

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/namestore"
	"github.com/verinym/verinym/internal/fault"
)

// How long nothing is tried that the registry has refused altogether. Registries
// lock accounts that log in with a wrong password again and again; an empty purse
// is filled by people.
const (
	loginsAgainAfter = time.Hour
	buyAgainAfter    = 10 * time.Minute
)

// poolOptions says how the account's sessions are kept: as its configuration has
// it, and as the registry's result codes ask for.
func (r *Registries) poolOptions(l *link) epp.PoolOptions {
	o := epp.PoolOptions{
		Session: epp.Options{
			TLS: l.tlsConfig, ClientID: l.ClientID, Password: l.secret(), Depth: l.Depth, KeepAlive: time.Minute,
			DialContext: l.dialer.DialContext, Extend: namestore.Extend, Log: r.log.With("registry", l.Name),
		},
		Min: l.MinSessions, Max: l.Sessions, PerMinute: l.CommandsPerMinute,
		// The loops come back by themselves, and a person does not wait longer.
		BorrowTimeout: 5 * time.Second,
		Redial:        200 * time.Millisecond, RedialMost: 30 * time.Second,
		BackOff: 200 * time.Millisecond, BackOffMost: 10 * time.Second,
		Attempts: 2,
		Alarm:    func(a epp.Alarm) { r.alarm(l, a) },
	}
	if r.pool != nil {
		r.pool(&o)
	}
	return o
}

// borrow takes a session of the account for a loop, and keeps what its greeting says.
func (r *Registries) borrow(ctx context.Context, l *link) (*epp.Lease, error) {
	session, err := l.sessions().Borrow(ctx)
	r.reached(ctx, l, err)
	if err != nil {
		return nil, fmt.Errorf("registry %s: %w", l.Name, err)
	}
	l.greeting.Store(session.Conn.Greeting())
	if l.logins.news(session.Conn) {
		r.passed(ctx, l, "", credentialsRefused)
		r.warned(ctx, l, session.Conn)
	}
	return session, nil
}

// stopped says when to try again what the registry has refused altogether; in the
// time of the rows, zero for nothing.
type stopped struct {
	mu               sync.Mutex
	loginsAt, buysAt time.Time
}

// Findings about what the registry has refused altogether.
const (
	credentialsRefused = "credentials_refused"
	balanceUsedUp      = "balance_used_up"
)

func (s *stopped) logins(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loginsAt = until
}

func (s *stopped) buys(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buysAt = until
}

// alarm takes what the pool does not mend by itself.
func (r *Registries) alarm(l *link, a epp.Alarm) {
	ctx := context.Background()
	switch now := r.store.Now(); a.Kind {
	case epp.AlarmLogins:
		l.stopped.logins(now.Add(loginsAgainAfter))
		r.log.Error("the registry refuses our credentials: no more logins for an hour, or until there are others", "registry", l.Name, "error", a.Err)
		r.find(ctx, l, "", fault.New(fault.Unavailable, credentialsRefused).With("Words", a.Err.Error()))
	case epp.AlarmBilling:
		l.stopped.buys(now.Add(buyAgainAfter))
		r.log.Error("our balance at the registry is used up: what costs waits ten minutes", "registry", l.Name, "error", a.Err)
		l.pays.Store(false)
		r.find(ctx, l, "", fault.New(fault.Unavailable, balanceUsedUp).With("Words", a.Err.Error()))
	default:
		r.log.Warn("the registry allows fewer sessions than are configured", "registry", l.Name, "error", a.Err)
	}
}

// bought closes the finding about our balance when the registry has let us buy again.
func (r *Registries) bought(ctx context.Context, l *link, batch []Command, replies []reply) {
	for i, c := range batch {
		if !c.Kind.costs() || replies[i].outcome != OutcomeDone && replies[i].outcome != OutcomePending {
			continue
		}
		if !l.pays.Swap(true) {
			r.settled(ctx, l, balanceUsedUp)
		}
		return
	}
}

// resume tries again what was stopped, when it is time.
func (r *Registries) resume(l *link) {
	l.stopped.mu.Lock()
	defer l.stopped.mu.Unlock()
	now := r.store.Now()
	if at := &l.stopped.loginsAt; !at.IsZero() && !now.Before(*at) {
		*at = time.Time{}
		l.sessions().Resume(epp.AlarmLogins)
	}
	if at := &l.stopped.buysAt; !at.IsZero() && !now.Before(*at) {
		*at = time.Time{}
		l.sessions().Resume(epp.AlarmBilling)
	}
}
