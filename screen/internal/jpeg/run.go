package jpeg

// plan is what one MCU of a scan of all components consists of, and what is kept of it.
type plan struct {
	comp   []int // component of each block
	dc, ac []*huffman
	keep   int // coefficients a block
	limit  int
	slots  *[64]uint8
	ncomp  int
}

func newPlan(h *header, keep int) (*plan, error) {
	p := &plan{keep: keep, ncomp: len(h.comps)}
	switch keep {
	case keep4:
		p.limit, p.slots = last4, &slot4
	case keep16:
		p.limit, p.slots = last16, &slot16
	default:
		p.limit, p.slots = 63, &slot64
	}
	for i, c := range h.comps {
		dc, ac := h.dcTab[c.dc], h.acTab[c.ac]
		if dc == nil || ac == nil {
			return nil, ErrCorrupt
		}
		for range c.h * c.v {
			p.comp, p.dc, p.ac = append(p.comp, i), append(p.dc, dc), append(p.ac, ac)
		}
	}
	return p, nil
}

// run is a sequence of MCUs decoded from one place on: an interval between restart markers, or a part of one.
type run struct {
	first, n int // MCUs
	coefs    []int16
	act      []uint8 // detail of each block
	data     []byte
	marks    []mark
	offset   [4]int32 // to be added to every DC
}

// mark is a place from which decoding can be taken up again.
type mark struct {
	bit  int
	mcu  int // within the run
	pred [4]int32
}

const markEvery = 16

// decoder decodes MCUs one after the other.
type decoder struct {
	bitReader
	plan *plan
	pred [4]int32
	run  *run
}

// mcu decodes one more MCU into the run. ok is false for a code that does not exist.
func (d *decoder) mcu() bool {
	p, r := d.plan, d.run
	at := r.n * len(p.comp)
	for i, c := range p.comp {
		diff, ok := d.difference(p.dc[i])
		if !ok {
			return false
		}
		d.pred[c] += diff
		out := r.coefs[(at+i)*p.keep:][:p.keep:p.keep]
		out[0] = int16(d.pred[c])
		act, ok := d.block(p.ac[i], out, p.limit, p.slots)
		if !ok {
			return false
		}
		r.act[at+i] = act
	}
	r.n++
	return true
}

func newRun(data []byte, first, capacity int, p *plan) *run {
	n := capacity * len(p.comp)
	return &run{first: first, data: data, coefs: make([]int16, n*p.keep), act: make([]uint8, n)}
}

func (d *decoder) mark() mark { return mark{d.pos(), d.run.n, d.pred} }

// interval decodes the n MCUs of one restart interval.
func (p *plan) interval(data []byte, first, n int) (*run, error) {
	d := decoder{bitReader: newBitReader(data, 0), plan: p, run: newRun(data, first, n, p)}
	for d.run.n < n {
		if d.run.n%markEvery == 0 {
			d.run.marks = append(d.run.marks, d.mark())
		}
		if !d.mcu() || d.pos() > d.end {
			return nil, ErrCorrupt
		}
	}
	return d.run, nil
}
