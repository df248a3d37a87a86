package pictures

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// Encoding is how a camera or a program writes JPEG. The standard library knows one sampling and the standard's example
// tables; phones and editors have others, and the traces of two savings depend on them.
type Encoding struct {
	Quality int
	Full    bool   // colour at full resolution, as editors save; else halved in both directions
	Tables  Tables // quantisation
	EXIF    *EXIF  // nil for none, as messengers leave it
	Restart int    // MCUs between restart markers
}

// Tables is a family of quantisation tables.
type Tables int

const (
	Standard Tables = iota // Annex K, scaled as libjpeg does
	Flat                   // one step for all frequencies but the lowest, as some phones
	Editor                 // an editor's own: gentle on low frequencies
)

// EXIF is the metadata that a program writes.
type EXIF struct {
	Make, Model, Software string
	Orientation           int
}

var annexK = [2][64]float64{
	{16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99},
	{17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99},
}

func (e Encoding) table(chroma int) (q [64]uint8) {
	s := 200 - 2*float64(e.Quality)
	if e.Quality < 50 {
		s = 5000 / float64(e.Quality)
	}
	for i := range q {
		v := annexK[chroma][i]
		x, y := float64(i%8), float64(i/8)
		switch e.Tables {
		case Flat:
			v = 22 + 3*(x+y)
		case Editor:
			v = 8 + 4.5*(x+y) + .9*x*y
		}
		q[i] = uint8(min(max(math.Floor((v*s+50)/100), 1), 255))
	}
	return
}

