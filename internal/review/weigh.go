package review

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

// byPolicy stands for the authority where policy decides before any is asked.
const byPolicy = "policy"

// Found is something that screening or reading has found about a subject.
type Found struct {
	// Code is a canonical reason, Points the field or side that it is about.
	Code, Points string
	Params       map[string]string
}

// Screened is a Subject about which something may have been found before anybody has
// looked at it.
type Screened interface {
	Findings(ctx context.Context, db bun.IDB, subject int64) ([]Found, error)
}

// Referral is what an outside authority had said of a case that a person then decides.
type Referral struct {
	Verdict Event  `json:"verdict,omitempty"`
	Said    []Said `json:"said,omitempty"`
}

// weigh asks policy what comes of a case, given an answer of its authority; "" when policy
// leaves it to the authority.
func (r *Reviews) weigh(ctx context.Context, db bun.IDB, c *Case, answer string, said []Reason) (then policy.Outcome, reasons []Reason, err error) {
	var found []Found
	if s, ok := r.subjects[c.SubjectKind].(Screened); ok {
		if found, err = s.Findings(ctx, db, c.SubjectID); err != nil {
			return "", nil, wrap("weigh", err)
		}
	}
	w := policy.Weighed{Kind: string(c.SubjectKind), Authority: c.Authority, Answer: answer, Flags: c.Flags}
	for _, f := range found {
		w.Findings = append(w.Findings, f.Code)
	}
	for _, x := range said {
		w.Reasons = append(w.Reasons, x.Code)
	}
	rule, ok := r.policies.Decide(w)
	if !ok {
		return "", nil, nil
	}
	c.Rule = rule.ID
	if rule.Then != policy.Decline || answer == string(policy.Decline) {
		return rule.Then, said, nil
	}
	for _, f := range found {
		if slices.Contains(rule.Findings, f.Code) {
			reasons = append(reasons, r.reason(f.Code, f.Points, f.Params))
		}
	}
	return rule.Then, reasons, nil
}

// conclude ends a case by the verdict of its authority, or gives it to the desk where
// policy wants a person to decide after all.
func (r *Reviews) conclude(ctx context.Context, tx *store.Tx, c *Case, answer Answer) error {
	reasons, err := r.reasons(answer)
	if err != nil {
		return err
	}
	by := "authority:" + c.Authority
	if answer.Verdict == AskMore {
		return r.decide(ctx, tx, by, c, AskMore, reasons)
	}
	said := policy.Approve
	if answer.Verdict == Fail {
		said = policy.Decline
	}
	then, because, err := r.weigh(ctx, tx, c, string(said), reasons)
	switch {
	case err != nil:
		return err
	case then == policy.Review:
		return r.refer(ctx, tx, c, answer)
	case then != "" && then != said:
		return r.decide(ctx, tx, byPolicy, c, Fail, because)
	}
	return r.decide(ctx, tx, by, c, answer.Verdict, reasons)
}

// refer gives a case of an outside authority to the desk, with what the authority has
// said. Its expected date stays: the registrant was told it.
func (r *Reviews) refer(ctx context.Context, tx *store.Tx, c *Case, answer Answer) (err error) {
	from := c.Authority
	c.ReferredBy, c.Referral, c.NextPollAt = from, Referral{answer.Verdict, answer.Said}, store.Time{}
	if c.State, err = Table.Next(c.State, Refer); err != nil {
		return err
	}
	if err := r.tellAuthority(ctx, tx, *c); err != nil {
		return err
	}
	c.Authority = Desk
	if err := r.keep(ctx, tx, c); err != nil {
		return err
	}
	a := actor.Actor{ID: "authority:" + from, Account: c.AccountID}
	return audit.Record(ctx, tx, a, "review.refer", c.PublicID, map[string]string{"verdict": string(answer.Verdict), "rule": c.Rule})
}

// screened asks policy about a new case before its authority is asked: it may be for the
// desk after all, or fail at once for the reasons that are returned.
func (r *Reviews) screened(ctx context.Context, tx *store.Tx, c *Case) (reasons []Reason, err error) {
	if _, ok := r.subjects[c.SubjectKind].(Screened); !ok {
		return nil, nil
	}
	then, reasons, err := r.weigh(ctx, tx, c, policy.Unasked, nil)
	switch {
	case err != nil:
		return nil, err
	case then == policy.Review && c.Authority != Desk:
		c.ReferredBy, c.Authority = c.Authority, Desk
	case then == policy.Decline:
		c.ReferredBy, c.Authority = c.Authority, byPolicy
		return reasons, nil
	}
	return nil, nil
}
