package epp

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/verinym/verinym/epp/wire"
)

// Greeting is how a registry introduces itself (RFC 5730 section 2.4).
type Greeting struct {
	ServerID   string
	Date       time.Time // the registry's clock
	Versions   []string
	Langs      []string
	Objects    []string // namespaces of the object mappings that it serves
	Extensions []string // namespaces of the extensions that it understands
	Raw        []byte   // the document as received
}

// Offers reports whether the greeting names a namespace, as an object or as an
// extension.
func (g *Greeting) Offers(namespace string) bool {
	return slices.Contains(g.Objects, namespace) || slices.Contains(g.Extensions, namespace)
}

var errNotGreeting = errors.New("epp: frame is not a greeting")

// ParseGreeting reads a greeting frame.
func ParseGreeting(frame []byte, limits wire.Limits) (*Greeting, error) {
	root, err := wire.Parse(frame, limits)
	if err != nil {
		return nil, err
	}
	return greetingOf(root, frame)
}

func greetingOf(root *wire.Element, frame []byte) (*Greeting, error) {
	e := root.Child(NS, "greeting")
	if !root.Is(NS, "epp") || e == nil {
		return nil, errNotGreeting
	}
	date, err := wire.ChildTime(e, NS, "svDate")
	if err != nil {
		return nil, fmt.Errorf("epp: greeting: %w", err)
	}
	menu := e.Child(NS, "svcMenu")
	if menu == nil {
		return nil, fmt.Errorf("epp: greeting: %w", wire.Missing("svcMenu"))
	}
	return &Greeting{
		ServerID:   e.ChildText(NS, "svID"),
		Date:       date,
		Versions:   childTexts(menu, "version"),
		Langs:      childTexts(menu, "lang"),
		Objects:    childTexts(menu, "objURI"),
		Extensions: childTexts(menu.Child(NS, "svcExtension"), "extURI"),
		Raw:        frame,
	}, nil
}

func childTexts(e *wire.Element, local string) []string {
	if e == nil {
		return nil
	}
	var texts []string
	for _, c := range e.Children {
		if c.Is(NS, local) {
			texts = append(texts, c.Value())
		}
	}
	return texts
}

// AppendXML appends the greeting as a whole document. Its data collection
// policy is a fixed one: everybody's access to all data, for administration and
// provisioning, kept as stated.
func (g *Greeting) AppendXML(b []byte) []byte {
	b = append(b, frameHead+"<greeting>"...)
	b = wire.AppendElement(b, "svID", g.ServerID)
	b = wire.AppendTime(b, "svDate", g.Date)
	b = append(b, "<svcMenu>"...)
	for _, v := range g.Versions {
		b = wire.AppendElement(b, "version", v)
	}
	for _, l := range g.Langs {
		b = wire.AppendElement(b, "lang", l)
	}
	for _, uri := range g.Objects {
		b = wire.AppendElement(b, "objURI", uri)
	}
	b = appendExtensionURIs(b, g.Extensions)
	return append(b, `</svcMenu><dcp><access><all/></access><statement><purpose><admin/><prov/></purpose>`+
		`<recipient><ours/><public/></recipient><retention><stated/></retention></statement></dcp>`+
		`</greeting>`+frameTail...)
}
