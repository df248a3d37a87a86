package mapping

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Mapping is an object mapping.
type Mapping struct {
	Prefix string // of its elements, by which its errors are known too
	NS     string
	Key    string // the element that names an object: "name" or "id"
}

// Tag is an element's name with the prefix.
func (m Mapping) Tag(local string) string { return m.Prefix + ":" + local }

// Begin opens a root element of the mapping, [Mapping.End] closes it.
func (m Mapping) Begin(b []byte, local string) []byte {
	return wire.AppendRoot(b, m.Prefix, local, m.NS)
}

// End closes an element.
func (m Mapping) End(b []byte, local string) []byte { return wire.AppendEnd(b, m.Tag(local)) }

// Text appends an element with a text.
func (m Mapping) Text(b []byte, local, text string) []byte {
	return wire.AppendElement(b, m.Tag(local), text)
}

// Expect guards against an element that is not there, as in an answer without
// data, or is another one.
func (m Mapping) Expect(e *wire.Element, local string) error {
	if e == nil {
		return fmt.Errorf("%s: %w", m.Prefix, wire.Missing(local))
	}
	if !e.Is(m.NS, local) {
		return fmt.Errorf("%s: %w", m.Prefix, &wire.ValueError{Element: e.Local, Unexpected: true})
	}
	return nil
}

// Fail says in which element an error was found.
func (m Mapping) Fail(e *wire.Element, err error) error {
	return fmt.Errorf("%s:%s: %w", m.Prefix, e.Local, err)
}

// Command checks a command's element: its name, and the order of its children.
func (m Mapping) Command(e *wire.Element, local string, children ...string) error {
	if err := m.Expect(e, local); err != nil {
		return err
	}
	if err := wire.Sequence(e, m.NS, children...); err != nil {
		return m.Fail(e, err)
	}
	return nil
}

// AppendNamed appends a whole command that says no more than which objects it is
// about: check, info, delete.
func (m Mapping) AppendNamed(b []byte, verb epp.Verb, keys ...string) []byte {
	b = wire.AppendStart(b, string(verb))
	b = m.Begin(b, string(verb))
	for _, k := range keys {
		b = m.Text(b, m.Key, k)
	}
	b = m.End(b, string(verb))
	return wire.AppendEnd(b, string(verb))
}

// ParseNamed reads the one object that a command names.
func (m Mapping) ParseNamed(e *wire.Element, verb epp.Verb) (string, error) {
	if err := m.Command(e, string(verb), m.Key); err != nil {
		return "", err
	}
	return m.Required(e, m.Key)
}

// Required returns the text of a child that must be there.
func (m Mapping) Required(e *wire.Element, local string) (string, error) {
	v, err := wire.Require(e, m.NS, local)
	if err != nil {
		return "", m.Fail(e, err)
	}
	return v, nil
}

// ParseKeys reads the objects of a check, at least one.
func (m Mapping) ParseKeys(e *wire.Element) ([]string, error) {
	if err := m.Command(e, "check", m.Key+"*"); err != nil {
		return nil, err
	}
	keys := Texts(e, m.NS, m.Key)
	if len(keys) == 0 {
		return nil, m.Fail(e, wire.Missing(m.Key))
	}
	return keys, nil
}

// Texts are the texts of the children with a name.
func Texts(e *wire.Element, space, local string) []string {
	var texts []string
	for _, c := range e.Children {
		if c.Is(space, local) {
			texts = append(texts, c.Value())
		}
	}
	return texts
}

// Times maps element names to where their values go.
type Times map[string]*time.Time

// ReadTimes reads the children that are wanted.
func (m Mapping) ReadTimes(e *wire.Element, wanted Times) error {
	for _, c := range e.Children {
		into := wanted[c.Local]
		if into == nil || c.Space != m.NS {
			continue
		}
		t, err := wire.ParseTime(c.Value())
		if err != nil {
			return m.Fail(e, wire.Invalid(c.Local, c.Value()))
		}
		*into = t
	}
	return nil
}
