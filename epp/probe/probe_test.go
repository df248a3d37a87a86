package probe_test

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/probe"
	"github.com/verinym/verinym/epp/record"
	"github.com/verinym/verinym/epp/sandbox"
)

var update = flag.Bool("update", false, "record the sandbox anew")

const recorded = "testdata/sandbox.json"

// probed probes a sandbox in which a message waits.
func probed(t *testing.T) (*sandbox.Server, *probe.Report, *record.Recording) {
	t.Helper()
	config := sandbox.DefaultConfig()
	config.Clock = sandbox.NewFrozenClock(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	server, err := sandbox.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	var recorder record.Recorder
	report, err := probe.Run(t.Context(), server.Addr(), epp.Options{
		TLS: server.TLS(), ClientID: "verinym", Password: "verinym-pw", Record: recorder.Record,
	}, "cn", "com")
	if err != nil {
		t.Fatal(err)
	}
	return server, report, recorder.Recording("the sandbox")
}

func (r traits) of(name string) string {
	for _, t := range r {
		if t.Name == name {
			return t.Value
		}
	}
	return ""
}

type traits []probe.Trait

func TestProbeOfTheSandbox(t *testing.T) {
	t.Parallel()
	server, report, recording := probed(t)
	if report.ServerID != "EPP sandbox" || len(report.Warnings) > 0 || !strings.HasPrefix(report.TLSVersion, "TLS 1.") {
		t.Errorf("%+v", report)
	}
	for _, c := range report.Capabilities {
		if want := c.Name != "name verification" && c.Name != "Verisign's products"; c.Offered != want {
			t.Errorf("%s: offered %t", c.Name, c.Offered)
		}
	}
	for name, want := range map[string]string{
		"availability": `avail="1"`, "prefix of domains": "domain", "info of a domain that is not there": "2303",
		"unknown extension": "2103", "pipelining": "two commands in one write are answered in order",
		"price of create under cn": "35.00 CNY", "times": "2026-03-02T01:00:00.000Z",
	} {
		if got := traits(report.Dialect).of(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, e := range server.Log() {
		if !slices.Contains([]string{"login", "hello", "check", "info", "poll", "logout"}, e.Verb) || strings.Contains(e.Frame, `op="ack"`) {
			t.Errorf("the probe sent a %s: %s", e.Verb, e.Frame)
		}
	}
	for _, f := range recording.Frames {
		if strings.Contains(f.XML, "verinym-pw") {
			t.Errorf("the recording tells a password: %s", f.XML)
		}
	}
	if *update {
		var b bytes.Buffer
		if err := recording.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(recorded, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A recording answers a client as the registry did.
func TestRecordingIsPlayedAgain(t *testing.T) {
	t.Parallel()
	f, err := os.Open(recorded)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	recording, err := record.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	options, err := recording.Options()
	if err != nil {
		t.Fatal(err)
	}
	again, err := probe.Run(t.Context(), "anywhere:700", options, "cn", "com")
	if err != nil {
		t.Fatal(err)
	}
	_, report, _ := probed(t)
	if !reflect.DeepEqual(again.Questions, report.Questions) {
		t.Errorf("answered\n%+v\nwant\n%+v", again.Questions, report.Questions)
	}
	if !reflect.DeepEqual(again.Dialect, report.Dialect) || again.ServerID != report.ServerID {
		t.Errorf("dialect\n%+v\nwant\n%+v", again.Dialect, report.Dialect)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	if _, err := probe.Run(t.Context(), "127.0.0.1:1", epp.Options{}); err == nil {
		t.Error("probed nothing")
	}
}
