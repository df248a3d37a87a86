package datarequest

import "github.com/verinym/verinym/internal/state"

// Kind is what is asked for.
type Kind string

// The kinds.
const (
	Export  Kind = "export"
	Erasure Kind = "erasure"
)

// State is where a request stands.
type State string

// The states.
const (
	Open State = "open"
	// Endorsed: one admin has accepted it, and a second one has to.
	Endorsed State = "endorsed"
	UnderWay State = "under_way"
	// Deferred: what no ground covers is erased, the rest waits for the end of its ground.
	Deferred State = "deferred"
	// Ready: the file of an export can be fetched.
	Ready     State = "ready"
	Completed State = "completed"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	// Expired: the file of an export is gone.
	Expired State = "expired"
)

// Event moves a request from state to state.
type Event string

// The events.
const (
	Endorse  Event = "endorse"
	Accept   Event = "accept"
	Refuse   Event = "refuse"
	Withdraw Event = "withdraw"
	Supply   Event = "supply"
	Defer    Event = "defer"
	Complete Event = "complete"
	Expire   Event = "expire"
	// Extend gives more time to answer what has not been answered.
	Extend Event = "extend"
)

// Table is the state table of a request.
var Table = state.Table[State, Event]{
	Noun: "data_request",
	Moves: map[State]map[Event]State{
		Open:     {Endorse: Endorsed, Accept: UnderWay, Refuse: Refused, Withdraw: Withdrawn, Extend: Open},
		Endorsed: {Accept: UnderWay, Refuse: Refused, Withdraw: Withdrawn, Extend: Endorsed},
		UnderWay: {Supply: Ready, Defer: Deferred, Complete: Completed, Extend: UnderWay},
		Deferred: {Defer: Deferred, Complete: Completed, Withdraw: Withdrawn},
		Ready:    {Expire: Expired},
		Expired:  {}, Completed: {}, Refused: {}, Withdrawn: {},
	},
}
