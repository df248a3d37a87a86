package domain

import (
	"github.com/verinym/verinym/internal/fault"
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
