package document

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // what a copy can be made from

	_ "github.com/gen2brain/heic" // likewise
	_ "golang.org/x/image/bmp"    // likewise
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // likewise
)

var (
	errNoHonestCopy = errors.New("no copy within the bounds")
	errNoPicture    = errors.New("the bytes are no picture")
)

// Longer sides in pixels. A card that fills a picture of largest pixels has some
// 700 of them to the inch; below smallest the print on it would be lost. On a
// thumbnail nothing can be read.
const (
	largest   = 2560
	smallest  = 1600
	thumbnail = 160
	// A preview goes back to whoever has just sent the picture, and is not kept.
	preview = 800
)

// derive makes what may leave the vault: a copy of least to most bytes, and a
// thumbnail. orientation says how the picture has to be turned, as EXIF numbers it. Both are upright JPEGs of the pixels alone: no EXIF, no GPS.
//
// The copy's quality is as high as fits; where none does, it has fewer pixels. A picture that stays under least at the best quality has too little in
// it to be read, and is never padded or enlarged.
func derive(img image.Image, orientation int, least, most int64) (c copies, err error) {
	img = upright(reduce(img, largest), orientation)
	if c.Thumb, err = encode(reduce(img, thumbnail), most); err != nil {
		return c, err
	}
	for {
		c.Copy, err = encode(img, most)
		side := longer(img)
		switch {
		case err != nil:
			return c, err
		case c.Copy != nil && int64(len(c.Copy)) < least:
			return c, errNoHonestCopy
		case c.Copy != nil:
			return c, nil
		case side*3/4 < smallest:
			return c, errNoHonestCopy
		}
		img = reduce(img, side*3/4)
	}
}

func longer(img image.Image) int { return max(img.Bounds().Dx(), img.Bounds().Dy()) }

// reduce returns img with a longer side of at most side pixels. It never does more
// than halve at once, so that the four pixels that each new one is made from are
// all that lie under it.
func reduce(img image.Image, side int) image.Image {
	for longer(img) > side {
		size := img.Bounds().Size()
		long := max(size.X, size.Y)
		to := max(side, (long+1)/2)
		less := image.NewRGBA(image.Rect(0, 0, max(1, size.X*to/long), max(1, size.Y*to/long)))
		draw.ApproxBiLinear.Scale(less, less.Rect, img, img.Bounds(), draw.Src, nil)
		img = less
	}
	return img
}

// encode returns img with at most most bytes: at quality 95 where it fits easily,
// else at the highest of 85, 75, 65 and 50 that fits, nil when none does. Trying
// every quality would cost more than it shows.
func encode(img image.Image, most int64) ([]byte, error) {
	for _, quality := range []int{85, 75, 65, 50} {
		out, err := encodeAt(img, quality)
		switch n := int64(len(out)); {
		case err != nil:
			return nil, err
		case n > most:
			continue
		case quality == 85 && 2*n < most:
			if better, err := encodeAt(img, 95); err != nil || int64(len(better)) <= most {
				return better, err
			}
		}
		return out, nil
	}
	return nil, nil
}

func encodeAt(img image.Image, quality int) ([]byte, error) {
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality})
	return buf.Bytes(), err
}

// turned is where a place of a picture of w by h is when it has been turned by upright.
func turned(x, y float64, w, h, orientation int) (float64, float64) {
	right, bottom := float64(w)-x, float64(h)-y
	switch orientation {
	case 2:
		return right, y
	case 3:
		return right, bottom
	case 4:
		return x, bottom
	case 5:
		return y, x
	case 6:
		return bottom, x
	case 7:
		return bottom, right
	case 8:
		return y, right
	}
	return x, y
}

// upright turns a picture as its EXIF orientation (1 to 8, 0 for none) says, and lays one
// with transparent parts on white paper. JPEG keeps neither.
func upright(img image.Image, orientation int) image.Image {
	opaque, known := img.(interface{ Opaque() bool })
	if orientation <= 1 && known && opaque.Opaque() {
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
