package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/app"
	"github.com/verinym/verinym/screen"
)

type screenCmd struct {
	Files  []string `arg:"" help:"Pictures to look at: files, folders (all pictures below them), or - for standard input."`
	Type   string   `help:"The kind of document, for example resident_id."`
	Side   string   `help:"front or back." enum:",front,back" default:""`
	Policy string   `help:"Whose limits: general or cnnic." enum:"general,cnnic" default:"general"`
	Name   string   `help:"The holder's name as it was typed, to compare with the picture."`
	Number string   `help:"The document's number as it was typed; checked by the standard of --type."`
	JSON   bool     `help:"Print one JSON object per file."`
}

// screenAnswer is what screen prints as JSON.
type screenAnswer struct {
	File     string          `json:"file"`
	Verdict  string          `json:"verdict"`
	Findings []screenFinding `json:"findings"`
	Image    screenImage     `json:"image"`
	TookMS   float64         `json:"took_ms"`
}

type screenFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  pair   `json:"message"`
	Region   []int  `json:"region,omitempty"`
}

type screenImage struct {
	Format string `json:"format"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int64  `json:"bytes"`
}

// Run looks at one picture after the other, so that the time it gives is a
// picture's own. One that cannot be read does not keep the others from being
// looked at.
func (s *screenCmd) Run(ctx context.Context) error {
	debug.SetGCPercent(400) // each picture's memory is bounded, and the program soon ends
	options, extra, err := s.options()
	if err != nil {
		return err
	}
	if s.Name != "" {
		fmt.Fprintln(os.Stderr, "verinym: the name is not compared: nothing here reads the text of a picture (OCR)")
	}
	names, err := s.pictures()
	if err != nil {
		return exit{2, err}
	}
	return s.screenAll(ctx, names, options, extra)
}

func (s *screenCmd) screenAll(ctx context.Context, names []string, options screen.Options, extra []screenFinding) error {
	bar := newBar(len(names), !s.JSON)
	rejected, unread := false, false
	for i, name := range names {
		bar.show(i, name)
		a, err := look(ctx, name, options)
		bar.clear()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "verinym: %s\n", reading(name, err))
			unread = true
			continue
		}
		a.with(extra)
		rejected = rejected || a.Verdict == string(screen.Reject)
		if err := s.print(a); err != nil {
			return err
		}
	}
	switch {
	case unread:
		return exit{status: 2}
	case rejected:
		return exit{status: 1}
	}
	return nil
}

// reading names the file in an error that does not.
func reading(name string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// options are what to look at, and what is wrong with the number that was typed, as
// findings. The policy files are read only for a number, or to name the kinds that
// there are: one picture is looked at in less time than that takes.
func (s *screenCmd) options() (o screen.Options, extra []screenFinding, err error) {
	o = screen.Options{Kind: s.Type, Side: s.Side, Policy: screen.General}
	if s.Policy == "cnnic" {
		o.Policy = screen.CNNIC
	}
	if s.Type == "" {
		if s.Number != "" {
			err = usage("say of which kind of document the number is: --type")
		}
		return o, nil, err
	}
	bornDigital, known := app.Kind(s.Type)
	o.Policy.BornDigital = bornDigital
	if known && s.Number == "" {
		return o, nil, nil
	}
	desk, err := app.NewDesk()
	if err != nil {
		return o, nil, err
	}
	if !known {
		return o, nil, usage("there is no kind of document called %q; choose one of: %s", s.Type, strings.Join(desk.DocumentTypes(), ", "))
	}
	return o, s.checkNumber(desk), nil
}

// checkNumber is what is wrong with the number that was typed, as findings.
func (s *screenCmd) checkNumber(desk *app.Desk) []screenFinding {
	f, wrong := desk.CheckNumber(s.Type, s.Number)
	if !wrong {
		return nil
	}
	return []screenFinding{{Code: f.Code, Severity: f.Severity, Message: pair{f.EN, f.ZH}}}
}

// pictures are the files to look at: those that were named, and in folders every
// file that looks like a picture by its name.
func (s *screenCmd) pictures() (out []string, err error) {
	for _, name := range s.Files {
		if name == "-" {
			out = append(out, name)
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			out = append(out, name)
			continue
		}
		found, err := picturesIn(name)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no pictures in this folder (%s)", name, strings.Join(pictureEndings, ", "))
		}
		out = append(out, found...)
	}
	return out, nil
}

var pictureEndings = []string{".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".heic", ".heif", ".webp", ".gif", ".tif", ".tiff", ".avif", ".pdf"}

// picturesIn walks a folder, in the order of names; what begins with a dot is left
// out. Formats that are never accepted are looked at too: that is the answer.
func picturesIn(dir string) (out []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch hidden := path != dir && strings.HasPrefix(d.Name(), "."); {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case !hidden && d.Type().IsRegular() && slices.Contains(pictureEndings, strings.ToLower(filepath.Ext(path))):
			out = append(out, path)
		}
		return nil
	})
	return out, err
}

// maxStdin bounds what is read from standard input; no limit of a registry is
// near it.
const maxStdin = 64 << 20

// look screens one picture; of standard input the name says nothing.
func look(ctx context.Context, name string, o screen.Options) (a screenAnswer, err error) {
	var r io.ReaderAt
	var size int64
	if name == "-" {
		b, err := io.ReadAll(io.LimitReader(os.Stdin, maxStdin+1))
		if err != nil {
			return a, err
		}
		if len(b) > maxStdin {
			return a, fmt.Errorf("standard input holds more than %d MB", maxStdin>>20)
		}
		r, size = bytes.NewReader(b), int64(len(b))
	} else {
		f, err := os.Open(name)
		if err != nil {
			return a, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return a, err
		}
		r, size, o.Name = f, info.Size(), name
	}
	started := time.Now()
	report, err := screen.Screen(ctx, r, size, o)
	if err != nil {
		return a, err
	}
	a = screenAnswer{File: name, Verdict: string(report.Verdict), Findings: []screenFinding{}, TookMS: float64(time.Since(started).Microseconds()) / 1000,
		Image: screenImage{string(report.Image.Format), report.Image.Width, report.Image.Height, report.Image.Bytes}}
	for _, f := range report.Findings {
		advice := f.Advice()
		found := screenFinding{Code: string(f.Code), Severity: string(f.Severity), Message: pair{advice.EN, advice.ZH}}
		if r := f.Region; r != nil {
			found.Region = []int{int(r.X), int(r.Y), int(r.W), int(r.H)}
		}
		a.Findings = append(a.Findings, found)
	}
	return a, nil
}

// with adds findings about what was typed, and lets them weigh on the verdict.
func (a *screenAnswer) with(extra []screenFinding) {
	for _, f := range extra {
		a.Findings = append(a.Findings, f)
		switch {
		case f.Severity == string(screen.Error):
			a.Verdict = string(screen.Reject)
		case a.Verdict == string(screen.Pass):
			a.Verdict = string(screen.Warned)
		}
	}
}

func (s *screenCmd) print(a screenAnswer) error {
	if s.JSON {
		return printJSON(a)
	}
	fmt.Printf("%s: %s (%s %d×%d, %d bytes, %.0f ms)\n", a.File, a.Verdict, a.Image.Format, a.Image.Width, a.Image.Height, a.Image.Bytes, a.TookMS)
	for _, f := range a.Findings {
		fmt.Printf("  %s %s\n    %s\n    %s\n", f.Severity, f.Code, f.Message.EN, f.Message.ZH)
	}
	return nil
}
