// Run starts a throw-away PostgreSQL, runs a command with its URL in
// VERINYM_TEST_POSTGRES, and ends with the command's exit status.
//
//	go run ./test/cluster/run -- go test ./...
//
// Where PostgreSQL is not installed the command runs without it, after a word
// about that.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/verinym/verinym/test/cluster"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: run [--] COMMAND [ARG …]")
		os.Exit(2)
	}
	os.Exit(run(args))
}

func run(args []string) int {
	url, stop, err := cluster.Start(context.Background())
	switch {
	case errors.Is(err, cluster.ErrNoBinaries):
		fmt.Fprintln(os.Stderr, "run:", err, "— going on without it")
		stop = func() {}
	case err != nil:
		fmt.Fprintln(os.Stderr, "run:", err)
		return 1
	}
	defer stop()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "VERINYM_TEST_POSTGRES="+url)
	err = cmd.Run()
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		return failed.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, "run:", err)
		return 1
	}
	return 0
}
