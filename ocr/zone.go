package main

import (
	"math"
	"slices"
	"strings"
)

// Machine-readable zones are set in OCR-B at a fixed pitch (ICAO Doc 9303-3, 4.2): ten characters an inch. The network, trained on
// running print, leaves out thin ones (the I of ANNIE); the gap that it leaves says so.

// zoneAlphabet is what a zone may hold.
const zoneAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"

// isZone reports whether a line can only be one of a zone.
func isZone(text string) bool { return strings.Count(text, "<") > 2 }

// isPart reports whether a line was cut off in the fillers of a zone.
func isPart(text string) bool { return isLong(text) && strings.HasSuffix(text, "<") }

// isLong reports whether a line has the length of a part of a zone, and nothing else in it.
func isLong(text string) bool {
	return len(text) > shortestPart && strings.Trim(text, zoneAlphabet) == ""
}

// shortestPart is less than stands before the fillers of a zone's second line.
const shortestPart = 15

// isWhole reports whether a line of a zone is as long as those of one of the three formats are.
func isWhole(text string) bool {
	switch len(strings.TrimSpace(text)) {
	case 30, 36, 44:
		return true
	}
	return false
}

// The fewest characters from which a pitch can be measured; how far one may stand from its place, as a share of the pitch; how
// probable a character has to be that is found in a gap.
const (
	fewest   = 12
	straying = 0.45
	faint    = 0.002
)

// glyph is one character that was decoded, and the step at which it stands.
type glyph struct {
	text  string
	at    float64
	score float64
}

// fillGaps puts characters back that are missing from a line of a zone: where the pitch leaves room for one, or where one stands
// that no zone has, the likeliest of the alphabet there. Glyphs that keep no pitch come back as they are.
func (m *models) fillGaps(found []glyph, scores []float32) []glyph {
	first, pitch, ok := measurePitch(found)
	if !ok {
		return found
	}
	steps := len(scores) / len(m.characters)
	place := func(n int) float64 { return first + pitch*float64(n) }
	var out []glyph
	for n := -1; place(n) > 0; n-- {
		g, ok := m.likeliest(scores, place(n), pitch)
		if !ok || g.text == "<" { // no line begins with a filler
			break
		}
		out = append([]glyph{g}, out...)
	}
	n := 0
	for _, g := range found {
		for ; place(n) < g.at-pitch/2 && place(n) < float64(steps); n++ {
			if lost, ok := m.likeliest(scores, place(n), pitch); ok {
				out = append(out, lost)
			}
		}
		if !strings.Contains(zoneAlphabet, g.text) { // a dash for a faint letter
			other, ok := m.likeliest(scores, g.at, pitch)
			if n++; ok {
				out = append(out, other)
			}
			continue
		}
		out = append(out, g)
		n++
	}
	return out
}

// measurePitch returns where the first character stands and how far apart they are, in steps: the straight line through all of
// them (least squares), counted by the median distance.
func measurePitch(found []glyph) (first, pitch float64, ok bool) {
	if len(found) < fewest {
		return 0, 0, false
	}
	var apart []float64
	for i := 1; i < len(found); i++ {
		apart = append(apart, found[i].at-found[i-1].at)
	}
	slices.Sort(apart)
	pitch = apart[len(apart)/2]
	if pitch <= 1 {
		return 0, 0, false
	}
	places := make([]float64, len(found))
	for i := 1; i < len(found); i++ {
		places[i] = places[i-1] + max(1, math.Round((found[i].at-found[i-1].at)/pitch))
	}
	var sn, st, snn, snt float64
	for i, g := range found {
		sn, st, snn, snt = sn+places[i], st+g.at, snn+places[i]*places[i], snt+places[i]*g.at
	}
	count := float64(len(found))
	pitch = (count*snt - sn*st) / (count*snn - sn*sn)
	first = (st - pitch*sn) / count
	for i, g := range found {
		if math.Abs(first+pitch*places[i]-g.at) > straying*pitch {
			return 0, 0, false
		}
	}
	return first, pitch, true
}

// likeliest is the character of the alphabet that is the most probable around a step; ok is false where none is at all. An H is
// among those that the network reads best, so that one that it has left out is an I, if it may be: with its serifs, and a
// little blurred, an I has the outline of an H.
func (m *models) likeliest(scores []float32, at, pitch float64) (best glyph, ok bool) {
	n := len(m.characters)
	from, to := max(0, int(math.Ceil(at-pitch/3))), min(len(scores)/n-1, int(at+pitch/3))
	thin := glyph{text: "I", at: at}
	for t := from; t <= to; t++ {
		for _, c := range m.zone {
			s := float64(scores[t*n+c])
			if s > best.score {
				best = glyph{text: m.characters[c], at: at, score: s}
			}
			if m.characters[c] == thin.text {
				thin.score = max(thin.score, s)
			}
		}
	}
	if best.text == "H" && thin.score >= faint {
		best = thin
	}
	return best, best.score >= faint
}
