package main

import (
	"archive/zip"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

// TestDataAreAskedForFromTheCommandLine: a person gets a file and asks for an erasure, an
// admin refuses it and finds both in the audit record.
func TestDataAreAskedForFromTheCommandLine(t *testing.T) {
	t.Parallel()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	people, err := a.MakeSampleAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run := func(status int, says, stdin string, args ...string) string {
		t.Helper()
		args = append(args, "--url", a.URL())
		got, stdout, stderr := programReading(t, stdin, args...)
		if got != status || !strings.Contains(stdout+stderr, says) {
			t.Fatalf("verinym %v: exit %d, want %d and %q in:\n%s%s", args, got, status, says, stdout, stderr)
		}
		return stdout
	}
	var admin []string
	for _, p := range people {
		if p.Role == "admin" {
			admin = []string{"--key", p.APIKey}
		}
	}
	file := filepath.Join(t.TempDir(), "mine.zip")
	me := []string{"--email", people[0].Email}
	run(0, "SHA-256", people[0].Password+"\n", append([]string{"data", "export", "-o", file}, me...)...)
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil || len(z.File) < 9 {
		t.Errorf("%d files, %v", len(z.File), err)
	}
	run(1, "profile_not_found", people[0].Password+"\n", append([]string{"data", "export", "-o", file, "--profile", "prf_none"}, me...)...)
	out := run(0, "until then it can be withdrawn", people[0].Password+"\n", append([]string{"data", "erase"}, me...)...)
	id := regexp.MustCompile(`dr_\w+`).FindString(out)
	run(0, id, "", append([]string{"data", "list", "--open"}, admin...)...)
	run(0, "goes", "", append([]string{"data", "preview", "--account", people[0].Account}, admin...)...)
	run(0, "The time to answer was extended on", "", append([]string{"data", "extend", id, "--reason", "number_of_requests", "--note", "letters are answered in turn"}, admin...)...)
	run(1, "data_request_extended", "", append([]string{"data", "extend", id, "--reason", "complexity"}, admin...)...)
	run(0, "(number_of_requests): there are many requests to answer. letters are answered in turn", "", append([]string{"data", "show", id}, admin...)...)
	run(0, "Refused (unfounded)", "", append([]string{"data", "refuse", id, "--ground", "unfounded"}, admin...)...)
	run(1, "data_request_state", "", append([]string{"data", "accept", id}, admin...)...)
	run(0, "data_request.refuse", "", append([]string{"audit", "search", "--subject", id}, admin...)...)
}
