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

func TestJourneyWithCurlAndNetEPP(t *testing.T) {
	need(t, "curl", "--version")
	need(t, "jq", "--version")
	need(t, "perl", "-MNet::EPP::Client", "-MXML::LibXML", "-e", "1")
	dir := t.TempDir()
	binary := filepath.Join(dir, "verinym")
	build := exec.Command("go", "build", "-tags", "nodynamic", "-o", binary, "github.com/verinym/verinym/cmd/verinym")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data := filepath.Join(dir, "data")
	var output bytes.Buffer
	demo := exec.Command(binary, "demo", "--addr", "127.0.0.1:0", "--data", data, "--hold-after", "2s", "--review-delay", "200ms")
	demo.Stdout, demo.Stderr = &output, &output
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- demo.Wait() }()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	ready := filepath.Join(data, "demo.json")
	for {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		select {
		case err := <-exited:
			t.Fatalf("the demo ended: %v\n%s", err, output.String())
		case <-ctx.Done():
			t.Fatal("the demo did not become ready")
		case <-time.After(50 * time.Millisecond):
		}
	}
	journey := exec.CommandContext(ctx, "./journey.sh", ready, "../pictures/samples/resident-id-wang.jpg")
	out, err := journey.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("the journey stopped: %v", err)
	}
	if err := demo.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := <-exited; err != nil {
		t.Errorf("Ctrl-C did not stop the demo cleanly: %v\n%s", err, output.String())
	}
}
