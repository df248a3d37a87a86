package pictures

import (
	"image/color"
	"math"
	"math/rand/v2"
)

// Portrait draws a face that belongs to nobody: shapes, shaded enough to behave like a printed photograph.
func (s *Sheet) Portrait(x, y, w, h float64, longHair bool, rng *rand.Rand) {
	pick := func(cs ...color.RGBA) color.RGBA { return cs[rng.IntN(len(cs))] }
	ground := pick(color.RGBA{226, 236, 245, 255}, color.RGBA{240, 240, 242, 255}, color.RGBA{205, 222, 240, 255})
	skin := pick(color.RGBA{238, 196, 164, 255}, color.RGBA{226, 178, 142, 255}, color.RGBA{244, 208, 180, 255}, color.RGBA{205, 152, 116, 255})
	hair := pick(color.RGBA{28, 24, 22, 255}, color.RGBA{46, 34, 28, 255}, color.RGBA{70, 66, 64, 255})
	coat := pick(color.RGBA{44, 60, 90, 255}, color.RGBA{60, 60, 62, 255}, color.RGBA{96, 40, 44, 255}, color.RGBA{40, 78, 64, 255})
	wide := .9 + rng.Float64()*.2

	px := func(p Path) Path { // unit square to the portrait's place
		q := make(Path, len(p))
		for i, v := range p {
			q[i] = Pt{x + v.X*w, y + v.Y*h}
		}
		return q
	}
	shade := func(c color.RGBA, k float64) color.RGBA {
		f := func(v uint8) uint8 { return uint8(max(0, min(255, float64(v)*k))) }
		return color.RGBA{f(c.R), f(c.G), f(c.B), 255}
	}
	s.Box(ground, x, y, w, h)
	if longHair {
		s.Fill(hair, px(Ellipse(.5, .52, .29*wide, .36)))
		s.Fill(hair, px(Path{{.5 - .29*wide, .5}, {.5 + .29*wide, .5}, {.5 + .27*wide, .84}, {.5 - .27*wide, .84}}))
	}
	s.Fill(coat, px(Path{{.06, 1}, {.10, .88}, {.22, .80}, {.40, .75}, {.60, .75}, {.78, .80}, {.90, .88}, {.94, 1}, {.5, 1.0}}))
	s.Fill(color.RGBA{244, 244, 244, 255}, px(Path{{.38, .76}, {.5, .92}, {.62, .76}, {.5, .72}}))
	s.Fill(shade(skin, .86), px(Path{{.41, .62}, {.59, .62}, {.61, .77}, {.5, .86}, {.39, .77}}))
	// The head in thin shells from dark to light: a soft shading that survives printing and scanning.
	for i := range 14 {
		t := float64(i) / 13
		s.Fill(shade(skin, .80+.24*t), px(Ellipse(.5-.03*t, .45-.015*t, .215*wide*(1-.55*t), .265*(1-.5*t))))
	}
	s.Fill(hair, px(Path{{.5 - .22*wide, .45}, {.5 - .245*wide, .31}, {.5 - .17*wide, .18}, {.5, .135}, {.5 + .17*wide, .18}, {.5 + .245*wide, .31},
		{.5 + .22*wide, .45}, {.5 + .19*wide, .33}, {.5 + .05, .275}, {.5 - .08, .30}, {.5 - .19*wide, .34}}.Smooth()))
	for _, sx := range []float64{-1, 1} {
		ex := .5 + sx*.088*wide
		s.Fill(color.RGBA{248, 246, 244, 255}, px(Ellipse(ex, .445, .036, .016)))
		s.Fill(color.RGBA{34, 24, 20, 255}, px(Ellipse(ex, .445, .016, .016)))
		var brow []Pt
		for k := range 7 {
			t := float64(k)/6*2 - 1
			brow = append(brow, Pt{x + w*(ex+t*.055), y + h*(.402-.012*math.Cos(t*1.4))})
		}
		s.Stroke(hair, w*.016, brow...)
	}
	s.Stroke(shade(skin, .68), w*.011, Pt{x + w*.49, y + h*.47}, Pt{x + w*.475, y + h*.535}, Pt{x + w*.505, y + h*.545})
	s.Fill(color.RGBA{178, 92, 84, 255}, px(Ellipse(.5, .602, .062, .014)))
	s.Stroke(shade(skin, .6), w*.006, Pt{x + w*.435, y + h*.602}, Pt{x + w*.565, y + h*.602})
	s.grain(x, y, w, h, 5, rng)
}

// grain roughens an area, as ink on plastic is.
func (s *Sheet) grain(x, y, w, h, sd float64, rng *rand.Rand) {
	for j := int(y * s.MM); j < int((y+h)*s.MM); j++ {
		for i := int(x * s.MM); i < int((x+w)*s.MM); i++ {
			o := s.Img.PixOffset(i, j)
			d := rng.NormFloat64() * sd
			for k := range 3 {
				s.Img.Pix[o+k] = uint8(max(0, min(255, float64(s.Img.Pix[o+k])+d)))
			}
		}
	}
}
