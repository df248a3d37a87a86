package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

func TestFolderBelongsToOneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: dir, OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(first.Stop)
	if second, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: dir}, "test", slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "another verinym (process") {
		if second != nil {
			second.Stop()
		}
		t.Errorf("a second server: %v", err)
	}
	if err := app.DiscardData(dir); err == nil {
		t.Error("the folder of a running server was emptied")
	}
	first.Stop()
	if err := app.DiscardData(dir); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 { // the letter and the lock
		t.Errorf("left: %v, %v", left, err)
	}
}
