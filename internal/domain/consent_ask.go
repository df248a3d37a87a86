package domain

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// ConsentLetter is the question to a party, on its way by mail.
type ConsentLetter struct {
	// Request is the same when the letter is tried again.
	Request string
	Token   string
	Question
}

// Courier brings the question about a change of holder to an address.
type Courier interface {
	AskConsent(ctx context.Context, l ConsentLetter) error
}

// consentToken is a link that was mailed. It answers once: afterwards its word has been given.
type consentToken struct {
	bun.BaseModel `bun:"table:holder_consent_token"`

	Hash      []byte `bun:",pk"`
	ConsentID int64
	CreatedAt store.Time
}

// SendConsent is the job that makes a token and mails it.
type SendConsent struct {
	ConsentID int64  `json:"consent_id"`
	Request   string `json:"request"`
}

// Kind names the job.
func (SendConsent) Kind() string { return "domain_send_consent" }

// SendConsent does the job SendConsent. Who has answered meanwhile gets no mail. Links that
// were mailed before keep working.
func (all *All) SendConsent(ctx context.Context, job SendConsent) error {
	var c Consent
	if err := all.store.R.NewSelect().Model(&c).Where("id = ?", job.ConsentID).Scan(ctx); err != nil {
		return wrap("send consent", err)
	}
	if c.State != ConsentAwaited || all.config.Courier == nil {
		return nil
	}
	q, err := all.question(ctx, all.store.R, c)
	if err != nil {
		return wrap("send consent", err)
	}
	var b [24]byte
	_, _ = rand.Read(b[:])
	token := base64.RawURLEncoding.EncodeToString(b[:])
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewInsert().Model(&consentToken{Hash: hashOf(token), ConsentID: c.ID, CreatedAt: store.At(tx.Now())}).Exec(ctx)
		return err
	})
	if err != nil {
		return wrap("send consent", err)
	}
	return wrap("send consent", all.config.Courier.AskConsent(ctx, ConsentLetter{Request: job.Request, Token: token, Question: q}))
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// Question is what a party is asked.
type Question struct {
	Consent
	// Holder is who is to hold the domains.
	Holder string
	// AddressOnly says that they hold them already, and get another e-mail address.
	AddressOnly bool
	// Domains are some of the names, All is how many there are.
	Domains []string
	All     int
	// Lock is how long transfers to another registrar are refused afterwards, 0 for not at
	// all; Declined says that it was asked to leave the lock out.
	Lock     time.Duration
	Declined bool
	// Agent says that the party may authorise the account to answer for them from now on.
	Agent bool
}

// question is what the party of a consent is asked.
func (all *All) question(ctx context.Context, db bun.IDB, c Consent) (q Question, err error) {
	q.Consent = c
	var t Task
	if err := db.NewSelect().Model(&t).Where("id = ?", c.TaskID).Scan(ctx); err != nil {
		return q, err
	}
	q.AddressOnly = t.Operation == UpdateDetails
	p, v, err := all.profiles.ByID(ctx, db, t.ProfileID, t.VersionID)
	if err != nil {
		return q, err
	}
	if q.Holder = v.Fields.HolderZh(p.HolderType); q.Holder == "" {
		q.Holder = v.Fields.HolderEn(p.HolderType)
	}
	waiting := func() *bun.SelectQuery {
		return db.NewSelect().TableExpr("holder_change AS w").Join("JOIN domain AS d ON d.id = w.domain_id").Where("w.prior_id = ?0 OR w.new_id = ?0", c.ID)
	}
	var found []Domain
	if err := waiting().ColumnExpr("d.name, d.accreditation").OrderExpr("d.name").Limit(shownAtStake).Scan(ctx, &found); err != nil {
		return q, err
	}
	n, err := waiting().Count(ctx)
	if err != nil {
		return q, err
	}
	q.All = int(n)
	if t.Expanded < t.Total { // more may follow
		q.All = t.Total
	}
	for _, d := range found {
		q.Domains = append(q.Domains, Display(d.Name))
	}
	if len(found) > 0 {
		rule, err := all.policies.Rule(found[0].Accreditation, found[0].Name)
		if err != nil {
			return q, err
		}
		change, _ := all.changeRule(rule, c.BeganAt.Time)
		q.Lock, q.Agent = all.lockAfter(rule, t.TransferLock, c.BeganAt.Time), change.DesignatedAgent
		q.Declined = q.Lock == 0 && t.TransferLock == LockDeclined
	}
	return q, nil
}

// LookAtConsent reads a mailed link without changing anything. Fault:
// consent_link_invalid for one that is unknown, or whose question has been answered or
// came to its end.
func (all *All) LookAtConsent(ctx context.Context, token string) (q Question, err error) {
	c, err := all.consentBehind(ctx, all.store.R, token)
	if err != nil {
		return q, wrap("look at consent", err)
	}
	q, err = all.question(ctx, all.store.R, c)
	return q, wrap("look at consent", err)
}

func (all *All) consentBehind(ctx context.Context, db bun.IDB, token string) (c Consent, err error) {
	err = db.NewSelect().Model(&c).Where("id IN (SELECT consent_id FROM holder_consent_token WHERE hash = ?)", hashOf(token)).Scan(ctx)
	if store.IsNotFound(err) || err == nil && (c.State != ConsentAwaited || !all.store.Now().Before(c.DueAt.Time)) {
		return c, fault.New(fault.NotFound, "consent_link_invalid")
	}
	return c, err
}

