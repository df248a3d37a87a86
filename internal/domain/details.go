package domain

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// When a profile says something else of the same holder, such as another address, its
// domains follow as soon as the new version may be used: a task of its own takes them
// there, each in the way that its registry and suffix want.

// Way is how a domain gets what a profile says anew.
type Way string

// The ways.
const (
	// InContact: the contact that we have made for the holder is updated, with which all
	// domains that have it follow.
	InContact Way = "contact_updated"
	// ByNewContact: the contact was made by somebody else, or has the holder's name in
	// another spelling, which is fixed there; it is replaced.
	ByNewContact Way = "contact_replaced"
	// ByConsent: another e-mail address counts as another registrant; both confirm.
	ByConsent Way = "registrants_confirm"
	// Here: the registry has no contacts.
	Here Way = "kept_here"
	// ByHolderChange: it is another holder, to whom domains are not given by themselves.
	ByHolderChange Way = "holder_change"
)

// details are what is compared to find the way of domains: the versions that they rest
// on, by row id, and all versions of the profile, by reference.
type details struct {
	profile  profile.Profile
	versions map[int64]profile.Version
	refs     map[string]profile.Version
}

func (all *All) detailsOf(ctx context.Context, db bun.IDB, p profile.Profile, rested []int64) (out details, err error) {
	own, err := all.profiles.Versions(ctx, db, p.ID)
	if err != nil {
		return out, err
	}
	out = details{profile: p, versions: map[int64]profile.Version{}, refs: map[string]profile.Version{}}
	for _, v := range own {
		out.versions[v.ID], out.refs[v.PublicID] = v, v
	}
	rested = slices.DeleteFunc(slices.Clone(rested), func(id int64) bool { _, have := out.versions[id]; return have })
	others, err := all.profiles.ByVersions(ctx, db, rested)
	for id, x := range others {
		out.versions[id] = x.Current
	}
	return out, err
}

// way is how a domain gets what v says. c is its contact, as far as it is known.
func (all *All) way(d Domain, c registry.Contact, of details, v profile.Version) Way {
	was, known := of.versions[d.VersionID]
	address := was.Fields.Email
	if !known {
		address = c.Email
	}
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err == nil && address != v.Fields.Email {
		if change, asked := all.changeRule(rule, all.store.Now()); asked && change.EmailAloneCounts {
			return ByConsent
		}
	}
	made, own := of.refs[c.HolderRef]
	switch {
	case !all.driver(d).Contacts:
		return Here
	case c.Ours && own && len(of.profile.Compare(made, v).Holder) == 0:
		return InContact
	}
	return ByNewContact
}

// detailsAllowed says why a domain does not get what v says, nil when it does.
func (all *All) detailsAllowed(d Domain, found holdings, v profile.Version, refused func(string) *fault.Error) *fault.Error {
	c, known := found.contacts[d.Registry][d.Registrant]
	way := all.way(d, c, found.details, v)
	changes := way == ByNewContact || way == ByConsent
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		return fault.From(err)
	}
	switch {
	case d.HolderFold != v.HolderFold || string(d.NumberHash) != string(v.NumberHash):
		return refused("contact_not_match")
	case d.VersionID == v.ID && (!known || !c.Ours || c.DetailsRef == v.PublicID):
		return refused("details_the_same")
	case changes && rule.HolderChange.Channel == "offline":
		return refused("holder_change_offline")
	case changes && d.locks() != "":
		return refused("domain_locked").With("Status", d.locks())
	case way == InContact: // whatever else is on its way is about the domain
		return nil
	case d.NextVersionID != 0 || d.SyncState == SyncQueued || found.busy[d.ID] || way == Here && d.Verification() == InReview:
		return refused("operation_in_progress")
	}
	return nil
}

