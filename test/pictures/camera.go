package pictures

import (
	"image"
	"math"
	"math/rand/v2"
)

// Shot says how a document lies, how it is lit, and with what it is photographed.
type Shot struct {
	W, H   int
	Quad   Quad // where the document's corners fall, in pixels of the picture
	Desk   Desk
	Turn   float64 // of the desk against the document, in radians
	Light  Light
	Camera Camera
	Curl   float64 // how far the middle of a page rises, as a share of its height; cards lie flat
	Crease []Crease
	Screen *Screen // the document is shown on a display
	// Lamp is light that the document reflects, added in linear units; it depends on the place in the picture.
	Lamp func(x, y float64) float64
	// Over draws over the film before the lens blurs it (a finger, a pen), knowing where the document is.
	Over []func(f *Film, s *Shot)
}

// Crease is a fold in paper: a line across the sheet, with one side a little darker.
type Crease struct {
	Across bool    // across the width
	At     float64 // 0 to 1
	Depth  float64
}

// Light is the room.
type Light struct {
	Level      float64    // exposure; 1 puts white paper near 235
	Colour     [3]float64 // of the light after the camera's white balance, near 1
	Dir, Fall  float64    // direction in radians and relative loss from one side to the other
	Vignette   float64
	Shadow     float64 // depth of the document's own shadow, 0 to 1
	ShadowSize float64 // its softness as a share of the picture's width
	Hand       float64 // depth of the soft shadow that the photographer throws on the scene
}

// Camera is the phone.
type Camera struct {
	Lens    float64 // blur of a focused lens, in pixels
	Noise   float64 // standard deviation at mid grey, in grey levels
	Sharpen float64 // halo strength of the phone's own sharpening
	Gamma   float64 // contrast of its tone curve; 1 is none
	Shake   Pt      // length of a hand's movement during exposure, in pixels
	Fog     float64 // light that a dirty lens spreads over everything, 0 to 1
}

// Take photographs a sheet.
func Take(sheet *Sheet, s Shot, rng *rand.Rand) *image.RGBA {
	f := lay(sheet, &s)
	for _, do := range s.Over {
		do(f, &s)
	}
	f.Blur(s.Camera.Lens)
	f.Smear(s.Camera.Shake)
	f.Veil(s.Camera.Fog)
	return develop(f, s.Camera, rng)
}

// lay puts the sheet on the desk and lights both.
func lay(sheet *Sheet, s *Shot) *Film {
	f := NewFilm(s.W, s.H)
	dw, dh := float64(sheet.Img.Rect.Dx()), float64(sheet.Img.Rect.Dy())
	src := mipmap(sheet.Img, math.Sqrt(s.Quad.Area()/(dw*dh)))
	sw, sh := float64(src.W), float64(src.H)
	un := unproject(s.Quad)
	mmw, mmh := sheet.Size()
	pxmm := math.Sqrt(s.Quad.Area() / (mmw * mmh))
	deskPx := min(pxmm, 7)
	desk := bake(s.Desk, deskPx)
	cd, sd := math.Cos(s.Light.Dir), math.Sin(s.Light.Dir)
	ct, sn := math.Cos(s.Turn), math.Sin(s.Turn)
	soft := max(1, s.Light.ShadowSize*float64(s.W))
	level := s.Light.Level
	if level == 0 {
		level = 1
	}
	colour := s.Light.Colour
	if colour == [3]float64{} {
		colour = [3]float64{1, 1, 1}
	}
	outline := func(x, y float64) float64 { // distance to the document's edge in picture pixels, negative inside
		u, v := un.apply(x, y)
		return roundedBox((u-.5)*mmw, (s.bend(u, v)-.5)*mmh, mmw/2, mmh/2, sheet.Radius) * pxmm
	}
	parallel(s.H, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range s.W {
				px, py := float64(x)+.5, float64(y)+.5
				u, v := un.apply(px, py)
				du, dv := u, v
				v = s.bend(u, v)
				d := roundedBox((u-.5)*mmw, (v-.5)*mmh, mmw/2, mmh/2, sheet.Radius) * pxmm
				cover := min(max(.5-d, 0), 1)
				gx, gy := px/float64(s.W)*2-1, py/float64(s.H)*2-1
				lit := level * (1 - s.Light.Fall*(.5+.5*(gx*cd+gy*sd))) * (1 - s.Light.Vignette*(gx*gx+gy*gy)*.5)
				if s.Light.Hand > 0 { // a soft edge running across the scene
					t := (gx*sd-gy*cd)*3 + 1.2*math.Sin(gx*2.1+gy)
					lit *= 1 - s.Light.Hand/(1+math.Exp(-t*3))
				}
				var c [3]float32
				if cover < 1 {
					x, y := (du-.5)*mmw, (dv-.5)*mmh
					c = desk.wrapped((x*ct-y*sn+mmw*.5+40)*deskPx, (x*sn+y*ct+mmh*.5+30)*deskPx)
					if s.Light.Shadow > 0 {
						t := min(max(.5-outline(px+soft*.5*cd, py-soft*.35)/soft, 0), 1)
						k := float32(1 - s.Light.Shadow*t*t*(3-2*t))
						c[0], c[1], c[2] = c[0]*k, c[1]*k, c[2]*k
					}
				}
				if cover > 0 {
					p := src.sample(u*sw-.5, v*sh-.5)
					k := float32(s.paper(u, v) * reflectance)
					if d > -1.6 { // the cut edge catches a little less light
						k *= .9
					}
					if s.Screen != nil {
						s.Screen.shine(&p, u*mmw, v*mmh, 1/pxmm)
					}
					a := float32(cover)
					for i := range c {
						c[i] = c[i]*(1-a) + p[i]*k*a
					}
				}
				o := y*s.W + x
				var lamp float32
				if s.Lamp != nil {
					lamp = float32(s.Lamp(px, py) * (.25 + .75*cover))
				}
				for i := range c {
					f.P[i][o] = c[i]*float32(lit*colour[i]) + lamp
				}
			}
		}
	})
	return f
}

