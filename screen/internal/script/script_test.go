package script_test

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/verinym/verinym/screen/internal/outline"
	"github.com/verinym/verinym/screen/internal/raster"
	"github.com/verinym/verinym/screen/internal/script"
)

// lines have many characters of one height, all of which look like another one or like none when they are turned or mirrored.
var lines = []string{
	"PG24J GF25 FL55RP GPLF9 PLJPP9 G7R925", "JL4PG PFP7P5L2 7P24JLP FGF49P 594RJ9L",
	"L994PJR 7R95LRG LP77 GRJP4 FRGP FRPR", "79GP7L4 JP27JR FRF4JRRP G4L2LGFF J79J",
	"F547LRFG P29L4LL4 4FL24L9 L4LFFPP 5LL", "RFR7G 299F42G2 7JRP9 9R25L99 R24GP9",
}

// page writes the lines with letters of about size pixels, ink levels darker than the paper.
func page(t *testing.T, size float64, paper, ink uint8) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	im := image.NewGray(image.Rect(0, 0, 800, 500))
	draw.Draw(im, im.Rect, image.NewUniform(color.Gray{paper}), image.Point{}, draw.Src)
	d := font.Drawer{Dst: im, Src: image.NewUniform(color.Gray{paper - ink}), Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(60, 80+i*62)
		d.DrawString(l)
	}
	return im
}

// frame is the picture as it is judged, after so many quarter turns clockwise, mirrored left to right before.
func frame(im *image.Gray, quarters int, mirrored bool) *raster.Frame {
	w, h := im.Rect.Dx(), im.Rect.Dy()
	fw, fh := w, h
	if quarters%2 == 1 {
		fw, fh = h, w
	}
	f := raster.New(fw, fh)
	for y := range h {
		for x := range w {
			u, v, high := x, y, h
			wide := w
			if mirrored {
				u = wide - 1 - u
			}
			for range quarters {
				u, v = high-1-v, u
				wide, high = high, wide
			}
			f.Y[v*fw+u] = im.GrayAt(x, y).Y
		}
	}
	for i := range f.Cb {
		f.Cb[i], f.Cr[i] = 128, 128
	}
	return f
}

func read(f *raster.Frame) (*script.Ink, script.Text, script.Stance) {
	ink := script.FindInk(f, 5)
	text := script.FindText(ink)
	return ink, text, script.FindStance(ink.Glyphs(text, 72))
}

// TestDepthOfInkIsAgainstItsPaper, whatever light falls on both.
func TestDepthOfInkIsAgainstItsPaper(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ paper, ink uint8 }{{240, 200}, {240, 60}, {120, 100}, {120, 30}} {
		ink, _, _ := read(frame(page(t, 22, tt.paper, tt.ink), 0, false))
		if ink.Paper != int(tt.paper) || ink.Deep < int(tt.ink)-3 || ink.Deep > int(tt.ink) || ink.Even < .99 {
			t.Errorf("paper %d, ink %d deep: found %d, %d, even %.2f", tt.paper, tt.ink, ink.Paper, ink.Deep, ink.Even)
		}
	}
}

// TestShadowIsNotInk: light that falls off over the page leaves its lines of text as they are.
func TestShadowIsNotInk(t *testing.T) {
	t.Parallel()
	im := page(t, 22, 230, 150)
	_, plain, _ := read(frame(im, 0, false))
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			v := im.GrayAt(x, y).Y
			im.SetGray(x, y, color.Gray{uint8(int(v) * (1000 - x*6/10) / 1000)})
		}
	}
	_, shaded, _ := read(frame(im, 0, false))
	if plain.Glyphs < 100 || shaded.Glyphs < plain.Glyphs*9/10 {
		t.Errorf("%d characters in even light, %d in a shadow", plain.Glyphs, shaded.Glyphs)
	}
}

