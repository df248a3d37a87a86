package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"testing"
)

// large is a noisy picture with areas of very different detail, as a photograph has.
func large(t testing.TB, w, h, quality int, seed uint64) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	im := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		for x := range w {
			v := 128 + int(60*float64((x/97+y/61)%3-1)) + x*20/w
			if x > w/3 && y > h/4 {
				v += rng.IntN(25) - 12
			}
			im.Y[y*im.YStride+x] = uint8(v)
		}
	}
	for i := range im.Cb {
		im.Cb[i], im.Cr[i] = uint8(110+i/97%40), uint8(120+i/53%30)
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, im, &stdjpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// prepare reads up to the entropy-coded data of a single-scan picture.
func prepare(t testing.TB, b []byte, keep int) (*plan, []byte, int) {
	t.Helper()
	h := &header{adobe: -1}
	at, err := h.read(b, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, _, _, at, err = h.scanHeader(b, at)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlan(h, keep)
	if err != nil {
		t.Fatal(err)
	}
	iv, _, err := entropy(b, at)
	if err != nil || len(iv) != 1 {
		t.Fatal(len(iv), err)
	}
	return p, unstuff(nil, iv[0], 1), h.mcusX * h.mcusY
}

func TestDecodersThatMeetInTheMiddleAgreeWithOne(t *testing.T) {
	for seed := range uint64(6) {
		b := large(t, 1100+int(seed)*37, 900, 60+int(seed)*7, seed)
		for _, keep := range []int{keep4, keep16, keep64} {
			p, data, total := prepare(t, b, keep)
			one, err := p.interval(data, 0, total)
			if err != nil {
				t.Fatal(err)
			}
			for n := 2; n <= 5; n++ {
				runs, err := p.split(data, total, n)
				if err != nil {
					t.Fatalf("seed %d, %d decoders: %v", seed, n, err)
				}
				if len(runs) < 2 {
					t.Errorf("seed %d: %d decoders never met", seed, n)
				}
				next := 0
				for _, r := range runs {
					if r.first != next {
						t.Fatalf("seed %d: a run starts at MCU %d, want %d", seed, r.first, next)
					}
					next += r.n
					for i := range r.n * len(p.comp) {
						at := (r.first*len(p.comp) + i)
						want := one.coefs[at*keep:][:keep]
						got := append([]int16(nil), r.coefs[i*keep:][:keep]...)
						got[0] += int16(r.offset[p.comp[i%len(p.comp)]])
						for k := range want {
							if got[k] != want[k] {
								t.Fatalf("seed %d, %d decoders, MCU %d: coefficient %d is %d, want %d", seed, n, at/len(p.comp), k, got[k], want[k])
							}
						}
						if r.act[i] != one.act[at] {
							t.Fatalf("seed %d: detail of block %d differs", seed, at)
						}
					}
					for _, m := range r.marks {
						d := decoder{bitReader: newBitReader(data, 0), plan: p, run: newRun(data, 0, 1, p)}
						d.seek(m.bit)
						d.pred = m.pred
						if !d.mcu() || d.run.coefs[1] != one.coefs[(r.first+m.mcu)*len(p.comp)*keep+1] {
							t.Fatalf("seed %d: decoding cannot be taken up at MCU %d", seed, m.mcu)
						}
					}
				}
				if next != total {
					t.Fatalf("seed %d: %d MCUs of %d", seed, next, total)
				}
			}
		}
	}
}

// TestPartsAreUnstuffedAsOne: wherever a part ends, also between the two bytes that belong together.
func TestPartsAreUnstuffedAsOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		raw := make([]byte, rng.IntN(40))
		var want []byte
		for i := range raw {
			if i > 0 && raw[i-1] == 0xff {
				continue // a zero
			}
			raw[i] = []byte{0xff, 1, 0xff, 7}[rng.IntN(4)]
			if raw[i] != 0xff || i+1 < len(raw) {
				want = append(want, raw[i])
			}
		}
		want = append(want, make([]byte, padding)...)
		for parts := 1; parts <= 4; parts++ {
			if got := unstuff([]byte("what is left of another"), raw, parts); !bytes.Equal(got, want) {
				t.Fatalf("%x in %d parts: %x", raw, parts, got[:len(got)-padding])
			}
		}
	}
}

func TestDamageInTheSecondHalfIsFound(t *testing.T) {
	b := large(t, 1400, 1000, 85, 3)
	p, data, total := prepare(t, b, keep4)
	real := len(data) - padding
	cut := append(append([]byte(nil), data[:real*4/5]...), make([]byte, padding)...)
	for n := 1; n <= 4; n++ {
		if _, err := p.split(cut, total, n); err == nil {
			t.Errorf("%d decoders did not miss the last fifth", n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	data := large(b, 4000, 3000, 93, 1)
	b.Run("quarter", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := Decode(data, 2); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("standard library, full", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := stdjpeg.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
