package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Outcome is what policy makes of a review.
type Outcome string

// The outcomes. With Review a person at the desk decides.
const (
	Approve Outcome = "approve"
	Decline Outcome = "decline"
	Review  Outcome = "review"
)

// Unasked is the answer of an authority that was not asked yet.
const Unasked = "none"

// DecisionRule is one rule of what comes of a review. All conditions that it names hold
// together; those it does not name are not looked at.
type DecisionRule struct {
	ID string
	// Answer is what the authority says: approve, decline, or none before it was asked.
	Answer      string
	Authorities []string
	Kinds       []string
	// Clean wants that screening and reading found nothing and nothing was flagged, or that
	// something was.
	Clean *bool
	// Findings, Flags and Reasons want one of these codes.
	Findings, Flags, Reasons []string
	Then                     Outcome
}

// Weighed is what is known about a case when it is to be decided.
type Weighed struct {
	// Kind of the case, the Authority and its Answer.
	Kind, Authority, Answer string
	// Findings of screening and reading, Flags of the case, Reasons of the authority.
	Findings, Flags, Reasons []string
}

// holds reports whether the rule is about what was weighed.
func (r DecisionRule) holds(w Weighed) bool {
	oneOf := func(wanted, there []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(there, func(x string) bool { return slices.Contains(wanted, x) })
	}
	clean := len(w.Findings) == 0 && len(w.Flags) == 0
	return (r.Answer == "" || r.Answer == w.Answer) && (r.Clean == nil || *r.Clean == clean) &&
		oneOf(r.Authorities, []string{w.Authority}) && oneOf(r.Kinds, []string{w.Kind}) &&
		oneOf(r.Findings, w.Findings) && oneOf(r.Flags, w.Flags) && oneOf(r.Reasons, w.Reasons)
}

// Decide is what comes of a case, and the rule that says so: the first that holds. ok is
// false when none does; then the authority's answer counts.
func (p *Policies) Decide(w Weighed) (r DecisionRule, ok bool) {
	i := slices.IndexFunc(p.Limits.Decisions.Rules, func(r DecisionRule) bool { return r.holds(w) })
	if i < 0 {
		return r, false
	}
	return p.Limits.Decisions.Rules[i], true
}

// askDecision answers what comes of a case.
func (p *Policies) askDecision(f Facts, q Question) {
	r, ok := p.Decide(Weighed{Kind: "profile_version", Authority: q.Authority, Answer: q.Answer, Findings: q.Findings, Flags: q.Flags, Reasons: q.Reasons})
	if !ok {
		f.add("decision", nil)
		f.add("decision_rule", nil)
		return
	}
	var from []Position
	for _, n := range p.decisionNodes() {
		if value(n, "id").Value == r.ID {
			for i := 0; i < len(n.Content); i += 2 {
				from = append(from, p.src.at(n.Content[i]))
			}
		}
	}
	f.add("decision", string(r.Then), from...)
	f.add("decision_rule", r.ID, from...)
}

func (p *Policies) decisionNodes() []*yaml.Node {
	return items(value(p.roots["limits"], "decisions", "rules"))
}

// checkDecisions refuses rules that contradict what a review is, or name what is not
// there.
func (p *Policies) checkDecisions() {
	seen := map[string]bool{}
	for i, n := range p.decisionNodes() {
		r := p.Limits.Decisions.Rules[i]
		path := "decisions.rules." + r.ID
		if seen[r.ID] {
			p.src.add(n, CodeKeyTwice, path, "stands twice")
		}
		seen[r.ID] = true
		if r.Then == Approve && r.Answer != string(Approve) {
			p.src.add(n, CodeConflict, path, "only an authority that approves leads to approve: say answer: approve")
		}
		if r.Answer == Unasked && len(r.Reasons) > 0 {
			p.src.add(n, CodeConflict, path, "an authority that was not asked has given no reasons")
		}
		if r.Then == Decline && r.Answer != string(Decline) && len(r.Findings) == 0 {
			p.src.add(n, CodeConflict, path, "a decline needs reasons that the registrant reads: name findings, or say answer: decline")
		}
		for _, code := range slices.Concat(r.Findings, r.Reasons) {
			if _, known := p.Reason(code); !known {
				p.src.add(n, CodeReference, path, "there is no reason %q", code)
			}
		}
	}
}

// decision says in plain words what comes of a review.
func (e *explanation) decision() {
	e.topic("decision")
	for _, n := range e.policies.decisionNodes() {
		e.out[len(e.out)-1].At = append(e.out[len(e.out)-1].At, e.policies.src.at(n))
	}
	for _, r := range e.policies.Limits.Decisions.Rules {
		if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, "profile_version") {
			continue
		}
		e.say("decision", map[string]Words{"Conditions": joined(e.conditions(r)), "Outcome": e.words("decision_"+string(r.Then), nil)})
	}
	e.dropIfEmpty()
}

func (e *explanation) conditions(r DecisionRule) (out []Words) {
	if r.Answer != "" {
		out = append(out, e.words("when_"+r.Answer, nil))
	}
	for _, c := range []struct {
		id    string
		codes []string
	}{{"when_authority", r.Authorities}, {"when_found", r.Findings}, {"when_flagged", r.Flags}, {"when_reason", r.Reasons}} {
		var codes []Words
		for _, code := range c.codes {
			codes = append(codes, plainWords(code))
		}
		if len(codes) > 0 {
			out = append(out, e.words(c.id, map[string]Words{"Codes": joined(codes)}))
		}
	}
	if r.Clean != nil {
		id := "when_unclean"
		if *r.Clean {
			id = "when_clean"
		}
		out = append(out, e.words(id, nil))
	}
	if len(out) == 0 {
		out = append(out, e.words("when_always", nil))
	}
	return out
}
