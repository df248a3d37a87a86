package screen

import (
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

const (
	// Share of blocks exactly as bright as their neighbour. A sensor's noise leaves none; smooth areas that a messenger
	// has saved twice leave a few in a hundred.
	sameWarn, sameFail = .045, .10
	// Share of rows of one exact colour from side to side.
	barsFail = .12
)

// gridLimits is how far a regular component stands out, in nats of power.
var gridLimits = limits{3.05, 4.4}

// origin: a picture that a program drew. It reports whether it said so for an electronic certificate, for which colour and
// margins mean nothing any more.
func (j *judgement) origin() bool {
	g := j.grain
	bars := g.Bars >= barsFail
	drawn := g.Fine && g.Same >= sameWarn
	if !bars && !drawn {
		return false
	}
	// A window, a page or a phone around the document.
	framed := bars || j.outline.State == outline.Complete && j.share() < .72 && j.surround.Plain < .9
	switch {
	case j.soft && !framed:
		j.warn(BornDigitalCopy, nil)
		return true
	case j.soft, !bars && g.Same < sameFail:
		j.warn(Screenshot, nil)
	default:
		j.refuse(Screenshot, nil, false)
	}
	return j.soft
}

func (j *judgement) photoOfScreen() {
	if j.grain.Same < sameWarn && j.light.Full < clipped { // of a drawing or a clipped page the print alone is left
		j.above(PhotoOfScreen, j.pattern.Peak, gridLimits, j.soft, nil)
	}
}

// edited: part of the picture has another history than the rest. It is never more than a warning: programs that convert
// formats do strange things too.
func (j *judgement) edited() {
	h := j.history
	switch {
	case j.grain.Same >= sameWarn: // a drawing
	case h.Void.Blocks >= voidBlocks && !j.covers(h.Void):
		j.warn(Edited, j.stored(h.Void.Box))
	case h.OddTiles >= 2:
		j.warn(Edited, j.stored(h.Odd))
	}
}

// voidBlocks is how many blocks of eight by eight pixels without noise are no accident.
const voidBlocks = 8

// covers is true of a painted rectangle that hides print: of another brightness than paper, or a mosaic.
func (j *judgement) covers(v raster.Void) bool {
	d := v.Level - j.light.Paper
	return max(d, -d) > 45 || v.Even < .78
}

// stored is a box of the original's pixels.
func (j *judgement) stored(b raster.Box) *Rect {
	return j.clip(float64(b.X0), float64(b.Y0), float64(b.X1), float64(b.Y1))
}
