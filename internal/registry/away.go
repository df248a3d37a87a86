package registry

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// awayFor is how long a registry gives us no session before an operator is told. What is
// shorter mends itself.
const awayFor = 2 * time.Minute

// touch is how this process reaches a registry.
type touch struct {
	mu sync.Mutex
	// met says that it has given us a session, lost since when it gives none, in the time of
	// the rows; zero while it does.
	met  bool
	lost time.Time
}

// missed notes that there was no session, and says since when there is none.
func (x *touch) missed(now time.Time) time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.lost.IsZero() {
		x.lost = now
	}
	return x.lost
}

// found notes a session, and says whether it is the first one, or the first one again.
func (x *touch) found() (news bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	news = !x.met || !x.lost.IsZero()
	x.met, x.lost = true, time.Time{}
	return news
}

// reached takes what became of borrowing a session: an operator is told of a registry that
// gives none for long, until it gives one again. A pause, and credentials that it refuses,
// are told elsewhere.
func (r *Registries) reached(ctx context.Context, l *link, err error) {
	const away = "registry_away"
	switch {
	case err == nil:
		if !l.touch.found() {
			return
		}
		l.trouble.forget(away + " ")
		err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return Settled(ctx, tx, l.Name, "", away) })
		if err != nil {
			r.log.Error("registry finding", "registry", l.Name, "code", away, "error", err)
		}
	case ctx.Err() != nil || errors.Is(err, epp.ErrPoolClosed) || errors.Is(err, epp.ErrSuspended) || errors.Is(err, epp.ErrLoginsStopped):
	default:
		now := r.store.Now()
		if since := l.touch.missed(now); now.Sub(since) >= awayFor {
			r.find(ctx, l, "", fault.New(fault.Unavailable, away).With("Since", since.UTC().Format(time.RFC3339)).Because(err))
		}
	}
}
