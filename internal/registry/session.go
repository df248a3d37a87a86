package registry

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/namestore"
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
		Session: epp.Options{TLS: l.tlsConfig, ClientID: l.ClientID, Password: l.Password, Depth: l.Depth, KeepAlive: time.Minute, DialContext: l.dialer.DialContext, Extend: namestore.Extend},
		Min:     l.MinSessions, Max: l.Sessions,
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
	r.warned(ctx, l, session.Conn)
	return session, nil
}

// stopped says when to try again what the registry has refused altogether; in the
// time of the rows, zero for nothing.
type stopped struct {
	mu               sync.Mutex
	loginsAt, buysAt time.Time
}

// alarm takes what the pool does not mend by itself.
func (r *Registries) alarm(l *link, a epp.Alarm) {
	l.stopped.mu.Lock()
	defer l.stopped.mu.Unlock()
	switch now := r.store.Now(); a.Kind {
	case epp.AlarmLogins:
		l.stopped.loginsAt = now.Add(loginsAgainAfter)
		r.log.Error("the registry refuses our credentials: no more logins for an hour, or until a restart", "registry", l.Name, "error", a.Err)
	case epp.AlarmBilling:
		l.stopped.buysAt = now.Add(buyAgainAfter)
		r.log.Error("our balance at the registry is used up: what costs waits ten minutes", "registry", l.Name, "error", a.Err)
	default:
		r.log.Warn("the registry allows fewer sessions than are configured", "registry", l.Name, "error", a.Err)
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
