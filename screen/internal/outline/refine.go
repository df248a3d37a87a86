package outline

import "math"

// refine moves each visible side to the line that fits its edge pixels best, and the corners with it.
func (q *Outline) refine(sides [4]*line, g gradient, crest []bool) {
	var fitted [4]line
	for i, l := range sides {
		fitted[i] = *l
		if l.border {
			continue
		}
		a, b := q.Corners[i], q.Corners[(i+1)%4]
		for range 2 {
			if !fitted[i].fit(a, b, i%2 == 0, g, crest) {
				break
			}
		}
	}
	var c [4][2]float64
	for i := range 4 {
		x, y, ok := cross(&fitted[(i+3)%4], &fitted[i])
		if !ok || math.Hypot(x-q.Corners[i][0], y-q.Corners[i][1]) > 12 {
			return
		}
		c[i] = [2]float64{x, y}
	}
	q.Corners = c
}

// fit replaces the line by a least-squares one through the crests within reach of it, between a and b.
func (l *line) fit(a, b [2]float64, flat bool, g gradient, crest []bool) bool {
	ax := 1
	if flat {
		ax = 0
	}
	lo, hi := min(a[ax], b[ax]), max(a[ax], b[ax])
	cut := (hi - lo) * .07 // corners may be rounded
	lo, hi = lo+cut, hi-cut
	var n, st, sv, stt, stv float64 // of position along the axis, and of the offset across it
	for t := math.Ceil(lo); t < hi; t++ {
		var base float64
		if flat {
			base = l.yAt(t)
		} else {
			base = l.xAt(t)
		}
		best, at := uint16(0), 0.
		for d := -reach; d <= reach; d++ {
			x, y := int(t), int(math.Round(base))+d
			if !flat {
				x, y = y, x
			}
			if x < 2 || y < 2 || x >= g.w-2 || y >= g.h-2 {
				continue
			}
			o := y*g.w + x
			if !crest[o] || g.mag[o] <= best {
				continue
			}
			gx, gy := float64(g.gx[o]), float64(g.gy[o])
			if math.Abs(gx*l.nx+gy*l.ny) < .85*math.Hypot(gx, gy) {
				continue
			}
			step := 1
			if flat {
				step = g.w
			}
			// The crest lies between pixels: a parabola through three.
			p, m, r := float64(g.mag[o-step]), float64(g.mag[o]), float64(g.mag[o+step])
			sub := 0.
			if den := p - 2*m + r; den < 0 {
				sub = .5 * (p - r) / den
			}
			best, at = g.mag[o], math.Round(base)+float64(d)+sub
		}
		if best == 0 {
			continue
		}
		n, st, sv, stt, stv = n+1, st+t, sv+at, stt+t*t, stv+t*at
	}
	den := n*stt - st*st
	if n < 12 || den == 0 {
		return false
	}
	k := (n*stv - st*sv) / den
	c := (sv - k*st) / n
	// Across = k·along + c, with a normal that points right or down.
	norm := math.Hypot(k, 1)
	if flat {
		l.nx, l.ny, l.rho = -k/norm, 1/norm, c/norm
	} else {
		l.nx, l.ny, l.rho = 1/norm, -k/norm, c/norm
	}
	return true
}
