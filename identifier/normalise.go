package identifier

import (
	"strings"
	"unicode"
)

// maxTyped bounds the work on hostile input. The longest number, a
// machine-readable zone typed in full width, has 276 bytes.
const maxTyped = 512

// tidy brings a number into its normal form: half width, capitals, without
// blanks, invisible characters, dashes, brackets and a copy mark, which is
// returned. What it does not know it keeps, for the check to refuse.
func tidy(typed string) (normal, copyMark string) {
	if isPlain(typed) {
		return typed, ""
	}
	body, copyMark := cutCopyMark(typed)
	var b strings.Builder
	for _, r := range body {
		if r = fold(r); r != dropped {
			b.WriteRune(r)
		}
	}
	return b.String(), copyMark
}

const dropped rune = -1

// fold is what one typed character becomes in a normal form.
func fold(r rune) rune {
	r = halfWidth(r)
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r == 'Ⅹ' || r == 'ⅹ': // the Roman ten that GB 11643 writes as X
		return 'X'
	case r == '(' || r == ')', isDash(r), isBlank(r):
		return dropped
	}
	return r
}

// halfWidth turns the full-width forms, which follow the order of ASCII.
func halfWidth(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

func isDash(r rune) bool {
	const minus = '−'
	return r == '-' || r == minus || unicode.Is(unicode.Pd, r)
}

// isBlank: white space and characters that cannot be seen, such as the
// zero-width space and the direction marks that come along when text is pasted.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// cutCopyMark separates the count of copies at the end of a licence number:
// (1-1), （1-2）, (1/1).
func cutCopyMark(typed string) (body, mark string) {
	trimmed := strings.TrimRightFunc(typed, isBlank)
	open := strings.LastIndexAny(trimmed, "(（")
	if open < 0 || !isCopyMark(trimmed[open:]) {
		return typed, ""
	}
	return trimmed[:open], trimmed[open:]
}

func isCopyMark(s string) bool {
	var shape strings.Builder
	for _, r := range s {
		switch r = halfWidth(r); {
		case r >= '0' && r <= '9':
			shape.WriteByte('1')
		case isDash(r) || r == '/':
			shape.WriteByte('-')
		case !isBlank(r):
			shape.WriteRune(r)
		}
	}
	switch shape.String() {
	case "(1-1)", "(1-11)", "(11-1)", "(11-11)":
		return true
	}
	return false
}

// tidyFree normalises text whose blanks and punctuation may mean something:
// half width, plain hyphens, single blanks.
func tidyFree(typed string) string {
	if isTidyFree(typed) {
		return typed
	}
	var b strings.Builder
	for _, r := range typed {
		switch r = halfWidth(r); {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case isBlank(r):
		case isDash(r):
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// isTidyFree: printable ASCII without superfluous blanks.
func isTidyFree(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return strings.TrimSpace(s) == s && !strings.Contains(s, "  ")
}

// positionOf finds the typed character, counted from 1, that became the one at
// the given offset of the normal form.
func positionOf(typed string, offset int) (position int, character string) {
	length := 0
	for _, r := range typed {
		position++
		kept := fold(r)
		if kept == dropped {
			continue
		}
		if length >= offset {
			return position, string(r)
		}
		length += len(string(kept))
	}
	return 0, ""
}
