package identifier

import (
	"unicode"
	"unicode/utf8"
)

// maxFree is the longest registration number, in characters, that a foreign
// document may have.
const maxFree = 30

// checkForeignRegistration takes any printable text with a digit or a letter in
// it, but for stars: they are a mask that some form sent back. 0 means that the
// document has no number.
func (n *Number) checkForeignRegistration() *fault {
	s := n.Normal
	if utf8.RuneCountInString(s) > maxFree {
		return wrongLength("1 to 30")
	}
	meaningful := false
	for i, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError || r == '*' {
			return misplaced(i, "a printable character")
		}
		meaningful = meaningful || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	if !meaningful {
		return misplaced(nowhere, "a digit or a letter")
	}
	n.Format = FormatFree
	return nil
}
