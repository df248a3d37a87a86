package script

import (
	"slices"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Line is a row of marks that stand side by side: text.
type Line struct {
	raster.Box
	Marks  []raster.Box
	Height int // of its characters
}

// Text is what looks like writing.
type Text struct {
	Lines []Line
	// Glyphs is how many marks stand in lines.
	Glyphs int
	// Upright is false when the lines run from top to bottom: the document lies on its side.
	Upright bool
}

// FindText joins marks into lines, across and down, and takes the direction in which more of them join.
func FindText(k *Ink) Text {
	marks := plausible(k.Marks(), k.W, k.H)
	across := join(marks)
	for i := range marks {
		b := &marks[i]
		b.X0, b.Y0, b.X1, b.Y1 = b.Y0, b.X0, b.Y1, b.X1
	}
	down := join(marks)
	a, d := count(across), count(down)
	if d > a*6/5 {
		for i := range down {
			down[i].Box = down[i].Turned()
			for j := range down[i].Marks {
				down[i].Marks[j] = down[i].Marks[j].Turned()
			}
		}
		return Text{down, d, false}
	}
	return Text{across, a, true}
}

// Height is the height of the smaller print, in pixels: a quarter of the characters are not larger. 0 without text.
func (t Text) Height() int {
	var hist [256]int
	n := 0
	for _, l := range t.Lines {
		hist[min(l.Height, 255)] += len(l.Marks)
		n += len(l.Marks)
	}
	for h, k := range hist {
		if n -= 4 * k; n <= 0 && k > 0 {
			return h
		}
	}
	return 0
}

func count(ls []Line) (n int) {
	for _, l := range ls {
		n += len(l.Marks)
	}
	return
}

// plausible keeps marks of the size of strokes and characters.
func plausible(marks []raster.Box, w, h int) []raster.Box {
	long := max(w, h)
	var out []raster.Box
	for _, b := range marks {
		if s := max(b.W(), b.H()); s < 3 || s > long/9 || b.N < 4 || b.N*12 < b.W()*b.H() {
			continue
		}
		out = append(out, b)
	}
	return out
}

// join builds lines from left to right: a mark belongs to a line if it overlaps its height and follows closely.
func join(marks []raster.Box) []Line {
	marks = slices.Clone(marks)
	slices.SortFunc(marks, func(a, b raster.Box) int { return a.X0 - b.X0 })
	var open, done []Line
	for _, m := range marks {
		best, overlap := -1, 0
		keep := open[:0]
		for _, l := range open {
			if m.X0-l.X1 > 2*max(l.H(), m.H()) {
				done = append(done, l)
				continue
			}
			keep = append(keep, l)
			o := min(l.Y1, m.Y1) - max(l.Y0, m.Y0)
			high := max(l.Y1, m.Y1) - min(l.Y0, m.Y0)
			if o*2 >= min(l.H(), m.H()) && high*2 <= 3*max(l.H(), m.H()) && max(l.H(), m.H()) <= 4*min(l.H(), m.H())+4 && o > overlap {
				best, overlap = len(keep)-1, o
			}
		}
		open = keep
		if best < 0 {
			open = append(open, Line{Box: m, Marks: []raster.Box{m}})
			continue
		}
		l := &open[best]
		l.X1, l.Y0, l.Y1, l.N = max(l.X1, m.X1), min(l.Y0, m.Y0), max(l.Y1, m.Y1), l.N+m.N
		l.Marks = append(l.Marks, m)
	}
	done = append(done, open...)
	out := done[:0]
	for _, l := range done {
		// Text is several marks long and much longer than high.
		if len(l.Marks) >= 4 && l.W() >= 3*l.H() && l.H() >= 5 {
			l.Height = l.H()
			out = append(out, l)
		}
	}
	return out
}
