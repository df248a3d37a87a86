package pictures

import (
	"image"
	"math"
	"math/rand/v2"
)

// develop adds the sensor's noise, the tone curve and the phone's sharpening.
func develop(f *Film, c Camera, rng *rand.Rand) *image.RGBA {
	grain := newGrain(rng)
	var off [4][2]int
	for i := range off {
		off[i] = [2]int{rng.IntN(grainSize), rng.IntN(grainSize)}
	}
	gamma := float32(c.Gamma)
	noise := float32(c.Noise)
	parallel(f.H, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range f.W {
				o := y*f.W + x
				common := grain.fine(x+off[3][0], y+off[3][1])
				for i := range f.P {
					v := tone(f.P[i][o])
					if gamma != 0 && gamma != 1 { // an S curve around mid grey
						t := v / 255
						v = 255 * (t + (gamma-1)*t*(1-t)*(2*t-1)*2)
					}
					// Shot noise grows with the square root of light; after gamma it is strongest in the shadows.
					k := noise * (1.25 - v/255*.6)
					if v >= 254 { // a full sensor is full, noise or not
						k *= .15
					}
					v += k * (.8*common + .6*grain.coarse(x+off[i][0], y+off[i][1]))
					f.P[i][o] = v
				}
			}
		}
	})
	if c.Sharpen > 0 {
		sharpen(f, float32(c.Sharpen))
	}
	out := image.NewRGBA(image.Rect(0, 0, f.W, f.H))
	parallel(f.H, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range f.W {
				o := y*f.W + x
				d := out.Pix[o*4 : o*4+4 : o*4+4]
				d[0], d[1], d[2], d[3] = grey8(f.P[0][o]), grey8(f.P[1][o]), grey8(f.P[2][o]), 255
			}
		}
	})
	return out
}

func grey8(v float32) uint8 {
	if v <= 0 {
		return 0
	}
	if v >= 254.5 {
		return 255
	}
	return uint8(v + .5)
}

// sharpen is an unsharp mask of one pixel on brightness.
func sharpen(f *Film, amount float32) {
	luma := make([]float32, f.W*f.H)
	for o := range luma {
		luma[o] = .3*f.P[0][o] + .59*f.P[1][o] + .11*f.P[2][o]
	}
	soft := append([]float32(nil), luma...)
	blurPlane(soft, f.W, f.H, gauss(1.1))
	parallel(f.H, func(y0, y1 int) {
		for o := y0 * f.W; o < y1*f.W; o++ {
			d := (luma[o] - soft[o]) * amount
			f.P[0][o] += d
			f.P[1][o] += d
			f.P[2][o] += d
		}
	})
}

// Smear is what a hand that moves during the exposure does: a mean along a line.
func (f *Film) Smear(by Pt) {
	n := int(math.Max(math.Abs(by.X), math.Abs(by.Y)))
	if n < 1 {
		return
	}
	type step struct{ dx, dy int }
	var path []step
	for i := 0; i <= n; i++ {
		t := float64(i)/float64(n) - .5
		path = append(path, step{int(math.Round(by.X * t)), int(math.Round(by.Y * t))})
	}
	k := 1 / float32(len(path))
	for i := range f.P {
		src := append([]float32(nil), f.P[i]...)
		parallel(f.H, func(y0, y1 int) {
			for y := y0; y < y1; y++ {
				row := f.P[i][y*f.W : (y+1)*f.W]
				clear(row)
				for _, s := range path {
					yy := min(max(y+s.dy, 0), f.H-1)
					line := src[yy*f.W : (yy+1)*f.W]
					for x := range row {
						row[x] += line[min(max(x+s.dx, 0), f.W-1)]
					}
				}
				for x := range row {
					row[x] *= k
				}
			}
		})
	}
}

// Veil spreads a share of the light evenly, as a greasy lens or fog does.
func (f *Film) Veil(share float64) {
	if share == 0 {
		return
	}
	for i := range f.P {
		var sum float64
		for _, v := range f.P[i] {
			sum += float64(v)
		}
		mean := float32(sum / float64(len(f.P[i])) * share * 1.25)
		for o, v := range f.P[i] {
			f.P[i][o] = v*float32(1-share) + mean
		}
	}
}
