package screen

import (
	"image"
	"testing"

	xdraw "golang.org/x/image/draw"
)

func TestFingerprintKnowsAPictureThatWasSavedAgain(t *testing.T) {
	print := func(b []byte) *Fingerprint { r := look(t, b, Options{}); return &r.Fingerprint }
	li := print(sample(t, "resident-id-li.jpg"))
	im := samplePicture(t)
	small := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	xdraw.ApproxBiLinear.Scale(small, small.Rect, im, im.Rect, xdraw.Src, nil)
	for name, b := range map[string][]byte{"by an editor": asJPEG(t, im, 95), "by a messenger": asJPEG(t, small, 70), "as PNG": asPNG(t, small)} {
		l := print(b).Likeness(li)
		if l < SamePicture {
			t.Errorf("saved %s: likeness %.2f", name, l)
		}
	}
	if l := print(sample(t, "resident-id-wang.jpg")).Likeness(li); l > .6 {
		t.Errorf("another person's card: likeness %.2f", l)
	}
	if blank := print(asPNG(t, image.NewGray(image.Rect(0, 0, 900, 900)))); !blank.Zero() || blank.Likeness(blank) != 0 {
		t.Error("a blank picture is like another")
	}
}
