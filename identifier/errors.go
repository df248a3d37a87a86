package identifier

import (
	"strconv"
	"strings"
)

// Codes of Error and of Number.Warning. They are stable; texts for people are
// found by them.
const (
	CodeRequired     = "number_required"      // nothing was typed
	CodeLength       = "number_length"        // see Want and Length
	CodeFormat       = "number_format"        // a character cannot stand at Position
	CodeConfusable   = "number_confusable"    // the same, and with look-alikes such as Want for Found the number would be valid
	CodeChecksum     = "number_checksum"      // the check character disagrees
	CodeBirthdate    = "number_birthdate"     // no such day, or not past; as a warning: more than 120 years ago
	CodeTypeMismatch = "number_type_mismatch" // it is a number of another kind; see Looks
	CodeZeroRefused  = "number_zero_refused"  // 0 stands for "no number", but the document has one
	CodeCopySuffix   = "number_copy_suffix"   // warning only: a copy mark was left out
	CodeKindUnknown  = "number_kind_unknown"  // the kind is none of Kinds
)

// Error says why a number is not valid for the kind that was chosen, in fields
// rather than words, so that each reader gets it in their language. It never
// holds more of the number than one character.
type Error struct {
	Code string
	Kind Kind // the kind that was chosen

	// Looks are the kinds that the number would be valid for, most specific
	// first. It is never empty for CodeTypeMismatch. With other codes it may
	// hold kinds without a check character, which proves little.
	Looks []Kind

	// Position counts characters of what was typed, from 1, and points at the
	// one that cannot stand there; 0 when no single character is to blame.
	// For a machine-readable zone see the wrapped *mrz.Error instead.
	Position int
	Found    string // the character there, as it was typed
	Want     string // lengths for CodeLength ("15 or 18"), else what could stand there

	Length int // characters counted without blanks, hyphens and brackets

	cause error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("identifier: " + string(e.Kind) + ": " + e.Code)
	if e.Position > 0 {
		b.WriteString(" at character " + strconv.Itoa(e.Position))
	}
	if e.Want != "" {
		b.WriteString(", want " + e.Want)
	}
	for i, kind := range e.Looks {
		b.WriteString([2]string{", looks like ", " or "}[min(i, 1)] + string(kind))
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the *mrz.Error behind a refused machine-readable zone, else nil.
func (e *Error) Unwrap() error { return e.cause }

// fault is how a check refuses, before it is known what else the number looks
// like. Callers get an Error.
type fault struct {
	code  string // empty: no fault
	at    int    // offset in the normal form or nowhere, for CodeFormat
	want  string
	looks Kind // for CodeTypeMismatch
	// final: the check knows best; do not look whether another kind would fit.
	final bool
	cause error
}

// nowhere: no single character is to blame.
const nowhere = -1

func wrongLength(want string) *fault       { return &fault{code: CodeLength, want: want} }
func misplaced(at int, want string) *fault { return &fault{code: CodeFormat, at: at, want: want} }
func wrongChecksum() *fault                { return &fault{code: CodeChecksum} }
func wrongBirthdate() *fault               { return &fault{code: CodeBirthdate} }
