package identifier

import (
	"time"

	"github.com/verinym/verinym/identifier/internal/lookalike"
	"github.com/verinym/verinym/identifier/internal/today"
)

// Repair is RepairAt with today's clock.
func Repair(kind Kind, read string) (Number, bool) { return repair(kind, read, today.Clock{}) }

// RepairAt is for numbers read by a camera. It undoes one confusion of
// look-alikes (0 for O, 1 for I, 8 for B …), and only if the number then passes
// its check character and no other single change would make it pass. A number
// that is right already comes back unchanged. Typed holds what was read, Normal
// the repaired number: show both, for a person to confirm.
//
// Numbers without a check character are never repaired, nor is an organization
// code: letters and digits mix freely in it, and modulo 11 is too weak to tell
// which was meant.
func RepairAt(kind Kind, read string, now time.Time) (Number, bool) {
	return repair(kind, read, today.InChina(now))
}

func repair(kind Kind, read string, c today.Clock) (Number, bool) {
	if !kind.hasCheck() {
		return Number{}, false
	}
	n, err := parse(kind, read, c)
	if err == nil {
		return n, true
	}
	fixed, ok := repaired(kind, n.Normal, c)
	if !ok {
		return Number{}, false
	}
	if n, err = parse(kind, fixed, c); err != nil {
		return Number{}, false
	}
	n.Typed = read
	return n, true
}

func repaired(kind Kind, normal string, c today.Clock) (fixed string, ok bool) {
	if kind == MRZ {
		return repairedZone(normal, c)
	}
	results := 0
	for i := range len(normal) {
		for _, twin := range []byte(lookalike.Of(normal[i])) {
			candidate := normal[:i] + string(twin) + normal[i+1:]
			if passes(kind, candidate, c) {
				fixed = candidate
				results++
			}
		}
	}
	return fixed, results == 1
}

// passes is stricter than Parse: the check digit of an old permanent resident
// card and the organization code inside a USCC have to agree too.
func passes(kind Kind, normal string, c today.Clock) bool {
	n := Number{Kind: kind, Normal: normal}
	if n.check(c) != nil {
		return false
	}
	switch n.Format {
	case FormatForeigner2017:
		return n.Warning == ""
	case FormatUSCC:
		return n.checksInside()
	case FormatOrganization:
		return false
	}
	return true
}
