package pictures

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Sheet is a flat document, as the printer would see it. Coordinates of its drawing methods are millimetres.
type Sheet struct {
	Img    *image.RGBA
	MM     float64 // pixels a millimetre
	Radius float64 // corner radius in millimetres; cards are rounded, paper is not
	Text   map[string]string

	faces map[faceKey]font.Face
}

type faceKey struct {
	t    Typeface
	size float64
}

// face keeps faces for as long as the sheet is drawn; they are not safe to share between goroutines.
func (s *Sheet) face(t Typeface, px float64) font.Face {
	k := faceKey{t, px}
	if s.faces == nil {
		s.faces = map[faceKey]font.Face{}
	}
	if s.faces[k] == nil {
		s.faces[k] = face(t, px)
	}
	return s.faces[k]
}

// NewSheet returns a white sheet of w × h millimetres.
func NewSheet(w, h, pxPerMM float64) *Sheet {
	s := &Sheet{Img: image.NewRGBA(image.Rect(0, 0, int(w*pxPerMM+.5), int(h*pxPerMM+.5))), MM: pxPerMM, Text: map[string]string{}}
	for i := range s.Img.Pix {
		s.Img.Pix[i] = 255
	}
	return s
}

// Size is the sheet's size in millimetres.
func (s *Sheet) Size() (w, h float64) {
	b := s.Img.Bounds()
	return float64(b.Dx()) / s.MM, float64(b.Dy()) / s.MM
}

// Gradient fills the sheet with a diagonal blend of three colours, the usual ground of a card.
func (s *Sheet) Gradient(a, b, c color.RGBA) {
	w, h := s.Img.Rect.Dx(), s.Img.Rect.Dy()
	mix := func(p, q uint8, t float64) uint8 { return uint8(float64(p) + (float64(q)-float64(p))*t) }
	for y := range h {
		for x := range w {
			t := (float64(x)/float64(w)*.8 + float64(y)/float64(h)*.2) * 2
			p, q := a, b
			if t > 1 {
				p, q, t = b, c, t-1
			}
			o := s.Img.PixOffset(x, y)
			s.Img.Pix[o], s.Img.Pix[o+1], s.Img.Pix[o+2] = mix(p.R, q.R, t), mix(p.G, q.G, t), mix(p.B, q.B, t)
		}
	}
}

// Pt is a point in millimetres.
type Pt struct{ X, Y float64 }

// Path is a closed outline.
type Path []Pt

// Fill paints an outline. Several paths fill with the non-zero rule, so a hole runs the other way round.
func (s *Sheet) Fill(c color.Color, paths ...Path) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range paths {
		for _, q := range p {
			x0, y0, x1, y1 = min(x0, q.X), min(y0, q.Y), max(x1, q.X), max(y1, q.Y)
		}
	}
	r := image.Rect(int(x0*s.MM)-1, int(y0*s.MM)-1, int(x1*s.MM)+2, int(y1*s.MM)+2).Intersect(s.Img.Rect)
	if r.Empty() {
		return
	}
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	at := func(q Pt) (float32, float32) {
		return float32(q.X*s.MM) - float32(r.Min.X), float32(q.Y*s.MM) - float32(r.Min.Y)
	}
	for _, p := range paths {
		for i, q := range p {
			x, y := at(q)
			if i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
	}
	z.Draw(s.Img, r, image.NewUniform(c), image.Point{})
}

// Box fills a rectangle.
func (s *Sheet) Box(c color.Color, x, y, w, h float64) {
	s.Fill(c, Path{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}})
}

