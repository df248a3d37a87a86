package identifier

import (
	"log/slog"
	"strings"
	"unicode/utf8"
)

// Mask is the number for people who must recognise it but need not know it: a
// console's lists, a mail to its holder. It has the number's length and never
// shows more than half of the characters, nor any of a birth date:
//
//	15 and more   first 3, last 4   110***********002X
//	11 to 14      first 3, last 2
//	9 and 10      first 2, last 2
//	6 to 8        first 1, last 2
//	4 and 5       first and last
//	up to 3       nothing
//
// A machine-readable zone shows its document code and issuing state only.
func (n Number) Mask() string {
	if n.Kind == MRZ {
		return hide(n.Normal, 5, 0)
	}
	switch length := utf8.RuneCountInString(n.Normal); {
	case length >= 15:
		return hide(n.Normal, 3, 4)
	case length >= 11:
		return hide(n.Normal, 3, 2)
	case length >= 9:
		return hide(n.Normal, 2, 2)
	case length >= 6:
		return hide(n.Normal, 1, 2)
	}
	return n.MaskTight()
}

// MaskTight shows the first and the last character, for interfaces whose
// readers are not known. Numbers up to 3 characters are hidden whole.
func (n Number) MaskTight() string {
	if utf8.RuneCountInString(n.Normal) <= 3 {
		return hide(n.Normal, 0, 0)
	}
	return hide(n.Normal, 1, 1)
}

// hide replaces all but the first and last characters by stars. Line breaks stay.
func hide(s string, first, last int) string {
	var b strings.Builder
	from, to := first, utf8.RuneCountInString(s)-last
	i := 0
	for _, r := range s {
		if i >= from && i < to && r != '\n' {
			r = '*'
		}
		b.WriteRune(r)
		i++
	}
	return b.String()
}

// String is Mask, so that a number printed by accident gives nothing away.
func (n Number) String() string { return n.Mask() }

// GoString is Mask, for the verb %#v.
func (n Number) GoString() string { return string(n.Kind) + ":" + n.Mask() }

// LogValue is Mask, for log/slog.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.Mask()) }
