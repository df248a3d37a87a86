package measure

import "math"

const (
	square = 256          // side of the squares that are transformed
	bins   = square/2 + 1 // frequencies across that a real signal has
	folds  = 8            // square = 1 << folds
)

var (
	// The roots of unity that a stage turns by stand one after the other: those of the stage that joins halves of n values
	// from n on.
	cosines [square]float32
	sines   [square]float32
	hann    [square]float32
	reverse [square]uint8
)

func init() {
	for half := 1; half < square; half *= 2 {
		for k := range half {
			a := math.Pi * float64(k) / float64(half)
			cosines[half+k], sines[half+k] = float32(math.Cos(a)), float32(-math.Sin(a))
		}
	}
	for i := range hann {
		hann[i] = float32(.5 - .5*math.Cos(2*math.Pi*(float64(i)+.5)/square))
		r := 0
		for b := range folds {
			r |= i >> b & 1 << (folds - 1 - b)
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
	for i := 0; i < square; i += 4 { // the first two stages turn by quarters, which needs no product
		r, m := (*[4]float32)(re[i:]), (*[4]float32)(im[i:])
		ar, br, cr, dr := r[0]+r[1], r[0]-r[1], r[2]+r[3], r[2]-r[3]
		ai, bi, ci, di := m[0]+m[1], m[0]-m[1], m[2]+m[3], m[2]-m[3]
		r[0], r[1], r[2], r[3] = ar+cr, br+di, ar-cr, br-di
		m[0], m[1], m[2], m[3] = ai+ci, bi-dr, ai-ci, bi+dr
	}
	for half := 4; half < square; half *= 2 {
		cs, ss := cosines[half:2*half], sines[half:2*half]
		for i := 0; i < square; i += 2 * half {
			ra, rb, ia, ib := re[i:i+half], re[i+half:i+2*half], im[i:i+half], im[i+half:i+2*half]
			ra, rb, ia, ib = ra[:len(cs)], rb[:len(cs)], ia[:len(cs)], ib[:len(cs)]
			for k, c := range cs {
				s := ss[k]
				x, y := rb[k]*c-ib[k]*s, rb[k]*s+ib[k]*c
				rb[k], ib[k] = ra[k]-x, ia[k]-y
				ra[k], ia[k] = ra[k]+x, ia[k]+y
			}
		}
	}
}

// power is the logarithm of a square's power in nats: rows are vertical frequencies 0 … square-1, columns horizontal ones
// 0 … square/2.
type power [square][bins]float32

// columns is a square on its way to its spectrum, by columns, since these are transformed second.
type columns [2][bins][square]float32

func spectrum(p []uint8, through *columns) *power {
	var sum int
	for _, v := range p {
		sum += int(v)
	}
	mean := float32(sum) / float32(len(p))
	re, im := &through[0], &through[1]
	var r, i [square]float32
	// Two rows of real values are one row of complex ones.
	for y := 0; y < square; y += 2 {
		for x := range square {
			r[x] = (float32(p[y*square+x]) - mean) * hann[x] * hann[y]
			i[x] = (float32(p[(y+1)*square+x]) - mean) * hann[x] * hann[y+1]
		}
		fft(&r, &i)
		for x := range bins {
			m := (square - x) & (square - 1)
			re[x][y], im[x][y] = (r[x]+r[m])/2, (i[x]-i[m])/2
			re[x][y+1], im[x][y+1] = (i[x]+i[m])/2, (r[m]-r[x])/2
		}
	}
	out := new(power)
	for x := range bins {
		fft(&re[x], &im[x])
		for y := range square {
			out[y][x] = log(re[x][y]*re[x][y] + im[x][y]*im[x][y] + 1)
		}
	}
	return out
}

// log is the natural logarithm of a value of at least 1, to within a hundredth.
func log(v float32) float32 {
	bits := math.Float32bits(v)
	m := math.Float32frombits(bits&0x7fffff | 0x3f800000) // 1 … 2
	return (float32(bits>>23) - 127 + (-1.0/3*m+2)*m - 5.0/3) * math.Ln2
}
