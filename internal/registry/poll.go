package registry

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/wire"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// message is a poll message as it came.
type message struct {
	bun.BaseModel `bun:"table:poll_inbox"`

	ID         int64 `bun:",pk,autoincrement"`
	Registry   string
	MessageID  string
	Raw        string
	State      string
	ReceivedAt store.Time
	AppliedAt  store.Time `bun:",type:bigint"`
}

// runPoll empties the poll queue of an account until ctx ends: store, then
// acknowledge, then ask for the next.
func (r *Registries) runPoll(ctx context.Context, l *link, _ int64) {
	if l.PollEvery < 0 {
		return
	}
	for failures := 0; ctx.Err() == nil; {
		read, more, err := r.pollOnce(ctx, l)
		if read > 0 {
			failures = 0
		}
		if err != nil && ctx.Err() == nil {
			r.complain(l, "registry poll", err)
			sleep(ctx, loopPause(failures), nil)
			failures++
			continue
		}
		failures = 0
		if !more {
			sleep(ctx, l.PollEvery, l.wakePoll)
		}
	}
}

// pollTurn is how many messages are read before others may have the session.
const pollTurn = 200

// pollOnce reads the queue empty, or a turn of it, and says how many messages it
// has read and whether there are more. The lease of the account keeps other
// processes from reading the same queue.
func (r *Registries) pollOnce(ctx context.Context, l *link) (read int, more bool, err error) {
	if l.PollEvery < 0 {
		return 0, false, nil
	}
	if p, err := r.PauseOf(ctx, r.store.R, l.Name); err != nil || p != nil && p.Offline {
		return 0, false, err
	}
	session, err := r.borrow(ctx, l)
	if err != nil {
		return 0, false, err
	}
	defer session.Return()
	defer func() { r.polled(ctx, l, err) }()
	heap := gathering{wake: l.wakeApply}
	defer heap.end()
	resp, err := session.Do(ctx, epp.Command{Body: epp.Poll{}})
	for {
		if err != nil {
			return read, false, fmt.Errorf("registry %s: poll: %w", l.Name, err)
		}
		if resp.Code() != epp.CodeMessage || resp.Queue == nil {
			return read, false, nil
		}
		if err := r.keep(ctx, l, resp); err != nil {
			return read, false, err
		}
		read++
		r.reach(Kept)
		heap.add(time.Now(), resp.Queue.Count <= 1)
		// The acknowledgement is safe now: the message is ours.
		if resp, err = r.acknowledge(ctx, session.Conn, resp.Queue.ID, read < pollTurn); resp == nil && err == nil {
			return read, true, nil
		}
	}
}

// gathering is messages that are kept and that the applier has not been called for.
// To apply one costs almost as much as to apply a hundred, and has the next one wait
// for the writer: the applier is called for a batch, or after a moment, or when the
// queue is empty.
type gathering struct {
	wake  chan<- struct{}
	n     int
	since time.Time
}

// add takes a message; last says that the registry has no other now.
func (g *gathering) add(now time.Time, last bool) {
	if g.n == 0 {
		g.since = now
	}
	g.n++
	if last || g.n == applyBatch || now.Sub(g.since) >= moment {
		g.end()
	}
}

// end calls the applier for what there is.
func (g *gathering) end() {
	if g.n > 0 {
		poke(g.wake)
		g.n = 0
	}
}

// acknowledge tells the registry that a message is ours, and asks for the next
// one if it is wanted: in the same write where the registry allows that.
func (r *Registries) acknowledge(ctx context.Context, conn *epp.Conn, id string, next bool) (*epp.Response, error) {
	commands := []epp.Command{{Body: epp.Ack{ID: id}}}
	if next {
		commands = append(commands, epp.Command{Body: epp.Poll{}})
	}
	calls, err := conn.StartAll(ctx, commands...)
	if err != nil {
		return nil, fmt.Errorf("ack: %w", err)
	}
	if _, err := calls[0].Wait(ctx); err != nil && epp.CodeOf(err) != epp.CodeNotExists {
		return nil, fmt.Errorf("ack: %w", err)
	}
	r.reach(Acked)
	if !next {
		return nil, nil
	}
	return calls[1].Wait(ctx)
}

