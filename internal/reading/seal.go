package reading

import (
	"image"
	"slices"
)

// Seals are round or oval and red, and stand on the day of issue: what is printed under one cannot be told from it by an engine
// until its ink is gone. Titles, frames and numbers are red too; they are longer than they are high, or as large as the page.
const (
	// sealCells is into how many squares the longer side of a page is cut to look for seals.
	sealCells = 160
	// The longer side of a seal as shares of the page's: one of 40 mm is 0.13 of an A4 page, 0.5 of a card.
	smallestSeal, largestSeal = 0.07, 0.5
	// sealShare is how much of a square has to be red for a seal to pass through it.
	sealShare = 0.05
)

// redness is by how much red is more than the stronger of green and blue, in levels: 150 for fresh ink on paper, less than 30
// for ground prints and warm light.
func redness(p []byte) int { return int(p[0]) - int(max(p[1], p[2])) }

// inkRed is by how much ink is redder than the page, and edgeRed by how much the edges of its strokes are: the light may be blue
// or warm.
const (
	inkRed  = 55
	edgeRed = 22
)

// bleach takes the ink of red seals out of a page: black print under it stays, as far as the ink let it through.
func bleach(page *image.RGBA) {
	ground := groundRed(page)
	for _, r := range seals(page, ground) {
		bleachSeal(page, r, ground)
	}
}

// groundRed is the redness of most of a page.
func groundRed(page *image.RGBA) int {
	var reds []int
	const step = 97 // a sample of the pixels is enough
	for i := 0; i+4 <= len(page.Pix); i += 4 * step {
		reds = append(reds, redness(page.Pix[i:]))
	}
	slices.Sort(reds)
	return reds[len(reds)/2]
}

// seals finds the places of red seals.
func seals(page *image.RGBA, ground int) (found []image.Rectangle) {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	long := max(w, h)
	side := max(2, long/sealCells)
	g := redCells(page, side, ground)
	for i := range g.red {
		r := g.take(i)
		size := max(r.Dx(), r.Dy())
		if size == 0 || 5*min(r.Dx(), r.Dy()) < 3*size || float64(size*side) < smallestSeal*float64(long) || float64(size*side) > largestSeal*float64(long) {
			continue
		}
		r = image.Rect((r.Min.X-1)*side, (r.Min.Y-1)*side, (r.Max.X+1)*side, (r.Max.Y+1)*side)
		found = append(found, r.Intersect(page.Rect))
	}
	return found
}

// cells are the squares of a page, from the top left, that are red.
type cells struct {
	w, h int
	red  []bool
}

func redCells(page *image.RGBA, side, ground int) cells {
	g := cells{w: (page.Rect.Dx() + side - 1) / side, h: (page.Rect.Dy() + side - 1) / side}
	count := make([]int, g.w*g.h)
	for y := range page.Rect.Dy() {
		row := page.Pix[page.PixOffset(0, y):][:4*page.Rect.Dx()]
		for x := 0; x < len(row); x += 4 {
			if redness(row[x:]) >= ground+inkRed {
				count[y/side*g.w+x/4/side]++
			}
		}
	}
	for _, n := range count {
		g.red = append(g.red, float64(n) > sealShare*float64(side*side))
	}
	return g
}

// take removes the red squares that hang together with one, across gaps of one square, and returns what they cover.
func (g cells) take(start int) (cover image.Rectangle) {
	for todo := []int{start}; len(todo) > 0; {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !g.red[i] {
			continue
		}
		g.red[i] = false
		x, y := i%g.w, i/g.w
		cover = cover.Union(image.Rect(x, y, x+1, y+1))
		for v := max(0, y-2); v <= min(g.h-1, y+2); v++ {
			for u := max(0, x-2); u <= min(g.w-1, x+2); u++ {
				todo = append(todo, v*g.w+u)
			}
		}
	}
	return cover
}

// bleachSeal makes paper of the red in a rectangle. Red ink hardly darkens the red channel, black print does: what is darker in it
// than the seal's ink is print.
func bleachSeal(page *image.RGBA, r image.Rectangle, ground int) {
	var ink, paper []byte
	each(page, r, func(p []byte) {
		switch red := redness(p) - ground; {
		case red >= inkRed:
			ink = append(ink, p[0])
		case red < edgeRed:
			paper = append(paper, p[0])
		}
	})
	if len(ink) == 0 || len(paper) == 0 {
		return
	}
	slices.Sort(ink)
	slices.Sort(paper)
	white := int(paper[len(paper)/2])
	full := int(ink[len(ink)/3]) // of ink on paper; a third is darker, by uneven stamping
	each(page, r, func(p []byte) {
		if redness(p) >= ground+edgeRed {
			v := byte(min(max(white-deepened*(full-int(p[0])), 0), white))
			p[0], p[1], p[2] = v, v, v
		}
	})
}

// deepened is by how much print under ink is made darker: ink hides a part of it.
const deepened = 2

// each calls do with every pixel of a rectangle.
func each(page *image.RGBA, r image.Rectangle, do func(p []byte)) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := page.Pix[page.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for x := 0; x < len(row); x += 4 {
			do(row[x : x+4])
		}
	}
}
