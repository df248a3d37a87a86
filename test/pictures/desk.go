package pictures

import (
	"math"
	"math/rand/v2"
)

// noiseField is smooth random noise, -1 to 1, that repeats every 256 cells.
type noiseField struct{ v [256 * 256]float32 }

func newNoise(rng *rand.Rand) *noiseField {
	n := &noiseField{}
	for i := range n.v {
		n.v[i] = rng.Float32()*2 - 1
	}
	return n
}

func (n *noiseField) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	tx, ty := x-fx, y-fy
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	v := func(i, j int) float64 { return float64(n.v[(j&255)<<8|i&255]) }
	a := v(ix, iy) + (v(ix+1, iy)-v(ix, iy))*tx
	b := v(ix, iy+1) + (v(ix+1, iy+1)-v(ix, iy+1))*tx
	return a + (b-a)*ty
}

func (n *noiseField) octaves(x, y float64, k int) float64 {
	s, amp := 0., .5
	for range k {
		s += n.at(x, y) * amp
		x, y, amp = x*2.03+17.1, y*2.03+5.7, amp/2
	}
	return s
}

// Desk is what lies under the document: the sRGB colour, 0 to 255, at a point in millimetres.
type Desk func(x, y float64) (r, g, b float64)

// Wood is a table top with grain along x.
func Wood(r, g, b float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	pitch := 7 + rng.Float64()*8
	return func(x, y float64) (float64, float64, float64) {
		warp := n.octaves(x*.006, y*.04, 3) * 14
		rings := math.Sin((y+warp)/pitch*2*math.Pi) * .5
		fibre := n.octaves(x*.05, y*1.9, 3)
		pore := n.at(x*.22, y*6.5)
		if pore < .62 {
			pore = 0
		}
		d := rings*9 + fibre*26 - pore*22
		return r + d, g + d*.86, b + d*.66
	}
}

// Felt is a soft cloth without a weave.
func Felt(r, g, b, rough float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		d := n.octaves(x*2.1, y*2.1, 3)*rough + n.octaves(x*.03, y*.03, 2)*6
		return r + d, g + d, b + d
	}
}

// Weave is a cloth whose threads are seen.
func Weave(r, g, b, pitch float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		k := 2 * math.Pi / pitch
		d := (math.Sin(x*k)+math.Sin(y*k))*8 + n.octaves(x*1.3, y*1.3, 2)*14
		return r + d, g + d, b + d*.9
	}
}

// Laminate is a smooth, light surface.
func Laminate(r, g, b float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		d := n.octaves(x*.02, y*.02, 2)*7 + n.at(x*3, y*3)*1.2
		return r + d, g + d, b + d
	}
}

// Plaid is a chequered tablecloth: straight edges everywhere.
func Plaid(r, g, b, size float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		band := func(v float64) float64 {
			if math.Mod(math.Mod(v, size)+size, size) < size/2 {
				return 1
			}
			return 0
		}
		k := (band(x) + band(y)) / 2
		d := n.octaves(x*1.5, y*1.5, 2) * 10
		return 228 + (r-228)*k + d, 224 + (g-224)*k + d, 216 + (b-216)*k + d
	}
}

// Cardboard is brown, with faint ribs.
func Cardboard(rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		d := math.Sin(y*1.9)*2.5 + n.octaves(x*.8, y*.8, 3)*16
		return 176 + d, 142 + d*.9, 104 + d*.8
	}
}

// Granite is a speckled kitchen top.
func Granite(r, g, b float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		d := n.octaves(x*.16, y*.16, 2)*22 + n.octaves(x*1.1, y*1.1, 2)*30
		if v := n.at(x*1.7+40, y*1.7); v > .5 {
			d -= 46
		} else if v < -.55 {
			d += 34
		}
		return r + d, g + d, b + d
	}
}

// Marble is light with dark veins.
func Marble(rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		v := math.Abs(math.Sin((x*.7+y)*.03 + n.octaves(x*.018, y*.018, 4)*5))
		d := -44*math.Pow(1-v, 6) + n.octaves(x*.4, y*.4, 2)*5
		return 214 + d, 214 + d, 216 + d
	}
}

// Leather is a desk pad.
func Leather(r, g, b float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		c := math.Abs(n.octaves(x*.75, y*.75, 3))
		d := 22*math.Sqrt(c) - 14 + n.octaves(x*.03, y*.03, 2)*8
		return r + d, g + d, b + d
	}
}

// Planks is a floor of boards with dark gaps.
func Planks(r, g, b float64, rng *rand.Rand) Desk {
	wood := Wood(r, g, b, rng)
	n := newNoise(rng)
	width := 46 + rng.Float64()*40
	return func(x, y float64) (float64, float64, float64) {
		row := math.Floor(y / width)
		in := y - row*width
		shade := n.at(row*3.7, 1.3) * 20
		if in < .9 {
			return 40, 32, 26
		}
		wr, wg, wb := wood(x+row*211, y)
		return wr + shade, wg + shade*.9, wb + shade*.8
	}
}

