package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A ValueError says what is wrong with an element that an object mapping reads.
// A registry answers 2003 where Missing is set, 2001 where Unexpected is set,
// and 2005 otherwise.
type ValueError struct {
	Element    string // local name
	Value      string
	Missing    bool // the element is required and not there
	Unexpected bool // the element is unknown, repeated or out of order
}

func (e *ValueError) Error() string {
	switch {
	case e.Missing:
		return fmt.Sprintf("wire: element %s missing", e.Element)
	case e.Unexpected:
		return fmt.Sprintf("wire: element %s not expected here", e.Element)
	}
	return fmt.Sprintf("wire: element %s: value %q not understood", e.Element, e.Value)
}

// Missing is the error for a required element that is not there.
func Missing(element string) error { return &ValueError{Element: element, Missing: true} }

// Invalid is the error for a value of the wrong form.
func Invalid(element, value string) error { return &ValueError{Element: element, Value: value} }

// Sequence checks that e has no text, and that its children are all in namespace
// space and in the order of names, the way an XML schema's sequence does. A name ending in "*"
// may repeat; whether an element is required is left to the caller. The error is
// a [*ValueError] with Unexpected set.
func Sequence(e *Element, space string, names ...string) error {
	if !blank(e.Text) {
		return &ValueError{Element: e.Local, Value: e.Text, Unexpected: true}
	}
	at := 0
next:
	for _, c := range e.Children {
		if c.Space == space {
			for ; at < len(names); at++ {
				name, repeats := strings.CutSuffix(names[at], "*")
				if name != c.Local {
					continue
				}
				if !repeats {
					at++
				}
				continue next
			}
		}
		return &ValueError{Element: c.Local, Unexpected: true}
	}
	return nil
}

// Require returns the text of a child that must be there and not be empty.
func Require(e *Element, space, local string) (string, error) {
	c := e.Child(space, local)
	if c == nil {
		return "", Missing(local)
	}
	v := c.Value()
	if v == "" {
		return "", Invalid(local, v)
	}
	return v, nil
}

// ChildTime returns the date and time in a child, the zero time if it is not
// there or empty.
func ChildTime(e *Element, space, local string) (time.Time, error) {
	s := e.ChildText(space, local)
	if s == "" {
		return time.Time{}, nil
	}
	t, err := ParseTime(s)
	if err != nil {
		return time.Time{}, Invalid(local, s)
	}
	return t, nil
}

// ParseTime reads an xs:dateTime. EPP demands UTC (RFC 5730 section 2.3); other
// offsets are converted, and a time without one, as some registries send, is
// taken as UTC. A date alone is midnight UTC.
func ParseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && writable(t.UTC()) {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("wire: %q is not a date and time", s)
}

// writable excludes the years that the change to UTC takes out of four digits.
func writable(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// ParseBool reads an xs:boolean.
func ParseBool(s string) (v, ok bool) {
	switch strings.Trim(s, " \t\r\n") {
	case "1", "true":
		return true, true
	case "0", "false":
		return false, true
	}
	return false, false
}

// ParseInt reads a decimal number without sign.
func ParseInt(s string) (int, bool) {
	n, err := strconv.ParseUint(strings.Trim(s, " \t\r\n"), 10, 31)
	return int(n), err == nil
}