var zigzag = [64]int{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// The code tables of Annex K.3: how many codes of each length, and their symbols.
var codes = [4]struct {
	counts [16]uint8
	vals   []uint8
}{
	{[16]uint8{0, 1, 5, 1, 1, 1, 1, 1, 1}, []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
	{[16]uint8{0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125}, []uint8{
		0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08,
		0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28,
		0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
		0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
		0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
		0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2,
		0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa}},
	{[16]uint8{0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
	{[16]uint8{0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119}, []uint8{
		0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91,
		0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26,
		0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
		0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
		0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
		0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda,
		0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa}},
}

type code struct {
	bits uint32
	n    uint8
}

var codebook [4][256]code

func init() {
	for t := range codes {
		k, v := 0, uint32(0)
		for l := range 16 {
			for range codes[t].counts[l] {
				codebook[t][codes[t].vals[k]] = code{v, uint8(l + 1)}
				v++
				k++
			}
			v <<= 1
		}
	}
}

// Encode writes the picture.
func (e Encoding) Encode(img *image.RGBA) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var b bytes.Buffer
	seg := func(m byte, data ...byte) {
		b.Write([]byte{0xff, m, byte((len(data) + 2) >> 8), byte(len(data) + 2)})
		b.Write(data)
	}
	b.Write([]byte{0xff, 0xd8})
	if e.EXIF != nil {
		seg(0xe1, e.EXIF.bytes()...)
	} else {
		seg(0xe0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
	}
	var q [2][64]uint8
	for i := range q {
		q[i] = e.table(i)
		dqt := []byte{byte(i)}
		for _, z := range zigzag {
			dqt = append(dqt, q[i][z])
		}
		seg(0xdb, dqt...)
	}
	f := byte(0x22)
	if e.Full {
		f = 0x11
	}
	seg(0xc0, 8, byte(h>>8), byte(h), byte(w>>8), byte(w), 3, 1, f, 0, 2, 0x11, 1, 3, 0x11, 1)
	for t := range codes {
		seg(0xc4, append(append([]byte{[4]byte{0x00, 0x10, 0x01, 0x11}[t]}, codes[t].counts[:]...), codes[t].vals...)...)
	}
	if e.Restart > 0 {
		seg(0xdd, byte(e.Restart>>8), byte(e.Restart))
	}
	seg(0xda, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0)
	e.scan(&b, img, q)
	b.Write([]byte{0xff, 0xd9})
	return b.Bytes()
}

type bitWriter struct {
	b   *bytes.Buffer
	acc uint32
	n   uint
}

func (w *bitWriter) put(v uint32, n uint8) {
	w.acc |= v << (32 - w.n - uint(n))
	w.n += uint(n)
	for w.n >= 8 {
		c := byte(w.acc >> 24)
		w.b.WriteByte(c)
		if c == 0xff {
			w.b.WriteByte(0)
		}
		w.acc <<= 8
		w.n -= 8
	}
}

func (w *bitWriter) align() {
	if w.n > 0 {
		w.put(1<<(8-w.n)-1, uint8(8-w.n))
	}
	w.acc, w.n = 0, 0
}

func (e Encoding) scan(b *bytes.Buffer, img *image.RGBA, q [2][64]uint8) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	n := 16
	if e.Full {
		n = 8
	}
	var inv [2][64]float32
	for t := range inv {
		for i := range inv[t] {
			inv[t][i] = 1 / float32(q[t][i])
		}
	}
	mw, mh := (w+n-1)/n, (h+n-1)/n
	// Coefficients row by row on all cores, codes in order.
	blocks := (n/8)*(n/8) + 2
	rows := make([][][64]int16, mh)
	parallel(mh, func(y0, y1 int) {
		for my := y0; my < y1; my++ {
			rows[my] = make([][64]int16, mw*blocks)
			for mx := range mw {
				out := rows[my][mx*blocks:]
				var ys [256]float32
				var cb, cr [64]float32
				for y := range n {
					for x := range n {
						p := img.Pix[img.PixOffset(min(mx*n+x, w-1), min(my*n+y, h-1)):]
						yy, b, r := color.RGBToYCbCr(p[0], p[1], p[2])
						ys[y*16+x] = float32(yy) - 128
						o := y*8/n*8 + x*8/n
						cb[o] += float32(b) - 128
						cr[o] += float32(r) - 128
					}
				}
				k := 0
				for by := range n / 8 {
					for bx := range n / 8 {
						var blk [64]float32
						for y := range 8 {
							copy(blk[y*8:y*8+8], ys[(by*8+y)*16+bx*8:])
						}
						quantise(&out[k], &blk, &inv[0], 1)
						k++
					}
				}
				s := float32(64) / float32(n*n)
				quantise(&out[k], &cb, &inv[1], s)
				quantise(&out[k+1], &cr, &inv[1], s)
			}
		}
	})
	bw := &bitWriter{b: b}
	var pred [3]int16
	count, rst := 0, byte(0)
	for my := range mh {
		for mx := range mw {
			if e.Restart > 0 && count == e.Restart {
				bw.align()
				b.Write([]byte{0xff, 0xd0 + rst})
				rst, count, pred = (rst+1)&7, 0, [3]int16{}
			}
			count++
			for k := range blocks {
				c := max(0, k-blocks+3)
				bw.block(&rows[my][mx*blocks+k], &pred[c], min(c, 1))
			}
		}
	}
	bw.align()
}

var dctBase [8][8]float32

func init() {
	for u := range 8 {
		for x := range 8 {
			k := .5
			if u == 0 {
				k = math.Sqrt(.125)
			}
			dctBase[u][x] = float32(k * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16))
		}
	}
}

func quantise(out *[64]int16, p *[64]float32, inv *[64]float32, scale float32) {
	var t [64]float32
	for y := range 8 {
		r := p[y*8 : y*8+8 : y*8+8]
		for u := range 8 {
			c := &dctBase[u]
			t[y*8+u] = r[0]*c[0] + r[1]*c[1] + r[2]*c[2] + r[3]*c[3] + r[4]*c[4] + r[5]*c[5] + r[6]*c[6] + r[7]*c[7]
		}
	}
	for v := range 8 {
		c := &dctBase[v]
		for u := range 8 {
			s := t[u]*c[0] + t[8+u]*c[1] + t[16+u]*c[2] + t[24+u]*c[3] + t[32+u]*c[4] + t[40+u]*c[5] + t[48+u]*c[6] + t[56+u]*c[7]
			f := s * scale * inv[v*8+u]
			if f >= 0 {
				out[v*8+u] = int16(f + .5)
			} else {
				out[v*8+u] = int16(f - .5)
			}
		}
	}
}

func (w *bitWriter) block(f *[64]int16, pred *int16, chroma int) {
	put := func(v int16) (uint8, uint32) {
		a := v
		if a < 0 {
			a, v = -a, v-1
		}
		n := uint8(0)
		for a > 0 {
			n++
			a >>= 1
		}
		return n, uint32(v) & (1<<n - 1)
	}
	dc, ac := &codebook[chroma*2], &codebook[chroma*2+1]
	n, v := put(f[0] - *pred)
	*pred = f[0]
	w.put(dc[n].bits, dc[n].n)
	w.put(v, n)
	run := 0
	for k := 1; k < 64; k++ {
		c := f[zigzag[k]]
		if c == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.put(ac[0xf0].bits, ac[0xf0].n)
		}
		n, v := put(c)
		s := uint8(run)<<4 | n
		w.put(ac[s].bits, ac[s].n)
		w.put(v, n)
		run = 0
	}
	if run > 0 {
		w.put(ac[0].bits, ac[0].n)
	}
}

func (x EXIF) bytes() []byte {
	type entry struct {
		tag, kind uint16
		n, val    uint32
		text      string
	}
	es := []entry{}
	for _, t := range []struct {
		tag uint16
		s   string
	}{{0x010f, x.Make}, {0x0110, x.Model}} {
		if t.s != "" {
			es = append(es, entry{tag: t.tag, kind: 2, text: t.s + "\x00"})
		}
	}
	if x.Orientation > 0 {
		es = append(es, entry{tag: 0x0112, kind: 3, n: 1, val: uint32(x.Orientation)})
	}
	if x.Software != "" {
		es = append(es, entry{tag: 0x0131, kind: 2, text: x.Software + "\x00"})
	}
	le := binary.LittleEndian
	b := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00")
	b = le.AppendUint16(b, uint16(len(es)))
	at := uint32(8 + 2 + 12*len(es) + 4)
	var tail []byte
	for _, e := range es {
		b = le.AppendUint16(b, e.tag)
		b = le.AppendUint16(b, e.kind)
		if e.text != "" {
			for len(e.text) < 5 {
				e.text += "\x00"
			}
			b = le.AppendUint32(b, uint32(len(e.text)))
			b = le.AppendUint32(b, at+uint32(len(tail)))
			tail = append(tail, e.text...)
			continue
		}
		b = le.AppendUint32(b, e.n)
		b = le.AppendUint32(b, e.val)
	}
	return append(append(b, 0, 0, 0, 0), tail...)
}
