package epp

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/verinym/verinym/epp/wire"
)

// Verb is the name of a command's element in RFC 5730 section 2.9.
type Verb string

// The verbs. Hello is no command: it has no clTRID and is answered by a greeting.
const (
	VerbHello    Verb = "hello"
	VerbLogin    Verb = "login"
	VerbLogout   Verb = "logout"
	VerbPoll     Verb = "poll"
	VerbCheck    Verb = "check"
	VerbInfo     Verb = "info"
	VerbCreate   Verb = "create"
	VerbUpdate   Verb = "update"
	VerbDelete   Verb = "delete"
	VerbRenew    Verb = "renew"
	VerbTransfer Verb = "transfer"
)

// Body is what a command does: domain.Create, contact.Update, [Poll] and so on.
type Body interface {
	// AppendBody appends the command's element, such as
	// <create><domain:create …>…</domain:create></create>.
	AppendBody(b []byte) []byte
	Verb() Verb
}

// Extension is an element of a command's or an answer's <extension>.
type Extension interface {
	AppendExtension(b []byte) []byte
	Namespace() string
}

// Command is one request to the registry.
type Command struct {
	Body       Body
	Extensions []Extension

	// ClTRID identifies the command in the registry's answer, its log and later
	// poll messages: 3 to 64 visible characters, or single spaces between them;
	// anything else is [ErrClTRID]. Empty means that the Conn makes one up.
	ClTRID string
}

// Lengths of a transaction identifier in characters (epp:trIDStringType).
const (
	shortestTRID = 3
	longestTRID  = 64
)

// validTRID reports whether a transaction identifier comes back as it was sent:
// the schema's type is a token, in which others may collapse white space.
func validTRID(id string) bool {
	n := utf8.RuneCountInString(id)
	return n >= shortestTRID && n <= longestTRID && id == collapsed(id) && utf8.ValidString(id) &&
		!strings.ContainsFunc(id, func(r rune) bool { return !unicode.IsGraphic(r) })
}

// collapsed is a text as the schema's type token has it.
func collapsed(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`
	frameHead = xmlHead + `<epp xmlns="` + NS + `">`
	frameTail = `</epp>`
)

// AppendXML appends the command as a whole document, without the frame header.
func (c Command) AppendXML(b []byte) []byte {
	b = append(b, frameHead+"<command>"...)
	b = c.Body.AppendBody(b)
	b = appendExtensions(b, c.Extensions)
	b = wire.AppendOptional(b, "clTRID", c.ClTRID)
	return append(b, "</command>"+frameTail...)
}

func appendExtensions(b []byte, extensions []Extension) []byte {
	if len(extensions) == 0 {
		return b
	}
	b = wire.AppendStart(b, "extension")
	for _, x := range extensions {
		b = x.AppendExtension(b)
	}
	return wire.AppendEnd(b, "extension")
}

// Poll asks for the oldest message in the registrar's queue (RFC 5730 section
// 2.9.2.3). The answer is 1301 with [Response.Queue], or 1300 and none.
type Poll struct{}

func (Poll) Verb() Verb { return VerbPoll }

func (Poll) AppendBody(b []byte) []byte { return append(b, `<poll op="req"/>`...) }

// Ack takes the message ID out of the queue. It is for a message that has been
// stored durably: the registry will not tell it again.
type Ack struct{ ID string }

func (Ack) Verb() Verb { return VerbPoll }

func (a Ack) AppendBody(b []byte) []byte {
	b = append(b, `<poll op="ack"`...)
	b = wire.AppendAttr(b, "msgID", a.ID)
	return append(b, '/', '>')
}

// Login opens a session (RFC 5730 section 2.9.1.1). [Dial] sends it.
type Login struct {
	ClientID    string
	Password    string
	NewPassword string // "" keeps the password
	Version     string // "" is "1.0"
	Lang        string // "" is "en"
	Objects     []string
	Extensions  []string
}

func (Login) Verb() Verb { return VerbLogin }

func (l Login) AppendBody(b []byte) []byte {
	b = append(b, "<login>"...)
	b = wire.AppendElement(b, "clID", l.ClientID)
	b = wire.AppendElement(b, "pw", l.Password)
	b = wire.AppendOptional(b, "newPW", l.NewPassword)
	b = append(b, "<options>"...)
	b = wire.AppendElement(b, "version", or(l.Version, "1.0"))
	b = wire.AppendElement(b, "lang", or(l.Lang, "en"))
	b = append(b, "</options><svcs>"...)
	for _, uri := range l.Objects {
		b = wire.AppendElement(b, "objURI", uri)
	}
	b = appendExtensionURIs(b, l.Extensions)
	return append(b, "</svcs></login>"...)
}

func appendExtensionURIs(b []byte, uris []string) []byte {
	if len(uris) == 0 {
		return b
	}
	b = append(b, "<svcExtension>"...)
	for _, uri := range uris {
		b = wire.AppendElement(b, "extURI", uri)
	}
	return append(b, "</svcExtension>"...)
}

// Logout ends a session. [Conn.Logout] sends it.
type Logout struct{}

func (Logout) Verb() Verb { return VerbLogout }

func (Logout) AppendBody(b []byte) []byte { return append(b, "<logout/>"...) }

// RawBody is a command's element written by hand, for mappings without a package
// here. It must be well-formed.
type RawBody struct {
	Name Verb
	XML  []byte
}

func (r RawBody) Verb() Verb { return r.Name }

func (r RawBody) AppendBody(b []byte) []byte { return append(b, r.XML...) }

// RawExtension is an extension element written by hand. It must be well-formed.
type RawExtension struct {
	NS  string
	XML []byte
}

func (r RawExtension) Namespace() string { return r.NS }

func (r RawExtension) AppendExtension(b []byte) []byte { return append(b, r.XML...) }

// AuthInfo is the password of an object, which proves the right to transfer it
// (RFC 5731 section 3.2.1).
type AuthInfo struct {
	PW   string
	ROID string // whose password it is, if it is a contact's; usually ""
}

// AppendAuthInfo appends <prefix:authInfo>. A nil a is an empty password, which
// the schemas allow on create.
func AppendAuthInfo(b []byte, prefix string, a *AuthInfo) []byte {
	if a == nil {
		a = &AuthInfo{}
	}
	b = append(b, '<')
	b = append(b, prefix...)
	b = append(b, ":authInfo><"...)
	b = append(b, prefix...)
	b = append(b, ":pw"...)
	if a.ROID != "" {
		b = wire.AppendAttr(b, "roid", a.ROID)
	}
	b = append(b, '>')
	b = wire.AppendText(b, a.PW)
	b = wire.AppendEnd(b, prefix+":pw")
	return wire.AppendEnd(b, prefix+":authInfo")
}

// ParseAuthInfo reads the authInfo child of e. It returns nil if there is none, or
// one of a kind other than a password.
func ParseAuthInfo(e *wire.Element, space string) (*AuthInfo, error) {
	info := e.Child(space, "authInfo")
	if info == nil || info.Child(space, "ext") != nil {
		return nil, nil
	}
	pw := info.Child(space, "pw")
	if pw == nil {
		return nil, wire.Missing("pw")
	}
	return &AuthInfo{PW: pw.Text, ROID: pw.Attr("roid")}, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
