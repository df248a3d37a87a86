package policy_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// strict is the decision policy of an operator who trusts nobody's approval of what
// screening has doubts about.
const strict = `version: 1
decisions:
  rules:
    - {id: mirrored_never, answer: none, findings: [mirrored], then: decline}
    - {id: seen_before, answer: none, flags: [picture_rejected_before, number_elsewhere], then: review}
    - {id: clean_and_approved, answer: approve, clean: true, then: approve}
    - {id: doubts, answer: approve, authorities: [bureau], kinds: [profile_version], then: review}
    - {id: not_in_register, answer: decline, reasons: [not_in_database], then: review}
    - {id: anything_else, answer: approve, then: approve}
  confidence: assumed
`

func withDecisions(t *testing.T, limits string) (*policy.Policies, error) {
	t.Helper()
	return policy.Load(policy.Layered(policies.FS, fstest.MapFS{"limits-acme.yaml": {Data: []byte(limits)}}))
}

func TestFirstRuleThatHoldsDecides(t *testing.T) {
	t.Parallel()
	p, err := withDecisions(t, strict)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		w    policy.Weighed
		want string
		then policy.Outcome
	}{
		"a mirrored card":                    {policy.Weighed{Answer: "none", Findings: []string{"glare", "mirrored"}}, "mirrored_never", policy.Decline},
		"a card that glares":                 {policy.Weighed{Answer: "none", Findings: []string{"glare"}}, "", ""},
		"a number of another account":        {policy.Weighed{Answer: "none", Flags: []string{"contested", "number_elsewhere"}}, "seen_before", policy.Review},
		"approved, and nothing found":        {policy.Weighed{Answer: "approve", Authority: "bureau", Kind: "profile_version"}, "clean_and_approved", policy.Approve},
		"approved, and something found":      {policy.Weighed{Answer: "approve", Authority: "bureau", Kind: "profile_version", Findings: []string{"glare"}}, "doubts", policy.Review},
		"approved, and something flagged":    {policy.Weighed{Answer: "approve", Authority: "bureau", Kind: "profile_version", Flags: []string{"contested"}}, "doubts", policy.Review},
		"approved by another, and found":     {policy.Weighed{Answer: "approve", Authority: "sandbox", Kind: "profile_version", Findings: []string{"glare"}}, "anything_else", policy.Approve},
		"approved, of another kind":          {policy.Weighed{Answer: "approve", Authority: "bureau", Kind: "domain_name", Flags: []string{"escalated"}}, "anything_else", policy.Approve},
		"declined as not in a register":      {policy.Weighed{Answer: "decline", Reasons: []string{"glare", "not_in_database"}}, "not_in_register", policy.Review},
		"declined for another reason":        {policy.Weighed{Answer: "decline", Reasons: []string{"name_mismatch"}}, "", ""},
		"a mirrored card that was asked for": {policy.Weighed{Answer: "approve", Authority: "sandbox", Findings: []string{"mirrored"}}, "anything_else", policy.Approve},
	} {
		r, ok := p.Decide(tt.w)
		if r.ID != tt.want || r.Then != tt.then || ok != (tt.want != "") {
			t.Errorf("%s: %s by %q, want %s by %q", name, r.Then, r.ID, tt.then, tt.want)
		}
	}
}

func TestRulesThatCannotBeAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		"{id: a, then: approve}":                                                                 "only an authority that approves",
		"{id: a, answer: none, then: approve}":                                                   "only an authority that approves",
		"{id: a, answer: decline, then: approve}":                                                "only an authority that approves",
		"{id: a, answer: none, reasons: [glare], then: review}":                                  "was not asked",
		"{id: a, answer: none, clean: false, then: decline}":                                     "needs reasons",
		"{id: a, findings: [moonlight], then: review}":                                           "moonlight",
		"{id: a, reasons: [moonlight], then: review}":                                            "moonlight",
		"{id: a, then: maybe}":                                                                   "maybe",
		"{id: a, answer: pass, then: review}":                                                    "pass",
		"{id: a, flag: [contested], then: review}":                                               "flag",
		"{id: a, flags: [odd], then: review}":                                                    "odd",
		"{id: a, findings: [], then: review}":                                                    "decisions",
		"{answer: approve, then: approve}":                                                       "id is missing",
		"{id: a, answer: approve, then: approve}\n    - {id: a, answer: decline, then: decline}": "twice",
	} {
		_, err := withDecisions(t, "version: 1\ndecisions:\n  rules:\n    - "+rule+"\n")
		var wrong policy.Problems
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) || wrong[0].File != "limits-acme.yaml" || wrong[0].Line < 3 {
			t.Errorf("%s: %v, want %q", rule, err, want)
		}
	}
}

func TestDecisionsAreExplained(t *testing.T) {
	t.Parallel()
	p, err := withDecisions(t, strict)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.Explain(texts, policy.Question{Accreditation: "mainland", Domain: ".cn"})
	if err != nil {
		t.Fatal(err)
	}
	var en, zh []string
	for _, x := range all {
		if x.Topic != "decision" {
			continue
		}
		for _, w := range x.Text {
			en, zh = append(en, w.EN), append(zh, w.ZH)
		}
		if len(x.At) != 6 || x.At[0].File != "limits-acme.yaml" {
			t.Errorf("it stands at %v", x.At)
		}
	}
	want := `Before any authority is asked, one of these was found: mirrored: the profile has failed.
Before any authority is asked, one of these flags is set: picture_rejected_before, number_elsewhere: a reviewer at the desk decides.
The authority approves, nothing was found or flagged: the profile has passed.
The authority approves, the authority is bureau: a reviewer at the desk decides.
The authority declines, it gives one of these reasons: not_in_database: a reviewer at the desk decides.
The authority approves: the profile has passed.`
	if got := strings.Join(en, "\n"); got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	if got, want := zh[0], "提交审核机构之前、检查发现以下之一：mirrored时：模板不通过。"; got != want {
		t.Errorf("in Chinese: %s, want %s", got, want)
	}
}
