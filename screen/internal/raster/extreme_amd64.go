package raster

// wide does what keep does for as many bytes as can be done sixteen at a time, and says how many.
func wide(dst, a, b []uint8, which uint64) (done int) {
	n := len(dst) &^ 15
	if n == 0 {
		return 0
	}
	if which == larger {
		maxima(&dst[0], &a[0], &b[0], n)
	} else {
		minima(&dst[0], &a[0], &b[0], n)
	}
	return n
}

// maxima and minima take n bytes, a positive multiple of sixteen, from the front to the back.
//
//go:noescape
func maxima(dst, a, b *uint8, n int)

//go:noescape
func minima(dst, a, b *uint8, n int)
