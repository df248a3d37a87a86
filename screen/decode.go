package screen

import (
	"bytes"
	"errors"
	"image"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/verinym/verinym/screen/internal/jpeg"
	"github.com/verinym/verinym/screen/internal/raster"
)

var (
	errCorrupt     = errors.New("screen: corrupt")
	errUnsupported = errors.New("screen: a variant that is not decoded here")
)

type codec struct {
	config func(b []byte) (image.Config, error)
	decode func(b []byte) (image.Image, error)
}

func stdCodec(f Format) codec {
	switch f {
	case PNG:
		return codec{
			func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
		}
	case BMP:
		return codec{
			func(b []byte) (image.Config, error) { return bmp.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return bmp.Decode(bytes.NewReader(b)) },
		}
	case WebP:
		return codec{
			func(b []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) },
		}
	}
	return codec{}
}

// dimensions reads the size of the picture without decoding it.
func dimensions(f Format, data []byte) (w, h int, err error) {
	defer caught(&err)
	if f == JPEG {
		c, err := jpeg.ReadConfig(data)
		return c.Width, c.Height, classify(err)
	}
	c, err := stdCodec(f).config(data)
	if err != nil {
		return 0, 0, classify(err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return 0, 0, errCorrupt
	}
	return c.Width, c.Height, nil
}

// decode returns the picture at its working size. The caller has checked the dimensions.
func decode(f Format, data []byte) (fr *raster.Frame, err error) {
	defer caught(&err)
	if f == JPEG {
		return decodeJPEG(data)
	}
	im, err := stdCodec(f).decode(data)
	if err != nil {
		return nil, classify(err)
	}
	return raster.FromImage(im), nil
}

func decodeJPEG(data []byte) (*raster.Frame, error) {
	c, err := jpeg.ReadConfig(data)
	if err != nil {
		return nil, classify(err)
	}
	factor := raster.Factor(c.Width, c.Height)
	pic, err := jpeg.Decode(data, factor)
	if err != nil {
		return nil, classify(err)
	}
	return raster.FromJPEG(pic, factor), nil
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
