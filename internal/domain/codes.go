package domain

import (
	"context"

	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// Where a registry takes codes of a verification service provider, the provider's
// verdicts are the domain's. It reviews the name, if that comes first, and the holder
// at the same time; whichever ends first changes nothing about the other. A holder's
// verdict is in when the registry has the code; so is a name's, but for the review
// without which there is no name to bring a code for.

// askCodes asks the provider about the name, if naming is set, and its holder. What is
// known already counts at once.
func (all *All) askCodes(ctx context.Context, tx *store.Tx, d *touched, v profile.Version, naming bool) error {
	if _, err := all.registries.VerifyHolder(ctx, tx, d.Registry, v.PublicID, v.PublicID); err != nil || !naming {
		return err
	}
	name, err := all.registries.VerifyName(ctx, tx, d.Registry, d.Name, v.PublicID, d.PublicID)
	if err != nil || name.State != registry.CodeIssued {
		return err
	}
	return all.named(ctx, tx, d, true, why{})
}

// issuedCodes are the codes of a name with a holder that the provider has issued.
func (all *All) issuedCodes(ctx context.Context, tx *store.Tx, d Domain, holderRef string) (out []registry.CodeRef, err error) {
	for _, ref := range []registry.CodeRef{registry.NameRef(d.Name, holderRef), registry.HolderRef(holderRef)} {
		c, ok, err := registry.CodeOf(ctx, tx, all.registries.VSPOf(d.Registry), ref)
		if err != nil {
			return nil, err
		}
		if ok && c.State == registry.CodeIssued {
			out = append(out, ref)
		}
	}
	return out, nil
}

// takeCodes starts the verdicts of a holder who has become a domain's own, with the
// codes that there are; the others follow when they are issued.
func (all *All) takeCodes(ctx context.Context, tx *store.Tx, d *touched, v profile.Version) error {
	if !all.driver(d.Domain).Codes {
		return nil
	}
	for _, s := range []*Verdict{&d.NamingState, &d.HolderState} {
		if Verdicts.Allows(*s, Submit) {
			*s, _ = Verdicts.Next(*s, Submit)
		}
	}
	codes, err := all.issuedCodes(ctx, tx, d.Domain, v.PublicID)
	if err != nil {
		return err
	}
	return all.bring(ctx, tx, &d.Domain, codes...)
}

// bring orders codes to be told to the registry.
func (all *All) bring(ctx context.Context, tx *store.Tx, d *Domain, codes ...registry.CodeRef) error {
	if len(codes) == 0 {
		return nil
	}
	d.SyncState = SyncQueued
	return all.registries.SetCodes(ctx, tx, d.Registry, d.Name, codes, d.PublicID, registry.Bulk)
}

// submitForCodes has the provider verify the holder, and the name where that has not
// passed, and brings the codes that there are.
func (all *All) submitForCodes(ctx context.Context, tx *store.Tx, d *Domain, v profile.Version) error {
	d.SyncState = SyncDone
	holder, err := all.registries.VerifyHolder(ctx, tx, d.Registry, v.PublicID, v.PublicID)
	if err != nil {
		return err
	}
	var codes []registry.CodeRef
	if holder.State == registry.CodeIssued {
		codes = append(codes, registry.HolderRef(v.PublicID))
	}
	if d.NamingState != Verified && Verdicts.Allows(d.NamingState, Submit) {
		name, err := all.registries.VerifyName(ctx, tx, d.Registry, d.Name, v.PublicID, d.PublicID)
		if err != nil {
			return err
		}
		if name.State == registry.CodeIssued {
			codes = append(codes, registry.NameRef(d.Name, v.PublicID))
		}
		d.NamingState, _ = Verdicts.Next(d.NamingState, Submit)
		d.NamingReason, d.NamingWords = "", ""
	}
	return all.bring(ctx, tx, d, codes...)
}

// cause is why a provider did not issue a code.
func (all *All) cause(r registry.Result) why {
	reason := ""
	if len(r.Reasons) > 0 {
		reason = r.Reasons[0]
	}
	return all.said(reason, r.Message)
}

// nameCoded takes the provider's verdict about a name with a holder.
func (all *All) nameCoded(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	if r.Outcome == registry.OutcomePending {
		return nil
	}
	_, v, err := all.profiles.ByRef(ctx, tx, r.Payload.HolderRef)
	if err != nil {
		return err
	}
	passed := r.Outcome == registry.OutcomeDone
	switch {
	case d.State == Registering && d.VersionID == v.ID && d.NamingState == InReview, d.State == Registered && d.NextVersionID == v.ID:
		return all.named(ctx, tx, d, passed, all.causeOf(passed, r))
	case d.State != Registered || d.VersionID != v.ID || d.NextVersionID != 0:
		return nil // of a wish that has ended meanwhile
	case !passed:
		return all.verdict(ctx, tx, d, registry.Naming, false, all.cause(r))
	}
	return all.bring(ctx, tx, &d.Domain, *r.Payload.Code)
}

func (all *All) causeOf(passed bool, r registry.Result) why {
	if passed {
		return why{}
	}
	return all.cause(r)
}

// codesSet takes the registry's answer to codes that were brought.
func (all *All) codesSet(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	switch r.Outcome {
	case registry.OutcomePending:
		return nil
	case registry.OutcomeDone:
		d.SyncState = SyncDone
	default:
		d.SyncState = SyncFailed
	}
	for _, c := range r.Payload.Codes {
		known, err := all.ofHolder(ctx, tx, d.Domain, c)
		if err != nil {
			return err
		}
		if !known {
			continue // of a holder before this one
		}
		if r.Outcome == registry.OutcomeRefused {
			err = all.verdict(ctx, tx, d, c.Which(), false, rejected(r.Words()))
		} else {
			err = all.verdict(ctx, tx, d, c.Which(), true, why{})
		}
		if err != nil {
			return err
		}
	}
	return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Bulk)
}

// ofHolder reports whether a code is that of the domain with its present holder.
func (all *All) ofHolder(ctx context.Context, tx *store.Tx, d Domain, c registry.CodeRef) (bool, error) {
	_, v, err := all.byVersion(ctx, tx, d.VersionID)
	if err != nil {
		return false, err
	}
	return c == registry.HolderRef(v.PublicID) || c == registry.NameRef(d.Name, v.PublicID), nil
}

// counts reports whether a verdict that the registry shows is about the domain with
// the holder that it has here. A registry without contacts does not see a change of
// holder: there, only a code that was issued for this one counts.
func (all *All) counts(ctx context.Context, tx *store.Tx, d Domain, which registry.Which, s *registry.Standing) (bool, error) {
	if d.VersionID == 0 || !all.driver(d).Codes {
		return true, nil
	}
	_, v, err := all.byVersion(ctx, tx, d.VersionID)
	if err != nil {
		return false, err
	}
	ref := registry.HolderRef(v.PublicID)
	if which == registry.Naming {
		ref = registry.NameRef(d.Name, v.PublicID)
	}
	c, ok, err := registry.CodeOf(ctx, tx, all.registries.VSPOf(d.Registry), ref)
	return ok && c.Code == s.Codes[which], err
}
