package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPolicyCheckCommand(t *testing.T) {
	t.Parallel()
	good, bad, odd := t.TempDir(), t.TempDir(), t.TempDir()
	const own = "version: 1\nsuffixes:\n  - suffix: acme\n    a_label: acme\n    kind: gTLD\n    overseas: {regime: open_overseas}\n"
	write(t, filepath.Join(good, "suffixes-acme.yaml"), own)
	write(t, filepath.Join(good, "limits-acme.yaml"), "version: 1\nprofiles: {per_account: {max: 7}}\n")
	write(t, filepath.Join(good, "cases/acme.yaml"), "version: 1\ncases:\n  - {name: open, when: {accreditation: overseas, domain: a.acme}, then: {offered: true}}\n")
	write(t, filepath.Join(bad, "suffixes-acme.yaml"), strings.Replace(own, "open_overseas", "opn_overseas", 1)+"    overses: {}\n")
	write(t, filepath.Join(odd, "cases/acme.yaml"), "version: 1\ncases:\n  - {name: we wish, when: {accreditation: mainland, domain: a.cn}, then: {hold.create: P9D}}\n")
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   []string
	}{
		"the shipped files":      {nil, 0, []string{"in order", "golden cases", "version"}},
		"own files":              {[]string{good}, 0, []string{"in order", "golden cases: 1", "changed: limits.profiles.per_account.max is 7", "differ from the shipped ones: 1"}},
		"own files with slips":   {[]string{bad}, 1, []string{`suffixes-acme.yaml:7:`, `is it "overseas"?`, "[policy_key_unknown]", "problems: 1"}},
		"a case of one's own":    {[]string{odd}, 1, []string{"cases/acme.yaml:3:", "hold.create of a.cn is P5D (suffixes.yaml:", "want P9D", "[policy_case]"}},
		"as JSON":                {[]string{"--json", bad}, 1, []string{`"code":"policy_key_unknown"`, `"line":7`}},
		"a folder that is none":  {[]string{"/none"}, 2, []string{"/none"}},
		"a file, not a folder":   {[]string{filepath.Join(good, "limits-acme.yaml")}, 2, []string{"limits-acme.yaml"}},
		"an option nobody knows": {[]string{"--strict"}, 2, []string{"--strict"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, append([]string{"policy", "check"}, tt.args...)...)
			if status != tt.status {
				t.Errorf("exit %d, want %d: %s%s", status, tt.status, stdout, stderr)
			}
			for _, want := range tt.says {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("%q is not in:\n%s%s", want, stdout, stderr)
				}
			}
		})
	}
}

func TestPolicyExplainCommand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   []string
		not    string
	}{
		"a person and .cn": {[]string{"cn", "--accreditation", "mainland", "--holder", "individual", "--residence", "CN", "--on", "2026-06-01"}, 0,
			[]string{"may hold a name", "Resident ID card (preferred): portrait side", "By the registry, after the name is created", "5 days after payment", "2026-06-06", "1–2 business days", "suffixes.yaml:"}, "Passport"},
		"a foreigner who may not":     {[]string{".cn", "--accreditation", "mainland", "--holder", "individual", "--residence", "de"}, 0, []string{"may not hold a name", "overseas accreditation"}, "Passport"},
		"both accreditations":         {[]string{"com"}, 0, []string{".com · mainland", ".com · overseas", "--holder"}, ""},
		"in Chinese":                  {[]string{"商标", "--lang", "zh", "--holder", "organisation", "--residence", "CN"}, 0, []string{"商标注册证", "谁可以持有"}, "Who may"},
		"a domain name":               {[]string{"ministry.gov.cn", "--accreditation", "mainland"}, 0, []string{"Only Party and government bodies", "confirms by phone"}, ""},
		"not offered":                 {[]string{"gov.cn", "--accreditation", "overseas"}, 0, []string{"is not available"}, ""},
		"a suffix that nobody knows":  {[]string{"clb"}, 1, []string{"did you mean .club?"}, ""},
		"nothing like it":             {[]string{"zzzzzzzz"}, 1, []string{"no policy for zzzzzzzz"}, "did you mean"},
		"a day that is none":          {[]string{"cn", "--on", "tomorrow"}, 2, []string{"tomorrow"}, ""},
		"a holder without residence":  {[]string{"cn", "--holder", "individual"}, 2, []string{"go together"}, ""},
		"a residence in full":         {[]string{"cn", "--holder", "individual", "--residence", "Germany"}, 2, []string{"two letters"}, ""},
		"an accreditation that isn't": {[]string{"cn", "--accreditation", "lunar"}, 2, []string{"mainland"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, append([]string{"policy", "explain"}, tt.args...)...)
			if status != tt.status {
				t.Errorf("exit %d, want %d: %s%s", status, tt.status, stdout, stderr)
			}
			for _, want := range tt.says {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("%q is not in:\n%s%s", want, stdout, stderr)
				}
			}
			if tt.not != "" && strings.Contains(stdout, tt.not) {
				t.Errorf("%q is in:\n%s", tt.not, stdout)
			}
			if strings.Contains(stdout, "explain.") || strings.Contains(stdout, "<no value>") {
				t.Errorf("a text is missing:\n%s", stdout)
			}
		})
	}
}

func TestPolicyExplainAsJSON(t *testing.T) {
	t.Parallel()
	status, stdout, stderr := program(t, "policy", "explain", "--json", "com", "--holder", "individual", "--residence", "CN")
	if status != 0 {
		t.Fatal(stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two accreditations", len(lines))
	}
	for _, line := range lines {
		var a app.PolicyAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil || len(a.Paragraphs) < 5 || len(a.Facts) < 20 || a.Version == "" {
			t.Errorf("%v: %d paragraphs, %d facts", err, len(a.Paragraphs), len(a.Facts))
		}
	}
}
