package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/verinym/verinym/policies"
)

// schemaURL is where the schemas are to each other; nobody fetches them.
const schemaURL = "https://verinym.example/policies/"

// schemas are the shipped JSON Schemas by the name of what they describe. They
// belong to this program, which reads the files, and never to an operator's
// folder.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	files, err := fs.Glob(policies.Schemas, "schema/*.schema.json")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		b, err := fs.ReadFile(policies.Schemas, f)
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if err := c.AddResource(schemaURL+path.Base(f), doc); err != nil {
			return nil, err
		}
	}
	out := map[string]*jsonschema.Schema{}
	for _, f := range files {
		s, err := c.Compile(schemaURL + path.Base(f))
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(f), ".schema.json")] = s
	}
	return out, nil
})

// validate checks a document against the schema called what.
func (s *sources) validate(what string, root *yaml.Node) error {
	all, err := schemas()
	if err != nil {
		return fmt.Errorf("policy: schema: %w", err)
	}
	err = all[what].Validate(plain(root))
	var wrong *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &wrong):
		return fmt.Errorf("policy: schema: %w", err)
	}
	s.report(root, wrong)
	return nil
}

// report turns the leaves of a validation error into problems.
func (s *sources) report(root *yaml.Node, e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			s.report(root, c)
		}
		return
	}
	key, v, words := find(root, e.InstanceLocation)
	at := key
	if at == nil {
		at = v
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			key, _ := field(v, name)
			s.add(key, CodeKey, words, "nobody reads the key %q%s", name, didYouMean(name, keysOf(e)))
		}
	case *kind.Required:
		s.add(at, CodeMissing, words, "%s is missing", strings.Join(k.Missing, ", "))
	case *kind.Enum:
		s.add(at, CodeValue, words, "%s cannot stand here; one of %s can", show(v), list(k.Want))
	case *kind.Type:
		s.add(at, CodeValue, words, "%s is a %s; a %s is needed", show(v), k.Got, strings.Join(k.Want, " or "))
	case *kind.Pattern:
		s.add(at, CodeValue, words, "%s has not the form that is needed (%s)", show(v), k.Want)
	default:
		s.add(at, CodeValue, words, "%s", e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
}

// keysOf are the keys that the schema behind an error knows.
func keysOf(e *jsonschema.ValidationError) []string {
	all, err := schemas()
	if err != nil {
		return nil
	}
	for _, s := range all {
		if known := propertiesAt(s, e.SchemaURL, map[*jsonschema.Schema]bool{}); known != nil {
			return known
		}
	}
	return nil
}

func propertiesAt(s *jsonschema.Schema, url string, seen map[*jsonschema.Schema]bool) []string {
	if s == nil || seen[s] {
		return nil
	}
	seen[s] = true
	if s.Location == url {
		var names []string
		for name := range s.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	below := []*jsonschema.Schema{s.Ref}
	if items, ok := s.Items2020, s.Items2020 != nil; ok {
		below = append(below, items)
	}
	if more, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		below = append(below, more)
	}
	for _, p := range s.Properties {
		below = append(below, p)
	}
	for _, b := range below {
		if known := propertiesAt(b, url, seen); known != nil {
			return known
		}
	}
	return nil
}

// didYouMean names the known key that a misspelt one most likely meant.
func didYouMean(typed string, known []string) string {
	if best := nearest(typed, known); best != "" {
		return fmt.Sprintf("; is it %q?", best)
	}
	return ""
}

// nearest is the word with the fewest slips from typed, at most two, and fewer
// than it has letters; "" for none.
func nearest(typed string, known []string) string {
	best, least := "", min(3, len(typed))
	for _, k := range known {
		if d := distance(typed, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the characters to change, add or take away (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func show(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return "this"
	}
	return fmt.Sprintf("%q", n.Value)
}

func list(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
		if v == nil {
			out[i] = "null"
		}
	}
	return strings.Join(out, ", ")
}
