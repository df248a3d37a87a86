// Package ocrtest stands in for engines in tests.
package ocrtest

import (
	"context"
	"sync"

	"github.com/verinym/verinym/internal/ocr"
)

// Fake is an engine that has read everything already.
type Fake struct {
	// Lines are what it reads; Err fails instead.
	Lines []ocr.Line
	Err   error

	mu    sync.Mutex
	asked []ocr.Picture
}

var _ ocr.Engine = (*Fake)(nil)

// Recognize implements ocr.Engine. Only what stands within a zone is read, when there are zones.
func (f *Fake) Recognize(_ context.Context, p ocr.Picture, zones []ocr.Zone) (out []ocr.Line, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, p)
	if f.Err != nil {
		return nil, f.Err
	}
	if len(zones) == 0 {
		return f.Lines, nil
	}
	for _, l := range f.Lines {
		for _, z := range zones {
			if left, top, right, bottom := l.Quad.Bounds(); int(left) >= z.X && int(top) >= z.Y && int(right) <= z.X+z.Width && int(bottom) <= z.Y+z.Height {
				out = append(out, l)
				break
			}
		}
	}
	return out, nil
}

// Name implements ocr.Engine.
func (f *Fake) Name() string { return "fake" }

// Close implements ocr.Engine.
func (f *Fake) Close() {}

// Asked are the pictures that it was shown.
func (f *Fake) Asked() []ocr.Picture {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// Page sets texts below each other as an engine would find them, 40 pixels a line and 20 a character.
func Page(texts ...string) (lines []ocr.Line) {
	for i, t := range texts {
		top := float64(40 * i)
		lines = append(lines, ocr.Line{Text: t, Confidence: .97, Quad: ocr.Box(100, top, 100+20*float64(len([]rune(t))), top+30)})
	}
	return lines
}
