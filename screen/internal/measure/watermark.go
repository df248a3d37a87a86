package measure

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Overlay is writing that lies over the document's own: paler than print, in larger characters, often slanted.
type Overlay struct {
	Share  float64 // of the document's blank parts, under pale strokes
	Blank  float64 // share of the document that is blank
	Marks  int
	Repeat float64 // how much of it repeats at a distance, 0 to 1
	Loose  float64 // share under strokes of any depth that stand in no line
	Slant  float64 // share of its strokes' edges that run neither along the document's sides nor across
}

// FindOverlay looks at strokes that are clearly paler than the print, where there is no print: the blank parts of a
// document are blank. skip are areas that are known to be something else, in pixels of the half-size document.
func FindOverlay(doc *raster.Frame, half []uint8, skip []raster.Box) Overlay {
	w, h := doc.CW, doc.CH
	depth := raster.Plane{W: w, H: h, P: half}.CloseDark(6).P
	var hist [256]int
	for i, p := range depth {
		depth[i] = p - half[i]
		hist[depth[i]]++
	}
	left, strong := len(half)/200, 0
	for v := 255; v >= 0; v-- {
		if left -= hist[v]; left < 0 {
			strong = v
			break
		}
	}
	print := make([]uint8, w*h)
	for i, d := range depth {
		if int(d)*2 >= strong {
			print[i] = 1
		}
	}
	print = raster.Plane{W: w, H: h, P: print}.Dilate(1).P
	for _, b := range skip {
		for y := max(0, b.Y0); y < min(h, b.Y1); y++ {
			for x := max(0, b.X0); x < min(w, b.X1); x++ {
				print[y*w+x] = 1
			}
		}
	}
	low := max(8, strong/12)
	mask := make([]uint8, w*h)
	x0, y0, x1, y1 := inset(w, h)
	blank := 0
	for y := y0 + 3; y < y1-3; y++ {
		for i := y*w + x0 + 3; i < y*w+x1-3; i++ {
			if print[i] == 0 {
				blank++
				if int(depth[i]) >= low {
					mask[i] = 1
				}
			}
		}
	}
	var o Overlay
	o.Blank = float64(blank) / float64(w*h)
	if blank*20 < w*h {
		return o
	}
	o.Marks, o.Share = strokes(mask, w, h, 4, w)
	o.Share /= float64(blank)
	for i, d := range depth {
		mask[i] = 0
		if int(d) >= low {
			mask[i] = 1
		}
	}
	for _, b := range skip {
		for y := max(0, b.Y0); y < min(h, b.Y1); y++ {
			for x := max(0, b.X0); x < min(w, b.X1); x++ {
				mask[y*w+x] = 0
			}
		}
	}
	_, o.Loose = strokes(mask, w, h, max(w, h)/50, w/5)
	o.Loose /= float64(blank)
	o.Slant = slant(mask, depth, w, h)
	return o
}

// strokes counts connected pieces of a size, and their pixels.
func strokes(mask []uint8, w, h, least, most int) (n int, pixels float64) {
	for _, b := range raster.Components(w, h, false, func(y int, row []bool) {
		for x := range row {
			row[x] = mask[y*w+x] != 0
		}
	}) {
		if s := max(b.W(), b.H()); s < least || s > most || b.N < 8 || b.N*9 < b.W()*b.H() {
			continue
		}
		n++
		pixels += float64(b.N)
	}
	return
}

// slant is the share of stroke edges whose direction is more than 12° from the document's sides.
func slant(mask, depth []uint8, w, h int) float64 {
	var off, all float64
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			if mask[i] == 0 {
				continue
			}
			gx, gy := float64(depth[i+1])-float64(depth[i-1]), float64(depth[i+w])-float64(depth[i-w])
			m := math.Hypot(gx, gy)
			if m < 6 {
				continue
			}
			all += m
			if a, b := math.Abs(gx), math.Abs(gy); min(a, b) > .21*max(a, b) {
				off += m
			}
		}
	}
	if all == 0 {
		return 0
	}
	return off / all
}
