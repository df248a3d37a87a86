package pictures

import (
	"image/color"
	"math"
	"math/rand/v2"
)

// What lies on a document. Each returns a function for Shot.Over.

// blob paints a shape given by its signed distance in pixels (negative inside), shaded by depth under its edge, with a
// shadow beside it.
func (f *Film) blob(x0, y0, x1, y1 int, dist func(x, y float64) float64, colour func(x, y, d float64) [3]float32, shadow float64) {
	pad := int(shadow*3) + 2
	for y := max(0, y0-pad); y < min(f.H, y1+pad); y++ {
		for x := max(0, x0-pad); x < min(f.W, x1+pad); x++ {
			px, py := float64(x)+.5, float64(y)+.5
			d := dist(px, py)
			o := y*f.W + x
			if d > .5 {
				if shadow > 0 {
					if ds := dist(px-shadow*.6, py-shadow*.6); ds < shadow*1.5 {
						k := float32(1 - .4*(1-math.Max(0, ds+shadow)/(shadow*2.5)))
						k = min(max(k, .55), 1)
						for i := range f.P {
							f.P[i][o] *= k
						}
					}
				}
				continue
			}
			a := float32(math.Min(1, .5-d))
			c := colour(px, py, d)
			for i := range f.P {
				f.P[i][o] = f.P[i][o]*(1-a) + c[i]*a
			}
		}
	}
}

func lin(c color.RGBA) [3]float32 {
	return [3]float32{toLinear[c.R], toLinear[c.G], toLinear[c.B]}
}

// capsule is the distance to a thick line.
func capsule(ax, ay, bx, by, r float64) func(x, y float64) float64 {
	dx, dy := bx-ax, by-ay
	n := dx*dx + dy*dy
	return func(x, y float64) float64 {
		t := min(max(((x-ax)*dx+(y-ay)*dy)/n, 0), 1)
		return math.Hypot(x-ax-t*dx, y-ay-t*dy) - r
	}
}

// Finger lays a finger over the document: its tip reaches (u, v) of the document, it comes from outside in the direction
// of angle, and it is width thick, as a share of the document's width.
func Finger(u, v, angle, width float64, rng *rand.Rand) func(f *Film, s *Shot) {
	skins := []color.RGBA{rgb(222, 172, 142), rgb(200, 148, 116), rgb(236, 190, 166), rgb(164, 112, 84)}
	skin := lin(skins[rng.IntN(len(skins))])
	nail := rng.IntN(3) > 0
	n := newNoise(rng)
	return func(f *Film, s *Shot) {
		tip := s.Quad.at(u, v)
		w := width * s.Quad.width()
		r := w / 2
		ax, ay := tip.X+math.Cos(angle)*r, tip.Y+math.Sin(angle)*r
		far := 3.2 * w
		bx, by := ax+math.Cos(angle)*far, ay+math.Sin(angle)*far
		d := capsule(ax, ay, bx, by, r)
		nx, ny := ax-math.Cos(angle)*r*.1, ay-math.Sin(angle)*r*.1
		f.blob(int(min(ax, bx)-r), int(min(ay, by)-r), int(max(ax, bx)+r), int(max(ay, by)+r), d, func(x, y, dd float64) [3]float32 {
			t := math.Min(1, -dd/r)
			k := .55 + .45*math.Sqrt(math.Max(t, 0)) + .05*n.octaves(x/r*3, y/r*3, 3)
			c := skin
			if nail {
				a, b := (x-nx)*math.Cos(angle)+(y-ny)*math.Sin(angle), -(x-nx)*math.Sin(angle)+(y-ny)*math.Cos(angle)
				if (a/(r*.62))*(a/(r*.62))+(b/(r*.55))*(b/(r*.55)) < 1 {
					c = [3]float32{skin[0] * 1.12, skin[1] * 1.08, skin[2] * 1.1}
				}
			}
			return [3]float32{c[0] * float32(k), c[1] * float32(k), c[2] * float32(k)}
		}, r*.25)
	}
}

// at maps a place in the document's unit square to the picture.
func (q Quad) at(u, v float64) Pt {
	m := unproject(q).inverse()
	x, y := m.apply(u, v)
	return Pt{x, y}
}

func (q Quad) width() float64 {
	return (math.Hypot(q[1].X-q[0].X, q[1].Y-q[0].Y) + math.Hypot(q[2].X-q[3].X, q[2].Y-q[3].Y)) / 2
}

// Pen lays a pen across the document from (u0, v0) to (u1, v1).
func Pen(u0, v0, u1, v1, width float64, c color.RGBA) func(f *Film, s *Shot) {
	return func(f *Film, s *Shot) {
		a, b := s.Quad.at(u0, v0), s.Quad.at(u1, v1)
		r := width * s.Quad.width() / 2
		d := capsule(a.X, a.Y, b.X, b.Y, r)
		base := lin(c)
		f.blob(int(min(a.X, b.X)-r), int(min(a.Y, b.Y)-r), int(max(a.X, b.X)+r), int(max(a.Y, b.Y)+r), d, func(x, y, dd float64) [3]float32 {
			k := float32(.5 + .6*math.Sqrt(min(max(-dd/r+.01, 0), 1)))
			return [3]float32{base[0]*k + .02, base[1]*k + .02, base[2]*k + .02}
		}, r*.5)
	}
}

// Note sticks a piece of paper over part of the document; (u, v) is its centre, size its width and height as shares.
func Note(u, v, w, h float64, c color.RGBA) func(f *Film, s *Shot) {
	return func(f *Film, s *Shot) {
		p := s.Quad.at(u, v)
		hw, hh := w*s.Quad.width()/2, h*s.Quad.width()/2
		d := func(x, y float64) float64 { return roundedBox(x-p.X, y-p.Y, hw, hh, 2) }
		base := lin(c)
		f.blob(int(p.X-hw), int(p.Y-hh), int(p.X+hw), int(p.Y+hh), d, func(x, y, _ float64) [3]float32 {
			k := float32(.92 + .08*math.Sin(x*.01+y*.013))
			return [3]float32{base[0] * k, base[1] * k, base[2] * k}
		}, hw*.04)
	}
}

// Coin lays a coin on it.
func Coin(u, v, r float64) func(f *Film, s *Shot) {
	return func(f *Film, s *Shot) {
		p := s.Quad.at(u, v)
		rr := r * s.Quad.width()
		d := func(x, y float64) float64 { return math.Hypot(x-p.X, y-p.Y) - rr }
		f.blob(int(p.X-rr), int(p.Y-rr), int(p.X+rr), int(p.Y+rr), d, func(x, y, dd float64) [3]float32 {
			k := .35 + .12*math.Sin((x+y)/rr*2.4) + .05*math.Sin((x-y)/rr*11)
			if dd > -rr*.12 {
				k *= .75
			}
			return [3]float32{float32(k), float32(k * .98), float32(k * .92)}
		}, rr*.12)
	}
}

// LampSpot is the reflection of a lamp at (u, v): a core and a halo. size is the core's radius as a share of the
// document's width; peak above 1 fills the sensor.
func (s *Shot) LampSpot(u, v, size, peak, stretch, angle float64) {
	p := s.Quad.at(u, v)
	r := size * s.Quad.width()
	co, si := math.Cos(angle), math.Sin(angle)
	s.Lamp = func(x, y float64) float64 {
		dx, dy := x-p.X, y-p.Y
		a, b := (dx*co+dy*si)/stretch, -dx*si+dy*co
		q := (a*a + b*b) / (r * r)
		if q > 80 {
			return 0
		}
		return peak * (math.Exp(-q*q*.5) + .16/(1+q*1.6))
	}
}
