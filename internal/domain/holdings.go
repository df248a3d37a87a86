package domain

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Holding is what a profile holds.
type Holding struct {
	// Names is how many domains have a version of the profile as their holder.
	Names int
	// Waiting is how many of them lack the verdict on their holder, and Due when the
	// first of these is held, zero when none is.
	Waiting int
	Due     time.Time
}

var (
	// lacking are the verdicts that are still to come.
	lacking = []Verdict{NotCompleted, InReview, Failed}
	// ended are the states of names that are not ours any more, or never were.
	ended = []State{Unfulfilled, Deleted, Transferred}
)

// Holdings says what profiles of the actor's account hold, by their row ids.
func (all *All) Holdings(ctx context.Context, a actor.Actor, profiles []int64) (map[int64]Holding, error) {
	if err := a.Check(actor.DomainRead); err != nil {
		return nil, err
	}
	out := map[int64]Holding{}
	if len(profiles) == 0 {
		return out, nil
	}
	var rows []struct {
		ProfileID      int64
		Names, Waiting int
		Due            store.Time
	}
	err := all.store.R.NewRaw(`SELECT v.profile_id, count(*) AS names, sum(CASE WHEN d.holder_state IN (?) THEN 1 ELSE 0 END) AS waiting,
			min(CASE WHEN d.holder_state IN (?) THEN d.due_at END) AS due
		FROM domain d JOIN profile_version v ON v.id = d.version_id
		WHERE v.profile_id IN (?) AND d.account_id = ? AND d.state NOT IN (?) GROUP BY v.profile_id`,
		bun.List(lacking), bun.List(lacking), bun.List(profiles), a.Account, bun.List(ended)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.ProfileID] = Holding{Names: r.Names, Waiting: r.Waiting, Due: r.Due.Time}
	}
	return out, wrap("holdings", err)
}
