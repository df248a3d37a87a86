package screen_test

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures/samples"
)

// A photo of somebody with the document in hand shows it cut off, turned, small. Only its
// light, its colour and where it comes from are judged.
func TestPhotoWithTheDocumentInHandIsNoScanOfIt(t *testing.T) {
	t.Parallel()
	whole, err := jpeg.Decode(bytes.NewReader(samples.Li))
	if err != nil {
		t.Fatal(err)
	}
	b := whole.Bounds()
	corner := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	draw.Draw(corner, corner.Rect, whole, b.Min.Add(image.Pt(b.Dx()/3, b.Dy()/3)), draw.Src)
	gray := image.NewGray(corner.Rect)
	draw.Draw(gray, gray.Rect, corner, image.Point{}, draw.Src)
	for name, tt := range map[string]struct {
		picture image.Image
		kind    string
		verdict screen.Verdict
		code    screen.Code
	}{
		"a piece of a card as a card":      {corner, "resident_id", screen.Reject, screen.CutOff},
		"a piece of a card in hand":        {corner, "holding_photo", screen.Pass, ""},
		"a gray photo with a card in hand": {gray, "holding_photo", screen.Reject, screen.Grayscale},
	} {
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, tt.picture, &jpeg.Options{Quality: 92}); err != nil {
			t.Fatal(err)
		}
		r, err := screen.Screen(t.Context(), bytes.NewReader(buf.Bytes()), int64(buf.Len()), screen.Options{Kind: tt.kind})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(r.Findings, func(f screen.Finding) bool { return f.Code == tt.code })
		if r.Verdict != tt.verdict || found != (tt.code != "") {
			t.Errorf("%s: %s for %+v, want %s for %s", name, r.Verdict, r.Findings, tt.verdict, tt.code)
		}
	}
}
