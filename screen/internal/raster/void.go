package raster

// Void is a rectangle without the noise that the rest of the picture has: a program painted it.
type Void struct {
	Box            // in pixels of the original
	Blocks int     // of 8 × 8 without any detail; 0 if there is no such rectangle
	Level  int     // median brightness of these
	Even   float64 // share of these about as bright: all of a bar, part of a mosaic
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
		if n, level, even := b.painted(c); n > v.Blocks && (level > 5 || n*10 >= 7*c.W()*c.H()) {
			v = Void{Box{c.X0 * 8, c.Y0 * 8, c.X1 * 8, c.Y1 * 8, n * 64}, n, level, even}
		}
	}
	if b.quiet(v.Blocks) || v.Blocks*6 > b.w*b.h {
		return Void{}
	}
	return v
}

// has tells whether a block lies in the rectangle.
func (v Void) has(x, y int) bool {
	return v.Blocks > 0 && x*8 >= v.X0 && x*8 < v.X1 && y*8 >= v.Y0 && y*8 < v.Y1
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
func (b *blocks) painted(c Box) (n, level int, even float64) {
	var hist [256]int
	for y := c.Y0; y < c.Y1; y++ {
		for i := y*b.w + c.X0; i < y*b.w+c.X1; i++ {
			if b.still[i] {
				hist[b.level[i]]++
				n++
			}
		}
	}
	left := n / 2
	for level < 255 && left >= hist[level] {
		left -= hist[level]
		level++
	}
	near := 0
	for _, k := range hist[max(0, level-12):min(256, level+13)] {
		near += k
	}
	return n, level, float64(near) / float64(max(1, n))
}
