package raster

// Frame is a picture reduced to the working size: luma at W × H, chroma at half of that in both directions. Screening
// judges what a reviewer sees on a display, and one pixel in four of a phone's picture is more than that.
type Frame struct {
	W, H   int
	Y      []uint8
	CW, CH int // (W+1)/2, (H+1)/2
	Cb, Cr []uint8
	Scale  float64 // pixels of the original a working pixel
	// FullW and FullH are the original's size.
	FullW, FullH int
	// Finer returns the same picture at a higher resolution, at most twice as high, or nil where the frame has all there is.
	Finer func() *Frame
	// Origin looks at the original's finest structure, which the frame no longer has.
	Origin func() (Grain, History)
	// Patch returns a square of luma at full size, or nil where the original cannot be looked at again.
	Patch func(x, y, size int) []uint8
}

// New returns a black frame.
func New(w, h int) *Frame {
	f := &Frame{W: w, H: h, CW: (w + 1) / 2, CH: (h + 1) / 2, Y: make([]uint8, w*h), Scale: 1, FullW: w, FullH: h}
	f.Cb, f.Cr = make([]uint8, f.CW*f.CH), make([]uint8, f.CW*f.CH)
	return f
}

// leastLong is the least length of a frame's longer side, when the original is that large.
const leastLong = 640

// BlockSize is how many samples, in each direction, a block of 8 × 8 of a JPEG is to become while it is decoded. Powers of two
// leave some frames twice as long as others, which is four times the work: those of up to a megapixel and a quarter, which
// would stay as they are, are reduced to five eighths.
func BlockSize(w, h int) int {
	long := max(w, h)
	for _, n := range []int{1, 2, 4} {
		if long*n/8 >= leastLong {
			return n
		}
	}
	if long*5/8 >= leastLong*11/10 {
		return 5
	}
	return 8
}

// factor is by how much another original is reduced: 1, 2, 4 or 8.
func factor(w, h int) int {
	f := 1
	for f < 8 && max(w, h)/(2*f) >= leastLong {
		f *= 2
	}
	return f
}

// Half returns luma averaged down to the chroma's size.
func (f *Frame) Half() []uint8 {
	out := make([]uint8, f.CW*f.CH)
	for y := range f.CH {
		a := f.Y[2*y*f.W : 2*y*f.W+f.W]
		b := a
		if 2*y+1 < f.H {
			b = f.Y[(2*y+1)*f.W : (2*y+1)*f.W+f.W]
		}
		o := out[y*f.CW : y*f.CW+f.CW]
		n := f.W / 2
		for x := range n {
			o[x] = uint8((uint32(a[2*x]) + uint32(a[2*x+1]) + uint32(b[2*x]) + uint32(b[2*x+1]) + 2) >> 2)
		}
		if n < f.CW {
			o[n] = uint8((uint32(a[2*n]) + uint32(b[2*n]) + 1) >> 1)
		}
	}
	return out
}
