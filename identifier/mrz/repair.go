package mrz

import (
	"time"

	"github.com/verinym/verinym/identifier/internal/lookalike"
	"github.com/verinym/verinym/identifier/internal/today"
)

// Repaired tells what Repair changed, for the person who has to confirm it.
type Repaired struct {
	Document
	Line, Column int // from 1; 0 when the zone was right as it was
	From, To     byte
}

// Repair is RepairAt with today's clock.
func Repair(text string) (Repaired, bool) { return repair(text, today.Clock{}) }

// RepairAt undoes one confusion of look-alikes, 0 for O, 8 for B and so on. It
// succeeds only if the zone is right afterwards, all check digits included, and
// only one such change makes it so: in a document number, where letters and
// digits mix, often several do. A zone that is right already comes back
// unchanged. It never changes two characters: what needs that is unreadable.
func RepairAt(text string, now time.Time) (Repaired, bool) { return repair(text, today.At(now)) }

func repair(text string, c today.Clock) (Repaired, bool) {
	text = Normalise(text)
	l := layoutOf(len(text))
	if l == nil {
		return Repaired{}, false
	}
	var found Repaired
	if found.read(text, c) == nil {
		return found, true
	}
	results := 0
	for i := range len(text) {
		for _, twin := range []byte(lookalike.Of(text[i])) {
			var d Document
			if d.read(text[:i]+string(twin)+text[i+1:], c) != nil {
				continue
			}
			results++
			line, column := l.place(i)
			found = Repaired{Document: d, Line: line, Column: column, From: text[i], To: twin}
		}
	}
	if results != 1 {
		return Repaired{}, false
	}
	return found, true
}

// twinFor is the first look-alike of the character at i that may stand there,
// or 0.
func (l *layout) twinFor(text string, i int) byte {
	for _, twin := range []byte(lookalike.Of(text[i])) {
		if memberOf[twin]&l.allowed[i] != 0 {
			return twin
		}
	}
	return 0
}
