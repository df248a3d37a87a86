package screen

import (
	"math"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// judgement turns what was seen into findings. Each check is a method that adds at most one kind of finding; a check that
// cannot know (too little text, an unknown kind) says nothing.
type judgement struct {
	*view
	kind kind
	side string
	soft bool // colour, margins, corners and screenshots get warnings at most
	pol  Policy
	rep  *Report
}

func judge(v *view, o Options, rep *Report) {
	j := judgement{view: v, kind: kinds[o.Kind], side: o.Side, soft: o.Policy.BornDigital, pol: o.Policy, rep: rep}
	if j.kind.scene {
		j.exposure()
		if !j.origin() {
			j.grayscale()
		}
		j.photoOfScreen()
		return
	}
	j.describe()
	if j.noDocument() {
		return // nothing else can be said about a picture without a document
	}
	j.pixels()
	j.blurred()
	j.exposure()
	readable := verdict(j.rep.Findings) != Reject
	j.glare()
	origin := j.origin()
	if !origin {
		j.grayscale()
		j.margins()
	}
	j.twoDocuments()
	j.wrongSide()
	j.photoOfScreen()
	j.edited()
	if !readable {
		return // blur, noise and clipped light look like all sorts of things
	}
	j.obstructed()
	j.watermark()
	j.mirrored()
	j.seal()
}

// describe fills the parts of the report that are no findings.
func (j *judgement) describe() {
	if j.outline.State != outline.None {
		d := &Document{Cut: j.outline.State == outline.Cut}
		for i, c := range j.outline.Corners {
			d.Corners[i] = j.point(c)
		}
		j.rep.Document = d
	}
	if j.legible() {
		j.rep.Turned = j.stance.Quarters
	}
	j.rep.Measures = j.measures()
}

// point maps a place in the frame to the picture.
func (j *judgement) point(c [2]float64) Point {
	return Point{(c[0] + .5) * j.frame.Scale, (c[1] + .5) * j.frame.Scale}
}

// region maps a box in the half-size document to the picture.
func (j *judgement) region(b raster.Box) *Rect {
	w, h := float64(j.doc.CW), float64(j.doc.CH)
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range [4][2]float64{
		{float64(b.X0), float64(b.Y0)},
		{float64(b.X1), float64(b.Y0)},
		{float64(b.X1), float64(b.Y1)},
		{float64(b.X0), float64(b.Y1)},
	} {
		q := j.point(j.place(p[0]/w, p[1]/h))
		x0, y0, x1, y1 = min(x0, q.X), min(y0, q.Y), max(x1, q.X), max(y1, q.Y)
	}
	return j.clip(x0, y0, x1, y1)
}

func (j *judgement) clip(x0, y0, x1, y1 float64) *Rect {
	w, h := float64(j.rep.Image.Width), float64(j.rep.Image.Height)
	x0, y0, x1, y1 = min(max(x0, 0), w), min(max(y0, 0), h), min(max(x1, 0), w), min(max(y1, 0), h)
	return &Rect{int(x0), int(y0), int(x1) - int(x0), int(y1) - int(y0)}
}

// place maps a place in the straightened document, 0 to 1, to the frame.
func (j *judgement) place(u, v float64) [2]float64 {
	if j.outline.State == outline.None {
		return [2]float64{u * float64(j.frame.W), v * float64(j.frame.H)}
	}
	return raster.Project(j.outline.Corners, u, v)
}

func (j *judgement) warn(c Code, region *Rect) {
	j.rep.add(Finding{Code: c, Severity: Warn, Region: region})
}

// refuse adds an error, or a warning for kinds that are treated softly in this respect.
func (j *judgement) refuse(c Code, region *Rect, soft bool) {
	s := Error
	if soft {
		s = Warn
	}
	j.rep.add(Finding{Code: c, Severity: s, Region: region})
}

// limits are where a warning and where an error begin.
type limits struct{ warn, fail float64 }

// above adds a finding where value exceeds a limit. The kinds treated softly get a warning for either.
func (j *judgement) above(c Code, value float64, l limits, soft bool, region *Rect) {
	switch {
	case value > l.fail:
		j.refuse(c, region, soft)
	case value > l.warn:
		j.warn(c, region)
	}
}

// below adds a finding where value falls short of a limit.
func (j *judgement) below(c Code, value float64, l limits, soft bool, region *Rect) {
	j.above(c, -value, limits{-l.warn, -l.fail}, soft, region)
}

// sides returns the lengths of the document's longer and shorter sides in frame pixels; of the picture without an outline.
func (v *view) sides() (long, short float64) {
	if v.outline.State == outline.None {
		return float64(max(v.frame.W, v.frame.H)), float64(min(v.frame.W, v.frame.H))
	}
	c := v.outline.Corners
	x, y := (dist(c[0], c[1])+dist(c[3], c[2]))/2, (dist(c[0], c[3])+dist(c[1], c[2]))/2
	return max(x, y), min(x, y)
}
