package measure

import (
	"github.com/verinym/verinym/screen/internal/raster"
)

// Blob is an area of the document that is neither paper nor writing: a portrait, an emblem, a finger, a bar.
type Blob struct {
	raster.Box            // in pixels of the half-size document
	Area       float64    // share of the document
	Fill       float64    // of its box
	Red, Skin  float64    // share of its pixels that are strongly red, or of the colour of skin
	Grey       float64    // share without colour
	Level      int        // mean brightness
	Place      [2]float64 // centre, 0 to 1 across and down
	Edge       bool       // it reaches the document's edge
}

// FindBlobs wipes out writing and looks at what differs from the paper by brightness or by colour.
func FindBlobs(doc *raster.Frame, half []uint8) []Blob {
	w, h := doc.CW, doc.CH
	r := min(7, max(2, max(w, h)/90))
	closed := raster.Plane{W: w, H: h, P: half}.CloseDark(r)
	cb := raster.Plane{W: w, H: h, P: doc.Cb}.Flatten(min(r, 4))
	cr := raster.Plane{W: w, H: h, P: doc.Cr}.Flatten(min(r, 4))
	var hist [256]int
	for _, v := range closed.P {
		hist[v]++
	}
	paper := percentile(hist[:], .6)
	var hb, hr [256]int
	for i := range cb.P {
		hb[cb.P[i]]++
		hr[cr.P[i]]++
	}
	mb, mr := percentile(hb[:], .5), percentile(hr[:], .5)
	dark := paper - max(24, paper/5)
	other := func(i int) bool {
		db, dr := int(cb.P[i])-mb, int(cr.P[i])-mr
		return int(closed.P[i]) < dark || db*db+dr*dr > 15*15
	}
	fill := func(y int, row []bool) {
		for x := range row {
			row[x] = other(y*w + x)
		}
	}
	var out []Blob
	for _, edge := range []bool{false, true} {
		for _, b := range raster.Components(w, h, edge, fill) {
			if b.N*400 < w*h {
				continue
			}
			out = append(out, describe(b, edge, w, h, closed, cb, cr, mb, mr, other))
		}
	}
	return out
}

func describe(b raster.Box, edge bool, w, h int, closed, cb, cr raster.Plane, mb, mr int, other func(i int) bool) Blob {
	o := Blob{Box: b, Edge: edge, Area: float64(b.N) / float64(w*h), Fill: float64(b.N) / float64(b.W()*b.H()),
		Place: [2]float64{float64(b.X0+b.X1) / 2 / float64(w), float64(b.Y0+b.Y1) / 2 / float64(h)}}
	n, sum := 0, 0
	var red, skin, grey int
	for y := b.Y0; y < b.Y1; y++ {
		for i := y*w + b.X0; i < y*w+b.X1; i++ {
			if !other(i) {
				continue
			}
			n++
			sum += int(closed.P[i])
			db, dr := int(cb.P[i])-mb, int(cr.P[i])-mr
			switch {
			case dr > 30:
				red++
			case dr > 5 && db < -4 && dr < 36 && closed.P[i] > 60:
				skin++
			case db*db+dr*dr < 8*8:
				grey++
			}
		}
	}
	k := 1 / float64(max(1, n))
	o.Red, o.Skin, o.Grey, o.Level = float64(red)*k, float64(skin)*k, float64(grey)*k, sum/max(1, n)
	return o
}
