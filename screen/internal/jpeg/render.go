package jpeg

// picture turns coefficients into samples.
func (s *source) picture() (*Picture, error) {
	pic := &Picture{Config: s.config(), Colour: s.colour(), source: s}
	r := renderer{source: s, size: make([]int, len(s.comps)), quant: make([]*[64]int32, len(s.comps))}
	for i, c := range s.comps {
		q := s.header.quant[c.tq]
		if q == nil {
			return nil, ErrCorrupt
		}
		r.quant[i] = naturalQuant(q, s.keep)
		if i == 0 {
			pic.Quant = *q
		}
		n := s.samples(i)
		r.size[i] = n
		w, h := c.storedX*n, c.storedY*n
		dx, dy := float64(s.hmax)/float64(c.h)*8/float64(n), float64(s.vmax)/float64(c.v)*8/float64(n)
		pic.Planes = append(pic.Planes, Plane{Pix: make([]uint8, w*h), Stride: w, DX: dx, DY: dy,
			W: min(w, max(1, int(float64(s.width)/dx))), H: min(h, max(1, int(float64(s.height)/dy)))})
	}
	y := s.comps[0]
	pic.DetailW, pic.DetailH = y.storedX, y.storedY
	pic.Detail = make([]uint8, y.storedX*y.storedY)
	r.pic = pic
	if s.runs != nil {
		if len(s.runs) >= 8 {
			parallel(len(s.runs), func(i int) error { r.render(s.runs[i], 0, s.runs[i].n); return nil })
		} else {
			for _, u := range s.runs {
				const chunk = 256
				parallel(ceilDiv(u.n, chunk), func(i int) error { r.render(u, i*chunk, min(u.n, (i+1)*chunk)); return nil })
			}
		}
		return pic, nil
	}
	for i, c := range s.comps {
		parallel(c.storedY, func(by int) error {
			for bx := range c.storedX {
				b := by*c.storedX + bx
				r.put(i, bx, by, s.coefs[i][b*s.keep:][:s.keep:s.keep], 0)
				if i == 0 {
					pic.Detail[b] = detail(s.seen[0][b])
				}
			}
			return nil
		})
	}
	return pic, nil
}

// samples is how many samples a block of a component becomes, in one direction.
func (s *source) samples(i int) int {
	n := s.size
	if i == 0 || s.colour() == RGB || s.colour() == CMYK || i == 3 {
		return n
	}
	c := s.comps[i]
	switch k := min(s.hmax/c.h, s.vmax/c.v); {
	case k < 2 && n&(n-1) == 0: // at full resolution: its half needs half the samples
		return max(1, n/2)
	case k >= 4 && 4*n*n <= s.keep:
		return 2 * n
	}
	return n
}

func (s *source) colour() Colour {
	switch len(s.comps) {
	case 1:
		return Gray
	case 4:
		if s.adobe == 2 {
			return YCCK
		}
		return CMYK
	}
	if s.adobe == 0 || s.adobe < 0 && s.comps[0].id == 'R' && s.comps[1].id == 'G' && s.comps[2].id == 'B' {
		return RGB
	}
	return YCbCr
}

type renderer struct {
	*source
	pic   *Picture
	size  []int // samples a block, by component
	quant []*[64]int32
}

// naturalQuant arranges a table like the kept coefficients.
func naturalQuant(q *[64]uint16, keep int) *[64]int32 {
	slots := &slot64
	switch keep {
	case keep4:
		slots = &slot4
	case keep16:
		slots = &slot16
	}
	var t [64]int32
	for k, v := range q {
		if s := int(slots[k]); s < keep {
			t[s] = int32(v)
		}
	}
	return &t
}

// render turns MCUs a to b of a run into samples.
func (r *renderer) render(u *run, a, b int) {
	blocks := len(r.plan.comp)
	for m := a; m < b; m++ {
		mx, my := (u.first+m)%r.mcusX, (u.first+m)/r.mcusX
		i := m * blocks
		for ci := range r.comps {
			c := &r.comps[ci]
			for v := range c.v {
				for h := range c.h {
					bx, by := mx*c.h+h, my*c.v+v
					r.put(ci, bx, by, u.coefs[i*r.keep:][:r.keep:r.keep], u.offset[ci])
					if ci == 0 {
						r.pic.Detail[by*c.storedX+bx] = u.act[i]
					}
					i++
				}
			}
		}
	}
}

// put writes one block.
func (r *renderer) put(ci, bx, by int, f []int16, dc int32) {
	n := r.size[ci]
	p := &r.pic.Planes[ci]
	q := r.quant[ci]
	dst := p.Pix[by*n*p.Stride+bx*n:]
	// DC values are differences of 16 bits, whatever a hostile stream adds up.
	f0 := int32(int16(int32(f[0])+dc)) * q[0]
	if n == 1 {
		put1(dst, f0)
		return
	}
	switch r.keep {
	case keep4:
		put2(dst, p.Stride, f0, int32(f[1])*q[1], int32(f[2])*q[2], int32(f[3])*q[3])
	case keep16:
		if n == 2 {
			put2(dst, p.Stride, f0, int32(f[1])*q[1], int32(f[4])*q[4], int32(f[5])*q[5])
			return
		}
		var t [16]int32
		for i := range t {
			t[i] = int32(f[i]) * q[i]
		}
		t[0] = f0
		put4(dst, p.Stride, &t)
	default:
		if n == 4 {
			var t [16]int32
			for i := range t {
				j := i>>2<<3 | i&3
				t[i] = int32(f[j]) * q[j]
			}
			t[0] = f0
			put4(dst, p.Stride, &t)
			return
		}
		var t [64]int32
		if n == 5 {
			for i := range 5 * 8 {
				t[i] = int32(f[i]) * q[i]
			}
			t[0] = f0
			put5(dst, p.Stride, &t)
			return
		}
		for i := range t {
			t[i] = int32(f[i]) * q[i]
		}
		t[0] = f0
		put8(dst, p.Stride, &t)
	}
}

// EachLow visits the blocks of the first component with their three lowest frequencies, dequantised: one cycle across, one
// down, one both ways. With every above 1 it visits one row in so many of MCUs, or of blocks where each component was a scan of
// its own.
func (pic *Picture) EachLow(every int, visit func(bx, by int, across, down, both int32)) {
	s := pic.source
	c := s.comps[0]
	q := naturalQuant(s.header.quant[c.tq], s.keep)
	i1, i2, i3 := 1, 2, 3
	switch s.keep {
	case keep16:
		i2, i3 = 4, 5
	case keep64:
		i2, i3 = 8, 9
	}
	see := func(bx, by int, f []int16) {
		if bx < c.blocksX && by < c.blocksY {
			visit(bx, by, int32(f[i1])*q[i1], int32(f[i2])*q[i2], int32(f[i3])*q[i3])
		}
	}
	if s.runs == nil {
		for by := 0; by < c.storedY; by += every {
			for bx := range c.storedX {
				see(bx, by, s.coefs[0][(by*c.storedX+bx)*s.keep:])
			}
		}
		return
	}
	blocks := len(s.plan.comp)
	for _, u := range s.runs {
		for m := 0; m < u.n; m++ {
			mx, my := (u.first+m)%s.mcusX, (u.first+m)/s.mcusX
			if my%every != 0 {
				m += s.mcusX - mx - 1 // to the end of the row
				continue
			}
			for i := range c.h * c.v {
				see(mx*c.h+i%c.h, my*c.v+i/c.h, u.coefs[(m*blocks+i)*s.keep:])
			}
		}
	}
}
