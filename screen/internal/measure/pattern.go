package measure

import (
	"math"
	"slices"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Pattern is a fine, regular structure all over the document: the pixels of a display, or their beat with the sensor's.
type Pattern struct {
	// Peak is by how much the strongest regular component stands out of its neighbourhood, in nats of power.
	Peak float64
	// Period is its length in pixels of the original.
	Period float64
	Looked int // how many places were looked at
}

// FindPattern transforms squares of the original at full size. Print and noise put power everywhere or along the axes; a
// grid puts it into single frequencies, the same all over the picture.
func FindPattern(f *raster.Frame, o *outline.Outline) Pattern {
	if f.Patch == nil || min(f.FullW, f.FullH) < 2*square {
		return Pattern{}
	}
	c := o.Corners
	if o.State == outline.None {
		w, h := float64(f.W), float64(f.H)
		c = [4][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}}
	}
	var sum [square][square/2 + 1]float32
	n := 0
	for _, p := range [][2]float64{{.5, .5}, {.3, .32}, {.7, .32}, {.3, .68}, {.7, .68}} {
		u, v := p[0], p[1]
		x := (c[0][0]*(1-u)+c[1][0]*u)*(1-v) + (c[3][0]*(1-u)+c[2][0]*u)*v
		y := (c[0][1]*(1-u)+c[1][1]*u)*(1-v) + (c[3][1]*(1-u)+c[2][1]*u)*v
		px := f.Patch(int(x*f.Scale)-square/2, int(y*f.Scale)-square/2, square)
		if px == nil {
			continue
		}
		n++
		s := spectrum(px)
		for y := range s {
			for x := range s[y] { // perspective shifts a frequency a little from place to place
				top := s[y][x]
				for _, d := range [4][2]int{{0, 1}, {0, -1}, {1, 0}, {-1, 0}} {
					if v := x + d[1]; v >= 0 && v <= square/2 {
						top = max(top, s[(y+d[0])&(square-1)][v])
					}
				}
				sum[y][x] += top
			}
		}
	}
	p := Pattern{Looked: n}
	if n == 0 {
		return p
	}
	k := 1 / float32(n)
	ring := make([]float32, 0, 400)
	for y := range square {
		fy := y
		if y > square/2 {
			fy = y - square
		}
		for x := 0; x <= square/2; x++ {
			if r := math.Hypot(float64(x), float64(fy)); r < 22 || r > 124 || blocky(x, fy) {
				continue
			}
			v := sum[y][x] * k
			if float64(v) < 9 { // less than a grey level of modulation
				continue
			}
			// The neighbourhood, without the peak's own foot.
			ring = ring[:0]
			for j := -9; j <= 9; j++ {
				for i := -9; i <= 9; i++ {
					if max(i, -i) < 5 && max(j, -j) < 5 {
						continue
					}
					if u := x + i; u >= 0 && u <= square/2 {
						ring = append(ring, sum[(y+j)&(square-1)][u])
					}
				}
			}
			if sum[y][x] <= slices.Max(ring) {
				continue
			}
			slices.Sort(ring)
			if d := float64(v - ring[len(ring)*3/4]*k); d > p.Peak {
				p.Peak, p.Period = d, square/math.Hypot(float64(x), float64(fy))
			}
		}
	}
	return p
}

// blocky is where JPEG's own blocks of eight leave their mark.
func blocky(x, y int) bool {
	y = max(y, -y)
	near := func(v int) bool { return (v+2)%32 <= 4 }
	return near(x) && y <= 4 || near(y) && x <= 4
}
