package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/store"
)

// complete writes back what became of a batch and tells the sink, in one unit of
// work.
func (r *Registries) complete(ctx context.Context, l *link, batch []Command, replies []reply) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var results []Result
		for i := range batch {
			done, err := r.end(ctx, tx, l, &batch[i], replies[i])
			if errors.Is(err, store.ErrStale) {
				// Somebody else has taken the command over: it will be settled there.
				r.log.Warn("registry command was taken over", "registry", l.Name, "cltrid", batch[i].Cltrid)
				continue
			}
			if err != nil {
				return err
			}
			results = append(results, done...)
		}
		if len(results) == 0 {
			return nil
		}
		return r.sink.Applied(ctx, tx, results)
	})
	if err != nil {
		return fmt.Errorf("registry %s: complete: %w", l.Name, err)
	}
	return nil
}

// end writes one command's new state and returns what there is to tell.
func (r *Registries) end(ctx context.Context, tx *store.Tx, l *link, c *Command, rep reply) ([]Result, error) {
	event, notBefore := fate(*c, rep, tx.Now(), l.PendingFor)
	from := c.State
	next, err := Table.Next(from, event)
	if err != nil {
		return nil, err
	}
	c.State, c.ResultCode, c.Svtrid, c.Owner, c.NotBefore = next, rep.code, rep.svTRID, "", store.Micros(notBefore)
	if notBefore.IsZero() {
		c.NotBefore = 0
	}
	if rep.message != "" || len(rep.reasons) > 0 {
		c.Result = map[string]string{"message": rep.message}
		for i, x := range rep.reasons {
			c.Result[fmt.Sprintf("reason_%d", i+1)] = x
		}
	}
	if event == Retry {
		c.Failures++
	}
	if next == Done || next == Failed {
		c.DoneAt = store.At(tx.Now())
	}
	q := tx.NewUpdate().Model(c).Column("state", "result_code", "svtrid", "owner", "not_before", "result", "failures", "done_at").
		WherePK().Where("attempt = ?", c.Attempt).Where("state = ?", from)
	if from == Inflight {
		q = q.Where("owner = ?", r.owner)
	}
	if err := store.One(q.Exec(ctx)); err != nil {
		return nil, err
	}
	if event == Lose || event == Retry {
		r.log.Warn("registry command put off", "registry", l.Name, "cltrid", c.Cltrid, "kind", c.Kind, "event", event, "code", rep.code, "message", rep.message)
		return nil, nil
	}
	results := []Result{{
		Registry: l.Name, Kind: c.Kind, Outcome: rep.outcome, Domain: c.Payload.Domain, Contact: c.Payload.Contact, Subject: c.Subject, Payload: c.Payload,
		Code: rep.code, Message: rep.message, Reasons: rep.reasons, Info: rep.info, Standing: rep.standing, Evidence: rep.evidence, At: tx.Now(),
	}}
	more, err := r.contactEnded(ctx, tx, l, c, rep)
	return append(results, more...), err
}

// fate says which event an answer is, and when to look again.
func fate(c Command, rep reply, now time.Time, pendingFor time.Duration) (Event, time.Time) {
	switch {
	case rep.unsent:
		return Retry, now.Add(backoff(c.Failures))
	case rep.lost && c.State == Inflight:
		return Lose, time.Time{}
	case rep.lost:
		return Retry, now.Add(backoff(c.Failures))
	case rep.again && c.Failures < quarantineAfter:
		return Retry, now.Add(backoff(c.Failures))
	case rep.outcome == OutcomePending:
		return Pend, now.Add(pendingFor)
	case rep.outcome == OutcomeDone:
		return Succeed, time.Time{}
	}
	return Refuse, time.Time{}
}

// backoff grows from 0.2 seconds to ten minutes.
func backoff(failures int) time.Duration {
	return min(200*time.Millisecond<<min(failures, 20), 10*time.Minute)
}

// contactEnded keeps what became of a contact and lets the commands go, or fail,
// that waited for it.
func (r *Registries) contactEnded(ctx context.Context, tx *store.Tx, l *link, c *Command, rep reply) ([]Result, error) {
	switch {
	case c.Kind == ContactInfo && rep.contact != nil:
		return nil, saveContact(ctx, tx, rep.contact, tx.Now())
	case c.Kind == Evidence && rep.outcome == OutcomeDone:
		_, err := tx.NewRaw("UPDATE registry_contact SET evidence = ?, updated_at = ? WHERE registry = ? AND contact_id = ?", EvidenceSent, store.At(tx.Now()), l.Name, c.Payload.Contact).Exec(ctx)
		return nil, err
	case c.Kind == Evidence && rep.outcome == OutcomeRefused:
		_, err := tx.NewRaw("UPDATE registry_contact SET evidence = '', updated_at = ? WHERE registry = ? AND contact_id = ?", store.At(tx.Now()), l.Name, c.Payload.Contact).Exec(ctx)
		return nil, err
	case c.Kind != ContactCreate || rep.outcome == OutcomePending:
		return nil, nil
	}
	state := contactPresent
	if rep.outcome == OutcomeRefused {
		state = contactRefused
	}
	if _, err := tx.NewRaw("UPDATE registry_contact SET state = ?, updated_at = ? WHERE registry = ? AND contact_id = ?", state, store.At(tx.Now()), l.Name, c.Payload.Contact).Exec(ctx); err != nil {
		return nil, err
	}
	if state == contactPresent {
		tx.OnCommit(func() { poke(l.wakePump); poke(l.wakeAudit) })
		_, err := tx.NewRaw("UPDATE registry_command SET state = 'ready' WHERE registry = ? AND requires = ? AND state = 'blocked'", l.Name, c.Payload.Contact).Exec(ctx)
		return nil, err
	}
	var blocked []Command
	err := tx.NewRaw("UPDATE registry_command SET state = 'failed', result_code = ?, done_at = ? WHERE registry = ? AND requires = ? AND state = 'blocked' RETURNING *",
		rep.code, store.At(tx.Now()), l.Name, c.Payload.Contact).Scan(ctx, &blocked)
	var out []Result
	for _, b := range blocked {
		out = append(out, Result{Registry: l.Name, Kind: b.Kind, Outcome: OutcomeRefused, Domain: b.Payload.Domain, Contact: b.Payload.Contact, Subject: b.Subject,
			Payload: b.Payload, Code: rep.code, Message: rep.message, Reasons: rep.reasons, At: tx.Now()})
	}
	return out, err
}

// settle finds out, by <info> and comparison, what became of commands whose
// answer was lost. A command that the registry has not carried out is sent again;
// one that it has is done.
func (r *Registries) settle(ctx context.Context, l *link, conn *epp.Conn) error {
	var doubts []Command
	err := r.store.R.NewSelect().Model(&doubts).Where("registry = ?", l.Name).Where("via = 'epp'").Where("state = 'doubt'").OrderExpr("id").Limit(claimBatch).Scan(ctx)
	if err != nil || len(doubts) == 0 {
		return err
	}
	for i := range doubts {
		rep := r.lookAgain(ctx, l, conn, doubts[i])
		if rep.lost || rep.unsent {
			return fmt.Errorf("registry %s: settling %s: %s", l.Name, doubts[i].Cltrid, rep.message)
		}
		if err := r.complete(ctx, l, doubts[i:i+1], []reply{rep}); err != nil {
			return err
		}
	}
	return nil
}
