package domain

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
)

var _ emailcheck.Clocks = (*All)(nil)

// answerChunk is how many clocks one unit of work moves.
const answerChunk = 100

// shownAtStake is how many names a mail lists.
const shownAtStake = 10

// SweepAnswers mails those who have to answer, and ends the time of those who have not;
// up to n clocks, and it returns how many.
func (all *All) SweepAnswers(ctx context.Context, n int) (int, error) {
	var due []Answer
	err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&due).Where("next_at <= ?", store.At(tx.Now())).OrderExpr("next_at, id").Limit(int64(n))
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		mailed := map[reader]bool{} // of one account's address there may be many
		for i := range due {
			if err := all.answerDue(ctx, tx, &due[i], mailed); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), wrap("sweep answers", err)
}

// reader is an address of an account.
type reader struct {
	account int64
	address string
}

func (all *All) answerDue(ctx context.Context, tx *store.Tx, a *Answer, mailed map[reader]bool) error {
	var d Domain
	if err := tx.NewSelect().Model(&d).Where("id = ?", a.DomainID).Scan(ctx); err != nil {
		return err
	}
	rule, ok := all.policies.ICANN.Answer(a.BeganAt.In(all.policies.Calendar.Zone()).Format(time.DateOnly))
	switch {
	case d.gone() || !ok:
		return all.dropAnswer(ctx, tx, actor.Verinym, a, "the domain is not here any more")
	case a.State == Awaited && !tx.Now().Before(a.DueAt.Time):
		if err := all.overdue(ctx, tx, a, d, rule); err != nil {
			return err
		}
	default:
		a.NextAt = nextMail(*a, rule, tx.Now())
		if err := saveAnswer(ctx, tx, a); err != nil {
			return err
		}
	}
	to := reader{a.AccountID, a.Address}
	if mailed[to] || a.State == Answered {
		return nil
	}
	mailed[to] = true
	return all.emails.Ask(ctx, tx, a.AccountID, a.Address)
}

// nextMail is when the party of a clock is mailed again, or its time is over.
func nextMail(a Answer, rule policy.ICANNAnswer, now time.Time) store.Time {
	if a.State != Awaited {
		return store.Time{}
	}
	next := a.DueAt.Time
	for _, before := range rule.Reminders {
		if t := a.DueAt.Add(-time.Duration(before)); t.After(now) && t.Before(next) {
			next = t
		}
	}
	return store.At(next)
}

// dropAnswers stops the clocks of a name that is ours no longer.
func (all *All) dropAnswers(ctx context.Context, tx *store.Tx, d Domain) error {
	var open []Answer
	if err := tx.NewSelect().Model(&open).Where("domain_id = ?", d.ID).Where("state IN ('awaited', 'expired')").OrderExpr("id").Scan(ctx); err != nil {
		return err
	}
	for i := range open {
		if err := all.dropAnswer(ctx, tx, actor.Verinym, &open[i], "the domain is not here any more"); err != nil {
			return err
		}
	}
	return nil
}

// dropAnswer stops a clock without an answer. An address is asked no longer when it was
// the last.
func (all *All) dropAnswer(ctx context.Context, tx *store.Tx, by actor.Actor, a *Answer, why string) error {
	if err := all.endAnswer(ctx, tx, by, a, DropAnswer, "", why); err != nil {
		return err
	}
	n, err := tx.NewSelect().Model((*Answer)(nil)).Where("account_id = ?", a.AccountID).Where("address = ?", a.Address).Where("state IN ('awaited', 'expired')").Count(ctx)
	if err != nil || n > 0 {
		return err
	}
	return all.emails.Forget(ctx, tx, a.AccountID, a.Address)
}

