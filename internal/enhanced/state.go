package enhanced

import "github.com/verinym/verinym/internal/state"

// State is where an enhanced verification stands.
type State string

// The states.
const (
	// Asked: the registrant has to upload and submit.
	Asked    State = "asked"
	InReview State = "in_review"
	Passed   State = "passed"
	Failed   State = "failed"
	// Expired: nothing was submitted in time. It still may be.
	Expired   State = "expired"
	Cancelled State = "cancelled"
)

// Event moves a verification from state to state.
type Event string

// The events.
const (
	Submit  Event = "submit"
	Pass    Event = "pass"
	Fail    Event = "fail"
	AskMore Event = "ask_more"
	Expire  Event = "expire"
	Cancel  Event = "cancel"
	// Revoke takes a verdict of success back, Reopen any other.
	Revoke Event = "revoke"
	Reopen Event = "reopen"
)

// Table is the state table of an enhanced verification.
var Table = state.Table[State, Event]{
	Noun: "enhanced_verification",
	Moves: map[State]map[Event]State{
		Asked:     {Submit: InReview, Reopen: InReview, Expire: Expired, Cancel: Cancelled},
		InReview:  {Pass: Passed, Fail: Failed, AskMore: Asked, Cancel: Cancelled},
		Expired:   {Submit: InReview, Cancel: Cancelled},
		Passed:    {Revoke: Failed},
		Failed:    {Reopen: InReview},
		Cancelled: {},
	},
}
