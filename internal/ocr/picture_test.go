package ocr

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"os"
	"strings"
	"testing"
)

func TestPictureOfAnImage(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(5, 5, 7, 6))
	img.Set(5, 5, color.NRGBA{200, 100, 50, 255})
	p := FromImage(img) // its second pixel is transparent
	if p.Width != 2 || p.Height != 1 || !bytes.Equal(p.Pix, []byte{200, 100, 50, 255, 255, 255}) {
		t.Fatalf("%+v", p)
	}
	if again := FromImage(p.Image()); !bytes.Equal(again.Pix, p.Pix) {
		t.Errorf("there and back: %v", again.Pix)
	}
	if q := p.Turned(1); q.Width != 1 || q.Height != 2 || !bytes.Equal(q.Pix, p.Pix) {
		t.Errorf("turned once: %+v", q)
	}
	if q := p.Turned(2); !bytes.Equal(q.Pix, []byte{255, 255, 255, 200, 100, 50}) {
		t.Errorf("turned twice: %+v", q)
	}
	if part, ok := p.Cut(Zone{X: 1, Y: -3, Width: 9, Height: 9}); !ok || !bytes.Equal(part.Pix, []byte{255, 255, 255}) {
		t.Errorf("cut: %+v, %v", part, ok)
	}
	if _, ok := p.Cut(Zone{X: 2, Width: 1, Height: 1}); ok {
		t.Error("something lies outside the picture")
	}
}

// A red seal over black print and a ground that darkens to one side: on what tesseract is given the seal is nearly paper,
// the print is not.
func TestSealsPaleAndGroundsEven(t *testing.T) {
	t.Parallel()
	const w, h = 240, 96
	p := Picture{Width: w, Height: h}
	for y := range h {
		for x := range w {
			paper := uint8(250 - x/2)
			c := []byte{paper, paper, paper}
			switch {
			case y%24 == 12 && x%3 == 0:
				c = []byte{20, 20, 20}
			case y%24 == 18:
				c = []byte{paper - 10, 30, 40}
			}
			p.Pix = append(p.Pix, c...)
		}
	}
	pgm, ok := grey(p, Zone{Width: w, Height: h})
	head := []byte("P5\n240 96\n255\n")
	if !ok || !bytes.HasPrefix(pgm, head) {
		t.Fatalf("%q", pgm[:20])
	}
	at := func(x, y int) uint8 { return pgm[len(head)+y*w+x] }
	for _, x := range []int{30, 120, 210} {
		if paper, seal, print := at(x, 2), at(x, 18), at(x, 12); paper < 215 || seal < 200 || print > 60 {
			t.Errorf("at %d: paper %d, seal %d, print %d", x, paper, seal, print)
		}
	}
}

func TestTesseractsTable(t *testing.T) {
	t.Parallel()
	tsv, err := os.ReadFile("testdata/tesseract.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := parseTSV(tsv, Zone{X: 1000, Y: 2000})
	want := []Line{
		{Text: "住址 样本省样本市", Confidence: .96, Quad: Box(1340, 2686, 1800, 2769)},
		{Text: "公民身份号码 990000199003071171", Confidence: .94, Quad: Box(1325, 2971, 2516, 3058)},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %+v", len(lines), lines)
	}
	for i, l := range lines {
		if l.Text != want[i].Text || l.Quad != want[i].Quad || l.Confidence < want[i].Confidence-.011 || l.Confidence > want[i].Confidence+.011 {
			t.Errorf("line %d is %+v, want %+v", i, l, want[i])
		}
	}
}

func FuzzTesseractsTable(f *testing.F) {
	tsv, err := os.ReadFile("testdata/tesseract.tsv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tsv)
	f.Fuzz(func(t *testing.T, tsv []byte) {
		for _, l := range parseTSV(tsv, Zone{}) {
			if l.Text == "" {
				t.Error("a line without text")
			}
		}
	})
}

// Neither side believes what the other says: no answer is too long, no question too large.
func FuzzProtocol(f *testing.F) {
	f.Add([]byte(`{"line":{"text":"姓名","confidence":0.9}}`+"\n"+`{"done":true}`+"\n"), []byte(`{"width":1,"height":1}`+"\nrgb"))
	f.Add([]byte(`{"error":"no"}`+"\n"), []byte(`{"width":99999999,"height":99999999}`+"\n"))
	f.Add([]byte(`{}`+"\n"), []byte("\n"))
	f.Fuzz(func(t *testing.T, answer, questions []byte) {
		lines, err := ask(io.Discard, newReader(bytes.NewReader(answer)), Picture{Width: 1, Height: 1, Pix: []byte("rgb")}, nil)
		if err == nil && !bytes.Contains(answer, []byte("done")) {
			t.Errorf("%d lines of an answer without an end", len(lines))
		}
		var out strings.Builder
		_ = Serve(bytes.NewReader(questions), &out, "fuzz", func(p Picture, _ []Zone) ([]Line, error) {
			if err := p.Check(); err != nil {
				t.Error(err)
			}
			return nil, nil
		})
		if !strings.HasPrefix(out.String(), `{"name":"fuzz"}`) {
			t.Errorf("it says %q", out.String())
		}
	})
}
