package clients

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func need(t *testing.T, check ...string) {
	t.Helper()
	if err := exec.Command(check[0], check[1:]...).Run(); err != nil {
		t.Skipf("%v does not run here: `make tools` installs it", check)
	}
}

// demo is a running `verinym demo`.
type demo struct {
	*exec.Cmd
	data   string
	ready  string // its demo.json
	output bytes.Buffer
	exited chan error
}

// startDemo builds the program and runs its demo until stop.
func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "verinym")
	build := exec.Command("go", "build", "-tags", "nodynamic", "-o", binary, "github.com/verinym/verinym/cmd/verinym")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d := &demo{data: filepath.Join(dir, "data"), exited: make(chan error, 1)}
	d.ready = filepath.Join(d.data, "demo.json")
	d.Cmd = exec.Command(binary, append([]string{"demo", "--addr", "127.0.0.1:0", "--data", d.data}, args...)...)
	d.Stdout, d.Stderr = &d.output, &d.output
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Process.Kill() })
	go func() { d.exited <- d.Wait() }()
	for range 1200 {
		if _, err := os.Stat(d.ready); err == nil {
			return d
		}
		select {
		case err := <-d.exited:
			t.Fatalf("the demo ended: %v\n%s", err, d.output.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the demo did not become ready")
	return nil
}

// stop presses Ctrl-C.
func (d *demo) stop(t *testing.T) {
	t.Helper()
	if err := d.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := <-d.exited; err != nil {
		t.Errorf("Ctrl-C did not stop the demo cleanly: %v\n%s", err, d.output.String())
	}
}

func TestJourneyWithCurlAndNetEPP(t *testing.T) {
	need(t, "curl", "--version")
	need(t, "jq", "--version")
	need(t, "perl", "-MNet::EPP::Client", "-MXML::LibXML", "-e", "1")
	d := startDemo(t, "--hold-after", "2s", "--review-delay", "200ms")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "./journey.sh", d.ready, "../pictures/samples/resident-id-wang.jpg").CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("the journey stopped: %v", err)
	}
	d.stop(t)
}
