package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Character classes of ASCII; bytes of longer UTF-8 sequences have none.
const (
	nameStart = 1 << iota
	nameRest
	control   // not allowed in XML at all
	textStop  // text needs a closer look here
	valueStop // so does an attribute value
)

var class = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			t[c] = nameStart | nameRest
		case c >= '0' && c <= '9', c == '-', c == '.', c == ':':
			t[c] = nameRest
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			t[c] = control | textStop | valueStop
		}
	}
	for _, c := range "<&\r]" {
		t[c] |= textStop
	}
	for _, c := range "<&\r\n\t" {
		t[c] |= valueStop
	}
	return t
}()

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// text reads character data up to the next '<'.
func (p *parser) text() (string, error) {
	start := p.pos
	var b []byte // used once something had to be replaced
	for i := p.pos; i < len(p.doc); {
		c := p.doc[i]
		if class[c]&textStop == 0 {
			i++
			continue
		}
		p.pos = i
		switch c {
		case '<':
			if b == nil {
				return p.doc[start:i], nil
			}
			return string(append(b, p.doc[start:i]...)), nil
		case ']':
			if strings.HasPrefix(p.doc[i:], "]]>") {
				return "", p.fail("\"]]>\" in text")
			}
			i++
			continue
		case '&', '\r':
			b = append(b, p.doc[start:i]...)
			var err error
			if b, err = p.replace(b, '\n'); err != nil {
				return "", err
			}
			i, start = p.pos, p.pos
		default:
			return "", p.fail("control character")
		}
	}
	return "", p.fail("text not closed by an end tag")
}

// replace appends what the reference or line end at p.pos stands for and moves
// past it. A line end becomes newline.
func (p *parser) replace(b []byte, newline byte) ([]byte, error) {
	switch p.doc[p.pos] {
	case '&':
		return p.reference(b)
	case '\r':
		p.pos++
		if p.pos < len(p.doc) && p.doc[p.pos] == '\n' {
			p.pos++
		}
	default: // '\n' or '\t' in an attribute value
		p.pos++
	}
	return append(b, newline), nil
}

// reference appends the character that an entity or character reference stands for.
func (p *parser) reference(b []byte) ([]byte, error) {
	const longest = len("&#x0010FFFF;")
	window := p.doc[p.pos:min(len(p.doc), p.pos+longest)]
	end := strings.IndexByte(window, ';')
	if end < 0 {
		return nil, p.fail("reference not closed")
	}
	name := window[1:end]
	r := rune(-1)
	switch name {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "apos":
		r = '\''
	case "quot":
		r = '"'
	default:
		r = charReference(name)
	}
	if r < 0 {
		return nil, p.fail("reference &" + name + "; not allowed")
	}
	p.pos += end + 1
	return utf8.AppendRune(b, r), nil
}

// charReference returns the character of "#65" or "#x41", or -1.
func charReference(name string) rune {
	digits, isRef := strings.CutPrefix(name, "#")
	if !isRef {
		return -1
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	if digits == "" || digits[0] == '+' || digits[0] == '-' {
		return -1
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil || !isChar(rune(n)) {
		return -1
	}
	return rune(n)
}

// isChar is the production Char of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// cdata reads a CDATA section; p.pos is at its "<![CDATA[".
func (p *parser) cdata() (string, error) {
	start := p.pos + len("<![CDATA[")
	n := strings.Index(p.doc[start:], "]]>")
	if n < 0 {
		return "", p.fail("CDATA section not closed")
	}
	if err := p.checkChars(start, start+n); err != nil {
		return "", err
	}
	p.pos = start + n + len("]]>")
	text := p.doc[start : start+n]
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text, nil
}

// attrValue reads `= "value"`, with white space in the value normalised to
// spaces as XML 1.0 section 3.3.3 demands.
func (p *parser) attrValue() (string, error) {
	p.skipSpace()
	if p.pos == len(p.doc) || p.doc[p.pos] != '=' {
		return "", p.fail("'=' expected")
	}
	p.pos++
	p.skipSpace()
	if p.pos == len(p.doc) || p.doc[p.pos] != '"' && p.doc[p.pos] != '\'' {
		return "", p.fail("quoted value expected")
	}
	quote := p.doc[p.pos]
	p.pos++
	start := p.pos
	var b []byte
	for i := start; i < len(p.doc); {
		c := p.doc[i]
		if c == quote {
			p.pos = i + 1
			if b == nil {
				return p.doc[start:i], nil
			}
			return string(append(b, p.doc[start:i]...)), nil
		}
		if class[c]&valueStop == 0 {
			i++
			continue
		}
		p.pos = i
		if c == '<' || class[c]&control != 0 {
			return "", p.fail("character not allowed in an attribute value")
		}
		b = append(b, p.doc[start:i]...)
		var err error
		if b, err = p.replace(b, ' '); err != nil {
			return "", err
		}
		i, start = p.pos, p.pos
	}
	return "", p.fail("attribute value not closed")
}
