package sandbox

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

const (
	nsDomain    = domain.NS
	nsContact   = contact.NS
	nsUnhandled = "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"

	channelEPP   = "epp"
	channelAudit = "audit"
)

var (
	objects    = []string{nsDomain, nsContact}
	extensions = []string{changepoll.NS, vcode.NS, cnnic.NSContact, cnnic.NSDomain, nsUnhandled}
)

// extensionUses says with which commands a client may send an extension.
var extensionUses = map[string]struct {
	object string
	verbs  []epp.Verb
}{
	cnnic.NSContact: {nsContact, []epp.Verb{epp.VerbCreate, epp.VerbUpdate}},
	cnnic.NSDomain:  {nsDomain, []epp.Verb{epp.VerbCreate, epp.VerbUpdate}},
	vcode.NS:        {nsDomain, []epp.Verb{epp.VerbInfo}},
}

func newGreeting() epp.Greeting {
	return epp.Greeting{
		ServerID: "EPP sandbox", Versions: []string{"1.0"}, Langs: []string{"en"},
		Objects: objects, Extensions: extensions,
	}
}

func appendGreeting(out []byte, s *Server) []byte {
	greeting := s.greeting
	greeting.Date = s.config.Clock.Now()
	start := len(out)
	return wire.EndFrame(greeting.AppendXML(wire.BeginFrame(out)), start)
}

// exchange is one command with the answer that it gets.
type exchange struct {
	server   *Server
	registry *registry
	session  *session
	request  *epp.Request
	reply    *epp.Reply
	client   string
	now      time.Time
}

