package domain

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/store"
)

// ICANN's rule for a change of registrant: the prior and the new one confirm it, each by a
// link that is mailed to them, or somebody whom they have authorised does so for them. One
// word counts for all domains of a task that have the same party. Until both have been
// given nothing is told to a registry, and the domain waits with a row of its own.

// Role is on which side of a change of holder somebody stands.
type Role string

// The roles. One address may be that of both.
const (
	PriorRegistrant Role = policy.PriorRegistrant
	NewRegistrant   Role = policy.NewRegistrant
	BothRegistrants Role = "both_registrants"
)

// ByAgent is the means of a word that a designated agent has given.
const ByAgent Means = "designated_agent"

// Consent is one party's word to the changes of holder of a task.
type Consent struct {
	bun.BaseModel `bun:"table:holder_consent"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	TaskID    int64
	Role      Role
	// Address is where the party is asked, "" where nobody here knows: then staff has to
	// find out.
	Address  string
	State    ConsentState
	BeganAt  store.Time
	DueAt    store.Time
	NextAt   store.Time
	MailedAt store.Time
	EndedAt  store.Time
	// ToldAt is when the party was last told that changes have been carried out.
	ToldAt store.Time
	Means  Means
	// Author has given the word, Evidence is what that rests on, for staff.
	Author     string
	Evidence   string
	RowVersion int64
}

// waitingChange is a domain whose change of holder waits for words; 0 for one that is not
// asked for.
type waitingChange struct {
	bun.BaseModel `bun:"table:holder_change"`

	DomainID int64 `bun:",pk"`
	TaskID   int64
	PriorID  int64
	NewID    int64
}

// beginChange takes a domain's change of holder on its way, or asks the parties first. The
// domain is the caller's to save.
func (all *All) beginChange(ctx context.Context, tx *store.Tx, t Task, d *Domain, p profile.Profile, v profile.Version) error {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		return err
	}
	d.NextLock = all.lockAfter(rule, t.TransferLock, tx.Now()).Microseconds()
	change, asked := all.changeRule(rule, tx.Now())
	if !asked {
		return all.changeHolder(ctx, tx, d, p, v)
	}
	wait, words, err := all.wordsFor(ctx, tx, t, *d, v, change)
	if err != nil {
		return err
	}
	awaited := 0
	for _, c := range words {
		switch c.State {
		case ConsentAwaited:
			awaited++
		case ConsentRefused, ConsentOverdue:
			all.endItems(tx, *d, false, why{code: "consent_" + string(c.State)})
			return nil
		}
	}
	if awaited == 0 {
		return all.changeHolder(ctx, tx, d, p, v)
	}
	d.NextVersionID = v.ID
	_, err = tx.NewInsert().Model(&wait).Exec(ctx)
	return err
}

// wordsFor are the words that a change of a domain's holder needs; those that nobody has
// asked for are asked for.
func (all *All) wordsFor(ctx context.Context, tx *store.Tx, t Task, d Domain, v profile.Version, change policy.ICANNChange) (wait waitingChange, words []Consent, err error) {
	wait = waitingChange{DomainID: d.ID, TaskID: t.ID}
	prior, err := all.priorAddress(ctx, tx, d)
	if err != nil {
		return wait, nil, err
	}
	ask := func(role Role, address string, of ...*int64) error {
		c, err := all.askConsent(ctx, tx, t, d, role, address, change)
		for _, id := range of {
			*id = c.ID
		}
		words = append(words, c)
		return err
	}
	wantPrior, wantNew := change.ConfirmedByParty(policy.PriorRegistrant), change.ConfirmedByParty(policy.NewRegistrant)
	if wantPrior && wantNew && prior == v.Fields.Email {
		return wait, words, ask(BothRegistrants, prior, &wait.PriorID, &wait.NewID)
	}
	if wantPrior {
		if err := ask(PriorRegistrant, prior, &wait.PriorID); err != nil {
			return wait, nil, err
		}
	}
	if wantNew {
		err = ask(NewRegistrant, v.Fields.Email, &wait.NewID)
	}
	return wait, words, err
}

// priorAddress is where the present registrant of a domain is mailed, "" where nobody here
// knows.
func (all *All) priorAddress(ctx context.Context, tx *store.Tx, d Domain) (string, error) {
	if d.VersionID != 0 {
		_, v, err := all.byVersion(ctx, tx, d.VersionID)
		return v.Fields.Email, err
	}
	c, _, err := registry.KnownContact(ctx, tx, d.Registry, d.Registrant)
	return c.Email, err
}

// askConsent is the word of a party, asked for where it was not before. Who has authorised
// the account gives it at once. It is asked once in a unit of work.
func (all *All) askConsent(ctx context.Context, tx *store.Tx, t Task, d Domain, role Role, address string, change policy.ICANNChange) (Consent, error) {
	type party struct {
		task    int64
		role    Role
		address string
	}
	return store.Remember(tx, party{t.ID, role, address}, func() (c Consent, err error) {
		err = tx.NewSelect().Model(&c).Where("task_id = ?", t.ID).Where("role = ?", role).Where("address = ?", address).Scan(ctx)
		if !store.IsNotFound(err) {
			return c, err
		}
		c = Consent{PublicID: store.NewID("cst"), AccountID: t.AccountID, TaskID: t.ID, Role: role, Address: address, State: ConsentAwaited,
			BeganAt: store.At(tx.Now()), DueAt: store.At(tx.Now().Add(time.Duration(change.Within))), NextAt: store.At(tx.Now()), RowVersion: 1}
		agent, err := all.agentOf(ctx, tx, t.AccountID, address, change)
		if err != nil {
			return c, err
		}
		if agent.ID != 0 {
			c.State, c.Means, c.Evidence, c.EndedAt, c.NextAt = ConsentGiven, ByAgent, agent.PublicID, c.BeganAt, store.Time{}
		}
		if _, err := tx.NewInsert().Model(&c).Exec(ctx); err != nil {
			return c, err
		}
		if c.State == ConsentGiven {
			return c, all.tellConsent(ctx, tx, c)
		}
		if address == "" {
			f := fault.New(fault.Conflict, "prior_registrant_unknown").With("Domain", Display(d.Name)).With("Consent", c.PublicID)
			if err := all.registries.Raise(ctx, tx, d.Registry, d.Name, f); err != nil {
				return c, err
			}
		}
		return c, all.tellConsent(ctx, tx, c)
	})
}

// consentNews are the events that say how a party's word stands.
var consentNews = map[ConsentState]event.Type{
	ConsentAwaited: "association.consent_awaited", ConsentGiven: "association.consent_given",
	ConsentRefused: "association.consent_declined", ConsentOverdue: "association.consent_expired",
}

// tellConsent tells the account how a party's word stands.
func (all *All) tellConsent(ctx context.Context, tx *store.Tx, c Consent) error {
	t, err := readTask(ctx, tx, c.TaskID)
	if err != nil {
		return err
	}
	data := map[string]string{"Operation": string(t.Operation), "Role": string(c.Role), "Address": c.Address, "Means": string(c.Means)}
	if c.State == ConsentAwaited {
		data["Until"] = c.DueAt.In(all.policies.Calendar.Zone()).Format(time.DateOnly)
	}
	return event.Append(ctx, tx, c.AccountID, consentNews[c.State], t.PublicID, data)
}

func saveConsent(ctx context.Context, tx *store.Tx, c *Consent) error {
	c.RowVersion++
	return store.One(tx.NewUpdate().Model(c).WherePK().Where("row_version = ?", c.RowVersion-1).Exec(ctx))
}

// endConsent takes a party's word, or that it did not come. The domains go on in a job.
func (all *All) endConsent(ctx context.Context, tx *store.Tx, a actor.Actor, c *Consent, e ConsentEvent, means Means, evidence string) (err error) {
	if c.State, err = Consents.Next(c.State, e); err != nil {
		return err
	}
	c.EndedAt, c.NextAt, c.Means, c.Author, c.Evidence = store.At(tx.Now()), store.Time{}, means, a.ID, evidence
	if err := saveConsent(ctx, tx, c); err != nil {
		return err
	}
	if e != DropConsent {
		if err := all.tellConsent(ctx, tx, *c); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, SettleConsent{ConsentID: c.ID}, store.JobOptions{}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: c.AccountID}, "consent."+string(e), c.PublicID, map[string]string{
		"role": string(c.Role), "means": string(means), "evidence": evidence,
	})
}

// dropConsents ends what the parties of a task are still asked, and what waited for it.
func (all *All) dropConsents(ctx context.Context, tx *store.Tx, a actor.Actor, task int64) error {
	var open []Consent
	if err := tx.NewSelect().Model(&open).Where("task_id = ?", task).Where("state = ?", ConsentAwaited).OrderExpr("id").Scan(ctx); err != nil {
		return err
	}
	for i := range open {
		if err := all.endConsent(ctx, tx, a, &open[i], DropConsent, "", "the task was cancelled"); err != nil {
			return err
		}
	}
	_, err := tx.NewDelete().Model((*waitingChange)(nil)).Where("task_id = ?", task).Exec(ctx)
	return err
}

// SweepConsents asks the parties whose time has come, and ends the time of those who have
// not answered; up to n words, and it returns how many.
func (all *All) SweepConsents(ctx context.Context, n int) (int, error) {
	var due []Consent
	err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := tx.NewSelect().Model(&due).Where("next_at <= ?", store.At(tx.Now())).OrderExpr("next_at, id").Limit(int64(n))
		if all.store.Engine() == "postgres" { // SQLite has one writer
			q = q.For("UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		for i := range due {
			if err := all.consentDue(ctx, tx, &due[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), wrap("sweep consents", err)
}

func (all *All) consentDue(ctx context.Context, tx *store.Tx, c *Consent) error {
	if c.State == ConsentGiven {
		return all.tellChanges(ctx, tx, c)
	}
	if !tx.Now().Before(c.DueAt.Time) {
		return all.endConsent(ctx, tx, actor.Verinym, c, ExpireConsent, "", "")
	}
	next := c.DueAt.Time
	if change, ok := all.policies.ICANN.Change(c.BeganAt.In(all.policies.Calendar.Zone()).Format(time.DateOnly)); ok {
		for _, before := range change.Reminders {
			if t := c.DueAt.Add(-time.Duration(before)); t.After(tx.Now()) && t.Before(next) {
				next = t
			}
		}
	}
	c.NextAt = store.At(next)
	return all.mailConsent(ctx, tx, c)
}

// toldTogether is how long changes that are carried out are gathered for one mail.
const toldTogether = 10 * time.Minute

// tellSoon has the parties of a change that the registry has carried out told of it, with
// what else their word was for.
func (all *All) tellSoon(ctx context.Context, tx *store.Tx, task string) error {
	if task == "" {
		return nil
	}
	type told struct{ task string }
	_, err := store.Remember(tx, told{task}, func() (bool, error) {
		_, err := tx.NewRaw("UPDATE holder_consent SET next_at = ?, row_version = row_version + 1 WHERE task_id = (SELECT id FROM association_task WHERE public_id = ?) AND state = ? AND address <> '' AND next_at IS NULL",
			store.At(tx.Now().Add(toldTogether)), task, ConsentGiven).Exec(ctx)
		return true, err
	})
	return err
}

// tellChanges tells a party what has been carried out of what they agreed to since they were
// told last.
func (all *All) tellChanges(ctx context.Context, tx *store.Tx, c *Consent) error {
	t, err := readTask(ctx, tx, c.TaskID)
	if err != nil {
		return err
	}
	p, v, err := all.profiles.ByID(ctx, tx, t.ProfileID, t.VersionID)
	if err != nil {
		return err
	}
	since := c.BeganAt
	if !c.ToldAt.IsZero() {
		since = store.At(c.ToldAt.Add(time.Microsecond))
	}
	done := func() *bun.SelectQuery {
		return tx.NewSelect().Model((*Domain)(nil)).Where("id IN (SELECT domain_id FROM association_item WHERE task_id = ?)", t.ID).Where("version_id = ?", t.VersionID).
			Where("holder_changed_at >= ?", since)
	}
	n, err := done().Count(ctx)
	if err != nil {
		return err
	}
	var names []string
	if err := done().Column("name").OrderExpr("name").Limit(shownAtStake).Scan(ctx, &names); err != nil {
		return err
	}
	for i := range names {
		names[i] = Display(names[i])
	}
	c.ToldAt, c.NextAt = store.At(tx.Now()), store.Time{}
	if err := saveConsent(ctx, tx, c); err != nil || n == 0 {
		return err
	}
	data := map[string]string{
		"Operation": string(t.Operation), "Role": string(c.Role), "Address": c.Address, "Holder": v.Holder(p),
		"All": strconv.Itoa(int(n)), "Domains": strings.Join(names, " "),
	}
	return event.Append(ctx, tx, c.AccountID, "association.holder_changed", t.PublicID, data)
}

// mailConsent has a party asked by mail, where an address is known.
func (all *All) mailConsent(ctx context.Context, tx *store.Tx, c *Consent) error {
	if c.Address != "" {
		c.MailedAt = store.At(tx.Now())
		if err := tx.Enqueue(ctx, SendConsent{ConsentID: c.ID, Request: store.NewID("cmr")}, store.JobOptions{}); err != nil {
			return err
		}
	}
	return saveConsent(ctx, tx, c)
}

// SettleConsent is the job that goes on with the domains that waited for a party's word.
type SettleConsent struct {
	ConsentID int64 `json:"consent_id"`
}

// Kind names the job.
func (SettleConsent) Kind() string { return "domain_settle_consent" }

// SettleConsent does the job SettleConsent, chunk after chunk. A domain that waits for the
// other party's word goes on waiting.
func (all *All) SettleConsent(ctx context.Context, job SettleConsent) error {
	for {
		n := 0
		err := all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = all.settleSomeChanges(ctx, tx, job.ConsentID)
			return err
		})
		if err != nil || n < expandChunk {
			return wrap("settle consent", err)
		}
	}
}

func (all *All) settleSomeChanges(ctx context.Context, tx *store.Tx, id int64) (int, error) {
	var c Consent
	if err := tx.NewSelect().Model(&c).Where("id = ?", id).Scan(ctx); err != nil {
		return 0, err
	}
	q := tx.NewSelect().Model((*waitingChange)(nil)).Column("domain_id").Where("prior_id = ?0 OR new_id = ?0", id).OrderExpr("domain_id").Limit(expandChunk)
	if c.State == ConsentGiven {
		q = q.Where("NOT EXISTS (SELECT 1 FROM holder_consent o WHERE o.id IN (prior_id, new_id) AND o.state <> ?)", ConsentGiven)
	}
	var ids []int64
	if err := q.Scan(ctx, &ids); err != nil || len(ids) == 0 {
		return 0, err
	}
	if _, err := tx.NewDelete().Model((*waitingChange)(nil)).Where("domain_id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
		return 0, err
	}
	t, err := readTask(ctx, tx, c.TaskID)
	if err != nil {
		return 0, err
	}
	var rows []Domain
	sel := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Where("next_version_id = ?", t.VersionID).Where("state = ?", Registered).OrderExpr("name")
	if all.store.Engine() == "postgres" { // SQLite has one writer
		sel = sel.For("UPDATE")
	}
	if err := sel.Scan(ctx); err != nil {
		return 0, err
	}
	return len(ids), all.settleDomains(ctx, tx, t, c, rows)
}

// settleDomains goes on with domains of a task whose parties have spoken. Much may have
// happened while they were asked, so each is looked at as if it were asked for now.
func (all *All) settleDomains(ctx context.Context, tx *store.Tx, t Task, c Consent, rows []Domain) error {
	p, v, err := all.profiles.ByID(ctx, tx, t.ProfileID, t.VersionID)
	if err != nil || len(rows) == 0 {
		return err
	}
	names := make([]string, len(rows))
	changed := make([]edit, len(rows))
	for i := range rows {
		names[i], changed[i] = rows[i].Name, edit{rows[i], &rows[i]}
	}
	found, err := all.holdingsFor(ctx, tx, t.Operation, p, names)
	if err != nil {
		return err
	}
	for _, e := range changed {
		d := e.is
		d.NextVersionID = 0
		if c.State != ConsentGiven {
			d.NextLock = 0
			all.endItems(tx, *d, false, why{code: "consent_" + string(c.State)})
			continue
		}
		found.domains[d.Name] = d
		delete(found.busy, d.ID) // with this very change
		refused := all.eligible(t.Operation, d.Name, found, p, v)
		if refused == nil && v.State != profile.Verified && all.profiles.NeedsVerification(p) {
			refused = fault.New(fault.Conflict, "profile_review_failed")
		}
		if refused != nil {
			store.Gather(tx, endings{}, ending{domain: d.ID, event: ItemFail, because: refused}, all.writeEndings)
			continue
		}
		if err := all.changeHolder(ctx, tx, d, p, v); err != nil {
			return err
		}
	}
	return saveAll(ctx, tx, changed)
}
