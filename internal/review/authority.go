package review

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/store"
)

// Authority is an outside party that decides cases. Ask is called when a case is
// handed out and again after each Wait, at least once and possibly twice for one
// answer, so it must not mind being asked again.
type Authority interface {
	Ask(ctx context.Context, c Case) (Answer, error)
}

// Answer is what an authority says now.
type Answer struct {
	// Decided is false while the authority is still at it; Wait then says when to
	// ask again.
	Decided bool
	Wait    time.Duration
	Pass    bool
	// Code is the canonical reason of a failure, Raw the authority's own words.
	Code, Raw string
}

// patience is how long a case rests after asking about it has failed.
const patience = time.Minute

// AskDue asks the authorities about up to n waiting cases whose time has come,
// and returns how many it asked about. A case that cannot be asked about (its
// authority fails or is not known, its subject takes no verdict) is tried again a
// minute later and holds up no other; the error names all of them.
func (r *Reviews) AskDue(ctx context.Context, n int) (asked int, err error) {
	var due []Case
	err = r.store.R.NewSelect().Model(&due).Where("state = 'waiting'").Where("next_poll_at <= ?", store.At(r.store.Now())).OrderExpr("next_poll_at").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("ask", err)
	}
	var stuck []error
	for _, c := range due {
		if err := r.ask(ctx, c); err != nil {
			stuck = append(stuck, fmt.Errorf("case %s of %s: %w", c.PublicID, c.Authority, err))
			continue
		}
		asked++
	}
	return asked, wrap("ask", errors.Join(stuck...))
}

func (r *Reviews) ask(ctx context.Context, c Case) error {
	authority, ok := r.authorities[c.Authority]
	if !ok {
		return errors.Join(errors.New("authority not known"), r.answer(ctx, c.ID, Answer{Wait: patience}))
	}
	answer, err := authority.Ask(ctx, c)
	if err == nil {
		err = r.answer(ctx, c.ID, answer)
	}
	switch {
	case errors.Is(err, store.ErrStale): // another process was told first
		return nil
	case err != nil:
		return errors.Join(err, r.answer(ctx, c.ID, Answer{Wait: patience}))
	}
	return nil
}

func (r *Reviews) answer(ctx context.Context, id int64, answer Answer) error {
	return r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var c Case
		if err := tx.NewSelect().Model(&c).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}
		if c.State != Waiting {
			return nil
		}
		if !answer.Decided {
			c.NextPollAt = store.At(tx.Now().Add(answer.Wait))
			c.RowVersion++
			return store.One(tx.NewUpdate().Model(&c).WherePK().Where("row_version = ?", c.RowVersion-1).Exec(ctx))
		}
		return r.decide(ctx, tx, "authority:"+c.Authority, &c, verdict(answer.Pass), r.reasons(answer))
	})
}

// verdict is the event of a decision.
func verdict(pass bool) Event {
	if pass {
		return Pass
	}
	return Fail
}

func (r *Reviews) reasons(answer Answer) []Reason {
	if answer.Pass {
		return nil
	}
	known, ok := r.policies.Reason(answer.Code)
	if !ok {
		known, _ = r.policies.Reason("authority_rejected_other")
	}
	return []Reason{{
		Code: known.Code, Severity: known.Severity, Retryable: known.Retryable, PointsKind: known.PointsAt.Kind, PointsName: known.PointsAt.Name,
		Params: map[string]string{"Words": answer.Raw}, Raw: answer.Raw,
	}}
}

// Sandbox is the authority for demonstrations and integrators' tests: magic
// values in the case decide, after Delay (Slow for the value SLOW).
//
// FAIL or FAIL-<canonical code> fails, PENDING never ends, SLOW takes long;
// anything else passes. In a domain label the values are "fail" and "pending" only:
// too many good names have "slow" in them.
type Sandbox struct {
	Delay, Slow time.Duration
	Now         func() time.Time
}

var _ Authority = Sandbox{}

// failCode finds the canonical code that a magic value asks for.
var failCode = regexp.MustCompile(`FAIL-([A-Za-z0-9_]+)`)

// Ask decides by magic value.
func (s Sandbox) Ask(_ context.Context, c Case) (Answer, error) {
	magic := c.Magic
	if c.SubjectKind == DomainName {
		magic = strings.ToUpper(c.Magic)
	}
	delay := s.Delay
	if c.SubjectKind != DomainName && strings.Contains(magic, "SLOW") {
		delay = s.Slow
	}
	if left := c.SubmittedAt.Add(delay).Sub(s.Now()); left > 0 {
		return Answer{Wait: left}, nil
	}
	if strings.Contains(magic, "PENDING") {
		return Answer{Wait: 24 * time.Hour}, nil
	}
	if !strings.Contains(magic, "FAIL") {
		return Answer{Decided: true, Pass: true}, nil
	}
	answer := Answer{Decided: true, Code: "authority_rejected_other", Raw: "sandbox: " + c.Magic}
	if c.SubjectKind == DomainName {
		answer.Code = "name_prohibited"
	} else if code := failCode.FindStringSubmatch(magic); code != nil {
		answer.Code = strings.ToLower(code[1])
	}
	return answer, nil
}
