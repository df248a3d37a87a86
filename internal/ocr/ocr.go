package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"
)

// Picture is what an engine sees: rows of red, green and blue, one byte each, from the top left.
type Picture struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Pix    []byte `json:"-"`
}

// largestSide bounds what is given to an engine, and what an engine believes of its caller.
const largestSide = 8192

// Check reports whether there are as many pixels as the picture says.
func (p Picture) Check() error {
	if p.Width < 1 || p.Height < 1 || p.Width > largestSide || p.Height > largestSide || len(p.Pix) != 3*p.Width*p.Height {
		return fmt.Errorf("ocr: no picture of %d × %d in %d bytes", p.Width, p.Height, len(p.Pix))
	}
	return nil
}

// FromImage copies the pixels of an image. What is transparent lies on white.
func FromImage(img image.Image) Picture {
	b := img.Bounds()
	p := Picture{Width: b.Dx(), Height: b.Dy(), Pix: make([]byte, 0, 3*b.Dx()*b.Dy())}
	if rgba, ok := img.(*image.RGBA); ok && rgba.Opaque() {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			row := rgba.Pix[rgba.PixOffset(b.Min.X, y):][:4*b.Dx()]
			for x := 0; x < len(row); x += 4 {
				p.Pix = append(p.Pix, row[x], row[x+1], row[x+2])
			}
		}
		return p
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := img.At(x, y).RGBA() // premultiplied, so that white shines through by what is missing
			white := 0xffff - a
			p.Pix = append(p.Pix, uint8((r+white)>>8), uint8((g+white)>>8), uint8((bl+white)>>8))
		}
	}
	return p
}

// Image is the picture as an image of its own.
func (p Picture) Image() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	for i, j := 0, 0; j < len(p.Pix); i, j = i+4, j+3 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = p.Pix[j], p.Pix[j+1], p.Pix[j+2], 255
	}
	return img
}

// Cut returns the part of the picture that lies in a zone; ok is false when nothing does.
func (p Picture) Cut(z Zone) (part Picture, ok bool) {
	x0, y0, x1, y1 := max(z.X, 0), max(z.Y, 0), min(z.X+z.Width, p.Width), min(z.Y+z.Height, p.Height)
	if x0 >= x1 || y0 >= y1 {
		return Picture{}, false
	}
	part = Picture{Width: x1 - x0, Height: y1 - y0, Pix: make([]byte, 0, 3*(x1-x0)*(y1-y0))}
	for y := y0; y < y1; y++ {
		part.Pix = append(part.Pix, p.Pix[3*(y*p.Width+x0):3*(y*p.Width+x1)]...)
	}
	return part, true
}

// Turned returns the picture turned by quarters clockwise.
func (p Picture) Turned(quarters int) Picture {
	for range quarters & 3 {
		t := Picture{Width: p.Height, Height: p.Width, Pix: make([]byte, len(p.Pix))}
		for y := range p.Height {
			for x := range p.Width {
				copy(t.Pix[3*(x*t.Width+p.Height-1-y):][:3], p.Pix[3*(y*p.Width+x):][:3])
			}
		}
		p = t
	}
	return p
}

// Point is a place in a picture, in pixels from its top left.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Quad is where a line stands: its corners clockwise, beginning at the top left of the writing.
type Quad [4]Point

// Bounds is the upright rectangle around a quad.
func (q Quad) Bounds() (left, top, right, bottom float64) {
	left, top, right, bottom = q[0].X, q[0].Y, q[0].X, q[0].Y
	for _, p := range q[1:] {
		left, top, right, bottom = min(left, p.X), min(top, p.Y), max(right, p.X), max(bottom, p.Y)
	}
	return left, top, right, bottom
}

// Box is the quad of an upright rectangle.
func Box(left, top, right, bottom float64) Quad {
	return Quad{{left, top}, {right, top}, {right, bottom}, {left, bottom}}
}

// Zone is a part of a picture, in pixels: only what stands there is read.
type Zone struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Line is one line of writing.
type Line struct {
	Text string `json:"text"`
	// Confidence is how sure the engine is of the text, 0 to 1. Engines do not agree on what it means: compare it only with
	// that of the same engine.
	Confidence float64 `json:"confidence"`
	Quad       Quad    `json:"quad"`
}

// Engine recognises writing. It may be called from many goroutines.
type Engine interface {
	// Recognize returns the lines in the zones of a picture, or in all of it when there are none, in no particular order.
	// Errors: the context's, ErrFailed.
	Recognize(ctx context.Context, p Picture, zones []Zone) ([]Line, error)
	// Name says which engine it is: "pp-ocrv4", "tesseract 5.3.0".
	Name() string
	// Close ends its processes.
	Close()
}

// ErrFailed says that the engine did not answer: it ended, took too long or answered what nobody understands. Another picture
// may fare better.
var ErrFailed = errors.New("ocr: the engine did not answer")