// beginDetails takes a domain on its way to what v says. The domain is the caller's to save.
func (all *All) beginDetails(ctx context.Context, tx *store.Tx, t Task, d *Domain, p profile.Profile, v profile.Version, found holdings) error {
	c := found.contacts[d.Registry][d.Registrant]
	switch all.way(*d, c, found.details, v) {
	case ByConsent:
		return all.beginChange(ctx, tx, t, d, p, v)
	case ByNewContact:
		d.NextLock = 0
		return all.changeHolder(ctx, tx, d, p, v)
	case InContact:
		waits, err := all.registries.UpdateContact(ctx, tx, d.Registry, d.Registrant, v.PublicID)
		if err != nil || waits {
			return err
		}
	}
	return all.detailsTaken(ctx, tx, d, v)
}

// detailsWithDocuments brings the contact of a domain to what v says, whose documents are
// about to be sent for it. It reports whether the contact is to be replaced for that: the
// documents go with the new one. One that may not be replaced now gets them as it stands.
func (all *All) detailsWithDocuments(ctx context.Context, tx *store.Tx, d Domain, p profile.Profile, v profile.Version) (replaced bool, err error) {
	type key struct{ registry, contact string }
	c, err := store.Remember(tx, key{d.Registry, d.Registrant}, func() (registry.Contact, error) {
		c, _, err := registry.KnownContact(ctx, tx, d.Registry, d.Registrant)
		return c, err
	})
	if err != nil || c.HolderRef == "" || c.Of(v.PublicID) {
		return false, err
	}
	type versions struct{ profile int64 }
	of, err := store.Remember(tx, versions{p.ID}, func() (details, error) { return all.detailsOf(ctx, tx, p, nil) })
	if err != nil {
		return false, err
	}
	switch all.way(d, c, of, v) {
	case InContact:
		_, err = all.registries.UpdateContact(ctx, tx, d.Registry, d.Registrant, v.PublicID)
		return false, err
	case ByNewContact:
		rule, err := all.policies.Rule(d.Accreditation, d.Name)
		said, own := of.refs[or(c.DetailsRef, c.HolderRef)] // or its documents did, where others have made it
		changed := own && said.SameHolder(v) && !p.Compare(said, v).None()
		return changed && rule.HolderChange.Channel != "offline" && d.locks() == "", err
	}
	return false, nil
}

// detailsTaken has a domain rest on v, which its registry knows of as far as it wants to.
// The domain is the caller's to save.
func (all *All) detailsTaken(ctx context.Context, tx *store.Tx, d *Domain, v profile.Version) error {
	d.ProfileID, d.VersionID = v.ProfileID, v.ID
	t := &touched{Domain: *d}
	task, err := t.taskOf(ctx, tx)
	if err != nil {
		return err
	}
	all.endDetails(tx, *d, true, why{})
	if err := event.Append(ctx, tx, d.AccountID, "domain.details_changed", d.PublicID, map[string]string{"Domain": Display(d.Name), "Task": task}); err != nil {
		return err
	}
	return all.awaitAnswer(ctx, tx, actor.Verinym, *d, v, AtChange, "")
}

// DetailsAnswered is the job that takes a registry's answer about an updated contact to its
// domains, behind the name After.
type DetailsAnswered struct {
	Registry  string `json:"registry"`
	Contact   string `json:"contact"`
	HolderRef string `json:"holder_ref"`
	Taken     bool   `json:"taken"`
	Words     string `json:"words"`
	After     string `json:"after"`
}

// Kind names the job.
func (DetailsAnswered) Kind() string { return "domain_details_answered" }

// DetailsAnswered does the job DetailsAnswered, chunk after chunk.
func (all *All) DetailsAnswered(ctx context.Context, job DetailsAnswered) error {
	for more := true; more; {
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			job.After, more, err = all.answerSome(ctx, tx, job)
			return err
		})
		if err != nil {
			return wrap("details answered", err)
		}
	}
	return nil
}

