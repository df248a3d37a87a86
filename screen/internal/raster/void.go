package raster

import "math"

// Void is a rectangle without the noise that the rest of the picture has: a program painted it.
type Void struct {
	Box            // in pixels of the original
	Blocks int     // of 8 × 8 without any detail; 0 if there is no such rectangle
	Level  int     // mean brightness of these
	Spread float64 // its standard deviation: a bar has none, a mosaic has much
}

// findVoid looks for the largest one. Mosaics have edges between their squares: gaps of one block are bridged.
func (b *blocks) findVoid() (v Void) {
	painted := func(x, y int) bool {
		if x < 0 || y < 0 || x >= b.w || y >= b.h {
			return false
		}
		return b.still[y*b.w+x] && b.level[y*b.w+x] <= 248
	}
	bridged := func(y int, row []bool) {
		for x := range row {
			row[x] = painted(x, y) || painted(x-1, y) && painted(x+1, y) || painted(x, y-1) && painted(x, y+1)
		}
	}
	for _, c := range Components(b.w, b.h, false, bridged) {
		if min(c.W(), c.H()) < 2 || c.N*2 < c.W()*c.H() {
			continue
		}
		if n, level, spread := b.painted(c); n > v.Blocks && (level > 5 || n*10 >= 7*c.W()*c.H()) {
			v = Void{Box{c.X0 * 8, c.Y0 * 8, c.X1 * 8, c.Y1 * 8, n * 64}, n, int(level), spread}
		}
	}
	if b.quiet(v.Blocks) {
		return Void{}
	}
	return v
}

// quiet is true of a picture in which still blocks are nothing special, besides the n just found: a drawing, or one saved
// coarsely.
func (b *blocks) quiet(n int) bool {
	still, all := -n, 0
	for i, m := range b.level {
		if measurable(m) {
			all++
			if b.still[i] {
				still++
			}
		}
	}
	return all == 0 || still*40 > all
}

// painted counts the still blocks of a box and says how bright they are.
func (b *blocks) painted(c Box) (n int, mean, spread float64) {
	var s, ss float64
	for y := c.Y0; y < c.Y1; y++ {
		for i := y*b.w + c.X0; i < y*b.w+c.X1; i++ {
			if b.still[i] {
				m := float64(b.level[i])
				n, s, ss = n+1, s+m, ss+m*m
			}
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	mean = s / float64(n)
	return n, mean, math.Sqrt(max(0, ss/float64(n)-mean*mean))
}
