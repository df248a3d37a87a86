package outline

import (
	"math"
	"sort"
)

const angles = 180 // one degree

var cosT, sinT [angles]float64

func init() {
	for i := range angles {
		cosT[i], sinT[i] = math.Cos(float64(i)*math.Pi/angles), math.Sin(float64(i)*math.Pi/angles)
	}
}

// line is the set x·nx + y·ny = rho. For a side of a document the normal points right or down.
type line struct {
	nx, ny, rho float64
	votes       int32
	border      bool // the picture's own border, not seen but assumed
	prof        profile
}

// hough returns up to n lines of each direction, the most voted first. A pixel votes for lines within 3° of its edge.
func hough(g gradient, crest []bool, n int) (flat, steep []line) {
	d := int(math.Hypot(float64(g.w), float64(g.h))) + 2
	acc := make([]int32, angles*2*d)
	for y := 2; y < g.h-2; y++ {
		for x := 2; x < g.w-2; x++ {
			o := y*g.w + x
			if !crest[o] {
				continue
			}
			t0 := int(math.Round(math.Atan2(float64(g.gy[o]), float64(g.gx[o])) / math.Pi * angles))
			for dt := -3; dt <= 3; dt++ {
				t := (t0 + dt + 2*angles) % angles
				r := int(math.Floor(float64(x)*cosT[t]+float64(y)*sinT[t]+.5)) + d
				acc[t*2*d+r]++
			}
		}
	}
	type peak struct {
		t, r int
		v    int32
	}
	pick := func(want func(t int) bool, least int32, toLine func(p peak) (line, float64)) []line {
		var ps []peak
		for t := range angles {
			if !want(t) {
				continue
			}
			row := acc[t*2*d : (t+1)*2*d]
			for r := 1; r < 2*d-1; r++ {
				if v := 2*row[r] + row[r-1] + row[r+1]; v > least {
					ps = append(ps, peak{t, r, v})
				}
			}
		}
		sort.Slice(ps, func(i, j int) bool {
			if ps[i].v != ps[j].v {
				return ps[i].v > ps[j].v
			}
			return ps[i].t*2*d+ps[i].r < ps[j].t*2*d+ps[j].r
		})
		var ls []line
		var mids []float64
		var ts []int
		for _, p := range ps {
			l, mid := toLine(p)
			near := false
			for i := range ls {
				dt := (p.t - ts[i] + 3*angles/2) % angles
				if math.Abs(mid-mids[i]) < 5 && max(dt-angles/2, angles/2-dt) < 7 {
					near = true
					break
				}
			}
			if near {
				continue
			}
			if ls, mids, ts = append(ls, l), append(mids, mid), append(ts, p.t); len(ls) == n {
				break
			}
		}
		return ls
	}
	least := int32(float64(min(g.w, g.h)) * .20)
	flat = pick(func(t int) bool { return t > 45 && t < 135 }, least, func(p peak) (line, float64) {
		l := line{nx: cosT[p.t], ny: sinT[p.t], rho: float64(p.r - d), votes: p.v}
		return l, l.yAt(float64(g.w) / 2)
	})
	steep = pick(func(t int) bool { return t <= 45 || t >= 135 }, least, func(p peak) (line, float64) {
		l := line{nx: cosT[p.t], ny: sinT[p.t], rho: float64(p.r - d), votes: p.v}
		if l.nx < 0 {
			l.nx, l.ny, l.rho = -l.nx, -l.ny, -l.rho
		}
		return l, l.xAt(float64(g.h) / 2)
	})
	return flat, steep
}

func (l *line) yAt(x float64) float64 { return (l.rho - x*l.nx) / l.ny }
func (l *line) xAt(y float64) float64 { return (l.rho - y*l.ny) / l.nx }

// cross is where two lines meet.
func cross(a, b *line) (x, y float64, ok bool) {
	det := a.nx*b.ny - b.nx*a.ny
	if math.Abs(det) < .2 {
		return 0, 0, false
	}
	return (a.rho*b.ny - b.rho*a.ny) / det, (a.nx*b.rho - b.nx*a.rho) / det, true
}
