package raster

import (
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRunningMaximumAgreesWithLookingAtEveryPixel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for r := 1; r <= 7; r++ {
		p := Plane{37, 23, make([]uint8, 37*23)}
		for i := range p.P {
			p.P[i] = uint8(rng.IntN(256))
		}
		hi, lo := p.Dilate(r), p.extremes(r, smaller)
		for y := range p.H {
			for x := range p.W {
				a, b := uint8(0), uint8(255)
				for j := max(0, y-r); j <= min(p.H-1, y+r); j++ {
					for i := max(0, x-r); i <= min(p.W-1, x+r); i++ {
						a, b = max(a, p.P[j*p.W+i]), min(b, p.P[j*p.W+i])
					}
				}
				if hi.P[y*p.W+x] != a || lo.P[y*p.W+x] != b {
					t.Fatalf("r %d at %d, %d: %d and %d, want %d and %d", r, x, y, hi.P[y*p.W+x], lo.P[y*p.W+x], a, b)
				}
			}
		}
	}
}

// TestManyBytesAtOnceAgreeWithEach: also in place, shifted by less than is done at once, as the doubling windows do it.
func TestManyBytesAtOnceAgreeWithEach(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := 0; n < 90; n++ {
		for _, shift := range []int{1, 2, 4, 8, 37} {
			p := make([]uint8, n+shift)
			for i := range p {
				p[i] = uint8(rng.IntN(256))
			}
			for _, which := range []uint64{larger, smaller} {
				got, want := slices.Clone(p), slices.Clone(p)
				keep(got[:n], got, got[shift:], which)
				for i := range n {
					want[i] = max(p[i], p[i+shift])
					if which == smaller {
						want[i] = min(p[i], p[i+shift])
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%d bytes, shifted by %d:\n%v, want\n%v", n, shift, got, want)
				}
			}
		}
	}
}

func TestWarpStraightens(t *testing.T) {
	f := New(200, 160)
	c := [4][2]float64{{40, 30}, {150, 44}, {160, 130}, {30, 120}}
	m := homography(c, 100, 80)
	for y := range 80 {
		for x := range 100 { // a ramp drawn through the same map must come out straight
			k := m[6]*float64(x) + m[7]*float64(y) + m[8]
			px, py := (m[0]*float64(x)+m[1]*float64(y)+m[2])/k, (m[3]*float64(x)+m[4]*float64(y)+m[5])/k
			for j := range 3 {
				for i := range 3 {
					f.Y[(int(py)+j-1)*200+int(px)+i-1] = uint8(2 * x)
				}
			}
		}
	}
	g := f.Warp(c, 100, 80)
	for y := 4; y < 76; y++ {
		for x := 4; x < 96; x++ {
			if d := int(g.Y[y*100+x]) - 2*x; d < -8 || d > 8 {
				t.Fatalf("at %d, %d: %d, want about %d", x, y, g.Y[y*100+x], 2*x)
			}
		}
	}
}

func TestEveryColourModelGivesTheSameFrame(t *testing.T) {
	const w, h = 1301, 907 // odd, and reduced by two
	r := image.Rect(0, 0, w, h)
	rgba, nrgba, rgba64, nrgba64 := image.NewRGBA(r), image.NewNRGBA(r), image.NewRGBA64(r), image.NewNRGBA64(r)
	ycc := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio444)
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x / 6), uint8(y / 4), uint8((x + y) / 9), 255}
			rgba.SetRGBA(x, y, c)
			nrgba.Set(x, y, c)
			rgba64.Set(x, y, c)
			nrgba64.Set(x, y, c)
			o := ycc.YOffset(x, y)
			ycc.Y[o], ycc.Cb[o], ycc.Cr[o] = color.RGBToYCbCr(c.R, c.G, c.B)
		}
	}
	a := FromImage(rgba)
	if a.W != w/2 || a.H != h/2 || a.Scale != 2 {
		t.Fatalf("%d × %d, scale %g", a.W, a.H, a.Scale)
	}
	for name, im := range map[string]image.Image{"not premultiplied": nrgba, "deep": rgba64, "deep, not premultiplied": nrgba64, "YCbCr": ycc} {
		b := FromImage(im)
		for i := range a.Y {
			if d := int(a.Y[i]) - int(b.Y[i]); d < -1 || d > 1 {
				t.Fatalf("%s: luma %d is %d, want %d", name, i, b.Y[i], a.Y[i])
			}
		}
		for i := range a.Cb {
			if d, e := int(a.Cb[i])-int(b.Cb[i]), int(a.Cr[i])-int(b.Cr[i]); d < -2 || d > 2 || e < -2 || e > 2 {
				t.Fatalf("%s: chroma %d is off by %d, %d", name, i, d, e)
			}
		}
	}
	glass := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	if f := FromImage(glass); f.Y[50] != 255 {
		t.Errorf("a transparent picture is shown as %d, want white", f.Y[50])
	}
}

// TestFramesAreSixHundredPixelsLongAndNotMuchMore, when the original has that much: work grows with the square.
func TestFramesAreSixHundredPixelsLongAndNotMuchMore(t *testing.T) {
	for long, want := range map[int]int{300: 300, 1000: 1000, 1120: 1120, 1200: 750, 1279: 799, 1280: 640, 2000: 1000, 2560: 640, 4000: 1000, 8192: 1024} {
		for _, size := range [][2]int{{long, long * 3 / 4}, {long * 3 / 4, long}} {
			if got := long * BlockSize(size[0], size[1]) / 8; got != want {
				t.Errorf("%d × %d: a frame %d pixels long, want %d", size[0], size[1], got, want)
			}
		}
	}
}
