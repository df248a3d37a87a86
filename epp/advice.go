package epp

import (
	"context"
	"errors"
)

// Advice is what to do about a command that did not succeed.
type Advice int

const (
	// GiveUp: the registry does not want the command as it is. The reasons are for
	// whoever asked for it.
	GiveUp Advice = iota
	// SendAgain: the command has certainly not reached the registry.
	SendAgain
	// LookFirst: the registry may have carried the command out; only an <info>
	// can tell. Then it may be sent again under another clTRID.
	LookFirst
	// BackOff: the registry has failed (2400). Try later, and look first.
	BackOff
	// StopBilling: the account is empty (2104). Commands that cost are pointless
	// until somebody pays; the command itself may be sent again then.
	StopBilling
	// StopLogins: the credentials were refused (2200, 2501). More attempts may
	// lock the account.
	StopLogins
	// FewerSessions: there are too many sessions (2502). Look first, on one of
	// those that are left.
	FewerSessions
	// Unsupported: the registry does not have the command, option or extension
	// (2100 to 2103, 2307), and never will for this account.
	Unsupported
)

// Advice is what to do about the error. See [Pool], which does most of it.
func (e *Error) Advice() Advice {
	switch e.Code {
	case 0:
		if e.Sent {
			return LookFirst
		}
		return SendAgain
	case CodeFailed:
		return BackOff
	case CodeFailedClosing:
		return LookFirst
	case CodeBilling:
		return StopBilling
	case CodeAuthentication, CodeAuthClosing:
		return StopLogins
	case CodeSessionLimit:
		return FewerSessions
	case CodeVersion, CodeUnimplemented, CodeOption, CodeExtension, CodeService:
		return Unsupported
	}
	return GiveUp
}

// Query reports whether a command only asks, so that it may be sent twice.
func (c Command) Query() bool {
	switch c.Body.Verb() {
	case VerbCheck, VerbInfo, VerbHello:
		return true
	}
	q, ok := c.Body.(interface{ Query() bool })
	return ok && q.Query()
}

// Billable reports whether a registry charges for a command. Of a command that
// was written by hand it is assumed by the verb.
func (c Command) Billable() bool {
	type billable interface{ Billable() bool }
	if b, ok := c.Body.(billable); ok && b.Billable() {
		return true
	}
	for _, x := range c.Extensions {
		if b, ok := x.(billable); ok && b.Billable() {
			return true
		}
	}
	return false
}

// Query makes [Command.Query] true: a message stays in the queue until it is
// acknowledged.
func (Poll) Query() bool { return true }

// Billable is an assumption, for [Command.Billable].
func (r RawBody) Billable() bool {
	return r.Name == VerbCreate || r.Name == VerbRenew || r.Name == VerbTransfer
}

// Fate is what became of a command whose answer was lost.
type Fate int

const (
	FateUnknown Fate = iota // it cannot be told; the command is not sent again
	FateDone                // the registry has carried it out; the command is not sent again
	FateNotDone             // it has not; the command is sent again
)

// Look finds out, with ask, what became of a command whose answer was lost. The
// response is what [Pool.DoLooking] returns if the command was carried out,
// usually that of an info.
type Look func(ctx context.Context, ask func(Command) (*Response, error)) (Fate, *Response, error)

// errorIn returns the *Error in err's chain, or nil.
func errorIn(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
