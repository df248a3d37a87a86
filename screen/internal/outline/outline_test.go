package outline_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
)

// picture is a desk on which sheets are laid.
type picture struct{ *raster.Frame }

// desk is a table of one colour with a sensor's noise.
func desk(w, h int, level uint8) picture {
	f := raster.New(w, h)
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range f.Y {
		f.Y[i] = uint8(float64(level) + rng.NormFloat64()*2)
	}
	for i := range f.Cb {
		f.Cb[i], f.Cr[i] = 128, 128
	}
	return picture{f}
}

// lay fills a quadrilateral, given clockwise, with a level.
func (p picture) lay(c [4][2]float64, level uint8) {
	for y := range p.H {
		for x := range p.W {
			in := true
			for i := range 4 {
				a, b := c[i], c[(i+1)%4]
				in = in && (b[0]-a[0])*(float64(y)-a[1])-(b[1]-a[1])*(float64(x)-a[0]) >= 0
			}
			if in {
				p.Y[y*p.W+x] = level + uint8((x*7+y*13)%3)
			}
		}
	}
}

// frame prints a frame: lines of some width between a quadrilateral and a smaller one.
func (p picture) frame(c [4][2]float64, width float64, line, paper uint8) {
	p.lay(c, line)
	p.lay(shrunk(c, width), paper)
}

// shrunk moves the corners of an upright rectangle inwards.
func shrunk(c [4][2]float64, by float64) [4][2]float64 {
	return [4][2]float64{{c[0][0] + by, c[0][1] + by}, {c[1][0] - by, c[1][1] + by}, {c[2][0] - by, c[2][1] - by}, {c[3][0] + by, c[3][1] - by}}
}

// off is how far the worst corner lies from where it should.
func off(o outline.Outline, want [4][2]float64) (worst float64) {
	for i := range 4 {
		worst = max(worst, math.Hypot(o.Corners[i][0]-want[i][0], o.Corners[i][1]-want[i][1]))
	}
	return worst
}

func TestSheetIsFoundHoweverItLies(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		desk, paper uint8
		corners     [4][2]float64
	}{
		"white on brown, straight":       {90, 225, [4][2]float64{{120, 100}, {680, 100}, {680, 460}, {120, 460}}},
		"turned by ten degrees":          {90, 225, [4][2]float64{{170, 80}, {700, 170}, {640, 510}, {110, 420}}},
		"seen from the side":             {90, 225, [4][2]float64{{180, 120}, {640, 90}, {700, 490}, {120, 450}}},
		"dark on a light desk":           {215, 110, [4][2]float64{{120, 100}, {680, 110}, {670, 460}, {110, 450}}},
		"not much lighter than the desk": {185, 215, [4][2]float64{{120, 100}, {680, 110}, {670, 460}, {110, 450}}},
	} {
		p := desk(800, 600, tt.desk)
		p.lay(tt.corners, tt.paper)
		o := outline.Find(p.Frame)
		if d := off(o, tt.corners); o.State != outline.Complete || d > 3 {
			t.Errorf("%s: state %d, corners off by %.1f pixels: %v", name, o.State, d, o.Corners)
		}
	}
}

func TestBareDeskHasNoOutline(t *testing.T) {
	t.Parallel()
	if o := outline.Find(desk(800, 600, 140).Frame); o.State != outline.None {
		t.Errorf("state %d, corners %v", o.State, o.Corners)
	}
}

// TestSheetThatLeavesThePictureIsCut: a side that is not there cannot be seen.
func TestSheetThatLeavesThePictureIsCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][4][2]float64{
		"to the right": {{250, 100}, {1000, 110}, {1000, 480}, {240, 470}},
		"at the foot":  {{150, 180}, {650, 190}, {640, 900}, {140, 900}},
	} {
		p := desk(800, 600, 80)
		p.lay(c, 225)
		if o := outline.Find(p.Frame); o.State != outline.Cut {
			t.Errorf("%s: state %d, corners %v", name, o.State, o.Corners)
		}
	}
}

