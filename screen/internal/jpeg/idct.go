package jpeg

import "math"

// The inverse transforms. A block of coefficients, dequantised, becomes n × n samples; n < 8 takes only the n × n lowest
// frequencies, which is the transform of the block scaled down.

func clamp8(v int32) uint8 {
	if uint32(v) > 255 {
		if v < 0 {
			return 0
		}
		return 255
	}
	return uint8(v)
}

// put1 writes the mean of a block.
func put1(dst []uint8, dc int32) { dst[0] = clamp8((dc+4)>>3 + 128) }

// put2 writes 2 × 2 samples.
func put2(dst []uint8, stride int, f00, f01, f10, f11 int32) {
	f00 += 128*8 + 4
	a, b, c, d := f00+f01, f00-f01, f10+f11, f10-f11
	dst[0], dst[1] = clamp8((a+c)>>3), clamp8((b+d)>>3)
	dst = dst[stride:]
	dst[0], dst[1] = clamp8((a-c)>>3), clamp8((b-d)>>3)
}

// √2·cos(π/8) and √2·cos(3π/8), in 1/8192.
const c1, c3 = 10703, 4433

// put4 writes 4 × 4 samples of coefficients f, in natural order of a 4 × 4 square.
func put4(dst []uint8, stride int, f *[16]int32) {
	var t [16]int32
	for x := range 4 { // columns, keeping 3 fractional bits
		f0, f1, f2, f3 := f[x], f[4+x], f[8+x], f[12+x]
		e0, e1 := (f0+f2)<<3, (f0-f2)<<3
		o0, o1 := (f1*c1+f3*c3+512)>>10, (f1*c3-f3*c1+512)>>10
		t[x], t[12+x], t[4+x], t[8+x] = e0+o0, e0-o0, e1+o1, e1-o1
	}
	const round = 128<<6 + 1<<5
	for y := range 4 {
		f0, f1, f2, f3 := t[4*y], t[4*y+1], t[4*y+2], t[4*y+3]
		e0, e1 := f0+f2+round, f0-f2+round
		o0, o1 := (f1*c1+f3*c3+4096)>>13, (f1*c3-f3*c1+4096)>>13
		d := dst[y*stride:][:4:4]
		d[0], d[3], d[1], d[2] = clamp8((e0+o0)>>6), clamp8((e0-o0)>>6), clamp8((e1+o1)>>6), clamp8((e1-o1)>>6)
	}
}

// bases[n][x][u] is √2·cos((2x+1)uπ/2n), or 1 where u is 0, in 1/8192: what frequency u adds to sample x of n. The second half
// of the samples mirrors the first.
var bases = func() (b [8][4][8]int32) {
	for n := range b {
		for x := range (n + 1) / 2 {
			b[n][x][0] = 1 << 13
			for u := 1; u < n; u++ {
				b[n][x][u] = int32(math.Round(math.Sqrt2 * math.Cos(float64((2*x+1)*u)*math.Pi/float64(2*n)) * (1 << 13)))
			}
		}
	}
	return b
}()

// putN writes n × n samples, 3 to 7, of coefficients in natural order.
func putN(dst []uint8, stride, n int, f *[64]int32) {
	basis := &bases[n]
	var t [64]int32
	for x := range n { // columns, keeping 3 fractional bits
		for k := range (n + 1) / 2 {
			b := &basis[k]
			even, odd := int32(0), int32(0)
			for u := 0; u < n; u += 2 {
				even += f[8*u+x] * b[u]
			}
			for u := 1; u < n; u += 2 {
				odd += f[8*u+x] * b[u]
			}
			t[8*(n-1-k)+x] = (even - odd + 512) >> 10
			t[8*k+x] = (even + odd + 512) >> 10
		}
	}
	const round = 128<<6 + 1<<5
	for y := range n {
		r, d := (*[8]int32)(t[8*y:]), dst[y*stride:][:n:n]
		for k := range (n + 1) / 2 {
			b := &basis[k]
			even, odd := int32(0), int32(0)
			for u := 0; u < n; u += 2 {
				even += r[u] * b[u]
			}
			for u := 1; u < n; u += 2 {
				odd += r[u] * b[u]
			}
			d[n-1-k] = clamp8(((even-odd+4096)>>13 + round) >> 6)
			d[k] = clamp8(((even+odd+4096)>>13 + round) >> 6)
		}
	}
}

// put8 writes 8 × 8 samples; the even half of each pass is put4's, the odd half is a rotation by direct cosines.
func put8(dst []uint8, stride int, f *[64]int32) {
	var t [64]int32
	for x := range 8 {
		c := [8]int32{f[x], f[8+x], f[16+x], f[24+x], f[32+x], f[40+x], f[48+x], f[56+x]}
		if c[1]|c[2]|c[3]|c[4]|c[5]|c[6]|c[7] == 0 {
			v := c[0] << 3
			for y := range 8 {
				t[8*y+x] = v
			}
			continue
		}
		eight(&c, 10)
		for y := range 8 {
			t[8*y+x] = c[y]
		}
	}
	const round = 128<<6 + 1<<5
	for y := range 8 {
		c := [8]int32(t[8*y : 8*y+8])
		eight(&c, 13)
		d := dst[y*stride:][:8:8]
		for x := range 8 {
			d[x] = clamp8((c[x] + round) >> 6)
		}
	}
}

// √2·cos(kπ/16) in 1/8192.
const k1, k2, k3, k5, k6, k7 = 11363, 10703, 9633, 6437, 4433, 2260

// eight is one row or column, in place, scaled by √8; the products are shifted right by s.
func eight(c *[8]int32, s uint) {
	half := int32(1) << (s - 1)
	var e0, e1, e2, e3 int32
	up := 13 - s // the even terms have no product to shift
	a, b := (c[0]+c[4])<<up, (c[0]-c[4])<<up
	g, h := (c[2]*k2+c[6]*k6+half)>>s, (c[2]*k6-c[6]*k2+half)>>s
	e0, e3, e1, e2 = a+g, a-g, b+h, b-h
	o0 := (c[1]*k1 + c[3]*k3 + c[5]*k5 + c[7]*k7 + half) >> s
	o1 := (c[1]*k3 - c[3]*k7 - c[5]*k1 - c[7]*k5 + half) >> s
	o2 := (c[1]*k5 - c[3]*k1 + c[5]*k7 + c[7]*k3 + half) >> s
	o3 := (c[1]*k7 - c[3]*k5 + c[5]*k3 - c[7]*k1 + half) >> s
	c[0], c[7], c[1], c[6] = e0+o0, e0-o0, e1+o1, e1-o1
	c[2], c[5], c[3], c[4] = e2+o2, e2-o2, e3+o3, e3-o3
}
