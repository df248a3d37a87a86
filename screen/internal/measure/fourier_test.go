package measure

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

func TestSpectrumPutsAWaveInOneBin(t *testing.T) {
	p := make([]uint8, square*square)
	for y := range square {
		for x := range square {
			p[y*square+x] = uint8(128 + 60*math.Cos(2*math.Pi*float64(20*x+9*y)/square))
		}
	}
	s := spectrum(p, new(columns))
	bx, by := 0, 0
	for y := range s {
		for x := range s[y] {
			if s[y][x] > s[by][bx] {
				bx, by = x, y
			}
		}
	}
	if bx != 20 || by != 9 {
		t.Errorf("the wave is at %d, %d", bx, by)
	}
}

func TestTransformAgreesWithItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var re, im [square]float32
	for i := range re {
		re[i], im[i] = rng.Float32()-.5, rng.Float32()-.5
	}
	var want [square]complex128
	for k := range want {
		for i := range re {
			want[k] += complex(float64(re[i]), float64(im[i])) * cmplx.Rect(1, -2*math.Pi*float64(i*k)/square)
		}
	}
	fft(&re, &im)
	for k, w := range want {
		if cmplx.Abs(complex(float64(re[k]), float64(im[k]))-w) > 1e-4 {
			t.Fatalf("bin %d: %v %v, want %v", k, re[k], im[k], w)
		}
	}
}
