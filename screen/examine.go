package screen

import (
	"math"
	"sync"

	"github.com/verinym/verinym/screen/internal/measure"
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
	"github.com/verinym/verinym/screen/internal/script"
)

// view is everything that was seen in one picture.
type view struct {
	frame   *raster.Frame
	grain   raster.Grain
	history raster.History
	outline outline.Outline
	doc     *raster.Frame // the document, straightened; the whole picture without an outline

	colour   *measure.Colour
	light    *measure.Light
	sharp    measure.Sharpness
	blobs    []measure.Blob
	row      float64 // of blobs
	cover    measure.Cover
	pattern  measure.Pattern
	sealed   measure.Seal
	overlay  measure.Overlay
	surround measure.Surround

	ink     *script.Ink
	text    script.Text
	stance  script.Stance
	cutText int // marks that run over the picture's border
}

// examine looks at a picture for all that can be said about it. What does not depend on each other runs side by side.
func examine(fr *raster.Frame, k kind) *view {
	v := &view{frame: fr}
	together(
		func() { v.grain, v.history = fr.Origin() },
		func() {
			v.outline = outline.Find(fr)
			v.doc = v.straighten()
		})
	v.measure(k)
	if v.mistaken() {
		v.outline, v.doc = outline.Outline{}, fr
		v.measure(k)
	}
	return v
}

// measure takes the figures of the document and of what surrounds it.
func (v *view) measure(k kind) {
	fr, half := v.frame, v.doc.Half()
	together(
		func() {
			v.ink = script.FindInk(v.doc, 5)
			v.text = script.FindText(v.ink)
			v.stance = script.FindStance(v.ink.Glyphs(v.text, 72))
			v.cutText = len(v.ink.Cut())
		},
		func() {
			v.colour = measure.MeasureColour(v.doc, half)
			v.light = measure.MeasureLight(v.doc, half)
			v.blobs = measure.FindBlobs(v.doc, half)
			v.row = measure.SlantedRow(v.blobs, v.doc.CW, v.doc.CH)
			if k.seal {
				v.sealed = measure.FindSeal(v.doc, half, v.colour)
			}
		},
		func() {
			v.sharp = measure.MeasureSharpness(fr, fr.Half(), &v.outline)
			v.cover = measure.FindCover(fr, &v.outline)
			v.surround = measure.MeasureSurround(fr, &v.outline)
		},
		func() { v.pattern = measure.FindPattern(fr, &v.outline) })
	v.overlay = measure.FindOverlay(v.doc, half, v.known())
}

// mistaken is true of an outline around a portrait or a box in print: the writing stands outside of it.
func (v *view) mistaken() bool {
	if v.outline.State == outline.None || v.outline.Pair > 0 || v.text.Glyphs >= 30 {
		return false
	}
	ink := script.FindInk(v.frame, 5)
	text := script.FindText(ink)
	return text.Glyphs >= 40 && text.Glyphs > 3*v.text.Glyphs && script.FindStance(ink.Glyphs(text, 72)).Lead > .12
}

// together calls all and waits.
func together(do ...func()) {
	var wg sync.WaitGroup
	for _, f := range do[1:] {
		wg.Go(f)
	}
	do[0]()
	wg.Wait()
}

// known are the areas of the document, in pixels of its half size, that are pictures or seals.
func (v *view) known() []raster.Box {
	var out []raster.Box
	for _, b := range v.blobs {
		if b.Fill < .4 || b.Area < .015 && b.Red < .6 { // letters of an overlay
			continue
		}
		m := 2 + max(b.W(), b.H())/12
		out = append(out, raster.Box{X0: b.X0 - m, Y0: b.Y0 - m, X1: b.X1 + m, Y1: b.Y1 + m})
	}
	small := v.text.Height() * 3 / 2
	for _, l := range v.text.Lines {
		if l.Height <= small || l.Height < 60 { // print, however thin
			out = append(out, raster.Box{X0: l.X0/2 - 2, Y0: l.Y0/2 - 2, X1: l.X1/2 + 3, Y1: l.Y1/2 + 3})
		}
	}
	if s := v.sealed; s.Round > .5 {
		m := s.At.W() / 8
		out = append(out, raster.Box{X0: s.At.X0 - m, Y0: s.At.Y0 - m, X1: s.At.X1 + m, Y1: s.At.Y1 + m})
	}
	return out
}

// straighten cuts the document out, at the size it has in the frame.
func (v *view) straighten() *raster.Frame {
	if v.outline.State == outline.None {
		return v.frame
	}
	c := v.outline.Corners
	w := (dist(c[0], c[1]) + dist(c[3], c[2])) / 2
	h := (dist(c[0], c[3]) + dist(c[1], c[2])) / 2
	k := min(1, 1100/max(w, h))
	return v.frame.Warp(c, max(32, int(w*k+.5)), max(32, int(h*k+.5)))
}

func dist(a, b [2]float64) float64 { return math.Hypot(b[0]-a[0], b[1]-a[1]) }
