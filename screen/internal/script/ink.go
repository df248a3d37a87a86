package script

import (
	"github.com/verinym/verinym/screen/internal/raster"
)

// Ink is how much darker than its paper each pixel is.
type Ink struct {
	W, H  int
	Depth []uint8
	// Strong is the depth that one pixel in two hundred exceeds: that of the document's own print, whatever its light.
	Strong int
	// Deep is the depth of the darkest strokes: one pixel in a thousand has more.
	Deep int
	// Paper is the median brightness of the paper.
	Paper int
	// Even is the share of the picture that is about as bright as its paper: low for a scene, high for a sheet.
	Even  float64
	Limit uint8 // depth from which a pixel counts as ink
}

// FindInk takes the paper's brightness from around each pixel, so that shadows and tints do not count. Strokes up to r·2
// pixels wide are ink; wider things are pictures.
func FindInk(f *raster.Frame, r int) *Ink {
	paper := raster.Plane{W: f.W, H: f.H, P: f.Y}.CloseDark(r)
	k := &Ink{W: f.W, H: f.H, Depth: paper.P}
	var hist, light [256]int
	for i, p := range paper.P {
		d := p - f.Y[i]
		light[p]++
		hist[d]++
		k.Depth[i] = d
	}
	k.Strong, k.Deep, k.Paper = top(hist[:], len(f.Y)/200), top(hist[:], len(f.Y)/1000), top(light[:], len(f.Y)/2)
	even := 0
	for v := k.Paper * 3 / 4; v <= min(255, k.Paper*5/4); v++ {
		even += light[v]
	}
	k.Even = float64(even) / float64(len(f.Y))
	k.Limit = uint8(max(9, k.Strong*3/10))
	return k
}

// top is the value that n entries exceed.
func top(hist []int, n int) int {
	for v := len(hist) - 1; v >= 0; v-- {
		if n -= hist[v]; n < 0 {
			return v
		}
	}
	return 0
}

// Marks are the connected pieces of ink, by their extent. Pieces that touch the frame's border are left out.
func (k *Ink) Marks() []raster.Box {
	return raster.Components(k.W, k.H, false, func(y int, row []bool) {
		for x, d := range k.Depth[y*k.W : (y+1)*k.W] {
			row[x] = d >= k.Limit
		}
	})
}

// Cut are the pieces of ink that run over the border and are of the size of the text's characters or smaller.
func (k *Ink) Cut(t Text) (out []raster.Box) {
	most := t.Height() * 2
	for _, b := range plausible(raster.Components(k.W, k.H, true, func(y int, row []bool) {
		for x, d := range k.Depth[y*k.W : (y+1)*k.W] {
			row[x] = d >= k.Limit
		}
	}), k.W, k.H) {
		if most == 0 || max(b.W(), b.H()) <= most {
			out = append(out, b)
		}
	}
	return out
}
