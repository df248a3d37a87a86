package emailcheck

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Bounce is a report that mail to an address came back.
type Bounce struct {
	bun.BaseModel `bun:"table:email_bounce"`

	ID      int64 `bun:",pk,autoincrement"`
	Address string
	// Hard mail comes back for good; other mail is only late, and the report is noted.
	Hard bool
	// Status is the enhanced status code (RFC 3463 2), "" when it is not known.
	Status string
	// Words are the other mail server's.
	Words  string
	Author string
	At     store.Time
	// Mail is the mail of ours that came back, "" when only its address is known; SentAt is
	// when it went out. Who has answered since has read mail since.
	Mail   string
	SentAt store.Time `bun:"-"`
}

var enhancedStatus = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)

// Report takes a bounce. A hard one takes the verification of the address back in every
// account that has it, and tells their owners; Report returns in how many. Reported
// again, it is noted again and changes nothing. It needs email.report. Faults:
// email_invalid, email_status_invalid.
func (c *Checks) Report(ctx context.Context, a actor.Actor, b Bounce) (doubted int, err error) {
	if err := a.Check(actor.EmailReport); err != nil {
		return 0, err
	}
	if b.Address, err = Normalize(b.Address); err != nil {
		return 0, err
	}
	if b.Status != "" && (!enhancedStatus.MatchString(b.Status) || b.Hard != (b.Status[0] == '5')) {
		return 0, fault.At("status", "email_status_invalid")
	}
	err = c.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		b.Author, b.At = a.ID, store.At(tx.Now())
		if _, err := tx.NewInsert().Model(&b).Exec(ctx); err != nil {
			return err
		}
		if !b.Hard || bug.Seeded(bug.BounceIgnored) {
			return nil
		}
		var rows []Address
		// Mail servers do not always keep the case of a local part.
		if err := tx.NewSelect().Model(&rows).Where("lower(address) = ?", strings.ToLower(b.Address)).OrderExpr("id").Scan(ctx); err != nil {
			return err
		}
		for i := range rows {
			if !b.SentAt.IsZero() && rows[i].VerifiedAt.After(b.SentAt.Time) {
				continue
			}
			changed, err := c.returned(ctx, tx, a, &rows[i], b)
			if err != nil {
				return err
			}
			if changed {
				doubted++
			}
		}
		return nil
	})
	if errors.Is(err, store.ErrStale) { // answered from, or asked for, at the same moment
		err = fault.New(fault.Stale, "row_version_stale")
	}
	return doubted, wrap("report", err)
}

// returned takes that mail to an address of one account comes back for good.
func (c *Checks) returned(ctx context.Context, tx *store.Tx, a actor.Actor, addr *Address, b Bounce) (bool, error) {
	next, err := Table.Next(addr.State, Returned)
	if err != nil || next == addr.State {
		return false, err
	}
	if err := c.doubt(ctx, tx, addr, next, Returned); err != nil {
		return false, err
	}
	if err := event.Append(ctx, tx, addr.AccountID, "email.bounced", addr.PublicID, map[string]string{"Address": addr.Address, "Status": b.Status}); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: addr.AccountID}, "email.bounce", addr.PublicID, map[string]string{"status": b.Status})
}
