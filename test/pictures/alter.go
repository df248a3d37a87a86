package pictures

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	xdraw "golang.org/x/image/draw"
)

// What people do to a picture after it was taken.

// Grey removes colour: keep is the share of it that stays.
func Grey(img *image.RGBA, keep float64) {
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+3 : i+3]
		y := (299*float64(p[0]) + 587*float64(p[1]) + 114*float64(p[2])) / 1000
		for k := range p {
			p[k] = grey8(float32(y + (float64(p[k])-y)*keep))
		}
	}
}

// Threshold makes it black and white, as an old scanner or a fax does.
func Threshold(img *image.RGBA, at uint8) {
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+3 : i+3]
		y := (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000
		v := uint8(0)
		if y > int(at) {
			v = 255
		}
		p[0], p[1], p[2] = v, v, v
	}
}

// Mirror swaps left and right.
func Mirror(img *image.RGBA) {
	w := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride : y*img.Stride+w*4]
		for x := range w / 2 {
			a, b := row[x*4:x*4+4], row[(w-1-x)*4:(w-x)*4]
			for k := range 4 {
				a[k], b[k] = b[k], a[k]
			}
		}
	}
}

// Turn rotates by quarter turns clockwise.
func Turn(img *image.RGBA, quarters int) *image.RGBA {
	for range quarters & 3 {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewRGBA(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				copy(out.Pix[out.PixOffset(h-1-y, x):][:4], img.Pix[img.PixOffset(x, y):][:4])
			}
		}
		img = out
	}
	return img
}

// turnQuad rotates corners with a picture of w × h.
func turnQuad(q Quad, w, h float64, quarters int) Quad {
	for range quarters & 3 {
		for i, p := range q {
			q[i] = Pt{h - p.Y, p.X}
		}
		w, h = h, w
	}
	return q
}

// Resize scales to a longer side of n pixels, averaging.
func Resize(img *image.RGBA, n int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	k := float64(n) / float64(max(w, h))
	out := image.NewRGBA(image.Rect(0, 0, int(float64(w)*k+.5), int(float64(h)*k+.5)))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, halve(img, k), halve(img, k).Rect, draw.Src, nil)
	return out
}

// halve averages 2 × 2 pixels until at most one more halving is missing.
func halve(img *image.RGBA, k float64) *image.RGBA {
	for k < .6 {
		w, h := img.Rect.Dx()/2, img.Rect.Dy()/2
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				a, b := img.Pix[img.PixOffset(2*x, 2*y):], img.Pix[img.PixOffset(2*x, 2*y+1):]
				o := out.Pix[out.PixOffset(x, y):]
				for c := range 3 {
					o[c] = uint8((int(a[c]) + int(a[c+4]) + int(b[c]) + int(b[c+4]) + 2) / 4)
				}
				o[3] = 255
			}
		}
		img, k = out, k*2
	}
	return img
}

// Watermark lays text over the picture: many times, or once across it.
func Watermark(img *image.RGBA, text string, size, angle, alpha float64, c color.RGBA, tiled bool) {
	gapX, gapY := .35, 1.6
	if !tiled {
		gapX = 0
	}
	stamp(img, text, size, angle, color.NRGBA{c.R, c.G, c.B, uint8(alpha * 255)}, gapX, gapY)
}

// Mask hides an area of the picture: a black bar, or a mosaic of coarse squares.
func Mask(img *image.RGBA, r image.Rectangle, mosaic int) {
	r = r.Intersect(img.Rect)
	if mosaic == 0 {
		draw.Draw(img, r, image.NewUniform(color.RGBA{8, 8, 8, 255}), image.Point{}, draw.Src)
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y += mosaic {
		for x := r.Min.X; x < r.Max.X; x += mosaic {
			b := image.Rect(x, y, x+mosaic, y+mosaic).Intersect(r)
			var s [3]int
			for j := b.Min.Y; j < b.Max.Y; j++ {
				for i := b.Min.X; i < b.Max.X; i++ {
					p := img.Pix[img.PixOffset(i, j):]
					s[0], s[1], s[2] = s[0]+int(p[0]), s[1]+int(p[1]), s[2]+int(p[2])
				}
			}
			n := b.Dx() * b.Dy()
			draw.Draw(img, b, image.NewUniform(color.RGBA{uint8(s[0] / n), uint8(s[1] / n), uint8(s[2] / n), 255}), image.Point{}, draw.Src)
		}
	}
}

// Retype replaces an area by its own ground and new text, as somebody does who changes a number in an editor.
func Retype(img *image.RGBA, r image.Rectangle, text string, c color.RGBA) {
	var hist [3][256]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			for k := range hist {
				hist[k][p[k]]++
			}
		}
	}
	var mid [3]uint8
	for k := range hist {
		left := r.Dx() * r.Dy() / 2
		for v, n := range hist[k] {
			if left -= n; left < 0 {
				mid[k] = uint8(v)
				break
			}
		}
	}
	draw.Draw(img, r, image.NewUniform(color.RGBA{mid[0], mid[1], mid[2], 255}), image.Point{}, draw.Src)
	size := float64(r.Dy()) * .82
	f := face(MonoBold, size)
	if w := float64(font.MeasureString(f, text)) / 64; w > float64(r.Dx()) {
		f = face(MonoBold, size*float64(r.Dx())/w)
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: f, Dot: fixed.P(r.Min.X+2, r.Max.Y-int(float64(r.Dy())*.2))}
	d.DrawString(text)
}

// Paste copies an area of one picture to another place, as it is.
func Paste(dst *image.RGBA, at image.Point, src *image.RGBA, r image.Rectangle) {
	draw.Draw(dst, image.Rectangle{at, at.Add(r.Size())}, src, r.Min, draw.Src)
}

// level scales around black and white points, as a scanner's driver does.
func level(img *image.RGBA, black, white float64) {
	var t [256]uint8
	for i := range t {
		t[i] = grey8(float32(math.Max(0, (float64(i)-black)/(white-black)*255)))
	}
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = t[img.Pix[i]]
		}
	}
}

// washRed fades a seal: strong red in the lower half goes towards the paper around it.
func washRed(img *image.RGBA, share float64) {
	for y := img.Rect.Dy() / 2; y < img.Rect.Dy(); y++ {
		for x := range img.Rect.Dx() {
			p := img.Pix[img.PixOffset(x, y):]
			red := float64(p[0]) - (float64(p[1])+float64(p[2]))/2
			if red < 24 {
				continue
			}
			for k, paper := range [3]float64{250, 246, 238} {
				p[k] = grey8(float32(float64(p[k]) + (paper-float64(p[k]))*share))
			}
		}
	}
}
