package screen

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// TestOriginalIsWholeUncoveredAndUnedited: what both registrars and registries ask of a picture beyond
// its light and colour. Each picture lacks one thing; make accuracy measures how often such are found.
func TestOriginalIsWholeUncoveredAndUnedited(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		picture []byte
		kind    string
		want    Code // "" for a picture that is as it should be
	}{
		"the whole card":                {asJPEG(t, samplePicture(t), 90), "resident_id", ""},
		"two corners outside":           {asJPEG(t, cropped(t, image.Rect(600, 0, 1920, 1440)), 90), "resident_id", CutOff},
		"a finger over the edge":        {asJPEG(t, covered(t), 90), "resident_id", Obstructed},
		"a finger on a page":            {asJPEG(t, held(), 90), "business_licence", Obstructed},
		"rows of marks laid over it":    {asJPEG(t, watermarked(t), 90), "resident_id", Watermark},
		"broad letters level with it":   {asJPEG(t, tinted(t), 90), "resident_id", Watermark},
		"a part from another picture":   {asJPEG(t, pasted(t), 95), "resident_id", Edited},
		"a number painted over":         {asJPEG(t, overpainted(t), 95), "resident_id", Edited},
		"a picture of it in a window":   {asPNG(t, windowed(t)), "resident_id", Screenshot},
		"a page from a register's site": {asPNG(t, windowed(t)), "business_licence", Screenshot},
		"a certificate with its seal":   {asJPEG(t, certificate(.8), 92), "business_licence", ""},
		"a seal too pale to be read":    {asJPEG(t, certificate(.1), 92), "business_licence", SealIllegible},
	} {
		r := look(t, tt.picture, Options{Kind: tt.kind, Side: "front"})
		switch {
		case tt.want == "" && (r.Verdict != Pass || len(r.Findings) != 0):
			t.Errorf("%s: %s for %+v", name, r.Verdict, r.Findings)
		case tt.want != "" && (r.Verdict == Pass || r.has(tt.want) == nil || r.has(tt.want).Hard):
			t.Errorf("%s: %s for %+v, want %s, which a person may overrule", name, r.Verdict, r.Findings, tt.want)
		}
	}
}

// paint gives each pixel that is on a share of a colour.
func paint(im *image.RGBA, share float64, with color.RGBA, on func(x, y float64) bool) {
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-share) + float64(b)*share) }
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			if on(float64(x), float64(y)) {
				c := im.RGBAAt(x, y)
				im.SetRGBA(x, y, color.RGBA{mix(c.R, with.R), mix(c.G, with.G), mix(c.B, with.B), 255})
			}
		}
	}
}

func cropped(t *testing.T, r image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Rect, samplePicture(t), r.Min, draw.Src)
	return out
}

// covered has a fingertip on the card's lower edge.
func covered(t *testing.T) *image.RGBA {
	im := samplePicture(t)
	paint(im, 1, color.RGBA{222, 172, 142, 255}, func(x, y float64) bool { return math.Hypot(max(0, x-600), y-1000) < 90 && x < 650 && y > 900 })
	return im
}

// held is a certificate with a finger on its lower edge, as noisy as the rest; on the desk beyond it is too dark to be told
// from wood.
func held() *image.RGBA {
	im := certificate(.8)
	rng := rand.New(rand.NewPCG(3, 4))
	for y := 830; y < 1080; y++ {
		for x := 630; x < 770; x++ {
			if light := uint8(rng.IntN(13)); math.Hypot(float64(x-700), min(0, float64(y-900))) < 70 {
				im.SetRGBA(x, y, color.RGBA{216 + light, 166 + light, 136 + light, 255})
			}
		}
	}
	return im
}

// watermarked has pale corners of letters in slanting rows all over it.
func watermarked(t *testing.T) *image.RGBA {
	im := samplePicture(t)
	paint(im, .35, color.RGBA{150, 150, 160, 255}, func(x, y float64) bool {
		along, down := math.Mod(x*.9+y*.43+4000, 60), math.Mod(y*.9-x*.43+4000, 130)
		return along < 40 && down < 60 && (along < 9 || down < 9)
	})
	return im
}

// tinted has a few broad half-transparent letters level with its print.
func tinted(t *testing.T) *image.RGBA {
	im := samplePicture(t)
	paint(im, .3, color.RGBA{70, 70, 80, 255}, func(x, y float64) bool {
		along, down := math.Mod(x, 70), y-700
		return x > 300 && x < 1000 && down > 0 && down < 64 && along < 46 && (along < 14 || down > 50 || down > 24 && down < 38)
	})
	return im
}

// pasted has a patch that was saved more coarsely, in another place of the grid.
func pasted(t *testing.T) *image.RGBA {
	im := samplePicture(t)
	coarse, err := jpeg.Decode(bytes.NewReader(asJPEG(t, im, 40)))
	if err != nil {
		t.Fatal(err)
	}
	patch := image.Rect(600, 500, 900, 640)
	draw.Draw(im, patch, coarse, patch.Min.Add(image.Pt(3, 5)), draw.Src)
	return im
}

func overpainted(t *testing.T) *image.RGBA {
	im := samplePicture(t)
	draw.Draw(im, image.Rect(700, 930, 1250, 980), image.NewUniform(im.RGBAAt(690, 940)), image.Point{}, draw.Src)
	return im
}

// windowed is a screen that shows the picture between bars of one colour.
func windowed(t *testing.T) *image.RGBA {
	out, im := image.NewRGBA(image.Rect(0, 0, 1080, 1800)), samplePicture(t)
	draw.Draw(out, out.Rect, image.NewUniform(color.RGBA{30, 30, 34, 255}), image.Point{}, draw.Src)
	for y := range 720 {
		for x := range 960 {
			out.Set(x+60, y+500, im.At(2*x, 2*y))
		}
	}
	return out
}

// certificate is a photographed page with marks in lines, a coloured title and a round seal in ink of the
// given strength.
func certificate(ink float64) *image.RGBA {
	rng := rand.New(rand.NewPCG(1, 2))
	im := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	at := func(x, y int) color.RGBA {
		column, row := (x-240)/44, (y-200)/60
		which, dx, dy := column*31+row*17, (x-240)%44, (y-200)%60
		switch {
		case !image.Pt(x, y).In(image.Rect(140, 120, 1460, 1080)):
			return color.RGBA{120, 84, 60, 255}
		case image.Pt(x, y).In(image.Rect(500, 140, 1100, 190)):
			return color.RGBA{200, 150, 40, 255}
		case image.Pt(x, y).In(image.Rect(240, 200, 1340, 980)) && which%7 != 0 && dy < 30 && dx < 24+which%9 && (dy%(7+which%5) < 4 || (dx+which)%(9+which%6) < 4):
			return color.RGBA{40, 36, 40, 255}
		}
		return color.RGBA{236, 232, 220, 255}
	}
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			light := rng.IntN(13) - 6 // the sensor's noise
			grain := func(v uint8) uint8 { return uint8(min(255, max(0, int(v)+light+rng.IntN(5)-2))) }
			c := at(x, y)
			im.SetRGBA(x, y, color.RGBA{grain(c.R), grain(c.G), grain(c.B), 255})
		}
	}
	paint(im, ink, color.RGBA{210, 30, 40, 255}, func(x, y float64) bool {
		r := math.Hypot(x-1150, y-820)
		return r < 130 && r > 115 || r < 40
	})
	return im
}
