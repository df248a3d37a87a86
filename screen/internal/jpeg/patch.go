package jpeg

import "sort"

// Patch decodes a rectangle of the first component at full size, after the picture. Only pictures of a single scan can be
// taken up again in the middle; of others ok is false. The rectangle is moved inwards to lie inside the picture.
func (pic *Picture) Patch(x, y, w, h int) (p Plane, ok bool) {
	s := pic.source
	if s == nil || s.runs == nil || w > s.width || h > s.height {
		return Plane{}, false
	}
	full, err := newPlan(s.header, keep64)
	if err != nil {
		return Plane{}, false
	}
	x, y = min(max(x, 0), s.width-w), min(max(y, 0), s.height-h)
	c := s.comps[0]
	mw, mh := 8*c.h, 8*c.v // samples of the first component an MCU
	sx, sy := s.hmax/c.h, s.vmax/c.v
	if sx != 1 || sy != 1 {
		return Plane{}, false
	}
	mx0, my0, mx1, my1 := x/mw, y/mh, ceilDiv(x+w, mw), ceilDiv(y+h, mh)
	wide := Plane{Stride: (mx1 - mx0) * mw, W: (mx1 - mx0) * mw, H: (my1 - my0) * mh, DX: 1, DY: 1}
	wide.Pix = make([]uint8, wide.Stride*wide.H)
	q := naturalQuant(s.header.quant[c.tq], keep64)
	for my := my0; my < my1; my++ {
		for m := my*s.mcusX + mx0; m < my*s.mcusX+mx1; {
			r := s.runs[sort.Search(len(s.runs), func(i int) bool { return s.runs[i].first > m })-1]
			n := min(my*s.mcusX+mx1, r.first+r.n) - m
			if !s.stretch(r, full, m, n, func(i int, coefs []int16, at int) {
				mx := m + i - my*s.mcusX - mx0
				var f [64]int32
				for k := range f {
					f[k] = int32(coefs[k]) * q[k]
				}
				f[0] = int32(int16(int32(coefs[0])+r.offset[0])) * q[0]
				put8(wide.Pix[((my-my0)*mh+at/c.h*8)*wide.Stride+mx*mw+at%c.h*8:], wide.Stride, &f)
			}) {
				return Plane{}, false
			}
			m += n
		}
	}
	off := (y-my0*mh)*wide.Stride + x - mx0*mw
	return Plane{Pix: wide.Pix[off:], Stride: wide.Stride, W: w, H: h, DX: 1, DY: 1}, true
}

// stretch decodes n MCUs from the m-th of the picture on, and hands over the blocks of the first component: which MCU,
// its coefficients, and which block of the MCU.
func (s *source) stretch(r *run, p *plan, m, n int, take func(i int, coefs []int16, at int)) bool {
	in := m - r.first
	k := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].mcu > in }) - 1
	if k < 0 {
		return false
	}
	one := newRun(r.data, 0, 1, p)
	d := decoder{bitReader: newBitReader(r.data, 0), plan: p, pred: r.marks[k].pred, run: one}
	d.seek(r.marks[k].bit)
	blocks := s.comps[0].h * s.comps[0].v
	for i := r.marks[k].mcu; i < in+n; i++ {
		clear(one.coefs)
		one.n = 0
		if !d.mcu() {
			return false
		}
		for b := 0; i >= in && b < blocks; b++ {
			take(i-in, one.coefs[b*keep64:][:keep64], b)
		}
	}
	return true
}