// keep stores a message before it is acknowledged. One that answers a command of
// ours may be committed relaxed, because that command would be looked up again if
// the message were lost; every other is durable. A message that is there already
// was acknowledged in vain the last time.
func (r *Registries) keep(ctx context.Context, l *link, resp *epp.Response) error {
	if bug.Seeded(bug.MessageLost) {
		return nil
	}
	in := r.store.InTx
	if ok, err := r.answersWaiting(ctx, resp); err != nil {
		return err
	} else if ok {
		in = r.store.InTxRelaxed
	}
	err := in(ctx, func(ctx context.Context, tx *store.Tx) error {
		m := message{Registry: l.Name, MessageID: resp.Queue.ID, Raw: string(resp.Raw), State: "new", ReceivedAt: store.At(tx.Now())}
		return store.InsertEach(ctx, tx, []message{m}, "ON CONFLICT (registry, message_id) DO NOTHING")
	})
	if err != nil {
		return fmt.Errorf("registry %s: keep message %s: %w", l.Name, resp.Queue.ID, err)
	}
	return nil
}

func (r *Registries) answersWaiting(ctx context.Context, resp *epp.Response) (bool, error) {
	if resp.Data == nil || !resp.Data.Is(domain.NS, "panData") {
		return false, nil
	}
	p, err := domain.ParsePendingData(resp.Data)
	if err != nil {
		return false, nil
	}
	id, _, ok := parseClTRID(p.ClTRID)
	if !ok {
		return false, nil
	}
	var n int
	err = r.store.R.NewRaw("SELECT count(*) FROM registry_command WHERE id = ? AND state = 'waiting'", id).Scan(ctx, &n)
	return n == 1, err
}

// parseClTRID reads our own transaction identifier, vn-<command>-<attempt>.
func parseClTRID(s string) (id int64, attempt int, ok bool) {
	parts := strings.Split(s, "-")
	if len(parts) != 3 || parts[0] != "vn" {
		return 0, 0, false
	}
	id, err1 := strconv.ParseInt(parts[1], 10, 64)
	attempt, err2 := strconv.Atoi(parts[2])
	return id, attempt, err1 == nil && err2 == nil
}

// runApply turns inbox messages into results until ctx ends.
func (r *Registries) runApply(ctx context.Context, l *link, _ int64) {
	for ctx.Err() == nil {
		n, err := r.applyOnce(ctx, l, applyBatch)
		more := n == applyBatch
		if err != nil && ctx.Err() == nil {
			r.log.Error("registry messages", "registry", l.Name, "error", err)
			more = r.applyOldest(ctx, l) > 0
		}
		if !more { // what comes meanwhile gathers
			sleep(ctx, idle, l.wakeApply)
		}
	}
}

// applyBatch is how many messages are applied in one unit of work.
const applyBatch = 100

// unread returns the oldest messages that are not applied.
func (r *Registries) unread(ctx context.Context, l *link, n int) (out []message, err error) {
	err = r.store.R.NewSelect().Model(&out).Where("registry = ?", l.Name).Where("state = 'new'").OrderExpr("id").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("registry %s: messages: %w", l.Name, err)
	}
	return out, nil
}

// applyOnce applies up to n messages in one unit of work.
func (r *Registries) applyOnce(ctx context.Context, l *link, n int) (int, error) {
	batch, err := r.unread(ctx, l, n)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	return len(batch), r.apply(ctx, l, batch)
}

// applyOldest applies the oldest message alone: it may be the culprit of a batch
// that failed. A conflict with another unit of work passes; a message that is
// still refused then is set aside, so that it does not block the rest.
func (r *Registries) applyOldest(ctx context.Context, l *link) int {
	oldest, err := r.unread(ctx, l, 1)
	if err != nil || len(oldest) == 0 {
		return 0
	}
	err = r.patiently(ctx, func() error { return r.apply(ctx, l, oldest) })
	if err != nil && ctx.Err() == nil {
		r.setAside(ctx, l, oldest[0], err)
	}
	return 1
}

