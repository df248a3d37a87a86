package epp

import "bytes"

var mask = []byte("***")

// Redact returns a copy of a frame for logs, with secrets masked: the content of
// pw, newPW and authInfo elements, and what must not lie about of a registrant's
// identity document, its number (nv:num, cnnic-contact:contact) and its picture
// (nv:fileContent). Elements are known by their local names, whatever their
// namespace. It works on broken XML too: a secret element without an end is
// masked to the end of the frame.
//
// Names, addresses and other data of registrants are not masked.
func Redact(frame []byte) []byte { return redact(frame, isSecret) }

// RedactPersonal is [Redact] for what leaves the house, such as a recording: it
// masks who and where a contact is too, that is the content of postalInfo, voice,
// fax, email and mobile elements.
func RedactPersonal(frame []byte) []byte {
	return redact(frame, func(tag []byte) bool {
		switch string(localName(tag)) {
		case "postalInfo", "voice", "fax", "email", "mobile":
			return true
		}
		return isSecret(tag)
	})
}

func redact(frame []byte, isSecret func(tag []byte) bool) []byte {
	out := make([]byte, 0, len(frame))
	for {
		open := bytes.IndexByte(frame, '<')
		if open < 0 {
			return append(out, frame...)
		}
		out = append(out, frame[:open]...)
		frame = frame[open:]
		if n := opaqueLen(frame); n > 0 {
			out = append(out, frame[:n]...)
			frame = frame[n:]
			continue
		}
		end := tagLen(frame)
		tag := frame[:end]
		out = append(out, tag...)
		frame = frame[end:]
		if !isSecret(tag) || bytes.HasSuffix(tag, []byte("/>")) {
			continue
		}
		out = append(out, mask...)
		frame = frame[secretLen(frame, localName(tag)):]
	}
}

func isSecret(tag []byte) bool {
	switch string(localName(tag)) {
	case "pw", "newPW", "authInfo", "num", "fileContent":
		return true
	case "contact":
		return isDocument(tag)
	}
	return false
}

// isDocument tells CNNIC's <contact type="SFZ"> with a document's number from a
// domain's <contact type="admin"> with an identifier.
func isDocument(tag []byte) bool {
	typed := false
	for _, quote := range []string{`"`, `'`} {
		for _, role := range []string{"admin", "billing", "tech"} {
			if bytes.Contains(tag, []byte("type="+quote+role+quote)) {
				return false
			}
		}
		typed = typed || bytes.Contains(tag, []byte("type="+quote))
	}
	return typed
}

// opaqueLen is the length of a comment or CDATA section at the start of b, in
// which tags are no tags; 0 if there is none.
func opaqueLen(b []byte) int {
	for _, section := range [][2]string{{"<!--", "-->"}, {"<![CDATA[", "]]>"}} {
		if !bytes.HasPrefix(b, []byte(section[0])) {
			continue
		}
		if n := bytes.Index(b, []byte(section[1])); n >= 0 {
			return n + len(section[1])
		}
		return len(b)
	}
	return 0
}

// tagLen is the length of the tag at the start of b. A '>' inside a quoted
// attribute value does not end it.
func tagLen(b []byte) int {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(b)
}

// localName is the name in a start tag without its prefix; empty for other markup.
func localName(tag []byte) []byte {
	name := tag[1:]
	if n := bytes.IndexAny(name, " \t\r\n/>"); n >= 0 {
		name = name[:n]
	}
	if n := bytes.LastIndexByte(name, ':'); n >= 0 {
		name = name[n+1:]
	}
	return name
}

// secretLen is the length of a secret element's content: all before its end tag.
func secretLen(b []byte, local []byte) int {
	for i := 0; i < len(b); {
		open := bytes.IndexByte(b[i:], '<')
		if open < 0 {
			return len(b)
		}
		i += open
		if n := opaqueLen(b[i:]); n > 0 {
			i += n
			continue
		}
		end := tagLen(b[i:])
		tag := b[i : i+end]
		if len(tag) > 2 && tag[1] == '/' && bytes.Equal(localName(tag[1:]), local) {
			return i
		}
		i += end
	}
	return len(b)
}
