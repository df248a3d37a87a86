package notify

import (
	"context"
	"net/mail"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/store"
)

// MailFilter says which mails are wanted; its zero value wants all.
type MailFilter struct {
	State Progress
	// Address is the recipient's; Returned wants mails that came back.
	Address  string
	Returned bool
}

// MailCounts are how many mails stand where.
type MailCounts struct {
	Waiting, Sending, Sent, Failed, InDoubt, Returned int
}

// All is how many mails there are in the record.
func (c MailCounts) All() int { return c.Waiting + c.Sending + c.Sent + c.Failed + c.InDoubt }

// Count counts the mails of the record. It needs mail.manage.
func (p *Post) Count(ctx context.Context, a actor.Actor) (c MailCounts, err error) {
	if err := a.Check(actor.MailManage); err != nil {
		return c, err
	}
	var rows []struct {
		State       Progress
		N, Returned int
	}
	err = p.store.R.NewRaw("SELECT state, count(*) AS n, count(returned_at) AS returned FROM mail GROUP BY state").Scan(ctx, &rows)
	for _, r := range rows {
		*map[Progress]*int{Waiting: &c.Waiting, Sending: &c.Sending, Sent: &c.Sent, Failed: &c.Failed, InDoubt: &c.InDoubt}[r.State] = r.N
		c.Returned += r.Returned
	}
	return c, wrap("count", err)
}

// Outgoing lists a page of mails, the newest first, behind the one with the id after, and
// the id to go on with, "" on the last page. It needs mail.manage.
func (p *Post) Outgoing(ctx context.Context, a actor.Actor, f MailFilter, after string, limit int) (out []Mail, next string, err error) {
	if err := a.Check(actor.MailManage); err != nil {
		return nil, "", err
	}
	q := p.store.R.NewSelect().Model(&out).OrderExpr("id DESC").Limit(int64(limit) + 1)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Address != "" {
		q = q.Where("address = ?", f.Address)
	}
	if f.Returned {
		q = q.Where("returned_at IS NOT NULL")
	}
	if after != "" {
		q = q.Where("id < (SELECT x.id FROM mail AS x WHERE x.public_id = ?)", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", wrap("outgoing", err)
	}
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].PublicID
	}
	return out, next, nil
}

// FindMail returns a mail with the reports that came back about it. It needs mail.manage.
// Fault: mail_not_found.
func (p *Post) FindMail(ctx context.Context, a actor.Actor, publicID string) (m Mail, reports []emailcheck.Bounce, err error) {
	if err := a.Check(actor.MailManage); err != nil {
		return m, nil, err
	}
	err = p.store.R.NewSelect().Model(&m).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return m, nil, fault.New(fault.NotFound, "mail_not_found")
	}
	if err == nil {
		err = p.store.R.NewSelect().Model(&reports).Where("mail = ?", publicID).OrderExpr("id").Scan(ctx)
	}
	return m, reports, wrap("find", err)
}

// Subject is what stands above a mail, as far as it can be made again: that of a link
// depends on a secret that is written down nowhere.
func (p *Post) Subject(m Mail, lang locale.Lang) string {
	switch m.Kind {
	case KindNews:
		subject, _ := p.mailer.newsIn(lang, m.Content)
		return subject
	case KindReminder:
		return p.mailer.Texts.Text(lang, "mail.data_reminder.subject", nil)
	case KindHolderChanged:
		return p.mailer.Texts.Text(lang, changeID(m.Content.News[0].Data)+".subject", nil)
	case KindTest:
		return p.mailer.Texts.Text(lang, "mail.test.subject", nil)
	}
	return ""
}

// Resend writes a mail anew to whom it was for, under an id of its own. What is due, or
// may have gone out, is not sent a second time; a link is made by its recipient only. It
// needs mail.manage. Faults: mail_not_found, mail_not_again, mail_link_once.
func (p *Post) Resend(ctx context.Context, a actor.Actor, publicID string) (m Mail, err error) {
	old, _, err := p.FindMail(ctx, a, publicID)
	switch {
	case err != nil:
		return m, err
	case old.Kind == KindLink:
		return m, fault.New(fault.Conflict, "mail_link_once")
	case old.State != Failed && old.State != InDoubt && old.ReturnedAt.IsZero():
		return m, fault.New(fault.Conflict, "mail_not_again")
	}
	m = Mail{PublicID: store.NewID("mail"), AccountID: old.AccountID, PersonID: old.PersonID, Address: old.Address, Kind: old.Kind, Lang: old.Lang, Content: old.Content}
	m.Key = "again:" + m.PublicID
	return m, wrap("resend", p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := p.put(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "mail.resend", m.PublicID, map[string]string{"of": old.PublicID})
	}))
}

// SendTest hands a mail to the mail server that says that mail works, and says what became
// of it. It needs mail.manage. Faults: email_invalid, mail_refused with the server's words.
func (p *Post) SendTest(ctx context.Context, a actor.Actor, address string) (m Mail, err error) {
	if err := a.Check(actor.MailManage); err != nil {
		return m, err
	}
	address = strings.TrimSpace(address)
	if bare, err := mail.ParseAddress(address); err != nil || bare.Address != address {
		return m, fault.At("address", "email_invalid")
	}
	m = Mail{PublicID: store.NewID("mail"), AccountID: a.Account, Address: address, Kind: KindTest}
	m.Key = "test:" + m.PublicID
	err = p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := p.put(ctx, tx, m); err != nil {
			return err
		}
		if err := tx.NewSelect().Model(&m).Where("key = ?", m.Key).Scan(ctx); err != nil {
			return err
		}
		if _, err := p.begin(ctx, tx, &m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "mail.test", m.PublicID, map[string]string{"to": address})
	})
	if err != nil {
		return m, wrap("test", err)
	}
	err = p.handOver(ctx, &m, p.mailer.test(m))
	if m.State == Sent || m.State == InDoubt {
		return m, nil
	}
	return m, fault.At("address", "mail_refused").With("Words", said(err)).Because(err)
}

// test is the mail that says that mail works.
func (m *Mailer) test(of Mail) letter {
	return m.write(of, "mail.test", "ok", "mail.news.button", map[string]string{"Link": m.PublicURL})
}

// MailServer is where mail goes, as an operator has configured it.
type MailServer struct {
	Addr, User, From, Bounces, PublicURL string
	// Sink says that mail goes to the built-in server, which delivers none.
	Sink bool
}

// Server says where mail goes. It needs mail.manage.
func (p *Post) Server(a actor.Actor) (MailServer, error) {
	if err := a.Check(actor.MailManage); err != nil {
		return MailServer{}, err
	}
	m := p.mailer
	return MailServer{Addr: m.Addr, User: m.User, From: m.From, Bounces: m.Bounces, PublicURL: m.PublicURL, Sink: m.Sink}, nil
}
