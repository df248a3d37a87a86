package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Colour says how much colour the document itself has.
type Colour struct {
	// Chroma is the distance, at the 98th percentile, from the tint that the light alone would give: a grey copy under a
	// warm lamp is yellowish everywhere, in proportion to its brightness, and that is not colour.
	Chroma float64
	// Share of pixels that are clearly coloured.
	Share float64
	// TintB and TintR are the light's own chroma at each brightness, in sixteenths of a level from neutral.
	TintB, TintR [256]int32
}

// MeasureColour looks at the straightened document only, so that a photocopy on a wooden desk stays a photocopy.
func MeasureColour(doc *raster.Frame, half []uint8) *Colour {
	c := &Colour{}
	x0, y0, x1, y1 := inset(doc.CW, doc.CH)
	var n, iy, ib, ir, iyy, iyb, iyr int64
	for y := y0; y < y1; y++ {
		for i := y*doc.CW + x0; i < y*doc.CW+x1; i++ {
			y, b, r := int64(half[i]), int64(doc.Cb[i])-128, int64(doc.Cr[i])-128
			n++
			iy += y
			ib += b
			ir += r
			iyy += y * y
			iyb += y * b
			iyr += y * r
		}
	}
	if n == 0 {
		return c
	}
	m := float64(n)
	sy, sb, sr := float64(iy)/m, float64(ib)/m, float64(ir)/m
	v := float64(iyy)/m - sy*sy + 1
	kb, kr := (float64(iyb)/m-sy*sb)/v, (float64(iyr)/m-sy*sr)/v
	for y := range c.TintB {
		d := float64(y) - sy
		c.TintB[y], c.TintR[y] = int32(16*(sb+kb*d)), int32(16*(sr+kr*d))
	}
	var hist [256]int
	for y := y0; y < y1; y++ {
		for i := y*doc.CW + x0; i < y*doc.CW+x1; i++ {
			db, dr := c.offset(half[i], doc.Cb[i], doc.Cr[i])
			hist[min(int(math.Sqrt(float64(db*db+dr*dr)))>>2, 255)]++ // quarter levels
		}
	}
	c.Chroma = float64(percentile(hist[:], .98)) / 4
	over := 0
	for d := 8 * 4; d < 256; d++ {
		over += hist[d]
	}
	c.Share = float64(over) / m
	return c
}

// offset is a pixel's chroma beyond the tint, in sixteenths.
func (c *Colour) offset(y, b, r uint8) (db, dr int32) {
	return (int32(b)-128)*16 - c.TintB[y], (int32(r)-128)*16 - c.TintR[y]
}

// inset leaves out a document's edge, where the desk may show.
func inset(w, h int) (x0, y0, x1, y1 int) {
	m := max(1, max(w, h)/64)
	return m, m, w - m, h - m
}

// percentile of a histogram, as the index of a bin.
func percentile(hist []int, q float64) int {
	total := 0
	for _, n := range hist {
		total += n
	}
	left := int(q * float64(total))
	for i, n := range hist {
		if left -= n; left < 0 {
			return i
		}
	}
	return len(hist) - 1
}
