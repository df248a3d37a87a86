package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
	"github.com/verinym/verinym/policies"
)

// TestWhatChangesFromOneSetToAnother: rules by name with where they stand, and of a suffix
// the sentences that are no longer said and those that are new. Words for people are no rules.
func TestWhatChangesFromOneSetToAnother(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for what, tt := range map[string]struct {
		file, old, with string
		want            []string
		gone, come      string // words of sentences
	}{
		"nothing":       {"limits.yaml", "version: 1", "version: 1", nil, "", ""},
		"a note":        {"suffixes.yaml", "contacts: none, note: ", "contacts: none, note: Well. ", nil, "", ""},
		"a limit":       {"limits.yaml", "per_account: {max: 500,", "per_account: {max: 20,", []string{"limits . profiles.per_account.max 500 20"}, "", ""},
		"a suffix less": {"suffixes.yaml", "    overseas: {regime: thin_overseas}\n  - suffix: net", "    overseas: {offered: false, sources: [], confidence: assumed}\n  - suffix: net", []string{"suffix .com offered <nil> false", "suffix .com verification.duty not_required <nil>"}, "it needs no verification", "is not available"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			changes, err := policy.Compare(texts, shipped, policytest.ChangedIn(t, tt.file, tt.old, tt.with))
			if err != nil {
				t.Fatal(err)
			}
			var got, gone, come []string
			for _, c := range changes {
				for _, d := range c.Rules {
					got = append(got, fmt.Sprintf("%s .%s %s %v %v", c.About, c.Name, d.Rule, d.Before.Value, d.After.Value))
					if len(d.Before.At)+len(d.After.At) == 0 {
						t.Errorf("nobody says where %s stands", d.Rule)
					}
				}
				for _, w := range c.Gone {
					gone = append(gone, w.EN)
				}
				for _, w := range c.Come {
					come = append(come, w.EN)
				}
			}
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("%q is not among %q", w, got)
				}
			}
			if tt.want == nil && got != nil {
				t.Errorf("changed: %q", got)
			}
			if !strings.Contains(strings.Join(gone, " "), tt.gone) || !strings.Contains(strings.Join(come, " "), tt.come) || tt.gone == "" && gone != nil {
				t.Errorf("no longer said: %q; new: %q", gone, come)
			}
			back, err := policy.Compare(texts, policytest.ChangedIn(t, tt.file, tt.old, tt.with), shipped)
			if err != nil || len(back) != len(changes) {
				t.Errorf("the other way round: %d changes, %v; want %d", len(back), err, len(changes))
			}
		})
	}
}
