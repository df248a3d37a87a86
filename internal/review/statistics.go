package review

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/store"
)

// Statistics is what the desk and the authorities did in a time, and what is left.
type Statistics struct {
	From, To time.Time
	// Open counts the undecided cases, of which Overdue are; Oldest is how long the
	// oldest has been waiting.
	Open, Overdue int
	Oldest        time.Duration
	// ByKind and ByReviewer are of the cases decided in the time.
	ByKind, ByReviewer []Pace
	// Reasons counts the reasons given, the most frequent first.
	Reasons []Given
}

// Pace is how many cases were decided and how long that took from their submission.
type Pace struct {
	Name                     string
	Passed, Failed, Returned int
	Median, P90              time.Duration
}

// Given is how often a reason was given.
type Given struct {
	Code  string
	Count int
}

// Statistics counts the cases decided in [from, to). It needs review.read.
func (r *Reviews) Statistics(ctx context.Context, a actor.Actor, from, to time.Time) (s Statistics, err error) {
	if err := a.Check(actor.ReviewRead); err != nil {
		return s, err
	}
	s = Statistics{From: from, To: to}
	if err := r.left(ctx, &s); err != nil {
		return s, wrap("statistics", err)
	}
	var rows []struct {
		SubjectKind, DecidedBy string
		State                  State
		SubmittedAt, DecidedAt store.Time
	}
	err = r.store.R.NewRaw(`SELECT subject_kind, decided_by, state, submitted_at, decided_at FROM review_case
		WHERE decided_at >= ? AND decided_at < ? ORDER BY decided_at`, store.At(from), store.At(to)).Scan(ctx, &rows)
	if err != nil {
		return s, wrap("statistics", err)
	}
	kinds, reviewers := paces{}, paces{}
	for _, x := range rows {
		took := x.DecidedAt.Sub(x.SubmittedAt.Time)
		kinds.add(x.SubjectKind, x.State, took)
		reviewers.add(x.DecidedBy, x.State, took)
	}
	s.ByKind, s.ByReviewer = kinds.list(), reviewers.list()
	err = r.store.R.NewRaw(`SELECT x.code, count(*) AS count FROM review_reason x JOIN review_case c ON c.id = x.case_id
		WHERE c.decided_at >= ? AND c.decided_at < ? GROUP BY x.code ORDER BY count(*) DESC, x.code`, store.At(from), store.At(to)).Scan(ctx, &s.Reasons)
	return s, wrap("statistics", err)
}

// left counts what is undecided now.
func (r *Reviews) left(ctx context.Context, s *Statistics) error {
	now := store.At(r.store.Now())
	var row struct {
		Open, Overdue int
		Oldest        store.Time
	}
	err := r.store.R.NewRaw(`SELECT count(*) AS open, count(CASE WHEN expected_at <= ? THEN 1 END) AS overdue, min(submitted_at) AS oldest
		FROM review_case WHERE state IN ('open', 'claimed', 'waiting')`, now).Scan(ctx, &row)
	s.Open, s.Overdue = row.Open, row.Overdue
	if !row.Oldest.IsZero() {
		s.Oldest = now.Sub(row.Oldest.Time)
	}
	return err
}

// paces collects decisions by name.
type paces map[string]*tally

type tally struct {
	Pace
	took []time.Duration
}

func (p paces) add(name string, s State, took time.Duration) {
	t := p[name]
	if t == nil {
		t = &tally{Pace: Pace{Name: name}}
		p[name] = t
	}
	t.took = append(t.took, took)
	switch s {
	case Passed:
		t.Passed++
	case Returned:
		t.Returned++
	default:
		t.Failed++
	}
}

func (p paces) list() (out []Pace) {
	for _, t := range p {
		slices.Sort(t.took)
		t.Median, t.P90 = quantile(t.took, 50), quantile(t.took, 90)
		out = append(out, t.Pace)
	}
	slices.SortFunc(out, func(a, b Pace) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// quantile returns the smallest of the sorted values that percent of them do not
// exceed (nearest rank).
func quantile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)*percent+99)/100-1]
}
