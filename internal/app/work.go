package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/job"
)

// With a Clock of its own a server does nothing by itself: whoever moves the clock calls
// Work after each move, so that what happened at one time is over before the next.

// mostRounds bounds Work: something that is never done is a fault of ours.
const mostRounds = 100_000

// Work does all that is due at the time of the clock, and what follows from it, until there
// is nothing left to do. The error joins what failed in the end; the rest was done all the
// same. It is for one caller at a time, and only for a server that was started with a Clock.
func (a *App) Work(ctx context.Context) error {
	for i := range mostRounds {
		n, err := a.round(ctx, i == 0)
		if i > 0 && n == 0 || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
	return fmt.Errorf("app: there is no end to the work after %d rounds", mostRounds)
}

// seldom is how long a loop rests that is gone through once after a move of the clock:
// nothing that happens meanwhile is due in it.
const seldom = time.Minute

// waitForHand makes what a round of work is.
func (a *App) waitForHand(loops []job.Loop, workers *job.Workers) error {
	jobs, err := job.ByHand(a.Store, workers, a.log)
	if err != nil {
		return err
	}
	a.onStop(a.Registries.Close)
	a.round = func(ctx context.Context, first bool) (n int, err error) {
		failed := make([]error, 0, len(loops)+2)
		do := func(name string, once func(context.Context) (int, error)) int {
			did, err := once(ctx)
			n += did
			if err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", name, err))
				return 0
			}
			return did
		}
		for _, l := range loops {
			switch {
			case l.Every < seldom:
				do(l.Name, l.Once)
			case first:
				for more := true; more; {
					more = do(l.Name, l.Once) > 0 && ctx.Err() == nil
				}
			}
		}
		do("jobs", jobs.Once)
		do("registries", a.Registries.Once)
		return n, errors.Join(failed...)
	}
	return nil
}

// pool says how EPP sessions are kept: without pauses on the machine's clock where that is
// not the clock of the rows.
func (c Config) pool() func(*epp.PoolOptions) {
	if c.Clock == nil {
		return nil
	}
	return func(o *epp.PoolOptions) {
		o.BorrowTimeout, o.Redial, o.RedialMost = 100*time.Millisecond, time.Millisecond, 5*time.Millisecond
		o.BackOff, o.BackOffMost, o.ShrinkFor = time.Millisecond, 5*time.Millisecond, time.Second
	}
}