// apply writes the effect of messages and the mark that they are applied.
func (r *Registries) apply(ctx context.Context, l *link, batch []message) error {
	defer l.ending.take(false)()
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var results []Result
		for i := range batch {
			m := &batch[i]
			found, known, err := r.interpret(ctx, tx, l, m.Raw)
			if err != nil {
				return fmt.Errorf("message %s: %w", m.MessageID, err)
			}
			m.State, m.AppliedAt = "applied", store.At(tx.Now())
			if !known {
				m.State = "unknown"
				r.log.Error("a poll message that nobody understands was kept", "registry", l.Name, "message", m.MessageID)
				if err := raise(ctx, tx, l, m.MessageID, aboutMessage("message_unknown", l, *m)); err != nil {
					return err
				}
			}
			results = append(results, found...)
		}
		met, err := store.UpdateEach(ctx, tx, batch, []string{"state", "applied_at"}, "present.state = 'new'")
		if err != nil {
			return err
		}
		if len(met) < len(batch) {
			return store.ErrStale
		}
		return r.tell(ctx, tx, results)
	})
	if err != nil {
		return fmt.Errorf("registry %s: apply: %w", l.Name, err)
	}
	return nil
}

// setAside takes a message out of the way; it stays in the inbox for a person.
func (r *Registries) setAside(ctx context.Context, l *link, m message, cause error) {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("UPDATE poll_inbox SET state = 'stuck' WHERE id = ? AND state = 'new'", m.ID).Exec(ctx); err != nil {
			return err
		}
		return raise(ctx, tx, l, m.MessageID, aboutMessage("message_stuck", l, m).With("Cause", cause.Error()))
	})
	r.log.Error("a poll message was set aside", "registry", l.Name, "message", m.MessageID, "cause", cause, "error", err)
}

// aboutMessage is the finding that a message could not be applied.
func aboutMessage(code string, l *link, m message) *fault.Error {
	f := fault.New(fault.Internal, code).With("Registry", l.Name).With("Message", m.MessageID)
	if resp, err := epp.ParseResponse([]byte(m.Raw), wire.Limits{}); err == nil && resp.Queue != nil {
		f = f.With("Words", resp.Queue.Message)
	}
	return f
}

// interpret reads a message. known is false when nothing in it means anything to us.
func (r *Registries) interpret(ctx context.Context, tx *store.Tx, l *link, raw string) (out []Result, known bool, err error) {
	resp, err := epp.ParseResponse([]byte(raw), wire.Limits{})
	if err != nil || resp.Data == nil {
		return nil, false, nil
	}
	switch {
	case resp.Data.Is(domain.NS, "panData"):
		return r.pendingEnded(ctx, tx, l, resp)
	case resp.Data.Is(nv.NS, "panData"):
		known, err := r.verificationEnded(ctx, tx, l, resp)
		return nil, known, err
	case resp.Data.Is(domain.NS, "trnData"):
		t, err := domain.ParseTransferData(resp.Data)
		if err != nil {
			return nil, false, nil
		}
		return []Result{transferNotice(l, resp, t, tx.Now())}, true, nil
	case resp.Data.Is(domain.NS, "infData"):
		info, err := domain.ParseInfoData(resp.Data)
		if err != nil {
			return nil, false, nil
		}
		res, ok := notice(l, resp, info, tx.Now())
		if !ok {
			return nil, false, nil
		}
		if out, err = r.createdMeanwhile(ctx, tx, l, info); err != nil {
			return nil, false, err
		}
		return append(out, res), true, forgetEvidence(ctx, tx, l, info, res.Verdict)
	}
	return nil, false, nil
}

// creationsUnderWay are the creations of names whose answer is not known, by their
// objects. A unit of work with many messages asks once.
func creationsUnderWay(ctx context.Context, tx *store.Tx, l *link) (map[string]Command, error) {
	type key struct{ registry string }
	return store.Remember(tx, key{l.Name}, func() (map[string]Command, error) {
		var rows []Command
		err := tx.NewSelect().Model(&rows).Where("registry = ?", l.Name).Where("kind = ?", DomainCreate).Where("state IN ('inflight', 'doubt')").Scan(ctx)
		out := make(map[string]Command, len(rows))
		for _, c := range rows {
			out[c.Object] = c
		}
		return out, err
	})
}

