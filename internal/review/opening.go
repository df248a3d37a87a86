package review

import (
	"context"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Opened writes down that the actor looks at a document, in the cases that they have
// in hand and that it belongs to. It is called in the unit of work that records the
// reveal, which does not come about without such a case. Fault: review_not_claimed.
func (r *Reviews) Opened(ctx context.Context, tx *store.Tx, a actor.Actor, document string) error {
	cases, err := inHand(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	concerned := false
	for _, c := range cases {
		papers, err := r.papers(ctx, tx, c)
		if err != nil {
			return err
		}
		if !slices.Contains(papers, document) {
			continue
		}
		concerned = true
		if _, err := tx.NewRaw("INSERT INTO review_opening (case_id, claim, document, person, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			c.ID, c.Claim, document, a.ID, store.At(tx.Now())).Exec(ctx); err != nil {
			return wrap("opened", err)
		}
	}
	if !concerned {
		return fault.New(fault.Conflict, "review_not_claimed")
	}
	return nil
}

// inHand lists the cases on which somebody has a claim that is alive.
func inHand(ctx context.Context, tx *store.Tx, person string) (out []Case, err error) {
	err = tx.NewSelect().Model(&out).Where("state = 'claimed'").Where("claimed_by = ?", person).Where("claimed_until > ?", store.At(tx.Now())).OrderExpr("id").Scan(ctx)
	return out, wrap("in hand", err)
}

func (r *Reviews) papers(ctx context.Context, db bun.IDB, c Case) ([]string, error) {
	d, ok := r.subjects[c.SubjectKind].(Documented)
	if !ok {
		return nil, nil
	}
	return d.Papers(ctx, db, c.SubjectID)
}

// Unopened lists the documents of a case that nobody has opened in its present claim.
func (r *Reviews) Unopened(ctx context.Context, db bun.IDB, c Case) ([]string, error) {
	papers, err := r.papers(ctx, db, c)
	if err != nil {
		return nil, err
	}
	var opened []string
	if err := db.NewRaw("SELECT document FROM review_opening WHERE case_id = ? AND claim = ?", c.ID, c.Claim).Scan(ctx, &opened); err != nil {
		return nil, wrap("unopened", err)
	}
	return slices.DeleteFunc(papers, func(p string) bool { return slices.Contains(opened, p) }), nil
}

// mayPass says whether a may pass a case that they hold. An approval is never one of a
// heap: the case is the only one in hand, and all of its documents were looked at.
// Faults: review_others_in_hand, review_documents_unopened.
func (r *Reviews) mayPass(ctx context.Context, tx *store.Tx, a actor.Actor, c Case) error {
	if err := mayHold(c, a); err != nil {
		return err
	}
	held, err := inHand(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if len(held) > 1 {
		return fault.New(fault.Conflict, "review_others_in_hand").With("Count", strconv.Itoa(len(held)-1))
	}
	unopened, err := r.Unopened(ctx, tx, c)
	if err != nil {
		return err
	}
	if len(unopened) > 0 {
		return fault.New(fault.Conflict, "review_documents_unopened").With("Count", strconv.Itoa(len(unopened)))
	}
	return nil
}
