package outline

import (
	"math"

	"github.com/verinym/verinym/screen/internal/raster"
)

// profile is what lies along a line, as running sums, so that any stretch of it can be asked about at once. Positions are
// whole pixels along the line's longer axis: x of a flat line, y of a steep one.
type profile struct {
	rise, fall []int32 // pixels with an edge that gets brighter, darker, along the normal
	step       [3][]int32
	n          []int32 // pixels inside the picture
	// after and before are the two sides' luma and its square, along the normal and against it.
	after, before [2][]int32
}

const (
	reach = 2 // how far an edge may lie from its line
	apart = 5 // at which distance the two materials are compared
)

// trace walks along a line once.
func trace(l *line, flat bool, g gradient, crest []bool, chs []raster.Plane) {
	length := g.h
	if flat {
		length = g.w
	}
	p := &l.prof
	p.rise, p.fall, p.n = make([]int32, length+1), make([]int32, length+1), make([]int32, length+1)
	for c := range p.step {
		p.step[c] = make([]int32, length+1)
	}
	for k := range 2 {
		p.after[k], p.before[k] = make([]int32, length+1), make([]int32, length+1)
	}
	for i := range length {
		var x, y float64
		if flat {
			x, y = float64(i), l.yAt(float64(i))
		} else {
			x, y = l.xAt(float64(i)), float64(i)
		}
		p.rise[i+1], p.fall[i+1], p.n[i+1] = p.rise[i], p.fall[i], p.n[i]
		for c := range p.step {
			p.step[c][i+1] = p.step[c][i]
		}
		for k := range 2 {
			p.after[k][i+1], p.before[k][i+1] = p.after[k][i], p.before[k][i]
		}
		ix, iy := int(math.Round(x)), int(math.Round(y))
		if ix < 3 || iy < 3 || ix >= g.w-3 || iy >= g.h-3 {
			continue
		}
		p.n[i+1]++
		best, sign := uint16(0), false
		for d := -reach; d <= reach; d++ {
			o := iy*g.w + ix
			if flat {
				o += d * g.w
			} else {
				o += d
			}
			if !crest[o] || g.mag[o] <= best {
				continue
			}
			along := float64(g.gx[o])*l.nx + float64(g.gy[o])*l.ny
			if math.Abs(along) > .85*math.Hypot(float64(g.gx[o]), float64(g.gy[o])) {
				best, sign = g.mag[o], along > 0
			}
		}
		if best > 0 {
			if sign {
				p.rise[i+1]++
			} else {
				p.fall[i+1]++
			}
		}
		ax, ay := clamp(x+apart*l.nx, g.w), clamp(y+apart*l.ny, g.h)
		bx, by := clamp(x-apart*l.nx, g.w), clamp(y-apart*l.ny, g.h)
		va, vb := int32(chs[0].P[ay*g.w+ax]), int32(chs[0].P[by*g.w+bx])
		p.after[0][i+1] += va
		p.after[1][i+1] += va * va
		p.before[0][i+1] += vb
		p.before[1][i+1] += vb * vb
		for c, ch := range chs {
			p.step[c][i+1] += int32(ch.P[ay*g.w+ax]) - int32(ch.P[by*g.w+bx])
		}
	}
}

func clamp(v float64, n int) int { return min(max(int(v+.5), 0), n-1) }

// support is the share of a stretch that is an edge of one direction; positive when the picture gets brighter along the
// normal.
func (p *profile) support(a, b float64) float64 {
	i, j := p.span(a, b)
	n := float64(j - i)
	if n < 8 {
		return 0
	}
	up, down := float64(p.rise[j]-p.rise[i])/n, float64(p.fall[j]-p.fall[i])/n
	if up >= down {
		return up
	}
	return -down
}

// contrast is the mean difference of colour between the two sides of a stretch, in grey levels.
func (p *profile) contrast(a, b float64) float64 {
	i, j := p.span(a, b)
	n := float64(p.n[j] - p.n[i])
	if n < 8 {
		return 0
	}
	var s float64
	for c, k := range [3]float64{1, 2, 2} {
		d := float64(p.step[c][j]-p.step[c][i]) / n * k
		s += d * d
	}
	return math.Sqrt(s)
}

// roughness is the standard deviation of luma beside a stretch: after it along the normal, or before.
func (p *profile) roughness(a, b float64, after bool) float64 {
	i, j := p.span(a, b)
	n := float64(p.n[j] - p.n[i])
	if n < 8 {
		return 0
	}
	s := p.before
	if after {
		s = p.after
	}
	m := float64(s[0][j]-s[0][i]) / n
	return math.Sqrt(max(0, float64(s[1][j]-s[1][i])/n-m*m))
}

func (p *profile) span(a, b float64) (int, int) {
	if a > b {
		a, b = b, a
	}
	m := len(p.n) - 1
	return min(max(int(a), 0), m), min(max(int(b+1), 0), m)
}