// overdue ends the time of a clock: the domain is suspended, or a person has to look
// into it, as policy says. For the holder of an account it is only told. Who has answered at
// the last moment has answered.
func (all *All) overdue(ctx context.Context, tx *store.Tx, a *Answer, d Domain, rule policy.ICANNAnswer) (err error) {
	addr, err := emailcheck.Get(ctx, tx, a.AccountID, a.Address)
	if err != nil {
		return err
	}
	if addr.State == emailcheck.Verified && addr.VerifiedAt.After(a.BeganAt.Time) {
		return all.answered(ctx, tx, byLink(a.AccountID), a, GiveAnswer, MailLink, addr.PublicID)
	}
	if a.State, err = Answers.Next(a.State, ExpireAnswer); err != nil {
		return err
	}
	a.NextAt = store.Time{}
	if err := saveAnswer(ctx, tx, a); err != nil {
		return err
	}
	typ := event.Type("domain.answer_overdue")
	if a.Party == ByAccountHolder {
		typ = "domain.account_holder_overdue"
	}
	if err := event.Append(ctx, tx, a.AccountID, typ, d.PublicID, map[string]string{"Domain": Display(d.Name), "Address": a.Address}); err != nil {
		return err
	}
	switch {
	case a.Party == ByAccountHolder:
		return nil
	case rule.NoAnswer != "suspend":
		f := fault.New(fault.Conflict, "answer_needs_person").With("Domain", Display(d.Name)).With("Address", a.Address)
		return all.registries.Raise(ctx, tx, d.Registry, d.Name, f)
	}
	d, open, err := all.lockHolds(ctx, tx, d.ID)
	if err != nil || d.State != Registered {
		return err
	}
	evidence := "no answer from " + a.Address + " by " + a.DueAt.UTC().Format(time.RFC3339)
	return all.putOn(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: d.AccountID}, d, open, HeldForEmail, evidence)
}

// SettleAnswers is the job that ends the clocks of a registrant who has answered, as far as
// they ran at that time. With Data it ends those about the same data only, as staff has
// attested.
type SettleAnswers struct {
	AccountID int64  `json:"account_id"`
	Address   string `json:"address"`
	// At is when the answer was given, in microseconds.
	At       int64  `json:"at"`
	Data     []byte `json:"data,omitempty"`
	Means    Means  `json:"means"`
	Author   string `json:"author"`
	Evidence string `json:"evidence"`
}

// Kind names the job.
func (SettleAnswers) Kind() string { return "domain_settle_answers" }

// SettleAnswers does the job SettleAnswers, chunk after chunk. A clock that has ended
// meanwhile stays as it is.
func (all *All) SettleAnswers(ctx context.Context, job SettleAnswers) error {
	for {
		n := 0
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = all.settleSome(ctx, tx, job)
			return err
		})
		if err != nil || n < answerChunk {
			return wrap("settle answers", err)
		}
	}
}

func (all *All) settleSome(ctx context.Context, tx *store.Tx, job SettleAnswers) (int, error) {
	var open []Answer
	q := tx.NewSelect().Model(&open).Where("account_id = ?", job.AccountID).Where("address = ?", job.Address).Where("state IN ('awaited', 'expired')").Where("began_at <= ?", job.At).OrderExpr("id").Limit(answerChunk)
	e := GiveAnswer
	if len(job.Data) > 0 {
		q, e = q.Where("data = ?", job.Data), AttestAnswer
	}
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return 0, err
	}
	for i := range open {
		if err := all.answered(ctx, tx, actor.Actor{ID: job.Author, Account: job.AccountID}, &open[i], e, job.Means, job.Evidence); err != nil {
			return 0, err
		}
	}
	return len(open), nil
}

// RestartAnswers is the job that starts the clocks of all names whose registrant is at an
// address that is in doubt.
type RestartAnswers struct {
	AccountID int64       `json:"account_id"`
	Address   string      `json:"address"`
	Cause     AnswerCause `json:"cause"`
}

// Kind names the job.
func (RestartAnswers) Kind() string { return "domain_restart_answers" }

// RestartAnswers does the job RestartAnswers, chunk after chunk. An address from which
// somebody has answered meanwhile is in doubt no longer.
func (all *All) RestartAnswers(ctx context.Context, job RestartAnswers) error {
	versions, err := all.profiles.VersionsAt(ctx, all.store.R, job.AccountID, job.Address)
	if err != nil || len(versions) == 0 {
		return wrap("restart answers", err)
	}
	for after, more := int64(0), true; more; {
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			after, more, err = all.restartSome(ctx, tx, job, versions, after)
			return err
		})
		if err != nil {
			return wrap("restart answers", err)
		}
	}
	return nil
}

