package pictures

import "math/rand/v2"

// paper is a kind and side of document that the set draws.
type paper struct {
	kind, side  string
	bornDigital bool
	glossy      bool // reflects lamps
	seal        bool
	wash        float64 // how much of its red ink has faded, 0 to 1
	wide        float64 // millimetres of its longer side
	draw        func(style Style, pxPerMM float64, rng *rand.Rand) *Sheet
	back        func(style Style, pxPerMM float64, rng *rand.Rand) *Sheet // the side that is not asked for
}

// papers lists every kind of document that is asked for.
func papers() []paper {
	var ps []paper
	add := func(p paper) { ps = append(ps, p) }
	id := func(kind, side string, draw func(h Holder, st Style, px float64, rng *rand.Rand) *Sheet, back func(h Holder, st Style, px float64, rng *rand.Rand) *Sheet) {
		p := paper{kind: kind, side: side, glossy: true, wide: 85.6, draw: func(st Style, px float64, rng *rand.Rand) *Sheet {
			return draw(RandomHolder(rng), st, px, rng)
		}}
		if back != nil {
			p.back = func(st Style, px float64, rng *rand.Rand) *Sheet { return back(RandomHolder(rng), st, px, rng) }
		}
		add(p)
	}
	of := func(kind string, f func(string, Holder, Style, float64, *rand.Rand) *Sheet) func(Holder, Style, float64, *rand.Rand) *Sheet {
		return func(h Holder, st Style, px float64, rng *rand.Rand) *Sheet { return f(kind, h, st, px, rng) }
	}
	id("resident_id", "front", ResidentFront, ResidentBack)
	id("resident_id", "back", ResidentBack, ResidentFront)
	for _, k := range []string{"hk_macao_residence_permit", "taiwan_residence_permit"} {
		id(k, "front", of(k, PermitFront), of(k, PermitBack))
	}
	id("hk_macao_residence_permit", "back", of("hk_macao_residence_permit", PermitBack), of("hk_macao_residence_permit", PermitFront))
	id("foreign_permanent_resident_id", "front", PermanentFront, PermanentBack)
	id("foreign_permanent_resident_id", "back", PermanentBack, PermanentFront)
	for _, k := range []string{"hk_macao_travel_permit", "taiwan_travel_permit"} {
		id(k, "front", of(k, TravelPermit), nil)
	}
	for _, open := range []bool{false, true} {
		w := 125.
		if open {
			w = 176
		}
		add(paper{kind: "passport", side: "front", glossy: true, wide: w, draw: func(st Style, px float64, rng *rand.Rand) *Sheet {
			return Passport(RandomHolder(rng), st, open, px, rng)
		}})
	}
	add(paper{kind: "business_licence", side: "front", bornDigital: true, seal: true, wide: 297, draw: func(st Style, px float64, rng *rand.Rand) *Sheet {
		return Licence(RandomCompany(rng), st, px, rng)
	}})
	for i, c := range certificates {
		add(paper{kind: c.kind, side: "front", bornDigital: c.kind == "uscc_certificate", seal: true, wide: 260, draw: func(st Style, px float64, rng *rand.Rand) *Sheet {
			return Certificate(i, RandomCompany(rng), st, px, rng)
		}})
	}
	for _, o := range []struct {
		kind string
		seal bool
		draw func(Company, Style, float64, *rand.Rand) *Sheet
	}{{"hk_certificate_of_incorporation", false, HKIncorporation}, {"hk_business_registration", false, HKBusiness}, {"foreign_registration", false, Foreign}} {
		add(paper{kind: o.kind, side: "front", bornDigital: true, wide: 297, draw: func(st Style, px float64, rng *rand.Rand) *Sheet {
			return o.draw(RandomCompany(rng), st, px, rng)
		}})
	}
	return ps
}

// named returns the first paper of a kind and side.
func named(kind, side string) paper {
	for _, p := range papers() {
		if p.kind == kind && p.side == side {
			return p
		}
	}
	panic("pictures: no paper " + kind)
}
