package registry

import (
	"context"
	"errors"
	"log/slog"
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
	busy := errors.Is(err, epp.ErrBorrowTimeout) && l.pooled().Open > 0 // others have them all
	if err != nil && (busy || ctx.Err() != nil || errors.Is(err, epp.ErrPoolClosed) || errors.Is(err, epp.ErrSuspended) || errors.Is(err, epp.ErrLoginsStopped)) {
		return
	}
	r.met(ctx, l, &l.touch, err, "registry_away", credentialsRefused)
}

// documented takes what became of sending documents: an operator is told likewise of a
// channel that takes none.
func (r *Registries) documented(ctx context.Context, l *link, err error) {
	if ctx.Err() == nil {
		r.met(ctx, l, &l.channel, err, "documents_away")
	}
}

// polled takes what became of reading the queue on a session: an operator is told likewise of
// a queue that cannot be read, as when its oldest message is no XML.
func (r *Registries) polled(ctx context.Context, l *link, err error) {
	if ctx.Err() == nil {
		r.met(ctx, l, &l.queue, err, "queue_unread")
	}
}

// met raises the finding away when there is an error for long, and closes it, and others that
// are not true then, when there is none any more.
func (r *Registries) met(ctx context.Context, l *link, x *touch, err error, away string, others ...string) {
	if err != nil {
		now := r.store.Now()
		if since := x.missed(now); now.Sub(since) >= awayFor {
			r.find(ctx, l, "", fault.New(fault.Unavailable, away).With("Since", since.UTC().Format(time.RFC3339)).With("Cause", err.Error()).Because(err))
		}
		return
	}
	if x.found() {
		r.settled(ctx, l, append(others, away)...)
	}
}

// settled closes findings of the account that are true no more, whichever process has raised
// them.
func (r *Registries) settled(ctx context.Context, l *link, codes ...string) {
	for _, code := range codes {
		l.trouble.forget(code + " ")
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, code := range codes {
			if err := Settled(ctx, tx, l.Name, "", code); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.log.Error("registry finding", "registry", l.Name, "codes", codes, "error", err)
	}
}

// complain logs why a loop of an account cannot work: at most once a minute, however often it
// tries.
func (r *Registries) complain(l *link, loop string, err error) {
	level := slog.LevelDebug
	if l.trouble.due("loop "+loop, r.store.Now()) {
		level = slog.LevelWarn
	}
	r.log.Log(context.Background(), level, loop, "registry", l.Name, "error", err)
}
