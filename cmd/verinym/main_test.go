package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/app"
)

// TestMain lets the test binary be the program itself: the tests run it as a
// process of its own, as a person would.
func TestMain(m *testing.M) {
	app.Prisoner()
	if os.Getenv("VERINYM_TEST_AS_PROGRAM") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program runs verinym and returns its exit status and output.
func program(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	return programReading(t, "", args...)
}

// programReading is program with something on its standard input.
func programReading(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "VERINYM_TEST_AS_PROGRAM=1")
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("verinym %v: %v", args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errOut.String()
}

type tourLine struct {
	Step  int    `json:"step"`
	OK    bool   `json:"ok"`
	State string `json:"state"`
	Error string `json:"error"`
}

func tourLines(t *testing.T, stdout string) (out []tourLine) {
	t.Helper()
	for _, l := range strings.Split(strings.TrimSpace(stdout), "\n") {
		var x tourLine
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Fatalf("%q is no JSON line: %v", l, err)
		}
		out = append(out, x)
	}
	return out
}