// carryOut does what a command asks for, logs it, and returns the answer, with
// the fault that is to strike it.
func (s *Server) carryOut(open *session, request *epp.Request, unreadable error, frame []byte) (*epp.Reply, *Fault) {
	object, name := objectOf(request)
	entry := Received{
		Channel: channelEPP, Session: open.id, Client: open.client,
		ClTRID: strings.Clone(request.ClTRID), Verb: strings.Clone(string(request.Verb)), Object: object, Name: name,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next, had := s.registry.next()
	x := &exchange{
		server: s, registry: s.registry, session: open, request: request, client: open.client, now: s.config.Clock.Now(),
		reply: &epp.Reply{Code: epp.CodeOK, ClTRID: request.ClTRID, SvTRID: s.registry.nextSvTRID()},
	}
	entry.Time, entry.SvTRID = x.now, x.reply.SvTRID
	fault := s.strike(&entry)
	switch {
	case fault != nil && fault.Kind == FaultCut:
		s.cut(fault.Delay)
	case fault != nil && fault.Kind == FaultDropBefore:
	case fault != nil && fault.Kind == FaultCode:
		x.reply.Code = fault.Code
		entry.Code = fault.Code
	default:
		s.registry.catchUp(x.now)
		x.run(unreadable)
		s.registry.catchUp(x.now)
		s.reschedule(next, had)
		entry.Code, entry.Client = x.reply.Code, open.client
	}
	s.record.add(entry, frame)
	return x.reply, fault
}

// run does the command and completes the answer.
func (x *exchange) run(unreadable error) {
	var f *refusal
	if unreadable != nil {
		f = unreadableFrame(unreadable)
	} else {
		f = x.dispatch()
	}
	if f != nil {
		f.fill(x.reply)
	}
}

// unreadableFrame is the refusal for what epp.ParseRequest did not understand.
func unreadableFrame(err error) *refusal {
	var e *epp.Error
	if !errors.As(err, &e) {
		return refuse(epp.CodeSyntax, "%v", err)
	}
	return refuse(e.Code, "%v", e.Err)
}

func (x *exchange) dispatch() *refusal {
	switch x.request.Verb {
	case epp.VerbHello:
		return nil
	case epp.VerbLogin:
		return x.login()
	}
	if x.client == "" {
		return refuse(epp.CodeUse, "not logged in")
	}
	if f := x.checkExtensions(); f != nil {
		return f
	}
	switch x.request.Verb {
	case epp.VerbLogout:
		x.reply.Code = epp.CodeEnding
		return nil
	case epp.VerbPoll:
		return x.poll()
	}
	space := x.request.Object.Space
	switch {
	case !slices.Contains(objects, space):
		return refuse(epp.CodeService, "%s is not served", space)
	case !x.session.services[space]:
		return refuse(epp.CodeService, "%s was not declared at login", space)
	case x.request.Object.Local != string(x.request.Verb):
		return refuse(epp.CodeSyntax, "%s inside %s", x.request.Object.Local, x.request.Verb)
	case space == nsDomain:
		return x.domainCommand()
	default:
		return x.contactCommand()
	}
}

// checkExtensions refuses extensions that are unknown, undeclared or out of place.
func (x *exchange) checkExtensions() *refusal {
	for _, e := range x.request.Extensions {
		use, known := extensionUses[e.Space]
		switch {
		case !known:
			return refuse(epp.CodeExtension, "%s is not implemented", e.Space)
		case !x.session.services[e.Space]:
			return refuse(epp.CodeExtension, "%s was not declared at login", e.Space)
		case x.request.Object == nil || x.request.Object.Space != use.object || !slices.Contains(use.verbs, x.request.Verb):
			return refuse(epp.CodeExtension, "%s does not go with this command", e.Space)
		}
	}
	return nil
}

func (x *exchange) login() *refusal {
	l := x.request.Login
	if x.client != "" {
		return refuse(epp.CodeUse, "already logged in")
	}
	if f := acceptable(l); f != nil {
		return f
	}
	r := x.registry.registrars[l.ClientID]
	if r == nil || r.Password != l.Password {
		x.session.refused++
		if x.session.refused == loginAttempts {
			return refuse(epp.CodeAuthClosing, "too many attempts")
		}
		return refuse(epp.CodeAuthentication, "unknown client or wrong password")
	}
	if r.sessions >= x.server.config.MaxSessions {
		return refuse(epp.CodeSessionLimit, "at most %d sessions", x.server.config.MaxSessions)
	}
	if l.NewPassword != "" {
		r.Password, r.changed = strings.Clone(l.NewPassword), true
		x.registry.revision++
	}
	r.sessions++
	x.session.client = r.ID
	x.session.services = map[string]bool{}
	for _, uri := range slices.Concat(l.Objects, l.Extensions) {
		x.session.services[strings.Clone(uri)] = true
	}
	return nil
}

// acceptable checks what a login asks for, before who asks.
func acceptable(l *epp.Login) *refusal {
	switch {
	case l.Version != "1.0":
		return refuse(epp.CodeVersion, "version %s", l.Version)
	case l.Lang != "en":
		return refuse(epp.CodeOption, "language %s", l.Lang)
	case l.NewPassword != "" && (len(l.NewPassword) < 6 || len(l.NewPassword) > 16):
		return refuse(epp.CodeValueSyntax, "passwords have 6 to 16 characters")
	case len(l.Objects) == 0:
		return refuse(epp.CodeMissing, "no objURI")
	}
	for _, uri := range l.Objects {
		if !slices.Contains(objects, uri) {
			return refuse(epp.CodeService, "%s is not served", uri)
		}
	}
	for _, uri := range l.Extensions {
		if !slices.Contains(extensions, uri) {
			return refuse(epp.CodeExtension, "%s is not implemented", uri)
		}
	}
	return nil
}

func (x *exchange) poll() *refusal {
	r := x.registry.registrars[x.client]
	if x.request.Op == "req" {
		if len(r.queue) == 0 {
			x.reply.Code = epp.CodeNoMessages
			return nil
		}
		x.reply.Code = epp.CodeMessage
		x.reply.Queue = &epp.MessageQueue{Count: len(r.queue)}
		r.queue[0].fill(x.reply, x.session)
		return nil
	}
	if len(r.queue) == 0 || r.queue[0].ID != x.request.MessageID {
		return refuse(epp.CodeNotExists, "message %s is not the oldest of the queue", x.request.MessageID)
	}
	r.queue[0] = nil
	r.queue = r.queue[1:]
	x.registry.revision++
	if len(r.queue) > 0 {
		x.reply.Queue = &epp.MessageQueue{Count: len(r.queue), ID: r.queue[0].ID}
	}
	return nil
}
