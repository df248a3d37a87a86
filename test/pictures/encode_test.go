package pictures

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"
)

func TestEncodingsDecode(t *testing.T) {
	im := image.NewRGBA(image.Rect(0, 0, 75, 53))
	for y := range 53 {
		for x := range 75 {
			im.SetRGBA(x, y, color.RGBA{uint8(x * 3), uint8(y * 4), uint8(128 + 60*math.Sin(float64(x+y)/9)), 255})
		}
	}
	for _, e := range []Encoding{{Quality: 95}, {Quality: 95, Full: true, Tables: Flat}, {Quality: 90, Tables: Editor, Restart: 3},
		{Quality: 92, EXIF: &EXIF{Make: "Specimen", Model: "S1", Software: "1.2", Orientation: 6}}} {
		got, err := jpeg.Decode(bytes.NewReader(e.Encode(im)))
		if err != nil {
			t.Errorf("%+v: %v", e, err)
			continue
		}
		sum := 0.
		for y := range 53 {
			for x := range 75 {
				r, g, b, _ := got.At(x, y).RGBA()
				w := im.RGBAAt(x, y)
				sum += math.Abs(float64(r>>8)-float64(w.R)) + math.Abs(float64(g>>8)-float64(w.G)) + math.Abs(float64(b>>8)-float64(w.B))
			}
		}
		if mean := sum / (75 * 53 * 3); mean > 3.2 {
			t.Errorf("%+v: mean difference %.1f", e, mean)
		}
	}
}
