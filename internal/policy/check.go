package policy

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/identifier"
)

// needed are the sections of files that are laid over each other: the whole has
// them, each file may leave them out.
var needed = map[string][]string{
	"limits": {"profiles", "kinds", "email", "documents", "uploads", "retention", "review"},
	"places": {"divisions", "countries"},
}

// check finds what no schema can see: facts that contradict each other, and names
// of things that are not there.
func (p *Policies) check() {
	for name, sections := range needed {
		for _, section := range sections {
			if value(p.roots[name], section) == nil {
				p.src.add(p.roots[name], CodeMissing, "", "%s is missing", section)
			}
		}
	}
	if len(p.src.problems) > 0 {
		return
	}
	for _, s := range p.suffixes {
		if s.node != nil && value(s.node, "a_label").Value == s.ALabel {
			p.checkSuffix(s)
		}
	}
	p.checkDocuments()
	p.checkLimits()
	p.checkPlaces()
	p.checkHolidays()
}

func (p *Policies) checkSuffix(s Suffix) {
	if want, err := idna.Lookup.ToASCII(s.Suffix); err != nil || want != s.ALabel {
		p.src.add(s.node, CodeConflict, s.Suffix, "the a_label of %s is %s, not %s", s.Suffix, want, s.ALabel)
	}
	for _, v := range s.Variants {
		if want, err := idna.Lookup.ToASCII(v.Suffix); err != nil || want != v.ALabel {
			p.src.add(value(s.node, "variants"), CodeConflict, s.Suffix, "the a_label of %s is %s, not %s", v.Suffix, want, v.ALabel)
		}
	}
	if s.Mainland == nil && s.Overseas == nil {
		p.src.add(s.node, CodeMissing, s.Suffix, "offered under no accreditation")
	}
	for _, r := range []*Rule{s.Mainland, s.Overseas} {
		if r != nil {
			p.checkRule(s.Suffix+"."+string(r.Accreditation), *r)
		}
	}
}

// checkRule holds the parts of a rule against each other.
func (p *Policies) checkRule(path string, r Rule) {
	conflict := func(section, format string, args ...any) {
		key, _ := field(r.node, section)
		p.src.add(key, CodeConflict, path+"."+section, format, args...)
	}
	switch {
	case r.Driver.Kind == "thin" && r.Driver.Contacts != "none":
		conflict("driver", "a thin registry has no contacts; contacts is %s", r.Driver.Contacts)
	case r.Driver.Kind == "cnnic" && r.Driver.Contacts != "required":
		conflict("driver", "CNNIC requires contacts; contacts is %s", r.Driver.Contacts)
	}
	if n := r.Naming; n != nil && n.Review == "vsp_before_create" && r.Driver.Kind != "thin" && r.Driver.Kind != "verificationcode" {
		conflict("naming", "a provider's review needs a driver that carries its codes, not %s", r.Driver.Kind)
	}
	if n := r.Naming; n != nil && n.Review == "registry_after_create" && r.Driver.Kind != "cnnic" && r.Driver.Kind != "standard" {
		conflict("naming", "the %s driver hears of no review by the registry", r.Driver.Kind)
	}
	if r.Required() && r.Verification.By == "" {
		conflict("verification", "by is missing: who decides about the holder?")
	}
	if profile := p.Limits.Kinds[r.ProfileKind()][r.Accreditation]; r.Required() && r.Verification.By != "registry_or_registrar" && r.Verification.By != "registry" && !profile.Verified {
		conflict("verification", "the suffix needs verified holders, but %s profiles are not verified under this accreditation", r.ProfileKind())
	}
	p.checkQualification(path+".qualification", r.Qualification)
}

func (p *Policies) checkQualification(path string, q *Qualification) {
	if q == nil {
		return
	}
	var named []*yaml.Node
	for _, d := range items(value(q.node, "documents")) {
		named = append(named, value(d, "kind"))
	}
	for _, set := range items(value(q.node, "any_of")) {
		named = append(named, items(value(set, "documents"))...)
	}
	for _, n := range named {
		_, document := p.Document(n.Value)
		if _, paper := p.Paper(n.Value); !document && !paper {
			p.src.add(n, CodeReference, path, "there is no document or supporting paper %q", n.Value)
		}
	}
}

