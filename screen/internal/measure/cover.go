package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Cover is something that lies across the document's edge: along a stretch of it the colour is the same on both sides,
// and is neither the document's nor the desk's.
type Cover struct {
	// Share is the longest such stretch, as a share of the document's longer side.
	Share float64
	At    [2]float64 // its middle, in frame pixels
	Skin  bool       // of the colour of a hand
}

// FindCover walks around the outline.
func FindCover(f *raster.Frame, o *outline.Outline) Cover {
	if o.State == outline.None {
		return Cover{}
	}
	long := 0.
	for i := range 4 {
		a, b := o.Corners[i], o.Corners[(i+1)%4]
		long = max(long, math.Hypot(b[0]-a[0], b[1]-a[1]))
	}
	var best Cover
	for i := range 4 {
		if o.Border[i] {
			continue
		}
		a, b := o.Corners[i], o.Corners[(i+1)%4]
		if c := walk(f, a, b, long); c.Share > best.Share {
			best = c
		}
	}
	return best
}

type colour3 [3]int // luma, and chroma doubled

func (c colour3) far(d colour3) int {
	s := 0
	for i := range c {
		v := c[i] - d[i]
		s += max(v, -v)
	}
	return s
}

// walk compares both sides of one side of the outline at a hundred places.
func walk(f *raster.Frame, a, b [2]float64, long float64) Cover {
	length := math.Hypot(b[0]-a[0], b[1]-a[1])
	nx, ny := -(b[1]-a[1])/length, (b[0]-a[0])/length // inwards: corners run clockwise
	depth := max(5, long*.012)
	n := max(40, int(length/5))
	in, out := make([]colour3, n), make([]colour3, n)
	ok := make([]bool, n)
	for i := range n {
		t := (float64(i) + .5) / float64(n)
		x, y := a[0]+(b[0]-a[0])*t, a[1]+(b[1]-a[1])*t
		in[i], ok[i] = mean(f, x+nx*depth, y+ny*depth, x+nx*depth*2, y+ny*depth*2)
		var k bool
		out[i], k = mean(f, x-nx*depth, y-ny*depth, x-nx*depth*2, y-ny*depth*2)
		ok[i] = ok[i] && k
	}
	paper, desk := middle(in), middle(out)
	step := float64(length) / float64(n) / long
	var best Cover
	run, skin := 0, 0
	for i := range n {
		// A piece of the side is covered where inside no longer looks like the margin but like what is outside it, and that
		// does not look like the desk.
		same := in[i].far(out[i])
		covered := ok[i] && in[i].far(paper) > 44 && same < 40 && same*2 < in[i].far(paper)+20 && out[i].far(desk) > 30
		if !covered {
			run, skin = 0, 0
			continue
		}
		run++
		if in[i][1] < 2*128-6 && in[i][2] > 2*128+12 && in[i][0] > 50 {
			skin++
		}
		if s := float64(run) * step; s > best.Share {
			t := (float64(i) + 1 - float64(run)/2) / float64(n)
			best = Cover{s, [2]float64{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}, skin*2 > run}
		}
	}
	return best
}

// mean colour along a short way.
func mean(f *raster.Frame, x0, y0, x1, y1 float64) (c colour3, ok bool) {
	const n = 5
	for i := range n {
		t := float64(i) / (n - 1)
		x, y := int(x0+(x1-x0)*t), int(y0+(y1-y0)*t)
		if x < 0 || y < 0 || x >= f.W || y >= f.H {
			return colour3{}, false
		}
		o := y/2*f.CW + x/2
		c[0] += int(f.Y[y*f.W+x])
		c[1] += 2 * int(f.Cb[o])
		c[2] += 2 * int(f.Cr[o])
	}
	for i := range c {
		c[i] /= n
	}
	return c, true
}

// middle is the median of each part.
func middle(cs []colour3) (m colour3) {
	for k := range m {
		var hist [512]int
		for _, c := range cs {
			hist[c[k]]++
		}
		m[k] = percentile(hist[:], .5)
	}
	return
}