// detailsAnswered takes the answer to the first of the contact's domains.
func (all *All) detailsAnswered(ctx context.Context, tx *store.Tx, r registry.Result) (err error) {
	if r.Outcome == registry.OutcomePending {
		return nil
	}
	more, job := false, DetailsAnswered{
		Registry: r.Registry, Contact: r.Contact, HolderRef: r.Payload.HolderRef,
		Taken: r.Outcome == registry.OutcomeDone, Words: r.Words(),
	}
	if job.After, more, err = all.answerSome(ctx, tx, job); err != nil || !more {
		return err
	}
	return tx.Enqueue(ctx, job, store.JobOptions{})
}

// answerSome is a chunk of the job; it returns where the next begins. A domain that rests
// on a later version already is left there.
func (all *All) answerSome(ctx context.Context, tx *store.Tx, job DetailsAnswered) (after string, more bool, err error) {
	p, v, err := all.profiles.ByRef(ctx, tx, job.HolderRef)
	if err != nil {
		return "", false, err
	}
	var rows []Domain
	q := tx.NewSelect().Model(&rows).Where("registrant = ?", job.Contact).Where("registry = ?", job.Registry).Where("state = ?", Registered).
		Where("name > ?", job.After).OrderExpr("name").Limit(holderChunk)
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil || len(rows) == 0 {
		return "", false, err
	}
	rested := make([]int64, len(rows))
	for i, d := range rows {
		rested[i] = d.VersionID
	}
	of, err := all.detailsOf(ctx, tx, p, rested)
	if err != nil {
		return "", false, err
	}
	var edits []edit
	for i := range rows {
		d := &rows[i]
		switch was := of.versions[d.VersionID]; {
		case !job.Taken:
			all.endDetails(tx, *d, false, rejected(job.Words))
		case was.ProfileID == v.ProfileID && was.Number >= v.Number:
			all.endDetails(tx, *d, true, why{})
		default:
			edits = append(edits, edit{*d, d})
			if err := all.detailsTaken(ctx, tx, d, v); err != nil {
				return "", false, err
			}
		}
	}
	if len(edits) > 0 {
		err = saveAll(ctx, tx, edits)
	}
	return rows[len(rows)-1].Name, len(rows) == holderChunk, err
}

