package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Seal is a red ring, as an office stamps it.
type Seal struct {
	// Round is the share of the best circle that is red.
	Round float64
	// Strength is its redness beyond the paper's, in levels of chroma: fresh ink has 30 and more.
	Strength float64
	At       raster.Box // in pixels of the half-size document
}

const (
	sealAngles = 40
	faintRed   = 4 // levels of chroma
)

// FindSeal looks for the circle with most red along it, between 4.5 % and 10 % of the document's longer side in radius.
// A filled disc, such as an emblem, has as much red inside as on the ring and does not count.
func FindSeal(doc *raster.Frame, half []uint8, c *Colour) Seal {
	w, h := doc.CW, doc.CH
	long := float64(max(w, h))
	red := make([]uint8, w*h)
	for i := range red {
		db, dr := c.offset(half[i], doc.Cb[i], doc.Cr[i])
		if v := (dr - max(db, 0)/2) >> 4; v > 0 {
			red[i] = uint8(min(v, 255))
		}
	}
	var co, si [sealAngles]float64
	for k := range co {
		co[k], si[k] = math.Cos(float64(k)*2*math.Pi/sealAngles), math.Sin(float64(k)*2*math.Pi/sealAngles)
	}
	// ring is how much of a circle is red, and how red; step skips angles in the first, coarse pass.
	ring := func(cx, cy, r float64, step int) (round, strength float64) {
		hit, n, sum := 0, 0, 0
		for k := 0; k < sealAngles; k += step {
			n++
			best := uint8(0)
			for d := -1.; d <= 1; d++ {
				x, y := int(cx+co[k]*(r+d)+.5), int(cy+si[k]*(r+d)+.5)
				if x >= 0 && y >= 0 && x < w && y < h {
					best = max(best, red[y*w+x])
				}
			}
			if best >= faintRed {
				hit++
			}
			sum += int(best)
		}
		return float64(hit) / float64(n), float64(sum) / float64(n)
	}
	value := func(cx, cy, r float64, step int) (v, round, strength float64) {
		round, strength = ring(cx, cy, r, step)
		if round < .45 {
			return 0, round, strength
		}
		_, in := ring(cx, cy, r*.82, step)
		_, out := ring(cx, cy, r*1.2, step)
		return round * (strength - .8*max(in, out)), round, strength
	}
	var best Seal
	top := .5
	bx, by, br := 0., 0., 0.
	area := newTally(red, w, h)
	for r := long * .045; r < long*.10; r += 1.5 {
		least := int(.4 * 2 * math.Pi * r)
		for cy := r; cy < float64(h)-r*.6; cy += 3 {
			for cx := r * .8; cx < float64(w)-r*.6; cx += 3 {
				if area.in(cx-r-1, cy-r-1, cx+r+2, cy+r+2) < least {
					continue
				}
				if v, _, _ := value(cx, cy, r, 4); v > top {
					if v, round, s := value(cx, cy, r, 1); v > top {
						top, bx, by, br = v, cx, cy, r
						best.Round, best.Strength = round, s
					}
				}
			}
		}
	}
	if br == 0 {
		return best
	}
	// Settle on the exact circle.
	for range 3 {
		x, y, r := bx, by, br
		for dy := -1.5; dy <= 1.5; dy++ {
			for dx := -1.5; dx <= 1.5; dx++ {
				for dr := -1.; dr <= 1; dr++ {
					if v, round, s := value(x+dx, y+dy, r+dr, 1); v > top {
						top, bx, by, br = v, x+dx, y+dy, r+dr
						best.Round, best.Strength = round, s
					}
				}
			}
		}
	}
	best.At = raster.Box{X0: int(bx - br), Y0: int(by - br), X1: int(bx + br), Y1: int(by + br)}
	return best
}

// tally counts the red pixels of any rectangle in four steps.
type tally struct {
	w, h int
	n    []int32 // above and to the left of each corner
}

func newTally(red []uint8, w, h int) tally {
	t := tally{w, h, make([]int32, (w+1)*(h+1))}
	for y := range h {
		row := int32(0)
		for x := range w {
			if red[y*w+x] >= faintRed {
				row++
			}
			t.n[(y+1)*(w+1)+x+1] = t.n[y*(w+1)+x+1] + row
		}
	}
	return t
}

func (t tally) in(x0, y0, x1, y1 float64) int {
	a, b := min(max(int(x0), 0), t.w), min(max(int(x1), 0), t.w)
	c, d := min(max(int(y0), 0), t.h)*(t.w+1), min(max(int(y1), 0), t.h)*(t.w+1)
	return int(t.n[d+b] - t.n[c+b] - t.n[d+a] + t.n[c+a])
}
