package sandbox

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStateIsSavedOnlyWhenItHasChanged(t *testing.T) {
	t.Parallel()
	config := DefaultConfig()
	config.Clock = NewFrozenClock(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	config.StateFile = filepath.Join(t.TempDir(), "state.json")
	server, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	save := func() (written bool) {
		t.Helper()
		os.Remove(config.StateFile)
		if err := server.saveState(); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(config.StateFile)
		return err == nil
	}
	if save() {
		t.Error("an untouched registry was written")
	}
	server.mu.Lock()
	server.registry.notify("verinym", &message{Text: "news"})
	server.mu.Unlock()
	if !save() {
		t.Error("a change was not written")
	}
	if save() {
		t.Error("the same change was written twice")
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(config.StateFile), ".sandbox-state-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
