package measure

import (
	"math"
	"slices"
	"sync"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// Pattern is a fine, regular structure all over the document: the pixels of a display, or their beat with the sensor's.
type Pattern struct {
	// Peak is by how much the strongest regular component stands out of its neighbourhood, in nats of power, at the middling
	// one of the places looked at: print may hide it in one, and must not feign it in another.
	Peak float64
	// Period is its length in pixels of the original.
	Period float64
	Looked int // how many places were looked at
}

// patternPlaces are where in the document squares are taken, 0 to 1 across and down.
var patternPlaces = [...][2]float64{{.5, .5}, {.3, .32}, {.7, .32}, {.3, .68}, {.7, .68}}

// The frequencies looked at, in waves a square: periods of two to eleven pixels.
const slowest, fastest = 22, 124

// FindPattern transforms squares of the original at full size. Print and noise put power everywhere or along the axes; a
// grid puts it into single frequencies, the same all over the picture.
func FindPattern(f *raster.Frame, o *outline.Outline) Pattern {
	if f.Patch == nil || min(f.FullW, f.FullH) < 2*square {
		return Pattern{}
	}
	places := spectra(f, o)
	p := Pattern{Looked: len(places)}
	if len(places) == 0 {
		return p
	}
	sum := new(power)
	for _, s := range places {
		for y := range s {
			for x, v := range s[y] {
				sum[y][x] += v
			}
		}
	}
	least := 9 * float32(len(places)) // less is less than a grey level of modulation
	for y := range square {
		fy := y
		if y > square/2 {
			fy = y - square
		}
		for x := range bins {
			if sum[y][x] < least || blocky(x, fy) || !sum.crest(x, y) {
				continue
			}
			if r := math.Hypot(float64(x), float64(fy)); r < slowest || r > fastest {
				continue
			}
			if !exceeds(places, x, y, float32(p.Peak)) {
				continue
			}
			if d := prominence(places, x, y); d > p.Peak {
				p.Peak, p.Period = d, square/math.Hypot(float64(x), float64(fy))
			}
		}
	}
	return p
}

// spectra are those of the places that could be looked at. Perspective shifts a frequency a little from place to place, so
// each bin holds the most of itself and its four neighbours.
func spectra(f *raster.Frame, o *outline.Outline) []*power {
	c := o.Corners
	if o.State == outline.None {
		w, h := float64(f.W), float64(f.H)
		c = [4][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}}
	}
	found := make([]*power, len(patternPlaces))
	look := func(first, step int) {
		through := new(columns)
		for i := first; i < len(found); i += step {
			u, v := patternPlaces[i][0], patternPlaces[i][1]
			x := (c[0][0]*(1-u)+c[1][0]*u)*(1-v) + (c[3][0]*(1-u)+c[2][0]*u)*v
			y := (c[0][1]*(1-u)+c[1][1]*u)*(1-v) + (c[3][1]*(1-u)+c[2][1]*u)*v
			if px := f.Patch(int(x*f.Scale)-square/2, int(y*f.Scale)-square/2, square); px != nil {
				found[i] = spectrum(px, through).widened()
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { look(1, 2) })
	look(0, 2)
	wg.Wait()
	return slices.DeleteFunc(found, func(s *power) bool { return s == nil })
}

func (s *power) widened() *power {
	out := new(power)
	for y := range s {
		above, row, below := &s[(y+square-1)%square], &s[y], &s[(y+1)%square]
		for x, v := range row {
			v = max(v, above[x], below[x])
			if x > 0 {
				v = max(v, row[x-1])
			}
			if x+1 < bins {
				v = max(v, row[x+1])
			}
			out[y][x] = v
		}
	}
	return out
}

// around visits the bins near a peak, without the peak's own foot, while see returns true.
func (s *power) around(x, y int, see func(v float32) bool) bool {
	for j := -9; j <= 9; j++ {
		row := &s[(y+j+square)%square]
		for u := max(0, x-9); u <= min(bins-1, x+9); u++ {
			if max(u-x, x-u) < 5 && max(j, -j) < 5 {
				continue
			}
			if !see(row[u]) {
				return false
			}
		}
	}
	return true
}

// crest reports whether a bin holds more than all around it.
func (s *power) crest(x, y int) bool {
	v := s[y][x]
	for _, d := range [4][2]int{{0, 1}, {0, -1}, {1, 0}, {-1, 0}} {
		if u := x + d[1]; u >= 0 && u < bins && s[(y+d[0]+square)%square][u] > v {
			return false
		}
	}
	return s.around(x, y, func(o float32) bool { return o < v })
}

// prominence is by how much a bin exceeds three quarters of those around it, at the middling place.
func prominence(places []*power, x, y int) float64 {
	var ds []float64
	near := make([]float32, 0, 19*19)
	for _, s := range places {
		near = near[:0]
		s.around(x, y, func(v float32) bool { near = append(near, v); return true })
		slices.Sort(near)
		ds = append(ds, float64(s[y][x]-near[len(near)*3/4]))
	}
	slices.Sort(ds)
	return ds[(len(ds)-1)/2]
}

// exceeds reports whether the prominence of a bin may be more than least. It counts instead of sorting: three quarters of those
// around have to be lower by so much, at the middling place and at all that are not below it.
func exceeds(places []*power, x, y int, least float32) bool {
	left := (len(places) - 1) / 2 // how many places may fall short
	for _, s := range places {
		limit := s[y][x] - least
		below, n := 0, 0
		s.around(x, y, func(v float32) bool {
			n++
			if v < limit {
				below++
			}
			return true
		})
		if below <= n*3/4 {
			if left--; left < 0 {
				return false
			}
		}
	}
	return true
}

// blocky is where JPEG's own blocks of eight leave their mark.
func blocky(x, y int) bool {
	y = max(y, -y)
	near := func(v int) bool { return (v+2)%32 <= 4 }
	return near(x) && y <= 4 || near(y) && x <= 4
}
