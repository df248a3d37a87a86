package mrz

import "fmt"

// Codes of Error. They are stable and spelled as package identifier spells them.
const (
	CodeLength     = "number_length"     // not 2×44, 2×36 or 3×30 characters
	CodeFormat     = "number_format"     // a character cannot stand where it stands
	CodeConfusable = "number_confusable" // the same, but its look-alike could: 0 for O
	CodeBirthdate  = "number_birthdate"  // the calendar has no such birth date
	CodeChecksum   = "number_checksum"   // a check digit disagrees
)

// Error says why a text is no machine-readable zone. It never repeats more of
// the text than one character.
type Error struct {
	Code  string
	Field string // one of the Field constants; for a checksum, the field whose digit disagrees

	// Line and Column count from 1 in the normalised text and point at the
	// character; 0 when no single character is to blame.
	Line, Column int

	Found string // the character there, if it cannot stand there
	Want  string // what could: "a digit"; for CodeConfusable the one look-alike
}

func (e *Error) Error() string {
	text := "mrz: " + e.Code
	if e.Field != "" {
		text += " in " + e.Field
	}
	if e.Line > 0 {
		text += fmt.Sprintf(" at line %d, column %d", e.Line, e.Column)
	}
	if e.Want != "" {
		text += ": want " + e.Want
	}
	return text
}
