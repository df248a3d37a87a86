package jpeg

// zigzag order to natural order.
var natural = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// How many coefficients of a block are kept: those of the 2 × 2, 4 × 4 or 8 × 8 lowest frequencies, in natural order of
// that square.
const (
	keep4, keep16, keep64 = 4, 16, 64
)

// slot says where the coefficient at a zigzag position is kept; the last place (keep) is for the others.
var slot4, slot16, slot64 [64]uint8

func init() {
	for k, n := range natural {
		x, y := n&7, n>>3
		slot4[k], slot16[k], slot64[k] = keep4, keep16, n
		if x < 2 && y < 2 {
			slot4[k] = y*2 + x
		}
		if x < 4 && y < 4 {
			slot16[k] = y*4 + x
		}
	}
}

// Zigzag positions after which nothing is kept.
const last4, last16 = 4, 24

// difference decodes a DC difference. ok is false for a code that does not exist.
func (r *bitReader) difference(t *huffman) (d int32, ok bool) {
	s := r.symbol(t)
	if s < 0 || s > 15 {
		return 0, false
	}
	if s == 0 {
		return 0, true
	}
	return extend(r.take(uint(s)), uint(s)), true
}

// coefficient decodes one AC coefficient the slow way: value, advance.
func (r *bitReader) coefficient(t *huffman) (v int32, adv int, ok bool) {
	s := r.symbol(t)
	switch {
	case s < 0:
		return 0, 0, false
	case s == 0xf0:
		return 0, 16, true
	case s&15 == 0:
		return 0, endOfBlock, true
	}
	return extend(r.take(uint(s&15)), uint(s&15)), s>>4 + 1, true
}

// block decodes the AC part of a block into out, whose length is the number kept; limit is the last zigzag position that
// is kept, slots says where. act is 0 for a block without any detail and grows with the bits that detail took.
func (r *bitReader) block(t *huffman, out []int16, limit int, slots *[64]uint8) (act uint8, ok bool) {
	start := r.pos()
	acc, nb, p, data := r.acc, r.nb, r.p, r.data
	k := 1
	for k <= limit {
		if nb < 32 {
			acc |= load64(data, p) >> (nb & 63)
			p += int((63 - nb) >> 3)
			nb |= 56
		}
		e := t.value[acc>>(64-lookBits)]
		var v int32
		if e != 0 {
			acc <<= uint(e) & 31
			nb -= uint(e) & 31
			k += int(e>>8) & 255
			v = e >> 16
		} else {
			var adv int
			r.acc, r.nb, r.p = acc, nb, p
			if v, adv, ok = r.coefficient(t); !ok {
				return 0, false
			}
			acc, nb, p = r.acc, r.nb, r.p
			k += adv
		}
		if k-1 <= limit {
			if s := slots[(k-1)&63]; int(s) < len(out) {
				out[s] = int16(v)
			}
		} else if k == 1+endOfBlock {
			r.acc, r.nb, r.p = acc, nb, p
			return 0, true // the end came first: a flat block
		}
	}
	for k < 64 {
		if nb < 32 {
			acc |= load64(data, p) >> (nb & 63)
			p += int((63 - nb) >> 3)
			nb |= 56
		}
		e := uint(t.skip[acc>>(64-skipBits)])
		if next := k + int(e>>4); next < 64 {
			acc <<= e & 15
			nb -= e & 15
			k = next
			continue
		}
		adv := int(e >> 4)
		if adv&endOfBlock != 0 && k+adv-endOfBlock < 64 || adv < endOfBlock && k+adv == 64 {
			acc <<= e & 15
			nb -= e & 15
			break
		}
		r.acc, r.nb, r.p = acc, nb, p
		if _, adv, ok = r.coefficient(t); !ok {
			return 0, false
		}
		acc, nb, p = r.acc, r.nb, r.p
		k += adv
	}
	r.acc, r.nb, r.p = acc, nb, p
	return uint8(min(255, max(1, (r.pos()-start)>>1))), true
}
