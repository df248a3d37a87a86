package jpeg

const (
	lookBits = 10 // one symbol at a time
	skipBits = 12 // as many symbols as fit
)

// huffman is a code table, laid out so that one load answers for the usual symbols.
type huffman struct {
	// look: a symbol and its code's length, length<<8 | symbol; 0 where the code is longer than lookBits.
	look [1 << lookBits]uint16
	// value, for AC tables: a whole coefficient where code and extra bits fit: value<<16 | advance<<8 | bits. advance is by
	// how far the position in the block moves, endOfBlock for the end; 0 where it does not fit.
	value [1 << lookBits]int32
	// skip, for AC tables: all the coefficients whose codes and extra bits fit: advance<<4 | bits. An end of block among
	// them adds endOfBlock to the advance. 0 bits where not even one fits.
	skip [1 << skipBits]uint16

	maxCode  [17]int32 // largest code of each length, -1 for none
	firstVal [17]int32 // index of its first symbol minus its first code
	vals     [256]uint8
}

const endOfBlock = 64

func newHuffman(counts, vals []byte, ac bool) (*huffman, error) {
	t := &huffman{}
	copy(t.vals[:], vals)
	code, k := int32(0), int32(0)
	for l := 1; l <= 16; l++ {
		t.maxCode[l] = -1
		t.firstVal[l] = k - code
		for range counts[l-1] {
			if l <= lookBits {
				if code >= 1<<l {
					return nil, ErrCorrupt
				}
				base := code << (lookBits - l)
				for j := range int32(1) << (lookBits - l) {
					t.look[base+j] = uint16(l)<<8 | uint16(vals[k])
				}
			}
			code++
			k++
		}
		if counts[l-1] > 0 {
			t.maxCode[l] = code - 1
		}
		if code > 1<<l {
			return nil, ErrCorrupt
		}
		code <<= 1
	}
	if ac {
		t.prepare()
	}
	return t, nil
}

// prepare fills the tables that take coefficients at once.
func (t *huffman) prepare() {
	for i := range t.value {
		e := t.look[i]
		if e == 0 {
			continue
		}
		l, run, size := int(e>>8), int(e>>4)&15, int(e)&15
		switch {
		case size == 0 && run == 15:
			t.value[i] = 16<<8 | int32(l)
		case size == 0:
			t.value[i] = endOfBlock<<8 | int32(l)
		case l+size <= lookBits:
			raw := int32(i) >> (lookBits - l - size) & (1<<size - 1)
			t.value[i] = extend(raw, uint(size))<<16 | int32(run+1)<<8 | int32(l+size)
		}
	}
	for i := range t.skip {
		bits, adv := 0, 0
		for bits < skipBits {
			e := t.look[i<<bits&(1<<skipBits-1)>>(skipBits-lookBits)]
			l, run, size := int(e>>8), int(e>>4)&15, int(e)&15
			if e == 0 || bits+l+size > skipBits {
				break
			}
			if size == 0 && run < 15 {
				bits, adv = bits+l, adv+endOfBlock
				break
			}
			if adv+run+1 > 63 {
				break
			}
			bits, adv = bits+l+size, adv+run+1
		}
		if bits == 0 {
			adv = 2 * endOfBlock // leaves the fast loop
		}
		t.skip[i] = uint16(adv<<4 | bits)
	}
}

// extend is the standard's EXTEND (F.2.2.1): size bits to a signed value.
func extend(v int32, size uint) int32 {
	if size > 0 && v < 1<<(size-1) {
		v += -1<<size + 1
	}
	return v
}
