package provider

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
)

// pauses are how long a case rests after each failure about it; the last one again and
// again. Each is spread by up to a quarter.
var pauses = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
	4 * time.Hour, 6 * time.Hour,
}

// refused is the code of what an operator is told of a case that a provider does not take.
const refused = "authority_refuses_request"

// Ask implements review.Authority: it puts a case to the provider, or asks for one that
// is there.
func (p *provider) Ask(ctx context.Context, c review.Case) (review.Answer, error) {
	a, err := p.assignmentOf(ctx, c)
	if err != nil {
		return review.Answer{}, wrap("ask", err)
	}
	if a.State == Withdrawing || p.tooLong(a) {
		return p.giveUp(ctx, a)
	}
	wait, err := p.admit(ctx)
	if err != nil || wait > 0 {
		return review.Answer{Wait: wait}, wrap("ask", err)
	}
	m, err := p.exchange(ctx, &a)
	var f *failure
	switch {
	case errors.As(err, &f):
		wait, stored := p.noteFailure(context.WithoutCancel(ctx), a, f)
		return review.Answer{Wait: wait}, wrap("ask", errors.Join(f, stored))
	case err != nil:
		return review.Answer{}, wrap("ask", err)
	}
	return p.answer(m), wrap("ask", p.noteAnswer(context.WithoutCancel(ctx), a, m))
}

// exchange asks for a case that the provider has, and puts one to it that it has not: to
// one address, whatever became of the answer before.
func (p *provider) exchange(ctx context.Context, a *assignment) (message, error) {
	if a.State == Opened {
		status, m, err := p.send(ctx, http.MethodGet, a.PublicID, nil)
		if err != nil || status != http.StatusNotFound {
			return m, err
		}
		if a.State, err = Standings.Next(a.State, Forget); err != nil {
			return m, err
		}
	}
	body, err := p.dossier(ctx, a.PublicID)
	if err != nil {
		return message{}, err
	}
	_, m, err := p.send(ctx, http.MethodPut, a.PublicID, body)
	return m, err
}

// tooLong reports whether the provider has failed about a case for so long that the
// case is better given up.
func (p *provider) tooLong(a assignment) bool {
	return !a.FailingAt.IsZero() && p.Store.Now().Sub(a.FailingAt.Time) >= p.GiveUpAfter
}

// giveUp ends a case without a verdict, for a reason that is none of the registrant's.
// Should the provider have it after all, it is withdrawn there.
func (p *provider) giveUp(ctx context.Context, a assignment) (review.Answer, error) {
	if a.State != Withdrawing {
		err := p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			a.NextAt = store.At(tx.Now())
			return a.step(ctx, tx, Withdraw)
		})
		if err != nil {
			return review.Answer{}, wrap("give up", err)
		}
	}
	return review.Answer{Verdict: review.Fail, Said: []review.Said{{Code: "authority_unavailable", Raw: a.Words}}}, nil
}

// noteAnswer writes down that the provider has a case.
func (p *provider) noteAnswer(ctx context.Context, a assignment, m message) error {
	err := p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := p.answered(ctx, tx); err != nil {
			return err
		}
		if a.Tries > 0 {
			if err := registry.Settled(ctx, tx, p.Name, a.PublicID, refused); err != nil {
				return err
			}
		}
		a.Tries, a.FailingAt, a.Words = 0, store.Time{}, ""
		a.Attempts++
		if a.SentAt.IsZero() {
			a.SentAt = store.At(tx.Now())
		}
		if m.Reference != "" {
			a.Reference = m.Reference
		}
		return a.step(ctx, tx, Accept)
	})
	return p.unlessOver(ctx, a, err)
}

// unlessOver lets be what could not be written down because the case has ended meanwhile.
func (p *provider) unlessOver(ctx context.Context, a assignment, err error) error {
	if !errors.Is(err, store.ErrStale) {
		return err
	}
	var now assignment
	if read := p.Store.R.NewSelect().Model(&now).Where("case_id = ?", a.CaseID).Scan(ctx); read != nil {
		return read
	}
	if now.State == Withdrawing || now.State == Closed {
		return nil
	}
	return err
}

// fails counts a request about a case that has failed.
func (a *assignment) fails(f *failure, now time.Time) {
	a.Tries++
	a.Attempts++
	a.Words = f.words
	if a.FailingAt.IsZero() {
		a.FailingAt = store.At(now)
	}
}

// noteFailure writes down that the provider has failed about a case, and says when to
// try again.
func (p *provider) noteFailure(ctx context.Context, a assignment, f *failure) (wait time.Duration, err error) {
	wait = spread(max(pauses[min(a.Tries, len(pauses)-1)], f.after))
	if bug.Seeded(bug.CaseLost) {
		wait = 1000 * time.Hour
	}
	err = p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := p.noteHealth(ctx, tx, a.PublicID, f); err != nil {
			return err
		}
		a.fails(f, tx.Now())
		return a.save(ctx, tx)
	})
	return wait, p.unlessOver(ctx, a, err)
}

// noteHealth counts a failure against the provider's circuit, or tells an operator of a
// request that the provider does not take.
func (p *provider) noteHealth(ctx context.Context, tx *store.Tx, publicID string, f *failure) error {
	if !f.ours {
		return p.failed(ctx, tx, f.words)
	}
	if err := p.answered(ctx, tx); err != nil { // it is there
		return err
	}
	return registry.Report(ctx, tx, p.Name, publicID, fault.New(fault.Conflict, refused).With("Authority", p.Name).With("Case", publicID).With("Words", f.words))
}

// WithdrawDue tells providers of up to n cases that are over, and returns how many were
// told. What fails is told again later, and given up when it has failed for as long as a
// case may.
func (all *Providers) WithdrawDue(ctx context.Context, n int) (told int, err error) {
	var due []assignment
	err = all.Store.R.NewSelect().Model(&due).Where("state = 'withdrawing'").Where("next_at <= ?", store.At(all.Store.Now())).OrderExpr("next_at").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("withdraw", err)
	}
	var failed []error
	for _, a := range due {
		p, ok := all.byName[a.Authority]
		if !ok { // configured no more: there is nobody to tell
			failed = append(failed, all.inTx(ctx, "withdraw", func(ctx context.Context, tx *store.Tx) error { return a.step(ctx, tx, Close) }))
			continue
		}
		if err := p.withdraw(ctx, a); err != nil {
			failed = append(failed, err)
			continue
		}
		told++
	}
	return told, wrap("withdraw", errors.Join(failed...))
}

func (p *provider) withdraw(ctx context.Context, a assignment) error {
	wait, err := p.admit(ctx)
	if err != nil {
		return err
	}
	if wait > 0 {
		return p.withdrawLater(ctx, a, wait)
	}
	_, _, err = p.send(ctx, http.MethodDelete, a.PublicID, nil)
	var f *failure
	switch {
	case errors.As(err, &f) && !p.tooLong(a):
		wait := spread(max(pauses[min(a.Tries, len(pauses)-1)], f.after))
		a.fails(f, p.Store.Now())
		noted := p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return p.noteHealth(ctx, tx, a.PublicID, f) })
		return errors.Join(f, noted, p.withdrawLater(ctx, a, wait))
	case err != nil && f == nil:
		return err
	}
	return p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if f == nil {
			if err := p.answered(ctx, tx); err != nil {
				return err
			}
		}
		return a.step(ctx, tx, Close)
	})
}

func (p *provider) withdrawLater(ctx context.Context, a assignment, wait time.Duration) error {
	return p.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		a.NextAt = store.At(tx.Now().Add(wait))
		return a.save(ctx, tx)
	})
}
