package jpeg

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// padding is how many zero bytes follow the data, more than the longest MCU, so that the reader need not look for the end
// at every symbol: it is enough to look once an MCU whether it was passed.
const padding = 4096

// bitReader takes bits from the front. The next bits stand at the top of acc; nb of them are valid.
type bitReader struct {
	data []byte // unstuffed, with padding
	p    int    // next byte to load
	acc  uint64
	nb   uint
	end  int // number of real bits
}

func newBitReader(data []byte, at int) bitReader {
	return bitReader{data: data, p: at, end: (len(data) - padding) * 8}
}

// pos is the number of bits taken.
func (r *bitReader) pos() int { return r.p*8 - int(r.nb) }

// seek continues at a bit.
func (r *bitReader) seek(bit int) {
	r.p, r.acc, r.nb = bit>>3, 0, 0
	r.fill()
	r.acc <<= uint(bit & 7)
	r.nb -= uint(bit & 7)
}

// fill brings nb to at least 56. Bits below nb may be there already; loading them again changes nothing.
func (r *bitReader) fill() {
	r.acc |= load64(r.data, r.p) >> (r.nb & 63)
	r.p += int((63 - r.nb) >> 3)
	r.nb |= 56
}

func load64(b []byte, p int) uint64 { return binary.BigEndian.Uint64(b[p:]) }

// take returns n bits, n ≤ 16.
func (r *bitReader) take(n uint) int32 {
	if r.nb < n {
		r.fill()
	}
	v := int32(r.acc >> 1 >> (63 - n))
	r.acc <<= n
	r.nb -= n
	return v
}

// symbol decodes one Huffman symbol, or -1.
func (r *bitReader) symbol(t *huffman) int {
	if r.nb < 16 {
		r.fill()
	}
	if e := t.look[r.acc>>(64-lookBits)]; e != 0 {
		r.acc <<= e >> 8
		r.nb -= uint(e >> 8)
		return int(e & 255)
	}
	for l := lookBits + 1; l <= 16; l++ {
		if c := int32(r.acc >> (64 - l)); c <= t.maxCode[l] {
			r.acc <<= l
			r.nb -= uint(l)
			return int(t.vals[(t.firstVal[l]+c)&255])
		}
	}
	return -1
}

// entropy cuts the entropy-coded data that starts at p into its restart intervals, and returns where the next marker is.
// An interval is the range of raw bytes between two markers.
func entropy(b []byte, p int) (intervals [][]byte, next int, err error) {
	start, want := p, byte(0)
	for {
		i := bytes.IndexByte(b[p:], 0xff)
		if i < 0 || p+i+1 >= len(b) {
			return append(intervals, b[start:]), len(b), nil
		}
		p += i
		switch m := b[p+1]; {
		case m == 0:
			p += 2
		case m == 0xff:
			p++
		case m >= mRST0 && m <= mRST0+7:
			if m != mRST0+want {
				return nil, 0, ErrCorrupt
			}
			want = (want + 1) & 7
			intervals = append(intervals, b[start:p])
			p += 2
			start = p
		default:
			return append(intervals, b[start:p]), p, nil
		}
	}
}

// unstuff returns raw without the zero bytes that follow 0xff, with the padding behind it, in buf where there is room. Parts of
// it are done side by side.
func unstuff(buf, raw []byte, parts int) []byte {
	dst := slices.Grow(buf[:0], len(raw)+padding)[:len(raw)+padding]
	cut := make([]int, parts+1)
	for i := 1; i <= parts; i++ {
		cut[i] = len(raw) * i / parts
		if c := cut[i]; c > 0 && c < len(raw) && raw[c-1] == 0xff && raw[c] == 0 { // these two belong together
			cut[i]++
		}
	}
	done := make([]int, parts)
	_ = parallel(parts, func(i int) error {
		done[i] = unstuffInto(dst[cut[i]:], raw[cut[i]:cut[i+1]])
		return nil
	})
	n := done[0]
	for i := 1; i < parts; i++ {
		n += copy(dst[n:], dst[cut[i]:cut[i]+done[i]])
	}
	clear(dst[n : n+padding])
	return dst[:n+padding]
}

// unstuffInto writes raw to the front of dst, and returns how many bytes that were.
func unstuffInto(dst, raw []byte) (n int) {
	for {
		i := bytes.IndexByte(raw, 0xff)
		if i < 0 {
			return n + copy(dst[n:], raw)
		}
		n += copy(dst[n:], raw[:i])
		if i+1 < len(raw) && raw[i+1] == 0 {
			dst[n] = 0xff
			n++
			raw = raw[i+2:]
		} else { // fill bytes before a marker
			raw = raw[i+1:]
		}
	}
}
