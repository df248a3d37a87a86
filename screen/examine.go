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
	frame       *raster.Frame
	fingerprint Fingerprint
	grain       raster.Grain
	history     raster.History
	outline     outline.Outline
	doc         *raster.Frame // the document, straightened; the whole picture without an outline

	colour   *measure.Colour
	light    *measure.Light
	sharp    measure.Sharpness
	blobs    []measure.Blob
	cover    measure.Cover
	beyond   measure.Beyond
	pattern  measure.Pattern
	sealed   measure.Seal
	overlay  measure.Overlay
	surround measure.Surround

	ink     *script.Ink
	text    script.Text
	stance  script.Stance
	cutText int           // marks that run over the picture's border
	beside  script.Stance // characters outside the outline
}

// examine looks at a picture for all that can be said about it. What does not depend on each other runs side by side.
func examine(fr *raster.Frame, k kind) *view {
	v := &view{frame: fr}
	together(
		func() { v.outline = outline.Find(fr) },
		func() {
			v.grain, v.history = fr.Origin()
			v.fingerprint = fingerprint(fr)
		})
	v.approach()
	v.measure(k)
	if v.mistaken(k) {
		v.outline = outline.Outline{}
		v.measure(k)
	}
	return v
}

// near is the least length of a document's longer side in the frame, if the original has that much.
const near = 520

// approach takes a finer frame where the document is small in the picture.
func (v *view) approach() {
	for v.outline.State != outline.None {
		if long, _ := v.sides(); long >= near {
			return
		}
		finer := v.frame.Finer()
		if finer == nil {
			return
		}
		v.frame, v.outline = finer, v.outline.Scaled(v.frame.Scale/finer.Scale)
	}
}

// measure takes the figures of the document and of what surrounds it.
func (v *view) measure(k kind) {
	fr := v.frame
	together(
		func() { v.read(k) },
		func() { v.pattern = measure.FindPattern(fr, &v.outline) },
		func() {
			v.sharp = measure.MeasureSharpness(fr, fr.Half(), &v.outline)
			v.cover = measure.FindCover(fr, &v.outline)
			v.beyond = measure.FindBeyond(fr, &v.outline)
			v.surround = measure.MeasureSurround(fr, &v.outline)
		})
}

// read takes the figures of the document laid straight.
func (v *view) read(k kind) {
	v.doc = v.straighten()
	half := v.doc.Half()
	together(
		func() {
			v.ink = script.FindInk(v.doc, 5)
			v.text = script.FindText(v.ink)
			v.stance = script.FindStance(v.ink.Glyphs(v.text, 72))
			v.cutText = len(v.ink.Cut(v.text))
			if v.doubtful() {
				v.beside = script.FindBeside(v.frame, &v.outline, v.ink)
			}
		},
		func() {
			v.colour = measure.MeasureColour(v.doc, half)
			v.light = measure.MeasureLight(v.doc, half)
			v.blobs = measure.FindBlobs(v.doc, half)
			if k.seal {
				v.sealed = measure.FindSeal(v.doc, half, v.colour)
			}
		})
	v.overlay = measure.FindOverlay(v.doc, half, v.blobs, v.pictures(), v.lines(), v.text.Height()/2, raster.Plane{W: v.ink.W, H: v.ink.H, P: v.ink.Depth})
}

// fewGlyphs is less than the writing on any document.
const fewGlyphs = 50

// doubtful is true of an outline with hardly any writing in it, or with room for another document beside it.
func (v *view) doubtful() bool {
	return v.text.Glyphs < fewGlyphs || v.ink.Strong*5 < v.ink.Paper || v.share() < .42
}

// share of the picture that the document covers.
func (v *view) share() float64 {
	long, short := v.sides()
	return long * short / float64(v.frame.W*v.frame.H)
}

// accompanied is true where writing goes on outside the outline.
func (v *view) accompanied() bool {
	return v.beside.Glyphs >= 20 && (v.beside.Lead > .3 || v.text.Glyphs < 10 && v.beside.Lead > .1)
}

// mistaken is true of an outline around a portrait, a box in print or half a page: writing goes on outside of it. A card
// with a card's proportions has another one beside it instead.
func (v *view) mistaken(k kind) bool {
	return v.outline.State != outline.None && v.outline.Pair == 0 && v.accompanied() && !(v.fits(k) && v.text.Glyphs >= fewGlyphs)
}

// fits is true of a whole outline with the proportions of the kind.
func (v *view) fits(k kind) bool {
	long, short := v.sides()
	return k.long > 0 && v.outline.State == outline.Complete && math.Abs(long/short*k.short/k.long-1) < .1
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

// pictures are the areas of the document, in pixels of its half size, that are portraits, emblems or seals.
func (v *view) pictures() (out []raster.Box) {
	grow := func(b raster.Box, m int) {
		out = append(out, raster.Box{X0: b.X0 - m, Y0: b.Y0 - m, X1: b.X1 + m, Y1: b.Y1 + m})
	}
	for _, b := range v.blobs {
		if b.Fill < .4 || b.Area < .015 && b.Red < .6 { // letters of an overlay
			continue
		}
		grow(b.Box, 2+max(b.W(), b.H())/12)
	}
	if s := v.sealed; s.Round > .5 {
		grow(s.At, s.At.W()/8)
	}
	return out
}

// lines are the areas of the document, in pixels of its half size, that are print, however thin.
func (v *view) lines() (out []raster.Box) {
	for _, l := range v.text.Lines {
		if l.Height <= max(v.text.Height()*3/2, 60) {
			out = append(out, raster.Box{X0: l.X0/2 - 2, Y0: l.Y0/2 - 2, X1: l.X1/2 + 3, Y1: l.Y1/2 + 3})
		}
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
