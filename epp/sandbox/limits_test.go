package sandbox_test

import (
	"crypto/tls"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/wire"
)

func TestCommandsOfASessionAreLimited(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.CommandsPerSession = 3 })
	w.do(epp.CodeNoMessages, epp.Poll{}) // the login was the first
	w.do(epp.CodeNoMessages, epp.Poll{})
	w.do(epp.CodeSessionLimit, domain.Create{Name: "late.com", AuthInfo: &epp.AuthInfo{}})
	<-w.conn.Done()
	w.conn = w.dial("verinym", nil)
	w.do(epp.CodeNotExists, domain.Info{Name: "late.com"})
}

func TestCommandsOfASecondAreLimited(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.CommandsPerSecond = 2 })
	other := w.dial("gaining", nil)
	w.do(epp.CodeNoMessages, epp.Poll{})
	w.do(epp.CodeNoMessages, epp.Poll{})
	w.do(epp.CodeFailed, domain.Create{Name: "late.com", AuthInfo: &epp.AuthInfo{}})
	w.doOn(other, epp.CodeNoMessages, epp.Poll{})
	w.server.Advance(time.Second)
	w.do(epp.CodeNotExists, domain.Info{Name: "late.com"})
}

func TestConnectionsOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.MaxConnections = 2 })
	w.peer()
	if _, err := epp.Dial(t.Context(), w.server.Addr(), epp.Options{TLS: w.server.TLS()}); err == nil {
		t.Error("a third connection is open")
	}
}

func TestLongPasswordsNeedLoginSecurity(t *testing.T) {
	t.Parallel()
	const long, longer = "a password of more than 16 characters", "another password, longer than the first"
	w := open(t, func(c *sandbox.Config) { c.Registrars[1].Password = long })
	options := epp.Options{TLS: w.server.TLS(), ClientID: "gaining", Password: long, UserAgent: loginsec.UserAgent{App: "test"}}
	options.NewPassword = longer
	options.Extensions = []string{} // what cannot be done without is declared all the same
	c, err := epp.Dial(t.Context(), w.server.Addr(), options)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if c.LoginResponse().Code() != epp.CodeOK {
		t.Errorf("login %+v", c.LoginResponse())
	}
	options.NewPassword = ""
	if _, err := epp.Dial(t.Context(), w.server.Addr(), options); epp.CodeOf(err) != epp.CodeAuthentication {
		t.Errorf("the old password: %v", err)
	}
	options.Password = longer
	if c, err = epp.Dial(t.Context(), w.server.Addr(), options); err != nil {
		t.Fatal(err)
	}
	c.Close()
	for _, e := range w.server.Log() {
		if e.Frame != "" && (strings.Contains(e.Frame, long) || strings.Contains(e.Frame, longer)) {
			t.Errorf("the log tells a password: %s", e.Frame)
		}
	}

	p := w.peer()
	l := login()
	l.Password = long
	if code := p.ask(l); code != epp.CodeValueSyntax {
		t.Errorf("a long password in the login itself: %d", code)
	}
	l.Password = loginsec.Placeholder
	l.Extensions = []string{loginsec.NS}
	p.send(epp.Command{Body: l, Extensions: []epp.Extension{loginsec.Login{}}, ClTRID: "peer-1"}.AppendXML(nil))
	if code := p.read().Code(); code != epp.CodeMissing {
		t.Errorf("a placeholder for nothing: %d", code)
	}
}

// A registrar's certificate that is about to expire.
func TestClientCertificatesAreDemanded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := writeIdentity(t, dir)
	config := sandbox.DefaultConfig()
	config.ClientCAFile = certFile
	server, err := sandbox.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	options := epp.Options{TLS: server.TLS(), ClientID: "verinym", Password: "verinym-pw"}
	if _, err := epp.Dial(t.Context(), server.Addr(), options); err == nil {
		t.Error("a client without a certificate was let in")
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	options.TLS.Certificates = []tls.Certificate{pair}
	c, err := epp.Dial(t.Context(), server.Addr(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	warnings, err := loginsec.ParseData(c.LoginResponse().Extension(loginsec.NS))
	if err != nil || len(warnings.Events) != 1 || warnings.Events[0].Type != loginsec.EventCertificate || warnings.Events[0].ExDate.IsZero() {
		t.Errorf("%+v, %v", warnings, err)
	}
	config.ClientCAFile = filepath.Join(dir, "none.pem")
	if _, err := sandbox.Start(t.Context(), config); err == nil {
		t.Error("started without its client CAs")
	}
	if err := os.WriteFile(config.ClientCAFile, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Start(t.Context(), config); err == nil {
		t.Error("started with a file that has no CA in it")
	}
}

func TestAnswersComeInAnotherOrder(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.inject(sandbox.Fault{Verb: "info", Kind: sandbox.FaultReorder, Delay: time.Hour, Times: 1})
	p := w.peer()
	p.ask(login())
	for _, id := range []string{"first", "second"} {
		p.send(epp.Command{Body: domain.Info{Name: "a.com"}, ClTRID: id}.AppendXML(nil))
	}
	if got := p.read().ClTRID + " " + p.read().ClTRID; got != "second first" {
		t.Errorf("answers came as %s", got)
	}
	if got := w.server.Faults(); len(got) != 1 || got[0].Struck != 1 || got[0].Seen != 2 {
		t.Errorf("faults %+v", got)
	}

	w.inject(sandbox.Fault{Verb: "info", Kind: sandbox.FaultReorder, Delay: time.Hour, Times: 1})
	deep := w.dial("verinym", func(o *epp.Options) { o.Depth = 2 })
	calls, err := deep.StartAll(t.Context(), epp.Command{Body: domain.Info{Name: "a.com"}}, epp.Command{Body: epp.Poll{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range calls {
		if _, err := call.Wait(t.Context()); !errors.Is(err, epp.ErrOutOfStep) {
			t.Errorf("a client took an answer that was not its own: %v", err)
		}
	}
}

func TestAnswerThatNothingOvertakesComesLate(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.inject(sandbox.Fault{Verb: "info", Kind: sandbox.FaultReorder, Delay: time.Millisecond})
	w.do(epp.CodeNotExists, domain.Info{Name: "a.com"})
	w.do(epp.CodeNoMessages, epp.Poll{})
}

// A test of somebody's client looks at every frame.
func TestEveryFrameIsRecorded(t *testing.T) {
	t.Parallel()
	frames := make(chan bool, 16)
	w := open(t, func(c *sandbox.Config) {
		c.Record = func(_ uint64, received bool, frame []byte) {
			if _, err := wire.Parse(frame, wire.Limits{}); err != nil {
				t.Errorf("recorded %q: %v", frame, err)
			}
			frames <- received
		}
	})
	w.do(epp.CodeNoMessages, epp.Poll{})
	for i, want := range []bool{false, true, false, true, false} { // greeting, login, poll
		if got := <-frames; got != want {
			t.Errorf("frame %d: received %t", i, got)
		}
	}
}
