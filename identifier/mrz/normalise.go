package mrz

import (
	"strings"
	"unicode"
)

// maxTyped bounds the work on hostile input; a zone typed in full width with a
// space after each character stays well below it.
const maxTyped = 1024

// Normalise brings a typed or recognised zone into the form that Parse reads:
// capital letters, half width, lines of 30, 36 or 44 separated by "\n", no
// blanks, no empty lines. A zone in one piece is cut into its lines. The text
// is returned as it is, without copying, when nothing had to change, and empty
// when it is too long to be a zone.
func Normalise(typed string) string {
	if len(typed) > maxTyped {
		return ""
	}
	if l := layoutOf(len(typed)); l != nil && l.isNormal(typed) {
		return typed
	}
	var b strings.Builder
	for _, r := range typed {
		b.WriteString(fold(r))
	}
	lines := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' })
	return cut(strings.Join(lines, "\n"))
}

func (l *layout) isNormal(text string) bool {
	for i := range len(text) {
		if memberOf[text[i]]&classFor['x'] == 0 && (text[i] != '\n' || l.grammar[i] != '\n') {
			return false
		}
	}
	return true
}

// fold is what one typed character becomes.
func fold(r rune) string {
	if r >= '！' && r <= '～' { // the full-width forms follow the order of ASCII
		r -= '！' - '!'
	}
	switch {
	case r == '\n' || r == '\r':
		return "\n"
	case r >= 'a' && r <= 'z':
		return string(r - 'a' + 'A')
	case r == '«': // how fonts and OCR engines render two fillers
		return "<<"
	case r == '‹' || r == '〈':
		return "<"
	case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		return ""
	}
	return string(r)
}

// cut breaks a zone that came in one piece.
func cut(text string) string {
	if strings.Contains(text, "\n") {
		return text
	}
	switch len(text) {
	case 2 * 44:
		return text[:44] + "\n" + text[44:]
	case 2 * 36:
		return text[:36] + "\n" + text[36:]
	case 3 * 30:
		return text[:30] + "\n" + text[30:60] + "\n" + text[60:]
	}
	return text
}
