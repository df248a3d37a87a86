package script

import (
	_ "embed"
	"math"
)

// Stance is how the characters stand: turned by quarters clockwise, and mirrored.
type Stance struct {
	Quarters int
	Mirrored bool
	// Lead is by how much the evidence for this stance exceeds that for the next best, in nats a character; Rival is the
	// same against the best stance of the other handedness.
	Lead, Rival float64
	Glyphs      int
}

// Hidden is the size of the net's one inner layer. It was trained by the program in train/ on lines of random characters, written in many
// sizes and faces, and cut up as documents are.
const Hidden = 56

//go:embed stance.bin
var stanceNet []byte

// weights are signed bytes with one scale a layer: Hidden × (Side² + 1), then 8 × (Hidden + 1); the last of a row is the
// bias.
type net struct {
	w1 [Hidden][Side*Side + 1]float32
	w2 [8][Hidden + 1]float32
}

var stances = loadNet(stanceNet)

func loadNet(b []byte) *net {
	n := &net{}
	if len(b) != 8+Hidden*(Side*Side+1)+8*(Hidden+1) {
		return nil // before it was trained
	}
	scale := func(p []byte) float32 {
		return math.Float32frombits(uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24)
	}
	s1, s2 := scale(b), scale(b[4:])
	b = b[8:]
	for i := range n.w1 {
		for j := range n.w1[i] {
			n.w1[i][j] = float32(int8(b[0])) * s1
			b = b[1:]
		}
	}
	for i := range n.w2 {
		for j := range n.w2[i] {
			n.w2[i][j] = float32(int8(b[0])) * s2
			b = b[1:]
		}
	}
	return n
}

// logits of the eight stances: quarters + 4 if mirrored.
func (n *net) logits(g *Glyph) (out [8]float32) {
	var h [Hidden]float32
	for i := range h {
		w := &n.w1[i]
		s := w[Side*Side]
		for j, v := range g {
			s += v * w[j]
		}
		h[i] = max(s, 0)
	}
	for i := range out {
		w := &n.w2[i]
		s := w[Hidden]
		for j, v := range h {
			s += v * w[j]
		}
		out[i] = s
	}
	return
}

// FindStance lets the characters vote. One character says little (many are symmetric); fifty say it clearly.
func FindStance(glyphs []Glyph) Stance {
	if stances == nil || len(glyphs) == 0 {
		return Stance{}
	}
	var sum [8]float64
	for i := range glyphs {
		l := stances.logits(&glyphs[i])
		top := l[0]
		for _, v := range l {
			top = max(top, v)
		}
		var z float64
		for _, v := range l {
			z += math.Exp(float64(v - top))
		}
		for c, v := range l {
			// A character that is no character at all must not outvote ten others.
			sum[c] += max(float64(v-top)-math.Log(z), -4)
		}
	}
	n := float64(len(glyphs))
	best := 0
	for c := range sum {
		if sum[c] > sum[best] {
			best = c
		}
	}
	s := Stance{Quarters: best & 3, Mirrored: best >= 4, Lead: math.Inf(1), Rival: math.Inf(1), Glyphs: len(glyphs)}
	for c := range sum {
		d := (sum[best] - sum[c]) / n
		if c != best {
			s.Lead = min(s.Lead, d)
		}
		if c>>2 != best>>2 {
			s.Rival = min(s.Rival, d)
		}
	}
	return s
}
