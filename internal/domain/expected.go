package domain

import (
	"context"
	"slices"
	"time"
)

// Due is something that is expected to happen to a domain: its code, and by when.
type Due struct {
	Code string
	At   time.Time
}

// Expected lists what is expected to happen to a domain next, the earliest first: what
// the steps of its diagnosis wait for, the words of the parties to a change of its holder,
// the end of what locks its transfers, and its expiry. What should have happened by now
// stands there still.
func (all *All) Expected(ctx context.Context, d Domain) (out []Due, err error) {
	if d.gone() {
		return nil, nil
	}
	steps, err := all.steps(ctx, d)
	if err != nil {
		return nil, wrap("expected", err)
	}
	seen := map[Due]bool{}
	add := func(code string, at time.Time) {
		if x := (Due{code, at}); !at.IsZero() && !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	for _, s := range steps {
		add(dueCode(s), s.Deadline)
	}
	change, err := all.ChangeOf(ctx, d)
	if err != nil {
		return nil, err
	}
	if change != nil {
		for _, c := range change.Words {
			if c.State == ConsentAwaited {
				add("consent", c.DueAt.Time)
			}
		}
	}
	if locks := all.Locks(d, all.store.Now()); len(locks) > 0 {
		add("transfer_lock", locks[0].Until)
	}
	add("expiry", d.ExpiresAt.Time)
	slices.SortStableFunc(out, func(a, b Due) int { return a.At.Compare(b.At) })
	return out, nil
}

// dueCode is what the deadline of a step is about. A verdict that is missing and a hold
// that has not come yet are the same date seen from two sides.
func dueCode(s Step) string {
	switch s.Name {
	case "profile":
		return "profile_verdict"
	case "naming", "real_name":
		return "verification"
	case "hold":
		if s.Health == Good {
			return "verification"
		}
		return "release"
	}
	return s.Name
}
