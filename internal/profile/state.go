package profile

import "github.com/verinym/verinym/internal/state"

// State is where a version of a profile stands.
type State string

// The states of a version.
const (
	Unverified State = "unverified"
	InReview   State = "in_review"
	Verified   State = "verified"
	Failed     State = "failed"
	Withdrawn  State = "withdrawn"
)

// Event moves a version from state to state.
type Event string

// The events of a version.
const (
	Submit Event = "submit"
	Pass   Event = "pass"
	Fail   Event = "fail"
	Cancel Event = "cancel"
	// Revoke takes a verdict of success back, Reopen one of failure.
	Revoke Event = "revoke"
	Reopen Event = "reopen"
)

// Table is the state table of a profile version. What was submitted once stays as
// it was sent: after a verdict, and after a withdrawal, changes make a new version.
var Table = state.Table[State, Event]{
	Noun: "profile",
	Moves: map[State]map[Event]State{
		Unverified: {Submit: InReview},
		InReview:   {Pass: Verified, Fail: Failed, Cancel: Withdrawn},
		Verified:   {Revoke: Failed},
		Failed:     {Reopen: InReview},
		Withdrawn:  {},
	},
}
