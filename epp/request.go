package epp

import (
	"github.com/verinym/verinym/epp/wire"
)

// Request is a client's frame as a server reads it.
type Request struct {
	Verb       Verb
	Object     *wire.Element // the object mapping's element inside the verb's; nil for hello, login, logout, poll
	Op         string        // the op attribute of poll and transfer
	MessageID  string        // of a poll ack
	Login      *Login        // of a login
	Extensions []*wire.Element
	ClTRID     string
}

// Extension returns the first extension element in a namespace, or nil.
func (r *Request) Extension(space string) *wire.Element {
	for _, e := range r.Extensions {
		if e.Space == space {
			return e
		}
	}
	return nil
}

// ParseRequest reads a frame from a client.
//
// With an error it returns what it could read, so that a server can echo the
// clTRID. The error is an [*Error] with the code to answer: 2000 for an unknown
// verb, 2001 for a frame that is not valid.
func ParseRequest(frame []byte, limits wire.Limits) (*Request, error) {
	root, err := wire.Parse(frame, limits)
	if err != nil {
		return &Request{}, refuse(CodeSyntax, err)
	}
	if !root.Is(NS, "epp") || len(root.Children) != 1 {
		return &Request{}, refuse(CodeSyntax, wire.Missing("command"))
	}
	switch e := root.Children[0]; {
	case e.Is(NS, "hello"):
		return &Request{Verb: VerbHello}, nil
	case e.Is(NS, "command"):
		return requestOf(e)
	default:
		return &Request{}, refuse(CodeSyntax, &wire.ValueError{Element: e.Local, Unexpected: true})
	}
}

func refuse(code int, err error) *Error {
	return &Error{Code: code, Message: CodeText(code), Sent: true, Err: err}
}

func requestOf(command *wire.Element) (*Request, error) {
	r := &Request{}
	if e := command.Child(NS, "clTRID"); e != nil {
		id := collapsed(e.Text)
		if !validTRID(id) {
			return r, refuse(CodeSyntax, wire.Invalid("clTRID", id))
		}
		r.ClTRID = id
	}
	if len(command.Children) == 0 {
		return r, refuse(CodeSyntax, wire.Missing("command"))
	}
	verb := command.Children[0]
	if err := wire.Sequence(command, NS, verb.Local, "extension", "clTRID"); err != nil {
		return r, refuse(CodeSyntax, err)
	}
	if x := command.Child(NS, "extension"); x != nil {
		r.Extensions = x.Children
	}
	r.Verb = Verb(verb.Local)
	r.Op = verb.Attr("op")
	switch r.Verb {
	case VerbLogout:
		return r, nil
	case VerbLogin:
		return r.withLogin(verb)
	case VerbPoll:
		return r.withPoll(verb)
	case VerbCheck, VerbInfo, VerbCreate, VerbUpdate, VerbDelete, VerbRenew, VerbTransfer:
		if len(verb.Children) != 1 || verb.Children[0].Space == NS {
			return r, refuse(CodeSyntax, wire.Missing("object"))
		}
		r.Object = verb.Children[0]
		return r, nil
	}
	return r, refuse(CodeUnknownCommand, &wire.ValueError{Element: verb.Local, Unexpected: true})
}

func (r *Request) withPoll(e *wire.Element) (*Request, error) {
	r.MessageID = e.Attr("msgID")
	switch {
	case r.Op != "req" && r.Op != "ack":
		return r, refuse(CodeSyntax, wire.Invalid("op", r.Op))
	case r.Op == "ack" && r.MessageID == "":
		return r, refuse(CodeMissing, wire.Missing("msgID"))
	}
	return r, nil
}

func (r *Request) withLogin(e *wire.Element) (*Request, error) {
	if err := wire.Sequence(e, NS, "clID", "pw", "newPW", "options", "svcs"); err != nil {
		return r, refuse(CodeSyntax, err)
	}
	options, svcs := e.Child(NS, "options"), e.Child(NS, "svcs")
	if options == nil {
		return r, refuse(CodeSyntax, wire.Missing("options"))
	}
	if svcs == nil {
		return r, refuse(CodeSyntax, wire.Missing("svcs"))
	}
	r.Login = &Login{
		ClientID:    e.ChildText(NS, "clID"),
		Password:    e.ChildText(NS, "pw"),
		NewPassword: e.ChildText(NS, "newPW"),
		Version:     options.ChildText(NS, "version"),
		Lang:        options.ChildText(NS, "lang"),
		Objects:     childTexts(svcs, "objURI"),
		Extensions:  childTexts(svcs.Child(NS, "svcExtension"), "extURI"),
	}
	return r, nil
}
