package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
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

func TestExplainCommand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"as EPP spells it":         {[]string{"explain", "serverHold"}, 0, "The registrar cannot lift this."},
		"as RDAP spells it":        {[]string{"explain", "server", "hold"}, 0, "Set by: the registry"},
		"in Chinese":               {[]string{"explain", "clientHold", "--lang", "zh"}, 0, "设置方： 注册商"},
		"a lock":                   {[]string{"explain", "clientTransferProhibited"}, 0, "may be Normal"},
		"a state of verification":  {[]string{"explain", "in_review"}, 0, "is not Normal"},
		"all of them":              {[]string{"explain"}, 0, "redemptionPeriod"},
		"as JSON":                  {[]string{"explain", "--json", "ok"}, 0, `"spoils_normal":false`},
		"one that nobody knows of": {[]string{"explain", "frobnicated"}, 1, "no status called frobnicated"},
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

func TestInspectionCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none := filepath.Join(dir, "none.zip")
	if err := os.WriteFile(none, []byte("no pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"the key of an installation": {[]string{"inspection", "key", "--data", dir}, 0, "BEGIN PUBLIC KEY"},
		"of which one?":              {[]string{"inspection", "key"}, 2, "say which installation"},
		"what is no pack":            {[]string{"inspection", "verify", none}, 1, "this is no pack"},
		"where to?":                  {[]string{"inspection", "domain", "example.cn"}, 2, "--out"},
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

// TestNumbersFromStandardInput are answered one by one, all of them, also after an
// invalid one.
func TestNumbersFromStandardInput(t *testing.T) {
	t.Parallel()
	const zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
	for name, tt := range map[string]struct {
		kind, stdin string
		status      int
		valid       []bool
		lines       []int
	}{
		"valid ones":               {"resident_id", "990000199003071171\n９９００００ 19900307 1171\r\n", 0, []bool{true, true}, []int{1, 2}},
		"an invalid one between":   {"resident_id", "990000199003071171\n\n990000199003071170\n990000199003071171", 1, []bool{true, false, true}, []int{1, 3, 4}},
		"machine-readable zones":   {"mrz", zone + "\n\n" + zone, 0, []bool{true, true}, []int{1, 5}},
		"by a document's standard": {"public_institution_certificate", "91350100M000100Y43\n", 0, []bool{true}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := programReading(t, tt.stdin, "number", "--json", tt.kind, "-")
			if status != tt.status {
				t.Errorf("exit %d, want %d: %s", status, tt.status, stderr)
			}
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			if len(lines) != len(tt.valid) {
				t.Fatalf("%d answers, want %d: %s", len(lines), len(tt.valid), stdout)
			}
			for i, l := range lines {
				var a numberAnswer
				if err := json.Unmarshal([]byte(l), &a); err != nil {
					t.Fatal(err)
				}
				if a.Valid != tt.valid[i] || a.Line != tt.lines[i] {
					t.Errorf("answer %d: %s", i, l)
				}
			}
		})
	}
	for name, stdin := range map[string]string{"nothing": "", "empty lines": "\n \n", "an endless line": strings.Repeat("9", 1<<20)} {
		if status, _, stderr := programReading(t, stdin, "number", "uscc", "-"); status != 2 || stderr == "" {
			t.Errorf("%s: exit %d: %s", name, status, stderr)
		}
	}
	if status, stdout, _ := programReading(t, "1\n", "number", "uscc", "-"); status != 1 || !strings.Contains(stdout, "line 1: invalid") {
		t.Errorf("in words: exit %d: %s", status, stdout)
	}
}

// TestScreenLooksIntoFolders and at standard input, in the order of names; a file
// that cannot be read does not keep the others from being looked at.
func TestScreenLooksIntoFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.jpg", "b.txt", ".hidden/c.jpg", "sub/d.JPG", "sub/e.jpeg", "sub/f.jpg", "sub/g.jpg"} {
		write(t, filepath.Join(dir, name), string(samples.Li))
	}
	want := []string{"a.jpg", "sub/d.JPG", "sub/e.jpeg", "sub/f.jpg", "sub/g.jpg"}
	status, stdout, stderr := program(t, "screen", "--json", "--type", "resident_id", dir)
	if status != 0 || stderr != "" {
		t.Fatalf("exit %d: %s", status, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d answers for %d pictures: %s", len(lines), len(want), stdout)
	}
	for i, l := range lines {
		var a screenAnswer
		if err := json.Unmarshal([]byte(l), &a); err != nil || a.File != filepath.Join(dir, want[i]) || a.Verdict != "pass" {
			t.Errorf("%d: %s, %v", i, l, err)
		}
	}
	if status, stdout, stderr = programReading(t, string(samples.Li), "screen", "--type", "resident_id", "-"); status != 0 || !strings.HasPrefix(stdout, "-: pass (JPEG") {
		t.Errorf("standard input: exit %d: %s%s", status, stdout, stderr)
	}
	if status, _, stderr = program(t, "screen", t.TempDir()); status != 2 || !strings.Contains(stderr, "no pictures") {
		t.Errorf("an empty folder: exit %d: %s", status, stderr)
	}
	if os.Geteuid() != 0 { // root reads everything
		unreadable := filepath.Join(dir, "sub/d.JPG")
		if err := os.Chmod(unreadable, 0); err != nil {
			t.Fatal(err)
		}
		if status, stdout, stderr = program(t, "screen", dir); status != 2 || strings.Count(stdout, ": pass") != 4 || !strings.Contains(stderr, "d.JPG") {
			t.Errorf("one that cannot be read: exit %d: %s%s", status, stdout, stderr)
		}
	}
}

