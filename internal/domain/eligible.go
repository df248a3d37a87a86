package domain

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
)

// Request is what an association is asked for with.
type Request struct {
	Operation Operation
	Profile   string
	Domains   []string
	// Consent confirms, for a change of holder, that prior and new holder agree.
	Consent bool
	// TransferLock says, for a change of holder, whether transfers to another registrar are
	// refused afterwards.
	TransferLock LockWish
	// WhenVerified has the task wait for a profile that is in review.
	WhenVerified bool
}

func (all *All) check(ctx context.Context, a actor.Actor, r Request) (p profile.Profile, v profile.Version, names []string, err error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return p, v, nil, err
	}
	if !slices.Contains([]Operation{SubmitVerification, ChangeHolder, UpdateDetails}, r.Operation) {
		return p, v, nil, fault.At("operation", "value_unknown").With("Field", "operation")
	}
	if r.Operation == ChangeHolder && !r.Consent {
		return p, v, nil, fault.At("consent", "consent_required")
	}
	if !slices.Contains([]LockWish{LockByRule, LockDeclined, LockWanted}, r.TransferLock) {
		return p, v, nil, fault.At("transfer_lock", "value_unknown").With("Field", "transfer_lock")
	}
	if len(r.Domains) == 0 {
		return p, v, nil, fault.At("domains", "field_required").With("Field", "domains")
	}
	if len(r.Domains) > MaxDomains {
		return p, v, nil, fault.At("domains", "too_many_domains")
	}
	names = make([]string, len(r.Domains))
	for i, typed := range r.Domains {
		if names[i], err = Normalize(typed); err != nil {
			return p, v, nil, err
		}
	}
	names = distinct(names)
	p, v, err = all.profiles.Usable(ctx, all.store.R, a.Account, r.Profile)
	if r.WhenVerified && v.State == profile.InReview {
		err = nil
	}
	return p, v, names, err
}

// distinct leaves out, in place, what a list has had before. A task may have half a million
// names: their order is kept in a fraction of the memory that a set of them takes.
func distinct(names []string) []string {
	order := make([]int32, len(names))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Or(cmp.Compare(names[i], names[j]), cmp.Compare(i, j)) })
	again := make([]bool, len(names))
	for k := 1; k < len(order); k++ {
		again[order[k]] = names[order[k]] == names[order[k-1]]
	}
	out := names[:0]
	for i, name := range names {
		if !again[i] {
			out = append(out, name)
		}
	}
	return out
}

// Preview says, for each domain, whether the operation would be taken, an empty Reason
// means yes, and when its verdict and its hold would come. Nothing is changed.
func (all *All) Preview(ctx context.Context, a actor.Actor, r Request) ([]Item, error) {
	p, v, names, err := all.check(ctx, a, r)
	if err != nil {
		return nil, err
	}
	from, err := all.submittedFrom(ctx, v)
	if err != nil {
		return nil, wrap("preview", err)
	}
	out := make([]Item, 0, len(names))
	for chunk := range slices.Chunk(names, expandChunk) {
		found, err := all.holdingsFor(ctx, all.store.R, r.Operation, p, chunk)
		if err != nil {
			return nil, err
		}
		for _, name := range chunk {
			i := Item{Domain: Display(name), State: ItemQueued}
			if refused := all.eligible(r.Operation, name, found, p, v); refused != nil {
				i.State, i.Reason, i.Params = ItemFailed, refused.Code, refused.Params
			} else if err := all.forecastItem(ctx, &i, r.Operation, *found.domains[name], from); err != nil {
				return nil, wrap("preview", err)
			}
			out = append(out, i)
		}
	}
	return out, nil
}

// holdings are registered domains of an account, what is known of the contacts that
// hold them, and which of them a task is under way for.
type holdings struct {
	domains  map[string]*Domain
	busy     map[int64]bool                         // by the row's id
	contacts map[string]map[string]registry.Contact // by registry and id
	details  details
}

// holdingsFor are domains of the account of a profile, with what an operation compares.
func (all *All) holdingsFor(ctx context.Context, db bun.IDB, op Operation, p profile.Profile, names []string) (holdings, error) {
	h, err := holdingsOf(ctx, db, p.AccountID, names)
	if err != nil || op != UpdateDetails {
		return h, err
	}
	var rested []int64
	for _, d := range h.domains {
		rested = append(rested, d.VersionID)
	}
	h.details, err = all.detailsOf(ctx, db, p, rested)
	return h, err
}

