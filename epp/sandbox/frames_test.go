package sandbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/wire"
)

// TestMain holds every frame of every story to the schemas, in both directions:
// all that the registry sends, and the commands that it carries out.
func TestMain(m *testing.M) {
	status := m.Run()
	if err := traffic.lint(); err != nil {
		fmt.Fprintln(os.Stderr, "frames that the schemas do not accept:", err)
		status = 1
	}
	os.Exit(status)
}

var traffic frames

// frames are documents that must be valid.
type frames struct {
	mu   sync.Mutex
	list [][]byte
}

// enough is how many are looked at, so that a story with many commands costs no
// more than others.
const enough = 4000

func (f *frames) add(frame []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) < enough {
		f.list = append(f.list, frame)
	}
}

// record notes a server's frames. Of commands it takes those that were answered
// with success: others are often wrong on purpose.
func (f *frames) record(c *sandbox.Config) {
	if !epptest.CanLint() || c.Record != nil {
		return
	}
	var mu sync.Mutex
	commands := map[uint64][]byte{}
	c.Record = func(session uint64, received bool, frame []byte) {
		mu.Lock()
		defer mu.Unlock()
		if received {
			commands[session] = frame
			return
		}
		f.add(frame)
		answer, err := epp.ParseResponse(frame, wire.Limits{})
		if command := commands[session]; err == nil && answer.Code() < 2000 && command != nil {
			f.add(command)
		}
	}
}

func (f *frames) lint() error {
	if len(f.list) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "epp-frames-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var files []string
	for i, frame := range f.list {
		path := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
		if err := os.WriteFile(path, frame, 0o600); err != nil {
			return err
		}
		files = append(files, path)
	}
	return epptest.Lint(dir, files)
}
