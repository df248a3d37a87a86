package raster

import (
	"math"
	"slices"

	"github.com/verinym/verinym/screen/internal/jpeg"
)

// History is what the coefficients of a JPEG say about how it came to be. A picture that was saved before, more coarsely,
// has values on a comb: multiples of the earlier step. What was put in afterwards is not on it. Saving twice is what
// messengers and converters do and says nothing; two histories in one picture do.
type History struct {
	Step int // of the earlier saving, in the lowest frequencies; 0 if none is seen
	// Odd is the largest area that is not on the comb, in pixels; OddTiles its size in tiles of 64 × 64.
	Odd      Box
	OddTiles int
	Void     Void
}

const (
	tile = 8 // blocks
	// highest is up to which tooth values count. Print put in afterwards has high ones; the highest come with clipping.
	highest = 24
	// enough blocks show whether there is a comb; where one is, all are looked at.
	enough = 40_000
)

// combsOf reads the three lowest frequencies of every block.
func combsOf(pic *jpeg.Picture, bs *blocks) History {
	var h History
	fine := int(max(pic.Quant[1], pic.Quant[2], pic.Quant[4]))
	if fine > 4 {
		return h
	}
	var hist [3][256]int
	pic.EachLow(max(1, len(pic.Detail)/enough), func(_, _ int, a, b, c int32) {
		for k, v := range [3]int32{a, b, c} {
			hist[k][min(max(v, -v), 255)]++
		}
	})
	var step [3]int
	for k := range step {
		step[k] = comb(&hist[k], int(pic.Quant[[3]int{1, 2, 4}[k]]))
	}
	if step[0] == 0 && step[1] == 0 {
		return h
	}
	h.Step = max(step[0], step[1])
	tw, th := (pic.DetailW+tile-1)/tile, (pic.DetailH+tile-1)/tile
	on, off := make([]int, tw*th), make([]int, tw*th)
	pic.EachLow(1, func(bx, by int, a, b, c int32) {
		if !bs.unclipped(bx, by) {
			return
		}
		t := by/tile*tw + bx/tile
		for k, v := range [3]int32{a, b, c} {
			s := step[k]
			m := int(max(v, -v))
			if s == 0 || 4*m < 3*s || m > highest*s {
				continue
			}
			switch residue(m, s, int(pic.Quant[[3]int{1, 2, 4}[k]])) {
			case 1:
				on[t]++
			case -1:
				off[t]++
			}
		}
	})
	// The share of teeth among teeth and gaps: a half where there is no comb.
	teeth := func(on, off int) float64 {
		gaps := float64(off)
		if h.Step%2 == 1 { // two values lie in the middle
			gaps /= 2
		}
		return float64(on) / (float64(on) + gaps + 1e-9)
	}
	whole := typical(on, off, teeth)
	least := leastTiles(whole)
	odd := func(i int) bool {
		n := float64(on[i] + off[i])
		if n < 16 {
			return false
		}
		r := teeth(on[i], off[i])
		return r < .5+.55*(whole-.5) && whole-r > 3*math.Sqrt(whole*(1-whole)/n)
	}
	for _, edge := range []bool{false, true} {
		for _, b := range Components(tw, th, edge, func(y int, row []bool) {
			for x := range row {
				row[x] = odd(y*tw + x)
			}
		}) {
			// What was put in has straight sides; what clipping bends has none.
			if b.N > h.OddTiles && b.N*8 >= 5*b.W()*b.H() && b.N >= least {
				h.OddTiles, h.Odd = b.N, Box{b.X0 * tile * 8, b.Y0 * tile * 8, b.X1 * tile * 8, b.Y1 * tile * 8, b.N}
			}
		}
	}
	return h
}

// leastTiles is how large an area off the comb has to be: a faint comb has weak places of its own, and a share of teeth near
// a half is none.
func leastTiles(whole float64) int {
	switch {
	case whole > .95:
		return 2
	case whole > .915:
		return 3
	case whole > .87:
		return 8
	case whole > .80:
		return 16
	}
	return math.MaxInt
}

// typical is the share of teeth that half of the picture exceeds, by weight of evidence.
func typical(on, off []int, teeth func(on, off int) float64) float64 {
	type part struct {
		r float64
		n int
	}
	var ps []part
	all := 0
	for i := range on {
		if n := on[i] + off[i]; n >= 8 {
			ps = append(ps, part{teeth(on[i], off[i]), n})
			all += n
		}
	}
	slices.SortFunc(ps, func(a, b part) int {
		if a.r < b.r {
			return 1
		}
		return -1
	})
	left := all / 2
	for _, p := range ps {
		if left -= p.n; left <= 0 {
			return p.r
		}
	}
	return 0
}

// residue is 1 for a value on a tooth of a comb, -1 in the middle between two, 0 elsewhere. Values come in steps of q.
func residue(v, s, q int) int {
	r := v % s
	switch near := min(r, s-r); {
	case 2*near <= q && 2*near < s:
		return 1
	case 2*near+q >= s:
		return -1
	}
	return 0
}

// comb finds the step of which a histogram of magnitudes shows the teeth, or 0: the smallest of those that show them
// well, since every multiple of a comb's step has teeth and gaps too.
func comb(hist *[256]int, q int) int {
	var score [18]float64
	top := 0.
	for s := max(3, 2*q); s < len(score); s++ {
		// Each tooth against the mean of the gaps on both sides: a histogram falls off anyway, so one side would not do.
		var tooth, gap [14]float64 // by number; gap k lies before tooth k
		var teeth, gaps [14]float64
		for v := q; v < min(256, 13*s); v += q {
			switch residue(v, s, q) {
			case 1:
				k := (v + s/2) / s
				tooth[k] += float64(hist[v])
				teeth[k]++
			case -1:
				k := v/s + 1
				gap[k] += float64(hist[v])
				gaps[k]++
			}
		}
		up, all := 0., 0.
		for k := 1; k < 12; k++ {
			if teeth[k] == 0 || gaps[k] == 0 || gaps[k+1] == 0 {
				continue
			}
			t := tooth[k] / teeth[k]
			up += t - (gap[k]/gaps[k]+gap[k+1]/gaps[k+1])/2
			all += t
		}
		if all < 200 {
			continue
		}
		score[s] = up / all
		top = max(top, score[s])
	}
	for s, v := range score {
		if v > .4 && v >= .75*top {
			return s
		}
	}
	return 0
}
