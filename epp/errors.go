package epp

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a command that did not succeed: refused by the registry, or without
// an answer.
type Error struct {
	Code    int // result code 2xxx; 0 if there was no answer
	Message string
	Reasons []Reason
	ClTRID  string
	SvTRID  string

	// Sent says that the command may have reached the registry. False is
	// certain: it has not. With a result code it is always true.
	Sent bool

	// Err is the cause where there was no answer: the context's error, the
	// connection's, ErrClosed, ErrOutOfStep and so on.
	Err error
}

func (e *Error) Error() string {
	if e.Code == 0 {
		sent := "not sent"
		if e.Sent {
			sent = "no answer"
		}
		return fmt.Sprintf("epp: %s: %v", sent, e.Err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "epp: %d %s", e.Code, e.Message)
	for _, r := range e.Reasons {
		if r.Text != "" {
			b.WriteString(": " + r.Text)
		}
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes an Error with a result code match that [ResultCode].
func (e *Error) Is(target error) bool {
	code, ok := target.(ResultCode)
	return ok && e.Code == int(code)
}

// ResultCode is a result code of RFC 5730 as an error to compare with:
//
//	if errors.Is(err, epp.ResultCode(epp.CodeExists)) …
type ResultCode int

func (c ResultCode) Error() string {
	return fmt.Sprintf("epp: %d %s", int(c), CodeText(int(c)))
}

// Causes of an [Error] without a result code.
var (
	// ErrClosed: Close or Logout was called, or the registry ended the session.
	ErrClosed = errors.New("epp: session closed")

	// ErrOutOfStep: the registry answered another command than the one that was
	// due, or with something that is no answer. The session was closed.
	ErrOutOfStep = errors.New("epp: session out of step")

	// ErrTimeout: no answer came within Options.CommandTimeout. The session was
	// closed.
	ErrTimeout = errors.New("epp: no answer in time")

	// ErrClTRID: a [Command]'s ClTRID is not one that every registry carries back as
	// it is, so that its answer might not be recognised. It was not sent.
	ErrClTRID = errors.New("epp: a clTRID has 3 to 64 visible characters, or single spaces between them")

	// ErrLongPassword: a password has more than 16 characters, and the registry
	// does not offer login security (RFC 8807), which takes such ones.
	ErrLongPassword = errors.New("epp: the registry takes no password of more than 16 characters")
)

// CodeOf returns the result code of an [*Error] anywhere in err's chain, or 0.
func CodeOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// errorOf is nil for a successful response.
func errorOf(r *Response) error {
	first := r.Results[0]
	if first.Code < 2000 {
		return nil
	}
	e := &Error{
		Code: first.Code, Message: first.Message,
		ClTRID: r.ClTRID, SvTRID: r.SvTRID, Sent: true,
	}
	for _, result := range r.Results {
		e.Reasons = append(e.Reasons, result.Reasons...)
	}
	return e
}