func (p *Policies) checkDocuments() {
	codes := map[string]*yaml.Node{}
	for _, d := range p.documents {
		codes[d.Code] = d.node
		if len(d.RequiredSides()) == 0 {
			p.src.add(d.node, CodeConflict, d.Code, "no side is required, so nothing would have to be uploaded")
		}
		for _, r := range keys(value(d.node, "rank")) {
			if r != "other" && !d.belongsTo(r) {
				p.src.add(value(d.node, "rank"), CodeConflict, d.Code+".rank", "nobody of %s has it", r)
			}
		}
	}
	for _, d := range p.papers {
		if other, twice := codes[d.Code]; twice {
			p.src.add(d.node, CodeKeyTwice, d.Code, "is a document already (%s)", p.src.at(other))
		}
	}
	for _, t := range []HolderType{Individual, Organization} {
		for _, residence := range []string{"CN", "HK", "MO", "TW", "US"} {
			if len(p.DocumentsFor(t, residence)) == 0 {
				p.src.problems = append(p.src.problems, Problem{
					Position{"documents.yaml", 1, 1}, CodeMissing, "documents",
					"no document for an " + string(t) + " of " + residence,
				})
			}
		}
	}
}

func (p *Policies) checkLimits() {
	root := p.roots["limits"]
	for kind, u := range p.Limits.Uploads {
		p.checkUpload(value(root, "uploads", string(kind)), "uploads."+string(kind), u)
	}
	if e := value(root, "enhanced_verification"); e != nil {
		p.checkUpload(value(e, "upload"), "enhanced_verification.upload", p.Limits.Enhanced.Upload)
		if p.Limits.Enhanced.AnswerWithin <= 0 {
			p.src.add(e, CodeMissing, "enhanced_verification", "answer_within is missing")
		}
		for _, code := range slices.Concat(p.Limits.Enhanced.Papers, p.Limits.Enhanced.OneOf) {
			if _, known := p.Paper(code); !known {
				p.src.add(e, CodeReference, "enhanced_verification", "there is no supporting paper %q", code)
			}
		}
		for _, s := range p.Limits.Enhanced.Suffixes {
			if _, known := p.suffixes[s]; !known {
				p.src.add(e, CodeReference, "enhanced_verification.suffixes", "there is no suffix %q", s)
			}
		}
	}
	p.checkDecisions()
	for kind, r := range p.Limits.Review {
		if r.AtMost < r.Usual {
			p.src.add(value(root, "review", string(kind)), CodeConflict, "review."+string(kind), "at most %d days are fewer than the usual %d", r.AtMost, r.Usual)
		}
	}
	for _, w := range items(value(root, "numbers", "warnings")) {
		for _, k := range items(value(w, "kinds")) {
			if !identifier.Kind(k.Value).Known() {
				p.src.add(k, CodeReference, "numbers.warnings", "there is no kind of number %q", k.Value)
			}
		}
	}
}

func (p *Policies) checkUpload(n *yaml.Node, path string, u Upload) {
	if u.MinBytes > u.MaxBytes {
		p.src.add(n, CodeConflict, path, "min_bytes is more than max_bytes")
	}
	if c := u.RegistryCopy; c != nil && c.MinBytes > c.MaxBytes {
		p.src.add(value(n, "registry_copy"), CodeConflict, path+".registry_copy", "min_bytes is more than max_bytes")
	}
}

func (p *Policies) checkPlaces() {
	seen := map[string]bool{}
	for _, c := range items(value(p.roots["places"], "countries")) {
		iso := value(c, "iso").Value
		if seen[iso] {
			p.src.add(c, CodeKeyTwice, "countries", "%s stands twice", iso)
		}
		seen[iso] = true
		if pattern := value(c, "postal_pattern"); pattern != nil {
			if _, err := regexp.Compile(pattern.Value); err != nil {
				p.src.add(pattern, CodeValue, iso+".postal_pattern", "%s", err)
			}
		}
	}
}