// AnswerConsent takes the word of the party behind a mailed link, once. agent says that
// they authorise the account to confirm further changes for them, where policy knows of
// that. Fault: consent_link_invalid.
func (all *All) AnswerConsent(ctx context.Context, token string, agree, agent bool) (q Question, err error) {
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := all.consentBehind(ctx, tx, token)
		if err != nil {
			return err
		}
		if q, err = all.question(ctx, tx, c); err != nil {
			return err
		}
		e := RefuseConsent
		if agree {
			e = GiveConsent
		}
		by := byLink(c.AccountID)
		if agree && agent && q.Agent {
			if err := designate(ctx, tx, by, c.AccountID, c.Address, c.PublicID); err != nil {
				return err
			}
		}
		err = all.endConsent(ctx, tx, by, &c, e, MailLink, "")
		q.Consent = c
		return err
	})
	if errors.Is(err, store.ErrStale) { // answered at the same moment
		err = fault.New(fault.NotFound, "consent_link_invalid")
	}
	return q, wrap("answer consent", err)
}

// ConsentsOf lists the words that a task of the actor's account waits or has waited for.
// Fault: task_not_found.
func (all *All) ConsentsOf(ctx context.Context, a actor.Actor, task string) (out []Consent, err error) {
	t, err := all.ownTask(ctx, a, task)
	if err != nil {
		return nil, err
	}
	err = all.store.R.NewSelect().Model(&out).Where("task_id = ?", t.ID).OrderExpr("id").Scan(ctx)
	return out, wrap("consents", err)
}

// consent reads one that is about to be changed, of the actor's account, for staff of any.
func (all *All) consent(ctx context.Context, tx *store.Tx, a actor.Actor, publicID string) (c Consent, err error) {
	q := tx.NewSelect().Model(&c).Where("public_id = ?", publicID)
	if !a.May(actor.DomainHold) {
		q = q.Where("account_id = ?", a.Account)
	}
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); store.IsNotFound(err) {
		return c, fault.New(fault.NotFound, "consent_not_found")
	} else if err != nil {
		return c, err
	}
	if c.State != ConsentAwaited {
		return c, fault.New(fault.Conflict, "consent_not_awaited")
	}
	return c, nil
}

// RemindConsent has a party asked again now. Faults: consent_not_found,
// consent_not_awaited, email_resend_too_soon.
func (all *All) RemindConsent(ctx context.Context, a actor.Actor, publicID string) (c Consent, err error) {
	if err := a.Check(actor.DomainAssociate); err != nil {
		return c, err
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = all.consent(ctx, tx, a, publicID); err != nil {
			return err
		}
		if left := c.MailedAt.Add(all.policies.Limits.ResendAfter()).Sub(tx.Now()); !c.MailedAt.IsZero() && left > 0 {
			return fault.New(fault.TooMany, "email_resend_too_soon").With("Seconds", strconv.Itoa(int(left.Seconds())+1))
		}
		return all.mailConsent(ctx, tx, &c)
	})
	return c, wrap("remind consent", err)
}

// AttestConsent takes that staff has heard a party in another way than by mail. For staff,
// with domain.hold. Faults: consent_not_found, consent_not_awaited, value_unknown,
// field_required.
func (all *All) AttestConsent(ctx context.Context, a actor.Actor, publicID string, agree bool, means Means, evidence string) (c Consent, err error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return c, err
	}
	if !slices.Contains(attested, means) {
		return c, fault.At("means", "value_unknown").With("Field", "means")
	}
	if evidence == "" {
		return c, fault.At("evidence", "field_required").With("Field", "evidence")
	}
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c, err = all.consent(ctx, tx, a, publicID); err != nil {
			return err
		}
		e := RefuseConsent
		if agree {
			e = GiveConsent
		}
		return all.endConsent(ctx, tx, a, &c, e, means, evidence)
	})
	return c, wrap("attest consent", err)
}

// Change is a change of holder that a domain waits for.
type Change struct {
	// Profile and Task are public ids; Words are those that the parties were asked for.
	Profile string
	Task    string
	Words   []Consent
}

// ChangeOf is the change of holder that a domain waits for the parties of, nil for none.
func (all *All) ChangeOf(ctx context.Context, d Domain) (*Change, error) {
	if d.NextVersionID == 0 {
		return nil, nil
	}
	var w waitingChange
	err := all.store.R.NewSelect().Model(&w).Where("domain_id = ?", d.ID).Scan(ctx)
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("change", err)
	}
	var t Task
	if err := all.store.R.NewSelect().Model(&t).Where("id = ?", w.TaskID).Scan(ctx); err != nil {
		return nil, wrap("change", err)
	}
	p, _, err := all.profiles.ByID(ctx, all.store.R, t.ProfileID, t.VersionID)
	if err != nil {
		return nil, wrap("change", err)
	}
	out := &Change{Profile: p.PublicID, Task: t.PublicID}
	err = all.store.R.NewSelect().Model(&out.Words).Where("id IN (?, ?)", w.PriorID, w.NewID).OrderExpr("id").Scan(ctx)
	return out, wrap("change", err)
}
