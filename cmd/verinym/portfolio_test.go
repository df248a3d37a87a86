package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/app"
)

// Of a running demo, the registry account is asked that was named, and no other in its place.
func TestRegistryAccountOfADemoIsNamed(t *testing.T) {
	t.Parallel()
	a, err := app.Start(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), OCR: app.OCR{Engine: "off"}}, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	dir := t.TempDir()
	demo := filepath.Join(dir, "demo.json")
	if err := saveDemo(demo+".accounts", demoFile{EPPAddr: a.Sandbox().Addr(), EPPCA: a.Sandbox().CAFile(), EPPLogin: a.SandboxLogin(), EPPAccounts: a.SandboxAccounts()}); err != nil {
		t.Fatal(err)
	}
	names := filepath.Join(dir, "names.csv")
	write(t, names, "name\ntea.com\n")
	for _, x := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"epp", "--registry", "sandbox-gtld", "domain", "create", "tea.com", "--auth", "domain-pw"}, 0, `code="1000"`},
		{[]string{"epp", "domain", "info", "tea.com"}, 0, "<domain:clID>verinym-gtld</domain:clID>"},
		{[]string{"audit", "portfolio", "--registry", "sandbox-gtld", names}, 0, "1 name: "},
		{[]string{"audit", "portfolio", "--registry", "nobody", names}, 2, `the demo has no registry account "nobody"; it has: sandbox-cnnic, sandbox-gtld, `},
		{[]string{"registry", "probe", "nobody"}, 2, `the demo has no registry account "nobody"`},
	} {
		status, stdout, stderr := program(t, append(x.args, "--demo", demo)...)
		if status != x.status || !strings.Contains(stdout+stderr, x.says) {
			t.Errorf("%v: exit %d, want %d and %q in:\n%s%s", x.args, status, x.status, x.says, stdout, stderr)
		}
	}
}

func TestAuditPortfolioCommand(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "names.csv")
	write(t, file, "name,created,statuses,real_name\nheld.cn,2020-01-01,serverHold,failed\nlate.cn,2020-01-01,ok,not_completed\nfine.cn,2020-01-01,ok,verified\n")
	calm := filepath.Join(t.TempDir(), "calm.csv")
	write(t, calm, "name,real_name\n我爱你.中国,verified\n")
	for name, tt := range map[string]struct {
		args   []string
		status int
		says   []string
		not    string
	}{
		"text":                 {[]string{file}, 1, []string{"held     held.cn", "overdue  late.cn", "3 names: 1 held, 1 overdue, 1 safe"}, "fine.cn"},
		"all of them":          {[]string{"--all", file}, 1, []string{"safe     fine.cn"}, ""},
		"as CSV":               {[]string{"--format", "csv", file}, 1, []string{"name,outcome,hold_at,code,reason_en,reason_zh", "late.cn,overdue,2020-01-06T"}, ""},
		"nothing wrong":        {[]string{"--all", calm}, 0, []string{"我爱你.中国", "1 name: 1 safe"}, ""},
		"a file that is none":  {[]string{"/none.csv"}, 2, []string{"/none.csv"}, ""},
		"a registry of nobody": {[]string{"--registry", "cn", "--demo", "/none.json", file}, 2, []string{"say which registry"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := program(t, append([]string{"audit", "portfolio"}, tt.args...)...)
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
		})
	}
	_, stdout, _ := program(t, "audit", "portfolio", "--format", "json", file)
	var got struct {
		Counts map[string]int
		Names  []struct{ Domain, Code string }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || got.Counts["safe"] != 1 || len(got.Names) != 2 || got.Names[1].Code != "portfolio_overdue" {
		t.Errorf("%v: %s", err, stdout)
	}
}
