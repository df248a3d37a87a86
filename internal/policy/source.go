package policy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Position is where a rule stands.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func (p Position) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// compare orders by file, line and column.
func (p Position) compare(q Position) int {
	return cmp.Or(strings.Compare(p.File, q.File), p.Line-q.Line, p.Column-q.Column)
}

// IsZero reports whether there is no such place.
func (p Position) IsZero() bool { return p.File == "" }

// Codes of problems.
const (
	CodeYAML      = "policy_yaml"        // not YAML, or more of it than is read here
	CodeKeyTwice  = "policy_key_twice"   // a key, or an entry, stands twice
	CodeKey       = "policy_key_unknown" // nobody reads the key
	CodeMissing   = "policy_key_missing" // a key is needed
	CodeValue     = "policy_value"       // the value is none of those that can stand there
	CodeReference = "policy_reference"   // something named does not exist
	CodeConflict  = "policy_conflict"    // two facts contradict each other
	CodeCase      = "policy_case"        // a golden case decides otherwise
)

// Problem is one thing that is wrong with a policy file.
type Problem struct {
	Position
	Code string `json:"code"`
	// Path leads to the place within the file: suffixes[3].mainland.hold.create.
	Path string `json:"path,omitempty"`
	Text string `json:"text"`
}

func (p Problem) String() string {
	s := p.Position.String() + ": "
	if p.Path != "" {
		s += p.Path + ": "
	}
	return s + p.Text + " [" + p.Code + "]"
}

// Problems is everything that is wrong with a set of policy files, in the order
// of files and lines.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return "policy: " + strings.Join(lines, "\n")
}

// sorted puts problems in order, each place once for what is wrong there, whoever runs into it:
// a fact of a regime is one of many suffixes.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(a.Position.compare(b.Position), strings.Compare(a.Path, b.Path))
	})
	told := map[Problem]bool{}
	return slices.DeleteFunc(ps, func(p Problem) bool {
		if !p.IsZero() {
			p.Path = ""
		}
		again := told[p]
		told[p] = true
		return again
	})
}

// err is nil when there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps.sorted()
}

// sources are the parsed files. They know of every node in which file it stands,
// also after regimes were merged into rules.
type sources struct {
	fileOf   map[*yaml.Node]string
	problems Problems
}

func (s *sources) at(n *yaml.Node) Position {
	if n == nil {
		return Position{}
	}
	return Position{s.fileOf[n], n.Line, n.Column}
}

func (s *sources) add(at *yaml.Node, code, path, format string, args ...any) {
	s.problems = append(s.problems, Problem{s.at(at), code, path, fmt.Sprintf(format, args...)})
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// parse reads one document; nil when it is no YAML.
func (s *sources) parse(file string, text []byte) *yaml.Node {
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		s.problems = append(s.problems, Problem{Position{file, 1, 1}, CodeYAML, "", "the file is empty"})
		return nil
	case err != nil:
		p := Problem{Position{file, 1, 1}, CodeYAML, "", strings.TrimPrefix(err.Error(), "yaml: ")}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
			p.Text = m[2]
		}
		s.problems = append(s.problems, p)
		return nil
	}
	root := doc.Content[0]
	before := len(s.problems)
	s.claim(root, file)
	if second := new(yaml.Node); dec.Decode(second) == nil {
		s.add(root, CodeYAML, "", "the file holds a second document (---); one is read")
	}
	if len(s.problems) > before {
		return nil
	}
	return root
}

// claim notes the file of n and all below, and refuses what is not read here:
// keys that stand twice, and anchors, which would let one line mean two places.
func (s *sources) claim(n *yaml.Node, file string) {
	s.fileOf[n] = file
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		s.add(n, CodeYAML, "", "anchors and aliases (& and *) are not used here; write it out, or use a regime")
		return
	}
	seen := map[string]int{}
	for i, c := range n.Content {
		s.claim(c, file)
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			continue
		}
		if first, twice := seen[c.Value]; twice {
			s.add(c, CodeKeyTwice, c.Value, "stands in line %d already", first)
		}
		seen[c.Value] = c.Line
	}
}

// field returns the key and the value of a mapping's field, nil without one.
func field(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// value is shorthand for the value that field returns.
func value(n *yaml.Node, path ...string) *yaml.Node {
	for _, name := range path {
		_, n = field(n, name)
	}
	return n
}

// items are the elements of a sequence, none for anything else.
func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// keys are the names of a mapping's fields, in order.
func keys(n *yaml.Node) []string {
	var out []string
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			out = append(out, n.Content[i].Value)
		}
	}
	return out
}

// merged lays over onto base: mappings field by field, everything else whole. The
// result shares the nodes of both, so that every fact keeps its place.
func (s *sources) merged(base, over *yaml.Node) *yaml.Node {
	if base.Kind != yaml.MappingNode || over.Kind != yaml.MappingNode {
		return over
	}
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: over.Line, Column: over.Column}
	s.fileOf[out] = s.fileOf[over]
	for i := 0; i+1 < len(base.Content); i += 2 {
		key, v := base.Content[i], base.Content[i+1]
		if k, o := field(over, key.Value); k != nil {
			key, v = k, s.merged(v, o)
		}
		out.Content = append(out.Content, key, v)
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		if k, _ := field(base, over.Content[i].Value); k == nil {
			out.Content = append(out.Content, over.Content[i], over.Content[i+1])
		}
	}
	return out
}

// plain turns a node into what JSON Schema looks at. A date is a string here.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = plain(c)
		}
		return list
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool", "!!int", "!!float":
		var v any
		if n.Decode(&v) == nil {
			return v
		}
	}
	return n.Value
}

// nameOf is what an entry of a list is known by.
func nameOf(n *yaml.Node) string {
	for _, key := range []string{"suffix", "code", "name", "iso"} {
		if v := value(n, key); v != nil && v.Kind == yaml.ScalarNode {
			return v.Value
		}
	}
	return ""
}
