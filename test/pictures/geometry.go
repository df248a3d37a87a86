package pictures

import "math"

// Quad holds the corners of a document in a picture, in pixels: top left, top right, bottom right, bottom left of the
// document as it is read.
type Quad [4]Pt

// Area is the enclosed area in square pixels.
func (q Quad) Area() float64 {
	a := 0.
	for i := range q {
		n := (i + 1) % 4
		a += q[i].X*q[n].Y - q[n].X*q[i].Y
	}
	return math.Abs(a) / 2
}

// homography maps picture pixels to the unit square of the document.
type homography [9]float64

// unproject solves for the map that sends the corners of q to (0,0) (1,0) (1,1) (0,1).
func unproject(q Quad) homography {
	// Square to quad in closed form (Heckbert), then invert.
	x, y := [4]float64{q[0].X, q[1].X, q[2].X, q[3].X}, [4]float64{q[0].Y, q[1].Y, q[2].Y, q[3].Y}
	dx1, dx2, dx3 := x[1]-x[2], x[3]-x[2], x[0]-x[1]+x[2]-x[3]
	dy1, dy2, dy3 := y[1]-y[2], y[3]-y[2], y[0]-y[1]+y[2]-y[3]
	den := dx1*dy2 - dx2*dy1
	g, h := (dx3*dy2-dx2*dy3)/den, (dx1*dy3-dx3*dy1)/den
	m := homography{x[1] - x[0] + g*x[1], x[3] - x[0] + h*x[3], x[0], y[1] - y[0] + g*y[1], y[3] - y[0] + h*y[3], y[0], g, h, 1}
	return m.inverse()
}

func (m homography) inverse() homography {
	a, b, c, d, e, f, g, h, i := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]
	return homography{e*i - f*h, c*h - b*i, b*f - c*e, f*g - d*i, a*i - c*g, c*d - a*f, d*h - e*g, b*g - a*h, a*e - b*d}
}

func (m homography) apply(x, y float64) (u, v float64) {
	w := m[6]*x + m[7]*y + m[8]
	return (m[0]*x + m[1]*y + m[2]) / w, (m[3]*x + m[4]*y + m[5]) / w
}
