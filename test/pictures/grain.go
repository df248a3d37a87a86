package pictures

import (
	"image"
	"math"
	"math/rand/v2"
)

const grainSize = 512

// grain is a tile of sensor noise with unit variance. Demosaicing and the phone's noise filter leave neighbours
// correlated, colour noise more than brightness noise.
type grain struct{ f, c []float32 }

func newGrain(rng *rand.Rand) *grain {
	mk := func(sigma float64) []float32 {
		p := make([]float32, grainSize*grainSize)
		for i := range p {
			p[i] = float32(rng.NormFloat64())
		}
		blurPlane(p, grainSize, grainSize, gauss(sigma))
		var ss float64
		for _, v := range p {
			ss += float64(v) * float64(v)
		}
		k := float32(1 / math.Sqrt(ss/float64(len(p))))
		for i := range p {
			p[i] *= k
		}
		return p
	}
	return &grain{mk(.55), mk(1.3)}
}

func (g *grain) fine(x, y int) float32   { return g.f[y%grainSize*grainSize+x%grainSize] }
func (g *grain) coarse(x, y int) float32 { return g.c[y%grainSize*grainSize+x%grainSize] }

// texture is a picture in linear light, ready to be sampled.
type texture struct {
	W, H int
	p    []float32 // three values a pixel
}

// mipmap halves the picture until one more halving would lose detail at the given scale.
func mipmap(img *image.RGBA, scale float64) *texture {
	t := &texture{W: img.Rect.Dx(), H: img.Rect.Dy()}
	t.p = make([]float32, t.W*t.H*3)
	for y := range t.H {
		row := img.Pix[y*img.Stride:]
		for x := range t.W {
			o := (y*t.W + x) * 3
			t.p[o], t.p[o+1], t.p[o+2] = toLinear[row[x*4]], toLinear[row[x*4+1]], toLinear[row[x*4+2]]
		}
	}
	for scale < .6 {
		n := &texture{W: t.W / 2, H: t.H / 2}
		n.p = make([]float32, n.W*n.H*3)
		for y := range n.H {
			for x := range n.W {
				for k := range 3 {
					a := (2*y*t.W+2*x)*3 + k
					b := a + t.W*3
					n.p[(y*n.W+x)*3+k] = (t.p[a] + t.p[a+3] + t.p[b] + t.p[b+3]) / 4
				}
			}
		}
		t, scale = n, scale*2
	}
	return t
}

func (t *texture) sample(x, y float64) (c [3]float32) {
	x, y = min(max(x, 0), float64(t.W)-1.001), min(max(y, 0), float64(t.H)-1.001)
	ix, iy := int(x), int(y)
	fx, fy := float32(x-float64(ix)), float32(y-float64(iy))
	o := (iy*t.W + ix) * 3
	q := t.p[o : o+6 : o+6]
	r := t.p[o+t.W*3:]
	r = r[:6:6]
	for k := range c {
		a := q[k] + (q[k+3]-q[k])*fx
		b := r[k] + (r[k+3]-r[k])*fx
		c[k] = a + (b-a)*fy
	}
	return
}
