package portfolio

import (
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// Outcome is where a name stands.
type Outcome string

// The outcomes, the gravest first.
const (
	Held        Outcome = "held"        // out of the zone now
	Overdue     Outcome = "overdue"     // a verdict is missing, and its date has passed
	Due         Outcome = "due"         // a verdict is missing, and there is time left
	Unclear     Outcome = "unclear"     // nobody has said whether the verdicts are in
	Expired     Outcome = "expired"     // no matter of verification any more
	Unsupported Outcome = "unsupported" // no policy for the suffix
	Safe        Outcome = "safe"        // nothing of this would hold it
)

// AtRisk reports whether somebody has to do something about the name.
func (o Outcome) AtRisk() bool { return o == Held || o == Overdue || o == Due }

// Outcomes lists them, the gravest first.
func Outcomes() []Outcome { return []Outcome{Held, Overdue, Due, Unclear, Expired, Unsupported, Safe} }

// Answer is what is found about a name. Why carries the code of the reason and what its
// text takes; HoldAt is when the registry takes the name out of the zone, zero where it
// does not, or nobody can say.
type Answer struct {
	Name    Name
	Outcome Outcome
	HoldAt  time.Time
	Why     *fault.Error
}

// Auditor judges names under the policy of an accreditation.
type Auditor struct {
	Policies      *policy.Policies
	Accreditation policy.Accreditation
	Now           time.Time
}

// Judge says where a name stands.
func (a Auditor) Judge(n Name) Answer {
	answer := func(o Outcome, code string) Answer {
		return Answer{Name: n, Outcome: o, Why: fault.New(fault.Conflict, code)}
	}
	rule, err := a.Policies.Rule(a.Accreditation, n.Name)
	if err != nil {
		return Answer{Name: n, Outcome: Unsupported, Why: fault.From(err)}
	}
	if !n.Expires.IsZero() && !a.Now.Before(n.Expires) {
		return answer(Expired, "portfolio_expired")
	}
	verdict := n.RealName
	if rule.NamingRequired() && n.Naming != Unknown { // few dumps tell it, and a name that fails does not live long
		verdict = worse(n.Naming, n.RealName)
	}
	switch {
	case n.Has(epp.ServerHold) && rule.Required() && verdict != Passed && verdict != Unknown:
		return answer(Held, "portfolio_held_unverified")
	case n.Has(epp.ServerHold):
		return answer(Held, "portfolio_held_unknown")
	case n.Has(epp.ClientHold):
		return answer(Held, "portfolio_held_by_registrar")
	case !rule.Required():
		return answer(Safe, "portfolio_not_required")
	case verdict == Passed:
		return answer(Safe, "portfolio_verified")
	}
	return a.unverified(n, rule, verdict, answer)
}

// unverified says when a name is held whose verdicts are missing, or not known.
func (a Auditor) unverified(n Name, rule policy.Rule, verdict Verdict, answer func(Outcome, string) Answer) Answer {
	at := n.Due
	if at.IsZero() {
		var held bool
		if at, held = rule.Hold.Create.Until(n.Created); !held {
			return answer(Safe, "portfolio_never_held")
		}
		if n.Created.IsZero() {
			return answer(Unclear, "portfolio_undated")
		}
	}
	past := !a.Now.Before(at)
	var out Answer
	switch {
	case verdict == Unknown && past:
		// It is not held, so the registry most likely has what it wants.
		return answer(Unclear, "portfolio_unknown_past")
	case verdict == Unknown:
		out = answer(Unclear, "portfolio_unknown_due")
	case past:
		out = answer(Overdue, "portfolio_overdue")
	default:
		out = answer(Due, "portfolio_due_"+string(verdict))
	}
	out.HoldAt = at
	out.Why = out.Why.With("Date", at.In(a.Policies.Calendar.Zone()).Format("2006-01-02 15:04 -07:00"))
	return out
}

// rank orders verdicts: of two, the one that is worse counts.
var rank = map[Verdict]int{Passed: 0, Unknown: 1, InReview: 2, Missing: 3, Failed: 4}

func worse(a, b Verdict) Verdict {
	if rank[a] > rank[b] {
		return a
	}
	return b
}
