package policy_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/policies"
)

func load(t *testing.T) *policy.Policies {
	t.Helper()
	p, err := policy.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLongestSuffixDecides(t *testing.T) {
	t.Parallel()
	p := load(t)
	for name, tt := range map[string]struct {
		suffix string
		kind   policy.ProfileKind
		driver string
	}{
		"example.cn":         {"cn", policy.CNNIC, "cnnic"},
		"example.com.cn":     {"com.cn", policy.CNNIC, "cnnic"},
		"ministry.gov.cn":    {"gov.cn", policy.CNNIC, "cnnic"},
		"example.com":        {"com", policy.Common, "thin"},
		"xn--fsq.xn--fiqs8s": {"xn--fiqs8s", policy.CNNIC, "cnnic"},
		"a.b.example.cn":     {"cn", policy.CNNIC, "cnnic"},
	} {
		r, err := p.Rule(policy.Mainland, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Suffix != tt.suffix || r.ProfileKind() != tt.kind || r.Driver.Kind != tt.driver {
			t.Errorf("%s: suffix %s, profile %s, driver %s; want %+v", name, r.Suffix, r.ProfileKind(), r.Driver.Kind, tt)
		}
	}
	for _, name := range []string{"example.invalid", "cn", ""} {
		if _, err := p.Rule(policy.Mainland, name); fault.Code(err) != "suffix_unsupported" {
			t.Errorf("%q: %v, want suffix_unsupported", name, err)
		}
	}
}

func TestHoldsAreCountedFromCreationOrAtOnce(t *testing.T) {
	t.Parallel()
	p := load(t)
	created := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		acc  policy.Accreditation
		held bool
		at   time.Time
	}{
		"example.cn":  {policy.Mainland, true, created.AddDate(0, 0, 5)},
		"example.xyz": {policy.Mainland, true, created},
		"example.com": {policy.Overseas, false, created},
	} {
		r, err := p.Rule(tt.acc, name)
		if err != nil {
			t.Fatal(err)
		}
		at, held := r.Hold.Create.Until(created)
		if held != tt.held || !at.Equal(tt.at) {
			t.Errorf("%s: held %v at %v, want %v at %v", name, held, at, tt.held, tt.at)
		}
	}
}

func TestDocumentsByResidenceThePreferredFirst(t *testing.T) {
	t.Parallel()
	p := load(t)
	for residence, want := range map[string][]string{
		"CN": {"resident_id"},
		"HK": {"hk_macao_residence_permit", "hk_macao_travel_permit"},
		"TW": {"taiwan_residence_permit", "taiwan_travel_permit"},
		"DE": {"passport", "foreign_permanent_resident_id"},
	} {
		got := p.DocumentsFor(policy.Individual, residence)
		for i, code := range want {
			if i >= len(got) || got[i].Code != code {
				t.Errorf("%s: place %d is not %s but %v", residence, i+1, code, got)
			}
		}
	}
	d, _ := p.Document("hk_macao_residence_permit")
	if sides := d.RequiredSides(); len(sides) != 2 {
		t.Errorf("a residence permit asks for %v, want both sides", sides)
	}
	if d.Codes.CNNIC != "GATJZZ" {
		t.Errorf("its code at the registry is %q", d.Codes.CNNIC)
	}
}

func TestWhoMayHoldAName(t *testing.T) {
	t.Parallel()
	p := load(t)
	cn, err := p.Rule(policy.Mainland, "example.cn")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		holder    policy.HolderType
		residence string
		want      bool
	}{
		{policy.Individual, "CN", true}, {policy.Individual, "HK", false}, {policy.Organization, "HK", true}, {policy.Organization, "DE", false},
	} {
		if got := cn.MayHold(tt.holder, tt.residence); got != tt.want {
			t.Errorf(".cn on the mainland, %s of %s: %v, want %v", tt.holder, tt.residence, got, tt.want)
		}
	}
}
