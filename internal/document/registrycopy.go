package document

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // what a registry copy can be made from

	_ "golang.org/x/image/bmp" // likewise
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // likewise
)

var errNoHonestCopy = errors.New("no copy within the registry's limits")

// smallest is the longer side, in pixels, below which a copy is not reduced any
// further: the print on a document would be lost.
const smallest = 1600

// registryCopy returns picture as an upright JPEG between least and most bytes,
// its pixels alone: no EXIF, no GPS. The quality is the highest that fits; where
// none does, as with photos of many megapixels, the copy has fewer pixels. A
// picture that stays under least at the best quality has too little in it to be
// read, and is never padded or enlarged.
func registryCopy(picture []byte, least, most int64) ([]byte, error) {
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	img = upright(img, orientation(picture))
	for {
		out, err := encode(img, most)
		if err != nil {
			return nil, err
		}
		size := img.Bounds().Size()
		switch {
		case out != nil && int64(len(out)) < least:
			return nil, errNoHonestCopy
		case out != nil:
			return out, nil
		case max(size.X, size.Y)*3/4 < smallest:
			return nil, errNoHonestCopy
		}
		less := image.NewRGBA(image.Rect(0, 0, size.X*3/4, size.Y*3/4))
		draw.BiLinear.Scale(less, less.Rect, img, img.Bounds(), draw.Src, nil)
		img = less
	}
}

// encode returns img at the highest quality whose bytes are at most most, nil
// when there is none.
func encode(img image.Image, most int64) ([]byte, error) {
	for _, quality := range []int{95, 90, 85, 80, 70, 60, 50} {
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if int64(buf.Len()) <= most {
			return buf.Bytes(), nil
		}
	}
	return nil, nil
}

// upright turns a picture as its EXIF orientation (1 to 8) says, and lays one
// with transparent parts on white paper. JPEG keeps neither.
func upright(img image.Image, orientation int) image.Image {
	opaque, known := img.(interface{ Opaque() bool })
	if orientation == 1 && known && opaque.Opaque() {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(src, src.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(src, src.Rect, img, b.Min, draw.Over)
	from := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	if from == nil {
		return src
	}
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 { // lying on its side
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			fx, fy := from(x, y)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(fx, fy):][:4])
		}
	}
	return dst
}
