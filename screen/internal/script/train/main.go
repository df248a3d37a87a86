// Command train makes stance.bin, the net that tells which way up characters stand.
//
//	go run ./screen/internal/script/train -o screen/internal/script/stance.bin
//
// It writes lines of random Chinese characters, digits and Latin capitals in the faces that documents use, blurs and
// roughens them, cuts them up with the same code that cuts up a document, and learns from each glyph in its eight stances.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
	"os"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/verinym/verinym/screen/internal/raster"
	"github.com/verinym/verinym/screen/internal/script"
	"github.com/verinym/verinym/test/pictures"
)

func main() {
	out := flag.String("o", "stance.bin", "where to write the net")
	pages := flag.Int("pages", 800, "pages of text to learn from")
	rounds := flag.Int("rounds", 18, "times to go through them")
	flag.Parse()
	if err := pictures.FontsReady(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	rng := rand.New(rand.NewPCG(11, 12))
	common := characters()
	var learn, check []script.Glyph
	for i := range *pages {
		gs := page(common, rng)
		if i%10 == 9 {
			check = append(check, gs...)
		} else {
			learn = append(learn, gs...)
		}
	}
	fmt.Println(len(learn), "glyphs to learn from,", len(check), "to check with")
	n := newLearner(rng)
	for r := range *rounds {
		rate := float32(.02 * math.Pow(.82, float64(r)))
		loss := n.round(learn, rate, rng)
		hit, line := n.test(check)
		fmt.Printf("round %d: loss %.3f, of single characters right %.1f %%, of lines of 12 %.2f %%\n", r, loss, hit*100, line*100)
	}
	if err := os.WriteFile(*out, n.pack(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// characters are those of GB 2312's first level and the first three thousand of Big5, as runes.
func characters() (sets [2][]rune) {
	add := func(k int, b []byte, decode func([]byte) ([]byte, error)) {
		s, err := decode(b)
		for _, r := range string(s) {
			if err == nil && r > 0x3400 && r != 0xfffd {
				sets[k] = append(sets[k], r)
			}
		}
	}
	for hi := 0xb0; hi <= 0xd7; hi++ {
		for lo := 0xa1; lo <= 0xfe; lo++ {
			add(0, []byte{byte(hi), byte(lo)}, simplifiedchinese.GBK.NewDecoder().Bytes)
		}
	}
	for hi := 0xa4; hi <= 0xb8; hi++ {
		for lo := 0x40; lo <= 0xfe; lo++ {
			if lo < 0x7f || lo > 0xa0 {
				add(1, []byte{byte(hi), byte(lo)}, traditionalchinese.Big5.NewDecoder().Bytes)
			}
		}
	}
	return
}

// page writes a page of text at a random size and returns its characters as screening would cut them out.
func page(common [2][]rune, rng *rand.Rand) []script.Glyph {
	size := 9 + 26*rng.Float64()*rng.Float64() // pixels a character; most text on documents is small
	w, h := 640., 480.
	s := pictures.NewSheet(w, h, 2)
	faces := []pictures.Typeface{
		pictures.Sans, pictures.SansBold, pictures.Serif, pictures.SerifBold, pictures.Mono, pictures.MonoBold,
		pictures.SansTC, pictures.SerifTC, pictures.Latin,
	}
	for y := size * 1.6; y < h-size; y += size * (1.35 + rng.Float64()) {
		t := faces[rng.IntN(len(faces))]
		set := common[0]
		if t == pictures.SansTC || t == pictures.SerifTC {
			set = common[1]
		}
		var line []rune
		words := rng.IntN(4) == 0 // of small letters
		for range int(w / size) {
			switch {
			case words && t != pictures.Latin:
				line = append(line, []rune("eeeettaaoinnsshrrdlucmfwypgbvkxjqz")[rng.IntN(34)])
				if rng.IntN(6) == 0 {
					line = append(line, ' ', rune('A'+rng.IntN(26)))
				}
			case t == pictures.Latin || rng.IntN(6) == 0:
				line = append(line, []rune("0123456789ABCDEFGHJKLMNPRSTUWXYZ<")[rng.IntN(33)])
			default:
				line = append(line, set[rng.IntN(len(set))])
			}
		}
		g := uint8(20 + rng.IntN(60))
		s.Write(size*rng.Float64()*2, y, size, size*rng.Float64()*.25, t, color.RGBA{g, g, uint8(int(g) + rng.IntN(60)), 255}, string(line))
	}
	f := raster.FromImage(s.Img)
	blur(f, rng.Float64()*size*.055)
	noise, contrast := 1+rng.Float64()*5, .5+rng.Float64()*.5
	for i, v := range f.Y {
		f.Y[i] = uint8(min(max(235-(235-float64(v))*contrast+rng.NormFloat64()*noise, 0), 255))
	}
	k := script.FindInk(f, 5)
	t := script.FindText(k)
	if !t.Upright {
		return nil
	}
	return k.Glyphs(t, 400)
}

func blur(f *raster.Frame, sigma float64) {
	r := int(sigma*2.5 + .5)
	if r == 0 {
		return
	}
	k := make([]float64, 2*r+1)
	sum := 0.
	for i := range k {
		k[i] = math.Exp(-float64((i-r)*(i-r)) / (2 * sigma * sigma))
		sum += k[i]
	}
	for _, step := range []int{1, f.W} {
		src := append([]uint8(nil), f.Y...)
		for y := range f.H {
			for x := range f.W {
				s := 0.
				for i, c := range k {
					o := y*f.W + x + (i-r)*step
					s += c / sum * float64(src[min(max(o, 0), len(src)-1)])
				}
				f.Y[y*f.W+x] = uint8(s + .5)
			}
		}
	}
}

const (
	inputs = script.Side * script.Side
	hidden = script.Hidden
)

// learner is the net while it learns, by plain gradient descent.
type learner struct {
	w1 [hidden][inputs + 1]float32
	w2 [8][hidden + 1]float32
}

func newLearner(rng *rand.Rand) *learner {
	n := &learner{}
	for i := range n.w1 {
		for j := range inputs {
			n.w1[i][j] = float32(rng.NormFloat64() * .06)
		}
	}
	for i := range n.w2 {
		for j := range hidden {
			n.w2[i][j] = float32(rng.NormFloat64() * .1)
		}
	}
	return n
}

func (n *learner) forward(g *script.Glyph) (h [hidden]float32, p [8]float32) {
	for i := range h {
		s := n.w1[i][inputs]
		for j, v := range g {
			s += v * n.w1[i][j]
		}
		h[i] = max(s, 0)
	}
	var top float32 = -1e9
	for i := range p {
		s := n.w2[i][hidden]
		for j, v := range h {
			s += v * n.w2[i][j]
		}
		p[i] = s
		top = max(top, s)
	}
	var z float32
	for i := range p {
		p[i] = float32(math.Exp(float64(p[i] - top)))
		z += p[i]
	}
	for i := range p {
		p[i] /= z
	}
	return
}

func (n *learner) round(gs []script.Glyph, rate float32, rng *rand.Rand) float64 {
	loss := 0.
	for range gs {
		c := rng.IntN(8)
		g := gs[rng.IntN(len(gs))].Turned(c&3, c >= 4)
		h, p := n.forward(&g)
		loss -= math.Log(float64(max(p[c], 1e-9)))
		var dh [hidden]float32
		for i := range p {
			d := p[i]
			if i == c {
				d--
			}
			d *= rate
			for j, v := range h {
				dh[j] += d * n.w2[i][j]
				n.w2[i][j] -= d * v
			}
			n.w2[i][hidden] -= d
		}
		for i := range h {
			if h[i] == 0 {
				continue
			}
			w := &n.w1[i]
			for j, v := range g {
				w[j] -= dh[i]*v + w[j]*rate*1e-5
			}
			w[inputs] -= dh[i]
		}
	}
	return loss / float64(len(gs))
}

// test returns how many single characters, and how many runs of twelve, are recognised.
func (n *learner) test(gs []script.Glyph) (single, line float64) {
	hits, total, lines, right := 0, 0, 0, 0
	for c := range 8 {
		var sum [8]float64
		for i := range gs {
			g := gs[i].Turned(c&3, c >= 4)
			_, p := n.forward(&g)
			best := 0
			for k := range p {
				sum[k] += math.Log(float64(p[k]) + 1e-4)
				if p[k] > p[best] {
					best = k
				}
			}
			total++
			if best == c {
				hits++
			}
			if i%12 == 11 {
				b := 0
				for k := range sum {
					if sum[k] > sum[b] {
						b = k
					}
				}
				lines++
				if b == c {
					right++
				}
				sum = [8]float64{}
			}
		}
	}
	return float64(hits) / float64(total), float64(right) / float64(lines)
}

// pack writes the weights as signed bytes.
func (n *learner) pack() []byte {
	var m1, m2 float32
	for i := range n.w1 {
		for _, v := range n.w1[i] {
			m1 = max(m1, v, -v)
		}
	}
	for i := range n.w2 {
		for _, v := range n.w2[i] {
			m2 = max(m2, v, -v)
		}
	}
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(m1/127))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(m2/127))
	for i := range n.w1 {
		for _, v := range n.w1[i] {
			b = append(b, byte(int8(math.Round(float64(v/m1*127)))))
		}
	}
	for i := range n.w2 {
		for _, v := range n.w2[i] {
			b = append(b, byte(int8(math.Round(float64(v/m2*127)))))
		}
	}
	return b
}