// TestScreenChecksWhatWasTyped beside the picture.
func TestScreenChecksWhatWasTyped(t *testing.T) {
	t.Parallel()
	good := filepath.Join(t.TempDir(), "id.jpg")
	write(t, good, string(samples.Li))
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"a number that checks":            {[]string{"--type", "resident_id", "--number", "990000199003071171"}, 0, ": pass"},
		"a wrong number":                  {[]string{"--type", "resident_id", "--number", "990000199003071170"}, 1, "error number_checksum"},
		"an early social credit code":     {[]string{"--type", "uscc_certificate", "--number", "91350100M000100Y44"}, 0, "warn number_checksum"},
		"a number of no kind":             {[]string{"--number", "990000199003071171"}, 2, "--type"},
		"a kind that nobody knows":        {[]string{"--type", "library_card"}, 2, "resident_id"},
		"a name, which nothing here read": {[]string{"--type", "resident_id", "--name", "李思远"}, 0, "not compared"},
		"a side that is none":             {[]string{"--type", "resident_id", "--side", "inside"}, 2, "front"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, append([]string{"screen", good}, tt.args...)...)
			if status != tt.status || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("exit %d, want %d and %q:\n%s%s", status, tt.status, tt.says, stdout, stderr)
			}
		})
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

func TestKeysRotateWithoutAServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if status, _, stderr := program(t, "vault", "rotate", "--data", data); status != 2 || !strings.Contains(stderr, "no verinym here") {
		t.Errorf("nothing there: exit %d: %s", status, stderr)
	}
	status, _, stderr := program(t, "tour", "--keep", data)
	if status != 0 {
		t.Fatalf("tour: exit %d: %s", status, stderr)
	}
	keys := filepath.Join(data, "keys.json")
	before, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	pictures := func() (out []string) {
		out, _ = filepath.Glob(filepath.Join(data, "documents", "*", "*"))
		return out
	}
	names := pictures()
	for _, do := range []string{"rotate", "retire"} {
		if status, _, stderr := program(t, "vault", do, "--data", data); status != 0 {
			t.Fatalf("vault %s: exit %d: %s", do, status, stderr)
		}
	}
	after, err := os.ReadFile(keys)
	if err != nil || bytes.Equal(before, after) {
		t.Errorf("the keys are the same, %v", err)
	}
	again := pictures()
	if len(again) != len(names) || len(names) == 0 || slices.Equal(again, names) {
		t.Errorf("%d pictures became %d; want as many, all sealed anew", len(names), len(again))
	}
	// What does not open any more would stop here.
	if status, _, stderr := program(t, "vault", "rotate", "--data", data); status != 0 {
		t.Errorf("once more: exit %d: %s", status, stderr)
	}
}

// A mail server runs it from an alias: what is not for us is taken and forgotten, what
// cannot be passed on stays in its queue (75).
func TestMailServerPassesOnWhatComesBack(t *testing.T) {
	t.Parallel()
	answers := make(chan string, 4)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/email-bounces/mail" || r.Header.Get("Content-Type") != "message/rfc822" || r.Header.Get("Authorization") != "Bearer vk_x" {
			t.Errorf("%s %s %q", r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Authorization"))
		}
		a := <-answers
		if !strings.Contains(a, "address") {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(a))
	}))
	defer server.Close()
	dir := t.TempDir()
	mail, key := filepath.Join(dir, "mail"), filepath.Join(dir, "key")
	for name, text := range map[string]string{mail: "Subject: Undelivered\n\n", key: "vk_x\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		answer string
		status int
		says   string
	}{
		{`{"address":"li@registrant.example","as":"hard","doubted":2}`, 0, "li@registrant.example: hard, 2 accounts"},
		{`{"code":"bounce_unknown","text":{"en":"This report names no mail."}}`, 0, "names no mail"},
		{`{"code":"forbidden","text":{"en":"Not allowed."}}`, 75, "Not allowed."},
	} {
		answers <- tt.answer
		status, stdout, stderr := program(t, "mail", "bounce", "--url", server.URL, "--key-file", key, mail)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.says) {
			t.Errorf("%s: exit %d, %s%s", tt.answer, status, stdout, stderr)
		}
	}
	server.Close()
	if status, _, _ := program(t, "mail", "bounce", "--url", server.URL, "--key-file", key, mail); status != 75 {
		t.Errorf("the server is away: exit %d", status)
	}
	if status, _, _ := program(t, "mail", "bounce", "--url", server.URL, "--key-file", filepath.Join(dir, "none"), mail); status != 75 {
		t.Errorf("no key: exit %d", status)
	}
}
