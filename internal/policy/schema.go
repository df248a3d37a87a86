package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v3"
)

// validate checks a document against the schema called what.
func (s *sources) validate(what string, root *yaml.Node) error {
	all, err := shapes()
	if err != nil {
		return fmt.Errorf("policy: schema: %w", err)
	}
	s.fit(nil, root, all[what], "")
	return nil
}

// fit reports everything in which a value and all below it differ from a shape. A fault stands at the value's key, where it
// has one.
func (s *sources) fit(key, v *yaml.Node, sh *shape, words string) {
	value := plain(v)
	for _, r := range sh.rules {
		if err := r.Validate(value); err != nil {
			code, text := r.explain(v, err)
			s.add(cmp.Or(key, v), code, words, "%s", text)
		}
	}
	switch v.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(v.Content); i += 2 {
			s.fitKey(v.Content[i], v.Content[i+1], sh, words)
		}
	case yaml.SequenceNode:
		if sh.items == nil {
			return
		}
		for i, item := range v.Content {
			at := words + "[" + strconv.Itoa(i) + "]"
			if name := nameOf(item); name != "" {
				at += "(" + name + ")"
			}
			s.fit(nil, item, sh.items, at)
		}
	}
}

func (s *sources) fitKey(key, v *yaml.Node, sh *shape, words string) {
	below, known := sh.properties[key.Value]
	if !known {
		below = sh.rest
	}
	switch {
	case !known && sh.closed:
		var names []string
		for name := range sh.properties {
			names = append(names, name)
		}
		slices.Sort(names)
		s.add(key, CodeKey, words, "nobody reads the key %q%s", key.Value, didYouMean(key.Value, names))
	case below != nil:
		s.fit(key, v, below, strings.TrimPrefix(words+"."+key.Value, "."))
	}
}

func notOfType(s *jsonschema.Schema) func(*yaml.Node, error) (code, text string) {
	wanted := cmp.Or(s.Type, strings.Join(s.Types, " or "))
	return func(v *yaml.Node, _ error) (code, text string) {
		return CodeValue, fmt.Sprintf("%s is %s; %s is needed", show(v), withArticle(typeOf(v)), withArticle(wanted))
	}
}

func withArticle(word string) string {
	if strings.ContainsAny(word[:1], "aeiou") {
		return "an " + word
	}
	return "a " + word
}

// typeOf is what JSON Schema calls a value.
func typeOf(v *yaml.Node) string {
	switch v.Kind {
	case yaml.MappingNode:
		return "object"
	case yaml.SequenceNode:
		return "array"
	}
	switch plain(v).(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	}
	return "number"
}

func noneOf(values []any) func(*yaml.Node, error) (code, text string) {
	return func(v *yaml.Node, _ error) (code, text string) {
		return CodeValue, fmt.Sprintf("%s cannot stand here; one of %s can", show(v), list(values))
	}
}

func notInForm(pattern string) func(*yaml.Node, error) (code, text string) {
	return func(v *yaml.Node, _ error) (code, text string) {
		return CodeValue, fmt.Sprintf("%s has not the form that is needed (%s)", show(v), pattern)
	}
}

func notWhole(required []string) func(*yaml.Node, error) (code, text string) {
	return func(v *yaml.Node, _ error) (code, text string) {
		there := keys(v)
		missing := slices.DeleteFunc(slices.Clone(required), func(name string) bool { return slices.Contains(there, name) })
		return CodeMissing, strings.Join(missing, ", ") + " is missing"
	}
}

// asTheLibrarySays leaves out where: that is known better here.
func asTheLibrarySays(_ *yaml.Node, err error) (code, text string) {
	return CodeValue, strings.TrimPrefix(err.Error(), "validating root: ")
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
