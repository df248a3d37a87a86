package jpeg

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	stdjpeg "image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reference is the standard library's picture as planes of 8 × 8 samples a block.
func reference(t testing.TB, b []byte) []Plane {
	t.Helper()
	im, err := stdjpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	switch m := im.(type) {
	case *image.Gray:
		return []Plane{{Pix: m.Pix, Stride: m.Stride, W: m.Rect.Dx(), H: m.Rect.Dy()}}
	case *image.YCbCr:
		c := m.COffset(m.Rect.Max.X-1, m.Rect.Max.Y-1)
		cw, ch := c%m.CStride+1, c/m.CStride+1
		return []Plane{{Pix: m.Y, Stride: m.YStride, W: m.Rect.Dx(), H: m.Rect.Dy()},
			{Pix: m.Cb, Stride: m.CStride, W: cw, H: ch}, {Pix: m.Cr, Stride: m.CStride, W: cw, H: ch}}
	case *image.RGBA:
		ps := make([]Plane, 3)
		for i := range ps {
			w, h := m.Rect.Dx(), m.Rect.Dy()
			ps[i] = Plane{Pix: make([]uint8, w*h), Stride: w, W: w, H: h}
			for y := range h {
				for x := range w {
					ps[i].Pix[y*w+x] = m.Pix[m.PixOffset(x, y)+i]
				}
			}
		}
		return ps
	}
	t.Fatalf("the standard library gave %T", im)
	return nil
}

// reduce transforms each whole block, keeps the n × n lowest frequencies and transforms back: what decoding at a reduced
// size means.
func reduce(p Plane, n int) Plane {
	if n == 8 {
		return p
	}
	bw, bh := p.W/8, p.H/8
	out := Plane{Pix: make([]uint8, bw*n*bh*n), Stride: bw * n, W: bw * n, H: bh * n}
	base := func(size, u int, x float64) float64 {
		k := math.Sqrt(2 / float64(size))
		if u == 0 {
			k = math.Sqrt(1 / float64(size))
		}
		return k * math.Cos((2*x+1)*float64(u)*math.Pi/2/float64(size))
	}
	for by := range bh {
		for bx := range bw {
			var f [8][8]float64
			for v := range n {
				for u := range n {
					for y := range 8 {
						for x := range 8 {
							f[v][u] += (float64(p.Pix[(by*8+y)*p.Stride+bx*8+x]) - 128) * base(8, u, float64(x)) * base(8, v, float64(y))
						}
					}
				}
			}
			for y := range n {
				for x := range n {
					s := 0.
					for v := range n {
						for u := range n {
							s += f[v][u] * base(n, u, float64(x)) * base(n, v, float64(y)) * float64(n) / 8
						}
					}
					out.Pix[(by*n+y)*out.Stride+bx*n+x] = uint8(min(max(math.Round(s+128), 0), 255))
				}
			}
		}
	}
	return out
}

func TestDecodesAsTheStandardLibraryDoes(t *testing.T) {
	names, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(names) < 15 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(filepath.Base(name), ".jpg")
		if name == "arithmetic" {
			continue
		}
		b := fixture(t, name)
		want := reference(t, b)
		for _, size := range []int{1, 2, 4, 5, 8} {
			t.Run(fmt.Sprintf("%s/%d", name, size), func(t *testing.T) {
				pic, err := Decode(b, size)
				if err != nil {
					t.Fatal(err)
				}
				if len(pic.Planes) != len(want) {
					t.Fatalf("%d planes, want %d", len(pic.Planes), len(want))
				}
				for i, p := range pic.Planes {
					n := p.Stride / pic.source.comps[i].storedX
					ref := reduce(want[i], n)
					worst, sum, count := 0, 0, 0
					for y := range min(ref.H, p.H) {
						for x := range min(ref.W, p.W) {
							d := int(ref.Pix[y*ref.Stride+x]) - int(p.Pix[y*p.Stride+x])
							worst, sum, count = max(worst, d, -d), sum+max(d, -d), count+1
						}
					}
					// The standard library clamps every sample first, so where a coarse quantiser overshoots the
					// reduced pictures differ.
					limit := 3
					if strings.Contains(name, "q20") || strings.Contains(name, "wide") {
						limit = 16
					}
					if count == 0 || worst > limit || float64(sum)/float64(count) > .6 {
						t.Errorf("component %d (%d samples a block): worst %d, mean %.2f of %d", i, n, worst, float64(sum)/float64(count), count)
					}
				}
			})
		}
	}
}

func TestArithmeticCodingIsUnsupported(t *testing.T) {
	if _, err := Decode(fixture(t, "arithmetic"), 8); !errors.Is(err, ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

func TestHalfAFileIsCorrupt(t *testing.T) {
	for _, name := range []string{"420", "420-restart", "progressive", "scans", "gray"} {
		b := fixture(t, name)
		for _, part := range []float64{.3, .5, .7, .9} {
			if _, err := Decode(b[:int(float64(len(b))*part)], 2); !errors.Is(err, ErrCorrupt) {
				t.Errorf("%s cut to %.0f %%: %v", name, part*100, err)
			}
		}
	}
}

func TestTrailingBytesAreNoDamage(t *testing.T) {
	b := append(fixture(t, "420"), bytes.Repeat([]byte("a phone's own data"), 1000)...)
	if _, err := Decode(b, 4); err != nil {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.jpg")
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint8(1))
		f.Add(b, uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, scale uint8) {
		c, err := ReadConfig(b)
		if err != nil || c.Width*c.Height > 1<<20 {
			return
		}
		pic, err := Decode(b, []int{1, 2, 4, 5, 8}[scale%5])
		if err != nil {
			return
		}
		for _, p := range pic.Planes {
			if p.W < 1 || p.H < 1 || p.Stride < p.W || len(p.Pix) < p.Stride*p.H {
				t.Fatalf("a plane of %d × %d, stride %d, %d bytes", p.W, p.H, p.Stride, len(p.Pix))
			}
		}
	})
}
