package epptest

import (
	"bytes"
	"testing"

	"github.com/verinym/verinym/epp/wire"
)

// Encode appends a parsed value's XML.
type Encode func([]byte) []byte

// RoundTrip parses the first element of a document with each reader. What a
// reader accepts must be written, read and written again without a change.
func RoundTrip(t *testing.T, doc []byte, readers Readers) {
	t.Helper()
	e, err := wire.Parse(doc, wire.Limits{})
	if err != nil {
		return
	}
	for name, read := range readers {
		encode, err := read(e)
		if err != nil {
			continue
		}
		first := encode(nil)
		again, err := wire.Parse(first, wire.Limits{Bytes: len(first)})
		if err != nil {
			t.Fatalf("%s wrote what is no XML: %v\n%s", name, err, first)
		}
		for !again.Is(e.Space, e.Local) && len(again.Children) == 1 {
			again = again.Children[0] // out of the verb's element
		}
		encode, err = read(again)
		if err != nil {
			t.Fatalf("%s does not read what it wrote: %v\n%s", name, err, first)
		}
		if second := encode(nil); !bytes.Equal(first, second) {
			t.Fatalf("%s wrote\n%s\nthen\n%s", name, first, second)
		}
	}
}

// Seeds adds the payloads of golden frames to a fuzz corpus: the object or
// extension elements in them.
func Seeds(f *testing.F, names ...string) {
	f.Helper()
	for _, name := range names {
		root, err := wire.Parse(Document(f, name), wire.Limits{})
		if err != nil {
			f.Fatal(err)
		}
		addForeign(f, root)
	}
}

// addForeign adds the outermost elements that are not of the core namespace.
func addForeign(f *testing.F, e *wire.Element) {
	for _, c := range e.Children {
		if c.Space != e.Space {
			f.Add(c.Append(nil))
			continue
		}
		addForeign(f, c)
	}
}
