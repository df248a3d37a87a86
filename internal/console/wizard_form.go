package console

import (
	"context"
	"slices"
	"strings"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
)

// pair is a field of the form in its two languages.
type pair struct{ base, zh, en string }

var pairNames = []string{"name", "organization", "province", "city", "address"}

func pairField(base string) (pair, bool) {
	return pair{base, base + "_zh", base + "_en"}, slices.Contains(pairNames, base)
}

// chinese reports whether the profile has Chinese forms.
func (s sheet) chinese() bool {
	return slices.Contains(s.policies.Limits.Kinds[s.Profile.Kind][s.Accreditation].Languages, "zh")
}

// suggested reports whether the English form of a pair was filled in.
func (s sheet) suggested(f pair) bool {
	return s.values[f.en] != "" && s.values[f.zh] != "" && !slices.Contains(s.Current.Fields.EnglishTyped, f.en) && s.values[f.en] == stored(s.profileRow)[f.en]
}

// label is how a field is called: the name of a person who is a contact only, too.
func (s sheet) label(ctx context.Context, base string) string {
	if base == "name" && s.HolderType == policy.Organization {
		return ui.T(ctx, "wizard.contact_person")
	}
	return ui.T(ctx, "wizard."+base)
}

// countries are the choice of countries and regions.
func countries(ctx context.Context, p *policy.Policies) []ui.Option {
	out := []ui.Option{{Value: "", Text: ui.T(ctx, "wizard.choose")}}
	for _, c := range p.Places.Everywhere() {
		name := c.Name.EN
		if ui.On(ctx).Lang == locale.ZH {
			name = c.Name.ZH
		}
		out = append(out, ui.Option{Value: c.ISO, Text: name})
	}
	return out
}

// provinces and cities are offered where they are known; others can be typed.
func (s sheet) provinces() (out []string) {
	for _, p := range s.policies.Places.Provinces() {
		out = append(out, p.ZH)
	}
	return out
}

func (s sheet) cities() []string {
	for _, p := range s.policies.Places.Provinces() {
		if p.ZH == s.values["province_zh"] || p.ZHFull == s.values["province_zh"] {
			return p.Cities
		}
	}
	return nil
}

// profileKinds are what a new profile can be for: kind and accreditation.
func profileKinds(ctx context.Context, p *policy.Policies) (out []ui.Choice) {
	for _, k := range []policy.ProfileKind{policy.CNNIC, policy.Common} {
		for _, a := range []policy.Accreditation{policy.Mainland, policy.Overseas} {
			if _, there := p.Limits.Kinds[k][a]; there {
				id := string(k) + "_" + string(a)
				out = append(out, ui.Choice{Value: string(k) + " " + string(a), Text: ui.T(ctx, "wizard.kind_"+id), More: ui.T(ctx, "wizard.kind_about_"+id)})
			}
		}
	}
	return out
}

// remarkAt is where a remark is put right.
func (s sheet) remarkAt(r profile.Remark) string {
	at := r.Field
	if r.Side != "" {
		at = r.Side
	}
	return s.step(stepOf(at)) + "#" + at
}

// formatsOf lists what a picture may be, and how large.
func (s sheet) formatsOf() string { return strings.Join(s.limits().Formats, ", ") }
