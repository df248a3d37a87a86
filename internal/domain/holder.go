package domain

import (
	"bytes"
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// registrantChanged ends a change of holder at the registry; the verdicts start
// again for the new one. A failure leaves the old holder.
func (all *All) registrantChanged(ctx context.Context, tx *store.Tx, d *touched, r registry.Result) error {
	switch {
	case r.Outcome == registry.OutcomePending:
		d.SyncState = SyncDone
		return nil
	case d.NextVersionID == 0:
		return nil
	case r.Outcome == registry.OutcomeRefused:
		d.SyncState, d.NextVersionID = SyncFailed, 0
		all.endItems(tx, d.Domain, false, rejected(r.Words()))
		return nil
	}
	return all.holderBecomes(ctx, tx, d, r.Payload.Registrant)
}

func resetVerdicts(d *touched) {
	for _, s := range []*Verdict{&d.NamingState, &d.HolderState} {
		if Verdicts.Allows(*s, Reset) {
			*s, _ = Verdicts.Next(*s, Reset)
		}
	}
	d.NamingReason, d.NamingWords, d.HolderReason, d.HolderWords = "", "", "", ""
}

// holderBecomes makes the holder who was waiting the domain's own; the verdicts
// start again.
func (all *All) holderBecomes(ctx context.Context, tx *store.Tx, d *touched, registrant string) error {
	p, v, err := all.byVersion(ctx, tx, d.NextVersionID)
	if err != nil {
		return err
	}
	news, grace, prior := event.Type("domain.holder_changed"), afterChange, d.Domain
	if d.HolderFold == v.HolderFold && bytes.Equal(d.NumberHash, v.NumberHash) { // spelled or reached otherwise
		news, grace = "domain.details_changed", nil
	}
	d.Registrant, d.ProfileID, d.VersionID, d.NextVersionID = registrant, p.ID, v.ID, 0
	d.HolderFold, d.NumberHash, d.SyncState = v.HolderFold, v.NumberHash, SyncDone
	d.HolderChangedAt = store.At(tx.Now())
	if until := tx.Now().Add(time.Duration(d.NextLock) * time.Microsecond); d.NextLock > 0 && until.After(d.LockedUntil.Time) {
		d.LockedUntil = store.At(until)
	}
	d.NextLock = 0
	if !bug.Seeded(bug.OldVerdictsKept) {
		resetVerdicts(d)
	}
	if err := all.papersOfHolder(ctx, tx, &d.Domain, p, v, grace); err != nil {
		return err
	}
	if err := all.submitted(ctx, tx, d); err != nil {
		return err
	}
	if err := all.takeCodes(ctx, tx, d, v); err != nil {
		return err
	}
	task, err := d.taskOf(ctx, tx)
	if err != nil {
		return err
	}
	// Nobody asks for another holder of a name that comes in: it is news where it is known.
	if news == "domain.details_changed" || task != "" || prior.isOfAnother(v) {
		if err := event.Append(ctx, tx, d.AccountID, news, d.PublicID, map[string]string{"Domain": Display(d.Name), "Task": task}); err != nil {
			return err
		}
	}
	all.endDetails(tx, d.Domain, true, why{})
	if err := all.catchUp(ctx, tx, d.Domain); err != nil {
		return err
	}
	if err := all.tellSoon(ctx, tx, task); err != nil {
		return err
	}
	if err := all.awaitAnswer(ctx, tx, actor.Verinym, d.Domain, v, AtChange, ""); err != nil {
		return err
	}
	// A task changes many, and their verdicts bring the same news: this may wait for both.
	return all.registries.Refresh(ctx, tx, d.Registry, d.Name, d.PublicID, registry.Sweep)
}

// isOfAnother reports whether the domain's holder is known to be another than that of a
// version: registries need not tell who has a name that comes in, or by which number.
func (d Domain) isOfAnother(v profile.Version) bool {
	if d.HolderFold == "" {
		return false
	}
	return d.HolderFold != v.HolderFold || d.NumberHash != nil && !bytes.Equal(d.NumberHash, v.NumberHash)
}

// byVersion is profile.ByVersion, asked once in a unit of work, in which many domains
// have the same holder.
func (all *All) byVersion(ctx context.Context, tx *store.Tx, id int64) (profile.Profile, profile.Version, error) {
	type key struct{ version int64 }
	type found struct {
		p profile.Profile
		v profile.Version
	}
	f, err := store.Remember(tx, key{id}, func() (f found, err error) {
		f.p, f.v, err = all.profiles.ByVersion(ctx, tx, id)
		return f, err
	})
	return f.p, f.v, err
}
