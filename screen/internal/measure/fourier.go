package measure

import "math"

// side of the squares that are transformed.
const square = 256

var (
	cosines [square / 2]float32
	sines   [square / 2]float32
	hann    [square]float32
	reverse [square]uint8
)

func init() {
	for i := range cosines {
		a := 2 * math.Pi * float64(i) / square
		cosines[i], sines[i] = float32(math.Cos(a)), float32(math.Sin(a))
	}
	for i := range hann {
		hann[i] = float32(.5 - .5*math.Cos(2*math.Pi*(float64(i)+.5)/square))
		r := 0
		for b := range 8 {
			r |= i >> b & 1 << (7 - b)
		}
		reverse[i] = uint8(r)
	}
}

// fft transforms one row or column in place.
func fft(re, im *[square]float32) {
	for i, j := range reverse {
		if int(j) > i {
			re[i], re[j] = re[j], re[i]
			im[i], im[j] = im[j], im[i]
		}
	}
	for half := 1; half < square; half *= 2 {
		stride := square / 2 / half
		for i := 0; i < square; i += 2 * half {
			for k := range half {
				c, s := cosines[k*stride], -sines[k*stride]
				a, b := i+k, i+k+half
				x, y := re[b]*c-im[b]*s, re[b]*s+im[b]*c
				re[a&255], re[b&255] = re[a&255]+x, re[a&255]-x
				im[a&255], im[b&255] = im[a&255]+y, im[a&255]-y
			}
		}
	}
}

// spectrum is the logarithm of a square's power: rows are vertical frequencies 0 … 255, columns horizontal ones 0 … 128.
func spectrum(p []uint8) *[square][square/2 + 1]float32 {
	out := new([square][square/2 + 1]float32)
	var sum int
	for _, v := range p {
		sum += int(v)
	}
	mean := float32(sum) / float32(len(p))
	re, im := make([][square]float32, square), make([][square]float32, square)
	for y := range square {
		for x := range square {
			re[y][x] = (float32(p[y*square+x]) - mean) * hann[x] * hann[y]
		}
		fft(&re[y], &im[y])
	}
	for x := range square/2 + 1 {
		var r, i [square]float32
		for y := range square {
			r[y], i[y] = re[y][x], im[y][x]
		}
		fft(&r, &i)
		for y := range square {
			out[y][x] = float32(math.Log(float64(r[y]*r[y]+i[y]*i[y]) + 1))
		}
	}
	return out
}
