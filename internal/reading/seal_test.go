package reading

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

// The page of these tests: paper, a line of black print, a red seal stamped over a part of it, a red title and a red frame.
var (
	paperInk = color.RGBA{225, 222, 214, 255}
	printInk = color.RGBA{40, 40, 42, 255}
	sealInk  = color.RGBA{185, 40, 48, 255}
	underInk = color.RGBA{110, 30, 34, 255} // print that shows through
)

func sealedPage() *image.RGBA {
	page := image.NewRGBA(image.Rect(0, 0, 1400, 1000))
	draw.Draw(page, page.Rect, image.NewUniform(paperInk), image.Point{}, draw.Src)
	fill := func(c color.RGBA, x0, y0, x1, y1 int) {
		draw.Draw(page, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(sealInk, 10, 10, 1390, 20)
	fill(sealInk, 10, 980, 1390, 990)
	fill(sealInk, 10, 10, 20, 990)
	fill(sealInk, 1380, 10, 1390, 990)
	fill(sealInk, 400, 100, 900, 160)
	fill(printInk, 900, 700, 1200, 704)
	for a := 0.0; a < 2*math.Pi; a += .001 {
		for r := 90.0; r < 97; r += .5 {
			x, y := int(1100+r*math.Cos(a)), int(700+r*math.Sin(a))
			switch page.RGBAAt(x, y) {
			case paperInk:
				page.SetRGBA(x, y, sealInk)
			case printInk:
				page.SetRGBA(x, y, underInk)
			}
		}
	}
	return page
}

func TestPrintUnderASealIsUncovered(t *testing.T) {
	t.Parallel()
	page := sealedPage()
	bleach(page)
	for place, tt := range map[string]struct {
		x, y int
		dark bool
	}{"the ring on paper": {1100, 607, false}, "print in the open": {950, 702, true}, "print under the ring": {1007, 702, true}} {
		if c := page.RGBAAt(tt.x, tt.y); c.R < 128 != tt.dark || redness([]byte{c.R, c.G, c.B}) >= edgeRed {
			t.Errorf("%s is %v", place, c)
		}
	}
}

func TestRedThatIsNoSealStays(t *testing.T) {
	t.Parallel()
	page := sealedPage()
	bleach(page)
	for place, at := range map[string]image.Point{"the title": {500, 130}, "the frame": {15, 500}} {
		if c := page.RGBAAt(at.X, at.Y); c != sealInk {
			t.Errorf("%s is %v", place, c)
		}
	}
}

func TestSealsAreFoundWhereTheyAre(t *testing.T) {
	t.Parallel()
	page := sealedPage()
	found := seals(page, groundRed(page))
	if len(found) != 1 {
		t.Fatalf("seals at %v", found)
	}
	if c := image.Rect(1003, 603, 1197, 797); !c.In(found[0]) || found[0].Dx() > 260 || found[0].Dy() > 260 {
		t.Errorf("it is at %v", found[0])
	}
	if found := seals(image.NewRGBA(image.Rect(0, 0, 1, 1)), 0); len(found) != 0 {
		t.Errorf("on a page of one pixel: %v", found)
	}
}
