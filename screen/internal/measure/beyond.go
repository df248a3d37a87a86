package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Beyond says how it goes on outside an outline: what is taken for a document may be a frame printed on one.
type Beyond struct {
	// Paper is how many sides have the document's own paper outside of them, as far as the picture reaches.
	Paper int
	// Desk is how many have something else there before the picture ends.
	Desk int
}

const (
	samePaper, otherThing = 30, 60 // differences of colour, as far returns them
	beyondRays            = 24     // a side
)

// FindBeyond follows rays from each side to the picture's border.
func FindBeyond(f *raster.Frame, o *outline.Outline) (b Beyond) {
	if o.State != outline.Complete {
		return b
	}
	long := 0.
	for i := range 4 {
		p, q := o.Corners[i], o.Corners[(i+1)%4]
		long = max(long, math.Hypot(q[0]-p[0], q[1]-p[1]))
	}
	step := max(4, long*.008)
	for i := range 4 {
		p, q := o.Corners[i], o.Corners[(i+1)%4]
		length := math.Hypot(q[0]-p[0], q[1]-p[1])
		nx, ny := (q[1]-p[1])/length, -(q[0]-p[0])/length // outwards: corners run clockwise
		paper, other, rays := 0, 0, 0
		for k := range beyondRays {
			t := .1 + .8*(float64(k)+.5)/beyondRays
			switch far, steps := follow(f, p[0]+(q[0]-p[0])*t, p[1]+(q[1]-p[1])*t, nx*step, ny*step); {
			case steps < 2: // hardly anything to see
			case far <= samePaper:
				paper++
				rays++
			case far >= otherThing:
				other++
				rays++
			default:
				rays++
			}
		}
		switch {
		case rays*2 < beyondRays:
		case paper*5 >= rays*4:
			b.Paper++
		case other*5 >= rays*4:
			b.Desk++
		}
	}
	return b
}

// follow goes outwards in steps and returns by how much the colour differs at most from that just inside, and how many steps
// there were.
func follow(f *raster.Frame, x, y, dx, dy float64) (most, steps int) {
	inside, ok := mean(f, x-2*dx, y-2*dy, x-dx, y-dy)
	if !ok {
		return 0, 0
	}
	for k := 1.; ; k++ {
		c, ok := mean(f, x+k*dx, y+k*dy, x+(k+.8)*dx, y+(k+.8)*dy)
		if !ok {
			return most, steps
		}
		steps++
		most = max(most, c.far(inside))
	}
}
