package script

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Side is the width and height of a glyph as the orientation net sees it.
const Side = 20

// Glyph is one character, its ink from 0 to 1.
type Glyph [Side * Side]float32

// Glyphs cuts up to n characters out of the lines, spread over the document.
func (k *Ink) Glyphs(t Text, n int) []Glyph {
	var cells []raster.Box
	for _, l := range t.Lines {
		cells = append(cells, l.cells(t.Upright)...)
	}
	step := max(1, (len(cells)+n-1)/n)
	var out []Glyph
	for i := 0; i < len(cells); i += step {
		if g, ok := k.glyph(cells[i]); ok {
			out = append(out, g)
		}
	}
	return out
}

// cells divides a line into characters: groups of marks without a gap, and groups that are too long in equal parts.
func (l Line) cells(upright bool) []raster.Box {
	ms := l.Marks
	if !upright {
		t := Line{Box: l.Turned(), Height: l.Height}
		for _, m := range ms {
			t.Marks = append(t.Marks, m.Turned())
		}
		cells := t.cells(true)
		for i := range cells {
			cells[i] = cells[i].Turned()
		}
		return cells
	}
	h := l.Height
	var out []raster.Box
	emit := func(b raster.Box) {
		w := b.W()
		if w*3 < h {
			return
		}
		n := max(1, (w+h/3)/h)
		for i := range n {
			out = append(out, raster.Box{X0: b.X0 + w*i/n, Y0: l.Y0, X1: b.X0 + w*(i+1)/n, Y1: l.Y1})
		}
	}
	cur := ms[0]
	for _, m := range ms[1:] {
		if m.X0-cur.X1 > max(1, h/10) {
			emit(cur)
			cur = m
			continue
		}
		cur.X1 = max(cur.X1, m.X1)
	}
	emit(cur)
	return out
}

// glyph samples the square around a cell. A cell that is too small to tell strokes is refused.
func (k *Ink) glyph(b raster.Box) (g Glyph, ok bool) {
	side := float64(max(b.W(), b.H())) * 1.12
	if side < 8 {
		return g, false
	}
	cx, cy := float64(b.X0+b.X1)/2, float64(b.Y0+b.Y1)/2
	pitch := side / Side
	n := max(1, int(pitch+.5)) // samples a cell, in both directions
	var most float32
	for j := range Side {
		for i := range Side {
			var s float32
			for v := range n {
				for u := range n {
					x := cx + (float64(i)+(float64(u)+.5)/float64(n)-Side/2)*pitch - .5
					y := cy + (float64(j)+(float64(v)+.5)/float64(n)-Side/2)*pitch - .5
					s += k.at(x, y)
				}
			}
			s /= float32(n * n)
			g[j*Side+i] = s
			most = max(most, s)
		}
	}
	if most < float32(k.Limit) {
		return g, false
	}
	for i := range g {
		g[i] /= most
	}
	return g, true
}

func (k *Ink) at(x, y float64) float32 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	if ix < 0 || iy < 0 || ix+1 >= k.W || iy+1 >= k.H {
		return 0
	}
	ax, ay := float32(x-fx), float32(y-fy)
	o := iy*k.W + ix
	a := float32(k.Depth[o])*(1-ax) + float32(k.Depth[o+1])*ax
	b := float32(k.Depth[o+k.W])*(1-ax) + float32(k.Depth[o+k.W+1])*ax
	return a*(1-ay) + b*ay
}

// Turned returns the glyph as it looks after so many quarter turns clockwise, and mirrored left to right after that.
func (g *Glyph) Turned(quarters int, mirrored bool) (t Glyph) {
	for y := range Side {
		for x := range Side {
			u, v := x, y
			for range quarters & 3 {
				u, v = Side-1-v, u
			}
			if mirrored {
				u = Side - 1 - u
			}
			t[v*Side+u] = g[y*Side+x]
		}
	}
	return
}
