package wire

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits bounds what [Parse] accepts. A zero field means the default.
type Limits struct {
	Bytes int // size of the document; default 1 MiB
	Depth int // nesting of elements; default 64
	Attrs int // attributes and namespace declarations of one element; default 64
}

const (
	defaultBytes = 1 << 20
	defaultDepth = 64
	defaultAttrs = 64
)

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = defaultBytes
	}
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.Attrs <= 0 {
		l.Attrs = defaultAttrs
	}
	return l
}

// SyntaxError says where and why a document was refused.
type SyntaxError struct {
	Offset int // in bytes
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("wire: XML refused at byte %d: %s", e.Offset, e.Reason)
}

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// Parse reads one XML document and returns its root element. The package
// comment names the XML that is accepted; anything else is a [*SyntaxError].
//
// The elements' Raw slices refer to b, which must not be changed afterwards.
func Parse(b []byte, limits Limits) (*Element, error) {
	p := parser{limits: limits.withDefaults(), raw: b}
	if len(b) > p.limits.Bytes {
		return nil, &SyntaxError{0, fmt.Sprintf("document of %d bytes, at most %d allowed", len(b), p.limits.Bytes)}
	}
	if err := checkEncoding(b); err != nil {
		return nil, err
	}
	p.doc = string(b) // once; every string of the tree is a part of it
	p.scratch = scratchPool.Get().(*scratch)
	defer p.scratch.free()
	p.slab = make([]Element, 0, min(strings.Count(p.doc, "<")/2+2, 64))
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	return root, nil
}

// checkEncoding refuses what is not UTF-8 and the code points XML excludes that
// a byte-wise scan does not meet.
func checkEncoding(b []byte) error {
	if !utf8.Valid(b) {
		return &SyntaxError{0, "not UTF-8"}
	}
	for _, bad := range []string{"\uFFFE", "\uFFFF"} {
		if i := bytes.Index(b, []byte(bad)); i >= 0 {
			return &SyntaxError{i, "character not allowed in XML"}
		}
	}
	return nil
}

// binding is one namespace declaration in scope.
type binding struct{ prefix, space string }

type parser struct {
	limits Limits
	raw    []byte
	doc    string
	pos    int
	depth  int
	slab   []Element // elements are handed out of it, to allocate in bulk
	*scratch
}

// scratch is what a parser needs for the time being. None of it gets into the tree.
type scratch struct {
	open     []*Element // finished children whose parents are still open
	bindings []binding
	attrs    []Attr // of the element being read; names still prefixed
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// free gives the scratch back without what it refers to, unless it has grown
// beyond what a usual frame needs.
func (s *scratch) free() {
	if cap(s.open)+cap(s.bindings)+cap(s.attrs) > 1024 {
		return
	}
	clear(s.open[:cap(s.open)])
	clear(s.bindings[:cap(s.bindings)])
	clear(s.attrs[:cap(s.attrs)])
	s.open, s.bindings, s.attrs = s.open[:0], s.bindings[:0], s.attrs[:0]
	scratchPool.Put(s)
}

func (p *parser) fail(reason string) error {
	return &SyntaxError{Offset: p.pos, Reason: reason}
}

func (p *parser) document() (*Element, error) {
	if strings.HasPrefix(p.doc, "\uFEFF") {
		p.pos = len("\uFEFF")
	}
	if strings.HasPrefix(p.doc[p.pos:], "<?xml") && p.pos+5 < len(p.doc) && isSpace(p.doc[p.pos+5]) {
		if err := p.declaration(); err != nil {
			return nil, err
		}
	}
	if err := p.misc(); err != nil {
		return nil, err
	}
	if p.pos == len(p.doc) || p.doc[p.pos] != '<' {
		return nil, p.fail("no root element")
	}
	root, err := p.element()
	if err != nil {
		return nil, err
	}
	if err := p.misc(); err != nil {
		return nil, err
	}
	if p.pos != len(p.doc) {
		return nil, p.fail("content after the root element")
	}
	return root, nil
}

// declaration reads <?xml version="1.0" encoding="UTF-8" standalone="no"?>.
func (p *parser) declaration() error {
	p.pos += len("<?xml")
	for i, name := range []string{"version", "encoding", "standalone"} {
		spaced := p.skipSpace()
		if !strings.HasPrefix(p.doc[p.pos:], name) {
			if i == 0 {
				return p.fail("XML declaration without version")
			}
			continue
		}
		if !spaced {
			return p.fail("white space expected")
		}
		p.pos += len(name)
		value, err := p.attrValue()
		if err != nil {
			return err
		}
		if !declarationValueAllowed(name, value) {
			return p.fail("XML declaration: " + name + " not supported")
		}
	}
	p.skipSpace()
	if !strings.HasPrefix(p.doc[p.pos:], "?>") {
		return p.fail("XML declaration not closed")
	}
	p.pos += 2
	return nil
}

func declarationValueAllowed(name, value string) bool {
	switch name {
	case "version":
		return value == "1.0"
	case "encoding":
		return strings.EqualFold(value, "UTF-8")
	default:
		return value == "yes" || value == "no"
	}
}

// misc skips white space and comments around the root element.
func (p *parser) misc() error {
	for {
		p.skipSpace()
		if !strings.HasPrefix(p.doc[p.pos:], "<!--") {
			break
		}
		if err := p.comment(); err != nil {
			return err
		}
	}
	if strings.HasPrefix(p.doc[p.pos:], "<!") {
		return p.fail("DOCTYPE not allowed")
	}
	if strings.HasPrefix(p.doc[p.pos:], "<?") {
		return p.fail("processing instruction not allowed")
	}
	return nil
}

// comment skips a comment; p.pos is at its "<!--".
func (p *parser) comment() error {
	start := p.pos + len("<!--")
	end := strings.Index(p.doc[start:], "--")
	if end < 0 {
		return p.fail("comment not closed")
	}
	if err := p.checkChars(start, start+end); err != nil {
		return err
	}
	p.pos = start + end + len("--")
	if p.pos == len(p.doc) || p.doc[p.pos] != '>' {
		return p.fail("\"--\" inside a comment")
	}
	p.pos++
	return nil
}

// checkChars refuses control characters in doc[from:to].
func (p *parser) checkChars(from, to int) error {
	for i := from; i < to; i++ {
		if class[p.doc[i]]&control != 0 {
			p.pos = i
			return p.fail("control character")
		}
	}
	return nil
}

func (p *parser) skipSpace() (skipped bool) {
	start := p.pos
	for p.pos < len(p.doc) && isSpace(p.doc[p.pos]) {
		p.pos++
	}
	return p.pos > start
}

// name reads an ASCII name, possibly prefixed. It is "" if none starts here.
func (p *parser) name() string {
	start := p.pos
	if start == len(p.doc) || class[p.doc[start]]&nameStart == 0 {
		return ""
	}
	i := start + 1
	for i < len(p.doc) && class[p.doc[i]]&nameRest != 0 {
		i++
	}
	p.pos = i
	return p.doc[start:i]
}

// newElement hands out an element from the current slab.
func (p *parser) newElement() *Element {
	if len(p.slab) == cap(p.slab) {
		p.slab = make([]Element, 0, 64)
	}
	p.slab = p.slab[:len(p.slab)+1]
	return &p.slab[len(p.slab)-1]
}