func holdingsOf(ctx context.Context, db bun.IDB, account int64, names []string) (h holdings, err error) {
	var rows []Domain
	err = db.NewSelect().Model(&rows).Where("name IN (?)", bun.List(names)).Where("account_id = ?", account).Where("state = 'registered'").Scan(ctx)
	if err != nil {
		return h, err
	}
	h = holdings{domains: make(map[string]*Domain, len(rows)), busy: map[int64]bool{}}
	if h.contacts, err = contactsOf(ctx, db, rows); err != nil || len(rows) == 0 {
		return h, err
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		d := &rows[i]
		h.domains[d.Name], ids[i] = d, d.ID
	}
	var busy []int64
	err = db.NewSelect().Model((*item)(nil)).Column("domain_id").Where("domain_id IN (?)", bun.List(ids)).Where("state IN (?, ?)", ItemQueued, ItemAtRegistry).Scan(ctx, &busy)
	for _, id := range busy {
		h.busy[id] = true
	}
	return h, err
}

// contactsOf is what is known of the contacts of domains, by registry and id.
func contactsOf(ctx context.Context, db bun.IDB, rows []Domain) (map[string]map[string]registry.Contact, error) {
	holders := map[string][]string{}
	for _, d := range rows {
		if d.Registrant != "" {
			holders[d.Registry] = append(holders[d.Registry], d.Registrant)
		}
	}
	out := make(map[string]map[string]registry.Contact, len(holders))
	for at, ids := range holders {
		slices.Sort(ids)
		known, err := registry.KnownContacts(ctx, db, at, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		out[at] = known
	}
	return out, nil
}

// eligible says why an operation on a domain is refused, nil when it may go ahead.
func (all *All) eligible(op Operation, name string, found holdings, p profile.Profile, v profile.Version) *fault.Error {
	refused := func(code string) *fault.Error {
		return fault.New(fault.Conflict, code).With("Domain", Display(name))
	}
	d := found.domains[name]
	if d == nil {
		return refused("domain_not_found")
	}
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		return fault.From(err)
	}
	if op == ChangeHolder && rule.HolderChange.Channel == "offline" {
		return refused("holder_change_offline")
	}
	if err := all.profiles.Fits(p, v, rule); err != nil {
		return fault.From(err)
	}
	if d.HolderFold == "" && all.driver(*d).Contacts {
		return refused("holder_not_known_yet")
	}
	if op == UpdateDetails {
		return all.detailsAllowed(*d, found, v, refused)
	}
	if why := all.holderAllows(op, *d, found, p, v, refused); why != nil {
		return why
	}
	switch {
	case op == SubmitVerification && d.HolderState == Verified && d.VersionID != 0:
		return refused("already_verified")
	case op == SubmitVerification && (d.HolderState == NotRequired || d.HolderState == NotPossible):
		return refused("verification_" + string(d.HolderState))
	case op == ChangeHolder && d.locks() != "":
		return refused("domain_locked").With("Status", d.locks())
	case d.NextVersionID != 0 || d.SyncState == SyncQueued || found.busy[d.ID]:
		return refused("operation_in_progress")
	}
	return nil
}

// holderAllows compares the holder of a profile with that of a domain. A submission
// is for the very holder, shown by the kind of document that the registry has: its
// spelling of the name goes with the documents. A change is for anybody else, and the
// way out where the registry has the holder otherwise than the profile or does not
// take the documents.
func (all *All) holderAllows(op Operation, d Domain, found holdings, p profile.Profile, v profile.Version, refused func(string) *fault.Error) *fault.Error {
	who := all.profiles.Identity(p, v)
	c, known := found.contacts[d.Registry][d.Registrant]
	same := d.HolderFold == v.HolderFold && string(d.NumberHash) == string(v.NumberHash) && (!known || c.HolderType == who.Type)
	switch {
	case op == SubmitVerification && !same:
		return refused("contact_not_match")
	case op == SubmitVerification && known && !c.SameDocument(who):
		return refused("contact_document_differs").With("Kinds", all.kindsCalled(c.DocumentCode)).With("Chosen", v.Fields.DocumentKind)
	case op == ChangeHolder && same && !(known && differs(d, c, who, v)):
		return refused("holder_is_the_same")
	}
	return nil
}

// differs reports whether a holder who is the same stands at the registry otherwise
// than in a version of a profile: in another spelling, with another kind of document, or
// in a contact, not made from this version, whose verification has failed.
func differs(d Domain, c registry.Contact, who registry.Identity, v profile.Version) bool {
	made := c.Ours && c.Of(v.PublicID)
	return !c.SameDocument(who) || c.HolderName != "" && c.HolderName != who.Name || d.HolderState == Failed && !made
}

// kindsCalled lists the kinds of document that a registry knows by a code, or the code.
func (all *All) kindsCalled(code string) string {
	var kinds []string
	for _, k := range all.policies.DocumentCodes() {
		if d, _ := all.policies.Document(k); d.Codes.CNNIC == code {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		return code
	}
	return strings.Join(kinds, ",")
}

// locks are the statuses of a domain that forbid a change of its holder.
func (d Domain) locks() string {
	var out []string
	for _, s := range []string{epp.ClientUpdateProhibited, epp.ServerUpdateProhibited} {
		if d.Has(s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}
