package measure

import (
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Surround is what lies around the document: a desk, a scanner's lid, a program's page.
type Surround struct {
	Level int // median brightness
	// Plain is the share of it within four levels of the median: nearly all of a lid or a page, little of a desk.
	Plain float64
}

// MeasureSurround looks outside the outline; without one, and without an outside, it says white paper.
func MeasureSurround(f *raster.Frame, o *outline.Outline) Surround {
	if o.State == outline.None {
		return Surround{255, 1}
	}
	var hist [256]int
	n := 0
	for y := 0; y < f.H; y += 3 {
		x0, x1, ok := o.Span(float64(y), -6, f.W)
		for x := 0; x < f.W; x += 3 {
			if ok && x >= x0 && x < x1 {
				x = x1
				continue
			}
			hist[f.Y[y*f.W+x]]++
			n++
		}
	}
	if n < 200 {
		return Surround{255, 1}
	}
	m := percentile(hist[:], .5)
	near := 0
	for _, c := range hist[max(0, m-4):min(256, m+5)] {
		near += c
	}
	return Surround{m, float64(near) / float64(n)}
}
