package reading

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/verinym/verinym/internal/ocr"
)

// A board of four colours in perspective comes out flat, each colour in its quarter.
func TestDocumentIsLaidFlat(t *testing.T) {
	t.Parallel()
	corners := [4]ocr.Point{{X: 120, Y: 60}, {X: 520, Y: 110}, {X: 470, Y: 400}, {X: 60, Y: 330}}
	colours := [4]color.RGBA{{200, 0, 0, 255}, {0, 200, 0, 255}, {0, 0, 200, 255}, {200, 200, 0, 255}}
	img := image.NewRGBA(image.Rect(0, 0, 600, 450))
	p := project(corners)
	for v := 0.0; v < 1; v += .0005 {
		for u := 0.0; u < 1; u += .0005 {
			at := p.at(u, v)
			quarter := 0
			if u > .5 {
				quarter++
			}
			if v > .5 {
				quarter += 2
			}
			img.SetRGBA(int(at.X), int(at.Y), colours[quarter])
		}
	}
	flat := Rectify(img, corners)
	w, h := flat.Rect.Dx(), flat.Rect.Dy()
	if math.Abs(float64(w)/float64(h)-417.0/294) > .15 {
		t.Errorf("it is %d × %d", w, h)
	}
	for i, want := range colours {
		x, y := w/4+(i%2)*w/2, h/4+(i/2)*h/2
		if got := flat.RGBAAt(x, y); got != want {
			t.Errorf("quarter %d is %v, want %v", i, got, want)
		}
	}
}

// Corners that screening could never find must not break it either.
func TestStrangeCorners(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	nan := math.NaN()
	for _, corners := range [][4]ocr.Point{
		{}, {{X: 1, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1}}, {{X: -9999, Y: -9999}, {X: 9999, Y: -9999}, {X: 9999, Y: 9999}, {X: -9999, Y: 9999}},
		{{X: 0, Y: 0}, {X: 10, Y: 10}, {X: 20, Y: 20}, {X: 30, Y: 30}}, {{X: nan}, {}, {}, {}},
	} {
		if flat := Rectify(img, corners); max(flat.Rect.Dx(), flat.Rect.Dy()) > flatSide {
			t.Errorf("%v: %v", corners, flat.Rect)
		}
	}
}

func TestQRCodeIsReadAsText(t *testing.T) {
	t.Parallel()
	const says = "http://www.example.cn/index?uniscid=91990000MA00000000"
	code, err := qrcode.NewQRCodeWriter().Encode(says, gozxing.BarcodeFormat_QR_CODE, 220, 220, nil)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 900, 640))
	for y := range 640 {
		for x := range 900 {
			v := uint8(240)
			if x >= 600 && x < 820 && y >= 60 && y < 280 && code.Get(x-600, y-60) {
				v = 25
			}
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	if got := readCode(img); got != says {
		t.Errorf("it says %q", got)
	}
	if got := readCode(image.NewRGBA(image.Rect(0, 0, 300, 200))); got != "" {
		t.Errorf("an empty page says %q", got)
	}
}