// TestPrintedFrameIsNoEdge: on both sides of it lies the same paper.
func TestPrintedFrameIsNoEdge(t *testing.T) {
	t.Parallel()
	sheet := [4][2]float64{{100, 80}, {700, 80}, {700, 500}, {100, 500}}
	for _, width := range []float64{4, 10, 18} {
		p := desk(800, 600, 90)
		p.lay(sheet, 225)
		p.frame(shrunk(sheet, 24), width, 120, 225)
		if o := outline.Find(p.Frame); o.State != outline.Complete || off(o, sheet) > 4 {
			t.Errorf("a frame %g pixels wide: state %d, corners %v", width, o.State, o.Corners)
		}
	}
}

// TestFoldIsNoEdge: a sheet whose foot is outside the picture, folded across, does not end at the fold.
func TestFoldIsNoEdge(t *testing.T) {
	t.Parallel()
	p := desk(800, 600, 90)
	p.lay([4][2]float64{{120, 150}, {680, 150}, {680, 900}, {120, 900}}, 220)
	p.lay([4][2]float64{{120, 400}, {680, 400}, {680, 900}, {120, 900}}, 209) // the lower half is turned from the lamp
	if o := outline.Find(p.Frame); o.State != outline.Cut {
		t.Errorf("state %d, corners %v", o.State, o.Corners)
	}
}

// TestThingOnACornerWeakensIt: the edge is not seen under it.
func TestThingOnACornerWeakensIt(t *testing.T) {
	t.Parallel()
	sheet := [4][2]float64{{120, 100}, {680, 100}, {680, 460}, {120, 460}}
	p := desk(800, 600, 90)
	p.lay(sheet, 225)
	p.lay([4][2]float64{{560, 380}, {760, 380}, {760, 560}, {560, 560}}, 150)
	o := outline.Find(p.Frame)
	if off(o, sheet) > 4 {
		t.Fatalf("corners %v", o.Corners)
	}
	for i, v := range o.Corner {
		if covered := i == 2; (v < .4) != covered {
			t.Errorf("corner %d: %.2f of the edge beside it is seen", i, v)
		}
	}
}

func TestTwoCardsAreAPair(t *testing.T) {
	t.Parallel()
	p := desk(800, 900, 90)
	one := [4][2]float64{{150, 80}, {650, 80}, {650, 395}, {150, 395}}
	two := [4][2]float64{{150, 480}, {650, 480}, {650, 795}, {150, 795}}
	p.lay(one, 225)
	if o := outline.Find(p.Frame); o.Pair != 0 {
		t.Errorf("one card alone: %.2f", o.Pair)
	}
	p.lay(two, 225)
	if o := outline.Find(p.Frame); o.Pair < .75 {
		t.Errorf("two cards: %.2f", o.Pair)
	}
}

func TestSpanKeepsItsDistanceFromEverySide(t *testing.T) {
	t.Parallel()
	o := outline.Outline{State: outline.Complete, Corners: [4][2]float64{{100, 50}, {300, 50}, {300, 150}, {100, 150}}}
	for _, tt := range []struct {
		y, margin float64
		x0, x1    int
		ok        bool
	}{{100, 0, 100, 300, true}, {100, 10, 110, 290, true}, {55, 10, 0, 0, false}, {20, 0, 0, 0, false}, {45, -10, 90, 310, true}} {
		x0, x1, ok := o.Span(tt.y, tt.margin, 400)
		if ok != tt.ok || ok && (x0 != tt.x0 || x1 != tt.x1) {
			t.Errorf("row %g, %g from the sides: %d to %d, %t", tt.y, tt.margin, x0, x1, ok)
		}
	}
}

// TestOutlineIsThatOfTheFinerFrame: places count from the centre of the first pixel, which is not that of the finer ones in it.
func TestOutlineIsThatOfTheFinerFrame(t *testing.T) {
	o := outline.Outline{State: outline.Complete, Corners: [4][2]float64{{9.5, 4.5}, {30, 5}, {30, 20}, {9, 20}}}
	for k, want := range map[float64][2]float64{2: {19.5, 9.5}, 1.6: {15.5, 7.5}, 1: {9.5, 4.5}} {
		if got := o.Scaled(k).Corners[0]; math.Abs(got[0]-want[0])+math.Abs(got[1]-want[1]) > 1e-9 {
			t.Errorf("%g times as fine: %v, want %v", k, got, want)
		}
	}
}
