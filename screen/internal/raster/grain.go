package raster

import "github.com/verinym/verinym/screen/internal/jpeg"

// Grain says what the finest structure of the original is like. A sensor leaves noise everywhere; a program that draws
// leaves none, and the same colour over and over.
type Grain struct {
	// Same is the share of blocks, of those neither black nor white, whose right neighbour is exactly as bright.
	Same float64
	// Bars is the share of rows of blocks that are of one exact colour from side to side, other than white: the frame that
	// a program puts around a picture.
	Bars float64
	// Fine is whether the file would have kept a sensor's noise, had there been any.
	Fine bool
}

// measurable is true of a brightness at which a sensor's noise would show.
func measurable(level uint8) bool { return level > 5 && level < 249 }

// A bar or a mosaic that somebody painted into a photograph does not count.
func (b *blocks) grain(fine bool, painted Void) Grain {
	g := Grain{Fine: fine}
	same, n, bars := 0, 0, 0
	for y := range b.h {
		row, still := b.level[y*b.w:(y+1)*b.w], b.still[y*b.w:(y+1)*b.w]
		bar, lo, hi := true, uint8(255), uint8(0)
		for x, m := range row {
			if measurable(m) && !painted.has(x, y) {
				n++
				if x > 0 && still[x] && still[x-1] && m == row[x-1] {
					same++
				}
			}
			bar, lo, hi = bar && still[x], min(lo, m), max(hi, m)
		}
		if bar && hi-lo <= 1 && hi < 253 {
			bars++
		}
	}
	g.Bars = float64(bars) / float64(max(1, b.h))
	g.Same = float64(same) / float64(max(1, n))
	return g
}

// keepsNoise is true of a table whose steps of four or five in the lowest frequencies keep noise of two grey levels.
func keepsNoise(pic *jpeg.Picture) bool {
	coarse := 0
	for _, q := range pic.Quant[1:10] {
		coarse += int(q)
	}
	return coarse <= 9*9/2
}
