package ocr_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/ocr"
)

// TestMain makes this program an engine when it is called by an engine's name: an engine has no environment and no arguments
// to tell it what it is.
func TestMain(m *testing.M) {
	if behave, ok := engines[filepath.Base(os.Args[0])]; ok {
		behave()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var engines = map[string]func(){
	"engine-honest": func() {
		_ = ocr.Serve(os.Stdin, os.Stdout, "honest", func(p ocr.Picture, zones []ocr.Zone) ([]ocr.Line, error) {
			if p.Pix[0] == 13 {
				return nil, errors.New("this one I cannot read")
			}
			text := fmt.Sprintf("%d × %d, %d zones, %d variables", p.Width, p.Height, len(zones), len(os.Environ()))
			return []ocr.Line{{Text: text, Confidence: .9, Quad: ocr.Box(1, 2, 3, 4)}}, nil
		})
	},
	"engine-forgetful": func() { // ends with its second picture
		n := 0
		_ = ocr.Serve(os.Stdin, os.Stdout, "forgetful", func(ocr.Picture, []ocr.Zone) ([]ocr.Line, error) {
			if n++; n > 1 {
				os.Exit(1)
			}
			return []ocr.Line{{Text: fmt.Sprint(os.Getpid())}}, nil
		})
	},
	"engine-endless": func() {
		_ = ocr.Serve(os.Stdin, os.Stdout, "endless", func(ocr.Picture, []ocr.Zone) ([]ocr.Line, error) { time.Sleep(time.Hour); return nil, nil })
	},
	"engine-babbling": func() { fmt.Println(`{"name":"babbling"}`); fmt.Println(strings.Repeat("x", 1<<20)) },
	"engine-refusing": func() { _ = ocr.Refuse(os.Stdout, errors.New("my models are missing")) },
	"engine-greedy": func() {
		_ = ocr.Serve(os.Stdin, os.Stdout, "greedy", func(ocr.Picture, []ocr.Zone) ([]ocr.Line, error) {
			b := make([]byte, 1<<30)
			for i := range b {
				b[i] = 1
			}
			return []ocr.Line{{Text: fmt.Sprint(len(b))}}, nil
		})
	},
}

func engine(t *testing.T, name string, l ocr.Limits) *ocr.Child {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(os.Args[0], path); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	c := ocr.NewChild(path, l)
	t.Cleanup(c.Close)
	return c
}

func blank(w, h int) ocr.Picture { return ocr.Picture{Width: w, Height: h, Pix: make([]byte, 3*w*h)} }

func TestEngineSeesPixelsAndNothingElse(t *testing.T) {
	t.Parallel()
	c := engine(t, "engine-honest", ocr.Limits{})
	for range 2 {
		lines, err := c.Recognize(t.Context(), blank(64, 48), []ocr.Zone{{Width: 8, Height: 8}})
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) != 1 || lines[0].Text != "64 × 48, 1 zones, 0 variables" || lines[0].Quad != ocr.Box(1, 2, 3, 4) {
			t.Errorf("read %+v", lines)
		}
	}
	if c.Name() != "honest" {
		t.Errorf("it is called %q", c.Name())
	}
}

func TestAPictureThatCannotBeReadIsAnAnswer(t *testing.T) {
	t.Parallel()
	c := engine(t, "engine-honest", ocr.Limits{})
	p := blank(8, 8)
	p.Pix[0] = 13
	if _, err := c.Recognize(t.Context(), p, nil); !errors.Is(err, ocr.ErrFailed) || !strings.Contains(err.Error(), "this one I cannot read") {
		t.Errorf("the error is %v", err)
	}
	if _, err := c.Recognize(t.Context(), blank(8, 8), nil); err != nil {
		t.Errorf("the picture after it: %v", err)
	}
}

func TestNextPictureGetsANewEngine(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]ocr.Limits{"it died": {}, "it was recycled": {Recycle: 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := engine(t, "engine-forgetful", l)
			pids := map[string]bool{}
			for range 3 {
				lines, err := c.Recognize(t.Context(), blank(8, 8), nil)
				switch {
				case err == nil:
					pids[lines[0].Text] = true
				case l.Recycle > 0 || !errors.Is(err, ocr.ErrFailed):
					t.Fatal(err)
				}
			}
			if len(pids) < 2 {
				t.Errorf("%d processes answered", len(pids))
			}
		})
	}
}

func TestBadEnginesCostOnePicture(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		engine string
		limits ocr.Limits
		says   string
	}{
		"never ends":            {"engine-endless", ocr.Limits{Timeout: 300 * time.Millisecond}, "deadline"},
		"answers nonsense":      {"engine-babbling", ocr.Limits{}, "too long"},
		"has no models":         {"engine-refusing", ocr.Limits{}, "my models are missing"},
		"takes too much memory": {"engine-greedy", ocr.Limits{Memory: 512 << 20}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.limits.Memory > 0 && runtime.GOOS != "linux" {
				t.Skip("memory is limited on Linux only")
			}
			_, err := engine(t, tt.engine, tt.limits).Recognize(t.Context(), blank(8, 8), nil)
			if !errors.Is(err, ocr.ErrFailed) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestWhoeverGivesUpIsNotAnswered(t *testing.T) {
	t.Parallel()
	c := engine(t, "engine-endless", ocr.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	if _, err := c.Recognize(ctx, blank(8, 8), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestImpossiblePicturesDoNotReachTheEngine(t *testing.T) {
	t.Parallel()
	c := ocr.NewChild("/nowhere", ocr.Limits{})
	for _, p := range []ocr.Picture{{}, {Width: 2, Height: 2, Pix: make([]byte, 11)}, {Width: 9000, Height: 1, Pix: make([]byte, 27000)}, {Width: -1, Height: -1, Pix: make([]byte, 3)}} {
		if _, err := c.Recognize(t.Context(), p, nil); err == nil || errors.Is(err, ocr.ErrFailed) {
			t.Errorf("%d × %d: %v", p.Width, p.Height, err)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	if _, err := ocr.Find(t.Context(), ocr.Off, ocr.Limits{}); !errors.Is(err, ocr.ErrNone) {
		t.Errorf("off: %v", err)
	}
	if _, err := ocr.Find(t.Context(), filepath.Join(t.TempDir(), "missing"), ocr.Limits{}); err == nil || errors.Is(err, ocr.ErrNone) {
		t.Errorf("what is named and missing is a mistake in the configuration, not off: %v", err)
	}
	beside := filepath.Join(filepath.Dir(os.Args[0]), ocr.Program)
	if err := os.WriteFile(beside, []byte("#!/bin/true\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(beside) })
	e, err := ocr.Find(t.Context(), "", ocr.Limits{})
	if err != nil || e.Name() != beside {
		t.Errorf("beside the program: %v, %v", e, err)
	}
}
