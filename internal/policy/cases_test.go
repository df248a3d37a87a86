package policy_test

import (
	"testing"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

// TestGoldenCases asks the shipped policy every golden question. A rule of a
// shipped file that no case names would be one that nobody has thought through,
// and fails here too.
func TestGoldenCases(t *testing.T) {
	t.Parallel()
	p := load(t)
	cases, err := policy.LoadCases(policies.Cases)
	if err != nil {
		t.Fatal(err)
	}
	var exercised []policy.Position
	for _, c := range cases {
		wrong, done := p.Run(c)
		for _, w := range wrong {
			t.Error(w)
		}
		exercised = append(exercised, done...)
	}
	left := p.Unexercised(exercised)
	for i, at := range left {
		if i == 20 {
			t.Errorf("and %d more", len(left)-i)
			break
		}
		t.Errorf("%s, column %d: no golden case names this rule", at, at.Column)
	}
	t.Logf("%d cases, %d rules", len(cases), len(p.Rules()))
}
