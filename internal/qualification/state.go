package qualification

import "github.com/verinym/verinym/internal/state"

// State is where a qualification stands.
type State string

// The states.
const (
	// Asked: the registrant has to upload and submit.
	Asked    State = "asked"
	InReview State = "in_review"
	Passed   State = "passed"
	// Failed: the papers were refused; others may be submitted.
	Failed State = "failed"
	// Cancelled: it counts no more, for want of its name or its holder.
	Cancelled State = "cancelled"
)

// Event moves a qualification from state to state.
type Event string

// The events.
const (
	Submit  Event = "submit"
	Pass    Event = "pass"
	Fail    Event = "fail"
	AskMore Event = "ask_more"
	Cancel  Event = "cancel"
	// Revoke takes a verdict of success back, Reopen any other.
	Revoke Event = "revoke"
	Reopen Event = "reopen"
)

// Table is the state table of a qualification.
var Table = state.Table[State, Event]{
	Noun: "qualification",
	Moves: map[State]map[Event]State{
		Asked:     {Submit: InReview, Reopen: InReview, Cancel: Cancelled},
		InReview:  {Pass: Passed, Fail: Failed, AskMore: Asked, Cancel: Cancelled},
		Failed:    {Submit: InReview, Reopen: InReview, Cancel: Cancelled},
		Passed:    {Revoke: Failed, Cancel: Cancelled},
		Cancelled: {},
	},
}
