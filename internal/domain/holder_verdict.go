package domain

import (
	"context"
	"slices"

	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// A verdict about a holder is about all of their domains, and these may be very many. The
// first are written with the answer that brings it, the rest by a job, chunk after chunk,
// so that nobody waits long for one of them. A crash leaves some undone, which the job finds
// when it is done again.

// holderChunk is how many domains of a holder one unit of work writes.
const holderChunk = 100

// HolderDecided is the job that ends the submissions of a contact's domains, behind the
// name After.
type HolderDecided struct {
	Registry string `json:"registry"`
	Contact  string `json:"contact"`
	Passed   bool   `json:"passed"`
	Reason   string `json:"reason"`
	Words    string `json:"words"`
	After    string `json:"after"`
}

// Kind names the job.
func (HolderDecided) Kind() string { return "domain_holder_decided" }

// HolderDecided does the job HolderDecided. Where other documents are on their way to the
// registry meanwhile, it is about those that the domains left are waiting for.
func (all *All) HolderDecided(ctx context.Context, job HolderDecided) error {
	for more := true; more; {
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			job.After, more, err = all.decideSome(ctx, tx, job)
			return err
		})
		if err != nil {
			return wrap("holder decided", err)
		}
	}
	return nil
}

// holderDecided ends the submissions that rested on documents which the registry
// did not take, or about which it had decided before.
func (all *All) holderDecided(ctx context.Context, tx *store.Tx, r registry.Result, passed bool) (err error) {
	cause := why{}
	switch {
	case !passed && r.Evidence == registry.EvidenceFailed:
		cause = why{code: "documents_refused_before"}
	case !passed:
		cause = rejected(r.Words())
	}
	more, job := false, HolderDecided{Registry: r.Registry, Contact: r.Contact, Passed: passed, Reason: cause.code, Words: cause.words}
	if job.After, more, err = all.decideSome(ctx, tx, job); err != nil || !more {
		return err
	}
	return tx.Enqueue(ctx, job, store.JobOptions{})
}

// decideSome is a chunk of the job; it returns where the next begins.
func (all *All) decideSome(ctx context.Context, tx *store.Tx, job HolderDecided) (after string, more bool, err error) {
	if c, _, err := registry.KnownContact(ctx, tx, job.Registry, job.Contact); err != nil || !job.Passed && c.Evidence != "" {
		return "", false, err
	}
	var rows []Domain
	q := tx.NewSelect().Model(&rows).Where("registrant = ?", job.Contact).Where("registry = ?", job.Registry).Where("state = 'registered'").Where("holder_state = ?", InReview).
		Where("name > ?", job.After).OrderExpr("name").Limit(holderChunk)
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil || len(rows) == 0 {
		return "", false, err
	}
	sync := SyncDone
	if !job.Passed {
		sync = SyncFailed
	}
	edits := make([]edit, len(rows))
	for i := range rows {
		d := &touched{Domain: rows[i]}
		if err := all.verdict(ctx, tx, d, registry.RealName, job.Passed, why{job.Reason, job.Words}); err != nil {
			return "", false, err
		}
		d.SyncState = sync
		edits[i] = edit{rows[i], &d.Domain}
	}
	return rows[len(rows)-1].Name, len(rows) == holderChunk, saveAll(ctx, tx, edits)
}

// HolderCoded is the job that takes a provider's verdict about a holder to the domains that
// wait for it: first, with Next, to those that are to have this holder, behind the row After.
type HolderCoded struct {
	Provider  string `json:"provider"`
	HolderRef string `json:"holder_ref"`
	Passed    bool   `json:"passed"`
	Reason    string `json:"reason"`
	Words     string `json:"words"`
	Next      bool   `json:"next"`
	After     int64  `json:"after"`
}

// Kind names the job.
func (HolderCoded) Kind() string { return "domain_holder_coded" }

// HolderCoded does the job HolderCoded. Where the provider is asked anew meanwhile, its next
// verdict is for the domains left.
func (all *All) HolderCoded(ctx context.Context, job HolderCoded) error {
	for more := true; more; {
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			job, more, err = all.codeSome(ctx, tx, job)
			return err
		})
		if err != nil {
			return wrap("holder coded", err)
		}
	}
	return nil
}