// createdMeanwhile ends the creation of a name that a message is about: whatever
// became of our command's answer, the name is there, or was.
func (r *Registries) createdMeanwhile(ctx context.Context, tx *store.Tx, l *link, info *domain.InfoData) ([]Result, error) {
	open, err := creationsUnderWay(ctx, tx, l)
	if err != nil {
		return nil, err
	}
	c, ok := open["domain:"+info.Name]
	if !ok {
		return nil, nil
	}
	secret, err := r.vault.Reveal(secretPlace(c.Payload.Seal), c.Secret)
	if err != nil {
		return nil, err
	}
	if !registeredBy(c, info, l, string(secret)) || info.Has(epp.PendingCreate) {
		return nil, nil // an old message, about another registration of the name
	}
	delete(open, c.Object)
	return r.endRead(ctx, tx, l, c, reply{outcome: OutcomeDone, code: epp.CodeOK, message: "settled by a message"})
}

// forgetEvidence lets other documents be sent for a holder whose documents have
// failed.
func forgetEvidence(ctx context.Context, tx *store.Tx, l *link, info *domain.InfoData, v *Verdict) error {
	if v == nil || v.Which != RealName || v.Passed {
		return nil
	}
	_, err := tx.NewRaw("UPDATE registry_contact SET evidence = '', updated_at = ? WHERE registry = ? AND contact_id = ? AND evidence = ?",
		store.At(tx.Now()), l.Name, info.Registrant, EvidenceSent).Exec(ctx)
	return err
}

// notice reads a change that the registry made by itself (RFC 8590).
func notice(l *link, resp *epp.Response, info *domain.InfoData, now time.Time) (Result, bool) {
	res := Result{Registry: l.Name, Outcome: OutcomeNotice, Domain: info.Name, Info: info, Grace: grace(resp), Standing: standing(resp), At: now}
	if resp.Queue != nil {
		res.Message = resp.Queue.Message
	}
	if e := resp.Extension(changepoll.NS); e != nil {
		c, err := changepoll.ParseChangeData(e)
		if err != nil {
			return Result{}, false
		}
		res.Verdict = verdict(c.Op, c.Reason)
		res.Operation = c.Operation
		res.Deleted = c.Operation == changepoll.Delete || c.Operation == changepoll.AutoPurge
		if c.State == changepoll.Before { // not how the domain is
			res.Info, res.Standing = nil, nil
		}
		if c.Reason != "" {
			res.Reasons = []string{c.Reason}
		}
	}
	return res, true
}

// transferNotice reads news of a transfer of a domain, to us or away from us.
func transferNotice(l *link, resp *epp.Response, t domain.TransferData, now time.Time) Result {
	res := Result{Registry: l.Name, Outcome: OutcomeNotice, Domain: t.Name, Transfer: transferOf(l, t), At: now}
	if resp.Queue != nil {
		res.Message = resp.Queue.Message
	}
	return res
}

// verdict reads the operation and reason of a verification notice: "verified",
// "failed: <code>", or the bare code where that would be too long.
func verdict(op, reason string) *Verdict {
	v := &Verdict{}
	switch op {
	case "naming-verification":
		v.Which = Naming
	case "real-name-verification":
		v.Which = RealName
	default:
		return nil
	}
	v.Passed = reason == "verified"
	if !v.Passed {
		v.Reason = strings.TrimPrefix(reason, "failed: ")
	}
	return v
}

// pendingEnded finds the command that a panData message ends.
func (r *Registries) pendingEnded(ctx context.Context, tx *store.Tx, l *link, resp *epp.Response) ([]Result, bool, error) {
	p, err := domain.ParsePendingData(resp.Data)
	if err != nil {
		return nil, false, nil
	}
	id, _, ok := parseClTRID(p.ClTRID)
	if !ok {
		return nil, false, nil
	}
	var c Command
	err = tx.NewSelect().Model(&c).Where("id = ?", id).Where("registry = ?", l.Name).Scan(ctx)
	if store.IsNotFound(err) || err == nil && c.Payload.Domain != p.Name {
		return nil, false, nil // of an installation before us, or beside us
	}
	if err != nil {
		return nil, false, err
	}
	rep, event := reply{outcome: OutcomeDone, code: epp.CodeOK, svTRID: p.SvTRID}, Succeed
	if !p.Done {
		rep, event = reply{outcome: OutcomeRefused, code: epp.CodePolicy, svTRID: p.SvTRID}, Refuse
	}
	if resp.Queue != nil {
		rep.message = resp.Queue.Message
	}
	if !Table.Allows(c.State, event) {
		return nil, true, nil // settled by <info> in the meantime, or about to be sent again
	}
	results, err := r.endRead(ctx, tx, l, c, rep)
	return results, true, err
}
