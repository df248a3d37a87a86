package wire

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendText appends s as character data, escaped. Bytes and characters that
// XML cannot carry become U+FFFD.
func AppendText(dst []byte, s string) []byte {
	return appendEscaped(dst, s, false)
}

// AppendAttr appends ` name="value"`, with the leading space.
func AppendAttr(dst []byte, name, value string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, '=', '"')
	dst = appendEscaped(dst, value, true)
	return append(dst, '"')
}

// AppendElement appends `<tag>text</tag>`. The tag may carry a prefix, not
// attributes.
func AppendElement(dst []byte, tag, text string) []byte {
	dst = AppendStart(dst, tag)
	dst = AppendText(dst, text)
	return AppendEnd(dst, tag)
}

// AppendOptional is [AppendElement] for an element that is left out when empty.
func AppendOptional(dst []byte, tag, text string) []byte {
	if text == "" {
		return dst
	}
	return AppendElement(dst, tag, text)
}

// AppendEmpty appends `<tag/>`.
func AppendEmpty(dst []byte, tag string) []byte {
	dst = append(dst, '<')
	dst = append(dst, tag...)
	return append(dst, '/', '>')
}

// AppendStart appends `<tag>`.
func AppendStart(dst []byte, tag string) []byte {
	dst = append(dst, '<')
	dst = append(dst, tag...)
	return append(dst, '>')
}

// AppendEnd appends `</tag>`.
func AppendEnd(dst []byte, tag string) []byte {
	dst = append(dst, '<', '/')
	dst = append(dst, tag...)
	return append(dst, '>')
}

// AppendRoot appends `<prefix:local xmlns:prefix="space">`, the way every object
// and extension element opens.
func AppendRoot(dst []byte, prefix, local, space string) []byte {
	dst = append(dst, '<')
	dst = append(dst, prefix...)
	dst = append(dst, ':')
	dst = append(dst, local...)
	dst = append(dst, " xmlns:"...)
	dst = append(dst, prefix...)
	dst = append(dst, '=', '"')
	dst = appendEscaped(dst, space, true)
	return append(dst, '"', '>')
}

// AppendInt appends n in decimal.
func AppendInt(dst []byte, n int) []byte {
	return strconv.AppendInt(dst, int64(n), 10)
}

// TimeFormat is how this library writes an EPP date and time: UTC, milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// AppendTime appends `<tag>` with t in [TimeFormat]; a zero t is left out.
func AppendTime(dst []byte, tag string, t time.Time) []byte {
	if t.IsZero() {
		return dst
	}
	dst = AppendStart(dst, tag)
	dst = t.UTC().AppendFormat(dst, TimeFormat)
	return AppendEnd(dst, tag)
}

// AppendBool appends "1" or "0".
func AppendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, '1')
	}
	return append(dst, '0')
}

// escapes holds what stands for a byte that cannot appear as it is.
var escapes = func() (t [utf8.RuneSelf]string) {
	for c := range 0x20 {
		t[c] = "\uFFFD"
	}
	t['\n'], t['\t'], t['\r'] = "", "", "&#xD;" // a bare CR would come back as a newline
	t['&'], t['<'], t['>'] = "&amp;", "&lt;", "&gt;"
	return t
}()

func appendEscaped(dst []byte, s string, attr bool) []byte {
	last := 0
	for i := 0; i < len(s); {
		replacement, width := "", 1
		if c := s[i]; c < utf8.RuneSelf {
			replacement = escapes[c]
			if attr && replacement == "" {
				replacement = attrEscape(c)
			}
		} else {
			var r rune
			r, width = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && width == 1 || !isChar(r) {
				replacement = "\uFFFD"
			}
		}
		if replacement != "" {
			dst = append(dst, s[last:i]...)
			dst = append(dst, replacement...)
			last = i + width
		}
		i += width
	}
	return append(dst, s[last:]...)
}

// attrEscape keeps quotes and white space of an attribute value through the
// reader's normalisation.
func attrEscape(c byte) string {
	switch c {
	case '"':
		return "&quot;"
	case '\n':
		return "&#xA;"
	case '\t':
		return "&#x9;"
	}
	return ""
}
