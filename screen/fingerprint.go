package screen

import (
	"math/bits"
	"slices"

	"github.com/verinym/verinym/screen/internal/raster"
)

// Fingerprint tells whether two uploads are the same picture, however they were scaled and saved: where it gets darker
// from left to right, on a grid of 96 × 96. So fine a grid shows the writing: two certificates of one form differ.
type Fingerprint struct {
	// Clear and Faint have a bit for each place where the next one is darker: clearly, and at all.
	Clear, Faint [fingerCells * fingerCells / 64]uint64
}

const (
	fingerCells = 96
	// By how many grey levels the next place must be darker. What lies between the two may go either way when a picture is
	// saved again.
	fingerClear, fingerFaint = 12, 5
)

// SamePicture is the likeness from which two pictures are one, saved twice.
const SamePicture = .81

// Zero is true of a picture that could not be decoded, or shows nothing: it is like no other.
func (f *Fingerprint) Zero() bool { return *f == Fingerprint{} }

// fingerWorst is how many of the least alike parts of two pictures decide.
const fingerWorst = 4

// Likeness is from 0 to 1: the share of clear steps of either picture that the other has too, where they are least alike.
// Two certificates of one form are alike everywhere but in the name.
func (f *Fingerprint) Likeness(g *Fingerprint) float64 {
	const side = 8 // of a part, in places
	var parts []float64
	for y := 0; y < fingerCells; y += side {
		for x := 0; x < fingerCells; x += side {
			steps, missed := 0, 0
			for j := range side {
				i := (y+j)*fingerCells + x
				row := func(p *[fingerCells * fingerCells / 64]uint64) uint8 { return uint8(p[i/64] >> (i % 64)) }
				a, b := row(&f.Clear), row(&g.Clear)
				steps += bits.OnesCount8(a) + bits.OnesCount8(b)
				missed += bits.OnesCount8(a&^row(&g.Faint)) + bits.OnesCount8(b&^row(&f.Faint))
			}
			if steps >= side {
				parts = append(parts, 1-float64(missed)/float64(steps))
			}
		}
	}
	if len(parts) < fingerWorst {
		return 0
	}
	slices.Sort(parts)
	sum := 0.
	for _, p := range parts[:fingerWorst] {
		sum += p
	}
	return sum / fingerWorst
}

func fingerprint(f *raster.Frame) (p Fingerprint) {
	const w = fingerCells + 1
	cells := f.Mosaic(w, fingerCells)
	for y := range fingerCells {
		for x := range fingerCells {
			d, i := cells[y*w+x]-cells[y*w+x+1], y*fingerCells+x
			if d >= fingerFaint {
				p.Faint[i/64] |= 1 << (i % 64)
			}
			if d >= fingerClear {
				p.Clear[i/64] |= 1 << (i % 64)
			}
		}
	}
	return p
}
