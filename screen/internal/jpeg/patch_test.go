package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"
)

func TestAPatchIsThePictureAtFullSize(t *testing.T) {
	for name, b := range map[string][]byte{"split": large(t, 1500, 1100, 88, 4), "restarts": fixture(t, "420-restart"), "gray": fixture(t, "gray"), "422": fixture(t, "422")} {
		std, err := stdjpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		at := func(x, y int) int { return int(std.(*image.YCbCr).Y[std.(*image.YCbCr).YOffset(x, y)]) }
		if g, ok := std.(*image.Gray); ok {
			at = func(x, y int) int { return int(g.GrayAt(x, y).Y) }
		}
		pic, err := Decode(b, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range [][2]int{{0, 0}, {pic.Width / 2, pic.Height / 3}, {pic.Width - 64, pic.Height - 64}, {pic.Width * 9, 5}} {
			p, ok := pic.Patch(c[0], c[1], 64, 64)
			if !ok {
				t.Fatalf("%s: no patch at %v", name, c)
			}
			x0, y0 := min(c[0], pic.Width-64), min(c[1], pic.Height-64)
			for y := range 64 {
				for x := range 64 {
					if d := int(p.Pix[y*p.Stride+x]) - at(x0+x, y0+y); d < -2 || d > 2 {
						t.Fatalf("%s: patch at %v differs by %d at %d, %d", name, c, d, x, y)
					}
				}
			}
		}
	}
	pic, err := Decode(fixture(t, "progressive"), 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := pic.Patch(0, 0, 32, 32); ok {
		t.Error("a progressive picture gave a patch")
	}
}
