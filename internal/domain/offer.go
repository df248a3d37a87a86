package domain

import (
	"context"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
)

// Offer is what can be said of a name before anybody orders it.
type Offer struct {
	Name   string
	Suffix string
	// Taken is why it cannot be registered, nil when it is free.
	Taken *fault.Error
	// Papers is what the suffix asks for beside an identity, nil for nothing.
	Papers *fault.Error
	// NameServers are those of an order that names none.
	NameServers []string
	// Refusal is what becomes of the name when it, or its papers, are refused.
	Refusal Refusal
	// Forecast has the dates that an order paid now would have, and nothing else.
	Forecast Order
}

// Offer asks the registry whether a name is free, and says when its verdict and its hold
// would come. Faults: domain_name_invalid, suffix_unsupported, registry_unreachable.
func (all *All) Offer(ctx context.Context, a actor.Actor, typed string) (out Offer, err error) {
	if err := a.Check(actor.OrderWrite); err != nil {
		return out, err
	}
	name, err := Normalize(typed)
	if err != nil {
		return out, err
	}
	rule, registryName, err := all.rule(policy.Mainland, name)
	if fault.Code(err) == "suffix_unsupported" {
		rule, registryName, err = all.rule(policy.Overseas, name)
	}
	if err != nil {
		return out, err
	}
	if err := directlyUnder(name, rule); err != nil {
		return out, err
	}
	free, words, err := all.registries.Available(ctx, registryName, name)
	if err != nil {
		return out, err
	}
	out = Offer{Name: name, Suffix: rule.Suffix, Papers: profile.PapersWanted(rule), Refusal: refusal(rule), NameServers: all.usualServers(registryName, name)}
	if !free {
		if out.Taken, err = all.taken(ctx, a, name, words); err != nil {
			return out, err
		}
	}
	p, err := all.pace(ctx, all.store.R, registryName)
	if err != nil {
		return out, wrap("offer", err)
	}
	all.forecastVerdict(&out.Forecast, rule, p, all.store.Now())
	return out, nil
}

// taken says why a name is not free: whoever has it already is told so.
func (all *All) taken(ctx context.Context, a actor.Actor, name, words string) (*fault.Error, error) {
	ours, err := living(all.store.R.NewSelect(), []string{name}).Where("account_id = ?", a.Account).Exists(ctx)
	code := "domain_taken"
	if ours {
		code = "domain_yours"
	}
	return fault.At("domain", code).With("Domain", Display(name)).With("Words", words), wrap("taken", err)
}

// Choice is a profile offered for an order: it fits, or Reason says why not.
type Choice struct {
	Profile string
	Holder  string
	Kind    policy.ProfileKind
	// Default: it is taken where nobody chooses another.
	Default bool
	Reason  *fault.Error
}

// Choices lists a page of the actor's profiles for a name, each with why it does not fit, and
// the cursor of the next page, "" on the last one. query looks for profiles as
// profile.Filter does. The default ones come on the first page, before up to limit in all.
// Faults: domain_name_invalid, cursor_invalid.
func (all *All) Choices(ctx context.Context, a actor.Actor, typed, query, after string, limit int) (out []Choice, next string, err error) {
	name, err := Normalize(typed)
	if err != nil {
		return nil, "", err
	}
	var profiles []profile.View
	if after == "" {
		if profiles, _, err = all.profiles.List(ctx, a, profile.Filter{Query: query, Default: new(true)}, "", limit); err != nil {
			return nil, "", err
		}
	}
	others, next, err := all.profiles.List(ctx, a, profile.Filter{Query: query, Default: new(false)}, after, max(1, limit-len(profiles)))
	if err != nil {
		return nil, "", err
	}
	for _, p := range append(profiles, others...) {
		c := Choice{Profile: p.PublicID, Holder: p.Current.Fields.HolderZh(p.HolderType), Kind: p.Kind, Default: p.IsDefault}
		if c.Holder == "" {
			c.Holder = p.Current.Fields.HolderEn(p.HolderType)
		}
		if _, err := all.chosen(ctx, a, p.PublicID, name); err != nil {
			if c.Reason = fault.From(err); c.Reason.Kind == fault.Internal {
				return nil, "", err
			}
		}
		out = append(out, c)
	}
	return out, next, nil
}

// choice is a profile that may be chosen for a name, and what it is to be registered under.
type choice struct {
	profile  profile.Profile
	version  profile.Version
	rule     policy.Rule
	registry string
}

// chosen looks at a profile of the actor's that a name is to be ordered with. What no
// waiting will mend is said before what it may: the name, then the kind of the profile, then
// how that stands.
func (all *All) chosen(ctx context.Context, a actor.Actor, profileID, name string) (c choice, err error) {
	var unusable error
	if c.profile, c.version, unusable = all.profiles.Usable(ctx, all.store.R, a.Account, profileID); c.profile.ID == 0 {
		return c, unusable
	}
	if c.rule, c.registry, err = all.rule(c.profile.Accreditation, name); err != nil {
		return c, err
	}
	if err := directlyUnder(name, c.rule); err != nil {
		return c, err
	}
	if err := c.profile.IsFor(c.rule); err != nil {
		return c, err
	}
	if unusable != nil {
		return c, unusable
	}
	return c, all.profiles.Fits(c.profile, c.version, c.rule)
}
