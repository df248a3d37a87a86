package screen

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
)

// noDocument: there is no writing. A picture too blurred, dark or pale to show any is judged for that instead.
func (j *judgement) noDocument() bool {
	if j.light.Full > clipped {
		return false
	}
	whole := j.outline.State == outline.Complete
	characters := j.stance.Glyphs >= 12 && j.stance.Lead > .3
	sharp := j.blurRadius() < blurLimits.warn && j.light.Paper > 60
	bare := j.text.Glyphs < 20 && (!whole || j.contrast() < .16 || len(j.blobs) == 0)
	empty := j.text.Glyphs < 20 && float64(j.ink.Strong) < .12*float64(j.ink.Paper) && j.light.Paper > 60
	switch {
	case empty, // a sheet with nothing on it
		!whole && j.ink.Even < .5,                   // a scene: no sheet of paper or card fills it
		!whole && j.contrast() < .45 && !characters, // nothing stands out anywhere
		bare && sharp:
		j.refuse(NoDocument, nil, false)
		return true
	case sharp && !whole && !j.legible():
		j.warn(NoDocument, nil)
	}
	return false
}

// legible is true where marks are characters. Grain, leaves and cloth make marks in rows too, but ones that stand no way up.
func (j *judgement) legible() bool { return j.stance.Glyphs >= 12 && j.stance.Lead >= .1 }

// pixels: the document's shorter side must have enough of them. An outline may be wrong, so only the picture itself being
// too small is beyond doubt.
func (j *judgement) pixels() {
	_, short := j.sides()
	short *= j.frame.Scale
	if short >= float64(j.pol.MinSide)*.96 {
		return
	}
	f := tooFewPixels(j.rep.Image.Width, j.rep.Image.Height, j.pol.MinSide)
	if min(j.rep.Image.Width, j.rep.Image.Height) >= j.pol.MinSide && short > float64(j.pol.MinSide)*.6 {
		f.Severity, f.Hard = Warn, false
	}
	j.rep.add(f)
}

// margins: all four corners must be in the picture.
func (j *judgement) margins() {
	switch j.outline.State {
	case outline.None:
		// No edge anywhere: the document fills the picture. Where its writing runs over the border, part of it is missing.
		switch {
		case j.cutText >= 5 && j.stance.Lead > .3:
			j.refuse(CutOff, nil, j.soft)
		case j.cutText >= 2:
			j.warn(CutOff, nil)
		case j.cameraShaped():
			j.warn(CutOff, nil)
		default:
			j.warn(NoMargin, nil)
		}
	case outline.Complete:
		// A frame printed on a sheet, found in place of the sheet's own edge: where the desk shows beyond other sides, and
		// beyond this one paper up to the border, the sheet goes on outside the picture.
		if b := j.beyond; b.Paper > 0 && b.Paper <= 2 && b.Desk >= 2 {
			j.warn(CutOff, nil)
		}
	case outline.Cut:
		out, flush := j.overhang()
		switch {
		case out > .03 || !flush && j.cutText >= 3:
			j.refuse(CutOff, nil, j.soft)
		case flush && j.cutText == 0 && !(j.borders() == 1 && j.photograph()):
			j.warn(NoMargin, nil)
		default:
			j.warn(CutOff, nil)
		}
	}
}

// borders is how many sides lie at the picture's own border. Of a photograph that shows the desk on three sides, the
// fourth lies there by no accident.
func (j *judgement) borders() (n int) {
	for _, b := range j.outline.Border {
		if b {
			n++
		}
	}
	return n
}

// overhang is how far the farthest corner lies outside the picture, as a share of the document's longer side; flush means
// that what is visible has the proportions of a whole document, so that a missing edge coincides with the border.
func (j *judgement) overhang() (out float64, flush bool) {
	long, short := j.sides()
	w, h := float64(j.frame.W), float64(j.frame.H)
	for _, c := range j.outline.Corners {
		out = max(out, -c[0], -c[1], c[0]-w, c[1]-h)
	}
	flush = j.proportioned(long / short)
	return out / long, flush
}

// cameraShaped is true of a picture with the proportions of a sensor and not of a document: somebody photographed it
// from so near that no edge shows. A scan or a crop has the document's own.
func (j *judgement) cameraShaped() bool {
	w, h := float64(j.rep.Image.Width), float64(j.rep.Image.Height)
	ratio := max(w, h) / min(w, h)
	sensor := false
	for _, k := range []float64{4. / 3, 3. / 2, 16. / 9} {
		sensor = sensor || math.Abs(ratio/k-1) < .012
	}
	return sensor && !j.proportioned(ratio)
}

// proportioned is true of the proportions of a whole document.
func (j *judgement) proportioned(ratio float64) bool {
	known := []float64{85.6 / 54, 125. / 88, 297. / 210, 11 / 8.5}
	if j.kind.long > 0 {
		known = []float64{j.kind.long / j.kind.short, 176. / 125}
	}
	for _, k := range known {
		if math.Abs(ratio/k-1) < .035 {
			return true
		}
	}
	return false
}

// twoDocuments: each picture shows one side of one document. An open passport is two pages and one document.
func (j *judgement) twoDocuments() {
	long, short := j.sides()
	switch {
	case j.outline.Pair > 0 && j.kind.long != 125:
		x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, c := range j.outline.Second {
			p := j.point(c)
			x0, y0, x1, y1 = min(x0, p.X), min(y0, p.Y), max(x1, p.X), max(y1, p.Y)
		}
		j.refuse(TwoDocuments, j.clip(x0, y0, x1, y1), j.outline.Pair < .84)
	case j.kind.back == backEmblem && j.outline.State == outline.Complete && j.portrait() != nil && j.emblem():
		// Both sides of a card, close together. One card is never twice as long as high.
		j.refuse(TwoDocuments, nil, long < 2*short)
	case j.fits(j.kind) && j.accompanied():
		j.warn(TwoDocuments, nil)
	}
}
