package screen

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/image/bmp"
)

// sample is one of the repository's own photographs of a card that does not exist.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "test", "pictures", "samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func samplePicture(t testing.TB) *image.RGBA {
	t.Helper()
	im, err := jpeg.Decode(bytes.NewReader(sample(t, "resident-id-li.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(im.Bounds())
	draw.Draw(out, out.Rect, im, image.Point{}, draw.Src)
	return out
}

func asJPEG(t testing.TB, im image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func look(t testing.TB, b []byte, o Options) Report {
	t.Helper()
	r, err := Screen(context.Background(), bytes.NewReader(b), int64(len(b)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r Report) has(c Code) *Finding {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Code == c })
	if i < 0 {
		return nil
	}
	return &r.Findings[i]
}

func TestGoodPhotographsPass(t *testing.T) {
	for _, name := range []string{"resident-id-li.jpg", "resident-id-wang.jpg"} {
		for _, p := range []Policy{General, CNNIC} {
			r := look(t, sample(t, name), Options{Name: name, DeclaredType: "image/jpeg", Kind: "resident_id", Side: "front", Policy: p})
			if r.Verdict != Pass {
				t.Errorf("%s: %s %+v", name, r.Verdict, r.Findings)
			}
			if r.Document == nil || r.Document.Cut {
				t.Errorf("%s: the card was not found: %+v", name, r.Document)
			}
			if i := r.Image; i.Format != JPEG || i.Width != 1920 || i.Height != 1440 || i.Bytes < 100_000 {
				t.Errorf("%s: %+v", name, i)
			}
		}
	}
}

func TestFileFindings(t *testing.T) {
	good := sample(t, "resident-id-li.jpg")
	heic := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + string(make([]byte, 60000)))
	huge := asJPEG(t, image.NewGray(image.Rect(0, 0, 17000, 20)), 50)
	for name, tc := range map[string]struct {
		data   []byte
		o      Options
		want   Code
		params map[string]string
	}{
		"a PNG for the .cn registry":      {asPNG(t, image.NewGray(image.Rect(0, 0, 900, 900))), Options{Policy: CNNIC}, FormatUnsupported, map[string]string{"Format": "PNG", "Formats": "JPEG,BMP"}},
		"a PDF":                           {[]byte("%PDF-1.4 and so on"), Options{Name: "id.pdf"}, FormatUnsupported, map[string]string{"Format": "PDF"}},
		"a renamed HEIC":                  {heic, Options{Name: "IMG_1.jpg"}, ExtensionMismatch, map[string]string{"Extension": ".jpg", "Format": "HEIC"}},
		"below the registry's minimum":    {good[:40000], Options{Policy: CNNIC}, FileTooSmall, map[string]string{"Size": "40000", "Min": "56320"}},
		"above the limit":                 {append(slices.Clone(good), make([]byte, 5<<20)...), Options{}, FileTooLarge, map[string]string{"Max": "5242880"}},
		"half an upload":                  {good[:len(good)/2], Options{}, FileCorrupt, nil},
		"only a header":                   {good[:3], Options{}, FileCorrupt, nil},
		"nothing":                         {nil, Options{Name: "id.jpg"}, FileCorrupt, nil},
		"noise called .jpg":               {bytes.Repeat([]byte{7, 9}, 40000), Options{Name: "id.jpg"}, FileCorrupt, nil},
		"an icon":                         {asJPEG(t, image.NewGray(image.Rect(0, 0, 120, 90)), 90), Options{}, TooFewPixels, map[string]string{"Width": "120", "Height": "90", "MinSide": "480"}},
		"a bomb of few bytes, many lines": {huge, Options{}, TooManyPixels, map[string]string{"Width": "17000", "MaxSide": "16384"}},
	} {
		r := look(t, tc.data, tc.o)
		f := r.has(tc.want)
		if f == nil || !f.Hard || f.Severity != Error || r.Verdict != Reject {
			t.Errorf("%s: %s %+v, want %s", name, r.Verdict, r.Findings, tc.want)
			continue
		}
		for k, v := range tc.params {
			if f.Params[k] != v {
				t.Errorf("%s: %s = %q, want %q", name, k, f.Params[k], v)
			}
		}
	}
	if r := look(t, heic, Options{Name: "IMG_1.heic"}); r.Verdict != Reject || r.has(FileCorrupt) == nil {
		t.Errorf("a HEIC that holds no picture: %+v", r.Findings)
	}
}

func asPNG(t testing.TB, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHEIC(t *testing.T) {
	b := sample(t, "resident-id-li.heic")
	r := look(t, b, Options{Name: "IMG_1.heic", Kind: "resident_id", Side: "front"})
	if i := r.Image; r.Verdict != Pass || r.Document == nil || i.Format != HEIC || i.Width != 1200 || i.Height != 900 {
		t.Errorf("a good one: %s %+v %+v", r.Verdict, r.Findings, r.Image)
	}
	if r := look(t, b[:len(b)/2], Options{}); r.has(FileCorrupt) == nil {
		t.Errorf("half of one: %+v", r.Findings)
	}
	large := General
	large.MaxPixels, large.MaxSide = 1<<40, 1<<20
	declared := bytes.Replace(b, []byte("ispe\x00\x00\x00\x00\x00\x00\x04\xb0\x00\x00\x03\x84"), []byte("ispe\x00\x00\x00\x00\x00\x00\x24\xb0\x00\x00\x13\x84"), 1)
	if r := look(t, declared, Options{Policy: large}); r.has(PictureUnchecked) == nil || r.Verdict != Warned {
		t.Errorf("one too large to decode: %+v %+v", r.Findings, r.Image)
	}
}

func TestTheSamePictureInOtherFormatsIsJudgedAlike(t *testing.T) {
	im := samplePicture(t)
	small := image.NewRGBA(image.Rect(0, 0, 960, 720))
	for y := range 720 {
		for x := range 960 {
			small.Set(x, y, im.At(2*x, 2*y))
		}
	}
	var b bytes.Buffer
	if err := bmp.Encode(&b, small); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": asPNG(t, small), "bmp": b.Bytes(), "jpeg": asJPEG(t, small, 90)} {
		r := look(t, data, Options{Name: "id." + name})
		if r.Verdict == Reject || r.Document == nil {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// spoil returns the sample with something done to each pixel.
func spoil(t testing.TB, do func(x, y int, c color.RGBA) color.RGBA) []byte {
	im := samplePicture(t)
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			im.SetRGBA(x, y, do(x, y, im.RGBAAt(x, y)))
		}
	}
	return asJPEG(t, im, 90)
}

func scale(c color.RGBA, k float64) color.RGBA {
	f := func(v uint8) uint8 { return uint8(min(255, float64(v)*k)) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), 255}
}

func TestPictureFindings(t *testing.T) {
	for name, tc := range map[string]struct {
		data []byte
		want Code
	}{
		"a black-and-white copy, photographed on a wooden desk": {spoil(t, func(x, y int, c color.RGBA) color.RGBA {
			if x < 200 || x > 1710 || y < 240 || y > 1170 {
				return c
			}
			v := uint8((int(c.R)*299 + int(c.G)*587 + int(c.B)*114) / 1000)
			return color.RGBA{v, v, uint8(int(v) * 94 / 100), 255} // under a warm lamp
		}), Grayscale},
		"taken in the dark": {spoil(t, func(_, _ int, c color.RGBA) color.RGBA { return scale(c, .25) }), Dark},
		"taken with far too much light": {spoil(t, func(_, _ int, c color.RGBA) color.RGBA {
			return color.RGBA{uint8(min(255, int(c.R)+130)), uint8(min(255, int(c.G)+130)), uint8(min(255, int(c.B)+130)), 255}
		}), Overexposed},
		"a lamp reflected in the plastic": {spoil(t, func(x, y int, c color.RGBA) color.RGBA {
			d := (float64(x-800)*float64(x-800) + float64(y-600)*float64(y-600)) / (170 * 170)
			add := int(300 / (1 + d*d))
			return color.RGBA{uint8(min(255, int(c.R)+add)), uint8(min(255, int(c.G)+add)), uint8(min(255, int(c.B)+add)), 255}
		}), Glare},
		"out of focus": {asJPEG(t, blurred(samplePicture(t), 8), 90), Blurred},
	} {
		r := look(t, tc.data, Options{})
		if f := r.has(tc.want); f == nil || f.Hard {
			t.Errorf("%s: %+v, measures %+v, want %s", name, r.Findings, r.Measures, tc.want)
		}
	}
}

// blurred is a box blur, done twice.
func blurred(im *image.RGBA, r int) *image.RGBA {
	for range 2 {
		for _, d := range []image.Point{{X: 1}, {Y: 1}} {
			out := image.NewRGBA(im.Rect)
			for y := range im.Rect.Dy() {
				for x := range im.Rect.Dx() {
					var s [3]int
					for k := -r; k <= r; k++ {
						xx, yy := min(max(x+k*d.X, 0), im.Rect.Dx()-1), min(max(y+k*d.Y, 0), im.Rect.Dy()-1)
						p := im.Pix[im.PixOffset(xx, yy):]
						s[0], s[1], s[2] = s[0]+int(p[0]), s[1]+int(p[1]), s[2]+int(p[2])
					}
					n := 2*r + 1
					out.SetRGBA(x, y, color.RGBA{uint8(s[0] / n), uint8(s[1] / n), uint8(s[2] / n), 255})
				}
			}
			im = out
		}
	}
	return im
}

func TestBornDigitalKindsAreNeverRejectedForTheirColour(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 1920, 1440))
	draw.Draw(gray, gray.Rect, samplePicture(t), image.Point{}, draw.Src)
	p := General
	if r := look(t, asJPEG(t, gray, 90), Options{Policy: p}); r.has(Grayscale) == nil || r.Verdict != Reject {
		t.Errorf("a grey resident card: %+v", r.Findings)
	}
	p.BornDigital = true
	if r := look(t, asJPEG(t, gray, 90), Options{Policy: p}); r.has(Grayscale) == nil || r.Verdict == Reject {
		t.Errorf("a grey electronic licence: %+v", r.Findings)
	}
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk on fire") }

func TestOnlyReadingAndTheContextFail(t *testing.T) {
	if _, err := Screen(context.Background(), failing{}, 1000, Options{}); err == nil {
		t.Error("a reader that fails gave no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Screen(ctx, bytes.NewReader(nil), 0, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gave %v", err)
	}
}

func FuzzScreen(f *testing.F) {
	f.Add([]byte("BM\x36\x10\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x10\x00\x00\x00\x10\x00\x00\x00\x01\x00\x18\x00"))
	im := image.NewRGBA(image.Rect(0, 0, 40, 30))
	f.Add(asJPEG(f, im, 80))
	f.Add(asPNG(f, im))
	f.Add([]byte("RIFF\x20\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := General
		p.MaxPixels = 1_000_000
		r, err := Screen(context.Background(), bytes.NewReader(b), int64(len(b)), Options{Name: "x.jpg", Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict == "" {
			t.Fatal("no verdict")
		}
	})
}
