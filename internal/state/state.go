// Package state is the shape that every state machine of verinym has: a table.
//
// A table says, for each state, which events are allowed and where they lead.
// It is the only way to change a state, it can be read against the requirements
// at a glance, and a test walks every pair of it.
package state

import (
	"fmt"
	"slices"

	"github.com/verinym/verinym/internal/fault"
)

// Table maps a state and an event to the next state.
type Table[S, E ~string] struct {
	// Noun names the thing for errors: "profile_version".
	Noun  string
	Moves map[S]map[E]S
}

// Next returns where event leads from. When the event is not allowed there it
// returns a Conflict with code "<noun>_state" and the parameters State and Event.
func (t Table[S, E]) Next(from S, event E) (S, error) {
	to, ok := t.Moves[from][event]
	if !ok {
		return from, fault.New(fault.Conflict, t.Noun+"_state").With("State", string(from)).With("Event", string(event))
	}
	return to, nil
}

// Allows reports whether event is allowed in from.
func (t Table[S, E]) Allows(from S, event E) bool {
	_, ok := t.Moves[from][event]
	return ok
}

// Golden renders the table, every state against every event, for golden files.
func (t Table[S, E]) Golden() string {
	var states, events []string
	for s, moves := range t.Moves {
		states = append(states, string(s))
		for e, to := range moves {
			events = append(events, string(e))
			states = append(states, string(to))
		}
	}
	slices.Sort(states)
	slices.Sort(events)
	states, events = slices.Compact(states), slices.Compact(events)
	out := ""
	for _, s := range states {
		for _, e := range events {
			to := "-"
			if n, ok := t.Moves[S(s)][E(e)]; ok {
				to = string(n)
			}
			out += fmt.Sprintf("%-14s %-18s %s\n", s, e, to)
		}
	}
	return out
}
