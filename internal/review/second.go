package review

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// escalated is the flag of cases that waited for a lead.
const escalated = "escalated"

// needsSecond reports whether policy wants two reviewers to approve the case.
func (r *Reviews) needsSecond(c Case) bool {
	p := r.policies.Limits.SecondReviewer
	return slices.Contains(p.Kinds, string(c.SubjectKind)) || slices.ContainsFunc(c.Flags, func(f string) bool { return slices.Contains(p.Flags, f) })
}

// endorse notes the first of two approvals and puts the case back for another reviewer.
func (r *Reviews) endorse(ctx context.Context, tx *store.Tx, a actor.Actor, c *Case) error {
	c.FirstBy, c.AssignedTo, c.ClaimedBy, c.ClaimedUntil = a.ID, "", "", store.Time{}
	if err := r.move(ctx, tx, c, Endorse); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, "review.endorse", c.PublicID, nil)
}

// Escalate puts a case that the actor has claimed before a lead, with a cause that only
// staff see. Fault: review_not_claimed, cause_required.
func (r *Reviews) Escalate(ctx context.Context, a actor.Actor, publicID, cause string) (c Case, err error) {
	if strings.TrimSpace(cause) == "" {
		return c, fault.At("cause", "cause_required")
	}
	err = r.inClaim(ctx, a, publicID, func(ctx context.Context, tx *store.Tx, found *Case) error {
		found.EscalatedAt, found.Escalation, found.AssignedTo = store.At(tx.Now()), cause, ""
		if !slices.Contains(found.Flags, escalated) {
			found.Flags = append(found.Flags, escalated)
		}
		if err := r.release(ctx, tx, a, found); err != nil {
			return err
		}
		c = *found
		return audit.Record(ctx, tx, a, "review.escalate", c.PublicID, nil)
	})
	return c, wrap("escalate", err)
}

// Reverse takes a verdict of the desk, or a decline by policy, back, with a cause that
// only staff see. What had passed has failed then, for the reasons; what had failed or
// was returned is open again, at the desk, and a reviewer decides it anew. It needs review.lead, and nobody reverses what
// they or their account submitted. Faults: cause_required, reason_required,
// review_own, review_not_reversible, review_superseded, review_case_state, and the
// subject's own when it has moved on.
func (r *Reviews) Reverse(ctx context.Context, a actor.Actor, publicID, cause string, given []Reason) (c Case, err error) {
	if err := a.Check(actor.ReviewLead); err != nil {
		return c, err
	}
	if strings.TrimSpace(cause) == "" {
		return c, fault.At("cause", "cause_required")
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = find(ctx, tx, publicID); err != nil {
			return err
		}
		subject, ok := r.subjects[c.SubjectKind].(Reversible)
		switch {
		case c.AccountID == a.Account || c.SubmittedBy == a.ID:
			return fault.New(fault.Forbidden, "review_own")
		case !ok || !c.Reversible():
			return fault.New(fault.Conflict, "review_not_reversible")
		}
		switch newest, _, err := Latest(ctx, tx, c.SubjectKind, c.SubjectID); {
		case err != nil:
			return err
		case newest.ID != c.ID: // what counts is its verdict
			return fault.New(fault.Conflict, "review_superseded")
		}
		c.ReversedBy, c.ReversedAt, c.Reversal = a.ID, store.At(tx.Now()), cause
		if c.State == Passed {
			err = r.revoke(ctx, tx, subject, &c, given)
		} else {
			err = r.reopen(ctx, tx, subject, &c)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "review.reverse", c.PublicID, map[string]string{"to": string(c.State)})
	})
	return c, wrap("reverse", err)
}

// Reversible reports whether the verdict on a case is the desk's own or policy's: an
// outside authority's is not for us to change.
func (c Case) Reversible() bool { return c.Authority == Desk || c.DecidedBy == byPolicy }

func (r *Reviews) revoke(ctx context.Context, tx *store.Tx, subject Reversible, c *Case, given []Reason) error {
	reasons, err := r.complete(Decision{Reasons: given})
	if err != nil {
		return err
	}
	if err := r.move(ctx, tx, c, Reverse); err != nil {
		return err
	}
	if err := c.give(ctx, tx, reasons); err != nil {
		return err
	}
	return subject.Reversed(ctx, tx, c.SubjectID, *c, reasons)
}

