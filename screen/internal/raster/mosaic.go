package raster

// Mosaic averages luma over w × h cells of equal size, whatever the frame's: a pixel that lies in two cells counts in both
// by its parts.
func (f *Frame) Mosaic(w, h int) []float32 {
	out := make([]float32, w*h)
	row := make([]float32, w)
	across, down := cover(f.W, w), cover(f.H, h)
	for y, d := range down {
		clear(row)
		for x, a := range across {
			v := float32(f.Y[y*f.W+x])
			row[a.cell] += v * a.part
			if a.part < 1 {
				row[min(a.cell+1, w-1)] += v * (1 - a.part)
			}
		}
		for x, v := range row {
			out[d.cell*w+x] += v * d.part
			if d.part < 1 {
				out[min(d.cell+1, h-1)*w+x] += v * (1 - d.part)
			}
		}
	}
	k := float32(w) / float32(f.W) * float32(h) / float32(f.H)
	for i := range out {
		out[i] *= k
	}
	return out
}

// share says in which cell a pixel begins, and which part of it lies there.
type share struct {
	cell int
	part float32
}

// cover distributes n pixels over cells.
func cover(n, cells int) []share {
	out := make([]share, n)
	for i := range out {
		a, b := i*cells, (i+1)*cells // in units of 1/n cell
		c := a / n
		out[i] = share{c, 1}
		if end := (c + 1) * n; b > end {
			out[i].part = float32(end-a) / float32(b-a)
		}
	}
	return out
}
