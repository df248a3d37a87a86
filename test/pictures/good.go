package pictures

var (
	messengers = [2][]struct {
		long int
		enc  Encoding
	}{
		{{1280, Encoding{Quality: 75}}, {1600, Encoding{Quality: 80}}},
		{{1440, Encoding{Quality: 72}}, {1280, Encoding{Quality: 82, Tables: Flat}}},
	}
	editors = [2]Encoding{
		{Quality: 95, Tables: Editor, Full: true, EXIF: &EXIF{Software: "Adobe Photoshop 25.1 (Windows)"}},
		{Quality: 96, Full: true, EXIF: &EXIF{Software: "GIMP 2.10"}},
	}
)

// goodItems are pictures that a reviewer accepts.
func goodItems(style Style) (items []Item) {
	ps := papers()
	add := func(variant string, p paper, mk func(k *kitchen)) {
		items = append(items, Item{Style: style, Variant: variant, paper: p, make: mk})
	}
	photo := func(k *kitchen) { k.set(); k.take() }
	for _, p := range ps {
		add("photo", p, photo)
		if p.wide < 200 || p.bornDigital {
			add("photo", p, photo)
		}
		add("tight", p, func(k *kitchen) {
			k.place.fill = .93
			k.place.rot /= 3
			photo(k)
		})
	}
	for _, i := range []int{0, 2, 5, 7} { // a card in an upright phone fills less than half of the picture
		add("upright phone", ps[i], func(k *kitchen) {
			k.upright = true
			k.place.fill = .9
			photo(k)
		})
	}
	for i, name := range []string{
		"resident_id", "passport", "organization_code_certificate", "business_licence", "foreign_registration",
		"trademark_certificate",
	} {
		p := named(name, "front")
		add("scan", p, func(k *kitchen) {
			k.scan(Scan{
				DPI: scanDPI(k), Margin: 4 + k.rng.Float64()*10, Skew: (k.rng.Float64() - .5) * .03,
				Lid: 232 + k.rng.Float64()*14, Blur: .8, Noise: 1.6, Shadow: .3,
			})
		})
		add("scan, cropped", p, func(k *kitchen) {
			k.scan(Scan{DPI: scanDPI(k), Margin: -.4, Lid: 235, Blur: .8, Noise: 1.6})
		})
		if i%2 == 0 {
			add("scan, clipped white", p, func(k *kitchen) {
				k.scan(Scan{DPI: scanDPI(k), Margin: 6, Skew: (k.rng.Float64() - .5) * .02, Lid: 250, Blur: .7, Noise: 1.2, Shadow: .15, White: 228})
			})
		}
	}
	for i, name := range []string{"business_licence", "uscc_certificate", "hk_certificate_of_incorporation", "hk_business_registration", "foreign_registration"} {
		p := named(name, "front")
		add("electronic", p, func(k *kitchen) { k.render(1240, 0, Encoding{Quality: 90}) })
		add("electronic, page", p, func(k *kitchen) { k.render(1654, .06, Encoding{Quality: 85, Full: true}) })
		if i == 2 {
			add("electronic, png", p, func(k *kitchen) { k.render(1240, 0, Encoding{}) })
		}
		add("electronic, grey", p, func(k *kitchen) {
			k.render(1240, .03, Encoding{Quality: 90})
			Grey(k.img, 0)
			k.out, k.blackWhite = Encoding{Quality: 90}.Encode(k.img), true
		})
		add("scan, grey", p, func(k *kitchen) {
			k.scan(Scan{DPI: 170, Margin: 3, Skew: .004, Lid: 240, Blur: .8, Noise: 2, Shadow: .2})
			Grey(k.img, 0)
			k.blackWhite = true
		})
	}
	for i, name := range []string{"resident_id", "business_licence", "passport", "hk_macao_travel_permit", "uscc_certificate", "hk_business_registration"} {
		p := named(name, "front")
		add("messenger", p, func(k *kitchen) {
			photo(k)
			m := messengers[style][i%2]
			k.resave(m.long, m.enc)
		})
		add("editor", p, func(k *kitchen) {
			photo(k)
			k.resave(0, editors[style])
		})
		if i%2 == 0 {
			add("two messengers", p, func(k *kitchen) {
				photo(k)
				k.resave(messengers[style][1].long, messengers[style][1].enc)
				k.resave(messengers[style][0].long, messengers[style][0].enc)
			})
		}
	}
	for i, name := range []string{"resident_id", "passport", "business_licence", "taiwan_residence_permit"} {
		p := named(name, "front")
		add("turned by EXIF", p, func(k *kitchen) {
			photo(k)
			k.turn(1 + 2*(i%2))
			x := EXIF{Make: "Specimen", Model: "T", Orientation: []int{8, 6}[i%2]}
			k.phone.enc.EXIF = &x
		})
	}
	for _, name := range []string{"resident_id", "business_licence"} {
		add("turned", named(name, "front"), func(k *kitchen) { photo(k); k.turn(1) })
	}
	return items
}

// turn rotates the picture; the corners stay in the document's own order.
func (k *kitchen) turn(quarters int) {
	k.quad = turnQuad(k.quad, float64(k.img.Rect.Dx()), float64(k.img.Rect.Dy()), quarters)
	k.img = Turn(k.img, quarters)
}

// scanDPI gives cards more than pages.
func scanDPI(k *kitchen) float64 {
	if k.paper.wide < 130 {
		return 400
	}
	return 190
}

func (k *kitchen) scan(sc Scan) {
	k.source = "scan"
	k.draw(k.paper.wide / 25.4 * sc.DPI)
	k.img, k.quad = sc.Take(k.sheet, k.rng)
	k.phone.enc = Encoding{Quality: 88 + k.rng.IntN(6), Full: k.rng.IntN(2) == 0, EXIF: &EXIF{Make: "Specimen", Model: "Flatbed", Software: "Scan 2.1"}}
}

func (k *kitchen) render(w int, margin float64, e Encoding) {
	k.source = "render"
	k.draw(float64(w) * 1.6)
	k.img, k.quad = Render(k.sheet, w, margin)
	if e == (Encoding{}) {
		k.out = pngBytes(k.img)
		return
	}
	k.out = e.Encode(k.img)
}
