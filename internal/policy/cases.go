package policy

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/policies"
)

// Case is a golden case: a question and some of its answers.
type Case struct {
	Name string
	When struct {
		Accreditation Accreditation
		Domain        string
		Domains       []string // the same answers for each
		Holder        HolderType
		Residence     string
		ProfileKind   ProfileKind `yaml:"profile_kind"`
		Document      string
		Paper         string
		Number        string
		IssuedOn      string `yaml:"issued_on"`
		Today         string
		Format        string
		Bytes         int64
		Reason        string
		Country       string
		Province      string
		Answer        string
		Authority     string
		Findings      []string
		Flags         []string
		Reasons       []string
	}
	Then map[string]any

	node *yaml.Node
	src  *sources
}

// questions are the questions that the case asks, one a domain.
func (c Case) questions() []Question {
	w := c.When
	q := Question{
		Accreditation: w.Accreditation, Domain: w.Domain, Holder: w.Holder, Residence: w.Residence, ProfileKind: w.ProfileKind,
		Document: w.Document, Paper: w.Paper, Number: w.Number, IssuedOn: w.IssuedOn, Today: w.Today, Format: w.Format, Bytes: w.Bytes,
		Reason: w.Reason, Country: w.Country, Province: w.Province,
		Answer: w.Answer, Authority: w.Authority, Findings: w.Findings, Flags: w.Flags, Reasons: w.Reasons,
	}
	if len(w.Domains) == 0 {
		return []Question{q}
	}
	var out []Question
	for _, d := range w.Domains {
		q.Domain = d
		out = append(out, q)
	}
	return out
}

// LoadCases reads cases/*.yaml of files. No such folder, no cases.
func LoadCases(files fs.FS) ([]Case, error) {
	names, err := fs.Glob(files, "cases/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	src := &sources{fileOf: map[*yaml.Node]string{}}
	var out []Case
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("policy: %w", err)
		}
		root := src.parse(name, b)
		if root == nil {
			continue
		}
		before := len(src.problems)
		if err := src.validate("cases", root); err != nil {
			return nil, err
		}
		if len(src.problems) > before {
			continue
		}
		for _, n := range items(value(root, "cases")) {
			c := Case{node: n, src: src}
			if err := n.Decode(&c); err != nil {
				src.add(n, CodeValue, nameOf(n), "%s", err)
			}
			out = append(out, c)
		}
	}
	return out, src.problems.err()
}

// ShippedCases are the golden cases of the files as they are shipped.
var ShippedCases = sync.OnceValues(func() ([]Case, error) { return LoadCases(policies.Cases) })

// At is where the case stands.
func (c Case) At() Position { return c.src.at(c.node) }

// Line is a line of a case as it stands in its file.
type Line struct{ Name, Value string }

// Asks are the lines of the question.
func (c Case) Asks() []Line { return linesOf(value(c.node, "when")) }

// Wants are the answers that the case names.
func (c Case) Wants() []Line { return linesOf(value(c.node, "then")) }

func linesOf(n *yaml.Node) (out []Line) {
	for _, name := range keys(n) {
		out = append(out, Line{name, Shown(leaf(value(n, name)))})
	}
	return out
}

// Run asks the policy what the case asks. It returns what was answered
// differently, and the places of the facts that the case names and got right.
func (p *Policies) Run(c Case) (wrong Problems, exercised []Position) {
	then := value(c.node, "then")
	for _, q := range c.questions() {
		facts, err := p.Ask(q)
		if err != nil {
			wrong = append(wrong, Problem{c.src.at(c.node), CodeCase, c.Name, err.Error()})
			continue
		}
		for _, name := range keys(then) {
			key, v := field(then, name)
			fact, known := facts[name]
			want := leaf(v)
			switch {
			case !known && want == nil: // null: no such fact
			case !known:
				wrong = append(wrong, Problem{c.src.at(key), CodeCase, c.Name, fmt.Sprintf("%s: the policy says nothing, want %v", q.about(name), want)})
			case !same(fact.Value, want):
				wrong = append(wrong, Problem{
					c.src.at(key), CodeCase, c.Name,
					fmt.Sprintf("%s is %v (%s), want %v", q.about(name), Shown(fact.Value), places(fact.At), Shown(want)),
				})
			default:
				exercised = append(exercised, fact.At...)
			}
		}
	}
	return wrong, exercised
}

// about names a fact, and of which domain it is.
func (q Question) about(fact string) string {
	if q.Domain == "" {
		return fact
	}
	return fact + " of " + q.Domain
}

// same compares by value; no elements equal no list.
func same(a, b any) bool {
	if x, ok := a.([]string); ok {
		y, ok := b.([]string)
		return ok && slices.Equal(x, y)
	}
	return reflect.DeepEqual(a, b)
}

// Shown is the value of a fact as files have it.
func Shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func places(at []Position) string {
	if len(at) == 0 {
		return "worked out"
	}
	out := make([]string, len(at))
	for i, a := range at {
		out[i] = a.String()
	}
	return strings.Join(out, ", ")
}

// Unexercised lists the rules of the files that are not among exercised: facts
// that no case names.
func (p *Policies) Unexercised(exercised []Position) []Position {
	done := map[Position]bool{}
	for _, at := range exercised {
		done[at] = true
	}
	var out []Position
	for _, at := range p.Rules() {
		if !done[at] {
			out = append(out, at)
		}
	}
	return out
}

// Rules lists the place of every rule of every file, in order.
func (p *Policies) Rules() []Position {
	all := Facts{}
	seen := map[*yaml.Node]bool{}
	collect := func(prefix string, n *yaml.Node) {
		if n != nil && !seen[n] {
			seen[n] = true
			all.leaves(p.src, prefix+fmt.Sprint(len(seen))+".", n)
		}
	}
	for _, name := range merging {
		collect(name, p.roots[name])
	}
	collect("icann", p.ICANN.node)
	for _, r := range p.regimes {
		collect("regime", r)
	}
	for _, s := range p.suffixes {
		collect("suffix", s.node)
	}
	for _, d := range p.documents {
		collect("document", d.node)
	}
	for _, d := range p.papers {
		collect("paper", d.node)
	}
	for _, r := range p.reasons {
		collect("reason", r.node)
	}
	out := p.holidaysBetween("0000", "9999")
	for _, f := range all {
		out = append(out, f.At...)
	}
	for _, n := range p.groups {
		out = append(out, p.src.at(n))
	}
	slices.SortFunc(out, Position.compare)
	return slices.Compact(out)
}

// asciiName is a domain name in A-labels. A suffix with a leading dot stands for
// a name under it.
func asciiName(name string) (string, error) {
	if strings.HasPrefix(name, ".") {
		name = "example" + name
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil {
		return "", fmt.Errorf("%q is no domain name: %w", name, err)
	}
	return ascii, nil
}
