package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/store"
)

// endAlone is complete for who has no turn yet.
func (r *Registries) endAlone(ctx context.Context, l *link, batch []Command, replies []reply) error {
	defer l.ending.take(false)()
	return r.complete(ctx, l, batch, replies)
}

// complete writes back what became of a batch and tells the sink, in one unit of
// work. It is called in a turn of those who end something. Where that fails, a conflict with another unit of work is given time to
// pass; then the commands are written one by one, so that the one whose result
// cannot be taken holds up none of the others.
func (r *Registries) complete(ctx context.Context, l *link, batch []Command, replies []reply) error {
	err := r.patiently(ctx, func() error { return r.completeTogether(ctx, l, batch, replies) })
	if err == nil || ctx.Err() != nil {
		return err
	}
	for i := range batch {
		if len(batch) > 1 {
			if err = r.completeTogether(ctx, l, batch[i:i+1], replies[i:i+1]); err == nil {
				continue
			}
		}
		if err := r.putOff(ctx, l, batch[i], err); err != nil {
			return err
		}
	}
	return nil
}

// patiently tries again, for most of a second, what fails.
func (r *Registries) patiently(ctx context.Context, f func() error) error {
	err := f()
	for wait := 50 * time.Millisecond; err != nil && wait < time.Second/2; wait *= 2 {
		sleep(ctx, wait, nil)
		if ctx.Err() != nil {
			return err
		}
		err = f()
	}
	return err
}

// putOff leaves in doubt, for a while, a command that cannot be ended now.
func (r *Registries) putOff(ctx context.Context, l *link, c Command, cause error) error {
	until := r.store.Now().Add(backoff(c.Failures))
	r.log.Error("registry command stays in doubt", "registry", l.Name, "cltrid", c.Cltrid, "kind", c.Kind, "cause", cause)
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE registry_command SET state = 'doubt', owner = '', failures = failures + 1, not_before = ? WHERE id = ? AND attempt = ? AND state = ?",
			store.Micros(until), c.ID, c.Attempt, c.State).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("registry %s: put off: %w", l.Name, err)
	}
	return nil
}

func (r *Registries) completeTogether(ctx context.Context, l *link, batch []Command, replies []reply) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		results, err := r.end(ctx, tx, l, batch, replies)
		if err != nil {
			return err
		}
		return r.tell(ctx, tx, results)
	})
	if err != nil {
		return fmt.Errorf("registry %s: complete: %w", l.Name, err)
	}
	return nil
}

// tell gives the sink what there is to tell, if anything.
func (r *Registries) tell(ctx context.Context, tx *store.Tx, results []Result) error {
	if len(results) == 0 {
		return nil
	}
	return r.sink.Applied(ctx, tx, results)
}

// end writes the new states of commands that one owner has in one state, and returns
// what there is to tell. One that somebody else has taken over is settled there.
func (r *Registries) end(ctx context.Context, tx *store.Tx, l *link, batch []Command, replies []reply) (results []Result, err error) {
	from, owner := batch[0].State, batch[0].Owner
	ended, events := slices.Clone(batch), make([]Event, len(batch))
	for i := range ended {
		if events[i], err = ended[i].take(replies[i], tx.Now(), l.PendingFor); err != nil {
			return nil, err
		}
	}
	met, err := store.UpdateEach(ctx, tx, ended, []string{"attempt", "state", "result_code", "svtrid", "owner", "not_before", "result", "failures", "done_at"},
		"present.attempt = wanted.attempt AND present.state = ? AND present.owner = ?", from, owner)
	if err != nil {
		return nil, err
	}
	for i := range ended {
		c, rep := &ended[i], replies[i]
		if !slices.Contains(met, c.ID) {
			r.log.Warn("registry command was taken over", "registry", l.Name, "cltrid", c.Cltrid)
			continue
		}
		if events[i] == Lose || events[i] == Retry {
			level := slog.LevelWarn
			if rep.lost || rep.blameless {
				level = slog.LevelDebug // the session's end is on record
			}
			r.log.Log(ctx, level, "registry command put off", "registry", l.Name, "cltrid", c.Cltrid, "kind", c.Kind, "event", events[i], "code", rep.code, "message", rep.message)
			if events[i] == Lose && c.Kind.ChangesDomain() {
				results = append(results, c.doubted(tx.Now()))
			}
			continue
		}
		results = append(results, Result{
			Registry: l.Name, Kind: c.Kind, Outcome: rep.outcome, Domain: c.Payload.Domain, Contact: c.Payload.Contact, Subject: c.Subject, Payload: c.Payload,
			Code: rep.code, Message: rep.message, Reasons: rep.reasons, Info: rep.info, Grace: rep.grace,
			Standing: rep.standing, Evidence: rep.evidence, Foreign: rep.foreign, Transfer: rep.transfer, At: tx.Now(),
		})
		more, err := r.contactEnded(ctx, tx, l, c, rep)
		if err != nil {
			return nil, err
		}
		results = append(results, more...)
	}
	return results, nil
}

// doubted is the result of a command whose answer was lost.
func (c *Command) doubted(now time.Time) Result {
	return Result{Registry: c.Registry, Kind: c.Kind, Outcome: OutcomeDoubt, Domain: c.Payload.Domain, Subject: c.Subject, Payload: c.Payload, At: now}
}

// endRead is end of a command that this unit of work has read: that somebody else has
// taken it over since is a conflict.
func (r *Registries) endRead(ctx context.Context, tx *store.Tx, l *link, c Command, rep reply) ([]Result, error) {
	results, err := r.end(ctx, tx, l, []Command{c}, []reply{rep})
	if err == nil && len(results) == 0 {
		err = store.ErrStale
	}
	return results, err
}

