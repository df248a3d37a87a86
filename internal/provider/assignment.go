package provider

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// Standing is where a case stands between us and a provider.
type Standing string

// The standings of a case.
const (
	// Unopened: not put to the provider yet, or nobody knows whether it arrived.
	Unopened Standing = "unopened"
	// Opened: the provider has said that it has the case.
	Opened Standing = "opened"
	// Withdrawing: the provider is to be told that the case is over.
	Withdrawing Standing = "withdrawing"
	Closed      Standing = "closed"
)

// Step moves a case from standing to standing.
type Step string

// The steps.
const (
	Accept   Step = "accept"
	Forget   Step = "forget" // the provider does not know the case any more
	Withdraw Step = "withdraw"
	Close    Step = "close"
)

// Standings is the state table of a case at a provider.
var Standings = state.Table[Standing, Step]{
	Noun: "review_provider_case",
	Moves: map[Standing]map[Step]Standing{
		Unopened:    {Accept: Opened, Forget: Unopened, Withdraw: Withdrawing, Close: Closed},
		Opened:      {Accept: Opened, Forget: Unopened, Withdraw: Withdrawing, Close: Closed},
		Withdrawing: {Withdraw: Withdrawing, Close: Closed},
		Closed:      {},
	},
}

// assignment is a case at a provider.
type assignment struct {
	bun.BaseModel `bun:"table:provider_case"`

	CaseID    int64 `bun:",pk"`
	PublicID  string
	Authority string
	State     Standing
	// Tries counts the failures in a row since FailingAt; Words say the last one.
	Tries     int
	FailingAt store.Time
	Words     string
	// SentAt is when the provider said first that it has the case, Attempts how many
	// requests about it were made, those that failed included.
	SentAt   store.Time
	Attempts int
	// Reference is what the provider calls the case.
	Reference string
	// NextAt is when the provider is told again that the case is over.
	NextAt     store.Time
	RowVersion int64
}

// assignmentOf reads the row of a case; one that there is none of yet is made.
func (p *provider) assignmentOf(ctx context.Context, c review.Case) (a assignment, err error) {
	err = p.Store.R.NewSelect().Model(&a).Where("case_id = ?", c.ID).Scan(ctx)
	if !store.IsNotFound(err) {
		return a, err
	}
	err = p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		a = assignment{CaseID: c.ID, PublicID: c.PublicID, Authority: p.Name, State: Unopened, RowVersion: 1}
		if _, err := tx.NewInsert().Model(&a).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		return tx.NewSelect().Model(&a).WherePK().Scan(ctx)
	})
	return a, err
}

// At is how a case stands at its provider, for staff.
type At struct {
	Authority, Reference string
	State                Standing
	SentAt               time.Time
	Attempts             int
	// Failures in a row since FailingAt; Words say the last one.
	Failures  int
	FailingAt time.Time
	Words     string
}

// Of tells how a case stands at its provider, nil where it was never for one. It needs
// review.read.
func (all *Providers) Of(ctx context.Context, a actor.Actor, c review.Case) (*At, error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, err
	}
	var x assignment
	err := all.Store.R.NewSelect().Model(&x).Where("case_id = ?", c.ID).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("of", err)
	}
	return &At{
		Authority: x.Authority, Reference: x.Reference, State: x.State, SentAt: x.SentAt.Time, Attempts: x.Attempts,
		Failures: x.Tries, FailingAt: x.FailingAt.Time, Words: x.Words,
	}, nil
}

// step moves a case and writes its row. store.ErrStale says that somebody was faster.
func (a *assignment) step(ctx context.Context, tx *store.Tx, s Step) (err error) {
	if a.State, err = Standings.Next(a.State, s); err != nil {
		return err
	}
	return a.save(ctx, tx)
}

func (a *assignment) save(ctx context.Context, tx *store.Tx) error {
	a.RowVersion++
	return store.One(tx.NewUpdate().Model(a).WherePK().Where("row_version = ?", a.RowVersion-1).Exec(ctx))
}

// Ended is told by the reviews that a case of this provider is over. One that was taken
// back is to be told to the provider, unless it never heard of it.
func (p *provider) Ended(ctx context.Context, tx *store.Tx, c review.Case) error {
	var a assignment
	err := tx.NewSelect().Model(&a).Where("case_id = ?", c.ID).Scan(ctx)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return wrap("ended", err)
	}
	if c.State != review.Cancelled && a.State != Withdrawing {
		return wrap("ended", a.step(ctx, tx, Close))
	}
	// Not at once: the request that puts the case there may still be on its way.
	a.NextAt, a.Tries, a.FailingAt = store.At(tx.Now().Add(p.Within)), 0, store.Time{}
	return wrap("ended", a.step(ctx, tx, Withdraw))
}
