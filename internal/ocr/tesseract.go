package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Tesseract is an installed tesseract, started anew for each picture.
type Tesseract struct {
	path   string
	name   string
	limits Limits
	turn   chan struct{} // as many as may work at once
}

var _ Engine = (*Tesseract)(nil)

// languages that documents are written in, as tesseract calls them.
var languages = []string{"chi_sim", "eng"}

var errNoTesseract = errors.New("ocr: no tesseract that reads Chinese is installed")

// newTesseract returns the tesseract at path. It has to have chi_sim and eng.
func newTesseract(ctx context.Context, path string, l Limits) (*Tesseract, error) {
	t := &Tesseract{path: path, limits: l.withDefaults(), turn: make(chan struct{}, max(1, runtime.NumCPU()/2))}
	version, err := t.run(ctx, nil, "--version")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoTesseract, err)
	}
	first, _, _ := strings.Cut(string(version), "\n")
	listed, err := t.run(ctx, nil, "--list-langs")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoTesseract, err)
	}
	have := strings.Fields(string(listed))
	for _, l := range languages {
		if !slices.Contains(have, l) {
			return nil, fmt.Errorf("%w: %s is missing", errNoTesseract, l)
		}
	}
	t.name = strings.TrimSpace(first)
	return t, nil
}

// Name is "tesseract" and its version.
func (t *Tesseract) Name() string { return t.name }

// Close does nothing: no process is kept.
func (t *Tesseract) Close() {}

// Recognize implements Engine.
func (t *Tesseract) Recognize(ctx context.Context, p Picture, zones []Zone) ([]Line, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	whole := len(zones) == 0
	if whole {
		zones = []Zone{{Width: p.Width, Height: p.Height}}
	}
	var lines []Line
	for _, z := range zones {
		g, ok := grey(p, z)
		if !ok {
			continue
		}
		// 11 finds print wherever it stands, 6 takes a zone for one block.
		mode := "6"
		if whole {
			mode = "11"
		}
		out, err := t.run(ctx, g, "stdin", "stdout", "-l", strings.Join(languages, "+"), "--psm", mode, "--dpi", "300", "-c", "preserve_interword_spaces=1", "tsv")
		if err != nil {
			return nil, err
		}
		lines = append(lines, parseTSV(out, z)...)
	}
	return lines, nil
}

// run runs tesseract with an empty environment; stdin may be nil.
func (t *Tesseract) run(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limits.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Env = []string{"OMP_THREAD_LIMIT=1"}
	cmd.Dir = "/"
	cmd.SysProcAttr = attributes()
	cmd.Stdin = bytes.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	limitMemory(cmd.Process.Pid, t.limits.Memory)
	if err := cmd.Wait(); err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return out.Bytes(), nil
}

// parseTSV reads tesseract's table of words into lines. Words of one line are joined with blanks where the gap between them
// is one; z is where the picture that was read lies.
func parseTSV(tsv []byte, z Zone) (lines []Line) {
	var at string // block, paragraph and line
	var words int
	for row := range strings.Lines(string(tsv)) {
		f := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if len(f) != 12 || f[0] != "5" || strings.TrimSpace(f[11]) == "" {
			continue
		}
		var n [4]float64
		bad := false
		for i := range n {
			v, err := strconv.ParseFloat(f[6+i], 64)
			n[i], bad = v, bad || err != nil
		}
		confidence, err := strconv.ParseFloat(f[10], 64)
		if bad || err != nil {
			continue
		}
		left, top := n[0]+float64(z.X), n[1]+float64(z.Y)
		box := [4]float64{left, top, left + n[2], top + n[3]}
		word := Line{Text: f[11], Confidence: confidence / 100, Quad: Box(box[0], box[1], box[2], box[3])}
		if key := strings.Join(f[1:5], "."); key != at || len(lines) == 0 {
			at, words = key, 1
			lines = append(lines, word)
			continue
		}
		words++
		lines[len(lines)-1] = lines[len(lines)-1].with(word, words)
	}
	return lines
}

// with appends the n-th word of a line.
func (l Line) with(word Line, n int) Line {
	a, b, c, d := l.Quad.Bounds()
	e, f, g, h := word.Quad.Bounds()
	if e-c > (d-b)/3 {
		l.Text += " "
	}
	l.Text += word.Text
	l.Confidence += (word.Confidence - l.Confidence) / float64(n)
	l.Quad = Box(min(a, e), min(b, f), max(c, g), max(d, h))
	return l
}
