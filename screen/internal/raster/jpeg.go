package raster

import (
	"image/color"

	"github.com/verinym/verinym/screen/internal/jpeg"
)

// FromJPEG takes the planes of a decoder that has made size samples of eight, in each direction.
func FromJPEG(pic *jpeg.Picture, size int) *Frame {
	f := New(max(1, pic.Width*size/8), max(1, pic.Height*size/8))
	f.Scale, f.FullW, f.FullH = 8/float64(size), pic.Width, pic.Height
	switch pic.Colour {
	case jpeg.Gray:
		f.fit(f.Y, f.W, f.H, pic.Planes[0], 1)
		fill(f.Cb, 128)
		fill(f.Cr, 128)
	case jpeg.YCbCr:
		f.fit(f.Y, f.W, f.H, pic.Planes[0], 1)
		f.fit(f.Cb, f.CW, f.CH, pic.Planes[1], 2)
		f.fit(f.Cr, f.CW, f.CH, pic.Planes[2], 2)
	default:
		f.fromInks(pic)
	}
	f.Origin = func() (Grain, History) {
		bs := blocksOfJPEG(pic)
		h := combsOf(pic, bs)
		h.Void = bs.findVoid()
		return bs.grain(keepsNoise(pic), h.Void), h
	}
	f.Patch = func(x, y, size int) []uint8 {
		if p := pic.Planes[0]; size == 8 && p.W >= size && p.H >= size {
			return square(p.Pix[min(max(y, 0), p.H-size)*p.Stride+min(max(x, 0), p.W-size):], p.Stride, size)
		}
		if p, ok := pic.Patch(x, y, size, size); ok {
			return square(p.Pix, p.Stride, size)
		}
		return nil
	}
	return f
}

func square(pix []uint8, stride, size int) []uint8 {
	out := make([]uint8, 0, size*size)
	for y := range size {
		out = append(out, pix[y*stride:y*stride+size]...)
	}
	return out
}

// fit copies a plane that has the wanted resolution already, or averages it down to it. half is 2 for chroma.
func (f *Frame) fit(dst []uint8, w, h int, p jpeg.Plane, half float64) {
	sx, sy := f.Scale*half/p.DX, f.Scale*half/p.DY
	if sx == 1 && sy == 1 && p.Stride >= w && len(p.Pix) >= p.Stride*h {
		for y := range h {
			copy(dst[y*w:y*w+w], p.Pix[y*p.Stride:])
		}
		return
	}
	shrink(dst, w, h, p.Pix, p.Stride, p.W, p.H, sx, sy)
}

// fromInks converts red, green, blue or the four inks of print, all at the frame's size.
func (f *Frame) fromInks(pic *jpeg.Picture) {
	var ch [4][]uint8
	for i, p := range pic.Planes {
		ch[i] = make([]uint8, f.W*f.H)
		f.fit(ch[i], f.W, f.H, p, 1)
	}
	sum := make([][3]int32, f.CW)
	for y := range f.H {
		if y%2 == 0 {
			clear(sum)
		}
		for x := range f.W {
			o := y*f.W + x
			r, g, b := ch[0][o], ch[1][o], ch[2][o]
			if pic.Colour == jpeg.YCCK {
				r, g, b = color.YCbCrToRGB(r, g, b)
				r, g, b = 255-r, 255-g, 255-b
			}
			if ch[3] != nil { // Adobe writes the inks inverted: 255 is no ink
				k := int(ch[3][o])
				r, g, b = uint8(int(r)*k/255), uint8(int(g)*k/255), uint8(int(b)*k/255)
			}
			yy, cb, cr := color.RGBToYCbCr(r, g, b)
			f.Y[o] = yy
			s := &sum[x/2]
			s[0], s[1], s[2] = s[0]+int32(cb), s[1]+int32(cr), s[2]+1
		}
		if y%2 == 1 || y == f.H-1 {
			for x, s := range sum {
				f.Cb[y/2*f.CW+x], f.Cr[y/2*f.CW+x] = uint8(s[0]/s[2]), uint8(s[1]/s[2])
			}
		}
	}
}
