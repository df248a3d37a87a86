package registry

import "context"

// What the tests of this package may see from the inside.
var (
	FateOf     = fate
	BackoffFor = backoff
)

// Reply is what a driver made of an answer.
type Reply struct {
	Outcome             Outcome
	Code                int
	Lost, Unsent, Again bool
}

// Fate is fate for a reply as the tests write it.
func (r Reply) reply() reply {
	return reply{outcome: r.Outcome, code: r.Code, lost: r.Lost, unsent: r.Unsent, again: r.Again}
}

// Wake makes every loop look again at once.
func (r *Registries) Wake() {
	for _, l := range r.accounts {
		poke(l.wakePump)
		poke(l.wakeAudit)
		poke(l.wakeApply)
	}
}

// ClaimAs claims the commands of an account under a fence, as its pump would.
func (r *Registries) ClaimAs(ctx context.Context, registry string, fence int64) ([]Command, error) {
	return r.claim(ctx, r.accounts[registry], "epp", fence, claimBatch)
}
