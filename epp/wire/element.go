package wire

import "strconv"

// Attr is an attribute of an [Element]. Namespace declarations are not attributes.
type Attr struct {
	Space string // namespace name, "" for an attribute without a prefix
	Local string
	Value string
}

// Element is one element of a parsed frame.
//
// Text is the character data directly inside the element, entities resolved, in
// document order. In an element that has child elements, runs of nothing but
// white space are left out, so that indentation never shows.
//
// Raw is the element as it was received, from its start tag to its end tag. It
// shares memory with the bytes given to [Parse], and it may use prefixes
// declared further out: good to log and to keep, not a document of its own.
//
// All strings are parts of one copy of the document. Whoever keeps a short one
// for long should clone it.
type Element struct {
	Space    string // namespace name, resolved
	Local    string
	Attrs    []Attr
	Text     string
	Children []*Element
	Raw      []byte
}

// Is reports whether e is the element local in namespace space. A nil e is none.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Local == local && e.Space == space
}

// Child returns the first child with that name, or nil. It may be called on nil.
func (e *Element) Child(space, local string) *Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Local == local && c.Space == space {
			return c
		}
	}
	return nil
}

// ChildText returns the text of the first child with that name, without white
// space around it, or "" if there is none.
func (e *Element) ChildText(space, local string) string {
	if c := e.Child(space, local); c != nil {
		return c.Value()
	}
	return ""
}

// Value is the element's text without white space around it, which is what the
// token types of the EPP schemas compare.
func (e *Element) Value() string {
	if e == nil {
		return ""
	}
	s := e.Text
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// Attr returns the value of the attribute without a namespace called name, or "".
func (e *Element) Attr(name string) string {
	if e == nil {
		return ""
	}
	for i := range e.Attrs {
		if e.Attrs[i].Local == name && e.Attrs[i].Space == "" {
			return e.Attrs[i].Value
		}
	}
	return ""
}

// Append writes the element as a document of its own: every namespace is
// declared where it is used. Text comes before child elements.
func (e *Element) Append(dst []byte) []byte {
	return e.appendIn(dst, "")
}

// appendIn writes e where the default namespace is space.
func (e *Element) appendIn(dst []byte, space string) []byte {
	dst = append(dst, '<')
	dst = append(dst, e.Local...)
	if e.Space != space {
		dst = AppendAttr(dst, "xmlns", e.Space)
	}
	for i, a := range e.Attrs {
		name := a.Local
		switch a.Space {
		case "":
		case xmlSpace:
			name = "xml:" + name
		default:
			prefix := "a" + strconv.Itoa(i)
			dst = AppendAttr(dst, "xmlns:"+prefix, a.Space)
			name = prefix + ":" + name
		}
		dst = AppendAttr(dst, name, a.Value)
	}
	if e.Text == "" && len(e.Children) == 0 {
		return append(dst, '/', '>')
	}
	dst = append(dst, '>')
	dst = AppendText(dst, e.Text)
	for _, c := range e.Children {
		dst = c.appendIn(dst, e.Space)
	}
	return AppendEnd(dst, e.Local)
}
