package emailcheck

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/store"
)

// apart is the least time between two links that rules have mailed to an address: a
// registrant of many domains is not mailed about each.
const apart = 20 * time.Hour

// Stake is what depends on an answer from an address, so that a mail can say so.
type Stake struct {
	// Domains are some of the names that wait for the answer, All how many there are.
	Domains []string
	All     int
	// Due is when the first of them is suspended without an answer; zero when none is.
	Due time.Time
	// Held is how many are suspended already.
	Held int
	// Holder: the holder of the account is asked, and no domain is suspended for it.
	Holder bool
}

// Clocks are what runs until somebody answers from an address. They are told in the unit
// of work that changes the address, and write O(1) rows in it.
type Clocks interface {
	// Answered: somebody has answered from the address.
	Answered(ctx context.Context, tx *store.Tx, addr Address) error
	// Doubted: what was answered counts no longer, because mail came back (Returned) or
	// somebody says that the data are wrong (Doubted).
	Doubted(ctx context.Context, tx *store.Tx, addr Address, e Event) error
	// AtStake says what depends on an answer.
	AtStake(ctx context.Context, account int64, address string) (Stake, error)
}

// SetClocks says what runs until an address answers.
func (c *Checks) SetClocks(clocks Clocks) { c.clocks = clocks }

// none is when nothing depends on an answer.
type none struct{}

func (none) Answered(context.Context, *store.Tx, Address) error        { return nil }
func (none) Doubted(context.Context, *store.Tx, Address, Event) error  { return nil }
func (none) AtStake(context.Context, int64, string) (s Stake, _ error) { return s, nil }

// Ask has a link mailed because a rule wants an answer from an address of an account,
// which may have answered before. Within a day of the last link none is mailed: that one
// works still.
func (c *Checks) Ask(ctx context.Context, tx *store.Tx, account int64, address string) error {
	addr, err := c.ensure(ctx, tx, account, address)
	if err != nil {
		return wrap("ask", err)
	}
	if !addr.AskedAt.IsZero() && Table.Allows(addr.State, Confirmed) && addr.SentAt.Add(apart).After(tx.Now()) {
		return nil
	}
	if addr.State, err = Table.Next(addr.State, Asked); err != nil {
		return wrap("ask", err)
	}
	addr.AskedAt = store.At(tx.Now())
	if err := c.mail(ctx, tx, &addr); err != nil {
		return wrap("ask", err)
	}
	return wrap("ask", audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: account}, "email.ask", addr.PublicID, nil))
}

// Forget says that no rule wants an answer from an address any more.
func (c *Checks) Forget(ctx context.Context, tx *store.Tx, account int64, address string) error {
	_, err := tx.NewRaw("UPDATE email_address SET asked_at = NULL, row_version = row_version + 1 WHERE account_id = ? AND address = ? AND asked_at IS NOT NULL", account, address).Exec(ctx)
	return wrap("forget", err)
}

// Drop says that nothing of an account gives an address any more: the links that were mailed
// to it are void, unless a rule wants an answer from it.
func Drop(ctx context.Context, tx *store.Tx, a actor.Actor, address string) error {
	addr, err := Get(ctx, tx, a.Account, address)
	if err != nil || addr.ID == 0 || !addr.AskedAt.IsZero() {
		return wrap("drop", err)
	}
	if addr.State, err = Table.Next(addr.State, Dropped); err != nil {
		return wrap("drop", err)
	}
	if err := save(ctx, tx, &addr); err != nil {
		return wrap("drop", err)
	}
	if err := void(ctx, tx, addr); err != nil {
		return wrap("drop", err)
	}
	return wrap("drop", audit.Record(ctx, tx, a, "email.drop", addr.PublicID, nil))
}

// Doubt takes the verification of an address back, because somebody says that what the
// registrant gave is wrong. An address that is not verified stays as it is.
func (c *Checks) Doubt(ctx context.Context, tx *store.Tx, a actor.Actor, account int64, address string) error {
	addr, err := c.ensure(ctx, tx, account, address)
	if err != nil {
		return wrap("doubt", err)
	}
	next, err := Table.Next(addr.State, Doubted)
	if err != nil {
		return wrap("doubt", err)
	}
	if err := c.doubt(ctx, tx, &addr, next, Doubted); err != nil {
		return wrap("doubt", err)
	}
	if err := event.Append(ctx, tx, account, "email.doubted", addr.PublicID, map[string]string{"Address": addr.Address}); err != nil {
		return wrap("doubt", err)
	}
	return wrap("doubt", audit.Record(ctx, tx, actor.Actor{ID: a.ID, Account: account}, "email.doubt", addr.PublicID, nil))
}

// doubt takes that an address is not known to be read any more.
func (c *Checks) doubt(ctx context.Context, tx *store.Tx, addr *Address, next State, e Event) error {
	addr.State, addr.VerifiedAt, addr.DoubtedAt = next, store.Time{}, store.At(tx.Now())
	if err := save(ctx, tx, addr); err != nil {
		return err
	}
	return c.clocks.Doubted(ctx, tx, *addr, e)
}

// void makes the links that were mailed to an address void.
func void(ctx context.Context, tx *store.Tx, addr Address) error {
	_, err := tx.NewRaw("UPDATE email_token SET used_at = ? WHERE address_id = ? AND used_at IS NULL", store.At(tx.Now()), addr.ID).Exec(ctx)
	return err
}
