package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzParse holds the parser against encoding/xml: whatever Parse accepts,
// encoding/xml accepts too and reads the same elements from it, and so does Parse
// from what Append makes of them.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>`,
		`<a:x xmlns:a="one" a:i="1" j='2'><a:y xmlns:a="two">t</a:y> <!-- c --> </a:x>`,
		"<x>a\r\n&lt;&#x4E2D;<![CDATA[<&]]>b<y/>c</x>",
		`<x xmlns="u"><y xmlns=""/></x>`,
		"\uFEFF<x xml:lang=\"zh\">名</x><!-- end -->",
		"<x>\xff</x>", `<!DOCTYPE x><x/>`, `<x a="1" a="2"/>`, `<x>]]></x>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := Parse(doc, Limits{})
		if err != nil {
			return
		}
		want, err := reference(doc)
		if err != nil {
			t.Fatalf("accepted what encoding/xml refuses: %v\n%q", err, doc)
		}
		// encoding/xml leaves white space of attribute values as it is, and a
		// written &#10; cannot be told from a line end afterwards.
		if g, w := flattenSpace(describe(got)), flattenSpace(describe(want)); g != w {
			t.Fatalf("read another tree\ngot  %q\nwant %q\n%q", g, w, doc)
		}
		written := got.Append(nil)
		again, err := Parse(written, Limits{Bytes: len(written), Attrs: 2 * defaultAttrs})
		if err != nil || describe(again) != describe(got) {
			t.Fatalf("wrote %q (%v) for %q", written, err, doc)
		}
	})
}

// reference builds the tree with encoding/xml, by the rules of Element.
func reference(doc []byte) (*Element, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\uFEFF"))))
	var root *Element
	var open []*Element
	var runs [][]string // per open element: its runs of text between tags
	for {
		token, err := d.Token()
		if err == io.EOF {
			if root == nil {
				return nil, errors.New("no root")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := referenceElement(token)
			if len(open) == 0 {
				root = e
			} else {
				last := len(open) - 1
				open[last].Children = append(open[last].Children, e)
				runs[last] = append(runs[last], "")
			}
			open, runs = append(open, e), append(runs, []string{""})
		case xml.EndElement:
			last := len(open) - 1
			for _, run := range runs[last] {
				if len(open[last].Children) > 0 && strings.Trim(run, " \t\r\n") == "" {
					continue
				}
				open[last].Text += run
			}
			open, runs = open[:last], runs[:last]
		case xml.CharData:
			if last := len(open) - 1; last >= 0 {
				runs[last][len(runs[last])-1] += string(token)
			}
		}
	}
}

func referenceElement(token xml.StartElement) *Element {
	e := &Element{Space: token.Name.Space, Local: token.Name.Local}
	for _, a := range token.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		space := a.Name.Space
		if space == "xml" {
			space = xmlSpace
		}
		e.Attrs = append(e.Attrs, Attr{space, a.Name.Local, a.Value})
	}
	return e
}

var flattenSpace = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace

// FuzzReadFrame feeds arbitrary streams: no panic, never more than allowed, and
// a frame that was read comes out again as it went in.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0, 0, 0, 5, 'x'})
	f.Add([]byte{0, 0, 0, 4})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 'x'})
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 64
		payload, err := ReadFrame(bytes.NewReader(stream), limit)
		if err != nil {
			return
		}
		if len(payload) == 0 || len(payload) > limit {
			t.Fatalf("payload of %d bytes", len(payload))
		}
		if again := AppendFrame(nil, payload); !bytes.HasPrefix(stream, again) {
			t.Fatalf("wrote %q for %q", again, stream)
		}
	})
}

// FuzzAppend checks that any text and attribute survives being written and read.
func FuzzAppend(f *testing.F) {
	f.Add("plain", "例子 <公司> & \"co\"\r\n\t")
	f.Add("\xff\x00", "]]>")
	f.Fuzz(func(t *testing.T, text, value string) {
		doc := append([]byte("<x"), AppendAttr(nil, "a", value)...)
		doc = append(doc, '>')
		doc = AppendText(doc, text)
		doc = append(doc, "</x>"...)
		e, err := Parse(doc, Limits{Bytes: len(doc)})
		if err != nil {
			t.Fatalf("%v\n%q", err, doc)
		}
		if e.Text != carried(text) || e.Attr("a") != carried(value) {
			t.Fatalf("wrote %q and %q, read %q and %q", text, value, e.Text, e.Attr("a"))
		}
	})
}

// carried is s with U+FFFD for what XML cannot carry.
func carried(s string) string {
	var b strings.Builder
	for _, r := range s {
		if !isChar(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}