// take puts an answer into a command and says which event it was.
func (c *Command) take(rep reply, now time.Time, pendingFor time.Duration) (event Event, err error) {
	event, notBefore := fate(*c, rep, now, pendingFor)
	if c.State, err = Table.Next(c.State, event); err != nil {
		return event, err
	}
	c.ResultCode, c.Owner, c.NotBefore = rep.code, "", store.Micros(notBefore)
	if rep.svTRID != "" || event == Lose || event == Retry {
		c.Svtrid = rep.svTRID // what ends a pending command later names none, mostly
	}
	if notBefore.IsZero() {
		c.NotBefore = 0
	}
	if rep.message != "" || len(rep.reasons) > 0 {
		c.Result = map[string]string{"message": rep.message}
		for i, x := range rep.reasons {
			c.Result[reasonKey(i+1)] = x
		}
	}
	if event == Retry && !rep.blameless {
		c.Failures++
	}
	if c.State == Done || c.State == Failed {
		c.DoneAt = store.At(now)
	}
	return event, nil
}

// lookAfter is how long a command whose session ended is left alone. The registry
// may have read its frame and carry it out after the session's end: who asks at
// once on another session may hear that nothing has happened, just before it does.
const lookAfter = 2 * time.Second

// fate says which event an answer is, and when to look again.
func fate(c Command, rep reply, now time.Time, pendingFor time.Duration) (Event, time.Time) {
	switch {
	case rep.unsent:
		return Retry, now.Add(rep.pause(c.Failures))
	case rep.lost:
		return Lose, now.Add(lookAfter)
	case c.State == Inflight && uncertain(c, rep):
		return Lose, time.Time{}
	case rep.again && (!rep.counts() || c.Failures < quarantineAfter):
		return Retry, now.Add(rep.pause(c.Failures))
	case rep.outcome == OutcomePending:
		return Pend, now.Add(pendingFor)
	case rep.outcome == OutcomeDone:
		return Succeed, time.Time{}
	}
	return Refuse, time.Time{}
}

// uncertain reports whether the registry may have carried a command out although
// it answered otherwise: it failed in the middle (2400), or the object of a
// command that was sent before is there now.
func uncertain(c Command, rep reply) bool {
	switch c.Kind {
	case ContactCreate, DomainCreate:
		return rep.code == epp.CodeFailed || rep.code == epp.CodeExists && c.Attempt > 1
	case ContactUpdate, DomainRegistrant, DomainCodes, DomainTransferRequest, DomainTransferCancel, DomainTransferReject, DomainHold, DomainRelease, HostCreate:
		return rep.code == epp.CodeFailed
	}
	return false
}

// pause is how long a command waits that is to be tried again.
func (r reply) pause(failures int) time.Duration {
	if r.blameless {
		return backoff(0)
	}
	return backoff(failures)
}

// backoff grows from 0.2 seconds to ten minutes.
func backoff(failures int) time.Duration {
	return min(200*time.Millisecond<<min(failures, 20), 10*time.Minute)
}

// contactEnded keeps what became of a contact and lets the commands go, or fail,
// that waited for it.
func (r *Registries) contactEnded(ctx context.Context, tx *store.Tx, l *link, c *Command, rep reply) ([]Result, error) {
	switch {
	case c.Payload.Code != nil:
		return nil, r.codeEnded(ctx, tx, l, c, rep)
	case len(c.Payload.Codes) > 0:
		return nil, r.codesRefused(ctx, tx, l, c, rep)
	case c.Kind == ContactInfo && rep.contact != nil:
		return nil, saveContact(ctx, tx, rep.contact, tx.Now())
	case c.Kind == ContactUpdate && rep.outcome == OutcomeDone:
		return nil, detailsTaken(ctx, tx, c)
	case c.Kind == Evidence:
		state := EvidenceSent
		if rep.outcome == OutcomeRefused || rep.evidence == EvidenceFailed {
			state = "" // others may be sent
		}
		_, err := tx.NewRaw("UPDATE registry_contact SET evidence = ?, updated_at = ? WHERE registry = ? AND contact_id = ?", state, store.At(tx.Now()), l.Name, c.Payload.Contact).Exec(ctx)
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
	tx.Forget(readiness{l.Name, c.Payload.Contact})
	if err := tx.Flush(ctx, outbox{}); err != nil {
		return nil, err
	}
	if state == contactPresent {
		tx.OnCommit(func() { poke(l.wakeUrgent); poke(l.wakePump); poke(l.wakeAudit) })
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
// one that it has is done. One that cannot be looked up now waits, without
// holding up the others. It returns how many it has settled.
func (r *Registries) settle(ctx context.Context, l *link, conn *epp.Conn) (settled int, err error) {
	var doubts []Command
	err = r.store.R.NewSelect().Model(&doubts).Where("registry = ?", l.Name).Where("via = 'epp'").Where("state = 'doubt'").
		Where("not_before <= ?", store.Micros(r.store.Now())).OrderExpr("id").Limit(claimBatch).Scan(ctx)
	if err != nil || len(doubts) == 0 {
		return 0, err
	}
	for i, c := range doubts {
		switch rep := r.lookAgain(ctx, l, conn, c); {
		case rep.lost && (rep.code == 0 || rep.code >= epp.CodeFailedClosing):
			return settled, fmt.Errorf("registry %s: settling %s: %s", l.Name, c.Cltrid, rep.message)
		case rep.lost || rep.unsent:
			err = r.putOff(ctx, l, c, errors.New(rep.message))
		default:
			err = r.endAlone(ctx, l, doubts[i:i+1], []reply{rep})
		}
		if err != nil {
			return settled, err
		}
		settled++
	}
	return settled, nil
}
