package review

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Authority is an outside party that decides cases. Ask is called when a case is
// handed out and again after each Wait, at least once and possibly twice for one
// answer, so it must not mind being asked again. With an error the Wait of the answer
// counts too.
type Authority interface {
	Ask(ctx context.Context, c Case) (Answer, error)
}

// Concerned is an Authority that is told, in the same unit of work, that it need not
// decide a case any more: it was decided, or taken back (Cancelled).
type Concerned interface {
	Ended(ctx context.Context, tx *store.Tx, c Case) error
}

// Answer is what an authority says now.
type Answer struct {
	// Verdict is Pass, Fail or AskMore, "" while the authority is still at it; Wait then
	// says when to ask again.
	Verdict Event
	Wait    time.Duration
	// Said is why, where the verdict is Fail, More what is asked for, where it is AskMore.
	Said []Said
	More More
}

// Said is one reason of an authority.
type Said struct {
	// Code is a canonical reason; of one that is not known, or "", the words are kept
	// under a general reason.
	Code string `json:"code,omitempty"`
	// Points is the field or side that it is about, "" for what the catalogue says.
	Points string `json:"points,omitempty"`
	// Raw are the authority's own words.
	Raw string `json:"raw,omitempty"`
}

const (
	// patience is how long a case rests after asking about it has failed.
	patience = time.Minute
	// askedAtOnce is how many cases one authority is asked about at once.
	askedAtOnce = 8
)

// AskDue asks the authorities that are not paused about up to n waiting cases whose time
// has come, each authority apart from the others, and returns how many it asked about. A case that
// cannot be asked about (its authority fails or is not known, its subject takes no
// verdict) is tried again later and holds up no other; the error names all of them.
func (r *Reviews) AskDue(ctx context.Context, n int) (asked int, err error) {
	var due []Case
	err = r.store.R.NewSelect().Model(&due).Where("state = 'waiting'").Where("next_poll_at <= ?", store.At(r.store.Now())).
		Where("authority NOT IN (SELECT p.authority FROM authority_pause AS p)").OrderExpr("next_poll_at").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return 0, wrap("ask", err)
	}
	var wg sync.WaitGroup
	room := map[string]chan struct{}{}
	stuck := make([]error, len(due))
	for i, c := range due {
		if room[c.Authority] == nil {
			room[c.Authority] = make(chan struct{}, askedAtOnce)
		}
		place := room[c.Authority]
		wg.Go(func() {
			place <- struct{}{}
			defer func() { <-place }()
			if err := r.ask(ctx, c); err != nil {
				stuck[i] = fmt.Errorf("case %s of %s: %w", c.PublicID, c.Authority, err)
			}
		})
	}
	wg.Wait()
	for _, err := range stuck {
		if err == nil {
			asked++
		}
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
		return errors.Join(err, r.answer(ctx, c.ID, Answer{Wait: cmp.Or(answer.Wait, patience)}))
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
		if answer.Verdict == "" {
			c.NextPollAt = store.At(tx.Now().Add(answer.Wait))
			return r.keep(ctx, tx, &c)
		}
		return r.conclude(ctx, tx, &c, answer)
	})
}

// Answered takes the verdict that an authority has sent by itself, in the unit of work
// that notes the message. taken is false when the case waits for that authority no more:
// the first verdict stands. Fault: review_not_found, also for a case of another authority.
func (r *Reviews) Answered(ctx context.Context, tx *store.Tx, authority, publicID string, answer Answer) (taken bool, err error) {
	c, err := find(ctx, tx, publicID)
	switch {
	case err != nil:
		return false, err
	case c.Authority != authority:
		return false, fault.New(fault.NotFound, "review_not_found")
	case c.State != Waiting || answer.Verdict == "":
		return false, nil
	}
	return true, wrap("answered", r.conclude(ctx, tx, &c, answer))
}

// verdict is the event of a decision.
func verdict(pass bool) Event {
	if pass {
		return Pass
	}
	return Fail
}

func (r *Reviews) reasons(answer Answer) (out []Reason, err error) {
	switch answer.Verdict {
	case Pass:
		return nil, nil
	case AskMore:
		if out, err = answer.More.Reasons(); err != nil {
			return nil, err
		}
		return r.complete(Decision{Reasons: out})
	}
	for _, said := range answer.Said {
		out = append(out, r.reason(said.Code, said.Points, map[string]string{"Words": said.Raw}))
		out[len(out)-1].Raw = said.Raw
	}
	return out, nil
}

// reason is what the catalogue says about a code; about one that it does not have, what
// it says about an authority's own words.
func (r *Reviews) reason(code, points string, params map[string]string) Reason {
	known, ok := r.policies.Reason(code)
	if !ok {
		known, _ = r.policies.Reason("authority_rejected_other")
	}
	return Reason{
		Code: known.Code, Severity: known.Severity, Retryable: known.Retryable, PointsKind: known.PointsAt.Kind,
		PointsName: cmp.Or(points, known.PointsAt.Name), Params: params,
	}
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
		return Answer{Verdict: Pass}, nil
	}
	said := Said{Code: "authority_rejected_other", Raw: "sandbox: " + c.Magic}
	if c.SubjectKind == DomainName {
		said.Code = "name_prohibited"
	} else if code := failCode.FindStringSubmatch(magic); code != nil {
		said.Code = strings.ToLower(code[1])
	}
	return Answer{Verdict: Fail, Said: []Said{said}}, nil
}
