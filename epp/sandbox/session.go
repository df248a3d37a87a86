package sandbox

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/wire"
)

// session is one EPP connection.
type session struct {
	server  *Server
	service *service
	id      uint64
	peer    string // address
	nc      *tls.Conn
	r       *bufio.Reader
	out     []byte    // answers not yet written
	held    []byte    // an answer that a fault keeps back
	release time.Time // when it goes at the latest

	client   string          // after login
	services map[string]bool // namespaces declared at login
	refused  int             // logins
	commands int
}

const (
	sessionBuffer = 64 << 10
	loginAttempts = 3

	// longestHeld is how long an answer is held back, in wall time, for one that
	// could overtake it.
	longestHeld = time.Second
)

func newSession(s *Server, of *service, id uint64, nc *tls.Conn) *session {
	peer, _, _ := net.SplitHostPort(nc.RemoteAddr().String())
	return &session{server: s, service: of, id: id, peer: peer, nc: nc, r: bufio.NewReaderSize(nc, sessionBuffer)}
}

// drop breaks the connection off, without a TLS goodbye.
func (s *session) drop() { s.nc.NetConn().Close() }

// run serves the session to its end. Commands are carried out in order; answers
// go out together when no further whole command has come.
func (s *session) run() {
	defer s.end()
	s.nc.SetDeadline(time.Now().Add(s.server.config.LoginTimeout))
	s.greet()
	for {
		if !s.frameBuffered() {
			if s.flush() != nil {
				return
			}
			s.setDeadline()
			s.awaitWithHeld()
		}
		frame, err := wire.ReadFrame(s.r, s.maxFrame())
		if err != nil {
			if errors.Is(err, wire.ErrFrameLength) {
				s.refuseFrame(err)
			}
			return
		}
		s.recordFrame(true, frame)
		if goesOn := s.handle(frame); !goesOn {
			return
		}
	}
}

func (s *session) maxFrame() int { return s.service.maxFrame(&s.server.config) }

// greet sends a greeting.
func (s *session) greet() {
	start := len(s.out)
	s.out = s.service.appendGreeting(s.out, s.server.config.Clock.Now())
	s.recordFrame(false, s.out[start+4:])
}

// recordFrame gives a frame to who wants to see them all.
func (s *session) recordFrame(received bool, frame []byte) {
	if record := s.server.config.Record; record != nil {
		record(s.id, received, bytes.Clone(frame))
	}
}

// awaitWithHeld waits for the next command no longer than until a held answer must
// go.
func (s *session) awaitWithHeld() {
	if s.held == nil {
		return
	}
	s.nc.SetReadDeadline(s.release)
	if _, err := s.r.Peek(1); errors.Is(err, os.ErrDeadlineExceeded) {
		s.out = append(s.out, s.held...)
		s.held = nil
		s.flush()
	}
	s.setDeadline()
}

// setDeadline bounds the wait for the next command. Before login it counts from
// the connection's start.
func (s *session) setDeadline() {
	if s.client != "" {
		s.nc.SetDeadline(time.Now().Add(s.server.config.IdleTimeout))
	}
}

// frameBuffered reports whether the next command can be read without waiting.
func (s *session) frameBuffered() bool {
	if s.r.Buffered() < 4 {
		return false
	}
	head, _ := s.r.Peek(4)
	return uint64(s.r.Buffered()) >= uint64(binary.BigEndian.Uint32(head))
}

func (s *session) flush() error {
	if len(s.out) == 0 {
		return nil
	}
	_, err := s.nc.Write(s.out)
	s.out = s.out[:0]
	return err
}

// end takes the session out of the server's books.
func (s *session) end() {
	s.flush()
	s.nc.Close()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	delete(s.server.sessions, s)
	if r := s.server.registry.registrars[s.client]; r != nil {
		r.sessions--
	}
}

// refuseFrame answers a command that is too large, after which the stream cannot
// be understood any more.
func (s *session) refuseFrame(err error) {
	s.server.mu.Lock()
	reply := epp.Reply{Code: epp.CodeFailedClosing, SvTRID: s.server.registry.nextSvTRID(), Reasons: []epp.Reason{{Text: err.Error()}}}
	s.server.record.add(Received{
		Time: s.server.config.Clock.Now(), Channel: channelEPP, Session: s.id, Client: s.client, SvTRID: reply.SvTRID, Code: reply.Code,
	}, nil)
	s.server.mu.Unlock()
	s.appendReply(&reply)
}

