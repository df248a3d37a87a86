package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestParseReadsWhatRegistriesSend(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doc  string
		want string // see describe
	}{
		"declaration and default namespace": {
			`<?xml version="1.0" encoding="utf-8" standalone="no"?>` + "\r\n" + `<epp xmlns="urn:e"><hello/></epp>`,
			`{urn:e}epp({urn:e}hello)`,
		},
		"prefixes, inner scope wins": {
			`<a:x xmlns:a="one"><a:y xmlns:a="two"/><a:z/></a:x>`,
			`{one}x({two}y {one}z)`,
		},
		"default namespace taken back": {
			`<x xmlns="one"><y xmlns=""/></x>`,
			`{one}x({}y)`,
		},
		"default namespace does not hold for attributes": {
			`<x xmlns="one" a="1" b:a="2" xmlns:b="two"/>`,
			`{one}x[{}a=1 {two}a=2]`,
		},
		"indentation between children is no text": {
			"<x>\n  <y>a b</y>\n  <!-- note -->\n</x>",
			`{}x({}y"a b")`,
		},
		"mixed content keeps its text": {
			`<msg>Registry <b>update</b> of domain</msg>`,
			`{}msg"Registry  of domain"({}b"update")`,
		},
		"white space alone is the text of a leaf": {
			`<x> </x>`,
			`{}x" "`,
		},
		"entities and character references": {
			`<x a="&lt;&#10;&quot;">&amp;&#x4E2D;&#22269;&apos;&gt;</x>`,
			"{}x[{}a=<\n\"]\"&中国'>\"",
		},
		"CDATA and comments join": {
			`<x>a<![CDATA[<b>&]]><!-- c -->d</x>`,
			`{}x"a<b>&d"`,
		},
		"line ends are normalised": {
			"<x a=\"1\r\n2\t3\">a\r\nb\rc</x>",
			"{}x[{}a=1 2 3]\"a\nb\nc\"",
		},
		"byte order mark": {
			"\uFEFF<x/>",
			`{}x`,
		},
		"xml prefix needs no declaration": {
			`<x xml:lang="zh"/>`,
			`{}x[{http://www.w3.org/XML/1998/namespace}lang=zh]`,
		},
		"Chinese text": {
			`<name>例子公司（北京）</name>`,
			`{}name"例子公司（北京）"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse([]byte(tt.doc), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(e); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// describe renders {space}local[attributes]"text"(children).
func describe(e *Element) string {
	var b strings.Builder
	b.WriteString("{" + e.Space + "}" + e.Local)
	var attrs []string
	for _, a := range e.Attrs {
		attrs = append(attrs, "{"+a.Space+"}"+a.Local+"="+a.Value)
	}
	if attrs != nil {
		b.WriteString("[" + strings.Join(attrs, " ") + "]")
	}
	if e.Text != "" {
		b.WriteString(`"` + e.Text + `"`)
	}
	var children []string
	for _, c := range e.Children {
		children = append(children, describe(c))
	}
	if children != nil {
		b.WriteString("(" + strings.Join(children, " ") + ")")
	}
	return b.String()
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"nothing":                     ``,
		"text alone":                  `garbage`,
		"a DOCTYPE":                   `<!DOCTYPE x [<!ENTITY a "b">]><x/>`,
		"a DOCTYPE after the comment": `<!-- --><!DOCTYPE x><x/>`,
		"a processing instruction":    `<x><?php ?></x>`,
		"one before the root":         `<?style a?><x/>`,
		"a second declaration":        `<?xml version="1.0"?><?xml version="1.0"?><x/>`,
		"XML 1.1":                     `<?xml version="1.1"?><x/>`,
		"another encoding":            `<?xml version="1.0" encoding="GB18030"?><x/>`,
		"bytes that are not UTF-8":    "<x>\xd6\xd0</x>",
		"a second root":               `<x/><y/>`,
		"text after the root":         `<x/>y`,
		"an unclosed element":         `<x><y></y>`,
		"crossed tags":                `<x><y></x></y>`,
		"an end tag that is longer":   `<x></xy>`,
		"an undeclared prefix":        `<a:x/>`,
		"an unknown entity":           `<x>&nbsp;</x>`,
		"an endless reference":        `<x>&amp</x>`,
		"a reference to nothing":      `<x>&#0;</x>`,
		"a reference to a surrogate":  `<x>&#xD800;</x>`,
		"a signed reference":          `<x>&#-65;</x>`,
		"a control character":         "<x>\x01</x>",
		"one in an attribute":         "<x a='\x01'/>",
		"one in CDATA":                "<x><![CDATA[\x01]]></x>",
		"one in a comment":            "<x><!-- \x01 --></x>",
		"a noncharacter":              "<x>\uFFFE</x>",
		"CDATA end in text":           `<x>]]></x>`,
		"dashes in a comment":         `<x><!-- -- --></x>`,
		"an attribute given twice":    `<x a="1" a="2"/>`,
		"the same by two prefixes":    `<x xmlns:a="n" xmlns:b="n" a:i="1" b:i="2"/>`,
		"attributes without a space":  `<x a="1"b="2"/>`,
		"an unquoted attribute":       `<x a=1/>`,
		"a tag in an attribute":       `<x a="<"/>`,
		"an attribute without value":  `<x a/>`,
		"a namespace declared twice":  `<x xmlns:a="1" xmlns:a="2"/>`,
		"a prefix bound to nothing":   `<x xmlns:a=""/>`,
		"the reserved prefix":         `<x xmlns:xml="urn:x"/>`,
		"a name with two colons":      `<a:b:c xmlns:a="n"/>`,
		"a name in Chinese":           `<名/>`,
	}
	for name, doc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse([]byte(doc), Limits{})
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got element %v and error %v, want a *SyntaxError", e, err)
			}
		})
	}
}

func TestParseKeepsToItsLimits(t *testing.T) {
	t.Parallel()
	deep := func(n int) []byte {
		return []byte(strings.Repeat("<x>", n) + strings.Repeat("</x>", n))
	}
	wide := func(n int) []byte {
		var b strings.Builder
		b.WriteString("<x")
		for i := range n {
			b.WriteString(" a" + strings.Repeat("b", i) + `="1"`)
		}
		return []byte(b.String() + "/>")
	}
	tests := map[string]struct {
		doc    []byte
		limits Limits
		ok     bool
	}{
		"just deep enough":    {deep(5), Limits{Depth: 5}, true},
		"too deep":            {deep(6), Limits{Depth: 5}, false},
		"default depth":       {deep(65), Limits{}, false},
		"just small enough":   {deep(2), Limits{Bytes: 14}, true},
		"too large":           {deep(2), Limits{Bytes: 13}, false},
		"just few attributes": {wide(4), Limits{Attrs: 4}, true},
		"too many attributes": {wide(5), Limits{Attrs: 4}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(tt.doc, tt.limits); (err == nil) != tt.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestRawIsTheElementAsReceived(t *testing.T) {
	t.Parallel()
	doc := `<a:x xmlns:a="n"><a:y  i='1' ><!-- kept --><a:z/></a:y ></a:x>`
	e, err := Parse([]byte(doc), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := `<a:y  i='1' ><!-- kept --><a:z/></a:y >`
	if got := string(e.Child("n", "y").Raw); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
