package domain

import (
	"context"
	"slices"
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
		ProfileID   int64
		HolderState Verdict
		Names       int
	}
	err := all.store.R.NewRaw("SELECT v.profile_id, t.holder_state, sum(t.names) AS names FROM profile_version v JOIN "+tallyRows+` AS t ON t.version_id = v.id
		WHERE v.profile_id IN (?) AND t.state NOT IN (?) GROUP BY v.profile_id, t.holder_state`, a.Account, a.Account, bun.List(profiles), bun.List(ended)).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap("holdings", err)
	}
	var waiting []int64
	for _, r := range rows {
		h := out[r.ProfileID]
		h.Names += r.Names
		if slices.Contains(lacking, r.HolderState) {
			h.Waiting += r.Names
			waiting = append(waiting, r.ProfileID)
		}
		if h.Names > 0 {
			out[r.ProfileID] = h
		}
	}
	return out, wrap("holdings", all.firstHeld(ctx, a, waiting, out))
}

// firstHeld fills in when the first name of each profile is held.
func (all *All) firstHeld(ctx context.Context, a actor.Actor, profiles []int64, of map[int64]Holding) error {
	if len(profiles) == 0 {
		return nil
	}
	var rows []struct {
		ProfileID int64
		Due       store.Time
	}
	err := all.store.R.NewRaw(`SELECT v.profile_id, (SELECT d.due_at FROM domain d WHERE d.version_id = v.id AND d.holder_state IN (?) AND d.due_at IS NOT NULL
			AND d.account_id = ? AND d.state NOT IN (?) ORDER BY d.due_at LIMIT 1) AS due
		FROM profile_version v WHERE v.profile_id IN (?)`, bun.List(lacking), a.Account, bun.List(ended), bun.List(profiles)).Scan(ctx, &rows)
	for _, r := range rows {
		if h := of[r.ProfileID]; !r.Due.IsZero() && (h.Due.IsZero() || r.Due.Before(h.Due)) {
			h.Due = r.Due.Time
			of[r.ProfileID] = h
		}
	}
	return err
}
