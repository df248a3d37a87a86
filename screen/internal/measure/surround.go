package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Surround is what lies around the document.
type Surround struct {
	Level int     // mean brightness
	Rough float64 // standard deviation
	Share float64 // of the picture
}

// MeasureSurround looks outside the outline; without one, and without an outside, it says white paper.
func MeasureSurround(f *raster.Frame, o *outline.Outline) Surround {
	if o.State == outline.None {
		return Surround{Level: 255}
	}
	var n, s, ss int64
	for y := 0; y < f.H; y += 3 {
		x0, x1, ok := o.Span(float64(y), -6, f.W)
		for x := 0; x < f.W; x += 3 {
			if ok && x >= x0 && x < x1 {
				x = x1
				continue
			}
			v := int64(f.Y[y*f.W+x])
			n++
			s += v
			ss += v * v
		}
	}
	if n < 200 {
		return Surround{Level: 255}
	}
	m := float64(s) / float64(n)
	return Surround{int(m), math.Sqrt(max(0, float64(ss)/float64(n)-m*m)), float64(9*n) / float64(f.W*f.H)}
}
