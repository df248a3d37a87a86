package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/policies"
)

// Shipped are the files as they are shipped, without an operator's own.
var Shipped = sync.OnceValues(func() (*Policies, error) { return Load(policies.FS) })

// About is what rules are about.
type About string

// What rules are about.
const (
	AboutSuffix   About = "suffix"
	AboutDocument About = "document"
	AboutPaper    About = "paper"
	AboutReason   About = "reason"
	AboutLimits   About = "limits"
	AboutPlaces   About = "places"
	AboutICANN    About = "icann"
	AboutHolidays About = "holidays"
)

// abouts are in the order in which changes are read.
var abouts = []About{AboutSuffix, AboutDocument, AboutPaper, AboutReason, AboutLimits, AboutICANN, AboutPlaces, AboutHolidays}

// subject is a block of rules: those of a suffix under an accreditation, of a document.
type subject struct {
	about         About
	name          string
	accreditation Accreditation
}

func (s subject) compare(t subject) int {
	return cmp.Or(slices.Index(abouts, s.about)-slices.Index(abouts, t.about), strings.Compare(s.name, t.name), strings.Compare(string(s.accreditation), string(t.accreditation)))
}

// Change is a block of rules that two sets of files do not say alike.
type Change struct {
	About About
	// Name is a suffix in its own script or a code, "" for what there is one of.
	Name          string
	Accreditation Accreditation
	// Rules are those that differ, in the order of their names.
	Rules []Difference
	// Gone and Come are, of a suffix, the sentences of its explanation that stand in one set alone.
	Gone, Come []Words
}

// Difference is a rule that two sets of files do not say alike. Where a set has no such rule
// its fact is the zero value.
type Difference struct {
	Rule          string
	Before, After Fact
}

// Compare says what changes from one set of files to another: the rules that differ, and of
// suffixes the sentences too. What is said to people and where rules come from is no rule.
func Compare(texts *locale.Texts, before, after *Policies) ([]Change, error) {
	old, now := before.blocks(), after.blocks()
	all := maps.Clone(old)
	maps.Copy(all, now)
	var out []Change
	for _, s := range slices.SortedFunc(maps.Keys(all), subject.compare) {
		c := Change{About: s.about, Name: s.name, Accreditation: s.accreditation, Rules: differences(old[s], now[s])}
		if len(c.Rules) == 0 {
			continue
		}
		if s.about == AboutSuffix {
			was, err := before.sentences(texts, s)
			if err != nil {
				return nil, err
			}
			is, err := after.sentences(texts, s)
			if err != nil {
				return nil, err
			}
			c.Gone, c.Come = except(was, is), except(is, was)
		}
		out = append(out, c)
	}
	return out, nil
}

// blocks are all rules of all files.
func (p *Policies) blocks() map[subject]Facts {
	out := map[subject]Facts{}
	of := func(s subject) Facts {
		if out[s] == nil {
			out[s] = Facts{}
		}
		return out[s]
	}
	for _, s := range p.suffixes {
		for _, a := range []Accreditation{Mainland, Overseas} {
			f := of(subject{AboutSuffix, s.Suffix, a})
			f.leaves(p.src, "", without(s.node, string(Mainland), string(Overseas)))
			r := s.rule(a)
			if r == nil {
				f.add("offered", false, p.src.at(firstKey(s.node, string(a))))
				continue
			}
			f.leaves(p.src, "", r.node)
		}
	}
	for _, d := range p.documents {
		of(subject{about: AboutDocument, name: d.Code}).leaves(p.src, "", d.node)
	}
	for _, d := range p.papers {
		of(subject{about: AboutPaper, name: d.Code}).leaves(p.src, "", d.node)
	}
	for _, r := range p.reasons {
		of(subject{about: AboutReason, name: r.Code}).leaves(p.src, "", r.node)
	}
	of(subject{about: AboutLimits}).leaves(p.src, "", p.roots["limits"])
	of(subject{about: AboutPlaces}).leaves(p.src, "", p.roots["places"])
	of(subject{about: AboutICANN}).leaves(p.src, "", p.ICANN.node)
	for _, root := range p.holidays {
		of(subject{about: AboutHolidays, name: value(root, "year").Value}).leaves(p.src, "", root)
	}
	return out
}

// differences are the rules of two blocks that are not the same, wherever they stand.
func differences(before, after Facts) (out []Difference) {
	all := maps.Clone(before)
	if all == nil {
		all = Facts{}
	}
	maps.Copy(all, after)
	for _, rule := range slices.Sorted(maps.Keys(all)) {
		was, known := before[rule]
		is, stays := after[rule]
		if known != stays || !same(was.Value, is.Value) {
			out = append(out, Difference{rule, was, is})
		}
	}
	return out
}

// sentences explain a suffix; none where the set does not have it.
func (p *Policies) sentences(texts *locale.Texts, s subject) (out []Words, err error) {
	if _, known := p.suffixOf("example." + p.aLabel(s.name)); !known {
		return nil, nil
	}
	found, err := p.Explain(texts, Question{Accreditation: s.accreditation, Domain: "." + s.name})
	for _, paragraph := range found {
		out = append(out, paragraph.Text...)
	}
	return out, err
}

// aLabel is the A-label of a suffix that stands in the files in its own script.
func (p *Policies) aLabel(suffix string) string {
	for label, s := range p.suffixes {
		if s.Suffix == suffix {
			return label
		}
	}
	return ""
}

// except are the words of a list that are not among others.
func except(all, others []Words) []Words {
	return slices.DeleteFunc(slices.Clone(all), func(w Words) bool { return slices.Contains(others, w) })
}
