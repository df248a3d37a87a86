package raster

import "encoding/binary"

// Plane is one channel.
type Plane struct {
	W, H int
	P    []uint8
}

// CloseDark removes dark marks narrower than 2r+1 pixels, such as text and printed frames: what is left is the material
// they are printed on.
func (p Plane) CloseDark(r int) Plane { return p.extremes(r, larger, smaller) }

// Flatten removes both: coloured lines are the one or the other in chroma.
func (p Plane) Flatten(r int) Plane { return p.extremes(r, larger, smaller, smaller, larger) }

// Dilate is the running maximum over 2r+1 pixels in both directions.
func (p Plane) Dilate(r int) Plane { return p.extremes(r, larger) }

// Erode is the running minimum.
func (p Plane) Erode(r int) Plane { return p.extremes(r, smaller) }

// Which of two bytes is kept.
const (
	larger  = uint64(0)
	smaller = ^uint64(0)
)

// extremes takes the running maximum or minimum of squares of 2r+1 pixels, one after the other. Beyond the border the border
// repeats. A window of any size is made of two that overlap, whose size is a power of two and made by doubling.
func (p Plane) extremes(r int, which ...uint64) Plane {
	w, h, n := p.W, p.H, 2*r+1
	rows := make([]uint8, (h+2*r)*w)
	row := make([]uint8, w+2*r)
	out := make([]uint8, w*h)
	from := p.P
	for _, k := range which {
		for y := range h {
			src := from[y*w : y*w+w]
			copy(row[r:], src)
			for i := range r {
				row[i], row[r+w+i] = src[0], src[w-1]
			}
			size := 1
			for ; size*2 <= n; size *= 2 {
				keep(row[:len(row)-size], row, row[size:], k)
			}
			keep(rows[(r+y)*w:(r+y)*w+w], row, row[n-size:], k)
		}
		for i := range r {
			copy(rows[i*w:i*w+w], rows[r*w:r*w+w])
			copy(rows[(r+h+i)*w:(r+h+i+1)*w], rows[(r+h-1)*w:])
		}
		size := 1
		for ; size*2 <= n; size *= 2 {
			keep(rows[:len(rows)-size*w], rows, rows[size*w:], k)
		}
		keep(out, rows, rows[(n-size)*w:], k)
		from = out
	}
	return Plane{w, h, out}
}

// keep sets each byte of dst to the larger or the smaller of those of a and b, eight at a time, or more
// where the processor has an instruction for that. dst may be a, and b may begin later in the same slice. a and b may be
// longer than dst.
func keep(dst, a, b []uint8, which uint64) {
	n := len(dst)
	a, b = a[:n], b[:n]
	i := wide(dst, a, b, which)
	for ; i+8 <= n; i += 8 {
		u, v := binary.LittleEndian.Uint64(a[i:i+8:i+8]), binary.LittleEndian.Uint64(b[i:i+8:i+8])
		binary.LittleEndian.PutUint64(dst[i:i+8:i+8], pick(u, v, which))
	}
	if i == n {
		return
	}
	var x, y [8]uint8
	copy(x[:], a[i:])
	copy(y[:], b[i:])
	binary.LittleEndian.PutUint64(x[:], pick(binary.LittleEndian.Uint64(x[:]), binary.LittleEndian.Uint64(y[:]), which))
	copy(dst[i:], x[:])
}

// pick compares eight bytes at once: the difference of the lower seven bits, which cannot borrow from the next byte,
// decides where the topmost bits agree.
func pick(u, v, which uint64) uint64 {
	const top = 0x8080808080808080
	d := u ^ v
	low := (u | top) - (v &^ top)
	ge := (low&^d | u&d) & top
	mask := ge | (ge - ge>>7)
	return v ^ d&(mask^which)
}
