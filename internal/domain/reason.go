package domain

import (
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// why is the cause of a failure: a canonical code and, where there are some, the words
// of the registry or reviewer.
type why struct{ code, words string }

// rejected is the cause of a refusal that came with words only.
func rejected(words string) why { return why{code: "registry_rejected", words: words} }

// said is the cause that a registry gave with a verdict. What is no code of ours is its
// own words.
func (all *All) said(reason, words string) why {
	if _, ok := all.policies.Reason(reason); ok {
		return why{reason, words}
	}
	return rejected(or(reason, words))
}

// because is the cause with the values that its text takes, as far as they are known.
func (all *All) because(d Domain, w why) *fault.Error {
	if w.code == "" { // written down before every failure had a code
		w = rejected(w.words)
	}
	f := fault.New(fault.Conflict, w.code).With("Domain", Display(d.Name)).With("Suffix", Display(d.Suffix))
	if w.words != "" {
		f = f.With("Words", w.words)
	}
	if outcome := all.outcome(d); outcome != "" {
		f = f.With("Outcome", outcome)
	}
	return f
}

// refunded is the outcome of policy in which the registry gives the fee back.
const refunded = "deleted_refunded"

// outcome is what becomes of a domain whose name has not passed its review.
func (all *All) outcome(d Domain) string {
	switch {
	case d.NextVersionID != 0:
		return "holder_stays"
	case d.State == Registering || d.State == Unfulfilled:
		return "not_registered"
	}
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || rule.Naming == nil {
		return ""
	}
	return rule.Naming.OnFailure
}

// Refusal says what becomes of a name that is registered, by outcomes of policy: where the
// name itself is refused, and where its papers are; "" where nothing is known of that.
type Refusal struct{ Naming, Papers string }

// refusal is what becomes of names under a rule.
func refusal(rule policy.Rule) (out Refusal) {
	if rule.Required() && rule.Naming != nil {
		out.Naming = rule.Naming.OnFailure
	}
	if rule.Qualification != nil {
		out.Papers = rule.Qualification.OnFailure
	}
	return out
}

// IfRefused says what becomes, or has become, of a registered domain that is refused.
func (all *All) IfRefused(d Domain) Refusal {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || d.State != Registered {
		return Refusal{}
	}
	out := refusal(rule)
	if out.Naming != "" {
		out.Naming = all.outcome(d)
	}
	return out
}
