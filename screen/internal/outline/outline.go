package outline

import (
	"math"
	"sync"

	"github.com/verinym/verinym/screen/internal/raster"
)

// State says how much of the document's outline is in the picture.
type State int

const (
	None     State = iota // no outline at all: no document, or one that fills the picture
	Complete              // four sides, four corners
	Cut                   // sides run out of the picture
)

// Outline is the document's place. Corners are in pixels of the frame, clockwise from the top left of the picture.
type Outline struct {
	State   State
	Corners [4][2]float64
	// Side holds, for top, right, bottom and left, the share of it that is a visible edge; 0 for one at the picture's border.
	Side [4]float64
	// Contrast is the difference of colour between document and desk along each side, in grey levels.
	Contrast [4]float64
	// Border says which sides are the picture's own border.
	Border [4]bool
	// Corner is the weakest visible edge next to each corner, 0 to 1: low where something lies on it.
	Corner [4]float64
	Score  float64
	// Pair is how sure it is that two cards lie in the picture, 0 for not at all; Second is one of them.
	Pair   float64
	Second [4][2]float64
}

// Find looks for the document.
func Find(f *raster.Frame) Outline {
	luma := raster.Plane{W: f.CW, H: f.CH, P: f.Half()}
	raw := []raster.Plane{luma, {W: f.CW, H: f.CH, P: f.Cb}, {W: f.CW, H: f.CH, P: f.Cr}}
	if luma.W < 40 || luma.H < 40 {
		return Outline{}
	}
	r := 3 // marks up to six pixels wide vanish; in a small picture that would take a document's margin with it
	if max(luma.W, luma.H) < 420 {
		r = 2
	}
	smooth := make([]raster.Plane, 3)
	var wg sync.WaitGroup
	wg.Go(func() { smooth[0] = luma.CloseDark(r) })
	wg.Go(func() { smooth[1] = raw[1].Flatten(r) })
	smooth[2] = raw[2].Flatten(r)
	wg.Wait()
	best := search(smooth, .10)
	if best.State != Complete || best.Score < .9 {
		// A sheet on a table of its own colour shows only as the thin shadow at its edge, which the closing removed.
		if q := search(raw, .14); q.Score > best.Score+.1 || best.State != Complete && q.State == Complete && q.Score > best.Score-.05 {
			best = q
		}
	}
	return best.Scaled(2)
}

// Scaled is the outline in a frame of k times the resolution. A place is counted from the centre of the first pixel.
func (o Outline) Scaled(k float64) Outline {
	scale := func(v float64) float64 { return (v+.5)*k - .5 }
	for i := range 4 {
		for c := range 2 {
			o.Corners[i][c], o.Second[i][c] = scale(o.Corners[i][c]), scale(o.Second[i][c])
		}
	}
	return o
}

func search(chs []raster.Plane, share float64) Outline {
	g := gradients(chs, []int32{1, 2, 2})
	crest := g.thin(g.threshold(share, 10))
	flat, steep := hough(g, crest, 14)
	w, h := float64(g.w), float64(g.h)
	for i := range flat {
		trace(&flat[i], true, g, crest, chs)
	}
	for i := range steep {
		trace(&steep[i], false, g, crest, chs)
	}
	flat = append(flat, line{ny: 1, rho: 0, border: true}, line{ny: 1, rho: h - 1, border: true})
	steep = append(steep, line{nx: 1, rho: 0, border: true}, line{nx: 1, rho: w - 1, border: true})

	var best Outline
	var sides [4]*line
	var cards []candidate
	for i := range flat {
		for j := range flat {
			top, bottom := &flat[i], &flat[j]
			if bottom.yAt(w/2)-top.yAt(w/2) < .22*h {
				continue
			}
			for a := range steep {
				for b := range steep {
					left, right := &steep[a], &steep[b]
					if right.xAt(h/2)-left.xAt(h/2) < .22*w {
						continue
					}
					q, quality, ok := weigh(top, right, bottom, left, w, h)
					if !ok {
						continue
					}
					if q.Score > best.Score {
						best, sides = q, [4]*line{top, right, bottom, left}
					}
					if q.State == Complete && quality > .75 {
						cards = append(cards, candidate{q.Corners, quality})
					}
				}
			}
		}
	}
	if best.State != None {
		best.refine(sides, g, crest)
		best.Pair, best.Second = pair(cards)
	}
	return best
}

