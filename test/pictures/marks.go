package pictures

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	"golang.org/x/image/font"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	xdraw "golang.org/x/image/draw"
)

// glyphAt draws one character turned by an angle around its centre.
func (s *Sheet) glyphAt(cx, cy, size, angle float64, t Typeface, c color.Color, r rune) {
	px := int(size*s.MM*1.6) + 4
	tile := image.NewRGBA(image.Rect(0, 0, px, px))
	d := font.Drawer{Dst: tile, Src: image.NewUniform(c), Face: s.face(t, size*s.MM)}
	w := font.MeasureString(d.Face, string(r))
	d.Dot = fixed.Point26_6{X: fixed.I(px)/2 - w/2, Y: fixed.I(px)/2 + fixed.Int26_6(size*s.MM*.38*64)}
	d.DrawString(string(r))
	co, si, h := math.Cos(angle), math.Sin(angle), float64(px)/2
	m := f64.Aff3{co, -si, cx*s.MM - co*h + si*h, si, co, cy*s.MM - si*h - co*h}
	xdraw.BiLinear.Transform(s.Img, m, tile, tile.Rect, draw.Over, nil)
}

// Seal stamps a round red seal: ring, star, the office's name around it, a line below.
func (s *Sheet) Seal(cx, cy, r float64, c color.NRGBA, office, below string) {
	o, i := Ring(cx, cy, r, r*.055)
	s.Fill(c, o, i)
	s.Fill(c, Star(cx, cy, r*.30))
	rs := []rune(office)
	span := math.Pi * 1.42
	size := math.Min(r*.30, span*r*.78/float64(len(rs))*1.05)
	for k, ch := range rs {
		a := -span/2 + span*(float64(k)+.5)/float64(len(rs))
		s.glyphAt(cx+math.Sin(a)*r*.77, cy-math.Cos(a)*r*.77, size, a, SerifBold, c, ch)
	}
	s.Centre(cx, cy+r*.68, r*.19, 0, SerifBold, c, below)
}

// Emblem is an invented round device, red and gold.
func (s *Sheet) Emblem(cx, cy, r float64) {
	red, gold := color.NRGBA{206, 34, 40, 255}, color.NRGBA{240, 190, 70, 255}
	s.Fill(red, Ellipse(cx, cy, r, r))
	o, i := Ring(cx, cy, r*.92, r*.1)
	s.Fill(gold, o, i)
	s.Fill(gold, Star(cx, cy-r*.28, r*.30))
	for k := range 4 {
		a := (float64(k) - 1.5) * .5
		s.Fill(gold, Star(cx+math.Sin(a)*r*.55, cy+math.Cos(a)*r*.10, r*.12))
	}
	s.Box(gold, cx-r*.5, cy+r*.32, r, r*.12)
	s.Box(gold, cx-r*.38, cy+r*.5, r*.76, r*.1)
}

// Code draws a QR code that says text, with a quiet zone of four modules, as ISO/IEC 18004 wants it.
func (s *Sheet) Code(x, y, size float64, text string) {
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		panic(fmt.Sprintf("pictures: %q is no QR code: %v", text, err))
	}
	const quiet = 4
	modules := code.GetMatrix()
	m := size / float64(modules.GetWidth()+2*quiet)
	s.Box(color.NRGBA{255, 255, 255, 255}, x, y, size, size)
	for j, row := range modules.GetArray() {
		for i, dark := range row {
			if dark == 1 {
				s.Box(color.NRGBA{20, 20, 20, 255}, x+m*float64(quiet+i), y+m*float64(quiet+j), m*1.02, m*1.02)
			}
		}
	}
}

// registerPage is what the QR codes of licences say: the organisation's page in the public register.
func registerPage(uscc string) string { return "http://www.example.cn/index.html?uniscid=" + uscc }

// Zone sets machine-readable lines across a width.
func (s *Sheet) Zone(x, y, width, leading float64, lines ...string) {
	n := len(lines[0])
	pitch := width / float64(n)
	for k, l := range lines {
		for i, r := range l {
			s.Write(x+pitch*float64(i), y+leading*float64(k), pitch*1.58, 0, Latin, color.NRGBA{20, 20, 22, 255}, string(r))
		}
	}
}

// stamp writes text over the whole sheet at an angle, as people do who fear misuse.
func stamp(img *image.RGBA, text string, size float64, angle float64, c color.NRGBA, gapX, gapY float64) {
	f := face(SansBold, size)
	w := float64(font.MeasureString(f, text)) / 64
	tile := image.NewRGBA(image.Rect(0, 0, int(w)+4, int(size*1.4)))
	d := font.Drawer{Dst: tile, Src: image.NewUniform(c), Face: f, Dot: fixed.Point26_6{X: 128, Y: fixed.Int26_6(size * 1.05 * 64)}}
	d.DrawString(text)
	co, si := math.Cos(angle), math.Sin(angle)
	W, H := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	diag := math.Hypot(W, H)
	put := func(x, y float64) {
		m := f64.Aff3{co, -si, x, si, co, y}
		xdraw.BiLinear.Transform(img, m, tile, tile.Rect, draw.Over, nil)
	}
	if gapX == 0 { // once, in the middle
		put(W/2-co*w/2+si*size/2, H/2-si*w/2-co*size/2)
		return
	}
	row := 0
	for v := -diag; v < diag; v += size * (1.4 + gapY) {
		for u := -diag + float64(row%2)*w*.5; u < diag; u += w * (1 + gapX) {
			x, y := W/2+co*u-si*v, H/2+si*u+co*v
			if x > -w && x < W+w && y > -w && y < H+w {
				put(x, y)
			}
		}
		row++
	}
}