// reflectance of white paper: less than all the light comes back.
const reflectance = .93

// bend lifts the middle of a curled page.
func (s *Shot) bend(u, v float64) float64 {
	if s.Curl == 0 {
		return v
	}
	return v + s.Curl*4*u*(1-u)
}

// paper is the brightness of the sheet where it is folded or bent.
func (s *Shot) paper(u, v float64) float64 {
	k := 1.
	for _, c := range s.Crease {
		t := u - c.At
		if c.Across {
			t = v - c.At
		}
		switch {
		case math.Abs(t) < .0012:
			k *= 1 - 2*c.Depth
		case t > 0:
			k *= 1 - c.Depth*math.Exp(-t*9)
		default:
			k *= 1 + .4*c.Depth*math.Exp(t*9)
		}
	}
	if s.Curl != 0 {
		k *= 1 - s.Curl*3*math.Cos(u*math.Pi)
	}
	return k
}

func linear(v float64) float32 {
	if v <= 0 {
		return 0
	}
	if v >= 254 {
		return 1
	}
	i := int(v)
	return toLinear[i] + (toLinear[i+1]-toLinear[i])*float32(v-float64(i))
}

func roundedBox(x, y, hw, hh, r float64) float64 {
	qx, qy := math.Abs(x)-hw+r, math.Abs(y)-hh+r
	return math.Hypot(max(qx, 0), max(qy, 0)) + min(max(qx, qy), 0) - r
}

// Screen is a display that shows the document: a grid of red, green and blue stripes.
type Screen struct {
	Pitch float64 // millimetres a pixel
	Depth float64 // how dark the gaps are, 0 to 1
	Glow  float64 // brightness against paper
}

// shine modulates a colour by the grid at a point in millimetres, seen through a sensor pixel of the given size. The
// sensor's pixel averages what it covers; what is finer than that folds into moiré.
func (sc *Screen) shine(p *[3]float32, x, y, pixel float64) {
	gx, gy := x/sc.Pitch, y/sc.Pitch
	att := func(k float64) float64 { // response of a pixel-wide window to k cycles a pitch
		a := math.Pi * k * pixel / sc.Pitch
		if a < 1e-6 {
			return 1
		}
		return math.Max(math.Abs(math.Sin(a)/a), .12)
	}
	row := 1 - sc.Depth*.5*(1+math.Cos(2*math.Pi*gy)*att(1))
	for i := range p {
		stripe := 1 + sc.Depth*1.1*math.Cos(2*math.Pi*(gx-float64(i)/3))*att(1)
		p[i] = float32((float64(p[i])*.97 + .012) * row * stripe * sc.Glow)
	}
}
