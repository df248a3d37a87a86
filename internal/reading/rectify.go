package reading

import (
	"image"
	"math"

	"golang.org/x/image/draw"

	"github.com/verinym/verinym/internal/ocr"
)

// flatSide is the longer side of a flat page in pixels: print of 2.5 mm on an A4 page has some 16 of them then.
const flatSide = 2000

// border is how much more than the outline is kept, as a share of it: corners are found to a pixel or two, and print may stand
// close to the edge.
const border = 0.012

// Rectify lays a document flat: corners are its own in the picture, clockwise from the one that becomes the top left. The
// result is as large as the document is in the picture, its longer side at most 2000 pixels. What lies outside the picture is
// white.
func Rectify(img image.Image, corners [4]ocr.Point) *image.RGBA {
	src := opaque(img)
	side := func(a, b int) float64 { return math.Hypot(corners[a].X-corners[b].X, corners[a].Y-corners[b].Y) }
	w, h := max(side(0, 1), side(3, 2)), max(side(0, 3), side(1, 2))
	if scale := flatSide / max(w, h); scale < 1 {
		w, h = w*scale, h*scale
	}
	if !(w >= 1 && h >= 1) { // also when a corner is no number
		return reduce(img)
	}
	out := image.NewRGBA(image.Rect(0, 0, int(math.Round(w)), int(math.Round(h))))
	p := project(corners)
	for y := range out.Rect.Dy() {
		v := ((float64(y)+.5)/float64(out.Rect.Dy()))*(1+2*border) - border
		for x := range out.Rect.Dx() {
			u := ((float64(x)+.5)/float64(out.Rect.Dx()))*(1+2*border) - border
			sample(out.Pix[out.PixOffset(x, y):][:4], src, p.at(u, v))
		}
	}
	return out
}

// reduce returns a picture that is all document, no larger than a flat page.
func reduce(img image.Image) *image.RGBA {
	b := img.Bounds()
	if long := max(b.Dx(), b.Dy()); long > flatSide {
		out := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*flatSide/long), max(1, b.Dy()*flatSide/long)))
		draw.BiLinear.Scale(out, out.Rect, img, b, draw.Src, nil)
		return out
	}
	return opaque(img)
}

func opaque(img image.Image) *image.RGBA {
	if rgba, ok := img.(*image.RGBA); ok && rgba.Rect.Min == (image.Point{}) && rgba.Opaque() {
		return rgba
	}
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, b.Min, draw.Over)
	return out
}

// projection maps the unit square to a quad: (a·u+b·v+c, d·u+e·v+f) / (g·u+h·v+1), after Heckbert (1989).
type projection struct{ a, b, c, d, e, f, g, h float64 }

func project(q [4]ocr.Point) projection {
	sx, sy := q[0].X-q[1].X+q[2].X-q[3].X, q[0].Y-q[1].Y+q[2].Y-q[3].Y
	dx1, dx2, dy1, dy2 := q[1].X-q[2].X, q[3].X-q[2].X, q[1].Y-q[2].Y, q[3].Y-q[2].Y
	det := dx1*dy2 - dx2*dy1
	if det == 0 {
		det = 1e-9
	}
	g, h := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	return projection{
		a: q[1].X - q[0].X + g*q[1].X, b: q[3].X - q[0].X + h*q[3].X, c: q[0].X,
		d: q[1].Y - q[0].Y + g*q[1].Y, e: q[3].Y - q[0].Y + h*q[3].Y, f: q[0].Y, g: g, h: h,
	}
}

func (p projection) at(u, v float64) ocr.Point {
	z := p.g*u + p.h*v + 1
	if z < 1e-6 && z > -1e-6 {
		z = 1e-6
	}
	return ocr.Point{X: (p.a*u + p.b*v + p.c) / z, Y: (p.d*u + p.e*v + p.f) / z}
}

// sample sets a pixel to the colour of a picture at a point, between its four pixels.
func sample(pixel []byte, img *image.RGBA, at ocr.Point) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x, y := at.X-.5, at.Y-.5
	pixel[3] = 255
	if !(x > -1 && y > -1 && x < float64(w) && y < float64(h)) { // NaN is outside too
		pixel[0], pixel[1], pixel[2] = 255, 255, 255
		return
	}
	x, y = min(max(x, 0), float64(w-1)), min(max(y, 0), float64(h-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	fx, fy := x-float64(x0), y-float64(y0)
	a, b, c, d := img.Pix[img.PixOffset(x0, y0):], img.Pix[img.PixOffset(x1, y0):], img.Pix[img.PixOffset(x0, y1):], img.Pix[img.PixOffset(x1, y1):]
	for k := range 3 {
		top := float64(a[k])*(1-fx) + float64(b[k])*fx
		low := float64(c[k])*(1-fx) + float64(d[k])*fx
		pixel[k] = byte(top*(1-fy) + low*fy + .5)
	}
}
