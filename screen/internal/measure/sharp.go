package measure

import (
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Sharpness says how far an edge is smeared.
type Sharpness struct {
	// AcrossX and AcrossY are the radii (standard deviations, in frame pixels) by which upright and level strokes are
	// blurred; a hand that moves blurs one of them more than the other.
	AcrossX, AcrossY float64
	Edges            int // how many edges were measured; with few, the figures say little
}

// Worst is the larger radius.
func (s Sharpness) Worst() float64 { return max(s.AcrossX, s.AcrossY) }

// MeasureSharpness compares the steepest step of an edge with its whole rise, so that contrast does not matter: for an
// edge blurred by a Gaussian of radius s the steepest step is 0.4/s of the rise.
func MeasureSharpness(f *raster.Frame, half []uint8, o *outline.Outline) Sharpness {
	fine := edgeSlopes(f.Y, f.W, f.H, o)
	s := Sharpness{AcrossX: radius(fine[0]), AcrossY: radius(fine[1]), Edges: fine[0].n + fine[1].n}
	if s.AcrossX < 1.2 && s.AcrossY < 1.2 && s.Edges > 200 {
		return s
	}
	// Wide edges do not fit the window: measure them on the half-size picture.
	coarse := edgeSlopes(half, f.CW, f.CH, shrunk(o))
	for i, v := range []*float64{&s.AcrossX, &s.AcrossY} {
		if *v >= 1.2 || fine[i].n < 60 {
			*v = max(*v, 2*radius(coarse[i]))
		}
	}
	s.Edges = max(s.Edges, coarse[0].n+coarse[1].n)
	return s
}

type slopes struct {
	hist [101]int // steepest step as a percentage of the rise
	n    int
}

// radius takes the upper third of the edges: part of a document's edges are soft by nature (shading, a seal's pale ink).
func radius(s slopes) float64 {
	if s.n < 40 {
		return 0
	}
	q := float64(percentile(s.hist[:], .6)) / 100
	return .4/max(q, .02) - .38
}

const window = 5

func edgeSlopes(p []uint8, w, h int, o *outline.Outline) (out [2]slopes) {
	inset := float64(max(w, h)) * .012
	for y := window + 1; y < h-window-2; y += 2 {
		x0, x1, ok := o.Span(float64(y), inset, w)
		if !ok {
			continue
		}
		x0, x1 = max(x0, window+1), min(x1, w-window-2)
		for x := x0; x < x1; x++ {
			i := y*w + x
			out[0].add(p, i, 1)
			out[1].add(p, i, w)
		}
	}
	return
}

func (s *slopes) add(p []uint8, i, step int) {
	d := int(p[i+step]) - int(p[i])
	if d < 0 {
		d = -d
	}
	if d < 7 {
		return
	}
	if a := int(p[i]) - int(p[i-step]); a > d || -a > d {
		return
	}
	if a := int(p[i+2*step]) - int(p[i+step]); a >= d || -a >= d {
		return
	}
	lo, hi := p[i], p[i]
	for k := -window; k <= window+1; k++ {
		v := p[i+k*step]
		lo, hi = min(lo, v), max(hi, v)
	}
	if rise := int(hi) - int(lo); rise > 34 {
		s.hist[100*d/rise]++
		s.n++
	}
}

// shrunk is the outline at half size.
func shrunk(o *outline.Outline) *outline.Outline {
	s := *o
	for i := range s.Corners {
		s.Corners[i][0], s.Corners[i][1] = s.Corners[i][0]/2-.25, s.Corners[i][1]/2-.25
	}
	return &s
}
