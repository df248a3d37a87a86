package raster

// Plane is one channel.
type Plane struct {
	W, H int
	P    []uint8
}

// CloseDark removes dark marks narrower than 2r+1 pixels, such as text and printed frames: what is left is the material
// they are printed on. r is at most 7.
func (p Plane) CloseDark(r int) Plane { return p.dilate(r).erode(r) }

// OpenBright removes bright marks.
func (p Plane) OpenBright(r int) Plane { return p.erode(r).dilate(r) }

// Flatten removes both: coloured lines are the one or the other in chroma.
func (p Plane) Flatten(r int) Plane { return p.CloseDark(r).OpenBright(r) }

func (p Plane) dilate(r int) Plane { return p.extreme(r, false) }
func (p Plane) erode(r int) Plane  { return p.extreme(r, true) }

// extreme is the running maximum over 2r+1 pixels in both directions; the minimum is that of the complement.
func (p Plane) extreme(r int, least bool) Plane {
	var flip uint8
	if least {
		flip = 255
	}
	w, h := p.W, p.H
	n := w + 2*r
	a, b := make([]uint8, n+16), make([]uint8, n+16)
	mid := make([]uint8, w*h)
	for y := range h {
		row := p.P[y*w : y*w+w]
		for i, v := range row {
			a[r+i] = v ^ flip
		}
		for i := range r {
			a[i], a[r+w+i] = a[r], a[r+w-1]
		}
		window(mid[y*w:y*w+w], a[:n], b[:n], r)
	}
	out := make([]uint8, w*h)
	col := func(y int) []uint8 { y = min(max(y, 0), h-1); return mid[y*w : y*w+w] }
	for y := range h {
		o := out[y*w : y*w+w]
		copy(o, col(y-r))
		for j := y - r + 1; j <= y+r; j++ {
			larger(o, col(j))
		}
		if flip != 0 {
			for i := range o {
				o[i] ^= 255
			}
		}
	}
	return Plane{w, h, out}
}

// larger keeps the larger of two values at each place.
func larger(a, b []uint8) {
	b = b[:len(a)]
	for i, v := range b {
		if v > a[i] {
			a[i] = v
		}
	}
}

// window writes the maxima of all windows of 2r+1 in a, with b as scratch, by doubling.
func window(dst, a, b []uint8, r int) {
	size, n := 1, 2*r+1
	for size*2 <= n {
		m := len(a) - size
		for i := range m {
			v := a[i]
			if u := a[i+size]; u > v {
				v = u
			}
			b[i] = v
		}
		a, b = b[:m], a[:m]
		size *= 2
	}
	shift := n - size
	for i := range dst {
		v := a[i]
		if u := a[i+shift]; u > v {
			v = u
		}
		dst[i] = v
	}
}

// Dilate is the running maximum over 2r+1 pixels in both directions.
func (p Plane) Dilate(r int) Plane { return p.dilate(r) }
