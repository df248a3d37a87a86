package measure

import (
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Light says how the document is lit.
type Light struct {
	Ink, Median, Paper int     // grey levels: 1st, 50th and 85th percentile inside the outline
	Full               float64 // share of pixels at the sensor's limit
	// Glare is the share of the document under the largest patch of reflected light; Spot is that patch, in frame pixels.
	Glare float64
	Spot  [4]int // x, y, w, h
}

const full = 250 // a pixel this bright holds no detail any more

// MeasureLight works on luma at half the frame's size.
func MeasureLight(f *raster.Frame, half []uint8, o *outline.Outline) Light {
	small := shrunk(o)
	w, h := f.CW, f.CH
	inset := float64(w) * .01
	var hist [256]int
	mask := make([]bool, w*h) // candidates for glare
	n, lit := 0, 0
	for y := range h {
		x0, x1, ok := small.Span(float64(y), inset, w)
		if !ok {
			continue
		}
		for i := y*w + x0; i < y*w+x1; i++ {
			v := half[i]
			hist[v]++
			if v >= full {
				mask[i] = true
				lit++
			}
		}
		n += x1 - x0
	}
	if n == 0 {
		return Light{}
	}
	l := Light{Ink: percentile(hist[:], .01), Median: percentile(hist[:], .5), Paper: percentile(hist[:], .85), Full: float64(lit) / float64(n)}
	if lit == 0 || lit == n {
		return l
	}
	l.findGlare(half, mask, w, h, n)
	return l
}

// findGlare tells a reflection from white print: around a reflection the light falls off gradually and is brighter than
// the document's own paper; white print ends sharply and the paper around it is as everywhere.
func (l *Light) findGlare(half []uint8, mask []bool, w, h, n int) {
	least := max(30, n/2000)
	var stack []int
	for s := range mask {
		if !mask[s] {
			continue
		}
		x0, y0, x1, y1, count := w, h, 0, 0, 0
		stack = append(stack[:0], s)
		mask[s] = false
		for len(stack) > 0 {
			p := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			count++
			x, y := p%w, p/w
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
			for _, q := range [4]int{p - 1, p + 1, p - w, p + w} {
				if q >= 0 && q < len(mask) && mask[q] {
					mask[q] = false
					stack = append(stack, q)
				}
			}
		}
		if count < least {
			continue
		}
		if halo(half, w, h, x0, y0, x1, y1, l.Median) {
			if g := float64(count) / float64(n); g > l.Glare {
				l.Glare, l.Spot = g, [4]int{2 * x0, 2 * y0, 2 * (x1 - x0 + 1), 2 * (y1 - y0 + 1)}
			}
		}
	}
}

// halo looks along eight rays from the patch outwards.
func halo(half []uint8, w, h, x0, y0, x1, y1, median int) bool {
	cx, cy := float64(x0+x1)/2, float64(y0+y1)/2
	rx, ry := float64(x1-x0)/2+1, float64(y1-y0)/2+1
	soft, rays := 0, 0
	for _, d := range [8][2]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {.7, .7}, {-.7, .7}, {.7, -.7}, {-.7, -.7}} {
		at := func(k float64) (int, bool) {
			x, y := int(cx+d[0]*rx*k), int(cy+d[1]*ry*k)
			if x < 0 || y < 0 || x >= w || y >= h {
				return 0, false
			}
			return int(half[y*w+x]), true
		}
		near, ok1 := at(1.25)
		far, ok2 := at(2.2)
		if !ok1 || !ok2 {
			continue
		}
		rays++
		if near > median+4 && far < near-4 {
			soft++
		}
	}
	return rays >= 4 && soft*2 >= rays
}
