package sandbox_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

// peer speaks frames, for what the client library would never send.
type peer struct {
	*testing.T
	conn *tls.Conn
	r    *bufio.Reader
}

func (w *world) peer() *peer {
	w.Helper()
	conn, err := tls.Dial("tcp", w.server.Addr(), w.server.TLS())
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { conn.Close() })
	p := &peer{w.T, conn, bufio.NewReader(conn)}
	if _, err := wire.ReadFrame(p.r, 1<<20); err != nil {
		w.Fatal(err)
	}
	return p
}

func (p *peer) send(payload []byte) { p.conn.Write(wire.AppendFrame(nil, payload)) }

func (p *peer) read() *epp.Response {
	p.Helper()
	frame, err := wire.ReadFrame(p.r, 1<<20)
	if err != nil {
		p.Fatal(err)
	}
	response, err := epp.ParseResponse(frame, wire.Limits{})
	if err != nil {
		p.Fatalf("%v\n%s", err, frame)
	}
	return response
}

// ask sends a command and returns the code of its answer.
func (p *peer) ask(body epp.Body) int {
	p.Helper()
	p.send(epp.Command{Body: body, ClTRID: "peer-1"}.AppendXML(nil))
	response := p.read()
	if response.ClTRID != "peer-1" || response.SvTRID == "" {
		p.Errorf("transaction %q %q", response.ClTRID, response.SvTRID)
	}
	return response.Code()
}

// closed reports whether the registry has ended the connection.
func (p *peer) closed() bool {
	_, err := wire.ReadFrame(p.r, 1<<20)
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func login() epp.Login {
	return epp.Login{ClientID: "gaining", Password: "gaining-pw", Objects: []string{domain.NS}}
}

func TestSessionStates(t *testing.T) {
	t.Parallel()
	p := open(t, nil).peer()
	if code := p.ask(domain.Info{Name: "example.cn"}); code != epp.CodeUse {
		t.Errorf("command before login: %d", code)
	}
	if code := p.ask(epp.Poll{}); code != epp.CodeUse {
		t.Errorf("poll before login: %d", code)
	}
	if code := p.ask(login()); code != epp.CodeOK {
		t.Fatalf("login: %d", code)
	}
	if code := p.ask(login()); code != epp.CodeUse {
		t.Errorf("second login: %d", code)
	}
	if code := p.ask(epp.RawBody{Name: epp.VerbInfo, XML: []byte(`<info><c:info xmlns:c="urn:ietf:params:xml:ns:contact-1.0"><c:id>abc</c:id></c:info></info>`)}); code != epp.CodeService {
		t.Errorf("object not declared: %d", code)
	}
	p.send([]byte(`<?xml version="1.0"?><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><bogus/><clTRID>peer-2</clTRID></command></epp>`))
	if response := p.read(); response.Code() != epp.CodeUnknownCommand || response.ClTRID != "peer-2" {
		t.Errorf("unknown command: %+v", response)
	}
	p.send([]byte("garbage"))
	if response := p.read(); response.Code() != epp.CodeSyntax {
		t.Errorf("garbage: %+v", response)
	}
	if code := p.ask(epp.Logout{}); code != epp.CodeEnding || !p.closed() {
		t.Errorf("logout: %d", code)
	}
}

func TestLoginIsRefused(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	tests := map[string]struct {
		alter func(*epp.Login)
		code  int
	}{
		"wrong password":     {func(l *epp.Login) { l.Password = "wrong-pw" }, epp.CodeAuthentication},
		"unknown client":     {func(l *epp.Login) { l.ClientID = "nobody" }, epp.CodeAuthentication},
		"other version":      {func(l *epp.Login) { l.Version = "2.0" }, epp.CodeVersion},
		"other language":     {func(l *epp.Login) { l.Lang = "zh" }, epp.CodeOption},
		"no objects":         {func(l *epp.Login) { l.Objects = nil }, epp.CodeMissing},
		"unknown object":     {func(l *epp.Login) { l.Objects = []string{"urn:x"} }, epp.CodeService},
		"unknown extension":  {func(l *epp.Login) { l.Extensions = []string{"urn:x"} }, epp.CodeExtension},
		"short new password": {func(l *epp.Login) { l.NewPassword = "short" }, epp.CodeValueSyntax},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := w.peer()
			l := login()
			tt.alter(&l)
			if code := p.ask(l); code != tt.code {
				t.Errorf("answered %d", code)
			}
			if code := p.ask(login()); code != epp.CodeOK {
				t.Errorf("a good login after that: %d", code)
			}
		})
	}
}

func TestThirdWrongPasswordEndsTheConnection(t *testing.T) {
	t.Parallel()
	p := open(t, nil).peer()
	l := login()
	l.Password = "wrong-pw"
	for _, want := range []int{epp.CodeAuthentication, epp.CodeAuthentication, epp.CodeAuthClosing} {
		if code := p.ask(l); code != want {
			t.Errorf("answered %d, want %d", code, want)
		}
	}
	if !p.closed() {
		t.Error("connection goes on")
	}
}

