package registry

import (
	"context"
	"time"
)

// BackoffFor is backoff.
var BackoffFor = backoff

// Reply is what a driver made of an answer.
type Reply struct {
	Outcome             Outcome
	Code                int
	Lost, Unsent, Again bool
	Blameless           bool
}

// FateOf is fate for an answer.
func FateOf(c Command, r Reply, now time.Time, pendingFor time.Duration) (Event, time.Time) {
	return fate(c, reply{outcome: r.Outcome, code: r.Code, lost: r.Lost, unsent: r.Unsent, again: r.Again, blameless: r.Blameless}, now, pendingFor)
}

// Wake makes every loop look again at once.
func (r *Registries) Wake() {
	for _, l := range r.accounts {
		l.rouse()
	}
}

// ClaimAs claims the commands of an account under a fence, as its pump would.
func (r *Registries) ClaimAs(ctx context.Context, registry string, fence int64) ([]Command, error) {
	return r.claim(ctx, r.accounts[registry], "epp", fence, Interactive, Sweep, claimBatch)
}

// The queries that run again and again.
const (
	OpenWorkSQL  = openWorkSQL
	AbandonedSQL = "SELECT count(*) FROM registry_command WHERE " + abandonedSQL
	OverdueSQL   = "SELECT count(*) FROM registry_command WHERE " + overdueSQL
	ClaimSQL     = claimSQL + ") RETURNING *"
)

// CallsOfApplier says after which messages the applier is called, when n messages come so
// far apart and the registry says of the last that no other waits.
func CallsOfApplier(n int, apart time.Duration) (calls []int) {
	wake := make(chan struct{}, 1)
	g := gathering{wake: wake}
	at := time.Unix(0, 0)
	for i := range n {
		g.add(at.Add(time.Duration(i)*apart), i+1 == n)
		select {
		case <-wake:
			calls = append(calls, i+1)
		default:
		}
	}
	return calls
}
