package domain

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// pace is how many business days a registry takes for its verdicts, from the payment of an
// order, and how many of them that was measured from; none where it is policy's figure.
type pace struct{ days, cases int }

// paces are those that were measured lately, by registry.
type paces struct {
	mu sync.Mutex
	of map[string]measured
}

type measured struct {
	pace
	at time.Time
}

// paceLasts is how long a measurement is believed.
const paceLasts = 10 * time.Minute

// lookedBack is how many orders, the newest first, a measurement looks at.
const lookedBack = 2000

// forecast sets what is to be expected of an order that is paid now.
func (all *All) forecast(ctx context.Context, tx *store.Tx, o *Order, registryName string, rule policy.Rule, v profile.Version) error {
	p, err := all.pace(ctx, tx, registryName)
	if err != nil {
		return err
	}
	all.forecastVerdict(o, rule, p, tx.Now())
	o.AnswerBy, err = all.answerBy(ctx, tx, Domain{Name: o.Name, Accreditation: rule.Accreditation}, v, tx.Now())
	return err
}

// forecastVerdict sets the expected verdict, the hold and the last safe moment to pay.
func (all *All) forecastVerdict(o *Order, rule policy.Rule, p pace, now time.Time) {
	o.VerdictAt, o.HoldAt, o.SafeBy, o.VerdictDays, o.VerdictCases = store.Time{}, store.Time{}, store.Time{}, 0, 0
	if !rule.Required() {
		return
	}
	o.VerdictDays, o.VerdictCases = p.days, p.cases
	o.VerdictAt = store.At(all.verdictsBy(rule, p, now))
	hold, held := rule.Hold.Create.Until(now)
	if !held {
		return
	}
	o.HoldAt = store.At(hold)
	if rule.Hold.Create.After == 0 {
		return // held from the start: no moment is safer than another
	}
	// The hold moves with the payment, the holidays do not: look for the last day
	// within a month up to which the verdict still comes first.
	for day := now; day.Before(now.AddDate(0, 0, 30)); day = day.AddDate(0, 0, 1) {
		if until, _ := rule.Hold.Create.Until(day); !all.verdictsBy(rule, p, day).Before(until) {
			break
		}
		o.SafeBy = store.At(day)
	}
}

// verdictsBy is when all verdicts about a name that is paid at a moment are expected: the
// registry's, and that on its papers where the suffix asks for some.
func (all *All) verdictsBy(rule policy.Rule, p pace, paid time.Time) time.Time {
	at := all.policies.Calendar.After(paid, p.days).At
	if !all.qualifies(rule) {
		return at
	}
	papers := all.policies.Calendar.After(paid, all.policies.Limits.Review[policy.Common].AtMost).At
	if days := rule.Qualification.Takes.Most(); days > 0 {
		papers = all.policies.Calendar.DaysAfter(paid, days).At
	}
	if papers.After(at) {
		return papers
	}
	return at
}

// submittedFrom is when names are told to the registries that are associated with a version
// now: at once, or when its own review is expected to end.
func (all *All) submittedFrom(ctx context.Context, v profile.Version) (time.Time, error) {
	now := all.store.Now()
	if v.State != profile.InReview {
		return now, nil
	}
	c, _, err := review.Latest(ctx, all.store.R, review.ProfileVersion, v.ID)
	if err != nil || c.ExpectedAt.Before(now) {
		return now, err
	}
	return c.ExpectedAt.Time, nil
}

// forecastItem sets what is to be expected of a domain that an operation is begun for at a
// moment.
func (all *All) forecastItem(ctx context.Context, i *Item, op Operation, d Domain, from time.Time) error {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || !rule.Required() || op == SubmitVerification && d.HolderState == Verified {
		return nil // nobody waits for a verdict
	}
	p, err := all.pace(ctx, all.store.R, d.Registry)
	if err != nil {
		return err
	}
	i.VerdictAt = all.policies.Calendar.After(from, p.days).At
	if op == SubmitVerification {
		i.HoldAt, _ = all.due(d)
	} else if at, held := rule.Hold.AfterHolderChange.Until(from); held {
		i.HoldAt = at
	}
	return nil
}

// pace is how fast a registry is: the time within which policy's share of its recent
// verdicts came, where it has given enough of them, else policy's figure.
func (all *All) pace(ctx context.Context, db bun.IDB, registryName string) (pace, error) {
	usual := pace{days: all.policies.Limits.Review[policy.Common].Usual} // a registry's review usually ends within a day
	rule := all.policies.Limits.Forecast
	if rule.AtLeast == 0 {
		return usual, nil
	}
	now := all.store.Now()
	all.paces.mu.Lock()
	defer all.paces.mu.Unlock()
	if m, ok := all.paces.of[registryName]; ok && now.Sub(m.at) < paceLasts {
		return m.pace, nil
	}
	taken, err := all.verdictsTook(ctx, db, registryName, now.Add(-time.Duration(rule.Window)))
	if err != nil {
		return usual, err
	}
	p := usual
	if n := len(taken); n >= rule.AtLeast {
		// Counted in days, what came on the same day may as well take another.
		p = pace{days: max(1, percentile(taken, rule.Percentile)), cases: n}
	}
	if all.paces.of == nil {
		all.paces.of = map[string]measured{}
	}
	all.paces.of[registryName] = measured{p, now}
	return p, nil
}

// verdictsTook are the business days from the payment of orders since a moment to the last
// of the registry's first verdicts about each name.
func (all *All) verdictsTook(ctx context.Context, db bun.IDB, registryName string, since time.Time) (out []int, err error) {
	var rows []struct{ PaidAt, Holder, Name store.Time }
	err = db.NewRaw(`SELECT o.paid_at, min(CASE WHEN e.type IN ('domain.real_name_verified', 'domain.real_name_failed') THEN e.at END) AS holder,
			min(CASE WHEN e.type IN ('domain.naming_verified', 'domain.naming_failed') THEN e.at END) AS name
		FROM (SELECT account_id, domain_id, paid_at FROM domain_order ORDER BY id DESC LIMIT ?0) o
		JOIN domain d ON d.id = o.domain_id
		JOIN event e ON e.account_id = o.account_id AND e.subject = d.public_id
		WHERE d.registry = ?1 AND o.paid_at >= ?2 AND d.holder_state IN (?3, ?4) AND d.naming_state IN (?3, ?4, ?5)
			AND e.type IN ('domain.real_name_verified', 'domain.real_name_failed', 'domain.naming_verified', 'domain.naming_failed')
		GROUP BY o.domain_id, o.paid_at`, lookedBack, registryName, store.Micros(since), Verified, Failed, NotRequired).Scan(ctx, &rows)
	for _, r := range rows {
		last := r.Holder.Time
		if r.Name.After(last) {
			last = r.Name.Time
		}
		out = append(out, all.policies.Calendar.Taken(r.PaidAt.Time, last))
	}
	return out, err
}

// percentile is the smallest of the values that p percent of them do not exceed.
func percentile(values []int, p int) int {
	slices.Sort(values)
	return values[(len(values)*p+99)/100-1]
}
