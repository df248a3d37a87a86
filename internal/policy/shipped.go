package policy

import (
	_ "embed"
	"strings"
)

// shippedKinds is a line for each document and supporting paper of the shipped files, in their order: its code, and behind
// it "born-digital" where it exists as an electronic certificate.
//
//go:embed shipped_kinds.txt
var shippedKinds string

// ShippedKind says of a document or supporting paper of the shipped files whether it exists born digital; known is false
// when there is no such kind. It is for a command that looks at one picture, which takes less time than reading the files.
func ShippedKind(code string) (bornDigital, known bool) {
	for line := range strings.Lines(shippedKinds) {
		if kind, note, _ := strings.Cut(strings.TrimSpace(line), " "); kind == code {
			return note != "", true
		}
	}
	return false, false
}
