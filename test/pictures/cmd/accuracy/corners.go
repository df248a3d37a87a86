package main

import (
	"math"
	"slices"

	"github.com/verinym/verinym/screen"
	"github.com/verinym/verinym/test/pictures"
)

// cornerError is how far the worst corner of the outline found lies from the truth, as a share of the document's longer
// side; -1 where there is nothing to compare. Which corner is the first does not matter.
func cornerError(t pictures.Truth, d *screen.Document) float64 {
	if t.Corners == nil {
		return -1
	}
	if d == nil {
		return 1
	}
	q := *t.Corners
	long := 0.
	for i := range 4 {
		long = max(long, math.Hypot(q[i].X-q[(i+1)%4].X, q[i].Y-q[(i+1)%4].Y))
	}
	best := 1.
	for turn := range 4 {
		for _, way := range []int{1, 3} {
			worst := 0.
			for i := range 4 {
				p := q[(turn+i*way)%4]
				worst = max(worst, math.Hypot(p.X-d.Corners[i].X, p.Y-d.Corners[i].Y))
			}
			best = min(best, worst/long)
		}
	}
	return best
}

// outlines sums up how well documents were found among pictures that show a whole one.
func outlines(js []judged) (median float64, off, n int, worst []string) {
	var es []float64
	for _, j := range js {
		if j.Defect != "" && j.Defect != "glare" && j.Defect != "watermark" && j.Defect != "mirrored" && j.Defect != "edited" || j.Source == "render" || j.Source == "screenshot" || j.Variant == "scan, cropped" {
			continue
		}
		e := cornerError(j.Truth, j.report.Document)
		if e < 0 {
			continue
		}
		es = append(es, e)
		if e > .025 {
			off++
			worst = append(worst, j.File)
		}
	}
	if len(es) == 0 {
		return 0, 0, 0, nil
	}
	slices.Sort(es)
	return es[len(es)/2], off, len(es), worst
}
