package raster

import (
	"image"

	"github.com/verinym/verinym/screen/internal/jpeg"
)

// Grain says what the finest structure of the original is like, in blocks of 8 × 8 pixels. A sensor leaves noise in every
// block; a program that draws leaves none, and the same colour over and over.
type Grain struct {
	// Blocks counts those that are neither black nor white, where a sensor could not show noise.
	Blocks int
	// Still is the share of these without any detail, and Same the share whose right neighbour is exactly as bright.
	Still, Same float64
	// Peak is the share of all blocks that have one of the three most frequent brightnesses, exactly, and no detail.
	Peak float64
	// Bars is the share of rows that are of one exact colour from side to side, other than white: the frame that a program
	// puts around a picture.
	Bars float64
	// Fine is whether the file would have kept a sensor's noise, had there been any.
	Fine bool
}

// fromBlocks computes the figures; mean returns a block's exact brightness and whether it holds any detail.
func fromBlocks(bw, bh int, fine bool, block func(x, y int) (mean uint8, still bool)) Grain {
	g := Grain{Fine: fine}
	var hist [256]int
	still, same := 0, 0
	bars := 0
	for y := range bh {
		last, lastStill := uint8(0), false
		plain, lo, hi := true, uint8(255), uint8(0)
		for x := range bw {
			m, s := block(x, y)
			if s {
				hist[m]++
			}
			if m > 5 && m < 249 {
				g.Blocks++
				if s {
					still++
					if x > 0 && lastStill && m == last {
						same++
					}
				}
			}
			last, lastStill = m, s
			plain, lo, hi = plain && s, min(lo, m), max(hi, m)
		}
		if plain && hi-lo <= 1 && hi < 253 {
			bars++
		}
	}
	g.Bars = float64(bars) / float64(max(1, bh))
	if g.Blocks > 0 {
		g.Still, g.Same = float64(still)/float64(g.Blocks), float64(same)/float64(g.Blocks)
	}
	peak := 0
	for range 3 {
		best := 0
		for v := range hist {
			if hist[v] > hist[best] {
				best = v
			}
		}
		peak += hist[best]
		hist[best] = 0
	}
	g.Peak = float64(peak) / float64(max(1, bw*bh))
	return g
}

// grainOfJPEG reads it off the coefficients.
func grainOfJPEG(pic *jpeg.Picture) Grain {
	p := pic.Planes[0]
	n := p.Stride / pic.DetailW
	bw, bh := min(pic.DetailW, (pic.Width+7)/8), min(pic.DetailH, (pic.Height+7)/8)
	// Steps of four or five in the lowest frequencies still keep noise of two grey levels.
	coarse := 0
	for _, q := range pic.Quant[1:10] {
		coarse += int(q)
	}
	return fromBlocks(bw, bh, coarse <= 9*9/2, func(x, y int) (uint8, bool) {
		return p.Pix[y*n*p.Stride+x*n], pic.Detail[y*pic.DetailW+x] == 0
	})
}

// grainOfLuma reads it off pixels: detail is any difference inside a block.
func grainOfLuma(pix []uint8, stride, w, h int) Grain {
	return fromBlocks(w/8, h/8, true, func(x, y int) (uint8, bool) {
		first := pix[y*8*stride+x*8]
		for j := range 8 {
			for _, v := range pix[(y*8+j)*stride+x*8:][:8] {
				if v != first {
					return first, false
				}
			}
		}
		return first, true
	})
}

// luma returns the luma of any picture at full size.
func luma(im image.Image) (pix []uint8, stride int) {
	b := im.Bounds()
	switch t := im.(type) {
	case *image.YCbCr:
		return t.Y[t.YOffset(b.Min.X, b.Min.Y):], t.YStride
	case *image.Gray:
		return t.Pix, t.Stride
	}
	w, h := b.Dx(), b.Dy()
	out := make([]uint8, w*h)
	px := rgbReader(im)
	for y := range h {
		for x := range w {
			r, g, bl := px(b.Min.X+x, b.Min.Y+y)
			out[y*w+x] = uint8((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(bl) + 1<<15) >> 16)
		}
	}
	return out, w
}
