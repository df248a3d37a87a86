package measure

import (
	"slices"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Overlay is writing that lies over the document's own: paler than print, where there is none.
type Overlay struct {
	Share float64 // of the document's blank parts, under pale strokes
	Marks int     // how many strokes these are
	Loose float64 // the same of strokes of any depth that stand in no line
	// Row is the longest row of blobs at an angle, as a share of the document's width; Strokes the same of marks larger
	// than print.
	Row, Strokes float64
	// Tint is the share of the document under broad even strokes that are paler than print, in Tints pieces: writing that lies
	// over it half transparent.
	Tint  float64
	Tints int
}

// FindOverlay looks at strokes that are clearly paler than the print, where there is no print: the blank parts of a
// document are blank. pictures are its portraits and seals, lines its text, in pixels of the half-size document; print is
// the height of the text; ink is how much darker than its paper each pixel of the document is, at full size.
func FindOverlay(doc *raster.Frame, half []uint8, blobs []Blob, pictures, lines []raster.Box, print int, ink raster.Plane) Overlay {
	w, h := doc.CW, doc.CH
	depth := raster.Plane{W: w, H: h, P: half}.CloseDark(6).P
	var hist [256]int
	for i, p := range depth {
		depth[i] = p - half[i]
		hist[depth[i]]++
	}
	strong := percentile(hist[:], 1-1./200)
	low := uint8(max(8, strong/12))

	// Where no pale stroke is looked for: at print and beside it.
	busy := make([]uint8, w*h)
	for i, d := range depth {
		if int(d)*2 >= strong {
			busy[i] = 1
		}
	}
	busy = raster.Plane{W: w, H: h, P: busy}.Dilate(1).P
	free := make([]uint8, w*h) // from what is known
	fill(free, 1)
	blot(free, w, h, pictures)
	var o Overlay
	o.Row = slantedRow(letters(blobs), w, 3)
	o.Strokes = slantedRow(large(depth, free, w, h, uint8(max(12, strong/8)), print, lines), w, 4)
	tints := tinted(ink, free, w, low, uint8(min(255, strong*6/10)))
	o.Tints = len(tints)
	for _, b := range tints {
		o.Tint += float64(b.N) / float64(len(ink.P))
	}
	blot(free, w, h, lines)
	pale, loose := make([]uint8, w*h), make([]uint8, w*h)
	blank := 0
	x0, y0, x1, y1 := inset(w, h)
	for y := y0 + 3; y < y1-3; y++ {
		for i := y*w + x0 + 3; i < y*w+x1-3; i++ {
			if busy[i] == 0 && free[i] == 1 {
				blank++
				if depth[i] >= low {
					pale[i] = 1
				}
			}
		}
	}
	if blank*20 < w*h {
		return o
	}
	for i, d := range depth {
		if d >= low {
			loose[i] = free[i]
		}
	}
	var under, astray int
	o.Marks, under = strokes(pale, w, h, 4, w)
	_, astray = strokes(loose, w, h, max(w, h)/50, w/5)
	o.Share, o.Loose = float64(under)/float64(blank), float64(astray)/float64(blank)
	return o
}

// tinted are the pieces of strokes so broad that their middle is even, paler than print. Print of that size is dark, and pale
// lines are thin. ink is the depth at the document's full size, free a mask at half of it.
func tinted(ink raster.Plane, free []uint8, halfWidth int, low, high uint8) (out []raster.Box) {
	w, h := ink.W, ink.H
	most, least := ink.Dilate(1).P, ink.Erode(1).P
	for _, b := range raster.Components(w, h, false, func(y int, row []bool) {
		for x := range row {
			i := y*w + x
			row[x] = least[i] >= low && most[i] <= high && most[i]-least[i] <= max(6, most[i]/4) && free[y/2*halfWidth+x/2] == 1
		}
	}) {
		if max(b.W(), b.H()) <= w/6 && b.N >= 12 {
			out = append(out, b)
		}
	}
	return out
}

// large are the marks much larger than print that stand in none of its lines.
func large(depth, free []uint8, w, h int, low uint8, print int, lines []raster.Box) (out []raster.Box) {
	for _, b := range raster.Components(w, h, false, func(y int, row []bool) {
		for x := range row {
			i := y*w + x
			row[x] = depth[i] >= low && free[i] == 1
		}
	}) {
		s := max(b.W(), b.H())
		if s < 2*print || s < w/40 || s > w/6 || b.N*9 < b.W()*b.H() {
			continue
		}
		if slices.ContainsFunc(lines, func(l raster.Box) bool { return b.X0 >= l.X0 && b.X1 <= l.X1 && b.Y0 >= l.Y0 && b.Y1 <= l.Y1 }) {
			continue
		}
		if out = append(out, b); len(out) == 250 { // a texture
			return nil
		}
	}
	return out
}

// blot clears what lies in the boxes.
func blot(m []uint8, w, h int, boxes []raster.Box) {
	for _, b := range boxes {
		for y := max(0, b.Y0); y < min(h, b.Y1); y++ {
			for x := max(0, b.X0); x < min(w, b.X1); x++ {
				m[y*w+x] = 0
			}
		}
	}
}

func fill(p []uint8, v uint8) {
	for i := range p {
		p[i] = v
	}
}

// strokes counts connected pieces of a size, and their pixels.
func strokes(mask []uint8, w, h, least, most int) (n, pixels int) {
	for _, b := range raster.Components(w, h, false, func(y int, row []bool) {
		for x := range row {
			row[x] = mask[y*w+x] != 0
		}
	}) {
		if s := max(b.W(), b.H()); s < least || s > most || b.N < 8 || b.N*9 < b.W()*b.H() {
			continue
		}
		n++
		pixels += b.N
	}
	return n, pixels
}
