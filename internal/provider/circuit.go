package provider

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// Flow says whether requests to a provider are let through.
type Flow string

// The states of a circuit: closed lets everything through, open nothing, half open one
// request that tries it.
const (
	Flowing  Flow = "closed"
	Broken   Flow = "open"
	HalfOpen Flow = "half_open"
)

// Shift moves a circuit from state to state.
type Shift string

// The shifts of a circuit.
const (
	Fail    Shift = "fail"
	Trip    Shift = "trip"
	Try     Shift = "try"
	Succeed Shift = "succeed"
)

// Circuits is the state table of a circuit.
var Circuits = state.Table[Flow, Shift]{
	Noun: "provider_circuit",
	Moves: map[Flow]map[Shift]Flow{
		Flowing:  {Fail: Flowing, Trip: Broken, Succeed: Flowing},
		Broken:   {Fail: Broken, Trip: Broken, Try: HalfOpen, Succeed: Flowing},
		HalfOpen: {Fail: HalfOpen, Trip: Broken, Try: HalfOpen, Succeed: Flowing},
	},
}

// Bounds of a circuit.
const (
	// trips is after how many failures in a row a circuit opens.
	trips = 5
	// firstPause is how long an open circuit rests before one request tries it; each try
	// that fails doubles it up to longestPause.
	firstPause   = 30 * time.Second
	longestPause = 10 * time.Minute
	// aTry is how long a request that tries an open circuit may take, with what is written
	// down about it.
	aTry = 2 * time.Minute
)

// Circuit is how a provider has answered lately.
type Circuit struct {
	bun.BaseModel `bun:"table:provider_circuit"`

	Authority string `bun:",pk"`
	State     Flow
	// Failures counts those in a row since FailingAt; Words say the last one.
	Failures  int
	FailingAt store.Time
	Words     string
	// PausedUntil is when a request may try an open circuit.
	PausedUntil store.Time
	RowVersion  int64
}

// finding is the code of what an operator is told of an open circuit.
const finding = "authority_unreachable"

// admit says whether a request may be sent now, or how long to wait. Of an open circuit
// whose pause is over one caller is let through.
func (p *provider) admit(ctx context.Context) (wait time.Duration, err error) {
	now := p.Store.Now()
	var c Circuit
	err = p.Store.R.NewSelect().Model(&c).Where("authority = ?", p.Name).Scan(ctx)
	switch {
	case store.IsNotFound(err):
		return 0, nil
	case err != nil || c.State == Flowing:
		return 0, err
	}
	if left := c.PausedUntil.Sub(now); left > 0 {
		return spread(left), nil
	}
	err = p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if c.State, err = Circuits.Next(c.State, Try); err != nil {
			return err
		}
		c.PausedUntil = store.At(tx.Now().Add(aTry))
		return c.save(ctx, tx)
	})
	if errors.Is(err, store.ErrStale) { // somebody else is trying
		return spread(firstPause), nil
	}
	return 0, err
}

func (c *Circuit) save(ctx context.Context, tx *store.Tx) error {
	c.RowVersion++
	return store.One(tx.NewUpdate().Model(c).WherePK().Where("row_version = ?", c.RowVersion-1).Exec(ctx))
}

// answered notes that the provider has answered as it should.
func (p *provider) answered(ctx context.Context, tx *store.Tx) error {
	var c Circuit
	err := tx.NewSelect().Model(&c).Where("authority = ?", p.Name).Where("failures > 0").Scan(ctx)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.State, err = Circuits.Next(c.State, Succeed); err != nil {
		return err
	}
	if _, err := tx.NewRaw("UPDATE provider_circuit SET state = ?, failures = 0, failing_at = NULL, words = '', paused_until = NULL, row_version = row_version + 1 WHERE authority = ?", c.State, p.Name).Exec(ctx); err != nil {
		return err
	}
	return registry.Settled(ctx, tx, p.Name, "", finding)
}

// failed notes that the provider has not answered, or not as it should.
func (p *provider) failed(ctx context.Context, tx *store.Tx, words string) error {
	now := store.At(tx.Now())
	// Counted in one statement, so that requests that fail together are all counted.
	var c Circuit
	err := tx.NewRaw(`INSERT INTO provider_circuit AS c (authority, state, failures, failing_at, words, row_version) VALUES (?0, ?1, 1, ?2, ?3, 1)
		ON CONFLICT (authority) DO UPDATE SET failures = c.failures + 1, failing_at = coalesce(c.failing_at, ?2), words = ?3, row_version = c.row_version + 1 RETURNING *`,
		p.Name, Flowing, now, words).Scan(ctx, &c)
	if err != nil {
		return err
	}
	shift := Fail
	if c.State == HalfOpen || c.State == Flowing && c.Failures >= trips {
		shift = Trip
	}
	if c.State, err = Circuits.Next(c.State, shift); err != nil {
		return err
	}
	if shift == Fail {
		return nil
	}
	pause := min(firstPause<<min(c.Failures-trips, 10), longestPause)
	c.PausedUntil = store.At(tx.Now().Add(pause))
	if err := c.save(ctx, tx); err != nil {
		return err
	}
	since := c.FailingAt.UTC().Format(time.RFC3339)
	return registry.Report(ctx, tx, p.Name, "", fault.New(fault.Unavailable, finding).With("Authority", p.Name).With("Since", since).With("Words", words))
}

// spread adds up to a quarter to a wait, so that what has failed together is not asked
// again together.
func spread(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/4+1)) }

// Health is a provider as an operator sees it.
type Health struct {
	Name, URL string
	Circuit   Circuit
	// Waiting counts its undecided cases, Failing those about which it fails.
	Waiting, Failing int
}

// List tells how each provider is, by name. For staff, with review.read.
func (all *Providers) List(ctx context.Context, a actor.Actor) (out []Health, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return nil, err
	}
	for _, name := range all.names() {
		h := Health{Name: name, URL: all.byName[name].URL, Circuit: Circuit{Authority: name, State: Flowing}}
		err := all.Store.R.NewSelect().Model(&h.Circuit).WherePK().Scan(ctx)
		if err != nil && !store.IsNotFound(err) {
			return nil, wrap("list", err)
		}
		err = all.Store.R.NewRaw(`SELECT count(*), count(CASE WHEN p.tries > 0 THEN 1 END) FROM review_case c LEFT JOIN provider_case p ON p.case_id = c.id
			WHERE c.authority = ? AND c.state = ?`, name, review.Waiting).Scan(ctx, &h.Waiting, &h.Failing)
		if err != nil {
			return nil, wrap("list", err)
		}
		out = append(out, h)
	}
	return out, nil
}
