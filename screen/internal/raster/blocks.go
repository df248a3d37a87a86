package raster

import "github.com/verinym/verinym/screen/internal/jpeg"

// blocks is the original in squares of 8 × 8 pixels, as JPEG codes it: how bright each is, and whether it holds no detail
// at all.
type blocks struct {
	w, h  int
	level []uint8
	still []bool
}

func newBlocks(w, h int) *blocks {
	return &blocks{w, h, make([]uint8, w*h), make([]bool, w*h)}
}

// blocksOfJPEG reads them off the coefficients.
func blocksOfJPEG(pic *jpeg.Picture) *blocks {
	p := pic.Planes[0]
	n := p.Stride / pic.DetailW
	b := newBlocks(min(pic.DetailW, (pic.Width+7)/8), min(pic.DetailH, (pic.Height+7)/8))
	for y := range b.h {
		for x := range b.w {
			i := y*b.w + x
			b.level[i], b.still[i] = p.Pix[y*n*p.Stride+x*n], pic.Detail[y*pic.DetailW+x] == 0
		}
	}
	return b
}

// blocksOfLuma reads them off pixels: detail is any difference inside a block.
func blocksOfLuma(pix []uint8, stride, w, h int) *blocks {
	b := newBlocks(w/8, h/8)
	for y := range b.h {
		for x := range b.w {
			i := y*b.w + x
			b.level[i], b.still[i] = plain(pix[y*8*stride+x*8:], stride)
		}
	}
	return b
}

// plain reports whether the square at the beginning of p is of one colour.
func plain(p []uint8, stride int) (level uint8, ok bool) {
	for j := range 8 {
		for _, v := range p[j*stride : j*stride+8] {
			if v != p[0] {
				return p[0], false
			}
		}
	}
	return p[0], true
}

// unclipped is true of a block whose values were not cut off at black or white when it was decoded and saved again.
func (b *blocks) unclipped(x, y int) bool {
	return x < b.w && y < b.h && b.level[y*b.w+x] > 12 && b.level[y*b.w+x] < 244
}
