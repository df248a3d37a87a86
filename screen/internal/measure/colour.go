package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Colour says how much colour the document itself has.
type Colour struct {
	// Chroma is the distance, at the 98th percentile, from the tint that the light alone would give: a grey copy under a
	// warm lamp is yellowish everywhere, in proportion to its brightness, and that is not colour.
	Chroma float64
	// Share of pixels that are clearly coloured.
	Share float64
}

// MeasureColour looks inside the outline only, so that a photocopy on a wooden desk stays a photocopy.
func MeasureColour(f *raster.Frame, half []uint8, o *outline.Outline) Colour {
	var n, sy, sb, sr, syy, syb, syr float64
	each := func(do func(y, b, r int)) {
		inset := float64(f.CW) * .012
		small := shrunk(o)
		for y := range f.CH {
			x0, x1, ok := small.Span(float64(y), inset, f.CW)
			if !ok {
				continue
			}
			for i := y*f.CW + x0; i < y*f.CW+x1; i++ {
				do(int(half[i]), int(f.Cb[i])-128, int(f.Cr[i])-128)
			}
		}
	}
	var iy, ib, ir, iyy, iyb, iyr, in int64
	each(func(y, b, r int) {
		in++
		iy += int64(y)
		ib += int64(b)
		ir += int64(r)
		iyy += int64(y * y)
		iyb += int64(y * b)
		iyr += int64(y * r)
	})
	if in == 0 {
		return Colour{}
	}
	n, sy, sb, sr, syy, syb, syr = float64(in), float64(iy), float64(ib), float64(ir), float64(iyy), float64(iyb), float64(iyr)
	v := syy/n - sy/n*sy/n + 1
	kb, kr := (syb/n-sy/n*sb/n)/v, (syr/n-sy/n*sr/n)/v
	b0, r0 := sb/n-kb*sy/n, sr/n-kr*sy/n
	var tintB, tintR [256]int32 // in sixteenths
	for y := range tintB {
		tintB[y], tintR[y] = int32(16*(b0+kb*float64(y))), int32(16*(r0+kr*float64(y)))
	}
	var hist [256]int
	each(func(y, b, r int) {
		db, dr := int64(int32(b)*16-tintB[y]), int64(int32(r)*16-tintR[y])
		d := int(math.Sqrt(float64(db*db+dr*dr))) >> 2 // quarter levels
		hist[min(d, 255)]++
	})
	c := Colour{Chroma: float64(percentile(hist[:], .98)) / 4}
	over := 0
	for d := 8 * 4; d < 256; d++ {
		over += hist[d]
	}
	c.Share = float64(over) / n
	return c
}

// shrunk is the outline at half size.
func shrunk(o *outline.Outline) *outline.Outline {
	s := *o
	for i := range s.Corners {
		s.Corners[i][0] /= 2
		s.Corners[i][1] /= 2
	}
	return &s
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
