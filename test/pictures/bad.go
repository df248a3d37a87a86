package pictures

import (
	"image"
	"image/color"
	"math"
)

// badItems are pictures with one defect each, at three levels.
func badItems(style Style) (items []Item) {
	add := func(code, variant string, kinds []string, do func(k *kitchen)) {
		for l := Mild; l <= Gross; l++ {
			for i, name := range kinds {
				if l == Mild && i > 0 {
					break // one mild picture a variant: they are not scored
				}
				items = append(items, Item{Style: style, Defect: code, Level: l, Variant: variant, paper: named(name, "front"), make: do})
			}
		}
	}
	photo := func(k *kitchen) { k.set(); k.take() }
	pick := func(k *kitchen, mild, clear, gross float64) float64 { return [...]float64{mild, clear, gross}[k.Level] }

	card, card2, book, page, page2 := "resident_id", "taiwan_travel_permit", "passport", "business_licence", "organization_code_certificate"

	// fine is by how much smaller a page's text is, against its width, than a card's.
	fine := func(k *kitchen) float64 {
		if k.paper.wide > 180 {
			return .52
		}
		return 1
	}
	add("blurred", "defocus", []string{card, book, page}, func(k *kitchen) {
		k.set()
		k.shot.Camera.Lens = pick(k, 1.7, 3.6, 7) * fine(k) / 1000 * k.quad.width()
		k.take()
	})
	add("blurred", "motion", []string{card2, page2}, func(k *kitchen) {
		k.set()
		a, n := k.rng.Float64()*2*math.Pi, pick(k, 7, 16, 30)*fine(k)/1000*k.quad.width()
		k.shot.Camera.Shake = Pt{math.Cos(a) * n, math.Sin(a) * n}
		k.take()
	})
	add("glare", "lamp", []string{card, book, card2}, func(k *kitchen) {
		k.set()
		k.shot.LampSpot(.25+k.rng.Float64()*.5, .25+k.rng.Float64()*.5, pick(k, .022, .055, .12), pick(k, .5, 1.6, 3), 1+k.rng.Float64()*.5, k.rng.Float64()*3)
		k.take()
	})
	add("glare", "streak", []string{card2, page}, func(k *kitchen) {
		k.set()
		k.shot.LampSpot(.35+k.rng.Float64()*.3, .3+k.rng.Float64()*.4, pick(k, .012, .03, .05), pick(k, .5, 1.4, 2.5), 5+k.rng.Float64()*4, k.rng.Float64()*3)
		k.take()
	})
	add("dark", "night", []string{card, book, page2}, func(k *kitchen) {
		k.light.Level = pick(k, .34, .10, .045)
		k.phone.cam.Noise *= pick(k, 1.3, 2, 2.6)
		photo(k)
	})
	add("overexposed", "flash", []string{card, book, page2}, func(k *kitchen) {
		k.light.Level = pick(k, 1.35, 2.6, 4.5)
		photo(k)
	})
	add("low_contrast", "fog", []string{card, page2}, func(k *kitchen) {
		k.set()
		k.shot.Camera.Fog = pick(k, .35, .72, .86)
		k.take()
	})
	keep := func(k *kitchen) float64 { return pick(k, .16, .02, 0) }
	add("grayscale", "photo", []string{card, book}, func(k *kitchen) {
		photo(k)
		Grey(k.img, keep(k))
	})
	add("grayscale", "copy on a desk", []string{card2, page2, page}, func(k *kitchen) {
		k.set()
		Grey(k.sheet.Img, keep(k))
		k.sheet.Radius = 0
		k.light.Colour = [3]float64{1.05, 1, .9}
		k.shot.Light.Colour = k.light.Colour
		k.take()
	})
	add("grayscale", "scan", []string{card, page2}, func(k *kitchen) {
		k.scan(Scan{DPI: scanDPI(k), Margin: 5, Skew: .006, Lid: 238, Blur: .8, Noise: 1.8, Shadow: .2})
		if k.Level == Gross {
			Threshold(k.img, 165)
		} else {
			Grey(k.img, keep(k))
		}
	})
	add("cut_off", "corner", []string{card, book, page}, func(k *kitchen) {
		k.free = true
		k.place.fill, k.place.persp = .84, .02
		out := pick(k, .02, .10, .22)
		k.place.rot = (.10 + k.rng.Float64()*.08) * float64(1-2*k.rng.IntN(2))
		k.set()
		i := k.rng.IntN(4)
		k.shove(i, out, true)
		k.take()
	})
	add("cut_off", "side", []string{card2, page2}, func(k *kitchen) {
		k.free = true
		k.place.fill, k.place.rot = .86, k.place.rot/3
		k.set()
		k.shove(k.rng.IntN(4), pick(k, .015, .08, .2), false)
		k.take()
	})
	add("cut_off", "too close", []string{card, page}, func(k *kitchen) {
		k.free = true
		k.place.fill, k.place.dx, k.place.dy = pick(k, 1.06, 1.3, 1.7), 0, 0
		photo(k)
	})
	add("obstructed", "finger on a corner", []string{card, book, page}, func(k *kitchen) {
		k.set()
		i := k.rng.IntN(4)
		u, v := float64((i&1)^(i>>1)), float64(i>>1)
		in := pick(k, .03, .11, .2)
		a := math.Atan2(v-.5, u-.5) + (k.rng.Float64()-.5)*.5
		w := pick(k, .1, .17, .22)
		if k.paper.wide > 180 {
			w, in = w*.6, in*.8
		}
		k.shot.Over = append(k.shot.Over, Finger(u+(.5-u)*2*in, v+(.5-v)*2*in, a, w, k.rng))
		k.take()
	})
	add("obstructed", "finger over text", []string{card2, page2}, func(k *kitchen) {
		k.set()
		u := .2 + k.rng.Float64()*.5
		w := pick(k, .08, .16, .22)
		if k.paper.wide > 180 {
			w *= .7
		}
		k.shot.Over = append(k.shot.Over, Finger(u, 1-pick(k, .05, .3, .55), math.Pi/2+(k.rng.Float64()-.5)*.6, w, k.rng))
		k.take()
	})
	add("obstructed", "thing on it", []string{card, page}, func(k *kitchen) {
		k.set()
		u, v := .25+k.rng.Float64()*.4, .3+k.rng.Float64()*.4
		size := pick(k, .03, .09, .17)
		switch k.Index % 3 {
		case 0:
			k.shot.Over = append(k.shot.Over, Coin(u, v, size))
		case 1:
			k.shot.Over = append(k.shot.Over, Note(u, v, size*2.4, size*2, color.RGBA{246, 226, 96, 255}))
		default:
			k.shot.Over = append(k.shot.Over, Pen(-.1, v-.2, u+.3, v+.25, size*.45+.015, color.RGBA{40, 60, 130, 255}))
		}
		k.take()
	})
	add("obstructed", "bar or mosaic", []string{card, book}, func(k *kitchen) {
		photo(k)
		a, b := k.quad.at(.3, .78), k.quad.at(.3+pick(k, .08, .3, .55), .92)
		m := 0
		if k.Index%2 == 0 {
			m = int(k.quad.width() / 45)
		}
		Mask(k.img, image.Rect(int(a.X), int(min(a.Y, b.Y)), int(b.X), int(max(a.Y, b.Y))), m)
	})
	text := []string{"仅供域名实名认证使用", "仅限注册使用 他用无效"}[style]
	alpha := func(k *kitchen) float64 { return pick(k, .10, .26, .5) }
	shade := func(k *kitchen) color.RGBA {
		return []color.RGBA{{110, 110, 110, 255}, {60, 80, 180, 255}, {190, 40, 40, 255}}[k.rng.IntN(3)]
	}
	add("watermark", "all over", []string{card, book, page}, func(k *kitchen) {
		photo(k)
		Watermark(k.img, text, k.quad.width()*.045, -.5+k.rng.Float64()*.2, alpha(k), shade(k), true)
	})
	add("watermark", "across", []string{card2, page2}, func(k *kitchen) {
		photo(k)
		Watermark(k.img, text, k.quad.width()*.085, -.45+k.rng.Float64()*.2, alpha(k), shade(k), false)
	})
	add("watermark", "printed rows", []string{card, page}, func(k *kitchen) {
		k.set()
		Watermark(k.sheet.Img, "SAMPLE COPY ONLY", float64(k.sheet.Img.Rect.Dx())*.05, 0, alpha(k), color.RGBA{90, 90, 90, 255}, true)
		k.take()
	})
	add("photo_of_screen", "display", []string{card, book, page}, func(k *kitchen) {
		k.draw(1400)
		k.sheet = OnDisplay(k.sheet, style)
		k.screen(.27, pick(k, .12, .3, .45))
	})
	add("edited", "retyped", []string{card, page2}, func(k *kitchen) {
		k.place.rot, k.place.persp = 0, .005
		photo(k)
		k.out = Encoding{Quality: 80 + k.rng.IntN(6)}.Encode(k.img)
		k.img = decodeRGBA(k.out)
		a, b := k.quad.at(.3, .8), k.quad.at(.3+pick(k, .07, .4, .55), .91)
		Retype(k.img, image.Rect(int(a.X), int(a.Y), int(b.X), int(b.Y)), "990000199203071234"[:6+6*int(k.Level)], color.RGBA{30, 28, 30, 255})
		k.out = Encoding{Quality: 95, Tables: [2]Tables{Standard, Editor}[style], Full: style == StyleB}.Encode(k.img)
	})
	add("edited", "pasted", []string{card, book}, func(k *kitchen) {
		photo(k)
		k.out = Encoding{Quality: 82 + k.rng.IntN(5)}.Encode(k.img)
		k.img = decodeRGBA(k.out)
		other := kitchen{Item: k.Item, rng: k.rng, place: k.place, light: k.light, phone: k.phone}
		other.set()
		other.shot.W, other.shot.H, other.shot.Quad = k.shot.W, k.shot.H, k.quad
		other.take()
		a, b := k.quad.at(.08, .1), k.quad.at(.08+pick(k, .1, .3, .5), .1+pick(k, .1, .3, .6))
		r := image.Rect(int(a.X)|7, int(a.Y)|7, int(b.X), int(b.Y)).Intersect(k.img.Rect)
		Paste(k.img, r.Min, other.img, r)
		k.out = Encoding{Quality: 96}.Encode(k.img)
	})
	add("seal_illegible", "pale", []string{page2, "trademark_certificate"}, func(k *kitchen) {
		k.paper.wash = pick(k, .5, .82, .94)
		photo(k)
	})
	return append(items, oddItems(style)...)
}
