package pictures

import (
	"encoding/json"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSamplesFitWhatCNNICTakes(t *testing.T) {
	b, err := os.ReadFile("samples/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth []struct {
		File, Name, Number string
		Width, Height      int
		Corners            [4][2]int
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	if len(truth) != 2 {
		t.Fatalf("%d samples, want 2", len(truth))
	}
	for _, s := range truth {
		f, err := os.Open(filepath.Join("samples", s.File))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		st, _ := f.Stat()
		if st.Size() < 120<<10 || st.Size() > 700<<10 {
			t.Errorf("%s: %d bytes", s.File, st.Size())
		}
		c, format, err := image.DecodeConfig(f)
		if err != nil || format != "jpeg" || c.Width != s.Width || c.Height != s.Height {
			t.Errorf("%s: %s %d × %d, %v", s.File, format, c.Width, c.Height, err)
		}
		if !strings.HasPrefix(s.Number, Region) || mod112(s.Number[:17]) != s.Number[17] {
			t.Errorf("%s: number %s could belong to somebody, or does not check", s.File, s.Number)
		}
		for _, p := range s.Corners {
			if p[0] < 20 || p[1] < 20 || p[0] > s.Width-20 || p[1] > s.Height-20 {
				t.Errorf("%s: corner %v is not clearly inside the picture", s.File, p)
			}
		}
	}
}
