package ocr

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Words that stand for an engine instead of a path.
const (
	Off           = "off"
	WithTesseract = "tesseract"
)

// Program is the file name of the engine of the module ocr/, looked for beside this program.
const Program = "verinym-ocr"

// ErrNone says that there is no engine: documents are not read, and nothing else changes.
var ErrNone = errors.New("ocr: no engine is installed")

// Find returns the engine that a configuration names: the path of a program that speaks this package's protocol, "tesseract",
// or "off". Empty looks for verinym-ocr beside this program and then for tesseract. Errors: ErrNone when it is off or none
// was looked for and found; another when what is named cannot be used.
func Find(ctx context.Context, engine string, l Limits) (Engine, error) {
	switch engine {
	case Off:
		return nil, ErrNone
	case WithTesseract:
		return findTesseract(ctx, l)
	case "":
		if path, ok := besides(); ok {
			return NewChild(path, l), nil
		}
		t, err := findTesseract(ctx, l)
		if err != nil {
			return nil, fmt.Errorf("%w: no %s beside this program; %w", ErrNone, Program, err)
		}
		return t, nil
	}
	path, err := filepath.Abs(engine)
	if err != nil {
		return nil, fmt.Errorf("ocr: %w", err)
	}
	if !executable(path) {
		return nil, fmt.Errorf("ocr: %s is no program", engine)
	}
	return NewChild(path, l), nil
}

func findTesseract(ctx context.Context, l Limits) (Engine, error) {
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, errNoTesseract
	}
	t, err := newTesseract(ctx, path, l)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func besides() (string, bool) {
	self, err := os.Executable()
	if err != nil {
		return "", false
	}
	path := filepath.Join(filepath.Dir(self), Program)
	return path, executable(path)
}

func executable(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0
}
