package wire

import "strings"

// element reads one element; p.pos is at its '<'.
func (p *parser) element() (*Element, error) {
	if p.depth == p.limits.Depth {
		return nil, p.fail("elements nested too deeply")
	}
	p.depth++
	start, scope, firstChild := p.pos, len(p.bindings), len(p.open)
	p.pos++
	tag := p.name()
	if tag == "" {
		return nil, p.fail("element name expected")
	}
	e := p.newElement()
	empty, err := p.startTag(e, tag)
	if err != nil {
		return nil, err
	}
	if !empty {
		if err := p.content(e, tag); err != nil {
			return nil, err
		}
	}
	e.Raw = p.raw[start:p.pos:p.pos]
	if n := len(p.open) - firstChild; n > 0 {
		e.Children = make([]*Element, n)
		copy(e.Children, p.open[firstChild:])
		p.open = p.open[:firstChild]
	}
	p.bindings = p.bindings[:scope]
	p.depth--
	return e, nil
}

// startTag reads attributes up to and including '>' and resolves the names. It
// reports whether the tag was an empty-element tag.
func (p *parser) startTag(e *Element, tag string) (empty bool, err error) {
	p.attrs = p.attrs[:0]
	declared := len(p.bindings)
	for {
		spaced := p.skipSpace()
		if p.pos == len(p.doc) {
			return false, p.fail("start tag not closed")
		}
		if p.doc[p.pos] == '>' {
			p.pos++
			break
		}
		if strings.HasPrefix(p.doc[p.pos:], "/>") {
			p.pos += 2
			empty = true
			break
		}
		if !spaced {
			return false, p.fail("white space expected before an attribute")
		}
		if err := p.attribute(declared); err != nil {
			return false, err
		}
	}
	if e.Space, e.Local, err = p.resolve(tag, true); err != nil {
		return false, err
	}
	return empty, p.resolveAttrs(e)
}

// attribute reads one attribute or namespace declaration. Bindings from index
// declared on belong to the current element.
func (p *parser) attribute(declared int) error {
	name := p.name()
	if name == "" {
		return p.fail("attribute name expected")
	}
	value, err := p.attrValue()
	if err != nil {
		return err
	}
	if len(p.attrs)+len(p.bindings)-declared == p.limits.Attrs {
		return p.fail("too many attributes")
	}
	prefix, isDeclaration := strings.CutPrefix(name, "xmlns")
	if isDeclaration && (prefix == "" || prefix[0] == ':') {
		return p.declare(strings.TrimPrefix(prefix, ":"), prefix != "", value, declared)
	}
	p.attrs = append(p.attrs, Attr{Local: name, Value: value})
	return nil
}

// declare binds a prefix ("" for the default namespace).
func (p *parser) declare(prefix string, prefixed bool, space string, declared int) error {
	switch {
	case prefixed && (prefix == "" || strings.Contains(prefix, ":")):
		return p.fail("bad namespace prefix")
	case prefixed && space == "":
		return p.fail("a prefix cannot be bound to no namespace")
	case prefix == "xml" || prefix == "xmlns" || space == xmlSpace || space == xmlnsSpace:
		return p.fail("reserved namespace")
	}
	for _, b := range p.bindings[declared:] {
		if b.prefix == prefix {
			return p.fail("namespace declared twice")
		}
	}
	p.bindings = append(p.bindings, binding{prefix, space})
	return nil
}

// resolve splits a qualified name and looks its prefix up. The default
// namespace holds for elements only.
func (p *parser) resolve(name string, element bool) (space, local string, err error) {
	prefix, local, prefixed := strings.Cut(name, ":")
	if !prefixed {
		if !element {
			return "", name, nil
		}
		prefix, local = "", name
	} else if prefix == "" || local == "" || class[local[0]]&nameStart == 0 || strings.Contains(local, ":") {
		return "", "", p.fail("bad qualified name " + name)
	}
	for i := len(p.bindings) - 1; i >= 0; i-- {
		if p.bindings[i].prefix == prefix {
			return p.bindings[i].space, local, nil
		}
	}
	switch prefix {
	case "":
		return "", local, nil
	case "xml":
		return xmlSpace, local, nil
	}
	return "", "", p.fail("undeclared namespace prefix " + prefix)
}

func (p *parser) resolveAttrs(e *Element) error {
	if len(p.attrs) == 0 {
		return nil
	}
	e.Attrs = make([]Attr, len(p.attrs))
	for i, a := range p.attrs {
		space, local, err := p.resolve(a.Local, false)
		if err != nil {
			return err
		}
		for _, earlier := range e.Attrs[:i] {
			if earlier.Local == local && earlier.Space == space {
				return p.fail("attribute " + a.Local + " given twice")
			}
		}
		e.Attrs[i] = Attr{Space: space, Local: local, Value: a.Value}
	}
	return nil
}

// content reads what is between start and end tag, and the end tag.
func (p *parser) content(e *Element, tag string) error {
	run := "" // character data since the last tag
	hasChildren := false
	for {
		if p.pos == len(p.doc) {
			return p.fail("element " + tag + " not closed")
		}
		rest := p.doc[p.pos:]
		switch {
		case rest[0] != '<':
			text, err := p.text()
			if err != nil {
				return err
			}
			run = join(run, text)
		case strings.HasPrefix(rest, "</"):
			e.addText(run, hasChildren)
			return p.endTag(tag)
		case strings.HasPrefix(rest, "<!--"):
			if err := p.comment(); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			text, err := p.cdata()
			if err != nil {
				return err
			}
			run = join(run, text)
		case rest[1:] != "" && (rest[1] == '!' || rest[1] == '?'):
			return p.fail("declaration or processing instruction not allowed")
		default:
			hasChildren = true
			e.addText(run, hasChildren)
			run = ""
			child, err := p.element()
			if err != nil {
				return err
			}
			p.open = append(p.open, child)
		}
	}
}

// addText adds a run of character data, unless it only indents child elements.
func (e *Element) addText(run string, hasChildren bool) {
	if hasChildren && blank(run) {
		return
	}
	e.Text = join(e.Text, run)
}

func blank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return false
		}
	}
	return true
}

// join concatenates; almost always there is nothing to concatenate.
func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + b
}

func (p *parser) endTag(tag string) error {
	p.pos += len("</")
	if !strings.HasPrefix(p.doc[p.pos:], tag) {
		return p.fail("end tag of " + tag + " expected")
	}
	p.pos += len(tag)
	p.skipSpace()
	if p.pos == len(p.doc) || p.doc[p.pos] != '>' {
		return p.fail("end tag of " + tag + " expected")
	}
	p.pos++
	return nil
}
