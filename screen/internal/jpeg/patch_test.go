package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"
)

func TestAPatchIsThePictureAtFullSize(t *testing.T) {
	for name, b := range map[string][]byte{"split": large(t, 1500, 1100, 88, 4), "restarts": fixture(t, "420-restart"), "gray": fixture(t, "gray"), "422": fixture(t, "422"), "progressive": fixture(t, "progressive")} {
		std, err := stdjpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		at := func(x, y int) int { return int(std.(*image.YCbCr).Y[std.(*image.YCbCr).YOffset(x, y)]) }
		if g, ok := std.(*image.Gray); ok {
			at = func(x, y int) int { return int(g.GrayAt(x, y).Y) }
		}
		for _, size := range []int{2, 5} {
			pic, err := Decode(b, size)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range [][2]int{{0, 0}, {pic.Width / 2, pic.Height / 3}, {pic.Width - 64, pic.Height - 64}, {pic.Width * 9, 5}} {
				p, ok := pic.Patch(c[0], c[1], 64, 64)
				if lost := name == "progressive" && size == 2; ok == lost {
					t.Fatalf("%s, %d samples a block: patch at %v: %v", name, size, c, ok)
				}
				if !ok {
					continue
				}
				x0, y0 := min(c[0], pic.Width-64), min(c[1], pic.Height-64)
				for y := range 64 {
					for x := range 64 {
						if d := int(p.Pix[y*p.Stride+x]) - at(x0+x, y0+y); d < -2 || d > 2 {
							t.Fatalf("%s, %d samples a block: patch at %v differs by %d at %d, %d", name, size, c, d, x, y)
						}
					}
				}
			}
		}
	}
}
