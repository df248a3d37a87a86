package main

import (
	"image"
	_ "image/jpeg"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/ocr"
)

// The whole way, on the two pictures that the repository carries: wherever `make ocr` has fetched the models.
func TestSampleCardsAreRead(t *testing.T) {
	if _, err := os.Stat("../bin/ocr-models/rec.onnx"); err != nil {
		t.Skip("make ocr fetches the models:", err)
	}
	m, err := loadModels("../bin/ocr-models")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string][]string{
		"resident-id-li.jpg":   {"李思远", "990000199003071171"},
		"resident-id-wang.jpg": {"王", "990000"},
	} {
		f, err := os.Open("../test/pictures/samples/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		img, _, err := image.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := m.recognize(ocr.FromImage(img), nil)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, l := range lines {
			text.WriteString(l.Text + "\n")
		}
		for _, w := range want {
			if !strings.Contains(text.String(), w) {
				t.Errorf("%s: no %q in\n%s", file, w, &text)
			}
		}
	}
}

func TestSmallestRectangleAroundATurnedLine(t *testing.T) {
	t.Parallel()
	for _, degrees := range []float64{0, 7, -20, 44} {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		var ps []point
		for u := -100.0; u <= 100; u++ {
			for _, v := range []float64{-10, 0, 10} {
				ps = append(ps, point{200 + u*cos - v*sin, 150 + u*sin + v*cos})
			}
		}
		r := smallestAround(hull(ps))
		if math.Abs(r.x-200) > 1 || math.Abs(r.y-150) > 1 || math.Abs(r.w-201) > 2 || math.Abs(r.h-21) > 2 {
			t.Errorf("%v°: %+v", degrees, r)
		}
		if c := r.corners(); c[0].x > c[1].x || c[0].y > c[3].y {
			t.Errorf("%v°: the corners begin at %+v", degrees, c)
		}
	}
}

// Two lines of probable pixels and a speck: the lines are found, with room around them; the speck is none.
func TestLinesAreFoundAndGrown(t *testing.T) {
	t.Parallel()
	const w, h = 200, 100
	p := make([]float32, w*h)
	fill := func(x0, y0, x1, y1 int) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				p[y*w+x] = .9
			}
		}
	}
	fill(20, 20, 120, 28)
	fill(20, 60, 180, 68)
	fill(190, 10, 192, 12)
	var found []ocr.Quad
	for _, b := range blobs(p, w, h) {
		if q, ok := b.quad(p, w, h); ok {
			found = append(found, q)
		}
	}
	if len(found) != 2 {
		t.Fatalf("%d lines: %v", len(found), found)
	}
	if left, top, right, bottom := found[0].Bounds(); left > 16 || top > 16 || right < 124 || bottom < 32 || bottom > 40 {
		t.Errorf("the first line: %v", found[0])
	}
}

func TestRepetitionsAndGapsAreNoCharacters(t *testing.T) {
	t.Parallel()
	m := newModels([]string{"", "8", "B", " "})
	row := func(best int) []float32 {
		r := []float32{.05, .05, .05, .05}
		r[best] = .85
		return r
	}
	var scores []float32
	for _, best := range []int{0, 1, 1, 0, 1, 3, 2, 2, 0} {
		scores = append(scores, row(best)...)
	}
	text, confidence := m.decode(scores)
	if text != "88 B" || math.Abs(confidence-.85) > 1e-6 {
		t.Errorf("read %q, %v", text, confidence)
	}
	if text, confidence := m.decode(row(0)); text != "" || confidence != 0 {
		t.Errorf("nothing is %q, %v", text, confidence)
	}
}

// A line of a zone, three steps a character, in which the network gave its best to "none" where thin letters stand.
func TestThinCharactersOfAZoneAreFoundByItsPitch(t *testing.T) {
	t.Parallel()
	characters := append([]string{""}, strings.Split(zoneAlphabet+"一", "")...)
	m := newModels(characters)
	set := func(text, thin string) (scores []float32) {
		for i, r := range text {
			for step := range 3 {
				row := make([]float32, len(characters))
				row[0] = .99
				c := strings.IndexRune(zoneAlphabet, r) + 1
				switch {
				case step != 1 || thin[i] == '_':
				case thin[i] == '.': // the letter is faint, and a character that no zone has is less so
					row[c], row[len(row)-1] = .01, .05
				case thin[i] == 'h': // an I whose serifs make it look like an H
					row[c], row[strings.IndexRune(zoneAlphabet, 'H')+1] = .01, .05
				case thin[i] == '-':
					row[0], row[c], row[len(row)-1] = .1, .2, .7
				default:
					row[0], row[c] = .1, .9
				}
				scores = append(scores, row...)
			}
		}
		return scores
	}
	for _, tt := range []struct{ name, text, thin, want string }{
		{"nothing is missing", "CHEN<<JIAYI<<<<<<<", "oooooo.oooooooo.ooo", "CHEN<<JIAYI<<<<<<<"},
		{"two thin letters", "CHEN<<JIAYI<<<<<<<", "ooooooo.oo.ooooooo", "CHEN<<JIAYI<<<<<<<"},
		{"the first one", "I<UTOS290899694<<<", ".ooooooooooooooooo", "I<UTOS290899694<<<"},
		{"the first two", "LI<<WENBO<<<<<<<<<", "..oooooooooooooooo", "LI<<WENBO<<<<<<<<<"},
		{"a filler before the first", "<CHEN<<JIAYI<<<<<<", ".ooooooooooooooooo", "CHEN<<JIAYI<<<<<<"},
		{"an I like an H", "SUN<<ZIHAN<<<<<<<<", "oooooohooooooooooo", "SUN<<ZIHAN<<<<<<<<"},
		{"nothing stands in the gap", "CHEN<<JIAYI<<<<<<<", "oooo_ooooooooooooo", "CHEN<JIAYI<<<<<<<"},
		{"a letter taken for a character that no zone has", "CHEN<<JIAYI<<<<<<<", "oooooo-ooooooooooo", "CHEN<<JIAYI<<<<<<<"},
		{"not a zone", "CHEN<JIAYICHENJIAYI", "oooooo.oooooooo.ooo", "CHEN<JAYICHENJAYI"},
	} {
		if text, _ := m.decode(set(tt.text, tt.thin)); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}

func TestLinesOfAZoneAreWholeAtTheirLength(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10": true, "I<UTOS290899694<<<<<<<<<<<<<<< ": true,
		"L898902C36UTO7408122F1204159ZE184226B<<<": false, "": false,
	} {
		if isWhole(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestLineCutInItsFillersIsPartOfAZone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"5607105M3105146UT0<": true, "E520686276UT05410156F3105146<<": true, "5607105M3105146UT0": false, "签发 5607105M3105146<": false, "UTO<": false} {
		if isPart(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
