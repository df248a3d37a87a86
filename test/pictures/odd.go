package pictures

import (
	"math"
)

// oddItems are pictures of the wrong thing.
func oddItems(style Style) (items []Item) {
	add := func(code string, l Level, variant string, p paper, do func(k *kitchen)) {
		items = append(items, Item{Style: style, Defect: code, Level: l, Variant: variant, paper: p, make: do})
	}
	photo := func(k *kitchen) { k.set(); k.take() }
	for i, name := range []string{"resident_id", "business_licence", "passport", "foreign_permanent_resident_id", "organization_code_certificate", "resident_id"} {
		add("mirrored", Level(1+i%2), "front camera", named(name, "front"), func(k *kitchen) {
			photo(k)
			Mirror(k.img)
			w := float64(k.img.Rect.Dx())
			for i := range k.quad {
				k.quad[i].X = w - k.quad[i].X
			}
		})
	}
	for i, name := range []string{"resident_id", "passport", "business_licence", "hk_macao_travel_permit"} {
		p := named(name, "front")
		add("screenshot", Level(1+i%2), "phone", p, func(k *kitchen) {
			k.source = "screenshot"
			photo(k)
			k.img, k.quad = PhoneScreenshot(Resize(k.img, 1300), style, k.rng), Quad{}
			k.shotOut(i)
		})
		add("screenshot", Level(1+i%2), "drawn on a phone", p, func(k *kitchen) {
			k.source = "screenshot"
			k.draw(1500)
			k.img, k.quad = PhoneScreenshot(k.sheet.Img, style, k.rng), Quad{}
			k.shotOut(i + 1)
		})
	}
	for i, name := range []string{"business_licence", "uscc_certificate", "organization_code_certificate"} {
		p := named(name, "front")
		add("screenshot", Level(1+i%2), "web page with document", p, func(k *kitchen) {
			k.source = "screenshot"
			k.draw(1500)
			k.img = WebScreenshot(k.sheet.Img, RandomCompany(k.rng), style, k.rng)
			k.shotOut(i)
		})
		add("screenshot", Gross, "web table", p, func(k *kitchen) {
			k.source = "screenshot"
			k.img = WebScreenshot(nil, RandomCompany(k.rng), style, k.rng)
			k.shotOut(i + 1)
		})
	}
	for i, name := range []string{"resident_id", "passport"} {
		add("screenshot", Level(1+i), "the drawing itself", named(name, "front"), func(k *kitchen) {
			k.render(1400, 0, Encoding{Quality: 92})
			k.source = "screenshot"
		})
	}
	for i, what := range []string{"desk", "blank paper", "scenery", "person", "desk", "blank card"} {
		add("no_document", Level(1+i%2), what, named("resident_id", "front"), func(k *kitchen) { k.empty(what) })
	}
	for i, name := range []string{"resident_id", "resident_id", "taiwan_residence_permit", "foreign_permanent_resident_id"} {
		add("two_documents", Level(1+i%2), "both sides", named(name, "front"), func(k *kitchen) { k.pair(i) })
	}
	for i, name := range []string{"resident_id", "hk_macao_residence_permit", "foreign_permanent_resident_id", "taiwan_residence_permit"} {
		p := named(name, "front")
		add("wrong_side", Level(1+i%2), "back for front", p, func(k *kitchen) {
			k.paper.draw = k.paper.back
			photo(k)
		})
	}
	for i, name := range []string{"resident_id", "foreign_permanent_resident_id"} {
		p := named(name, "back")
		add("wrong_side", Level(1+i), "front for back", p, func(k *kitchen) {
			k.paper.draw = k.paper.back
			photo(k)
		})
	}
	for l := Mild; l <= Gross; l++ {
		for _, name := range []string{"resident_id", "business_licence"} {
			add("too_few_pixels", l, "small", named(name, "front"), func(k *kitchen) {
				photo(k)
				short := math.Min(k.quad.width(), k.quad.Area()/k.quad.width())
				k.resave(int(float64(max(k.img.Rect.Dx(), k.img.Rect.Dy()))*[]float64{400, 250, 140}[l]/short), Encoding{Quality: 82})
			})
		}
	}
	return items
}

// shotOut saves a screenshot, as the phone's PNG or as somebody's JPEG of it.
func (k *kitchen) shotOut(i int) {
	if i%2 == 0 {
		k.out = pngBytes(k.img)
		return
	}
	k.out = Encoding{Quality: 92, Full: i%4 == 1}.Encode(k.img)
}

// screen photographs a sheet that is a display.
func (k *kitchen) screen(pitch, depth float64) {
	mmw, mmh := k.sheet.Size()
	w, h := k.phone.w, k.phone.h
	if mmh > mmw {
		w, h = h, w
	}
	k.place.fill = .98 + k.rng.Float64()*.12
	k.place.persp /= 2
	q := k.place.place(mmw, mmh, w, h, k.rng)
	desk, _ := RandomDesk(k.Style, k.rng)
	k.light.Level, k.light.Shadow = .9, 0
	k.light.Colour = [3]float64{.95, 1, 1.08}
	k.shot = Shot{W: w, H: h, Quad: q, Desk: desk, Light: k.light, Camera: k.phone.cam, Screen: &Screen{Pitch: pitch, Depth: depth, Glow: 1.05}}
	k.take()
}

