package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Condition is how an account at a registry is doing.
type Condition struct {
	Name, Driver, Addr string
	Suffixes           []string
	// MostSessions is how many sessions a process may have, PollEvery how often an empty
	// poll queue is asked again.
	MostSessions int
	PollEvery    time.Duration
	// Works says that some process holds the account's lease now.
	Works bool
	// Open counts the commands that have not ended, by state; Lanes those that are ready,
	// by lane.
	Open  map[State]int
	Lanes map[int]int
	// Oldest is since when the oldest open command waits; zero where none does.
	Oldest store.Time
	// Inbox is how many messages wait to be applied, LastMessage when the latest came.
	Inbox       int
	LastMessage store.Time
	// Findings are open.
	Findings int
	// Pause is nil while commands are sent.
	Pause *Pause
	// Sessions and Rate are of this process: the rate counts the commands that were
	// answered, by minute, the last hour's, the oldest first.
	Sessions Sessions
	Rate     []int
}

// Waiting is how many commands have not ended.
func (c Condition) Waiting() (n int) {
	for _, k := range c.Open {
		n += k
	}
	return n
}

// openStates are those of commands that have not ended, as the index on them has it.
const openStates = "state IN ('blocked', 'ready', 'inflight', 'doubt', 'waiting')"

// Conditions says how all accounts are doing, by name. It needs registry.read.
func (r *Registries) Conditions(ctx context.Context, a actor.Actor) (out []Condition, err error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return nil, err
	}
	for _, name := range r.Names() {
		c, err := r.condition(ctx, r.accounts[name])
		if err != nil {
			return nil, fmt.Errorf("registry %s: condition: %w", name, err)
		}
		out = append(out, c)
	}
	return out, nil
}

func (r *Registries) condition(ctx context.Context, l *link) (Condition, error) {
	c := Condition{
		Name: l.Name, Driver: l.Driver, Addr: l.Addr, Suffixes: l.Suffixes, MostSessions: l.Sessions,
		PollEvery: l.PollEvery, Sessions: l.pooled(), Rate: l.rate.last(r.store.Now()), Open: map[State]int{},
		Lanes: map[int]int{},
	}
	var rows []struct {
		State  State
		Lane   int
		N      int
		Oldest store.Time
	}
	err := r.store.R.NewRaw("SELECT state, lane, count(*) AS n, min(created_at) AS oldest FROM registry_command WHERE registry = ? AND "+openStates+" GROUP BY state, lane", l.Name).Scan(ctx, &rows)
	if err != nil {
		return c, err
	}
	for _, x := range rows {
		if c.Open[x.State] += x.N; x.State == Ready {
			c.Lanes[x.Lane] += x.N
		}
		if c.Oldest.IsZero() || x.Oldest.Before(c.Oldest.Time) {
			c.Oldest = x.Oldest
		}
	}
	var one struct {
		Works, Inbox, Findings int
		Last                   store.Time
	}
	err = r.store.R.NewRaw(`SELECT (SELECT count(*) FROM lease WHERE name = ? AND until_at > ?) AS works, (SELECT count(*) FROM poll_inbox WHERE registry = ? AND state = 'new') AS inbox,
		(SELECT count(*) FROM registry_finding WHERE registry = ? AND closed_at IS NULL) AS findings,
		(SELECT received_at FROM poll_inbox WHERE registry = ? ORDER BY id DESC LIMIT 1) AS last`,
		leaseName(l), store.At(time.Now()), l.Name, l.Name, l.Name).Scan(ctx, &one)
	c.Works, c.Inbox, c.Findings, c.LastMessage = one.Works > 0, one.Inbox, one.Findings, one.Last
	if err != nil {
		return c, err
	}
	c.Pause, err = r.PauseOf(ctx, r.store.R, l.Name)
	return c, err
}

// Failures is how often a registry answered with a code.
type Failures struct {
	ResultCode, Count int
}

// Trouble lists an account's commands in doubt, the oldest first, and what it refused
// since a moment, by code. It needs registry.read. Fault: registry_unknown.
func (r *Registries) Trouble(ctx context.Context, a actor.Actor, name string, since time.Time, limit int) (doubts []Command, failed []Failures, err error) {
	if err := a.Check(actor.RegistryRead); err != nil {
		return nil, nil, err
	}
	if r.accounts[name] == nil {
		return nil, nil, fault.New(fault.NotFound, "registry_unknown").With("Registry", name)
	}
	err = r.store.R.NewSelect().Model(&doubts).Where("registry = ?", name).Where("state = 'doubt'").OrderExpr("id").Limit(int64(limit)).Scan(ctx)
	if err == nil {
		err = r.store.R.NewRaw(`SELECT result_code, count(*) AS count FROM registry_command WHERE registry = ? AND state = 'failed' AND done_at >= ?
			GROUP BY result_code ORDER BY count(*) DESC, result_code`, name, store.At(since)).Scan(ctx, &failed)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("registry %s: trouble: %w", name, err)
	}
	return doubts, failed, nil
}
