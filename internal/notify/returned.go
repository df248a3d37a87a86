package notify

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/dsn"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// How a mail came back: for good, for now, or with a complaint of its reader.
const (
	Hard      = "hard"
	Soft      = "soft"
	Complaint = "complaint"
)

// believed is how long after a mail a report about it counts. Mail servers give up after
// five days; what comes later is an old report, sent again.
const believed = 14 * 24 * time.Hour

// Return is what a report did.
type Return struct {
	Address string
	// As is hard, soft or complaint; "" when the report says that all is well.
	As string
	// Doubted is how many accounts have the address, and not verified any more.
	Doubted int
}

// Take takes a mail that a mail server or mail provider has sent back: a delivery status
// (RFC 3464) or a complaint (RFC 5965). It counts only where it names a mail of ours by the
// tag that stood in it; who it comes from, and whom it says that it is about, mean
// nothing. It needs email.receive. Faults: bounce_no_report, bounce_unknown.
func (p *Post) Take(ctx context.Context, a actor.Actor, raw io.Reader) (out Return, err error) {
	if err := a.Check(actor.EmailReceive); err != nil {
		return out, err
	}
	report, err := dsn.Parse(raw)
	if err != nil {
		return out, fault.New(fault.Invalid, "bounce_no_report")
	}
	m, err := p.mailOf(ctx, report)
	if err != nil {
		return out, wrap("take", err)
	}
	out.Address = m.Address
	if report.Complaint != "" {
		if report.Complaint == "not-spam" {
			return out, nil
		}
		out.As = Complaint
		return out, wrap("take", p.markReturned(ctx, a, m, Complaint))
	}
	worst, found := dsn.Recipient{}, false
	for _, r := range report.Recipients {
		if r.Hard() || !found && (r.Failed() || r.Action == "delayed") {
			worst, found = r, true
		}
		if r.Hard() {
			break
		}
	}
	if !found {
		return out, nil
	}
	if out.As = Soft; worst.Hard() {
		out.As = Hard
	}
	if m.Returned == out.As || m.Returned == Hard {
		return out, nil // said before
	}
	b := emailcheck.Bounce{Address: m.Address, Hard: worst.Hard(), Words: worst.Words, Mail: m.PublicID, SentAt: m.SentAt}
	if b.Hard || strings.HasPrefix(worst.Status, "4.") {
		b.Status = worst.Status
	}
	out.Doubted, err = p.emails.Report(ctx, actor.Actor{ID: a.ID, Account: a.Account, Roles: actor.Verinym.Roles}, b)
	if fault.Code(err) == "email_invalid" { // of a member who signs in with what no profile could have
		err = nil
	}
	if err != nil {
		return out, wrap("take", err)
	}
	return out, wrap("take", p.markReturned(ctx, a, m, out.As))
}

// mailOf finds the mail that a report is about, by the tag in the address it was sent to or
// in the Message-ID that it names. Fault: bounce_unknown.
func (p *Post) mailOf(ctx context.Context, r dsn.Report) (m Mail, err error) {
	var ids []string
	for _, to := range r.SentTo {
		if _, rest, ok := strings.Cut(to, "+"); ok {
			tag, _, _ := strings.Cut(rest, "@")
			ids = append(ids, "mail_"+strings.ToLower(tag))
		}
	}
	for _, id := range r.MessageIDs {
		tag, _, _ := strings.Cut(id, "@")
		ids = append(ids, "mail_"+tag)
	}
	unknown := fault.New(fault.NotFound, "bounce_unknown")
	if len(ids) == 0 {
		return m, unknown
	}
	err = p.store.R.NewSelect().Model(&m).Where("public_id IN (?)", bun.List(ids)).Where("state IN ('sending', 'sent', 'in_doubt')").
		Where("created_at > ?", store.Micros(p.store.Now().Add(-believed))).OrderExpr("id DESC").Limit(1).Scan(ctx)
	if store.IsNotFound(err) {
		return m, unknown
	}
	return m, err
}

// markReturned writes down at a mail that it came back.
func (p *Post) markReturned(ctx context.Context, a actor.Actor, m Mail, as string) error {
	if m.Returned == as {
		return nil
	}
	err := p.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		m.ReturnedAt = store.At(tx.Now())
		err := store.One(tx.NewRaw("UPDATE mail SET returned_at = ?, returned = ? WHERE id = ? AND returned = ?", m.ReturnedAt, as, m.ID, m.Returned).Exec(ctx))
		if err != nil {
			return err
		}
		if as != Soft && m.PersonID != 0 {
			if err := quiet(ctx, tx, m); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: m.AccountID}, "mail.return", m.PublicID, map[string]string{"as": as})
	})
	if errors.Is(err, store.ErrStale) { // the same report, taken twice at once
		return nil
	}
	return err
}
