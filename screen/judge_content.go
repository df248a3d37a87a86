package screen

import (
	"math"
	"slices"

	"github.com/verinym/verinym/screen/internal/measure"
	"github.com/verinym/verinym/screen/internal/outline"
)

// mirrored: the characters are those of a mirror image, and no viewer mirrors it back.
func (j *judgement) mirrored() {
	s := j.stance
	byViewer := false
	switch j.rep.Image.Orientation {
	case 2, 4, 5, 7:
		byViewer = true
	}
	if s.Mirrored == byViewer || s.Glyphs < 18 {
		return
	}
	if s.Rival > .30 && s.Glyphs >= 24 {
		j.refuse(Mirrored, nil, false)
	} else if s.Rival > .15 {
		j.warn(Mirrored, nil)
	}
}

// obstructed: something lies across the document's edge, or on it.
func (j *judgement) obstructed() {
	limit := .035
	if j.cover.Share > limit {
		p := j.point(j.cover.At)
		long, _ := j.sides()
		r := max(j.cover.Share, .08) * long * j.frame.Scale / 2
		where := j.clip(p.X-r, p.Y-r, p.X+r, p.Y+r)
		j.refuse(Obstructed, where, !(j.cover.Share > .075 && j.cover.Skin))
		return
	}
	if v := j.history.Void; v.Blocks >= voidBlocks && j.grain.Same < sameWarn && j.covers(v) {
		j.warn(Obstructed, j.stored(v.Box))
		return
	}
	for _, b := range j.blobs {
		if j.strange(b) || j.hand(b) {
			j.warn(Obstructed, j.region(b.Box))
			return
		}
	}
}

// hand is true of something of the colour of skin that reaches in over the edge of a page. Paper has nothing of that colour
// there; cards are printed in it.
func (j *judgement) hand(b measure.Blob) bool {
	return j.kind.seal && j.outline.State == outline.Complete && b.Edge && b.Skin > .75 && b.Fill > .5 && min(b.W(), b.H())*14 > max(j.doc.CW, j.doc.CH)
}

// strange is true of an area that does not belong to a document of this kind: no portrait, no emblem, no seal.
func (j *judgement) strange(b measure.Blob) bool {
	if j.outline.State != outline.Complete || b.Area < .012 || b.Area > .30 || b.Edge {
		return false
	}
	if b.Red > .4 { // emblem, seal
		return false
	}
	if j.kind.portrait && b.Area > .03 && max(math.Abs(b.Place[0]-.5), math.Abs(b.Place[1]-.5)) > .12 { // a portrait stands at one side
		return false
	}
	return j.kind.long > 0 || j.kind.seal
}

// watermark: strokes that are no print of the document's: pale ones on its blank parts, ones that stand in no line, or
// letters in a slanting row.
func (j *judgement) watermark() {
	o := j.overlay
	switch {
	case o.Share > .09 && o.Marks >= 20 || o.Row > .6:
		j.refuse(Watermark, nil, false)
	case o.Share > .04 && o.Marks >= 6 || o.Loose > .07 || o.Row > .3 || o.Strokes > .35 || o.Tint > .003 && o.Tints >= 14:
		j.warn(Watermark, nil)
	}
}

// wrongSide: a card's front shows a portrait; the back of some shows an emblem at the left instead. A portrait in hard
// light and an emblem under a reflection look like neither, so it is an error only where everything agrees.
func (j *judgement) wrongSide() {
	if j.kind.back == backSame || j.outline.State != outline.Complete || j.side != "front" && j.side != "back" {
		return
	}
	portrait, emblem := j.portrait(), j.emblem()
	found := func(side string, sure bool) {
		s := Warn
		if sure && j.fits(j.kind) { // an outline that does not fit may hold part of the desk
			s = Error
		}
		j.rep.add(Finding{Code: WrongSide, Severity: s, Params: map[string]string{"Side": side}})
	}
	switch {
	case j.side == "front" && portrait == nil && (emblem || j.kind.back == backPlain):
		found("front", emblem && j.kind.backGlyphs > 0 && j.text.Glyphs < j.kind.backGlyphs && !j.flesh())
	case j.side == "back" && portrait != nil && !(emblem && j.kind.back == backEmblem):
		found("back", portrait.Skin > .3 && j.kind.backGlyphs > 0 && j.text.Glyphs > j.kind.backGlyphs)
	}
}

// flesh is true where something of the colour of skin could be a face.
func (j *judgement) flesh() bool {
	return slices.ContainsFunc(j.blobs, func(b measure.Blob) bool { return b.Area > .01 && b.Skin > .1 })
}

// portrait is the area that could be one: upright, a good part of the card's height, away from its edge and its middle.
func (j *judgement) portrait() *measure.Blob {
	for i := range j.blobs {
		b := &j.blobs[i]
		if !b.Edge && b.Red < .4 && b.Area > .02 && b.Area < .25 && float64(b.H()) > .2*float64(j.doc.CH) && math.Abs(b.Place[0]-.5) > .12 {
			return b
		}
	}
	return nil
}

// emblem is a large red device.
func (j *judgement) emblem() bool {
	for _, b := range j.blobs {
		if b.Red > .5 && b.Area > .02 && b.Area < .09 {
			return true
		}
	}
	return false
}

// seal: kinds that carry one must show it. Without colour it cannot be judged.
func (j *judgement) seal() {
	if !j.kind.seal || j.colour.Chroma < greyLimits.warn || j.outline.State == outline.Cut || j.blurRadius() > blurLimits.warn || float64(j.light.Paper) < darkLimits.warn || j.light.Full > .6 {
		return
	}
	switch s := j.sealed; {
	case s.Round < .55:
		j.warn(SealIllegible, nil)
	case s.Strength < 15:
		j.warn(SealIllegible, j.region(s.At))
	}
}
