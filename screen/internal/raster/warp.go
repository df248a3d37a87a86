package raster

import "math"

// Warp returns the part of the frame inside four corners (clockwise from the top left), straightened to w × h. Places
// outside the frame repeat its border.
func (f *Frame) Warp(c [4][2]float64, w, h int) *Frame {
	out := New(w, h)
	out.FullW, out.FullH = f.FullW, f.FullH
	long := math.Max(math.Hypot(c[1][0]-c[0][0], c[1][1]-c[0][1]), math.Hypot(c[3][0]-c[0][0], c[3][1]-c[0][1]))
	out.Scale = f.Scale * long / float64(max(w, h))
	sample(out.Y, w, h, f.Y, f.W, f.H, homography(c, float64(w), float64(h)))
	half := c
	for i := range half {
		half[i] = [2]float64{half[i][0]/2 - .25, half[i][1]/2 - .25}
	}
	m := homography(half, float64(w)/2, float64(h)/2)
	sample(out.Cb, out.CW, out.CH, f.Cb, f.CW, f.CH, m)
	sample(out.Cr, out.CW, out.CH, f.Cr, f.CW, f.CH, m)
	return out
}

// Project maps a place in the straightened rectangle, 0 to 1 across and down, to the frame.
func Project(c [4][2]float64, u, v float64) [2]float64 {
	m := homography(c, 1, 1)
	k := m[6]*u + m[7]*v + m[8]
	return [2]float64{(m[0]*u + m[1]*v + m[2]) / k, (m[3]*u + m[4]*v + m[5]) / k}
}

// homography maps the rectangle w × h to the corners (Heckbert's closed form).
func homography(c [4][2]float64, w, h float64) [9]float64 {
	x, y := [4]float64{c[0][0], c[1][0], c[2][0], c[3][0]}, [4]float64{c[0][1], c[1][1], c[2][1], c[3][1]}
	dx1, dx2, dx3 := x[1]-x[2], x[3]-x[2], x[0]-x[1]+x[2]-x[3]
	dy1, dy2, dy3 := y[1]-y[2], y[3]-y[2], y[0]-y[1]+y[2]-y[3]
	den := dx1*dy2 - dx2*dy1
	if den == 0 {
		den = 1e-9
	}
	g, k := (dx3*dy2-dx2*dy3)/den, (dx1*dy3-dx3*dy1)/den
	return [9]float64{(x[1] - x[0] + g*x[1]) / w, (x[3] - x[0] + k*x[3]) / h, x[0],
		(y[1] - y[0] + g*y[1]) / w, (y[3] - y[0] + k*y[3]) / h, y[0], g / w, k / h, 1}
}

// step is how many samples of a row are placed by one division; between them the perspective is as good as linear.
const step = 16

// sample fills dst with bilinear samples of src, in fixed point with 8 fractional bits.
func sample(dst []uint8, w, h int, src []uint8, sw, sh int, m [9]float64) {
	if sw < 2 || sh < 2 {
		fill(dst, src[0])
		return
	}
	for y := range h {
		fy := float64(y)
		nx, ny, nw := m[1]*fy+m[2], m[4]*fy+m[5], m[7]*fy+m[8]
		at := func(x int) (px, py int) { // with 16 fractional bits
			fx := float64(x)
			k := 65536 / (m[6]*fx + nw)
			return int((m[0]*fx + nx) * k), int((m[3]*fx + ny) * k)
		}
		row := dst[y*w : y*w+w]
		px, py := at(0)
		for x := 0; x < w; x += step {
			qx, qy := at(x + step)
			dx, dy := (qx-px)/step, (qy-py)/step
			part := row[x:min(x+step, w)]
			lastU, lastV := (sw-1)<<8-1, (sh-1)<<8-1
			if in(px, px+step*dx, lastU<<8) && in(py, py+step*dy, lastV<<8) {
				for i := range part {
					part[i] = bilinear(src, sw, (px+i*dx)>>8, (py+i*dy)>>8)
				}
			} else {
				for i := range part {
					part[i] = bilinear(src, sw, min(max((px+i*dx)>>8, 0), lastU), min(max((py+i*dy)>>8, 0), lastV))
				}
			}
			px, py = qx, qy
		}
	}
}

// in reports whether both lie between 0 and most.
func in(a, b, most int) bool { return min(a, b) >= 0 && max(a, b) <= most }

// bilinear is the value at a place with 8 fractional bits.
func bilinear(src []uint8, stride, u, v int) uint8 {
	ax, ay := uint32(u&255), uint32(v&255)
	o := v>>8*stride + u>>8
	a, b := src[o:o+2:o+2], src[o+stride:o+stride+2:o+stride+2]
	s := uint32(a[0])*(256-ax) + uint32(a[1])*ax
	t := uint32(b[0])*(256-ax) + uint32(b[1])*ax
	return uint8((s*(256-ay) + t*ay + 1<<15) >> 16)
}
