package measure

import (
	"math/rand/v2"
	"testing"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// TestPaperBeyondAnOutlineIsToldFromDesk: the outline is a rectangle in the middle; on each side lies paper as far as the
// picture reaches, or paper and then desk, or desk.
func TestPaperBeyondAnOutlineIsToldFromDesk(t *testing.T) {
	o := &outline.Outline{State: outline.Complete, Corners: [4][2]float64{{200, 150}, {600, 150}, {600, 450}, {200, 450}}}
	for name, tt := range map[string]struct {
		x0, y0, x1, y1 int // the paper
		want           Beyond
	}{
		"the outline is the sheet's edge":               {200, 150, 600, 450, Beyond{Paper: 0, Desk: 4}},
		"a frame printed on a sheet":                    {160, 110, 640, 490, Beyond{Paper: 0, Desk: 4}},
		"a frame, and one side outside the picture":     {160, 110, 800, 490, Beyond{Paper: 1, Desk: 3}},
		"a frame, and two sides outside the picture":    {160, 110, 800, 600, Beyond{Paper: 2, Desk: 2}},
		"a page without an edge, as from a scanner":     {0, 0, 800, 600, Beyond{Paper: 4, Desk: 0}},
		"the sheet's edge, and half a sheet beside one": {200, 0, 420, 450, Beyond{Paper: 0, Desk: 3}},
	} {
		rng := rand.New(rand.NewPCG(8, 9))
		f := raster.New(800, 600)
		for i := range f.Cb {
			f.Cb[i], f.Cr[i] = 128, 128
		}
		for y := range 600 {
			for x := range 800 {
				level := 90
				if x >= tt.x0 && x < tt.x1 && y >= tt.y0 && y < tt.y1 || x >= 200 && x < 600 && y >= 150 && y < 450 {
					level = 225
				}
				f.Y[y*800+x] = uint8(level + rng.IntN(13) - 6)
			}
		}
		if got := FindBeyond(f, o); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
