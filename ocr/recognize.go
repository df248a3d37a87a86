package main

import (
	"errors"
	"math"
	"strings"

	"github.com/verinym/verinym/internal/ocr"
)

var errShape = errors.New("the network's answer has another shape than PP-OCRv4's")

// The reader is given lines of 48 pixels; of what is longer than longest the rest is squeezed.
const (
	lineHeight = 48
	longest    = 2400
	shortest   = 48
	// unsure is the confidence below which a line is taken for a pattern of the ground; unsureZone that of a long line of nothing but
	// what a zone holds, fillers among it: that is no accident.
	unsure     = 0.5
	unsureZone = 0.3
)

// recognize finds the lines of a picture, or of zones of it, and reads them.
func (m *models) recognize(p ocr.Picture, zones []ocr.Zone) (out []ocr.Line, err error) {
	if len(zones) == 0 {
		zones = []ocr.Zone{{Width: p.Width, Height: p.Height}}
	}
	for _, z := range zones {
		part, ok := p.Cut(z)
		if !ok {
			continue
		}
		quads, err := m.findLines(part)
		if err != nil {
			return nil, err
		}
		for _, q := range quads {
			l, err := m.readLine(part, q)
			if err == nil && (isZone(l.Text) || isPart(l.Text)) {
				l, err = m.readAcross(part, l)
			}
			if err != nil {
				return nil, err
			}
			least := unsure
			if isZone(l.Text) && isLong(l.Text) {
				least = unsureZone
			}
			if l.Text == "" || l.Confidence < least {
				continue
			}
			for i := range l.Quad {
				l.Quad[i].X += float64(max(z.X, 0))
				l.Quad[i].Y += float64(max(z.Y, 0))
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// readLine reads what stands in a quad. One that is much higher than wide holds a line that runs down, and is turned.
func (m *models) readLine(p ocr.Picture, q ocr.Quad) (ocr.Line, error) {
	across, down := length(q[0], q[1]), length(q[0], q[3])
	if down > 1.5*across {
		q = ocr.Quad{q[1], q[2], q[3], q[0]}
		across, down = down, across
	}
	w := int(math.Ceil(across / max(down, 1) * lineHeight))
	w = min(max((w+7)/8*8, shortest), longest)
	planes := make([]float32, 3*w*lineHeight)
	for y := range lineHeight {
		v := (float64(y) + .5) / lineHeight
		for x := range w {
			u := (float64(x) + .5) / float64(w)
			c := sample(p, along(q, u, v))
			for k := range 3 { // blue first
				planes[(k*lineHeight+y)*w+x] = c[2-k]/127.5 - 1
			}
		}
	}
	scores, shape, err := m.read.run(planes, lineHeight, w)
	if err != nil {
		return ocr.Line{}, err
	}
	if len(shape) != 3 || shape[2] != int64(len(m.characters)) {
		return ocr.Line{}, errShape
	}
	text, confidence := m.decode(scores)
	return ocr.Line{Text: text, Confidence: confidence, Quad: q}, nil
}

// readAcross reads a line of a machine-readable zone again, from one edge of the picture to the other: the finder takes long rows
// of fillers for a pattern and cuts the line there, and the check digit behind them is lost.
func (m *models) readAcross(p ocr.Picture, l ocr.Line) (ocr.Line, error) {
	q, w := l.Quad, float64(p.Width)
	if q[1].X-q[0].X < w/8 || isWhole(l.Text) { // not across, or all there: beyond its ends are the page's edges
		return l, nil
	}
	margin := length(q[0], q[3]) / 2
	to := func(a, b ocr.Point, x float64) ocr.Point {
		return ocr.Point{X: x, Y: a.Y + (b.Y-a.Y)*(x-a.X)/(b.X-a.X)}
	}
	left, right := min(margin, q[0].X, q[3].X), max(w-margin, q[1].X, q[2].X)
	across, err := m.readLine(p, ocr.Quad{to(q[0], q[1], left), to(q[0], q[1], right), to(q[3], q[2], right), to(q[3], q[2], left)})
	// Letters are read less well in a longer line: what was read before has to be there still.
	if err != nil || !strings.Contains(across.Text, strings.Trim(l.Text, "<")) {
		return l, err
	}
	return across, nil
}

func length(a, b ocr.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// along is the point at (u, v) of a quad that is a rectangle, 0 to 1 from its first corner.
func along(q ocr.Quad, u, v float64) ocr.Point {
	mix := func(a, b, c, d float64) float64 { return (a*(1-u)+b*u)*(1-v) + (d*(1-u)+c*u)*v }
	return ocr.Point{X: mix(q[0].X, q[1].X, q[2].X, q[3].X), Y: mix(q[0].Y, q[1].Y, q[2].Y, q[3].Y)}
}

// sample is the colour at a point, between the four pixels around it.
func sample(p ocr.Picture, at ocr.Point) (c [3]float32) {
	x, y := min(max(at.X-.5, 0), float64(p.Width-1)), min(max(at.Y-.5, 0), float64(p.Height-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, p.Width-1), min(y0+1, p.Height-1)
	fx, fy := float32(x-float64(x0)), float32(y-float64(y0))
	for k := range c {
		v := func(x, y int) float32 { return float32(p.Pix[3*(y*p.Width+x)+k]) }
		c[k] = (v(x0, y0)*(1-fx)+v(x1, y0)*fx)*(1-fy) + (v(x0, y1)*(1-fx)+v(x1, y1)*fx)*fy
	}
	return c
}

// decode reads the network's scores, one row of them for each step along the line: the best of each row, repetitions and
// "none" left out (CTC). The confidence is the mean of those that are left.
func (m *models) decode(scores []float32) (text string, confidence float64) {
	found := m.glyphs(scores)
	text, confidence = join(found)
	if isZone(text) {
		return join(m.fillGaps(found, scores))
	}
	return text, confidence
}

// glyphs are the characters of a line, each in the middle of the steps that are its own.
func (m *models) glyphs(scores []float32) (found []glyph) {
	before := 0
	for step := 0; len(scores) >= (step+1)*len(m.characters); step++ {
		row := scores[step*len(m.characters):][:len(m.characters)]
		best := 0
		for i, s := range row {
			if s > row[best] {
				best = i
			}
		}
		switch {
		case best != 0 && best != before:
			found = append(found, glyph{text: m.characters[best], at: float64(step), score: float64(row[best])})
		case best != 0:
			found[len(found)-1].at += .5
		}
		before = best
	}
	return found
}

// join is the text of glyphs, and how sure it is on average.
func join(found []glyph) (text string, confidence float64) {
	var b strings.Builder
	for _, g := range found {
		b.WriteString(g.text)
		confidence += g.score
	}
	return b.String(), confidence / float64(max(len(found), 1))
}
