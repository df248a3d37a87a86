package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// assembleSuffixes turns entries and regimes into rules.
func (l *loader) assembleSuffixes(p *Policies) {
	groups := map[string][]string{}
	regimes := map[string]*yaml.Node{}
	for _, file := range l.roots["suffixes"] {
		if g := value(file, "groups"); g != nil {
			l.decode(g, &groups) // of a later file in the place of earlier ones
			for _, name := range keys(g) {
				p.groups[name], _ = field(g, name)
			}
		}
		for _, name := range keys(value(file, "regimes")) {
			regimes[name] = value(file, "regimes", name)
		}
		if v := value(file, "icann"); v != nil {
			p.ICANN = ICANN{node: v}
			l.decode(v, &p.ICANN)
		}
		if v := value(file, "as_of"); v != nil {
			p.Dated = v.Value
		}
	}
	var all []Suffix
	for _, n := range l.entries("suffixes", "suffixes", "a_label") {
		s := Suffix{node: n}
		l.decode(n, &s)
		blocks := map[string]*yaml.Node{}
		for _, acc := range []Accreditation{Mainland, Overseas} {
			if block := value(n, string(acc)); block != nil && value(block, "offered") == nil {
				if block = l.resolve(block, regimes, nil); block != nil {
					blocks[string(acc)] = block
				}
			}
		}
		l.borrowQualification(blocks)
		s.Mainland = l.newRule(s, Mainland, blocks["mainland"], groups)
		s.Overseas = l.newRule(s, Overseas, blocks["overseas"], groups)
		all = append(all, s)
	}
	p.addSuffixes(all)
	p.regimes = regimes
}

// resolve lays a block over its regime, and that over the one it builds on; nil
// when there is no such regime.
func (l *loader) resolve(block *yaml.Node, regimes map[string]*yaml.Node, through []string) *yaml.Node {
	name := value(block, "regime")
	if name == nil {
		return block
	}
	base, known := regimes[name.Value]
	switch {
	case !known:
		l.src.add(name, CodeReference, "regime", "there is no regime %q; there are %s", name.Value, strings.Join(sortedKeys(regimes), ", "))
		return nil
	case slices.Contains(through, name.Value):
		l.src.add(name, CodeReference, "regime", "%s builds on itself", name.Value)
		return nil
	}
	if base = l.resolve(base, regimes, append(through, name.Value)); base == nil {
		return nil
	}
	return l.src.merged(base, block)
}

func sortedKeys(m map[string]*yaml.Node) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// borrowQualification replaces same_as_mainland and same_as_overseas.
func (l *loader) borrowQualification(blocks map[string]*yaml.Node) {
	for acc, block := range blocks {
		q := value(block, "qualification")
		if q == nil || q.Kind != yaml.ScalarNode {
			continue
		}
		from := strings.TrimPrefix(q.Value, "same_as_")
		lent := value(blocks[from], "qualification")
		if from == acc || lent == nil || lent.Kind != yaml.MappingNode {
			l.src.add(q, CodeReference, "qualification", "%s has no qualification to take over", from)
			continue
		}
		blocks[acc] = l.src.merged(without(block, "qualification"), lentAs(block, lent))
	}
}

// lentAs is a block that holds nothing but a qualification, under the key that
// asked for it.
func lentAs(block, lent *yaml.Node) *yaml.Node {
	key, _ := field(block, "qualification")
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: key.Line, Column: key.Column, Content: []*yaml.Node{key, lent}}
}

// newRule reads a block whose regime was resolved; nil for a suffix that is not
// offered.
func (l *loader) newRule(s Suffix, a Accreditation, block *yaml.Node, groups map[string][]string) *Rule {
	if block == nil {
		return nil
	}
	for _, section := range []string{"verification", "driver", "naming", "hold", "holders", "icp"} {
		if key, _ := field(block, section); key == nil {
			l.src.add(block, CodeMissing, s.Suffix+"."+string(a), "%s is missing, here and in the regime", section)
			return nil
		}
	}
	r := &Rule{Suffix: s.ALabel, Kind: s.Kind, Accreditation: a, node: block, groups: groups}
	l.decode(block, r)
	if q := value(block, "qualification"); q != nil && q.Kind == yaml.MappingNode {
		r.Qualification = &Qualification{node: q}
		l.decode(q, r.Qualification)
	}
	for _, list := range [][]string{r.Holders.Individual, r.Holders.Organization, r.Holders.AddressIn} {
		for _, name := range list {
			if _, known := groups[name]; len(name) > 2 && !known {
				l.src.add(value(block, "holders"), CodeReference, s.Suffix+"."+string(a)+".holders", "there is no group %q", name)
			}
		}
	}
	return r
}

// addSuffixes registers every suffix under all labels that it stands for. A label
// with an entry of its own keeps it, whoever else covers it.
func (p *Policies) addSuffixes(all []Suffix) {
	for _, s := range all {
		p.suffixes[s.ALabel] = s
	}
	coveredBy := map[string]Suffix{}
	for _, s := range all {
		labels := slices.Clone(s.Covers)
		for _, v := range s.Variants {
			labels = append(labels, v.ALabel)
		}
		for _, label := range labels {
			if other, twice := coveredBy[label]; twice {
				p.src.add(s.node, CodeKeyTwice, s.Suffix, "%s is covered by %s already (%s)", label, other.Suffix, p.src.at(other.node))
			}
			coveredBy[label] = s
			if _, own := p.suffixes[label]; !own {
				p.suffixes[label] = s.under(label)
			}
		}
	}
}

// under is the suffix under another label of it.
func (s Suffix) under(label string) Suffix {
	s.ALabel = label
	s.Mainland, s.Overseas = s.Mainland.under(label), s.Overseas.under(label)
	return s
}

// under is the rule for another label of the same suffix.
func (r *Rule) under(label string) *Rule {
	if r == nil {
		return nil
	}
	out := *r
	out.Suffix = label
	return &out
}
