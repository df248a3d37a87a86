package policy

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/idna"

	"github.com/verinym/verinym/internal/fault"
)

// Accreditation is the registrar's own standing under which a name is held.
type Accreditation string

// The two accreditations.
const (
	Mainland Accreditation = "mainland"
	Overseas Accreditation = "overseas"
)

// Known reports whether a is one of the two.
func (a Accreditation) Known() bool { return a == Mainland || a == Overseas }

// ProfileKind is the kind of registrant profile.
type ProfileKind string

// The kinds of profile.
const (
	Common ProfileKind = "common"
	CNNIC  ProfileKind = "cnnic"
)

// Known reports whether k is one of the two.
func (k ProfileKind) Known() bool { return k == Common || k == CNNIC }

// HolderType says whether a holder is a person or an organisation.
type HolderType string

// The types of holder.
const (
	Individual   HolderType = "individual"
	Organization HolderType = "organization"
)

// Known reports whether t is one of the two.
func (t HolderType) Known() bool { return t == Individual || t == Organization }

// Suffix is one entry of suffixes.yaml.
type Suffix struct {
	Suffix   string
	ALabel   string `yaml:"a_label"`
	Kind     string // ccTLD, ccTLD_second_level or gTLD
	Covers   []string
	Variants []struct {
		Suffix string
		ALabel string `yaml:"a_label"`
	}
	Registry struct {
		Operator string
		RDAP     string
	}
	Mainland *Rule `yaml:"-"` // nil: not offered
	Overseas *Rule `yaml:"-"`

	node *yaml.Node
}

func (s Suffix) rule(a Accreditation) *Rule {
	if a == Overseas {
		return s.Overseas
	}
	return s.Mainland
}

// Rule is what one suffix demands under one accreditation.
type Rule struct {
	// Suffix is the A-label that matched, Kind the kind of suffix.
	Suffix        string        `yaml:"-"`
	Kind          string        `yaml:"-"`
	Accreditation Accreditation `yaml:"-"`
	Regime        string
	Verification  Verification
	Driver        struct {
		Kind     string
		Contacts string
	}
	Naming *Naming
	Hold   struct {
		Create            Hold
		ClockStarts       string `yaml:"clock_starts"` // payment or create
		AfterHolderChange Hold   `yaml:"after_holder_change"`
		// TransferIn is how long after a transfer the verdict may take.
		// verified_profile_first, which reads as no hold, lets no name in without one.
		TransferIn   Hold `yaml:"transfer_in"`
		ReleaseTakes Days `yaml:"release_takes"`
	}
	Holders struct {
		Individual   []string
		Organization []string
		AddressIn    []string `yaml:"individual_address_in"`
		Only         string
	}
	// TransferLock is how long transfers to another registrar are refused; OnRequest after a
	// change of holder that asks for it.
	TransferLock struct {
		AfterRegistration Duration `yaml:"after_registration"`
		AfterTransfer     Duration `yaml:"after_transfer"`
		OnRequest         Duration `yaml:"on_request"`
	} `yaml:"transfer_lock"`
	HolderChange struct {
		Channel     string // online or offline
		ReviewTakes Days   `yaml:"review_takes"`
	} `yaml:"holder_change"`
	// Email says whether ICANN's rule of an answer within 15 days applies.
	Email struct {
		ICANN bool `yaml:"icann_15_days"`
	} `yaml:"email_rule"`
	Qualification *Qualification `yaml:"-"`
	ICP           struct{ Eligible bool }

	node   *yaml.Node // regime and entry merged
	groups map[string][]string
}

// Verification says whether a holder has to be verified, by whom, and how long
// that takes.
type Verification struct {
	Duty        string      // required, not_required, not_possible or on_registry_request
	ProfileKind ProfileKind `yaml:"profile_kind"`
	By          string      // registry, vsp or registry_or_registrar
	Takes       Days
}

// Days is how long something usually takes, from and to; empty when not known.
type Days struct {
	Days         []int
	BusinessDays []int `yaml:"business_days"`
}

// Naming says who reviews the label, and when.
type Naming struct {
	Review    string
	Takes     Days
	OnFailure string `yaml:"on_failure"`
}

// Qualification is what a suffix asks for beside an identity document. Documents
// are all needed, of AnyOf one set.
type Qualification struct {
	Who       string
	Documents []struct {
		Kind string
		Must Words
		When Words
	}
	AnyOf []struct {
		Role      string
		Documents []string
	} `yaml:"any_of"`
	LabelPatterns []struct {
		ID string
		EN string
		ZH string
	} `yaml:"label_patterns"`
	HolderEquals string `yaml:"holder_equals"`
	Takes        Days
	OnFailure    string `yaml:"on_failure"`
	Grace        struct {
		AfterHolderChange Duration `yaml:"after_holder_change"`
		TransferIn        Duration `yaml:"transfer_in"`
	}
	// Reminder is how long before the end of the grace the registrant is reminded; 0 is never.
	Reminder          Duration `yaml:"reminder_before_end"`
	AliyunType        string   `yaml:"aliyun_qualification_type"`
	RegistryCallsBack bool     `yaml:"registry_calls_back"`
	node              *yaml.Node
}

