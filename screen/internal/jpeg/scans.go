package jpeg

import "math/bits"

// decodeScans decodes a picture of several scans: progressive ones, and sequential ones with a scan for each component.
// Of each block it keeps the coefficients that are wanted, and of all 64 only whether they are non-zero, which is what
// later scans depend on.
func (s *source) decodeScans(b []byte, at int) error {
	s.coefs, s.seen = make([][]int16, len(s.comps)), make([][]uint64, len(s.comps))
	for i, c := range s.comps {
		s.coefs[i], s.seen[i] = make([]int16, c.storedX*c.storedY*s.keep), make([]uint64, c.storedX*c.storedY)
	}
	touched := make([]bool, len(s.comps))
	for scans := 0; at >= 0; scans++ {
		if scans > 200 { // a picture needs a dozen; a bomb has thousands
			return ErrCorrupt
		}
		comps, ss, se, ah, al, data, err := s.scanHeader(b, at)
		if err != nil {
			return err
		}
		if s.progressive {
			if ss > se || se > 63 || al > 13 || ah > 13 || ah != 0 && ah != al+1 || ss == 0 && se != 0 || ss > 0 && len(comps) > 1 {
				return ErrCorrupt
			}
		} else {
			ss, se, ah, al = 0, 63, 0, 0
		}
		if len(comps) > 1 {
			n := 0
			for _, i := range comps {
				n += s.comps[i].h * s.comps[i].v
			}
			if n > 10 {
				return ErrCorrupt
			}
		}
		intervals, next, err := entropy(b, data)
		if err != nil {
			return err
		}
		sc := scan{source: s, comps: comps, ss: ss, se: se, ah: ah, al: al}
		if err := sc.decode(intervals); err != nil {
			return err
		}
		for _, i := range comps {
			touched[i] = touched[i] || ss == 0
		}
		if at, err = s.read(b, next, false); err != nil {
			return err
		}
	}
	for _, ok := range touched {
		if !ok {
			return ErrCorrupt
		}
	}
	return nil
}

// scan is one pass over some components.
type scan struct {
	*source
	comps          []int
	ss, se, ah, al int
	dc             [4]*huffman
	ac             *huffman
	eobRun         int
	bitReader
	pred  [4]int32
	slots *[64]uint8
}

func (s *scan) decode(intervals [][]byte) error {
	s.slots = &slot64
	switch s.keep {
	case keep4:
		s.slots = &slot4
	case keep16:
		s.slots = &slot16
	}
	for _, i := range s.comps {
		c := s.source.comps[i]
		s.dc[i], s.ac = s.dcTab[c.dc], s.acTab[c.ac]
		if s.ss == 0 && s.ah == 0 && s.dc[i] == nil || s.se > 0 && s.ac == nil {
			return ErrCorrupt
		}
	}
	var mx, my int
	single := len(s.comps) == 1
	if single { // a scan of one component holds only its blocks that carry picture (A.2.2)
		c := s.source.comps[s.comps[0]]
		mx, my = c.blocksX, c.blocksY
	} else {
		mx, my = s.mcusX, s.mcusY
	}
	total, each := mx*my, mx*my
	if s.restart > 0 {
		each = s.restart
	}
	if len(intervals) < ceilDiv(total, each) {
		return ErrCorrupt
	}
	var buf []byte
	for i := 0; i*each < total; i++ {
		buf = unstuff(buf, intervals[i], 1)
		s.bitReader, s.pred, s.eobRun = newBitReader(buf, 0), [4]int32{}, 0
		for m := i * each; m < min(total, (i+1)*each); m++ {
			ok := true
			if single {
				ok = s.block(s.comps[0], m%mx, m/mx)
			} else {
				for _, ci := range s.comps {
					c := &s.source.comps[ci]
					for v := range c.v {
						for h := range c.h {
							ok = ok && s.block(ci, m%mx*c.h+h, m/mx*c.v+v)
						}
					}
				}
			}
			if !ok || s.pos() > s.end {
				return ErrCorrupt
			}
		}
	}
	return nil
}

