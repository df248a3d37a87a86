package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp/record"
	"github.com/verinym/verinym/epp/sandbox"
)

// aRegistry is a sandbox with a provider, and the flags that lead to each.
func aRegistry(t *testing.T) (registry, provider []string) {
	t.Helper()
	c := sandbox.DefaultConfig()
	c.VSP.Listen = "127.0.0.1:0"
	s, err := sandbox.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	flags := func(addr string) []string {
		return []string{"--addr", addr, "--ca", s.CAFile(), "--client", "verinym", "--password", "verinym-pw"}
	}
	return flags(s.Addr()), flags(s.VSPAddr())
}

func TestEPPCommand(t *testing.T) {
	t.Parallel()
	registry, provider := aRegistry(t)
	frame := filepath.Join(t.TempDir(), "frame.xml")
	if err := os.WriteFile(frame, []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/><clTRID>by-hand</clTRID></command></epp>`), 0o600); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(t.TempDir(), "front.jpg")
	if err := os.WriteFile(picture, []byte("picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	// In this order: later ones need what earlier ones made.
	for _, tt := range []struct {
		endpoint []string
		args     string
		status   int
		says     string
	}{
		{registry, "hello", 0, "<svID>EPP sandbox</svID>"},
		{registry, "domain check a.com --fee create", 0, `<domain:name avail="1">a.com</domain:name>`},
		{registry, "contact create zhang1 --name 张三 --city 北京 --email a@b.cn --holder I --id-type SFZ --id-number 990000199003071171 --auth contact-pw", 0, "<contact:id>zhang1</contact:id>"},
		{registry, "contact check zhang1", 0, `avail="0"`},
		{registry, "contact info zhang1", 0, `<cnnic-contact:contact type="SFZ">***</cnnic-contact:contact>`},
		{registry, "contact info zhang1 --secrets", 0, "990000199003071171"},
		{registry, "contact update zhang1 --email c@d.cn --add-status clientDeleteProhibited", 0, `code="1000"`},
		{registry, "contact transfer query zhang1", 1, `code="2301"`},
		{registry, "contact delete zhang1", 1, `code="2304"`},
		{registry, "domain create a.cn --registrant zhang1 --contact admin=zhang1 --ns ns1.example.net --auth domain-pw --years 2 --holder-type I --purveyor agent-1", 0, "<domain:name>a.cn</domain:name>"},
		{registry, "domain create b.cn --contact zhang1", 2, "type=id"},
		{registry, "domain info a.cn --profile=", 0, "pendingCompliance"},
		{registry, "domain update a.cn --add-status clientHold --rem-ns ns1.example.net", 0, `code="1000"`},
		{registry, "domain renew a.cn --expires tomorrow", 2, "YYYY-MM-DD"},
		{registry, "domain renew a.cn --expires 2020-01-01", 1, `code="2306"`},
		{registry, "domain transfer query a.cn", 1, `code="2301"`},
		{registry, "domain restore a.cn", 1, `code="2304"`},
		{registry, "host check ns1.a.cn", 0, `avail="1"`},
		{registry, "host create ns1.a.cn --ip 192.0.2.1 --ip 2001:db8::1", 0, "<host:name>ns1.a.cn</host:name>"},
		{registry, "host update ns1.a.cn --add-ip 192.0.2.2 --new-name ns2.a.cn", 0, `code="1000"`},
		{registry, "host info ns2.a.cn", 0, `<host:addr ip="v6">2001:db8::1</host:addr>`},
		{registry, "host delete ns2.a.cn", 0, `code="1000"`},
		{registry, "domain delete a.cn", 0, `code="1000"`},
		{registry, "domain info a.cn", 1, `code="2303"`},
		{registry, "raw " + frame, 0, "<clTRID>by-hand</clTRID>"},
		{registry, "ack 1", 1, `code="2303"`},
		{registry, "poll --cltrid mine-1", 0, "<clTRID>mine-1</clTRID>"},
		{registry, "poll --cltrid m1", 1, "3 to 64 visible characters"},
		{registry, "contact create turned --name 张\u202e三\u009b --city 北京 --email a@b.cn", 0, "<contact:id>turned</contact:id>"},
		{registry, "contact info turned", 0, "<contact:name>张&#x202E;三&#x9B;</contact:name>"},
		{registry, "raw --dry-run " + frame, 0, `<poll op="req"/>`},
		{provider, "verify check fail", 0, "In Prohibited Lists."},
		{provider, "verify name example", 0, `<nv:status s="compliant"/>`},
		{provider, "verify holder 张三 --number 990000199003071171 --document " + picture, 0, `<nv:code type="real-name">1-r2</nv:code>`},
		{provider, "verify code 1-r2", 0, "encodedSignedCode"},
		{append([]string{"--dry-run", "--secrets"}, registry...), "password --new another-pw", 0, "<newPW>another-pw</newPW>"},
		{append([]string{"--dry-run"}, registry...), "password --new another-pw", 0, "<newPW>***</newPW>"},
		{registry, "password --new verinym-pw", 2, "the present one"},
		{registry, "password --new short", 1, "2005"},
		{registry, "password --new another-pw", 0, "The registry has the new password"},
		{registry, "poll", 1, "2200"},
		{append(registry[:6:6], "--password", "another-pw"), "password --new verinym-pw", 0, `code="1000"`},
		{[]string{"--dry-run"}, "domain create dry.com --auth secret-pw", 0, "<domain:authInfo>***</domain:authInfo>"},
		{[]string{"--dry-run", "--secrets"}, "domain create dry.com --auth secret-pw", 0, "<domain:pw>secret-pw</domain:pw>"},
		{[]string{"--demo", "none.json"}, "hello", 2, "--addr"},
		{append([]string{"--timeout", "5s"}, registry[2:]...), "hello --addr 127.0.0.1:1", 1, "dial"},
	} {
		args := append(append([]string{"epp"}, tt.endpoint...), strings.Fields(tt.args)...)
		status, stdout, stderr := program(t, args...)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.says) {
			t.Errorf("epp %s: exit %d, want %d and %q in:\n%s%s", tt.args, status, tt.status, tt.says, stdout, stderr)
		}
	}
}

func TestRegistryProbeCommand(t *testing.T) {
	t.Parallel()
	registry, _ := aRegistry(t)
	dir := t.TempDir()
	recording := filepath.Join(dir, "recording.json")
	status, stdout, stderr := program(t, append([]string{"registry", "probe", "sandbox", "--suffix", "cn", "--record", recording}, registry...)...)
	if status != 0 || !strings.Contains(stdout, "✓ verification codes") || !strings.Contains(stdout, "two commands in one write") {
		t.Errorf("exit %d: %s%s", status, stdout, stderr)
	}
	f, err := os.Open(recording)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := record.Read(f)
	if err != nil || len(r.Frames) < 10 {
		t.Errorf("%+v, %v", r, err)
	}

	config := filepath.Join(dir, "verinym.yaml")
	yaml := fmt.Sprintf("data: %s\nregistries:\n- {name: ours, addr: %q, client_id: verinym, password: verinym-pw, ca_file: %q, suffixes: [com], driver: thin}\n", dir, registry[1], registry[3])
	if err := os.WriteFile(config, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr = program(t, "registry", "probe", "ours", "--config", config, "--json")
	var report struct {
		ServerID string `json:"server_id"`
		Dialect  []struct{ Name, Value string }
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || status != 0 || report.ServerID != "EPP sandbox" || len(report.Dialect) == 0 {
		t.Errorf("exit %d: %s%s", status, stdout, stderr)
	}
	if status, _, stderr = program(t, "registry", "probe", "theirs", "--config", config); status != 2 || !strings.Contains(stderr, "ours") {
		t.Errorf("another account: exit %d: %s", status, stderr)
	}
}