// weigh judges one quadrilateral. quality is its score without regard to its size.
func weigh(top, right, bottom, left *line, w, h float64) (q Outline, quality float64, ok bool) {
	sides := [4]*line{top, right, bottom, left}
	borders := 0
	for i, l := range sides {
		q.Border[i] = l.border
		if l.border {
			borders++
		}
	}
	if borders > 2 {
		return q, 0, false
	}
	for i := range 4 { // corner i lies between side i-1 and side i
		x, y, meet := cross(sides[(i+3)%4], sides[i])
		if !meet || x < -.15*w || y < -.15*h || x > 1.15*w || y > 1.15*h {
			return q, 0, false
		}
		q.Corners[i] = [2]float64{x, y}
	}
	area := 0.
	for i := range 4 {
		a, b := q.Corners[i], q.Corners[(i+1)%4]
		area += a[0]*b[1] - b[0]*a[1]
	}
	area /= 2 * w * h
	if area < .07 || !upright(q.Corners) {
		return q, 0, false
	}
	least, mean, step, rough := 1., 0., 0., 0.
	for i, l := range sides {
		if l.border {
			continue
		}
		a, b := q.Corners[i], q.Corners[(i+1)%4]
		s, t := a[0], b[0]
		if i%2 == 1 {
			s, t = a[1], b[1]
		}
		v := math.Abs(l.prof.support(s, t))
		q.Side[i], q.Contrast[i] = v, l.prof.contrast(s, t)
		least = min(least, v)
		mean += v
		step += q.Contrast[i] / (q.Contrast[i] + 25)
		// A document's margin is of one colour all along; what surrounds it need not be.
		rough += min(l.prof.roughness(s, t, i == 0 || i == 3), 30) / 30
		if v < .38 {
			return q, 0, false
		}
	}
	n := float64(4 - borders)
	mean, step, rough = mean/n, step/n, rough/n
	out := 0.
	for _, c := range q.Corners {
		out = max(out, -c[0]/w, -c[1]/h, c[0]/w-1, c[1]/h-1)
	}
	if area < .10 { // a card this small is a thing beside another one, or no document
		q.Score -= .5
	}
	q.State = Complete
	if borders > 0 || out > .012 {
		q.State = Cut
	}
	quality = .4*mean + .35*least + .5*step - .45*rough
	q.Score = quality + .8*math.Sqrt(area) - .22*float64(borders) - .5*q.within()
	if q.State == Cut {
		q.Score -= .08
	}
	q.corners(sides)
	return q, quality, true
}

// within is how surely a side runs across the document's own paper, 0 to 1: a fold or a printed frame, where other sides
// stand out clearly from the desk and this one hardly separates two colours.
func (q *Outline) within() float64 {
	strong, weak := 0., math.Inf(1)
	for i, c := range q.Contrast {
		if !q.Border[i] {
			strong, weak = max(strong, c), min(weak, c)
		}
	}
	if strong < 45 {
		return 0
	}
	return max(0, 1-4*weak/strong)
}

// corners measures the edge close to each corner.
func (q *Outline) corners(sides [4]*line) {
	for i := range 4 {
		v := 1.
		for _, k := range [2]int{(i + 3) % 4, i} { // the two sides that meet here
			l := sides[k]
			if l.border {
				v = 0
				continue
			}
			c, other := q.Corners[i], q.Corners[(k+1)%4]
			if k != i {
				other = q.Corners[k]
			}
			ax := k % 2
			at := func(t float64) float64 { return c[ax] + (other[ax]-c[ax])*t }
			v = min(v, math.Abs(l.prof.support(at(.04), at(.16))))
		}
		q.Corner[i] = v
	}
}

// upright is true of a convex quadrilateral whose corners are as seen by somebody who stands before it: none is sharper
// than 45°.
func upright(c [4][2]float64) bool {
	for i := range 4 {
		a, b, d := c[i], c[(i+1)%4], c[(i+2)%4]
		ux, uy, vx, vy := b[0]-a[0], b[1]-a[1], d[0]-b[0], d[1]-b[1]
		if out, along := ux*vy-uy*vx, ux*vx+uy*vy; out <= math.Abs(along) {
			return false
		}
	}
	return true
}

// Span returns where a row enters and leaves the outline, at least m pixels from every side; ok is false where it does not
// meet it. Without an outline everything is inside.
func (o *Outline) Span(y, m float64, width int) (x0, x1 int, ok bool) {
	if o.State == None {
		return 0, width, true
	}
	lo, hi := 0., float64(width)
	for i := range 4 {
		a, b := o.Corners[i], o.Corners[(i+1)%4]
		dx, dy := b[0]-a[0], b[1]-a[1]
		n := math.Hypot(dx, dy)
		// dx*(y-ay) - dy*(x-ax) >= m*n
		k := dx*(y-a[1]) + dy*a[0] - m*n
		switch {
		case dy > 1e-9:
			hi = min(hi, k/dy)
		case dy < -1e-9:
			lo = max(lo, k/dy)
		case k < 0:
			return 0, 0, false
		}
	}
	x0, x1 = int(math.Ceil(max(lo, 0))), int(math.Floor(min(hi, float64(width))))
	return x0, x1, x1 > x0
}