// block decodes this scan's part of one block.
func (s *scan) block(ci, bx, by int) bool {
	b := by*s.source.comps[ci].storedX + bx
	f := s.coefs[ci][b*s.keep:][:s.keep:s.keep]
	seen := &s.seen[ci][b]
	switch {
	case !s.progressive:
		return s.sequential(ci, f, seen)
	case s.ss == 0 && s.ah == 0:
		d, ok := s.difference(s.dc[ci])
		s.pred[ci] += d
		f[0] = int16(s.pred[ci] << s.al)
		return ok
	case s.ss == 0:
		if s.take(1) != 0 {
			f[0] |= 1 << s.al
		}
		return true
	case s.ah == 0:
		return s.acFirst(f, seen)
	}
	return s.acRefine(f, seen)
}

func (s *scan) store(f []int16, k int, v int32) {
	if i := int(s.slots[k&63]); i < len(f) {
		f[i] = int16(v)
	}
}

func (s *scan) sequential(ci int, f []int16, seen *uint64) bool {
	d, ok := s.difference(s.dc[ci])
	if !ok {
		return false
	}
	s.pred[ci] += d
	f[0] = int16(s.pred[ci])
	for k := 1; k < 64; {
		v, adv, ok := s.coefficient(s.acOf(ci))
		if !ok {
			return false
		}
		k += adv
		if k <= 64 && v != 0 {
			s.store(f, k-1, v)
			*seen |= 1 << (k - 1)
		}
	}
	return true
}

func (s *scan) acOf(ci int) *huffman { return s.acTab[s.source.comps[ci].ac] }

// acFirst is the first scan of a band (G.1.2.2).
func (s *scan) acFirst(f []int16, seen *uint64) bool {
	if s.eobRun > 0 {
		s.eobRun--
		return true
	}
	for k := s.ss; k <= s.se; k++ {
		e := s.symbol(s.ac)
		if e < 0 {
			return false
		}
		run, size := e>>4, uint(e&15)
		if size == 0 {
			if run < 15 {
				s.eobRun = 1<<run - 1 + int(s.take(uint(run)))
				return true
			}
			k += 15
			continue
		}
		k += run
		v := extend(s.take(size), size)
		if k > s.se {
			break
		}
		s.store(f, k, v<<s.al)
		*seen |= 1 << k
	}
	return true
}

// acRefine adds one bit to the coefficients of a band (G.1.2.3).
func (s *scan) acRefine(f []int16, seen *uint64) bool {
	k := s.ss
	if s.eobRun == 0 {
		for k <= s.se {
			e := s.symbol(s.ac)
			if e < 0 {
				return false
			}
			run, size := e>>4, e&15
			fresh := int32(0)
			switch {
			case size == 0 && run < 15:
				s.eobRun = 1<<run + int(s.take(uint(run)))
			case size != 0:
				if fresh = 1 << s.al; s.take(1) == 0 {
					fresh = -fresh
				}
			}
			if s.eobRun > 0 {
				break
			}
			if k = s.refineRun(f, seen, k, run); k > s.se {
				break
			}
			if fresh != 0 {
				s.store(f, k, fresh)
				*seen |= 1 << k
			}
			k++
		}
	}
	if s.eobRun > 0 {
		s.eobRun--
		s.refineRun(f, seen, k, 64)
	}
	return true
}

// refineRun passes zeros zero coefficients from k on, adding a bit to each non-zero one it meets, and returns where it
// stopped: at the zero after them, or past the band.
func (s *scan) refineRun(f []int16, seen *uint64, k, zeros int) int {
	for k <= s.se {
		if *seen>>k&1 == 0 {
			// Jump over zeros at once.
			n := bits.TrailingZeros64(*seen>>k | 1<<(s.se-k+1))
			if n > zeros {
				return k + zeros
			}
			k, zeros = k+n, zeros-n
			continue
		}
		if s.take(1) != 0 {
			if i := int(s.slots[k]); i < len(f) {
				if f[i] >= 0 {
					f[i] += 1 << s.al
				} else {
					f[i] -= 1 << s.al
				}
			}
		}
		k++
	}
	return k
}

// detail counts the non-zero AC coefficients of a block.
func detail(seen uint64) uint8 { return uint8(bits.OnesCount64(seen &^ 1)) }