func (all *All) restartSome(ctx context.Context, tx *store.Tx, job RestartAnswers, versions []int64, after int64) (last int64, more bool, err error) {
	if state, err := emailcheck.Of(ctx, tx, job.AccountID, job.Address); err != nil || state == emailcheck.Verified {
		return 0, false, err
	}
	var rows []Domain
	err = tx.NewSelect().Model(&rows).Where("version_id IN (?)", bun.List(versions)).Where("account_id = ?", job.AccountID).Where("state = ?", Registered).Where("id > ?", after).OrderExpr("id").Limit(answerChunk).Scan(ctx)
	if err != nil {
		return 0, false, err
	}
	for _, d := range rows {
		_, v, err := all.profiles.ByVersion(ctx, tx, d.VersionID)
		if err != nil {
			return 0, false, err
		}
		if err := all.awaitAnswer(ctx, tx, actor.Verinym, d, v, job.Cause, ""); err != nil {
			return 0, false, err
		}
		last = d.ID
	}
	return last, len(rows) == answerChunk, nil
}

// byLink is who answers from a link: whoever reads mail there.
func byLink(account int64) actor.Actor { return actor.Actor{ID: "mail-link", Account: account} }

// Answered implements emailcheck.Clocks.
func (all *All) Answered(ctx context.Context, tx *store.Tx, addr emailcheck.Address) error {
	job := SettleAnswers{
		AccountID: addr.AccountID, Address: addr.Address, At: store.Micros(tx.Now()), Means: MailLink,
		Author: byLink(addr.AccountID).ID, Evidence: addr.PublicID,
	}
	return tx.Enqueue(ctx, job, store.JobOptions{})
}

// Doubted implements emailcheck.Clocks.
func (all *All) Doubted(ctx context.Context, tx *store.Tx, addr emailcheck.Address, e emailcheck.Event) error {
	cause := AtComplaint
	if e == emailcheck.Returned {
		cause = AtBounce
	}
	return tx.Enqueue(ctx, RestartAnswers{AccountID: addr.AccountID, Address: addr.Address, Cause: cause}, store.JobOptions{})
}

// AtStake implements emailcheck.Clocks.
func (all *All) AtStake(ctx context.Context, account int64, address string) (out emailcheck.Stake, err error) {
	open := func() *bun.SelectQuery {
		return all.store.R.NewSelect().TableExpr("domain_answer AS a").Where("a.account_id = ?", account).Where("a.address = ?", address).Where("a.state IN ('awaited', 'expired')")
	}
	var rows []struct {
		Party     Party
		State     AnswerState
		N         int
		Due, Last int64
	}
	if err := open().ColumnExpr("a.party, a.state, count(*) AS n, min(a.due_at) AS due, max(a.began_at) AS last").GroupExpr("a.party, a.state").Scan(ctx, &rows); err != nil {
		return out, wrap("at stake", err)
	}
	for _, r := range rows {
		rule, _ := all.policies.ICANN.Answer(time.UnixMicro(r.Last).In(all.policies.Calendar.Zone()).Format(time.DateOnly))
		switch {
		case r.Party == ByAccountHolder:
			out.Holder = true
			continue
		case r.State == Overdue:
			out.Held += r.N
		case rule.NoAnswer == "suspend":
			out.Due = time.UnixMicro(r.Due)
		}
		out.All += r.N
	}
	if out.All == 0 {
		return out, nil
	}
	var names []string
	err = open().Join("JOIN domain AS d ON d.id = a.domain_id").Where("a.party = ?", ByRegistrant).ColumnExpr("d.name").OrderExpr("a.due_at, a.id").Limit(shownAtStake).Scan(ctx, &names)
	for _, n := range names {
		out.Domains = append(out.Domains, Display(n))
	}
	return out, wrap("at stake", err)
}
