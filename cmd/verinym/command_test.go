package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/test/pictures/samples"
)

func TestNumberCommand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"a number that checks":     {[]string{"number", "resident_id", "990000199003071171"}, 0, "valid: 990000199003071171"},
		"a wrong check digit":      {[]string{"number", "resident_id", "990000199003071170"}, 1, "number_checksum"},
		"full width and spaces":    {[]string{"number", "resident_id", "９９００００ 19900307 1171"}, 0, "valid: 990000199003071171"},
		"of another kind":          {[]string{"number", "resident_id", "91350100M000100Y43"}, 1, "number_type_mismatch"},
		"a kind that nobody knows": {[]string{"number", "shoe_size", "43"}, 2, "resident_id"},
		"a value left out":         {[]string{"number", "resident_id"}, 2, "--help"},
		"as JSON":                  {[]string{"number", "--json", "uscc", "91350100M000100Y43"}, 0, `"valid":true`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, tt.args...)
			if status != tt.status || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("exit %d, want %d and %q in:\n%s%s", status, tt.status, tt.says, stdout, stderr)
			}
		})
	}
}

func TestScreenCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good, renamed := filepath.Join(dir, "id.jpg"), filepath.Join(dir, "id.png")
	for _, p := range []string{good, renamed} {
		if err := os.WriteFile(p, samples.Li, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, stdout, stderr := program(t, "screen", "--json", "--type", "resident_id", good, renamed)
	if status != 1 {
		t.Fatalf("exit %d: %s", status, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two files: %s", len(lines), stdout)
	}
	want := []struct{ verdict, code string }{{"pass", ""}, {"reject", "extension_mismatch"}}
	for i, l := range lines {
		var a screenAnswer
		if err := json.Unmarshal([]byte(l), &a); err != nil {
			t.Fatal(err)
		}
		code := ""
		for _, f := range a.Findings {
			if f.Severity == "error" {
				code = f.Code
				if f.Message.EN == "" || f.Message.ZH == "" || strings.Contains(f.Message.EN, "<no value>") {
					t.Errorf("%s: the message is %+v", f.Code, f.Message)
				}
			}
		}
		if a.Verdict != want[i].verdict || code != want[i].code {
			t.Errorf("%s: %s %s, want %+v", a.File, a.Verdict, code, want[i])
		}
	}
	if status, _, _ := program(t, "screen", filepath.Join(dir, "none.jpg")); status != 2 {
		t.Errorf("a file that is not there: exit %d, want 2", status)
	}
	if status, _, _ := program(t, "screen", good); status != 0 {
		t.Errorf("a good picture: exit %d, want 0", status)
	}
}

func TestInstallationWithoutItsServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if status, _, stderr := program(t, "migrate", "--data", data); status != 0 {
		t.Fatalf("migrate: exit %d: %s", status, stderr)
	}
	status, stdout, stderr := program(t, "audit", "verify", "--data", data)
	if status != 0 || !strings.Contains(stdout, "whole") {
		t.Errorf("audit verify: exit %d: %s%s", status, stdout, stderr)
	}
	if status, _, stderr := program(t, "audit", "verify", "--data", data+"/nothing"); status != 2 || !strings.Contains(stderr, "no verinym here") {
		t.Errorf("audit verify of nothing: exit %d: %s", status, stderr)
	}
	if status, _, stderr := program(t, "audit", "verify"); status != 2 || !strings.Contains(stderr, "--data") {
		t.Errorf("audit verify without an installation: exit %d: %s", status, stderr)
	}
	if status, _, stderr := program(t, "key", "create", "--data", data, "--account", "acc_none"); status == 0 || !strings.Contains(stderr, "no such account") {
		t.Errorf("a key for no account: exit %d: %s", status, stderr)
	}
}

func TestAdminOfTheSandboxStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":7001", "192.0.2.1:7001"} {
		if status, _, stderr := program(t, "registry-sandbox", "--admin", addr); status != 2 || !strings.Contains(stderr, "loopback") {
			t.Errorf("%s: exit %d: %s", addr, status, stderr)
		}
	}
}

func TestWordsThatPeopleTry(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{"help": "Usage: verinym", "help tour": "--document", "version": "development"} {
		if status, stdout, stderr := program(t, strings.Fields(args)...); status != 0 || !strings.Contains(stdout, want) {
			t.Errorf("verinym %s: exit %d: %s%s", args, status, stdout, stderr)
		}
	}
}

func TestConfigurationWithAMisspeltKeyIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "verinym.yaml")
	if err := os.WriteFile(file, []byte("data: /nowhere\nadress: 127.0.0.1:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr := program(t, "serve", "--config", file)
	if status != 2 || !strings.Contains(stderr, "adress") {
		t.Errorf("exit %d: %s", status, stderr)
	}
}
