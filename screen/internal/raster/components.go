package raster

// Box is a rectangle of pixels; X1 and Y1 are outside.
type Box struct {
	X0, Y0, X1, Y1 int
	N              int // pixels of ink
}

func (b Box) W() int { return b.X1 - b.X0 }
func (b Box) H() int { return b.Y1 - b.Y0 }

// Turned swaps rows and columns.
func (b Box) Turned() Box { return Box{b.Y0, b.X0, b.Y1, b.X1, b.N} }

// Components labels 8-connected areas row by row, joining runs. Those that touch the border are left out, or with border
// set are the only ones returned.
func Components(w, h int, border bool, fill func(y int, row []bool)) []Box {
	type run struct{ x0, x1, id int }
	var boxes []Box
	var parent []int
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	row := make([]bool, w)
	var prev, cur []run
	for y := range h {
		fill(y, row)
		cur = cur[:0]
		j := 0
		for x := 0; x < w; {
			if !row[x] {
				x++
				continue
			}
			s := x
			for x < w && row[x] {
				x++
			}
			r := run{s, x, -1}
			for j < len(prev) && prev[j].x1 < s {
				j++
			}
			for i := j; i < len(prev) && prev[i].x0 <= x; i++ {
				id := find(prev[i].id)
				if r.id < 0 {
					r.id = id
				} else if r.id != id {
					a, b := min(r.id, id), max(r.id, id)
					parent[b] = a
					p, q := &boxes[a], boxes[b]
					p.X0, p.Y0, p.X1, p.Y1, p.N = min(p.X0, q.X0), min(p.Y0, q.Y0), max(p.X1, q.X1), max(p.Y1, q.Y1), p.N+q.N
					r.id = a
				}
			}
			if r.id < 0 {
				r.id = len(boxes)
				parent = append(parent, r.id)
				boxes = append(boxes, Box{s, y, x, y + 1, 0})
			}
			b := &boxes[r.id]
			b.X0, b.X1, b.Y1, b.N = min(b.X0, s), max(b.X1, x), y+1, b.N+x-s
			cur = append(cur, r)
		}
		prev, cur = cur, prev
	}
	out := boxes[:0]
	for i, b := range boxes {
		if find(i) == i && (b.X0 > 0 && b.Y0 > 0 && b.X1 < w && b.Y1 < h) != border {
			out = append(out, b)
		}
	}
	return out
}