// follow has the domains of a profile follow it to a version that may be used now, where
// that says something else of the same holder. What has failed for its holder is submitted
// again instead.
func (all *All) follow(ctx context.Context, tx *store.Tx, p profile.Profile, v profile.Version) error {
	own, err := all.profiles.Versions(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	var earlier []int64
	for _, was := range own {
		if was.Number < v.Number && was.SameHolder(v) && !p.Compare(was, v).None() {
			earlier = append(earlier, was.ID)
		}
	}
	if len(earlier) == 0 {
		return nil
	}
	var names []string
	err = tx.NewSelect().Model((*Domain)(nil)).Column("name").Where("version_id IN (?)", bun.List(earlier)).Where("account_id = ?", p.AccountID).
		Where("state = ?", Registered).Where("holder_state <> ?", Failed).OrderExpr("name").Limit(MaxDomains).Scan(ctx, &names)
	if err != nil || len(names) == 0 {
		return err
	}
	if err := all.profiles.Use(ctx, tx, v); err != nil {
		return err
	}
	return all.ownTaskFor(ctx, tx, p, v, UpdateDetails, "details:", names)
}

// catchUp has a domain follow that has just got a version which was chosen some time ago: its
// profile may have moved on since, and its other domains with it.
func (all *All) catchUp(ctx context.Context, tx *store.Tx, d Domain) error {
	p, was, err := all.byVersion(ctx, tx, d.VersionID)
	if err != nil || p.VersionID == was.ID || !p.DeletedAt.IsZero() {
		return err
	}
	_, v, err := all.byVersion(ctx, tx, p.VersionID)
	if err != nil || v.State != profile.Verified && (all.profiles.NeedsVerification(p) || !v.InUse()) {
		return err
	}
	if !was.SameHolder(v) || p.Compare(was, v).None() {
		return nil
	}
	return all.ownTaskFor(ctx, tx, p, v, UpdateDetails, "details:"+d.PublicID+":", []string{d.Name})
}

// addressVerified has the domains of profiles follow that only waited for their address.
func (all *All) addressVerified(ctx context.Context, tx *store.Tx, account int64, address string) error {
	found, err := all.profiles.AtAddress(ctx, tx, account, address)
	for _, publicID := range found {
		if err := all.profileEdited(ctx, tx, account, publicID); err != nil {
			return err
		}
	}
	return err
}

// profileEdited has the domains of a profile follow that is used without a review.
func (all *All) profileEdited(ctx context.Context, tx *store.Tx, account int64, publicID string) error {
	p, v, err := all.profiles.Usable(ctx, tx, account, publicID)
	if fault.Code(err) != "" { // deleted since, or lacks something
		return nil
	}
	if err != nil || all.profiles.NeedsVerification(p) || v.State != profile.Unverified {
		return err
	}
	return all.follow(ctx, tx, p, v)
}

// Touched are the domains that a change of a profile touches.
type Touched struct {
	profile.Difference
	// NewVersion says that what the domains rest on now is kept beside it, NeedsReview that
	// they follow only after a review.
	NewVersion, NeedsReview bool
	Groups                  []TouchedGroup
}

// TouchedGroup are those that follow in one way.
type TouchedGroup struct {
	Way   Way
	Total int
	// Names are the first of them.
	Names []string
}

// shownTouched is how many names of a group are listed.
const shownTouched = 100

// Touches lists the domains that an edit of a profile of the actor's account would touch,
// and how each would get what it says. Nothing is changed. Faults: those of the edit.
func (all *All) Touches(ctx context.Context, a actor.Actor, publicID string, draft profile.Draft) (out Touched, err error) {
	p, was, now, newVersion, err := all.profiles.Would(ctx, a, publicID, draft)
	if err != nil {
		return out, err
	}
	out = Touched{Difference: p.Compare(was, now), NewVersion: newVersion, NeedsReview: all.profiles.NeedsVerification(p)}
	if !newVersion || out.None() {
		return out, nil
	}
	of, err := all.detailsOf(ctx, all.store.R, p, nil)
	if err != nil {
		return out, wrap("touches", err)
	}
	at := map[Way]int{}
	for after := ""; ; {
		var rows []Domain
		err := all.store.R.NewSelect().Model(&rows).Column("name", "accreditation", "registry", "registrant", "version_id").
			Where("version_id IN (SELECT id FROM profile_version WHERE profile_id = ?)", p.ID).Where("account_id = ?", a.Account).Where("state = ?", Registered).
			Where("name > ?", after).OrderExpr("name").Limit(touchedChunk).Scan(ctx)
		if err != nil {
			return out, wrap("touches", err)
		}
		contacts, err := contactsOf(ctx, all.store.R, rows)
		if err != nil {
			return out, wrap("touches", err)
		}
		for _, d := range rows {
			way := ByHolderChange
			if rested := of.versions[d.VersionID]; rested.SameHolder(now) {
				if p.Compare(rested, now).None() {
					continue
				}
				way = all.way(d, contacts[d.Registry][d.Registrant], of, now)
			}
			i, have := at[way]
			if !have {
				i = len(out.Groups)
				at[way], out.Groups = i, append(out.Groups, TouchedGroup{Way: way})
			}
			g := &out.Groups[i]
			if g.Total++; len(g.Names) < shownTouched {
				g.Names = append(g.Names, Display(d.Name))
			}
		}
		if len(rows) < touchedChunk {
			return out, nil
		}
		after = rows[len(rows)-1].Name
	}
}

// touchedChunk is how many names are read together.
const touchedChunk = 1000
