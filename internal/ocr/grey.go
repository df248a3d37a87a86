package ocr

import "fmt"

// grey is what tesseract is given of a zone, as a PGM: the red channel, in which seals and printed grounds are pale, divided by
// the brightness of the paper around each pixel. ok is false for a zone outside the picture.
func grey(p Picture, z Zone) (pgm []byte, ok bool) {
	p, ok = p.Cut(z)
	if !ok {
		return nil, false
	}
	w, h := p.Width, p.Height
	red := make([]uint8, w*h)
	for i := range red {
		red[i] = p.Pix[3*i]
	}
	paper := brightest(red, w, h)
	out := fmt.Appendf(make([]byte, 0, w*h+32), "P5\n%d %d\n255\n", w, h)
	for i, v := range red {
		out = append(out, uint8(min(255, int(v)*245/max(int(paper[i]), 1))))
	}
	return out, true
}

// cell is the side of the squares in which the paper's brightness is measured; larger than any stroke.
const cell = 24

// brightest returns the paper's brightness around each pixel: the brightest value of its cell and the eight around it that a
// share of the pixels has, smoothed between cells.
func brightest(v []uint8, w, h int) []uint8 {
	cw, ch := (w+cell-1)/cell, (h+cell-1)/cell
	level := make([]int, cw*ch)
	for cy := range ch {
		for cx := range cw {
			var count [256]int
			n := 0
			for y := cy * cell; y < min(h, (cy+1)*cell); y++ {
				for _, b := range v[y*w+cx*cell : y*w+min(w, (cx+1)*cell)] {
					count[b]++
					n++
				}
			}
			seen := 0
			for b := 255; b >= 0; b-- {
				if seen += count[b]; seen*5 >= n {
					level[cy*cw+cx] = b
					break
				}
			}
		}
	}
	wide := make([]int, len(level))
	for cy := range ch {
		for cx := range cw {
			for y := max(0, cy-1); y <= min(ch-1, cy+1); y++ {
				for x := max(0, cx-1); x <= min(cw-1, cx+1); x++ {
					wide[cy*cw+cx] = max(wide[cy*cw+cx], level[y*cw+x])
				}
			}
		}
	}
	out := make([]uint8, w*h)
	for y := range h {
		fy, dy := between(y, ch)
		for x := range w {
			fx, dx := between(x, cw)
			top := wide[fy*cw+fx]*(cell-dx) + wide[fy*cw+min(fx+1, cw-1)]*dx
			low := wide[min(fy+1, ch-1)*cw+fx]*(cell-dx) + wide[min(fy+1, ch-1)*cw+min(fx+1, cw-1)]*dx
			out[y*w+x] = uint8((top*(cell-dy) + low*dy) / (cell * cell))
		}
	}
	return out
}

// between returns the cell whose centre lies before a pixel, and how far behind it the pixel lies, 0 to cell-1.
func between(x, cells int) (before, off int) {
	x -= cell / 2
	if x < 0 {
		return 0, 0
	}
	before = min(x/cell, cells-1)
	return before, x % cell
}
