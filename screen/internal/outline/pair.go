package outline

import (
	"math"
	"slices"
)

// candidate is a quadrilateral that could be a document of its own, whatever its size.
type candidate struct {
	c       [4][2]float64
	quality float64
}

// pair finds two of equal size that do not overlap and have the shape of cards: both sides of one, or two cards. It
// returns the weaker one's quality; 0 without a pair.
func pair(cs []candidate) (quality float64, second [4][2]float64) {
	slices.SortFunc(cs, func(a, b candidate) int {
		switch {
		case a.quality > b.quality:
			return -1
		case a.quality < b.quality:
			return 1
		}
		return 0
	})
	var kept []candidate
	for _, c := range cs {
		same := slices.ContainsFunc(kept, func(k candidate) bool {
			d := 0.
			for i := range 4 {
				d = max(d, math.Abs(k.c[i][0]-c.c[i][0]), math.Abs(k.c[i][1]-c.c[i][1]))
			}
			return d < 8
		})
		if !same {
			if kept = append(kept, c); len(kept) == 40 {
				break
			}
		}
	}
	for i, a := range kept {
		for _, b := range kept[:i] {
			if a.quality > quality && apartFrom(a.c, b.c) && alike(a.c, b.c) {
				quality, second = a.quality, a.c
			}
		}
	}
	return quality, second
}

func extent(c [4][2]float64) (w, h float64) {
	d := func(i, j int) float64 { return math.Hypot(c[i][0]-c[j][0], c[i][1]-c[j][1]) }
	return (d(0, 1) + d(3, 2)) / 2, (d(0, 3) + d(1, 2)) / 2
}

// alike is true of two cards of one size, lying the same way.
func alike(a, b [4][2]float64) bool {
	aw, ah := extent(a)
	bw, bh := extent(b)
	card := func(w, h float64) bool { r := max(w, h) / min(w, h); return r > 1.35 && r < 1.85 }
	near := func(x, y float64) bool { return x < 1.22*y && y < 1.22*x }
	return card(aw, ah) && card(bw, bh) && near(aw, bw) && near(ah, bh)
}

// apartFrom is true if one lies beside or below the other with desk between them. The halves of a folded sheet touch.
func apartFrom(a, b [4][2]float64) bool {
	gap := func(dx, dy float64) float64 { // between the extents along a direction
		n := math.Hypot(dx, dy)
		a0, a1, b0, b1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for i := range 4 {
			s, t := (a[i][0]*dx+a[i][1]*dy)/n, (b[i][0]*dx+b[i][1]*dy)/n
			a0, a1, b0, b1 = min(a0, s), max(a1, s), min(b0, t), max(b1, t)
		}
		return max(a0-b1, b0-a1)
	}
	w, h := extent(a)
	least := .025 * max(w, h)
	return gap(a[1][0]-a[0][0], a[1][1]-a[0][1]) > least || gap(a[3][0]-a[0][0], a[3][1]-a[0][1]) > least
}
