package outline

import "github.com/verinym/verinym/screen/internal/raster"

// gradient is the strongest change of any channel at each pixel.
type gradient struct {
	w, h   int
	gx, gy []int16
	mag    []uint16
}

// gradients takes Sobel derivatives of every channel and keeps the strongest; chroma counts double, since its range in
// real pictures is half of luma's.
func gradients(chs []raster.Plane, weight []int32) gradient {
	w, h := chs[0].W, chs[0].H
	g := gradient{w, h, make([]int16, w*h), make([]int16, w*h), make([]uint16, w*h)}
	for c, ch := range chs {
		k := weight[c]
		for y := 1; y < h-1; y++ {
			a, b, d := ch.P[(y-1)*w:][:w:w], ch.P[y*w:][:w:w], ch.P[(y+1)*w:][:w:w]
			mag, gx, gy := g.mag[y*w:][:w:w], g.gx[y*w:][:w:w], g.gy[y*w:][:w:w]
			for x := 1; x < w-1; x++ {
				al, ar, dl, dr := int32(a[x-1]), int32(a[x+1]), int32(d[x-1]), int32(d[x+1])
				dx := k * (ar + 2*int32(b[x+1]) + dr - al - 2*int32(b[x-1]) - dl)
				dy := k * (dl + 2*int32(d[x]) + dr - al - 2*int32(a[x]) - ar)
				if max(dx, -dx)+max(dy, -dy) <= int32(mag[x]) { // no length is more
					continue
				}
				if m := hypot(dx, dy); m > mag[x] {
					mag[x], gx[x], gy[x] = m, int16(dx), int16(dy)
				}
			}
		}
	}
	return g
}

// hypot is within 4 % of the Euclidean length, which is all that is needed to compare edges.
func hypot(x, y int32) uint16 {
	if x < 0 {
		x = -x
	}
	if y < 0 {
		y = -y
	}
	if x < y {
		x, y = y, x
	}
	return uint16(max(x, (x*15>>4)+(y*15>>5)))
}

// threshold tells edges from grain: well above the median, which is grain, but never so high that less than the given
// share of pixels exceeds it.
func (g gradient) threshold(share float64, floor uint16) uint16 {
	var hist [1024]int
	for _, m := range g.mag {
		hist[min(int(m)>>1, 1023)]++
	}
	at := func(q float64) uint16 {
		left := int(q * float64(len(g.mag)))
		for i, n := range hist {
			if left -= n; left < 0 {
				return uint16(i << 1)
			}
		}
		return 2046
	}
	return max(floor, min(at(1-share), 3*at(.5)+4))
}

// thin marks pixels that are the crest of an edge of at least th.
func (g gradient) thin(th uint16) []bool {
	crest := make([]bool, g.w*g.h)
	for y := 2; y < g.h-2; y++ {
		for x := 2; x < g.w-2; x++ {
			o := y*g.w + x
			m := g.mag[o]
			if m < th {
				continue
			}
			ax, ay := g.gx[o], g.gy[o]
			if ax < 0 {
				ax = -ax
			}
			if ay < 0 {
				ay = -ay
			}
			d := g.w
			if ax > ay {
				d = 1
			}
			crest[o] = m >= g.mag[o-d] && m > g.mag[o+d]
		}
	}
	return crest
}