// handle carries out one command. It returns false when the session has to end.
func (s *session) handle(frame []byte) bool {
	request, err := epp.ParseRequest(frame, wire.Limits{Bytes: s.maxFrame(), Depth: 32})
	reply, fault := s.server.carryOut(s, request, err, frame)
	if fault != nil {
		return s.fail(reply, fault)
	}
	if request.Verb == epp.VerbHello && err == nil && reply.Code == epp.CodeOK {
		s.greet()
		return true
	}
	s.appendReply(reply)
	return !endsSession(reply.Code)
}

// appendReply answers, and after that sends what a fault has held back.
func (s *session) appendReply(reply *epp.Reply) {
	start := len(s.out)
	s.out = wire.EndFrame(reply.AppendXML(wire.BeginFrame(s.out)), start)
	s.recordFrame(false, s.out[start+4:])
	s.out = append(s.out, s.held...)
	s.held = nil
}

func endsSession(code int) bool { return code == epp.CodeEnding || code >= epp.CodeFailedClosing }

// fail lets a fault strike: the command's answer is reply, if it was carried out.
func (s *session) fail(reply *epp.Reply, fault *Fault) bool {
	if fault.Kind == FaultSlow {
		s.flush()
		clock := s.server.config.Clock
		clock.wait(clock.Now().Add(fault.Delay), nil, s.server.done)
	}
	switch fault.Kind {
	case FaultCode, FaultSlow:
		s.appendReply(reply)
		return !endsSession(reply.Code)
	case FaultReorder:
		s.held = wire.EndFrame(reply.AppendXML(wire.BeginFrame(nil)), 0)
		s.release = time.Now().Add(cmp.Or(fault.Delay, longestHeld))
		return true
	case FaultGarbage:
		s.out = wire.AppendFrame(s.out, []byte("\x00\xff this is no XML"))
		return true
	case FaultWrongClTRID:
		reply.ClTRID = "wrong-" + reply.SvTRID
		s.appendReply(reply)
		return true
	case FaultHalfFrame:
		before := len(s.out)
		s.appendReply(reply)
		s.out = s.out[:before+(len(s.out)-before)/2]
	}
	s.flush() // what was answered before
	s.drop()
	return false
}

// extend adds an extension to an answer if the client has declared it.
func (s *session) extend(reply *epp.Reply, extension epp.Extension) {
	if s.services[extension.Namespace()] {
		reply.Extensions = append(reply.Extensions, extension)
		return
	}
	s.unhandled(reply, extension.Namespace(), extension.AppendExtension)
}

// give puts data into a poll message if the client has declared its mapping.
func (s *session) give(reply *epp.Reply, namespace string, data epp.Data) {
	if s.services[namespace] {
		reply.Data = data
		return
	}
	s.unhandled(reply, namespace, data.AppendData)
}

// unhandled shows what a client has not declared in the result, if it wants that
// (RFC 9038 section 3), and leaves it out otherwise.
func (s *session) unhandled(reply *epp.Reply, namespace string, write func([]byte) []byte) {
	if !s.services[epp.NSUnhandled] {
		return
	}
	if value, err := wire.Parse(write(nil), wire.Limits{}); err == nil {
		reply.Reasons = append(reply.Reasons, epp.Reason{Value: value, Text: namespace + " not in login services"})
	}
}

// objectOf names the object of a command for the log, in memory of its own.
func objectOf(request *epp.Request) (object, name string) {
	e := request.Object
	if e == nil {
		return "", ""
	}
	switch e.Space {
	case nsDomain:
		return "domain", strings.Clone(strings.ToLower(e.ChildText(nsDomain, "name")))
	case nsContact:
		return "contact", strings.Clone(e.ChildText(nsContact, "id"))
	case host.NS:
		return "host", strings.Clone(strings.ToLower(e.ChildText(host.NS, "name")))
	case nv.NS:
		return "verification", strings.Clone(e.ChildText(nv.NS, "code") + e.Child(nv.NS, "dnv").ChildText(nv.NS, "name") + e.ChildText(nv.NS, "name"))
	}
	return strings.Clone(e.Local), ""
}
