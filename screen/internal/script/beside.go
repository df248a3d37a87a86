package script

import (
	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// FindBeside looks for characters outside the outline, as dark as print is: the grain of a desk is paler. Without an
// outline there is no outside.
func FindBeside(f *raster.Frame, o *outline.Outline, inside *Ink) Stance {
	if o.State == outline.None {
		return Stance{}
	}
	ink := FindInk(f, 5)
	ink.Limit = max(ink.Limit, uint8(inside.Strong/2), uint8(max(inside.Paper, ink.Paper)/5))
	for y := range f.H {
		if x0, x1, ok := o.Span(float64(y), -8, f.W); ok {
			clear(ink.Depth[y*f.W+x0 : y*f.W+x1])
		}
	}
	return FindStance(ink.Glyphs(FindText(ink), 72))
}