// holderCoded takes a provider's verdict about a holder to the first of their domains.
func (all *All) holderCoded(ctx context.Context, tx *store.Tx, r registry.Result) error {
	if r.Outcome == registry.OutcomePending {
		return nil
	}
	job := HolderCoded{Provider: r.Registry, HolderRef: r.Payload.HolderRef, Passed: r.Outcome == registry.OutcomeDone, Next: true}
	if !job.Passed {
		cause := all.cause(r)
		job.Reason, job.Words = cause.code, cause.words
	}
	job, more, err := all.codeSome(ctx, tx, job)
	if err == nil && more && !job.Next { // none is left that is to have this holder
		job, more, err = all.codeSome(ctx, tx, job)
	}
	if err != nil || !more {
		return err
	}
	return tx.Enqueue(ctx, job, store.JobOptions{})
}

// says are the states of a code that a verdict about its holder leaves it in. In any other
// the provider has been asked again.
var says = map[bool][]registry.CodeState{true: {registry.CodeIssued, registry.CodeRejected}, false: {registry.CodeRefused}}

// codeSome is a chunk of the job; it returns the job that is left. Each domain is written,
// also where nothing changes: another unit of work that goes on with it meanwhile then sees
// the code.
func (all *All) codeSome(ctx context.Context, tx *store.Tx, job HolderCoded) (left HolderCoded, more bool, err error) {
	ref := registry.HolderRef(job.HolderRef)
	code, _, err := registry.CodeOf(ctx, tx, job.Provider, ref)
	if err != nil || !slices.Contains(says[job.Passed], code.State) {
		return job, false, err
	}
	_, v, err := all.profiles.ByRef(ctx, tx, job.HolderRef)
	if err != nil {
		return job, false, err
	}
	var rows []Domain
	q := tx.NewSelect().Model(&rows).Where("id > ?", job.After).Where("state IN (?, ?)", Registering, Registered).OrderExpr("id").Limit(holderChunk)
	if job.Next {
		q = q.Where("next_version_id = ?", v.ID).Where("next_version_id <> 0")
	} else {
		q = q.Where("version_id = ?", v.ID)
	}
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return job, false, err
	}
	edits := make([]edit, 0, len(rows))
	for i := range rows {
		d := &touched{Domain: rows[i]}
		if all.registries.VSPOf(d.Registry) != job.Provider {
			continue
		}
		if err := all.holderCodedFor(ctx, tx, d, v, ref, job); err != nil {
			return job, false, err
		}
		edits = append(edits, edit{rows[i], &d.Domain})
	}
	if err := saveAll(ctx, tx, edits); err != nil {
		return job, false, err
	}
	switch {
	case len(rows) == holderChunk:
		job.After = rows[len(rows)-1].ID
		return job, true, nil
	case job.Next:
		job.Next, job.After = false, 0
		return job, true, nil
	}
	return job, false, nil
}

func (all *All) holderCodedFor(ctx context.Context, tx *store.Tx, d *touched, v profile.Version, ref registry.CodeRef, job HolderCoded) error {
	cause := why{job.Reason, job.Words}
	switch {
	case d.NextVersionID == v.ID && !job.Passed:
		d.NextVersionID, d.SyncState = 0, SyncDone // the old holder stays
		all.endItems(tx, d.Domain, false, cause)
		return nil
	case d.NextVersionID == v.ID || d.HolderState != InReview:
		return nil
	case !job.Passed:
		return all.verdict(ctx, tx, d, registry.RealName, false, cause)
	case d.State == Registering && d.NamingState == InReview:
		return nil // goes with the name when that has passed
	}
	// Somebody who went on with the domain since the code is there has brought it.
	brought, err := registry.CodesUnderWay(ctx, tx, d.Registry, d.Name)
	if err != nil || slices.Contains(brought, ref) {
		return err
	}
	return all.bring(ctx, tx, &d.Domain, ref)
}
