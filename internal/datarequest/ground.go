package datarequest

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
)

// Ground is why data stay for now. The text of its code ("data.ground.<code>") takes the
// parameters.
type Ground struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
	// Until is when it ends, where that is known: a duty to keep does.
	Until time.Time `json:"until,omitzero"`
}

// The grounds.
const (
	// NameLives: a live name rests on the profile, or stands in the account.
	NameLives = "domain_live"
	// Disputed: such a name is on hold for a dispute, abuse or by an operator.
	Disputed = "hold_open"
	// BeingReviewed: a review of the profile, or an enhanced verification, has not ended.
	BeingReviewed = "in_review"
	// BeingUsed: an order, a transfer or an association with it is under way.
	BeingUsed = "work_under_way"
	// DutyToKeep: registration data are kept for a time after a name has ended.
	DutyToKeep = "retention_duty"
	// OthersKept: the account stays until all of its profiles are erased.
	OthersKept = "profiles_kept"
)

// namesShown is how many names a ground tells.
const namesShown = 5

// lookAgain is how long after grounds without an end they are looked at again.
const lookAgain = time.Hour

// ended are the states of domains that are not live.
var ended = bun.List([]domain.State{domain.Deleted, domain.Unfulfilled, domain.Transferred})

// grounds are those on which a profile stays, now.
func (rs *Requests) grounds(ctx context.Context, db bun.IDB, p profile.Profile, now time.Time) (out []Ground, err error) {
	ids, err := versionIDs(ctx, db, p.ID)
	if err != nil {
		return nil, err
	}
	v := bun.List(ids)
	var live []string
	err = db.NewRaw("SELECT name FROM domain WHERE (version_id IN (?0) OR next_version_id IN (?0)) AND state NOT IN (?1) ORDER BY name", v, ended).Scan(ctx, &live)
	if err != nil {
		return nil, err
	}
	out = append(out, namesLive(live)...)
	var held []string
	err = db.NewRaw(`SELECT DISTINCT h.cause FROM domain_hold AS h JOIN domain AS d ON d.id = h.domain_id
		WHERE (d.version_id IN (?0) OR d.next_version_id IN (?0)) AND d.state NOT IN (?1) AND h.lifted_at IS NULL AND h.cause IN (?2) ORDER BY h.cause`, v, ended,
		bun.List([]domain.HoldCause{domain.HeldForDispute, domain.HeldForAbuse, domain.HeldByOperator})).Scan(ctx, &held)
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		out = append(out, Ground{Code: Disputed, Params: map[string]string{"Cause": held[0]}})
	}
	for _, busy := range []struct{ code, query string }{
		{BeingReviewed, `SELECT count(*) FROM (SELECT 1 FROM review_case WHERE subject_kind IN ('profile_version', 'account_identity') AND subject_id IN (?0) AND state IN (?1)
			UNION ALL SELECT 1 FROM enhanced_verification WHERE version_id IN (?0) AND state IN ('asked', 'in_review', 'expired')
			UNION ALL SELECT 1 FROM qualification WHERE version_id IN (?0) AND state = 'in_review') AS x`},
		{BeingUsed, `SELECT count(*) FROM (SELECT 1 FROM domain_order WHERE version_id IN (?0) AND state IN ('awaiting_payment', 'naming_review', 'registering')
			UNION ALL SELECT 1 FROM association_task WHERE version_id IN (?0) AND state NOT IN ('finished', 'cancelled')
			UNION ALL SELECT 1 FROM domain_transfer WHERE version_id IN (?0) AND state IN ('requesting', 'pending', 'cancelling')) AS x`},
	} {
		var n int
		if err := db.NewRaw(busy.query, v, bun.List([]review.State{review.Open, review.Claimed, review.Waiting})).Scan(ctx, &n); err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, Ground{Code: busy.code})
		}
	}
	var last int64
	err = db.NewRaw("SELECT coalesce(max(updated_at), 0) FROM domain WHERE version_id IN (?) AND state IN (?)", v, bun.List([]domain.State{domain.Deleted, domain.Transferred})).Scan(ctx, &last)
	if err != nil {
		return nil, err
	}
	if until := time.UnixMicro(last).Add(rs.policies.Limits.KeepRegistration()).UTC(); until.After(now) {
		out = append(out, Ground{Code: DutyToKeep, Until: until, Params: map[string]string{"Until": until.In(rs.policies.Calendar.Zone()).Format(time.DateOnly)}})
	}
	return out, nil
}

// accountGrounds are those on which an account itself stays: profiles that do, and names
// that rest on none.
func accountGrounds(ctx context.Context, db bun.IDB, account int64, kept int) (out []Ground, err error) {
	if kept > 0 {
		out = append(out, Ground{Code: OthersKept, Params: map[string]string{"Count": strconv.Itoa(kept)}})
	}
	var live []string
	err = db.NewRaw("SELECT name FROM domain WHERE account_id = ? AND version_id = 0 AND state NOT IN (?) ORDER BY name", account, ended).Scan(ctx, &live)
	return append(out, namesLive(live)...), err
}

func namesLive(names []string) []Ground {
	if len(names) == 0 {
		return nil
	}
	shown := make([]string, 0, namesShown)
	for _, n := range names[:min(len(names), namesShown)] {
		shown = append(shown, domain.Display(n))
	}
	params := map[string]string{"Domains": strings.Join(shown, ", "), "Count": strconv.Itoa(len(names))}
	if more := len(names) - len(shown); more > 0 {
		params["More"] = strconv.Itoa(more)
	}
	return []Ground{{Code: NameLives, Params: params}}
}

