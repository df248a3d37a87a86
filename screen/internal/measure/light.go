package measure

import "github.com/verinym/verinym/screen/internal/raster"

// Light says how the document is lit.
type Light struct {
	Ink, Median, Paper int     // grey levels: 1st, 50th and 85th percentile
	Full               float64 // share of pixels at the sensor's limit
	// Glare is the share of the document under the largest patch of reflected light; Spot is that patch.
	Glare float64
	Spot  raster.Box // in pixels of the half-size document
}

const full = 250 // a pixel this bright holds no detail any more

// MeasureLight works on the document's luma at half size.
func MeasureLight(doc *raster.Frame, half []uint8) *Light {
	w, h := doc.CW, doc.CH
	x0, y0, x1, y1 := inset(w, h)
	var hist [256]int
	lit, n := 0, 0
	for y := y0; y < y1; y++ {
		for _, v := range half[y*w+x0 : y*w+x1] {
			hist[v]++
		}
		n += x1 - x0
	}
	for _, c := range hist[full:] {
		lit += c
	}
	if n == 0 {
		return &Light{}
	}
	l := &Light{Ink: percentile(hist[:], .01), Median: percentile(hist[:], .5), Paper: percentile(hist[:], .85), Full: float64(lit) / float64(n)}
	if lit > n/2000 && l.Median <= full-8 {
		l.findGlare(half, w, h, n)
	}
	return l
}

// findGlare tells a reflection from white print: around a reflection the light falls off gradually and is brighter than
// the document's own paper; white print ends sharply and the paper around it is as everywhere.
func (l *Light) findGlare(half []uint8, w, h, n int) {
	fill := func(y int, row []bool) {
		for x, v := range half[y*w : y*w+w] {
			row[x] = v >= full
		}
	}
	for _, edge := range []bool{false, true} {
		for _, b := range raster.Components(w, h, edge, fill) {
			if b.N < max(24, n/3000) {
				continue
			}
			if g := float64(b.N) / float64(n); g > l.Glare && halo(half, w, h, b, l.Median) {
				l.Glare, l.Spot = g, b
			}
		}
	}
}

// halo walks from the patch outwards in twelve rays. Light falls off over a way that is long against the sharpness of
// print; where a ray meets print it says nothing.
func halo(half []uint8, w, h int, b raster.Box, median int) bool {
	middle := (full + median) / 2
	rays, total := 0, 0 // how many rays got through, and over how many pixels the light fell off
	ray := func(x, y, dx, dy int) {
		// The patch's outline is not its box: go in to meet it first.
		for x >= b.X0 && y >= b.Y0 && x < b.X1 && y < b.Y1 && half[y*w+x] < full {
			x, y = x-dx, y-dy
		}
		if x < b.X0 || y < b.Y0 || x >= b.X1 || y >= b.Y1 {
			return
		}
		left := 0 // steps since the patch was left
		for range max(w, h) {
			if x < 0 || y < 0 || x >= w || y >= h {
				return
			}
			switch v := int(half[y*w+x]); {
			case v < median-35:
				return
			case v < middle:
				rays++
				total += left
				return
			case v < full-1 || left > 0:
				left++
			}
			x, y = x+dx, y+dy
		}
	}
	cx, cy := (b.X0+b.X1)/2, (b.Y0+b.Y1)/2
	for _, k := range []int{-1, 0, 1} {
		x, y := cx+k*b.W()/4, cy+k*b.H()/4
		ray(x, b.Y0, 0, -1)
		ray(x, b.Y1-1, 0, 1)
		ray(b.X0, y, -1, 0)
		ray(b.X1-1, y, 1, 0)
	}
	return rays >= 3 && total*10 >= 17*rays
}
