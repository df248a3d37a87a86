package jpeg

import (
	"runtime"
	"sync"
)

// Picture is a decoded picture.
type Picture struct {
	Config
	// Planes are the components, each reduced by its own power of two. A plane is padded to whole blocks.
	Planes []Plane
	Colour Colour
	// Detail tells, for every 8 × 8 block of the first component, how much beyond its mean it holds: 0 is nothing at all.
	// It is comparable within one picture.
	Detail           []uint8
	DetailW, DetailH int
	// Quant is the first component's quantisation table, in zigzag order.
	Quant [64]uint16

	source *source
}

// Plane is one component.
type Plane struct {
	Pix    []uint8
	Stride int
	W, H   int // the part that is picture
	// Samples of the full-size picture a sample, in both directions.
	DX, DY float64
}

// Colour is what the components mean.
type Colour int

const (
	Gray Colour = iota
	YCbCr
	RGB
	CMYK // inverted, as Adobe writes it
	YCCK // inverted
)

// Decode decodes a picture with each block of 8 × 8 samples of its first component reduced to size × size: 1, 2, 4, 5 or 8. The others
// are reduced such that they have half the first one's resolution or more, if they have that much.
func Decode(b []byte, size int) (*Picture, error) {
	h := &header{adobe: -1}
	at, err := h.read(b, 0, false)
	if err != nil {
		return nil, err
	}
	if at < 0 || h.comps == nil {
		return nil, ErrCorrupt
	}
	keep := keep64
	switch size {
	case 1, 2:
		keep = keep4
	case 4:
		keep = keep16
	}
	s := &source{header: h, keep: keep, size: size}
	if h.progressive || !h.scanHoldsAll(b, at) {
		err = s.decodeScans(b, at)
	} else {
		err = s.decodeScan(b, at)
	}
	if err != nil {
		return nil, err
	}
	return s.picture()
}

// scanHoldsAll reports whether the scan whose header is at offset p interleaves all components.
func (h *header) scanHoldsAll(b []byte, p int) bool {
	return p+2 < len(b) && int(b[p+2]) == len(h.comps)
}

// source is a picture as coefficients: in runs of MCUs for the usual single scan, in planes for several scans.
type source struct {
	*header
	keep, size int // coefficients kept of a block; samples that a block of the first component becomes, in one direction
	plan       *plan
	runs       []*run
	coefs      [][]int16 // by component, when there are no runs
	seen       [][]uint64
}

// scanHeader reads a scan header into the components it names, and returns their indices, the spectral selection and the
// offset of the data.
func (h *header) scanHeader(b []byte, p int) (comps []int, ss, se, ah, al, data int, err error) {
	fail := func() ([]int, int, int, int, int, int, error) { return nil, 0, 0, 0, 0, 0, ErrCorrupt }
	n := int(b[p])<<8 | int(b[p+1])
	seg := b[p+2 : p+n]
	if len(seg) < 1 || h.comps == nil {
		return fail()
	}
	k := int(seg[0])
	if k < 1 || k > 4 || len(seg) < 1+2*k+3 {
		return fail()
	}
	for i := range k {
		found := false
		for j := range h.comps {
			if c := &h.comps[j]; c.id == int(seg[1+2*i]) {
				for _, o := range comps {
					found = found || o == j
				}
				if found {
					return fail()
				}
				c.dc, c.ac = seg[2+2*i]>>4, seg[2+2*i]&15
				if c.dc > 3 || c.ac > 3 {
					return fail()
				}
				comps, found = append(comps, j), true
				break
			}
		}
		if !found {
			return fail()
		}
	}
	t := seg[1+2*k:]
	return comps, int(t[0]), int(t[1]), int(t[2] >> 4), int(t[2] & 15), p + n, nil
}

// decodeScan decodes a single scan of all components.
func (s *source) decodeScan(b []byte, at int) error {
	_, _, _, _, _, at, err := s.scanHeader(b, at)
	if err != nil {
		return err
	}
	p, err := newPlan(s.header, s.keep)
	if err != nil {
		return err
	}
	s.plan = p
	intervals, _, err := entropy(b, at)
	if err != nil {
		return err
	}
	total := s.mcusX * s.mcusY
	if s.restart == 0 {
		if len(intervals) != 1 {
			return ErrCorrupt
		}
		n := min(runtime.GOMAXPROCS(0), 4, len(intervals[0])>>17)
		data := unstuff(nil, intervals[0], max(n, 1))
		if n > 1 {
			s.runs, err = p.split(data, total, n)
		} else {
			s.runs = make([]*run, 1)
			s.runs[0], err = p.interval(data, 0, total)
		}
		return err
	}
	n := ceilDiv(total, s.restart)
	if len(intervals) < n {
		return ErrCorrupt
	}
	s.runs = make([]*run, n)
	return parallel(n, func(i int) error {
		first := i * s.restart
		data := unstuff(nil, intervals[i], 1)
		r, err := p.interval(data, first, min(s.restart, total-first))
		s.runs[i] = r
		return err
	})
}

// parallel calls do for 0 … n-1 on the free cores, in chunks, and returns the first error.
func parallel(n int, do func(i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), 4, n)
	if workers <= 1 {
		for i := range n {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := n * w / workers; i < n*(w+1)/workers; i++ {
				if err := do(i); err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
