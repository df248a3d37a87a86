package raster

import "encoding/binary"

// Plane is one channel.
type Plane struct {
	W, H int
	P    []uint8
}

// CloseDark removes dark marks narrower than 2r+1 pixels, such as text and printed frames: what is left is the material
// they are printed on.
func (p Plane) CloseDark(r int) Plane { return p.Dilate(r).erode(r) }

// OpenBright removes bright marks.
func (p Plane) OpenBright(r int) Plane { return p.erode(r).Dilate(r) }

// Flatten removes both: coloured lines are the one or the other in chroma.
func (p Plane) Flatten(r int) Plane { return p.CloseDark(r).OpenBright(r) }

// Dilate is the running maximum over 2r+1 pixels in both directions.
func (p Plane) Dilate(r int) Plane { return p.extreme(r, 0) }

func (p Plane) erode(r int) Plane { return p.extreme(r, ^uint64(0)) }

// extreme is the running maximum, or with least = ^0 the minimum, of squares of 2r+1 pixels. Beyond the border the border
// repeats. A window of any size is made of two that overlap, whose size is a power of two and made by doubling.
func (p Plane) extreme(r int, least uint64) Plane {
	w, h, n := p.W, p.H, 2*r+1
	rows := make([]uint8, (h+2*r)*w)
	row := make([]uint8, w+2*r)
	for y := range h {
		src := p.P[y*w : y*w+w]
		copy(row[r:], src)
		for i := range r {
			row[i], row[r+w+i] = src[0], src[w-1]
		}
		size := 1
		for ; size*2 <= n; size *= 2 {
			keep(row[:len(row)-size], row, row[size:], least)
		}
		keep(rows[(r+y)*w:(r+y)*w+w], row, row[n-size:], least)
	}
	for i := range r {
		copy(rows[i*w:i*w+w], rows[r*w:])
		copy(rows[(r+h+i)*w:(r+h+i+1)*w], rows[(r+h-1)*w:])
	}
	size := 1
	for ; size*2 <= n; size *= 2 {
		keep(rows[:len(rows)-size*w], rows, rows[size*w:], least)
	}
	out := make([]uint8, w*h)
	keep(out, rows, rows[(n-size)*w:], least)
	return Plane{w, h, out}
}

// keep sets each byte of dst to the larger of those of a and b, or with least = ^0 to the smaller, eight at a time. dst may
// be a. a and b may be longer than dst.
func keep(dst, a, b []uint8, least uint64) {
	n := len(dst)
	a, b = a[:n], b[:n]
	i := 0
	for ; i+8 <= n; i += 8 {
		u, v := binary.LittleEndian.Uint64(a[i:i+8:i+8]), binary.LittleEndian.Uint64(b[i:i+8:i+8])
		binary.LittleEndian.PutUint64(dst[i:i+8:i+8], larger(u, v, least))
	}
	if i == n {
		return
	}
	var x, y [8]uint8
	copy(x[:], a[i:])
	copy(y[:], b[i:])
	binary.LittleEndian.PutUint64(x[:], larger(binary.LittleEndian.Uint64(x[:]), binary.LittleEndian.Uint64(y[:]), least))
	copy(dst[i:], x[:])
}

// larger compares eight bytes at once: the difference of the lower seven bits, which cannot borrow from the next byte,
// decides where the topmost bits agree.
func larger(u, v, least uint64) uint64 {
	const top = 0x8080808080808080
	d := u ^ v
	low := (u | top) - (v &^ top)
	ge := (low&^d | u&d) & top
	mask := ge | (ge - ge>>7)
	return v ^ d&(mask^least)
}