// Print is a newspaper or a page of notes under the document: lines that look like text.
func Print(rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		d := n.octaves(x*.3, y*.3, 2) * 6
		line, in := math.Floor(y/4.2), math.Mod(math.Mod(y, 4.2)+4.2, 4.2)
		col := math.Mod(math.Mod(x, 62)+62, 62)
		if in < 2.4 && col < 57 && n.at(x*1.9, line*7.3)+n.at(x*.37+9, line*3.1)*.4 > -.05 && n.at(x*3.1, y*2.3) > -.35 {
			d -= 140
		}
		return 206 + d, 203 + d, 192 + d
	}
}

// Bedsheet is white cloth with soft folds.
func Bedsheet(r, g, b float64, rng *rand.Rand) Desk {
	n := newNoise(rng)
	return func(x, y float64) (float64, float64, float64) {
		f := math.Sin(x*.045+y*.02+n.octaves(x*.006, y*.006, 2)*6) + math.Sin(y*.06-x*.015+n.octaves(y*.008, x*.008, 2)*5)
		d := f*11 + n.octaves(x*1.8, y*1.8, 2)*6
		return r + d, g + d, b + d
	}
}

// withEdge ends the desk at a line; beyond is the floor.
func withEdge(d Desk, nx, ny, at, r, g, b float64) Desk {
	return func(x, y float64) (float64, float64, float64) {
		t := x*nx + y*ny - at
		if t < 0 {
			return d(x, y)
		}
		if t < 2.2 {
			return r * .35, g * .35, b * .35
		}
		return r, g, b
	}
}

// RandomDesk picks a surface of the half's own: tuning and validation share none.
func RandomDesk(style Style, rng *rand.Rand) (Desk, string) {
	j := func(v float64) float64 { return v + rng.Float64()*24 - 12 }
	type choice struct {
		name string
		mk   func() Desk
	}
	var cs []choice
	if style == StyleA {
		cs = []choice{
			{"light wood", func() Desk { return Wood(j(176), j(134), j(92), rng) }},
			{"dark wood", func() Desk { return Wood(j(96), j(72), j(54), rng) }},
			{"red wood", func() Desk { return Wood(j(140), j(80), j(58), rng) }},
			{"dark felt", func() Desk { return Felt(j(44), j(46), j(50), 20, rng) }},
			{"green felt", func() Desk { return Felt(j(50), j(96), j(70), 16, rng) }},
			{"blue cloth", func() Desk { return Weave(j(70), j(92), j(124), 1.1, rng) }},
			{"white laminate", func() Desk { return Laminate(j(206), j(206), j(204), rng) }},
			{"grey laminate", func() Desk { return Laminate(j(150), j(152), j(154), rng) }},
			{"plaid", func() Desk { return Plaid(j(170), j(60), j(60), 34, rng) }},
			{"cardboard", func() Desk { return Cardboard(rng) }},
		}
	} else {
		cs = []choice{
			{"granite", func() Desk { return Granite(j(120), j(116), j(112), rng) }},
			{"black granite", func() Desk { return Granite(j(58), j(58), j(60), rng) }},
			{"marble", func() Desk { return Marble(rng) }},
			{"brown leather", func() Desk { return Leather(j(92), j(60), j(42), rng) }},
			{"black leather", func() Desk { return Leather(j(46), j(44), j(44), rng) }},
			{"planks", func() Desk { return Planks(j(150), j(116), j(84), rng) }},
			{"grey planks", func() Desk { return Planks(j(126), j(122), j(116), rng) }},
			{"newspaper", func() Desk { return Print(rng) }},
			{"bedsheet", func() Desk { return Bedsheet(j(196), j(196), j(200), rng) }},
			{"pink bedsheet", func() Desk { return Bedsheet(j(200), j(160), j(164), rng) }},
		}
	}
	c := cs[rng.IntN(len(cs))]
	d, name := c.mk(), c.name
	if rng.IntN(6) == 0 {
		a := rng.Float64() * 2 * math.Pi
		far := 105 + rng.Float64()*40
		d, name = withEdge(d, math.Cos(a), math.Sin(a), far+60*math.Cos(a)+40*math.Sin(a), 70+rng.Float64()*90, 66+rng.Float64()*80, 60+rng.Float64()*70), name+", table edge"
	}
	return d, name
}

// bake evaluates a desk once, at px pixels a millimetre, over an area that then repeats mirrored.
func bake(d Desk, px float64) *texture {
	const w, h = 1280, 960
	t := &texture{W: w, H: h, p: make([]float32, w*h*3)}
	parallel(h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range w {
				r, g, b := d((float64(x)-w*.3)/px, (float64(y)-h*.3)/px)
				o := (y*w + x) * 3
				t.p[o], t.p[o+1], t.p[o+2] = linear(r), linear(g), linear(b)
			}
		}
	})
	return t
}

// wrapped samples a texture that continues as its own mirror image.
func (t *texture) wrapped(x, y float64) [3]float32 {
	fold := func(v, n float64) float64 {
		v = math.Abs(v)
		v = math.Mod(v, 2*n)
		if v >= n {
			v = 2*n - v
		}
		return v
	}
	return t.sample(fold(x, float64(t.W)-2), fold(y, float64(t.H)-2))
}
