package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Sharpness says how far edges are smeared, in each of four directions: across upright strokes, across level ones, and
// along both diagonals. A lens out of focus smears all alike; a hand that moves smears one direction and leaves the edges
// along it sharp.
type Sharpness struct {
	Radius [4]float64 // standard deviations in frame pixels; 0 where there are too few edges to tell
	Edges  int        // how many edges were measured; with few, the figures say little
}

// Worst is the largest radius.
func (s Sharpness) Worst() float64 { return max(s.Radius[0], s.Radius[1], s.Radius[2], s.Radius[3]) }

// MeasureSharpness compares the steepest step of an edge with its whole rise, so that contrast does not matter: for an
// edge blurred by a Gaussian of radius s the steepest step is 0.4/s of the rise.
func MeasureSharpness(f *raster.Frame, half []uint8, o *outline.Outline) Sharpness {
	fine := edgeSlopes(f.Y, f.W, f.H, o)
	var s Sharpness
	wide := false
	for i := range fine {
		s.Radius[i] = radius(fine[i], i)
		s.Edges += fine[i].n
		wide = wide || s.Radius[i] >= 1.2
	}
	if !wide && s.Edges > 200 {
		return s
	}
	// Wide edges do not fit the window: measure them on the half-size picture.
	coarse := edgeSlopes(half, f.CW, f.CH, shrunk(o))
	edges := 0
	for i := range coarse {
		edges += coarse[i].n
		if s.Radius[i] >= 1.2 || fine[i].n < 60 {
			s.Radius[i] = max(s.Radius[i], 2*radius(coarse[i], i))
		}
	}
	s.Edges = max(s.Edges, edges)
	return s
}

type slopes struct {
	hist [101]int // steepest step as a percentage of the rise
	n    int
}

// radius takes the upper third of the edges: part of a document's edges are soft by nature (shading, a seal's pale ink).
// The steps of the two diagonals are longer.
func radius(s slopes, direction int) float64 {
	if s.n < 40 {
		return 0
	}
	q := float64(percentile(s.hist[:], .6)) / 100
	step := 1.
	if direction >= 2 {
		step = math.Sqrt2
	}
	return max(0, .4/max(q, .02)*step-.38)
}

const (
	window   = 5
	faintest = 7 // a smaller step is grain
)

func edgeSlopes(p []uint8, w, h int, o *outline.Outline) (out [4]slopes) {
	inset := float64(max(w, h)) * .012
	rows := 2
	if h > 500 {
		rows = 3
	}
	for y := window + 1; y < h-window-2; y += rows {
		x0, x1, ok := o.Span(float64(y), inset, w)
		if !ok {
			continue
		}
		x0, x1 = max(x0, window+1), min(x1, w-window-2)
		row, below := p[y*w:y*w+w], p[(y+1)*w:(y+1)*w+w]
		for x := x0; x < x1; x++ {
			v, i := int(row[x]), y*w+x
			if d := abs(int(row[x+1]) - v); d >= faintest {
				out[0].add(p, i, 1, w, d)
			}
			if d := abs(int(below[x]) - v); d >= faintest {
				out[1].add(p, i, w, 1, d)
			}
			if d := abs(int(below[x+1]) - v); d >= faintest {
				out[2].add(p, i, w+1, w-1, d)
			}
			if d := abs(int(below[x-1]) - v); d >= faintest {
				out[3].add(p, i, w-1, w+1, d)
			}
		}
	}
	return
}

// add measures the edge between i and the next pixel in a direction, which differ by d, if it is steepest there and does not
// rise across.
func (s *slopes) add(p []uint8, i, step, across, d int) {
	if abs(int(p[i])-int(p[i-step])) > d || abs(int(p[i+2*step])-int(p[i+step])) >= d {
		return
	}
	if abs(int(p[i+across])-int(p[i-across])) > d {
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

func abs(v int) int { return max(v, -v) }

// shrunk is the outline at half size.
func shrunk(o *outline.Outline) *outline.Outline {
	s := *o
	for i := range s.Corners {
		s.Corners[i][0], s.Corners[i][1] = s.Corners[i][0]/2-.25, s.Corners[i][1]/2-.25
	}
	return &s
}
