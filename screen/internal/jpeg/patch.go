package jpeg

import "sort"

// Patch decodes a rectangle of the first component at full size, after the picture. Of a picture that was reduced much, only
// one of a single scan can be taken up again in the middle; of others ok is false. The rectangle is moved inwards to lie inside
// the picture.
func (pic *Picture) Patch(x, y, w, h int) (p Plane, ok bool) {
	s := pic.source
	c := s.comps[0]
	if s.keep < keep64 && s.runs == nil || w > s.width || h > s.height || s.hmax != c.h || s.vmax != c.v {
		return Plane{}, false
	}
	x, y = min(max(x, 0), s.width-w), min(max(y, 0), s.height-h)
	pt := &patch{source: s, quant: naturalQuant(s.header.quant[c.tq], keep64)}
	pt.x0, pt.y0, pt.x1, pt.y1 = x/(8*c.h), y/(8*c.v), ceilDiv(x+w, 8*c.h), ceilDiv(y+h, 8*c.v)
	pt.stride = (pt.x1 - pt.x0) * 8 * c.h
	pt.pix = make([]uint8, pt.stride*(pt.y1-pt.y0)*8*c.v)
	if s.runs == nil {
		pt.blocks()
	} else if !pt.rows() {
		return Plane{}, false
	}
	off := (y-pt.y0*8*c.v)*pt.stride + x - pt.x0*8*c.h
	return Plane{Pix: pt.pix[off:], Stride: pt.stride, W: w, H: h, DX: 1, DY: 1}, true
}

// patch is a rectangle of MCUs at full size.
type patch struct {
	*source
	x0, y0, x1, y1 int // MCUs
	quant          *[64]int32
	pix            []uint8
	stride         int
}

// put writes one block, whose place is counted in blocks of the picture.
func (p *patch) put(bx, by int, coefs []int16, dc int32) {
	var f [64]int32
	for k := range f {
		f[k] = int32(coefs[k]) * p.quant[k]
	}
	f[0] = int32(int16(int32(coefs[0])+dc)) * p.quant[0]
	c := p.comps[0]
	put8(p.pix[(by-p.y0*c.v)*8*p.stride+(bx-p.x0*c.h)*8:], p.stride, &f)
}

// blocks takes the coefficients from where several scans have left them.
func (p *patch) blocks() {
	c := p.comps[0]
	for by := p.y0 * c.v; by < p.y1*c.v; by++ {
		for bx := p.x0 * c.h; bx < p.x1*c.h; bx++ {
			p.put(bx, by, p.coefs[0][(by*c.storedX+bx)*keep64:][:keep64], 0)
		}
	}
}

// rows takes them from runs, decoding anew where too few were kept.
func (p *patch) rows() bool {
	full, err := newPlan(p.header, keep64)
	if err != nil {
		return false
	}
	c := p.comps[0]
	for my := p.y0; my < p.y1; my++ {
		for m := my*p.mcusX + p.x0; m < my*p.mcusX+p.x1; {
			r := p.runs[sort.Search(len(p.runs), func(i int) bool { return p.runs[i].first > m })-1]
			n := min(my*p.mcusX+p.x1, r.first+r.n) - m
			take := func(i int, coefs []int16, at int) {
				p.put((m+i-my*p.mcusX)*c.h+at%c.h, my*c.v+at/c.h, coefs, r.offset[0])
			}
			if p.keep == keep64 {
				r.each(m-r.first, n, len(full.comp), c.h*c.v, take)
			} else if !p.stretch(r, full, m, n, take) {
				return false
			}
			m += n
		}
	}
	return true
}

// each hands over the blocks of the first component, first ones of an MCU of so many, of n MCUs that were kept whole.
func (r *run) each(m, n, blocks, first int, take func(i int, coefs []int16, at int)) {
	for i := range n {
		for at := range first {
			take(i, r.coefs[((m+i)*blocks+at)*keep64:][:keep64], at)
		}
	}
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
