package policy

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v3"

	"github.com/verinym/verinym/policies"
)

// TestShippedFilesFitTheirSchemas: no start of the program looks at their form again.
func TestShippedFilesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	for name, text := range shippedFiles(t) {
		s := sources{fileOf: map[*yaml.Node]string{}}
		root := s.parse(name, text)
		if err := s.validate(kindOf(name), root); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.problems {
			t.Error(p)
		}
	}
}

// TestShapesSayWhatSchemasSay: walking down a file finds a fault where the library, asked about the whole file, finds one, and
// none elsewhere. Each round spoils one place of a file.
func TestShapesSayWhatSchemasSay(t *testing.T) {
	t.Parallel()
	for name, text := range shippedFiles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := wholeSchema(t, kindOf(name))
			rng := rand.New(rand.NewPCG(1, uint64(len(name))))
			sound := 0
			for range 30 {
				s := sources{fileOf: map[*yaml.Node]string{}}
				root := s.parse(name, text)
				what := spoil(rng, root)
				if err := s.validate(kindOf(name), root); err != nil {
					t.Fatal(err)
				}
				err := whole.Validate(plain(root))
				if (err == nil) != (len(s.problems) == 0) {
					t.Errorf("%s: the library says %v, the walk %v", what, err, s.problems)
				}
				if err == nil {
					sound++
				}
			}
			if sound > 25 {
				t.Errorf("%d of 30 changes spoilt nothing: the test sees little", sound)
			}
		})
	}
}

// spoil changes one place below n, and says how.
func spoil(rng *rand.Rand, n *yaml.Node) string {
	for n.Kind != yaml.ScalarNode && len(n.Content) > 0 && rng.IntN(8) > 0 {
		i := rng.IntN(len(n.Content))
		if n.Kind == yaml.MappingNode {
			i |= 1
		}
		n = n.Content[i]
	}
	i := 2 * rng.IntN(len(n.Content)/2+1)
	switch {
	case n.Kind == yaml.MappingNode && rng.IntN(2) == 0 && i < len(n.Content):
		gone := n.Content[i].Value
		n.Content = append(n.Content[:i:i], n.Content[i+2:]...)
		return gone + " left out"
	case n.Kind == yaml.MappingNode:
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "unheard_of"}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"})
		return "a key more"
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0 && rng.IntN(2) == 0:
		n.Content = append(n.Content, n.Content[0])
		return n.Content[0].Value + " twice"
	case n.Kind == yaml.SequenceNode:
		n.Content = nil
		return "an empty list"
	}
	was := n.Value
	other := rng.IntN(4)
	n.Tag, n.Value = []string{"!!null", "!!int", "!!str", "!!bool"}[other], []string{"null", "-3", "", "true"}[other]
	return was + " made " + n.Tag
}

func wholeSchema(t *testing.T, kind string) *jsonschema.Resolved {
	t.Helper()
	b, err := fs.ReadFile(policies.Schemas, "schema/"+kind+".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	whole, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// kindOf is the name of the schema of a file.
func kindOf(name string) string {
	kind, _, _ := strings.Cut(strings.TrimSuffix(name, ".yaml"), "-")
	return kind
}

// shippedFiles are the policy files by name.
func shippedFiles(t *testing.T) map[string][]byte {
	t.Helper()
	entries, err := fs.ReadDir(policies.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if out[e.Name()], err = fs.ReadFile(policies.FS, e.Name()); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
