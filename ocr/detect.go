package main

import (
	"math"
	"slices"

	"github.com/verinym/verinym/internal/ocr"
)

// The figures of PaddleOCR's DB post-processing: how probable a pixel of text has to be, and a whole line on average; how far
// the network's cores of lines are grown; the longer side of what the network is given, in pixels; the thinnest line.
const (
	pixelThreshold = 0.3
	lineThreshold  = 0.5
	growth         = 1.6
	detectSide     = 1280
	thinnest       = 3
)

// means and deviations that the detector was trained with, for blue, green and red.
var (
	detectMean = [3]float32{0.485, 0.456, 0.406}
	detectDev  = [3]float32{0.229, 0.224, 0.225}
)

// findLines returns where lines of writing stand.
func (m *models) findLines(p ocr.Picture) ([]ocr.Quad, error) {
	w, h := detectSize(p.Width, p.Height)
	planes := make([]float32, 3*w*h)
	sx, sy := float64(p.Width)/float64(w), float64(p.Height)/float64(h)
	// The network sees far fewer pixels than there are: each is the mean of those it stands for.
	box(p, w, h, func(i int, c [3]float32) {
		for k := range 3 { // the network takes blue first
			planes[k*w*h+i] = (c[2-k]/255 - detectMean[k]) / detectDev[k]
		}
	})
	probability, shape, err := m.detect.run(planes, h, w)
	if err != nil {
		return nil, err
	}
	if len(shape) != 4 || shape[2] != int64(h) || shape[3] != int64(w) {
		return nil, errShape
	}
	var quads []ocr.Quad
	for _, b := range blobs(probability, w, h) {
		q, ok := b.quad(probability, w, h)
		if !ok {
			continue
		}
		for i := range q {
			q[i].X, q[i].Y = q[i].X*sx, q[i].Y*sy
		}
		quads = append(quads, q)
	}
	return quads, nil
}

// detectSize is the size of what the detector is given: never larger than the picture, sides that 32 divides.
func detectSize(w, h int) (int, int) {
	scale := min(1, detectSide/float64(max(w, h)))
	round := func(n int) int { return max(32, int(math.Round(float64(n)*scale/32))*32) }
	return round(w), round(h)
}

// box calls each with the mean colour of every pixel of a picture of w × h.
func box(p ocr.Picture, w, h int, each func(i int, c [3]float32)) {
	for y := range h {
		y0, y1 := y*p.Height/h, max((y+1)*p.Height/h, y*p.Height/h+1)
		for x := range w {
			x0, x1 := x*p.Width/w, max((x+1)*p.Width/w, x*p.Width/w+1)
			var sum [3]int
			for v := y0; v < y1; v++ {
				for at := 3 * (v*p.Width + x0); at < 3*(v*p.Width+x1); at += 3 {
					for k := range 3 {
						sum[k] += int(p.Pix[at+k])
					}
				}
			}
			n := float32((y1 - y0) * (x1 - x0))
			each(y*w+x, [3]float32{float32(sum[0]) / n, float32(sum[1]) / n, float32(sum[2]) / n})
		}
	}
}

// blob is a connected area of probable pixels: those of its outline, and their sum.
type blob struct {
	edge []point
	sum  float64
	n    int
}

type point struct{ x, y float64 }

// blobs finds the connected areas of pixels above the threshold.
func blobs(p []float32, w, h int) (out []blob) {
	seen := make([]bool, len(p))
	inside := func(x, y int) bool { return x >= 0 && y >= 0 && x < w && y < h && p[y*w+x] > pixelThreshold }
	var todo []int
	for start := range p {
		if seen[start] || p[start] <= pixelThreshold {
			continue
		}
		var b blob
		seen[start] = true
		for todo = append(todo[:0], start); len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			x, y := at%w, at/w
			b.n++
			b.sum += float64(p[at])
			outline := false
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if !inside(x+dx, y+dy) {
						outline = true
						continue
					}
					if next := (y+dy)*w + x + dx; !seen[next] {
						seen[next] = true
						todo = append(todo, next)
					}
				}
			}
			if outline {
				b.edge = append(b.edge, point{float64(x), float64(y)})
			}
		}
		out = append(out, b)
	}
	return out
}

// quad is the smallest rectangle around a blob, grown to the size of the writing; ok is false when the blob is no line.
func (b blob) quad(p []float32, w, h int) (q ocr.Quad, ok bool) {
	if b.n < thinnest*thinnest || b.sum/float64(b.n) < lineThreshold {
		return q, false
	}
	r := smallestAround(hull(b.edge))
	if min(r.w, r.h) < thinnest {
		return q, false
	}
	// Vatti's offset for a rectangle: area × ratio ÷ perimeter on every side.
	by := r.w * r.h * growth / (2 * (r.w + r.h))
	r.w, r.h = r.w+2*by, r.h+2*by
	for i, c := range r.corners() {
		q[i] = ocr.Point{X: min(max(c.x+.5, 0), float64(w)), Y: min(max(c.y+.5, 0), float64(h))}
	}
	return q, true
}

// hull is the convex hull of points, counter-clockwise (Andrew's monotone chain).
func hull(ps []point) []point {
	slices.SortFunc(ps, func(a, b point) int {
		if a.x != b.x {
			return int(a.x - b.x)
		}
		return int(a.y - b.y)
	})
	if len(ps) < 3 {
		return ps
	}
	half := func(ps []point) (out []point) {
		for _, p := range ps {
			for len(out) > 1 && cross(out[len(out)-2], out[len(out)-1], p) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		return out[:len(out)-1]
	}
	lower := half(ps)
	slices.Reverse(ps)
	return append(lower, half(ps)...)
}

func cross(o, a, b point) float64 { return (a.x-o.x)*(b.y-o.y) - (a.y-o.y)*(b.x-o.x) }

// rectangle has its centre at (x, y); its first side, w long, lies at an angle of -45° to 45°.
type rectangle struct{ x, y, w, h, cos, sin float64 }

// smallestAround is the rectangle of the least area around a convex hull: one of its sides lies on one of the hull's.
func smallestAround(hull []point) (best rectangle) {
	area := math.Inf(1)
	for i := range hull {
		a, b := hull[i], hull[(i+1)%len(hull)]
		angle := math.Atan2(b.y-a.y, b.x-a.x)
		angle -= math.Round(angle/(math.Pi/2)) * math.Pi / 2
		sin, cos := math.Sincos(angle)
		left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, p := range hull {
			u, v := p.x*cos+p.y*sin, p.y*cos-p.x*sin
			left, right, top, bottom = min(left, u), max(right, u), min(top, v), max(bottom, v)
		}
		w, h := right-left+1, bottom-top+1
		if w*h >= area {
			continue
		}
		area = w * h
		u, v := (left+right)/2, (top+bottom)/2
		best = rectangle{x: u*cos - v*sin, y: u*sin + v*cos, w: w, h: h, cos: cos, sin: sin}
	}
	return best
}

// corners are clockwise from the top left.
func (r rectangle) corners() [4]point {
	at := func(u, v float64) point {
		return point{r.x + u*r.cos - v*r.sin, r.y + u*r.sin + v*r.cos}
	}
	u, v := r.w/2, r.h/2
	return [4]point{at(-u, -v), at(u, -v), at(u, v), at(-u, v)}
}
