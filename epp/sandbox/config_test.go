package sandbox_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/sandbox"
)

func TestUnusableConfigurationsAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*sandbox.Config){
		"no registrars":      func(c *sandbox.Config) { c.Registrars = nil },
		"no zones":           func(c *sandbox.Config) { c.Zones = nil },
		"short client ID":    func(c *sandbox.Config) { c.Registrars[0].ClientID = "ab" },
		"short password":     func(c *sandbox.Config) { c.Registrars[0].Password = "short" },
		"capital suffix":     func(c *sandbox.Config) { c.Zones[0].Suffix = "CN" },
		"thin and verifying": func(c *sandbox.Config) { c.Zones[0].Thin = true },
		"address in use":     func(c *sandbox.Config) { c.Listen = "256.0.0.1:0" },
		"no certificate":     func(c *sandbox.Config) { c.CertFile = "missing.pem" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := sandbox.DefaultConfig()
			change(&config)
			if server, err := sandbox.Start(t.Context(), config); err == nil {
				server.Close()
				t.Error("started")
			}
		})
	}
}

func TestCertificateMayBeGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	caFile := filepath.Join(dir, "ca.pem")
	w := open(t, func(c *sandbox.Config) { c.CAFile = caFile })
	ca, err := os.ReadFile(caFile)
	if err != nil || !bytes.Equal(ca, w.server.CAPEM()) || w.server.CAFile() != caFile {
		t.Errorf("CA file: %v", err)
	}
	certFile, keyFile := writeIdentity(t, dir)
	other := open(t, func(c *sandbox.Config) { c.CertFile, c.KeyFile = certFile, keyFile })
	if _, err := epp.Dial(t.Context(), other.server.Addr(), epp.Options{TLS: w.server.TLS()}); err == nil {
		t.Error("another registry's CA is trusted")
	}
}

func TestContextEndsTheRegistry(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server, err := sandbox.Start(ctx, sandbox.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := epp.Dial(t.Context(), server.Addr(), epp.Options{TLS: server.TLS(), ClientID: "verinym", Password: "verinym-pw"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-conn.Done()
	server.Close()
	if _, err := epp.Dial(t.Context(), server.Addr(), epp.Options{TLS: server.TLS()}); err == nil {
		t.Error("still listening")
	}
}

// On a running clock, what falls due happens without being asked for.
func TestRunningClockNeedsNoPush(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) {
		c.Clock = sandbox.NewClock()
		z := &c.Zones[0]
		z.NamingDelay, z.HoldAfter = 20*time.Millisecond, 40*time.Millisecond
	})
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	var news []string
	for len(news) < 2 {
		news = append(news, w.news()...)
	}
	if news[0] != "example.cn: after custom naming-verification verified, pendingCompliance" ||
		news[1] != "example.cn: after update server-hold verification_missing, nonCompliant serverHold" {
		t.Errorf("%q", news)
	}
	before := w.server.Now()
	w.server.Advance(time.Hour)
	if got := w.server.Now().Sub(before); got < time.Hour {
		t.Errorf("clock moved by %v", got)
	}
}