func TestTextIsCountedByLineAndHeight(t *testing.T) {
	t.Parallel()
	for _, size := range []float64{16, 22, 30} {
		_, text, _ := read(frame(page(t, size, 235, 190), 0, false))
		capitals := int(size * .72) // of this face
		if len(text.Lines) != len(lines) || !text.Upright || text.Height() < capitals-2 || text.Height() > capitals+3 {
			t.Errorf("size %g: %d lines of height %d, upright %t; want %d of %d", size, len(text.Lines), text.Height(), text.Upright, len(lines), capitals)
		}
	}
}

// TestCharactersTellHowTheyStand: turned by quarters, and in a mirror.
func TestCharactersTellHowTheyStand(t *testing.T) {
	t.Parallel()
	im := page(t, 24, 235, 190)
	for quarters := range 4 {
		for _, mirrored := range []bool{false, true} {
			_, text, s := read(frame(im, quarters, mirrored))
			if text.Upright != (quarters%2 == 0) {
				t.Errorf("%d quarters, mirrored %t: lines upright %t", quarters, mirrored, text.Upright)
			}
			if s.Mirrored != mirrored || s.Rival < .1 || !mirrored && (s.Quarters != quarters || s.Lead < .1) {
				t.Errorf("%d quarters, mirrored %t: %+v", quarters, mirrored, s)
			}
		}
	}
}

// TestGrainIsNoText: noise has marks, but none that stand one way.
func TestGrainIsNoText(t *testing.T) {
	t.Parallel()
	f := frame(page(t, 22, 200, 0), 0, false)
	rng := rand.New(rand.NewPCG(3, 4))
	noise := make([]float64, len(f.Y))
	for i := range noise {
		noise[i] = rng.NormFloat64() * 60
	}
	for i := f.W + 1; i < len(f.Y)-f.W-1; i++ { // a lens blurs whatever it sees
		sum := 0.
		for _, d := range []int{-f.W - 1, -f.W, -f.W + 1, -1, 0, 1, f.W - 1, f.W, f.W + 1} {
			sum += noise[i+d]
		}
		f.Y[i] = uint8(200 + sum/9)
	}
	if _, _, s := read(f); s.Glyphs >= 12 && s.Lead >= .1 {
		t.Errorf("noise stands %+v", s)
	}
}

// TestCutCharactersAreSeen where the picture's border runs through a line.
func TestCutCharactersAreSeen(t *testing.T) {
	t.Parallel()
	im := page(t, 24, 235, 190)
	whole, text, _ := read(frame(im, 0, false))
	if n := len(whole.Cut(text)); n != 0 {
		t.Errorf("a whole page has %d characters cut", n)
	}
	part := image.NewGray(image.Rect(0, 0, 800, 326)) // through the fifth line
	draw.Draw(part, part.Rect, im, image.Point{}, draw.Src)
	ink, text, _ := read(frame(part, 0, false))
	if n := len(ink.Cut(text)); n < 15 {
		t.Errorf("%d characters cut, want most of a line", n)
	}
}

// TestWritingBesideTheOutlineIsFound, and what is inside is not counted.
func TestWritingBesideTheOutlineIsFound(t *testing.T) {
	t.Parallel()
	f := frame(page(t, 24, 235, 190), 0, false)
	ink, _, _ := read(f)
	box := func(y1 float64) *outline.Outline {
		return &outline.Outline{State: outline.Complete, Corners: [4][2]float64{{20, 20}, {780, 20}, {780, y1}, {20, y1}}}
	}
	if s := script.FindBeside(f, box(200), ink); s.Glyphs < 40 || s.Lead < .1 {
		t.Errorf("three lines lie outside: %+v", s)
	}
	if s := script.FindBeside(f, box(480), ink); s.Glyphs != 0 {
		t.Errorf("none lies outside: %+v", s)
	}
	if s := script.FindBeside(f, &outline.Outline{}, ink); s.Glyphs != 0 {
		t.Errorf("without an outline there is no outside: %+v", s)
	}
}
