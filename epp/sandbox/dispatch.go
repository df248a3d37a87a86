package sandbox

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/loginsec"
	"github.com/verinym/verinym/epp/namestore"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

const (
	nsDomain  = domain.NS
	nsContact = contact.NS

	channelEPP   = "epp"
	channelVSP   = "vsp"
	channelAudit = "audit"
)

// use is a command that an extension goes with.
type use struct {
	object string
	verb   epp.Verb
}

// service is what a server offers: the registry, or the provider.
type service struct {
	name       string
	channel    string
	objects    []string
	extensions []string
	uses       map[string][]use // of extensions, by namespace
	commands   map[string]func(*exchange) *refusal
	queue      func(*registrar) *[]*message
	maxFrame   func(*Config) int
}

var registryService = &service{
	name:       "EPP sandbox",
	channel:    channelEPP,
	objects:    []string{nsDomain, nsContact, host.NS},
	extensions: []string{changepoll.NS, vcode.NS, cnnic.NSContact, cnnic.NSDomain, cnnic.NSRegistry, rgp.NS, secdns.NS, fee.NS, loginsec.NS, epp.NSUnhandled},
	uses: map[string][]use{
		cnnic.NSContact:  {{nsContact, epp.VerbCreate}, {nsContact, epp.VerbUpdate}},
		cnnic.NSDomain:   {{nsDomain, epp.VerbCreate}, {nsDomain, epp.VerbUpdate}},
		cnnic.NSRegistry: {{nsContact, epp.VerbCreate}, {host.NS, epp.VerbCreate}},
		vcode.NS: {{nsDomain, epp.VerbInfo}, {nsDomain, epp.VerbCreate}, {nsDomain, epp.VerbUpdate}, {nsDomain, epp.VerbRenew},
			{nsDomain, epp.VerbTransfer}, {nsDomain, epp.VerbDelete}},
		rgp.NS:    {{nsDomain, epp.VerbUpdate}},
		secdns.NS: {{nsDomain, epp.VerbCreate}, {nsDomain, epp.VerbUpdate}},
		fee.NS:    {{nsDomain, epp.VerbCheck}},
	},
	commands: map[string]func(*exchange) *refusal{
		nsDomain: (*exchange).domainCommand, nsContact: (*exchange).contactCommand, host.NS: (*exchange).hostCommand,
	},
	queue:    func(r *registrar) *[]*message { return &r.queue },
	maxFrame: func(c *Config) int { return c.MaxFrame },
}

// withNameStore is a service that wants Verisign's extension, too.
func (v *service) withNameStore() *service {
	w := *v
	w.extensions = append(slices.Clone(v.extensions), namestore.NS)
	w.uses = maps.Clone(v.uses)
	for _, verb := range []epp.Verb{epp.VerbCheck, epp.VerbInfo, epp.VerbCreate, epp.VerbUpdate, epp.VerbRenew, epp.VerbTransfer, epp.VerbDelete} {
		w.uses[namestore.NS] = append(w.uses[namestore.NS], use{nsDomain, verb}, use{host.NS, verb})
	}
	return &w
}

var vspService = &service{
	name:       "EPP sandbox, verification service provider",
	channel:    channelVSP,
	objects:    []string{nv.NS},
	extensions: []string{loginsec.NS, epp.NSUnhandled},
	commands:   map[string]func(*exchange) *refusal{nv.NS: (*exchange).verificationCommand},
	queue:      func(r *registrar) *[]*message { return &r.vspQueue },
	maxFrame:   func(c *Config) int { return c.VSP.MaxFrame },
}

func (v *service) appendGreeting(out []byte, now time.Time) []byte {
	greeting := epp.Greeting{
		ServerID: v.name, Date: now, Versions: []string{"1.0"}, Langs: []string{"en"}, Objects: v.objects, Extensions: v.extensions,
	}
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
		Channel: open.service.channel, Session: open.id, Client: open.client,
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
	if open.service == vspService {
		frame = epp.Redact(frame) // documents are not kept, not even in the log
	}
	s.record.add(entry, frame)
	return x.reply, fault
}

// run does the command and completes the answer.
func (x *exchange) run(unreadable error) {
	f := x.overLimit()
	switch {
	case f != nil:
	case unreadable != nil:
		f = unreadableFrame(unreadable)
	default:
		f = x.dispatch()
	}
	if f != nil {
		f.fill(x.reply)
	}
}

