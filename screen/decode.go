package screen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"

	"github.com/gen2brain/heic"
	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/verinym/verinym/screen/internal/exif"
	"github.com/verinym/verinym/screen/internal/heif"
	"github.com/verinym/verinym/screen/internal/jpeg"
	"github.com/verinym/verinym/screen/internal/raster"
)

var (
	errCorrupt     = errors.New("screen: corrupt")
	errUnsupported = errors.New("screen: a variant that is not decoded here")
)

// header is what a file says about its picture before anything is decoded.
type header struct {
	width, height int
	orientation   int // as EXIF numbers them, 1 … 8; 0 where nothing is said, or the decoder turns the picture itself
}

// codec reads one format. maxPixels bounds what is decoded besides the policy's own bound, because of the memory that it
// takes. Either decode or reduce is there: JPEG is never decoded in full.
type codec struct {
	maxPixels int
	header    func(b []byte) (header, error)
	decode    func(b []byte) (image.Image, error)
	reduce    func(b []byte) (*raster.Frame, error)
}

var codecs = map[Format]codec{
	JPEG: {maxPixels: maxPixelsJPEG, header: headerJPEG, reduce: decodeJPEG},
	PNG:  {maxPixels: maxPixelsRGB, header: headerPNG, decode: func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }},
	BMP:  {maxPixels: maxPixelsRGB, header: headerBMP, decode: func(b []byte) (image.Image, error) { return bmp.Decode(bytes.NewReader(b)) }},
	WebP: {maxPixels: maxPixelsRGB, header: headerWebP, decode: func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) }},
	HEIC: {maxPixels: maxPixelsHEIC, header: headerHEIC, decode: decodeHEIC},
}

// readHeader reads the size of the picture without decoding it.
func (c codec) readHeader(data []byte) (h header, err error) {
	defer caught(&err)
	h, err = c.header(data)
	if err == nil && (h.width <= 0 || h.height <= 0) {
		err = errCorrupt
	}
	return h, classify(err)
}

// read returns the picture at its working size, and shows it to decoded where it was decoded in full. The caller has checked
// the dimensions.
func (c codec) read(data []byte, decoded func(image.Image)) (fr *raster.Frame, err error) {
	defer caught(&err)
	if c.reduce != nil {
		fr, err = c.reduce(data)
		return fr, classify(err)
	}
	im, err := c.decode(data)
	if err != nil {
		return nil, classify(err)
	}
	if decoded != nil {
		decoded(im)
	}
	return raster.FromImage(im), nil
}

func headerPNG(b []byte) (header, error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	return header{c.Width, c.Height, exif.InPNG(b)}, err
}

func headerBMP(b []byte) (header, error) {
	c, err := bmp.DecodeConfig(bytes.NewReader(b))
	return header{width: c.Width, height: c.Height}, err
}

func headerWebP(b []byte) (header, error) {
	c, err := webp.DecodeConfig(bytes.NewReader(b))
	return header{c.Width, c.Height, exif.InWebP(b)}, err
}

func headerJPEG(b []byte) (header, error) {
	c, err := jpeg.ReadConfig(b)
	return header{c.Width, c.Height, c.Orientation}, err
}

func decodeJPEG(b []byte) (*raster.Frame, error) {
	c, err := jpeg.ReadConfig(b)
	if err != nil {
		return nil, err
	}
	return reduceJPEG(b, raster.BlockSize(c.Width, c.Height))
}

// reduceJPEG makes size × size samples of each block of eight by eight.
func reduceJPEG(b []byte, size int) (*raster.Frame, error) {
	pic, err := jpeg.Decode(b, size)
	if err != nil {
		return nil, err
	}
	f := raster.FromJPEG(pic, size)
	f.Finer = func() *raster.Frame {
		if size == 8 {
			return nil
		}
		finer, _ := reduceJPEG(b, min(8, 2*size)) // it has been decoded before: there is no error
		return finer
	}
	return f, nil
}

// headerHEIC reads the boxes itself: the decoder would decode to answer. The decoder turns the picture as the boxes irot and
// imir say; what an Exif item says besides is to be ignored (ISO/IEC 23008-12, A.2.1).
func headerHEIC(b []byte) (header, error) {
	c, err := heif.ReadConfig(b)
	return header{width: c.Width, height: c.Height}, err
}

// decodeHEIC holds the decoder to the size that was declared and checked.
func decodeHEIC(b []byte) (image.Image, error) {
	c, err := heif.ReadConfig(b)
	if err != nil {
		return nil, err
	}
	im, err := heic.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if s := im.Bounds().Size(); s != image.Pt(c.Width, c.Height) {
		return nil, fmt.Errorf("%w: declared %d × %d, holds %v", errCorrupt, c.Width, c.Height, s)
	}
	return im, nil
}

// classify tells a damaged file from a sound one that this package does not read.
func classify(err error) error {
	if err == nil {
		return nil
	}
	var up png.UnsupportedError
	if errors.Is(err, jpeg.ErrUnsupported) || errors.As(err, &up) || errors.Is(err, bmp.ErrUnsupported) {
		return errUnsupported
	}
	return errCorrupt
}

// caught turns a decoder's panic into a finding: hostile bytes must not stop a server.
func caught(err *error) {
	if recover() != nil {
		*err = errCorrupt
	}
}