func TestNewPasswordHolds(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.dial("gaining", func(o *epp.Options) { o.NewPassword = "changed-pw" })
	o := epp.Options{TLS: w.server.TLS(), ClientID: "gaining", Password: "gaining-pw"}
	if _, err := epp.Dial(t.Context(), w.server.Addr(), o); epp.CodeOf(err) != epp.CodeAuthentication {
		t.Errorf("old password: %v", err)
	}
	w.dial("gaining", func(o *epp.Options) { o.Password = "changed-pw" })
}

func TestSessionsAreLimited(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.MaxSessions = 2 })
	second := w.dial("verinym", nil)
	o := epp.Options{TLS: w.server.TLS(), ClientID: "verinym", Password: "verinym-pw"}
	if _, err := epp.Dial(t.Context(), w.server.Addr(), o); epp.CodeOf(err) != epp.CodeSessionLimit {
		t.Errorf("third session: %v", err)
	}
	w.dial("gaining", nil)
	if err := second.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	for { // the registry frees the place just after its answer
		c, err := epp.Dial(t.Context(), w.server.Addr(), o)
		if err == nil {
			c.Close()
			return
		}
		if epp.CodeOf(err) != epp.CodeSessionLimit {
			t.Fatal(err)
		}
	}
}

func TestConnectionWithoutLoginIsClosed(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.LoginTimeout = 100 * time.Millisecond })
	p := w.peer()
	p.send(epp.Command{Body: epp.Poll{}}.AppendXML(nil))
	p.read()
	if !p.closed() {
		t.Error("connection goes on")
	}
	w.do(epp.CodeNoMessages, epp.Poll{})
}

func TestIdleSessionIsClosed(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.IdleTimeout = 50 * time.Millisecond })
	<-w.conn.Done()
}

func TestOversizedCommandEndsTheSession(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.MaxFrame = 2000 })
	p := w.peer()
	p.send(make([]byte, 2001))
	if response := p.read(); response.Code() != epp.CodeFailedClosing || !p.closed() {
		t.Errorf("answered %d", response.Code())
	}
}

func TestUndeclaredExtensionsAreLeftOutOrShownAsUnhandled(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	w.server.Advance(naming)

	plain := w.dial("verinym", func(o *epp.Options) { o.Extensions = []string{} })
	response := w.doOn(plain, epp.CodeMessage, epp.Poll{})
	if len(response.Extensions) != 0 || len(response.Results[0].Reasons) != 0 {
		t.Errorf("without extensions: %s", response.Raw)
	}
	unhandled := w.dial("verinym", func(o *epp.Options) {
		o.Extensions = []string{"urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"}
	})
	response = w.doOn(unhandled, epp.CodeMessage, epp.Poll{})
	reasons := response.Results[0].Reasons
	if len(response.Extensions) != 0 || len(reasons) != 2 || !reasons[0].Value.Is(changepoll.NS, "changeData") || !reasons[1].Value.Is(vcode.NS, "infData") {
		t.Errorf("with unhandled namespaces: %s", response.Raw)
	}
}

// A message about an object that the client did not declare is no reason to be
// silent: it can be taken out of the queue, and with unhandled namespaces be read.
func TestUndeclaredObjectsAreLeftOutOrShownAsUnhandled(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	w.server.Advance(naming)
	for _, extensions := range [][]string{{}, {epp.NSUnhandled}} {
		c := w.dial("verinym", func(o *epp.Options) {
			o.Objects, o.Extensions = []string{"urn:ietf:params:xml:ns:contact-1.0"}, extensions
		})
		response := w.doOn(c, epp.CodeMessage, epp.Poll{})
		if response.Data != nil || response.Queue.ID == "" {
			t.Errorf("undeclared: %s", response.Raw)
		}
		if got := response.Find(domain.NS, "infData") != nil && response.Find(changepoll.NS, "changeData") != nil; got != (len(extensions) > 0) {
			t.Errorf("with %v: %s", extensions, response.Raw)
		}
	}
}

func TestPipelinedCommandsAreAnsweredInOrder(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	const n = 200
	conn := w.dial("verinym", func(o *epp.Options) { o.Depth = 16 })
	var calls []*epp.Call
	for i := range n {
		call, err := conn.Start(t.Context(), epp.Command{
			ClTRID: fmt.Sprintf("order-%d", i), Body: domain.Create{Name: fmt.Sprintf("d%d.com", i), AuthInfo: &epp.AuthInfo{}},
		})
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, call)
	}
	for i, call := range calls {
		response, err := call.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if data, _ := domain.ParseCreateData(response.Data); data.Name != fmt.Sprintf("d%d.com", i) {
			t.Errorf("command %d was answered with %s", i, data.Name)
		}
	}
	created := 0
	for _, entry := range w.server.Log() {
		if entry.Verb == "create" {
			if want := fmt.Sprintf("d%d.com", created); entry.Name != want {
				t.Fatalf("log: %s, want %s", entry.Name, want)
			}
			created++
		}
	}
	if created != n {
		t.Errorf("%d creates in the log", created)
	}
}