// empty makes a picture without a document.
func (k *kitchen) empty(what string) {
	w, h := k.phone.w, k.phone.h
	blank := NewSheet(85.6, 54, 12)
	switch what {
	case "desk":
		k.set()
		k.shot.Quad = Quad{{-9e3, -9e3}, {-8e3, -9e3}, {-8e3, -8.4e3}, {-9e3, -8.4e3}}
		k.shot.Light.Shadow = 0
		k.sheet = blank
		k.take()
	case "blank paper", "blank card":
		k.set()
		if what == "blank card" {
			blank.Gradient(rgb(214, 231, 240), rgb(238, 243, 238), rgb(228, 216, 234))
			blank.Radius = 3.2
		}
		k.sheet = blank
		k.take()
	case "scenery":
		s := NewSheet(200, 150, 10)
		s.Gradient(rgb(120, 170, 230), rgb(190, 215, 240), rgb(240, 235, 225))
		n := newNoise(k.rng)
		for layer := range 5 {
			var p Path
			for x := 0; x <= 200; x += 2 {
				p = append(p, Pt{float64(x), 60 + float64(layer)*18 + 24*n.octaves(float64(x)*.02+float64(layer)*7, 3, 4)})
			}
			p = append(p, Pt{200, 150}, Pt{0, 150})
			s.Fill(rgb(uint8(90-layer*14), uint8(130-layer*16), uint8(80-layer*10)), p)
		}
		k.whole(s, w, h)
	case "person":
		s := NewSheet(200, 150, 10)
		s.Gradient(rgb(200, 190, 180), rgb(210, 205, 198), rgb(190, 186, 180))
		s.Portrait(50, 10, 105, 140, k.rng.IntN(2) == 0, k.rng)
		k.whole(s, w, h)
	}
	k.quad = Quad{}
	k.sheet = nil
}

// whole photographs a sheet that is all there is to see.
func (k *kitchen) whole(s *Sheet, w, h int) {
	W, H := float64(w), float64(h)
	q := Quad{{-.1 * W, -.1 * H}, {1.1 * W, -.1 * H}, {1.1 * W, 1.1 * H}, {-.1 * W, 1.1 * H}}
	k.img = Take(s, Shot{W: w, H: h, Quad: q, Desk: Laminate(200, 200, 200, k.rng), Light: k.light, Camera: k.phone.cam}, k.rng)
}

// pair photographs two cards at once: both sides of one, side by side or one below the other.
func (k *kitchen) pair(i int) {
	k.draw(float64(k.phone.w) * .5)
	front := k.sheet
	back := k.paper.back(k.Style, front.MM, k.rng)
	gap, w, h := 6+k.rng.Float64()*10, 85.6, 54.
	W, H := w, 2*h+gap
	if i%2 == 1 {
		W, H = 2*w+gap, h
	}
	pw, ph := k.phone.w, k.phone.h
	if H > W {
		pw, ph = ph, pw
	}
	k.place.fill = .86
	all := k.place.place(W, H, pw, ph, k.rng).inside(float64(pw), float64(ph), 30)
	part := func(u0, v0, u1, v1 float64) Quad {
		return Quad{all.at(u0, v0), all.at(u1, v0), all.at(u1, v1), all.at(u0, v1)}
	}
	a, b := part(0, 0, 1, h/H), part(0, 1-h/H, 1, 1)
	if i%2 == 1 {
		a, b = part(0, 0, w/W, 1), part(1-w/W, 0, 1, 1)
	}
	desk, name := RandomDesk(k.Style, k.rng)
	k.deskName = name
	first := Shot{W: pw, H: ph, Quad: a, Desk: desk, Turn: k.rng.Float64(), Light: k.light}
	second := first
	second.Quad = b
	k.shot = first
	// The second card is laid over the film of the first.
	k.shot.Over = append(k.shot.Over, func(f *Film, s *Shot) {
		g := lay(back, &second)
		un := unproject(b)
		for y := range f.H {
			for x := range f.W {
				u, v := un.apply(float64(x)+.5, float64(y)+.5)
				if u > -.02 && v > -.02 && u < 1.02 && v < 1.03 {
					for c := range f.P {
						f.P[c][y*f.W+x] = g.P[c][y*f.W+x]
					}
				}
			}
		}
	})
	k.shot.Camera = k.phone.cam
	k.take()
}

// shove pushes the document out of the picture: corner i, or side i, by a share of the document's size.
func (k *kitchen) shove(i int, out float64, corner bool) {
	w, h := float64(k.shot.W), float64(k.shot.H)
	q := k.shot.Quad
	dx, dy := 0., 0.
	if corner {
		p := q[i]
		if p.X < w/2 {
			dx = -p.X - out*q.width()*.5
		} else {
			dx = w - p.X + out*q.width()*.5
		}
		if p.Y < h/2 {
			dy = -p.Y - out*q.width()*.35
		} else {
			dy = h - p.Y + out*q.width()*.35
		}
	} else {
		x0, y0, x1, y1 := q.bounds()
		switch i {
		case 0:
			dy = -y0 - out*(y1-y0)
		case 1:
			dx = w - x1 + out*(x1-x0)
		case 2:
			dy = h - y1 + out*(y1-y0)
		default:
			dx = -x0 - out*(x1-x0)
		}
	}
	for j := range q {
		q[j].X, q[j].Y = q[j].X+dx, q[j].Y+dy
	}
	k.shot.Quad, k.quad = q, q
}