func versionIDs(ctx context.Context, db bun.IDB, profile int64) (out []int64, err error) {
	err = db.NewRaw("SELECT id FROM profile_version WHERE profile_id = ? ORDER BY id", profile).Scan(ctx, &out)
	return out, err
}

// nextLook is when grounds are looked at again: when the first of them ends, if all of
// them have an end, within the hour otherwise.
func nextLook(grounds []Ground, now time.Time) time.Time {
	next := now.Add(lookAgain)
	until := time.Time{}
	for _, g := range grounds {
		if g.Until.IsZero() {
			return next
		}
		if until.IsZero() || g.Until.After(until) { // the last to end is the one that counts
			until = g.Until
		}
	}
	if until.IsZero() {
		return next
	}
	return until
}

// Preview is what an erasure would do now.
type Preview struct {
	// Parts are the profiles, and last the account itself where it is meant whole; those
	// without grounds would go.
	Parts []Part
	// Erases counts what would go, by its kind.
	Erases Counts
}

// Counts are how many things an erasure takes.
type Counts struct {
	Profiles, Versions, Documents, Addresses, Messages, Mails int
}

// Stays lists the codes ("data.stays.<code>") of what an erasure never takes.
func Stays() []string { return []string{"verdicts", "digests", "audit", "registry"} }

// Preview says what an erasure of a profile, or with none of the whole account, would take
// now, and what would stay and why. account is for who manages requests, "" for one's own.
// Faults: profile_not_found, account_not_found.
func (rs *Requests) Preview(ctx context.Context, a actor.Actor, account, publicID string) (out Preview, err error) {
	of := a.Account
	if account != "" {
		if err := a.Check(actor.DataManage); err != nil {
			return out, err
		}
		acc, err := rs.accounts.Find(ctx, a, account)
		if err != nil {
			return out, err
		}
		of = acc.ID
	} else if err := a.Check(actor.DataRequest); err != nil {
		return out, err
	}
	profiles, err := rs.meant(ctx, rs.store.R, of, publicID)
	if err != nil {
		return out, err
	}
	kept := 0
	for _, p := range profiles {
		g, err := rs.grounds(ctx, rs.store.R, p, rs.store.Now())
		if err != nil {
			return out, wrap("preview", err)
		}
		shown := Part{Grounds: g}
		if shown.Profile, shown.Holder, err = rs.titleOf(ctx, rs.store.R, p.ID); err != nil {
			return out, wrap("preview", err)
		}
		out.Parts = append(out.Parts, shown)
		if len(g) > 0 {
			kept++
			continue
		}
		if err := rs.count(ctx, p, &out.Erases); err != nil {
			return out, wrap("preview", err)
		}
	}
	if publicID != "" {
		return out, nil
	}
	g, err := accountGrounds(ctx, rs.store.R, of, kept)
	if err != nil {
		return out, wrap("preview", err)
	}
	out.Parts = append(out.Parts, Part{Grounds: g})
	if len(g) > 0 {
		return out, nil
	}
	for query, n := range map[string]*int{"SELECT count(*) FROM message WHERE account_id = ?": &out.Erases.Messages, "SELECT count(*) FROM mail WHERE account_id = ?": &out.Erases.Mails} {
		if err := rs.store.R.NewRaw(query, of).Scan(ctx, n); err != nil {
			return out, wrap("preview", err)
		}
	}
	return out, nil
}

// Choices are the profiles that the actor may ask about, deleted ones included, without
// grounds.
func (rs *Requests) Choices(ctx context.Context, a actor.Actor) (out []Part, err error) {
	if err := a.Check(actor.DataRequest); err != nil {
		return nil, err
	}
	profiles, err := profile.All(ctx, rs.store.R, a.Account)
	if err != nil {
		return nil, err
	}
	current := make([]int64, len(profiles))
	for i, p := range profiles {
		current[i] = p.VersionID
	}
	versions, err := rs.profiles.ByVersions(ctx, rs.store.R, current)
	if err != nil {
		return nil, err
	}
	for _, p := range profiles {
		out = append(out, Part{Profile: p.PublicID, Holder: versions[p.VersionID].Current.Holder(p)})
	}
	return out, nil
}

// meant are the profiles that a wish is about: one, or all of an account.
func (rs *Requests) meant(ctx context.Context, db bun.IDB, account int64, publicID string) ([]profile.Profile, error) {
	if publicID == "" {
		return profile.All(ctx, db, account)
	}
	p, err := profile.Owned(ctx, db, account, publicID)
	return []profile.Profile{p}, err
}

func (rs *Requests) count(ctx context.Context, p profile.Profile, c *Counts) error {
	ids, err := versionIDs(ctx, rs.store.R, p.ID)
	if err != nil {
		return err
	}
	var documents, addresses int
	if err := rs.store.R.NewRaw("SELECT count(DISTINCT d.id) FROM profile_document AS x JOIN document AS d ON d.id = x.document_id WHERE x.version_id IN (?) AND d.erased_at IS NULL", bun.List(ids)).Scan(ctx, &documents); err != nil {
		return err
	}
	versions, err := profile.Versions(ctx, rs.store.R, p)
	if err != nil {
		return err
	}
	seen := map[string]bool{"": true}
	for _, v := range versions {
		if !seen[v.Fields.Email] {
			seen[v.Fields.Email] = true
			addresses++
		}
	}
	c.Profiles++
	c.Versions, c.Documents, c.Addresses = c.Versions+len(versions), c.Documents+documents, c.Addresses+addresses
	return nil
}
