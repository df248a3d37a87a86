package jpeg

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

// √2·cos(kπ/10), and √2 itself, in 1/8192.
const f1, f2, f3, f4, root2 = 11018, 9373, 6810, 3580, 11585

// five is one row or column of five; the products have 13 fractional bits, of which s are shifted out.
func five(c0, c1, c2, c3, c4 int32, s uint) (r0, r1, r2, r3, r4 int32) {
	a := c0<<13 + int32(1)<<(s-1)
	p, q := a+c2*f2+c4*f4, a-c2*f4-c4*f2
	t, u := c1*f1+c3*f3, c1*f3-c3*f1
	return (p + t) >> s, (q + u) >> s, (a + (c4-c2)*root2) >> s, (q - u) >> s, (p - t) >> s
}

// put5 writes 5 × 5 samples of the coefficients of 8 × 8.
func put5(dst []uint8, stride int, f *[64]int32) {
	var t [64]int32
	for x := range 5 { // columns, keeping 3 fractional bits
		t[x], t[8+x], t[16+x], t[24+x], t[32+x] = five(f[x], f[8+x], f[16+x], f[24+x], f[32+x], 10)
	}
	const round = 128<<6 + 1<<5
	for y := range 5 {
		c := (*[8]int32)(t[8*y:])
		r0, r1, r2, r3, r4 := five(c[0], c[1], c[2], c[3], c[4], 13)
		d := dst[y*stride:][:5:5]
		d[0], d[1], d[2], d[3], d[4] = clamp8((r0+round)>>6), clamp8((r1+round)>>6), clamp8((r2+round)>>6), clamp8((r3+round)>>6), clamp8((r4+round)>>6)
	}
}

// put8 writes 8 × 8 samples; the even half of each pass is put4's, the odd half is a rotation by direct cosines.
func put8(dst []uint8, stride int, f *[64]int32) {
	var t [64]int32
	for x := range 8 {
		if f[8+x]|f[16+x]|f[24+x]|f[32+x]|f[40+x]|f[48+x]|f[56+x] == 0 {
			v := f[x] << 3
			for y := range 8 {
				t[8*y+x] = v
			}
			continue
		}
		t[x], t[8+x], t[16+x], t[24+x], t[32+x], t[40+x], t[48+x], t[56+x] = eight(f[x], f[8+x], f[16+x], f[24+x], f[32+x], f[40+x], f[48+x], f[56+x], 10)
	}
	const round = 128<<6 + 1<<5
	for y := range 8 {
		c := (*[8]int32)(t[8*y:])
		r0, r1, r2, r3, r4, r5, r6, r7 := eight(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], 13)
		d := dst[y*stride:][:8:8]
		d[0], d[1], d[2], d[3] = clamp8((r0+round)>>6), clamp8((r1+round)>>6), clamp8((r2+round)>>6), clamp8((r3+round)>>6)
		d[4], d[5], d[6], d[7] = clamp8((r4+round)>>6), clamp8((r5+round)>>6), clamp8((r6+round)>>6), clamp8((r7+round)>>6)
	}
}

// √2·cos(kπ/16) in 1/8192.
const k1, k2, k3, k5, k6, k7 = 11363, 10703, 9633, 6437, 4433, 2260

// eight is one row or column, scaled by √8; the products are shifted right by s.
func eight(c0, c1, c2, c3, c4, c5, c6, c7 int32, s uint) (r0, r1, r2, r3, r4, r5, r6, r7 int32) {
	half := int32(1) << (s - 1)
	up := 13 - s // the even terms have no product to shift
	a, b := (c0+c4)<<up, (c0-c4)<<up
	g, h := (c2*k2+c6*k6+half)>>s, (c2*k6-c6*k2+half)>>s
	e0, e3, e1, e2 := a+g, a-g, b+h, b-h
	o0 := (c1*k1 + c3*k3 + c5*k5 + c7*k7 + half) >> s
	o1 := (c1*k3 - c3*k7 - c5*k1 - c7*k5 + half) >> s
	o2 := (c1*k5 - c3*k1 + c5*k7 + c7*k3 + half) >> s
	o3 := (c1*k7 - c3*k5 + c5*k3 - c7*k1 + half) >> s
	return e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0
}
