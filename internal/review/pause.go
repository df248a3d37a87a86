package review

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Pause says since when, by whom and why an authority is asked nothing.
type Pause struct {
	bun.BaseModel `bun:"table:authority_pause"`

	Authority string `bun:",pk"`
	At        store.Time
	Author    string
	Cause     string
}

// Work is how an authority does: what waits for it, and what it decided in a time.
type Work struct {
	Name string
	// Waiting are its undecided cases, Overdue those of them past their expected day;
	// Oldest is how long the oldest waits.
	Waiting, Overdue int
	Oldest           time.Duration
	// Pace is of the cases that it decided in the time.
	Pace
	// Pause is nil while it is asked.
	Pause *Pause
}

// Authorities says how each authority that is configured does, the desk first, then by
// name; decided in [from, to). It needs review.read.
func (r *Reviews) Authorities(ctx context.Context, a actor.Actor, from, to time.Time) (out []Work, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, err
	}
	work := map[string]*Work{}
	for _, name := range append([]string{Desk}, slices.Collect(maps.Keys(r.authorities))...) {
		work[name] = &Work{Name: name}
	}
	if err := r.workLeft(ctx, work); err != nil {
		return nil, wrap("authorities", err)
	}
	var decided []struct {
		Authority              string
		State                  State
		SubmittedAt, DecidedAt store.Time
	}
	err = r.store.R.NewRaw("SELECT authority, state, submitted_at, decided_at FROM review_case WHERE decided_at >= ? AND decided_at < ?", store.At(from), store.At(to)).Scan(ctx, &decided)
	if err != nil {
		return nil, wrap("authorities", err)
	}
	tallies := paces{}
	for _, x := range decided {
		tallies.add(x.Authority, x.State, x.DecidedAt.Sub(x.SubmittedAt.Time))
	}
	for _, p := range tallies.list() {
		if w := work[p.Name]; w != nil {
			w.Pace = p
		}
	}
	for _, w := range work {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(x, y Work) int {
		return cmp.Or(-cmp.Compare(desked(x.Name), desked(y.Name)), cmp.Compare(x.Name, y.Name))
	})
	return out, nil
}

func desked(name string) int {
	if name == Desk {
		return 1
	}
	return 0
}

// workLeft adds what waits, and what is paused.
func (r *Reviews) workLeft(ctx context.Context, work map[string]*Work) error {
	now := store.At(r.store.Now())
	var left []struct {
		Authority        string
		Waiting, Overdue int
		Oldest           store.Time
	}
	err := r.store.R.NewRaw(`SELECT authority, count(*) AS waiting, count(CASE WHEN expected_at <= ? THEN 1 END) AS overdue, min(submitted_at) AS oldest
		FROM review_case WHERE state IN ('open', 'claimed', 'waiting') GROUP BY authority`, now).Scan(ctx, &left)
	if err != nil {
		return err
	}
	for _, l := range left {
		if w := work[l.Authority]; w != nil {
			w.Waiting, w.Overdue, w.Oldest = l.Waiting, l.Overdue, now.Sub(l.Oldest.Time)
		}
	}
	var paused []Pause
	if err := r.store.R.NewSelect().Model(&paused).Scan(ctx); err != nil {
		return err
	}
	for i := range paused {
		if w := work[paused[i].Authority]; w != nil {
			w.Pause = &paused[i]
		}
	}
	return nil
}

// PauseAuthority asks an authority nothing more, of no case, until it is resumed; what it
// says by itself is taken. Paused again it stays as it is. It needs authority.manage.
// Faults: authority_unknown, authority_desk, cause_required.
func (r *Reviews) PauseAuthority(ctx context.Context, a actor.Actor, name, cause string) error {
	if err := r.manageable(a, name); err != nil {
		return err
	}
	if cause = strings.TrimSpace(cause); cause == "" {
		return fault.At("cause", "cause_required")
	}
	return wrap("pause", r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewInsert().Model(&Pause{Authority: name, At: store.At(tx.Now()), Author: a.ID, Cause: cause}).On("CONFLICT DO NOTHING").Exec(ctx)
		if err := store.One(res, err); err != nil {
			return unlessStale(err)
		}
		return audit.Record(ctx, tx, a, "authority.pause", name, map[string]string{"cause": cause})
	}))
}

// ResumeAuthority asks an authority again. It needs authority.manage. Faults:
// authority_unknown, authority_desk.
func (r *Reviews) ResumeAuthority(ctx context.Context, a actor.Actor, name string) error {
	if err := r.manageable(a, name); err != nil {
		return err
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewRaw("DELETE FROM authority_pause WHERE authority = ?", name).Exec(ctx)
		if err := store.One(res, err); err != nil {
			return unlessStale(err)
		}
		tx.OnCommit(r.wake)
		return audit.Record(ctx, tx, a, "authority.resume", name, nil)
	})
	return wrap("resume", err)
}

// unlessStale lets be what is already as it was wanted.
func unlessStale(err error) error {
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	return err
}

func (r *Reviews) manageable(a actor.Actor, name string) error {
	switch {
	case !a.May(actor.AuthorityManage):
		return a.Check(actor.AuthorityManage)
	case name == Desk:
		return fault.New(fault.Conflict, "authority_desk")
	case !r.Known(name):
		return fault.New(fault.NotFound, "authority_unknown").With("Authority", name)
	}
	return nil
}
