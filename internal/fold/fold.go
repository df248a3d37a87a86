// Package fold says when two names are the same name.
//
// People type a name in full width, with one of eight dashes or six middle dots,
// with a space too many. Comparison forgives all that and nothing else; what was
// typed is kept by whoever keeps it.
package fold

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	dashes = []rune("‐‑‒–—―－﹣−")
	dots   = []rune("·•‧∙⋅・･᛫")
)

// Name returns a holder's name as it is compared.
func Name(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(name) {
		switch {
		case unicode.IsSpace(r):
		case slices.Contains(dashes, r):
			b.WriteByte('-')
		case slices.Contains(dots, r):
			b.WriteRune('·')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