// Frame strokes a rectangle inwards.
func (s *Sheet) Frame(c color.Color, x, y, w, h, t float64) {
	s.Fill(c, Path{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, Path{{x + t, y + t}, {x + t, y + h - t}, {x + w - t, y + h - t}, {x + w - t, y + t}})
}

// Stroke draws an open line of the given thickness.
func (s *Sheet) Stroke(c color.Color, t float64, line ...Pt) {
	var left, right Path
	for i, p := range line {
		a, b := line[max(i-1, 0)], line[min(i+1, len(line)-1)]
		dx, dy := b.X-a.X, b.Y-a.Y
		n := math.Hypot(dx, dy)
		if n == 0 {
			continue
		}
		nx, ny := -dy/n*t/2, dx/n*t/2
		left = append(left, Pt{p.X + nx, p.Y + ny})
		right = append(right, Pt{p.X - nx, p.Y - ny})
	}
	for i := len(right) - 1; i >= 0; i-- {
		left = append(left, right[i])
	}
	if len(left) > 2 {
		s.Fill(c, left)
	}
}

// Ellipse is the outline of an ellipse.
func Ellipse(cx, cy, rx, ry float64) Path {
	p := make(Path, 48)
	for i := range p {
		a := float64(i) / float64(len(p)) * 2 * math.Pi
		p[i] = Pt{cx + rx*math.Cos(a), cy + ry*math.Sin(a)}
	}
	return p
}

// Ring is an annulus, ready for Fill.
func Ring(cx, cy, r, t float64) (outer, inner Path) {
	outer, inner = Ellipse(cx, cy, r, r), Ellipse(cx, cy, r-t, r-t)
	for i, j := 0, len(inner)-1; i < j; i, j = i+1, j-1 {
		inner[i], inner[j] = inner[j], inner[i]
	}
	return
}

// Star is a five-pointed star.
func Star(cx, cy, r float64) Path {
	p := make(Path, 10)
	for i := range p {
		a, q := float64(i)/10*2*math.Pi-math.Pi/2, r
		if i%2 == 1 {
			q = r * .382
		}
		p[i] = Pt{cx + q*math.Cos(a), cy + q*math.Sin(a)}
	}
	return p
}

// Write sets a line of text with its baseline at y and returns its width. size is the em in millimetres, track the extra
// space between characters.
func (s *Sheet) Write(x, y, size, track float64, t Typeface, c color.Color, text string) float64 {
	d := font.Drawer{Dst: s.Img, Src: image.NewUniform(c), Face: s.face(t, size*s.MM)}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * s.MM * 64), Y: fixed.Int26_6(y * s.MM * 64)}
	start := d.Dot.X
	for _, r := range text {
		d.DrawString(string(r))
		d.Dot.X += fixed.Int26_6(track * s.MM * 64)
	}
	return float64(d.Dot.X-start) / 64 / s.MM
}

// Width is what Write would return.
func (s *Sheet) Width(size, track float64, t Typeface, text string) float64 {
	w := float64(font.MeasureString(s.face(t, size*s.MM), text)) / 64 / s.MM
	return w + track*float64(len([]rune(text)))
}

// Centre sets a line of text centred on x.
func (s *Sheet) Centre(x, y, size, track float64, t Typeface, c color.Color, text string) {
	s.Write(x-(s.Width(size, track, t, text)-track)/2, y, size, track, t, c, text)
}

// Column sets text in lines of at most width millimetres and returns the y of the line after the last.
func (s *Sheet) Column(x, y, width, size, leading float64, t Typeface, c color.Color, text string) float64 {
	var line []rune
	flush := func() {
		if len(line) > 0 {
			s.Write(x, y, size, 0, t, c, string(line))
			y += leading
			line = line[:0]
		}
	}
	for _, r := range text {
		if s.Width(size, 0, t, string(append(line, r))) > width {
			flush()
		}
		line = append(line, r)
	}
	flush()
	return y
}

// Waves covers an area with the fine wavy lines that printers use against copying.
func (s *Sheet) Waves(c color.Color, x, y, w, h float64, n int, phase float64) {
	for i := range n {
		var line []Pt
		y0 := y + h*(float64(i)+.5)/float64(n)
		for k := 0; k <= 80; k++ {
			t := float64(k) / 80
			line = append(line, Pt{x + w*t, y0 + h/float64(n)*1.6*math.Sin(t*9+phase+float64(i)*.37)*math.Cos(t*3.1+phase*.7)})
		}
		s.Stroke(c, .09, line...)
	}
}

// Smooth rounds an outline (closed Catmull-Rom spline).
func (p Path) Smooth() Path {
	var q Path
	n := len(p)
	for i := range p {
		a, b, c, d := p[(i+n-1)%n], p[i], p[(i+1)%n], p[(i+2)%n]
		for k := range 6 {
			t := float64(k) / 6
			f := func(a, b, c, d float64) float64 {
				return .5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
			}
			q = append(q, Pt{f(a.X, b.X, c.X, d.X), f(a.Y, b.Y, c.Y, d.Y)})
		}
	}
	return q
}
