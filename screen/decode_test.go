package screen

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"golang.org/x/image/bmp"
)

// TestPictureIsDecodedOnceForWhoeverNeedsIt: what was decoded in full to be looked at is handed over; JPEG never is.
func TestPictureIsDecodedOnceForWhoeverNeedsIt(t *testing.T) {
	t.Parallel()
	im := samplePicture(t)
	var asPNG, asBMP bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&asPNG, im); err != nil {
		t.Fatal(err)
	}
	if err := bmp.Encode(&asBMP, im); err != nil {
		t.Fatal(err)
	}
	policy := General
	policy.MaxBytes = 20 << 20
	for name, tt := range map[string]struct {
		b    []byte
		want int
	}{"PNG": {asPNG.Bytes(), 1}, "BMP": {asBMP.Bytes(), 1}, "HEIC": {sample(t, "resident-id-li.heic"), 1}, "JPEG": {sample(t, "resident-id-li.jpg"), 0}, "a damaged PNG": {asPNG.Bytes()[:2000], 0}} {
		var shown []image.Point
		r := look(t, tt.b, Options{Policy: policy, Decoded: func(im image.Image) { shown = append(shown, im.Bounds().Size()) }})
		if len(shown) != tt.want {
			t.Errorf("%s: shown %d times, want %d", name, len(shown), tt.want)
		}
		for _, size := range shown {
			if size != image.Pt(r.Image.Width, r.Image.Height) {
				t.Errorf("%s: %v was shown, the report says %d × %d", name, size, r.Image.Width, r.Image.Height)
			}
		}
	}
}
