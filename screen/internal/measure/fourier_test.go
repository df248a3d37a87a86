package measure

import (
	"math"
	"testing"
)

func TestSpectrumPutsAWaveInOneBin(t *testing.T) {
	p := make([]uint8, square*square)
	for y := range square {
		for x := range square {
			p[y*square+x] = uint8(128 + 60*math.Cos(2*math.Pi*float64(20*x+9*y)/square))
		}
	}
	s := spectrum(p)
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