// overLimit refuses commands beyond what a session or a registrar may send.
func (x *exchange) overLimit() *refusal {
	c := &x.server.config
	x.session.commands++
	if c.CommandsPerSession > 0 && x.session.commands > c.CommandsPerSession {
		return refuse(epp.CodeSessionLimit, "at most %d commands in a session", c.CommandsPerSession)
	}
	r := x.registry.registrars[x.client]
	if c.CommandsPerSecond <= 0 || r == nil {
		return nil
	}
	if now := x.now.Unix(); r.second != now {
		r.second, r.commands = now, 0
	}
	if r.commands++; r.commands > c.CommandsPerSecond {
		return refuse(epp.CodeFailed, "at most %d commands a second", c.CommandsPerSecond)
	}
	return nil
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
	if f := x.checkProduct(); f != nil {
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
	command := x.session.service.commands[space]
	switch {
	case command == nil:
		return refuse(epp.CodeService, "%s is not served", space)
	case !x.session.services[space]:
		return refuse(epp.CodeService, "%s was not declared at login", space)
	case x.request.Object.Local != string(x.request.Verb):
		return refuse(epp.CodeSyntax, "%s inside %s", x.request.Object.Local, x.request.Verb)
	}
	return command(x)
}

// checkExtensions refuses extensions that are unknown, undeclared, out of place or
// given twice: which of the two is meant cannot be told.
func (x *exchange) checkExtensions() *refusal {
	for i, e := range x.request.Extensions {
		switch {
		case slices.ContainsFunc(x.request.Extensions[:i], func(earlier *wire.Element) bool { return earlier.Is(e.Space, e.Local) }):
			return refuse(epp.CodeSyntax, "%s is given twice", e.Local)
		case !slices.Contains(x.session.service.extensions, e.Space):
			return refuse(epp.CodeExtension, "%s is not implemented", e.Space)
		case !x.session.services[e.Space]:
			return refuse(epp.CodeExtension, "%s was not declared at login", e.Space)
		case !x.fits(e):
			return refuse(epp.CodeExtension, "%s does not go with this command", e.Space)
		}
	}
	return nil
}

// checkProduct refuses a command about a domain that does not say which of the registries
// behind the server it is for.
func (x *exchange) checkProduct() *refusal {
	if !x.server.config.NameStore || x.request.Object == nil || x.request.Object.Space != nsDomain {
		return nil
	}
	e := x.request.Extension(namestore.NS)
	if e == nil {
		return refuse(epp.CodeSyntax, "NameStore Extension not provided")
	}
	product, err := namestore.ParseSubProduct(e)
	if err != nil {
		return malformed(err)
	}
	if _, name := objectOf(x.request); product != namestore.ProductOf(name) {
		return refuse(epp.CodePolicy, "%s is not of the sub-product %s", name, product)
	}
	return nil
}

// fits reports whether an extension goes with the command. A code's info goes
// with an info only, and nothing else of it does.
func (x *exchange) fits(e *wire.Element) bool {
	if x.request.Object == nil {
		return false
	}
	if e.Space == vcode.NS && (e.Local == "info") != (x.request.Verb == epp.VerbInfo) {
		return false
	}
	return slices.Contains(x.session.service.uses[e.Space], use{x.request.Object.Space, x.request.Verb})
}

func (x *exchange) poll() *refusal {
	queue := x.session.service.queue(x.registry.registrars[x.client])
	waiting := *queue
	if x.request.Op == "req" {
		if len(waiting) == 0 {
			x.reply.Code = epp.CodeNoMessages
			return nil
		}
		x.reply.Code = epp.CodeMessage
		x.reply.Queue = &epp.MessageQueue{Count: len(waiting)}
		waiting[0].fill(x.reply, x.session)
		return nil
	}
	if len(waiting) == 0 || waiting[0].ID != x.request.MessageID {
		return refuse(epp.CodeNotExists, "message %s is not the oldest of the queue", x.request.MessageID)
	}
	waiting[0] = nil
	waiting = waiting[1:]
	*queue = waiting
	x.registry.revision++
	if len(waiting) > 0 {
		x.reply.Queue = &epp.MessageQueue{Count: len(waiting), ID: waiting[0].ID}
	}
	return nil
}
