package identifier

import (
	"github.com/verinym/verinym/identifier/internal/lookalike"

	"github.com/verinym/verinym/identifier/internal/today"
)

// confusedFor is for people: it replaces each character that cannot stand where
// it stands by a look-alike that can, and returns the first replacement if the
// number is valid then; empty otherwise. Characters that could stand there are
// left alone.
func confusedFor(n Number, f *fault, c today.Clock) (first string) {
	for f != nil && f.code == CodeFormat && f.at != nowhere {
		at, twin := f.at, ""
		for _, t := range []byte(lookalike.Of(n.Normal[at])) {
			candidate := n
			candidate.Normal = n.Normal[:at] + string(t) + n.Normal[at+1:]
			if after := candidate.check(c); after == nil || after.code != CodeFormat || after.at > at {
				n, f, twin = candidate, after, string(t)
				break
			}
		}
		if twin == "" {
			return ""
		}
		if first == "" {
			first = twin
		}
	}
	if f != nil {
		return ""
	}
	return first
}