func (r *Reviews) reopen(ctx context.Context, tx *store.Tx, subject Reversible, c *Case) error {
	if c.Authority != Desk {
		c.toDesk()
	}
	c.ClaimedBy, c.ClaimedUntil, c.AssignedTo, c.FirstBy, c.DecidedBy, c.DecidedAt = "", store.Time{}, "", "", "", store.Time{}
	if err := r.move(ctx, tx, c, Reopen); err != nil {
		return err
	}
	if err := c.give(ctx, tx, nil); err != nil {
		return err
	}
	return subject.Reopened(ctx, tx, c.SubjectID, *c)
}

// toDesk gives a case that policy has declined to the desk, with what the authority had
// said, if one was asked: an approval, which policy did not follow.
func (c *Case) toDesk() {
	if c.Authority != byPolicy {
		c.ReferredBy, c.Referral = c.Authority, Referral{Verdict: Pass}
	}
	c.Authority, c.Rule = Desk, ""
}

// AlarmLate finds up to n cases that are undecided after their expected day, tells
// their registrants and leaves a finding for the operator, once each. It returns how
// many there were.
func (r *Reviews) AlarmLate(ctx context.Context, n int) (late int, err error) {
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var cases []Case
		err := tx.NewSelect().Model(&cases).Where("late_at IS NULL").Where("state IN ('open', 'claimed', 'waiting')").Where("expected_at <= ?", store.At(tx.Now())).OrderExpr("expected_at").Limit(int64(n)).Scan(ctx)
		if err != nil {
			return err
		}
		for i := range cases {
			if err := r.alarm(ctx, tx, &cases[i]); err != nil {
				return err
			}
		}
		late = len(cases)
		return nil
	})
	return late, wrap("alarm", err)
}

func (r *Reviews) alarm(ctx context.Context, tx *store.Tx, c *Case) error {
	c.LateAt = store.At(tx.Now())
	if err := r.keep(ctx, tx, c); err != nil || bug.Seeded(bug.LateInSilence) {
		return err
	}
	day := c.ExpectedAt.Add(-1).In(r.policies.Calendar.Zone()).Format("2006-01-02")
	if err := event.Append(ctx, tx, c.AccountID, "review.overdue", c.PublicID, map[string]string{
		"Kind": string(c.SubjectKind), "Title": c.Title, "Expected": day,
	}); err != nil {
		return err
	}
	return registry.Report(ctx, tx, "review", c.PublicID, fault.New(fault.Conflict, "review_late").With("Case", c.PublicID).With("Authority", c.Authority).With("Date", day))
}

// holidaysAhead is how long before the turn of a year its holidays are missed. The State
// Council publishes them in November or at the beginning of December.
const holidaysAhead = 30 * 24 * time.Hour

// AlarmHolidays leaves a finding for the operator when the holidays of this year, or of one
// that begins soon, are not known, and closes those of years that have become known. It
// returns how many years are missing.
func (r *Reviews) AlarmHolidays(ctx context.Context) (missing int, err error) {
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		missing = 0
		now := tx.Now().In(r.policies.Calendar.Zone())
		soon := now.Add(holidaysAhead).Year()
		for year := now.Year() - 1; year <= now.Year()+1; year++ {
			name := strconv.Itoa(year)
			_, known := r.policies.Calendar.BusinessDay(time.Date(year, time.July, 1, 0, 0, 0, 0, now.Location()))
			switch {
			case known || year < now.Year(): // what is over is nobody's trouble
				if err := registry.Settled(ctx, tx, "review", name, "holidays_unknown"); err != nil {
					return err
				}
			case year <= soon:
				missing++
				if err := noHolidays(ctx, tx, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return missing, wrap("alarm holidays", err)
}

// noHolidays leaves a finding that the holidays of a year are not known: dates
// expected in it count weekdays only.
func noHolidays(ctx context.Context, tx *store.Tx, year string) error {
	return registry.Report(ctx, tx, "review", year, fault.New(fault.Conflict, "holidays_unknown").With("Year", year))
}
