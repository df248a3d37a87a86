package policy

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/policies"
)

// shape is what may stand at one place of a file: a JSON Schema, of which what it says of the place itself is kept apart from
// the places below. Who walks down a file and its shape together can say of every fault where it stands.
type shape struct {
	rules []rule
	// properties are the keys of a mapping; rest is the shape of other ones, if there may be some. closed says there may not.
	properties map[string]*shape
	rest       *shape
	closed     bool
	items      *shape
}

// rule is a keyword of a schema. The library knows what it means; explain says of a value that breaks it what is wrong.
type rule struct {
	*jsonschema.Resolved
	explain func(v *yaml.Node, err error) (code, text string)
}

// shapes are the shipped JSON Schemas by the name of what they describe. They belong to this program, which reads the files,
// and never to an operator's folder.
var shapes = sync.OnceValues(func() (map[string]*shape, error) {
	files, err := fs.Glob(policies.Schemas, "schema/*.schema.json")
	if err != nil {
		return nil, err
	}
	out := map[string]*shape{}
	for _, f := range files {
		b, err := fs.ReadFile(policies.Schemas, f)
		if err != nil {
			return nil, err
		}
		var root jsonschema.Schema
		if err := json.Unmarshal(b, &root); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		in := shaper{root.Defs, map[string]*shape{}}
		if out[strings.TrimSuffix(path.Base(f), ".schema.json")], err = in.shape(&root); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	return out, nil
})

// shaper reads one schema file.
type shaper struct {
	defs map[string]*jsonschema.Schema
	done map[string]*shape // of the definitions, which may hold themselves
}

func (in shaper) shape(s *jsonschema.Schema) (*shape, error) {
	if s == nil {
		return nil, nil
	}
	if s.Ref == "" {
		out := &shape{}
		return out, in.fill(out, s)
	}
	if out := in.done[s.Ref]; out != nil {
		return out, nil
	}
	def := in.defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
	if def == nil {
		return nil, fmt.Errorf("%s leads nowhere", s.Ref)
	}
	out := &shape{}
	in.done[s.Ref] = out
	return out, in.fill(out, def)
}

func (in shaper) fill(out *shape, s *jsonschema.Schema) (err error) {
	if out.rules, err = rulesOf(s); err != nil {
		return err
	}
	if out.items, err = in.shape(s.Items); err != nil {
		return err
	}
	more := s.AdditionalProperties
	if out.closed = more != nil && more.Not != nil; !out.closed { // the library reads false as not: {}
		if out.rest, err = in.shape(more); err != nil {
			return err
		}
	}
	out.properties = make(map[string]*shape, len(s.Properties))
	for name, below := range s.Properties {
		if out.properties[name], err = in.shape(below); err != nil {
			return err
		}
	}
	return nil
}

// rulesOf takes apart what a schema says of a value itself. TestShapesSayWhatSchemasSay shows that nothing is left out.
func rulesOf(s *jsonschema.Schema) ([]rule, error) {
	var out []rule
	for _, part := range []struct {
		there   bool
		schema  jsonschema.Schema
		explain func(v *yaml.Node, err error) (code, text string)
	}{
		{s.Type != "" || s.Types != nil, jsonschema.Schema{Type: s.Type, Types: s.Types}, notOfType(s)},
		{s.Enum != nil, jsonschema.Schema{Enum: s.Enum}, noneOf(s.Enum)},
		{s.Pattern != "", jsonschema.Schema{Pattern: s.Pattern}, notInForm(s.Pattern)},
		{s.Required != nil, jsonschema.Schema{Required: s.Required}, notWhole(s.Required)},
		{s.Const != nil, jsonschema.Schema{Const: s.Const}, asTheLibrarySays},
		{s.Minimum != nil, jsonschema.Schema{Minimum: s.Minimum}, asTheLibrarySays},
		{s.MinLength != nil, jsonschema.Schema{MinLength: s.MinLength}, asTheLibrarySays},
		{s.MinItems != nil || s.MaxItems != nil, jsonschema.Schema{MinItems: s.MinItems, MaxItems: s.MaxItems}, asTheLibrarySays},
		{s.UniqueItems, jsonschema.Schema{UniqueItems: true}, asTheLibrarySays},
		{s.MinProperties != nil, jsonschema.Schema{MinProperties: s.MinProperties}, asTheLibrarySays},
	} {
		if !part.there {
			continue
		}
		resolved, err := part.schema.Resolve(nil)
		if err != nil {
			return nil, err
		}
		out = append(out, rule{resolved, part.explain})
	}
	return out, nil
}
