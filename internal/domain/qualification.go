package domain

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/store"
)

var _ qualification.Listener = (*All)(nil)

// qualifies reports whether a name asks for papers beside its holder's identity.
func (all *All) qualifies(r policy.Rule) bool {
	return r.Qualification != nil && all.config.Qualifications != nil
}

// papers are what a holder is asked for with a name.
func papers(name string, p profile.Profile, v profile.Version) qualification.Opening {
	return qualification.Opening{
		Account: p.AccountID, Name: name, Domain: Display(name), Accreditation: p.Accreditation, Holder: v.Holder(p),
		Version: v.ID, DocumentKind: v.Fields.DocumentKind,
	}
}

// papersOfHolder asks the holder of a domain for papers, where its suffix wants any.
// grace is what policy gives a new holder for them; nil where the holder is the same, who
// is not asked again.
func (all *All) papersOfHolder(ctx context.Context, tx *store.Tx, d *Domain, p profile.Profile, v profile.Version, grace func(policy.Qualification) policy.Duration) error {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || !all.qualifies(rule) { // or nothing is offered under this suffix any more
		return nil
	}
	o := papers(d.Name, p, v)
	if o.SameHolder = grace == nil; !o.SameHolder {
		if after := time.Duration(grace(*rule.Qualification)); after > 0 {
			o.Due, o.Reminder = tx.Now().Add(after), time.Duration(rule.Qualification.Reminder)
		}
	}
	q, err := all.config.Qualifications.Open(ctx, tx, verinymFor(d.AccountID), o)
	if err != nil {
		return err
	}
	return d.qualify(q)
}

func verinymFor(account int64) actor.Actor {
	a := actor.Verinym
	a.Account = account
	return a
}

// dropPapers ends what was asked for a name that is nobody's of the account any more.
func (all *All) dropPapers(ctx context.Context, tx *store.Tx, account int64, name string) error {
	if all.config.Qualifications == nil {
		return nil
	}
	return all.config.Qualifications.Drop(ctx, tx, verinymFor(account), account, name)
}

// standings of a qualification as verdicts of a domain.
var standings = map[qualification.State]VerdictEvent{
	qualification.Asked: Reset, qualification.InReview: Submit, qualification.Passed: Pass, qualification.Failed: Fail,
}

// qualify takes over where the qualification of a domain stands.
func (d *Domain) qualify(q qualification.Qualification) (err error) {
	d.QualificationDueAt = q.DueAt
	if q.State == qualification.Passed {
		d.QualificationDueAt = store.Time{}
	}
	if d.QualificationState == NotRequired { // policy has begun to ask since
		d.QualificationState = NotCompleted
	}
	d.QualificationState, err = Verdicts.Next(d.QualificationState, standings[q.State])
	return err
}

// Qualified implements qualification.Listener.
func (all *All) Qualified(ctx context.Context, tx *store.Tx, q qualification.Qualification) error {
	var d Domain
	err := tx.NewSelect().Model(&d).Where("account_id = ?", q.AccountID).Where("name = ?", q.Name).Where("state IN (?, ?, ?)", Registering, Importing, Registered).Scan(ctx)
	if store.IsNotFound(err) { // an order that is not paid yet
		return nil
	}
	if err != nil {
		return wrap("qualified", err)
	}
	if err := d.qualify(q); err != nil {
		return wrap("qualified", err)
	}
	return wrap("qualified", save(ctx, tx, &d))
}

// afterChange and afterTransfer are the graces that policy may give.
func afterChange(q policy.Qualification) policy.Duration   { return q.Grace.AfterHolderChange }
func afterTransfer(q policy.Qualification) policy.Duration { return q.Grace.TransferIn }