// Kinds lists the kinds of documents and papers that may be asked for.
func (q Qualification) Kinds() (out []string) {
	for _, d := range q.Documents {
		out = append(out, d.Kind)
	}
	for _, set := range q.AnyOf {
		for _, kind := range set.Documents {
			if !slices.Contains(out, kind) {
				out = append(out, kind)
			}
		}
	}
	return out
}

// Words is a text in both languages.
type Words struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Hold says when a name without its verdicts is held.
type Hold struct {
	// AtOnce: held from the moment of creation or change.
	AtOnce bool
	// After is how long the verdict may take; 0 with AtOnce false means no hold.
	After time.Duration
}

// UnmarshalYAML reads at_create, at_once, until_verified, a duration or null.
// verified_profile_first is no hold: nothing comes in that would need one.
func (h *Hold) UnmarshalYAML(n *yaml.Node) error {
	switch n.Value {
	case "", "null", "verified_profile_first":
		return nil
	case "at_create", "at_once", "until_verified":
		h.AtOnce = true
		return nil
	}
	var err error
	h.After, err = parseDuration(n.Value)
	return err
}

// Until is when a name that was created (or changed) at t is held; ok is false
// where there is no hold.
func (h Hold) Until(t time.Time) (at time.Time, ok bool) {
	return t.Add(h.After), h.AtOnce || h.After > 0
}

// Required reports whether the suffix asks for verified holders at all.
func (r Rule) Required() bool { return r.Verification.Duty == "required" }

// NamingRequired reports whether the label itself is reviewed.
func (r Rule) NamingRequired() bool { return r.Naming != nil }

// ProfileKind is the kind of profile that fits the suffix.
func (r Rule) ProfileKind() ProfileKind {
	if r.Verification.ProfileKind != "" {
		return r.Verification.ProfileKind
	}
	return Common
}

// Rule returns what the suffix of a domain name (A-label form) demands. The
// longest suffix that matches wins. Faults: suffix_unsupported when no suffix
// matches or it is not offered under the accreditation.
func (p *Policies) Rule(a Accreditation, name string) (Rule, error) {
	if s, found := p.suffixOf(name); found {
		if r := s.rule(a); r != nil {
			return *r, nil
		}
	}
	return Rule{}, fault.At("domain", "suffix_unsupported").With("Domain", name)
}

// ALabel is a suffix in its A-label, however somebody has written it; what is none stays as
// typed, and no name has it.
func ALabel(suffix string) string {
	suffix = strings.Trim(strings.TrimSpace(strings.ToLower(suffix)), ".")
	if ascii, err := idna.Lookup.ToASCII(suffix); err == nil {
		return ascii
	}
	return suffix
}

// RuleUnder returns what a suffix demands that somebody has written down: with or without
// a dot before it, in its own script or as an A-label. Fault: suffix_unsupported.
func (p *Policies) RuleUnder(a Accreditation, suffix string) (Rule, error) {
	return p.Rule(a, "example."+ALabel(suffix))
}

func (p *Policies) suffixOf(name string) (s Suffix, found bool) {
	_, rest, ok := strings.Cut(name, ".")
	for ok && !found {
		s, found = p.suffixes[rest]
		_, rest, ok = strings.Cut(rest, ".")
	}
	return s, found
}

// AnyFiled reports whether names of any suffix that a kind of profile holds under an
// accreditation are eligible for an ICP filing.
func (p *Policies) AnyFiled(a Accreditation, k ProfileKind) bool {
	for _, s := range p.suffixes {
		if r := s.rule(a); r != nil && r.ICP.Eligible && r.ProfileKind() == k {
			return true
		}
	}
	return false
}

// Suffixes lists the A-labels of all suffixes.
func (p *Policies) Suffixes() []string {
	out := make([]string, 0, len(p.suffixes))
	for s := range p.suffixes {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// Nearest is the suffix that a misspelt one most likely meant, in its own script;
// "" when nothing is near.
func (p *Policies) Nearest(typed string) string {
	var known []string
	for label := range p.suffixes {
		known = append(known, label)
	}
	slices.Sort(known)
	return p.suffixes[nearest(typed, known)].Suffix
}

// MayHold reports whether a holder of this type and residence (ISO 3166) may
// hold a name under the rule.
func (r Rule) MayHold(t HolderType, residence string) bool {
	allowed := r.Holders.Individual
	if t == Organization {
		allowed = r.Holders.Organization
	}
	return r.includes(allowed, residence)
}

// Accepts reports whether a document shows a holder who may hold a name. Where
// only holders of some residences may, a document that anybody can have (a
// passport) does not show that its holder is one of them, wherever they live.
func (r Rule) Accepts(d Document) bool {
	allowed := r.Holders.Individual
	if d.Holder == string(Organization) {
		allowed = r.Holders.Organization
	}
	return slices.Contains(allowed, "*") || slices.ContainsFunc(d.Residence, func(home string) bool { return r.includes(allowed, home) })
}

// MayLive reports whether an individual's mailing address may be in a country or
// region (ISO 3166); an organisation's is where it is registered.
func (r Rule) MayLive(t HolderType, country string) bool {
	return t != Individual || len(r.Holders.AddressIn) == 0 || r.includes(r.Holders.AddressIn, country)
}

// includes looks a residence up among codes, groups of codes and "*".
func (r Rule) includes(allowed []string, residence string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == "*" || a == residence || slices.Contains(r.groups[a], residence)
	})
}
