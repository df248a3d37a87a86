package pictures

import (
	"math"
	"math/rand/v2"
)

// phone is a camera with its program.
type phone struct {
	w, h int
	cam  Camera
	enc  Encoding
}

// phones of each half; the last one of each has twelve megapixels and is rare.
var phones = [2][]phone{
	{
		{2304, 1728, Camera{Lens: .8, Noise: 2.4, Sharpen: .5, Gamma: 1.06}, Encoding{Quality: 90, EXIF: &EXIF{Make: "Specimen", Model: "P1", Software: "17.4.1"}}},
		{1920, 1440, Camera{Lens: .7, Noise: 3.2, Sharpen: .3, Gamma: 1}, Encoding{Quality: 92, Tables: Flat, EXIF: &EXIF{Make: "Specimen", Model: "P2", Software: "OS-14 build 8"}}},
		{1600, 1200, Camera{Lens: .9, Noise: 4, Sharpen: .7, Gamma: 1.12}, Encoding{Quality: 85, EXIF: &EXIF{Make: "Example", Model: "Q"}}},
		{2560, 1440, Camera{Lens: .9, Noise: 2.8, Sharpen: .9, Gamma: 1.1}, Encoding{Quality: 93, EXIF: &EXIF{Make: "Example", Model: "W"}}},
		{4000, 3000, Camera{Lens: 1.3, Noise: 2.6, Sharpen: .8, Gamma: 1.08}, Encoding{Quality: 93, EXIF: &EXIF{Make: "Specimen", Model: "P9", Software: "17.5"}}},
	},
	{
		{2048, 1536, Camera{Lens: .75, Noise: 2, Sharpen: .6, Gamma: 1.1}, Encoding{Quality: 93, Tables: Editor, EXIF: &EXIF{Make: "Fiction", Model: "F1", Software: "13.0.2"}}},
		{1440, 1080, Camera{Lens: .8, Noise: 4.5, Sharpen: .2, Gamma: 1}, Encoding{Quality: 87, EXIF: &EXIF{Make: "Fiction", Model: "F0"}}},
		{1800, 1350, Camera{Lens: .65, Noise: 3, Sharpen: .8, Gamma: 1.15}, Encoding{Quality: 95, Tables: Flat, Full: true, EXIF: &EXIF{Make: "Imaginary", Model: "Z"}}},
		{2400, 1350, Camera{Lens: 1, Noise: 2.2, Sharpen: .4, Gamma: 1.05}, Encoding{Quality: 91, EXIF: &EXIF{Make: "Imaginary", Model: "Y", Software: "Ver.10"}}},
		{4032, 3024, Camera{Lens: 1.5, Noise: 3, Sharpen: 1, Gamma: 1.1}, Encoding{Quality: 92, Tables: Flat, EXIF: &EXIF{Make: "Fiction", Model: "F9"}}},
	},
}

func randomPhone(style Style, rng *rand.Rand) phone {
	ps := phones[style]
	if rng.IntN(18) == 0 {
		return ps[len(ps)-1]
	}
	return ps[rng.IntN(len(ps)-1)]
}

// randomLight is a room in which one can read.
func randomLight(rng *rand.Rand) Light {
	l := Light{Level: .76 + rng.Float64()*.28, Dir: rng.Float64() * 2 * math.Pi, Fall: rng.Float64() * .32, Vignette: .05 + rng.Float64()*.12,
		Shadow: .35 + rng.Float64()*.4, ShadowSize: .006 + rng.Float64()*.02}
	switch rng.IntN(4) {
	case 0: // a lamp's warm light that the white balance did not catch all of
		l.Colour = [3]float64{1.07, 1, .86}
	case 1: // cold daylight
		l.Colour = [3]float64{.95, 1, 1.07}
	default:
		l.Colour = [3]float64{1, 1, 1}
	}
	if rng.IntN(5) == 0 {
		l.Hand = .15 + rng.Float64()*.2
	}
	return l
}

// placing says how the photographer aims.
type placing struct {
	fill   float64 // of the picture, by the document's tighter side; above 1 it does not fit
	rot    float64 // radians
	persp  float64
	dx, dy float64 // shift as a share of the picture
}

func randomPlacing(rng *rand.Rand) placing {
	return placing{
		fill: .66 + rng.Float64()*.22, rot: (rng.Float64()*2 - 1) * .12, persp: rng.Float64() * .09,
		dx: (rng.Float64()*2 - 1) * .03, dy: (rng.Float64()*2 - 1) * .03,
	}
}

// place computes the corners of a sheet of mmw × mmh in a picture of w × h.
func (p placing) place(mmw, mmh float64, w, h int, rng *rand.Rand) Quad {
	co, si := math.Cos(p.rot), math.Sin(p.rot)
	// The extent of the turned rectangle must fit.
	ew, eh := mmw*math.Abs(co)+mmh*math.Abs(si), mmw*math.Abs(si)+mmh*math.Abs(co)
	k := p.fill * math.Min(float64(w)/ew, float64(h)/eh)
	var q Quad
	for i, c := range [4]Pt{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := c.X*mmw/2*k, c.Y*mmh/2*k
		x += (rng.Float64()*2 - 1) * p.persp * mmw * k * .5
		y += (rng.Float64()*2 - 1) * p.persp * mmh * k * .5
		q[i] = Pt{float64(w)/2 + p.dx*float64(w) + co*x - si*y, float64(h)/2 + p.dy*float64(h) + si*x + co*y}
	}
	return q
}

// inside moves and shrinks a quad until its corners keep a margin to the picture's border.
func (q Quad) inside(w, h, margin float64) Quad {
	for range 30 {
		x0, y0, x1, y1 := q.bounds()
		dx, dy := 0., 0.
		if x0 < margin {
			dx = margin - x0
		} else if x1 > w-margin {
			dx = w - margin - x1
		}
		if y0 < margin {
			dy = margin - y0
		} else if y1 > h-margin {
			dy = h - margin - y1
		}
		if dx == 0 && dy == 0 {
			return q
		}
		cx, cy := (x0+x1)/2, (y0+y1)/2
		for i := range q {
			q[i].X = cx + (q[i].X-cx)*.97 + dx
			q[i].Y = cy + (q[i].Y-cy)*.97 + dy
		}
	}
	return q
}

func (q Quad) bounds() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = q[0].X, q[0].Y, q[0].X, q[0].Y
	for _, p := range q[1:] {
		x0, y0, x1, y1 = min(x0, p.X), min(y0, p.Y), max(x1, p.X), max(y1, p.Y)
	}
	return
}
