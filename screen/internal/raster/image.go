package raster

import (
	"image"
	"image/color"
)

// FromImage reduces a decoded picture by a power of two, averaging. Transparent places are white, as a viewer shows them.
func FromImage(im image.Image) *Frame {
	return reduce(im, factor(im.Bounds().Dx(), im.Bounds().Dy()))
}

func reduce(im image.Image, k int) *Frame {
	b := im.Bounds()
	w, h := max(1, b.Dx()/k), max(1, b.Dy()/k)
	f := New(w, h)
	f.Scale, f.FullW, f.FullH = float64(k), b.Dx(), b.Dy()
	switch t := im.(type) {
	case *image.YCbCr:
		f.fromYCbCr(t, k)
	case *image.Gray:
		shrink(f.Y, w, h, t.Pix, t.Stride, b.Dx(), b.Dy(), float64(k), float64(k))
		fill(f.Cb, 128)
		fill(f.Cr, 128)
	default:
		f.fromColour(im, k)
	}
	f.Finer = func() *Frame {
		if k == 1 {
			return nil
		}
		return reduce(im, k/2)
	}
	pix, stride := luma(im)
	f.Origin = func() (Grain, History) {
		bs := blocksOfLuma(pix, stride, b.Dx(), b.Dy())
		if _, smooth := im.(*image.YCbCr); smooth { // WebP and HEIC filter a sensor's noise away
			return bs.grain(false, Void{}), History{}
		}
		v := bs.findVoid()
		return bs.grain(true, v), History{Void: v}
	}
	f.Patch = func(x, y, size int) []uint8 {
		if size > b.Dx() || size > b.Dy() {
			return nil
		}
		return square(pix[min(max(y, 0), b.Dy()-size)*stride+min(max(x, 0), b.Dx()-size):], stride, size)
	}
	return f
}

func fill(p []uint8, v uint8) {
	for i := range p {
		p[i] = v
	}
}

func (f *Frame) fromYCbCr(t *image.YCbCr, k int) {
	b := t.Rect
	shrink(f.Y, f.W, f.H, t.Y[t.YOffset(b.Min.X, b.Min.Y):], t.YStride, b.Dx(), b.Dy(), float64(k), float64(k))
	hs, vs := 1, 1 // luma samples a chroma sample
	switch t.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		hs = 2
	case image.YCbCrSubsampleRatio420:
		hs, vs = 2, 2
	case image.YCbCrSubsampleRatio440:
		vs = 2
	case image.YCbCrSubsampleRatio411:
		hs = 4
	case image.YCbCrSubsampleRatio410:
		hs, vs = 4, 2
	}
	cw, ch := (b.Dx()+hs-1)/hs, (b.Dy()+vs-1)/vs
	o := t.COffset(b.Min.X, b.Min.Y)
	shrink(f.Cb, f.CW, f.CH, t.Cb[o:], t.CStride, cw, ch, float64(2*k)/float64(hs), float64(2*k)/float64(vs))
	shrink(f.Cr, f.CW, f.CH, t.Cr[o:], t.CStride, cw, ch, float64(2*k)/float64(hs), float64(2*k)/float64(vs))
}

// shrink averages boxes of sx × sy source samples; where the step is below one it repeats samples.
func shrink(dst []uint8, w, h int, src []uint8, stride, sw, sh int, sx, sy float64) {
	for y := range h {
		y0 := min(int(float64(y)*sy), sh-1)
		y1 := min(max(int(float64(y+1)*sy), y0+1), sh)
		for x := range w {
			x0 := min(int(float64(x)*sx), sw-1)
			x1 := min(max(int(float64(x+1)*sx), x0+1), sw)
			sum := 0
			for j := y0; j < y1; j++ {
				for _, v := range src[j*stride+x0 : j*stride+x1] {
					sum += int(v)
				}
			}
			n := (y1 - y0) * (x1 - x0)
			dst[y*w+x] = uint8((sum + n/2) / n)
		}
	}
}

// fromColour handles every other colour model, a band of rows at a time.
func (f *Frame) fromColour(im image.Image, k int) {
	b := im.Bounds()
	pixel := rgbReader(im)
	type acc struct{ y, cb, cr, n int32 }
	chroma := make([]acc, f.CW)
	luma := make([]acc, f.W)
	for y := range f.H {
		if y%2 == 0 {
			clear(chroma)
		}
		clear(luma)
		for j := range k {
			for x := range f.W {
				var s acc
				for i := range k {
					r, g, bl := pixel(b.Min.X+x*k+i, b.Min.Y+y*k+j)
					yy, cb, cr := color.RGBToYCbCr(r, g, bl)
					s.y += int32(yy)
					s.cb += int32(cb)
					s.cr += int32(cr)
				}
				luma[x].y += s.y
				c := &chroma[x/2]
				c.cb += s.cb
				c.cr += s.cr
				c.n += int32(k)
			}
		}
		n := int32(k * k)
		for x := range f.W {
			f.Y[y*f.W+x] = uint8((luma[x].y + n/2) / n)
		}
		if y%2 == 1 || y == f.H-1 {
			o := y / 2 * f.CW
			for x, c := range chroma {
				f.Cb[o+x], f.Cr[o+x] = uint8((c.cb+c.n/2)/c.n), uint8((c.cr+c.n/2)/c.n)
			}
		}
	}
}

func rgbReader(im image.Image) func(x, y int) (r, g, b uint8) {
	over := func(v, a uint8) uint8 { return uint8(int(v)*int(a)/255 + 255 - int(a)) }
	switch t := im.(type) {
	case *image.RGBA:
		return func(x, y int) (r, g, b uint8) {
			p := t.Pix[t.PixOffset(x, y):]
			return p[0] + (255 - p[3]), p[1] + (255 - p[3]), p[2] + (255 - p[3])
		}
	case *image.NRGBA:
		return func(x, y int) (r, g, b uint8) {
			p := t.Pix[t.PixOffset(x, y):]
			if p[3] == 255 {
				return p[0], p[1], p[2]
			}
			return over(p[0], p[3]), over(p[1], p[3]), over(p[2], p[3])
		}
	}
	switch t := im.(type) {
	case *image.NRGBA64: // the upper byte of each value is enough
		return func(x, y int) (r, g, b uint8) {
			p := t.Pix[t.PixOffset(x, y):]
			return over(p[0], p[6]), over(p[2], p[6]), over(p[4], p[6])
		}
	case *image.RGBA64:
		return func(x, y int) (r, g, b uint8) {
			p := t.Pix[t.PixOffset(x, y):]
			return p[0] + (255 - p[6]), p[2] + (255 - p[6]), p[4] + (255 - p[6])
		}
	case *image.Gray16:
		return func(x, y int) (r, g, b uint8) {
			v := t.Pix[t.PixOffset(x, y)]
			return v, v, v
		}
	case *image.Paletted:
		var table [256][3]uint8
		for i, c := range t.Palette {
			n := color.NRGBAModel.Convert(c).(color.NRGBA)
			table[i] = [3]uint8{over(n.R, n.A), over(n.G, n.A), over(n.B, n.A)}
		}
		return func(x, y int) (r, g, b uint8) {
			c := &table[t.Pix[t.PixOffset(x, y)]]
			return c[0], c[1], c[2]
		}
	}
	return func(x, y int) (r, g, b uint8) {
		c := color.NRGBAModel.Convert(im.At(x, y)).(color.NRGBA)
		return over(c.R, c.A), over(c.G, c.A), over(c.B, c.A)
	}
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
