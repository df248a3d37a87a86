package pictures

import "math"

// Light is added and blurred in linear units, as it is in a lens, and only then given the camera's tone curve: a lamp
// that is twice as bright must not become twice as many grey levels.

var toLinear [256]float32
var toSRGB [4096]float32

func init() {
	for i := range toLinear {
		toLinear[i] = float32(decodeSRGB(float64(i) / 255))
	}
	for i := range toSRGB {
		toSRGB[i] = float32(encodeSRGB(float64(i)/4095) * 255)
	}
}

func decodeSRGB(v float64) float64 {
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}

func encodeSRGB(v float64) float64 {
	if v <= .0031308 {
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - .055
}

// tone is the grey level, 0 to 255, of a linear value; above 1 the sensor is full.
func tone(v float32) float32 {
	if v <= 0 {
		return 0
	}
	if v >= 1 {
		return 255
	}
	f := v * 4095
	i := int(f)
	if i >= 4094 {
		return toSRGB[4095]
	}
	// The curve is steep near black: interpolate, so that shadows do not band.
	return toSRGB[i] + (toSRGB[i+1]-toSRGB[i])*(f-float32(i))
}

// Film is a picture in linear light while it is being made: red, green, blue planes.
type Film struct {
	W, H int
	P    [3][]float32
}

// NewFilm returns black film.
func NewFilm(w, h int) *Film {
	f := &Film{W: w, H: h}
	for i := range f.P {
		f.P[i] = make([]float32, w*h)
	}
	return f
}

// Blur is a Gaussian blur of the given standard deviation in pixels.
func (f *Film) Blur(sigma float64) {
	if sigma < .25 {
		return
	}
	k := gauss(sigma)
	for i := range f.P {
		blurPlane(f.P[i], f.W, f.H, k)
	}
}

func gauss(sigma float64) []float32 {
	r := int(math.Ceil(sigma * 2.3))
	k := make([]float32, 2*r+1)
	var sum float32
	for i := range k {
		d := float64(i - r)
		k[i] = float32(math.Exp(-d * d / (2 * sigma * sigma)))
		sum += k[i]
	}
	for i := range k {
		k[i] /= sum
	}
	return k
}

func blurPlane(p []float32, w, h int, k []float32) {
	r := len(k) / 2
	parallel(h, func(y0, y1 int) {
		pad := make([]float32, w+2*r)
		for y := y0; y < y1; y++ {
			row := p[y*w : y*w+w]
			copy(pad[r:], row)
			for i := range r {
				pad[i], pad[w+r+i] = row[0], row[w-1]
			}
			for x := range row {
				var s float32
				for i, c := range k {
					s += c * pad[x+i]
				}
				row[x] = s
			}
		}
	})
	out := make([]float32, w*h)
	parallel(h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			o := out[y*w : y*w+w]
			for i, c := range k {
				yy := min(max(y+i-r, 0), h-1)
				src := p[yy*w : yy*w+w]
				for x := range o {
					o[x] += c * src[x]
				}
			}
		}
	})
	copy(p, out)
}
