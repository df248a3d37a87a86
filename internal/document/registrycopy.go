package document

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	_ "image/png" // what a registry copy can be made from

	_ "golang.org/x/image/bmp"  // likewise
	_ "golang.org/x/image/webp" // likewise
)

var errNoHonestCopy = errors.New("no copy within the registry's limits")

// registryCopy returns picture as a JPEG between least and most bytes, its
// pixels alone: no EXIF, no GPS. The quality is the highest that fits. A picture
// that stays under least at the best quality has too little in it to be read,
// and is never padded.
func registryCopy(picture []byte, least, most int64) ([]byte, error) {
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	for _, quality := range []int{95, 90, 85, 80, 70, 60, 50} {
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		n := int64(buf.Len())
		if n > most {
			continue
		}
		if n < least {
			return nil, errNoHonestCopy
		}
		return buf.Bytes(), nil
	}
	return nil, errNoHonestCopy
}
