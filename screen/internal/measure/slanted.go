package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// letters are the blobs that could be letters of a large overlay.
func letters(blobs []Blob) (out []raster.Box) {
	for _, b := range blobs {
		if b.Area < .05 && b.Fill < .9 && !(b.Red > .8 && b.Fill > .74) {
			out = append(out, b.Box)
		}
	}
	return out
}

// The directions in which an overlay is written: neither along the document's print nor across it.
const flattest, steepest = 8, 70 // degrees

// slantedRow is how much of the document's width a row of marks alike in size spans that runs at an angle, with at least n
// marks in it. Print, a portrait, an emblem and a seal do not stand in such a row by chance.
func slantedRow(boxes []raster.Box, w, n int) float64 {
	type mark struct{ x, y, size float64 }
	marks := make([]mark, len(boxes))
	for i, b := range boxes {
		marks[i] = mark{float64(b.X0+b.X1) / 2, float64(b.Y0+b.Y1) / 2, float64(max(b.W(), b.H()))}
	}
	best := 0.
	for i, a := range marks {
		for _, b := range marks[:i] {
			size := (a.size + b.size) / 2
			dx, dy := b.x-a.x, b.y-a.y
			length := math.Hypot(dx, dy)
			angle := math.Atan2(math.Abs(dy), math.Abs(dx)) * 180 / math.Pi
			if length < .25*float64(w) || angle < flattest || angle > steepest || a.size > 2.5*b.size || b.size > 2.5*a.size {
				continue
			}
			count, lo, hi := 0, math.Inf(1), math.Inf(-1)
			for _, c := range marks {
				ex, ey := c.x-a.x, c.y-a.y
				if math.Abs(ex*dy-ey*dx)/length > .4*size || c.size > 2*size || 2*c.size < size {
					continue
				}
				count++
				t := (ex*dx + ey*dy) / length
				lo, hi = min(lo, t-c.size/2), max(hi, t+c.size/2)
			}
			// Letters follow each other closely.
			if span := hi - lo; count >= n && span < 3.5*size*float64(count) {
				best = max(best, span/float64(w))
			}
		}
	}
	return best
}
