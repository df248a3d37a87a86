package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of trouble a fault is; an edge maps it to a status.
type Kind int

const (
	// Internal is our own failure; nothing the caller can do.
	Internal Kind = iota
	// Invalid is input that breaks a rule: correct it and try again.
	Invalid
	// Unauthenticated means that nobody is signed in.
	Unauthenticated
	// Forbidden means that this actor may not do it.
	Forbidden
	// NotFound is also the answer for what belongs to another account.
	NotFound
	// Conflict means that the state of the thing does not allow it now.
	Conflict
	// Stale means that the caller's version is not the newest (If-Match).
	Stale
	// TooLarge is a body or picture over its limit.
	TooLarge
	// TooMany is a rate or quota limit.
	TooMany
	// Unavailable is an outside party that does not answer; try again later.
	Unavailable
)

// Params are the values that a text needs, by the names its template uses.
type Params map[string]string

// Error is a coded error. Code, Field and Params may be shown to anyone who may
// see the object; Cause is for the operator only.
type Error struct {
	Kind    Kind
	Code    string
	Field   string
	Params  Params
	Details []*Error
	Cause   error
}

// New returns a fault of kind k with code.
func New(k Kind, code string) *Error { return &Error{Kind: k, Code: code} }

// At returns a fault of kind Invalid that points at a field.
func At(field, code string) *Error { return &Error{Kind: Invalid, Code: code, Field: field} }

// With returns a copy of e whose text parameter name is value.
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Params = make(Params, len(e.Params)+1)
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[name] = value
	return &c
}

// Because returns a copy of e that keeps cause for the operator.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error is for logs; registrants read the text of the code instead.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	for i, d := range e.Details {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(d.Error())
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is a fault with the same code, so that
// errors.Is(err, fault.New(fault.Conflict, "profile_in_review")) reads well.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// List gathers several faults of one request, so that a registrant reads all of
// them at once instead of one after another.
type List []*Error

// Add appends f unless it is nil.
func (l *List) Add(f *Error) {
	if f != nil {
		*l = append(*l, f)
	}
}

// Err returns nil for an empty list, the fault itself for a list of one, and a
// fault with code "invalid_input" and the list as details otherwise.
func (l List) Err() error {
	switch len(l) {
	case 0:
		return nil
	case 1:
		return l[0]
	}
	return &Error{Kind: Invalid, Code: "invalid_input", Details: l}
}

// From returns the fault in err's chain, or an internal one that keeps err as
// its cause; nil for nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Kind: Internal, Code: "internal", Cause: err}
}

// Code returns the code of the fault in err's chain, "" for nil and "internal"
// for any other error.
func Code(err error) string {
	if err == nil {
		return ""
	}
	return From(err).Code
}
