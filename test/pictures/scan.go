package pictures

import (
	"image"
	"math"
	"math/rand/v2"
)

// Scan is a flatbed scanner.
type Scan struct {
	DPI    float64
	Margin float64 // of glass around the document, in millimetres; negative crops into it
	Skew   float64 // radians
	Lid    float64 // grey level of the lid
	Blur   float64
	Noise  float64
	Shadow float64 // of the document's edge on the lid
	White  float64 // what the driver calls white; below 255 paper is clipped
}

// Take scans a sheet.
func (sc Scan) Take(sheet *Sheet, rng *rand.Rand) (*image.RGBA, Quad) {
	mmw, mmh := sheet.Size()
	k := sc.DPI / 25.4
	W, H := int((mmw+2*sc.Margin)*k), int((mmh+2*sc.Margin)*k)
	cx, cy := float64(W)/2, float64(H)/2
	co, si := math.Cos(sc.Skew), math.Sin(sc.Skew)
	var q Quad
	for i, p := range [4]Pt{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := p.X*mmw/2*k, p.Y*mmh/2*k
		q[i] = Pt{cx + co*x - si*y, cy + si*x + co*y}
	}
	l := sc.Lid
	s := Shot{W: W, H: H, Quad: q, Desk: func(x, y float64) (r, g, b float64) { return l, l, l },
		Light:  Light{Level: 1.04, Shadow: sc.Shadow, ShadowSize: .004, Dir: 1},
		Camera: Camera{Lens: sc.Blur, Noise: sc.Noise, Sharpen: .3}}
	img := Take(sheet, s, rng)
	if sc.White > 0 && sc.White < 255 {
		level(img, 4, sc.White)
	}
	return img, q
}
