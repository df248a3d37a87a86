package emailcheck

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// State is where an address stands.
type State string

// The states of an address.
const (
	Unverified State = "unverified"
	Pending    State = "pending"
	Verified   State = "verified"
	Bounced    State = "bounced"
)

// Event moves an address from state to state.
type Event string

// The events of an address.
const (
	Requested Event = "requested"
	Confirmed Event = "confirmed"
	Doubted   Event = "doubted"
	// Returned says that mail to the address comes back for good.
	Returned Event = "returned"
	// Asked says that a rule wants an answer, be the address verified or not.
	Asked Event = "asked"
	// Dropped says that nobody uses the address any more: what was mailed is void.
	Dropped Event = "dropped"
)

// Table is the state table of an address. Mail that comes back (Returned) or a
// complaint about accuracy (Doubted) takes a verification back. Who answers from a
// link all the same has read it. A verified address answers again where it was asked.
var Table = state.Table[State, Event]{
	Noun: "email",
	Moves: map[State]map[Event]State{
		Unverified: {Requested: Pending, Asked: Pending, Doubted: Unverified, Returned: Bounced, Dropped: Unverified},
		Pending:    {Requested: Pending, Asked: Pending, Confirmed: Verified, Doubted: Unverified, Returned: Bounced, Dropped: Unverified},
		Verified:   {Asked: Verified, Confirmed: Verified, Doubted: Unverified, Returned: Bounced, Dropped: Verified},
		Bounced:    {Requested: Pending, Asked: Bounced, Confirmed: Verified, Doubted: Bounced, Returned: Bounced, Dropped: Bounced},
	},
}

// Address is an e-mail address of an account.
type Address struct {
	bun.BaseModel `bun:"table:email_address"`

	ID        int64 `bun:",pk,autoincrement"`
	PublicID  string
	AccountID int64
	Address   string
	// Recipient is who reads it, however it is spelt.
	Recipient  string
	State      State
	SentAt     store.Time
	VerifiedAt store.Time
	// AskedAt is since when a rule wants an answer, zero when none does; DoubtedAt is
	// when what was verified was last in doubt.
	AskedAt    store.Time
	DoubtedAt  store.Time
	CreatedAt  store.Time
	RowVersion int64
}

type linkToken struct {
	bun.BaseModel `bun:"table:email_token"`

	Hash      []byte `bun:",pk"`
	AddressID int64
	CreatedAt store.Time
	ExpiresAt store.Time
	UsedAt    store.Time
}

// Letter is a link on its way to an address.
type Letter struct {
	// Request is the same when the letter is tried again.
	Request string
	Account int64
	Address string
	Token   string
	Expires time.Time
	// Stake is what depends on the answer.
	Stake Stake
}

// Courier brings a link to an address. Where the letter has certainly not gone out its error
// is ErrUnsent: whether it ever does, by asking for it Again, is the courier's to say.
type Courier interface {
	VerificationLink(ctx context.Context, l Letter) error
}

// ErrUnsent says that a letter has not gone out.
var ErrUnsent = errors.New("emailcheck: the letter has not gone out")

// SendLink is the job that makes a token and mails it.
type SendLink struct {
	AddressID int64 `json:"address_id"`
	// Request tells two requests for one address apart.
	Request string `json:"request"`
}

// Kind names the job.
func (SendLink) Kind() string { return "emailcheck_send_link" }

// Checks owns addresses and tokens.
type Checks struct {
	store    *store.Store
	policies *policy.Policies
	courier  Courier
	clocks   Clocks
}

// New returns the checks of s.
func New(s *store.Store, p *policy.Policies, c Courier) *Checks {
	return &Checks{store: s, policies: p, courier: c, clocks: none{}}
}

// Normalize trims an address, checks its form, folds what an input method for Chinese
// makes wide, and its domain to lower-case A-labels. The local part keeps its case, as RFC 5321 2.4 demands, and is ASCII:
// a registry's contact takes no other (RFC 5733 2.6). Fault: email_invalid.
func Normalize(typed string) (string, error) {
	bad := fault.At("email", "email_invalid")
	typed = strings.TrimSpace(norm.NFKC.String(typed))
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Name != "" || a.Address != typed {
		return "", bad
	}
	at := strings.LastIndexByte(typed, '@')
	host, err := idna.Lookup.ToASCII(strings.ToLower(typed[at+1:]))
	if err != nil || !strings.Contains(host, ".") {
		return "", bad
	}
	local := typed[:at]
	if len(local) > 64 || strings.ContainsFunc(local, func(r rune) bool { return r > 126 }) || !mailable(host) {
		return "", bad
	}
	return local + "@" + host, nil
}

// mailable reports whether host has the lengths of RFC 1035 2.3.4 and is no IP
// address: those end in a number.
func mailable(host string) bool {
	labels := strings.Split(host, ".")
	top := labels[len(labels)-1]
	return len(host) <= 253 && strings.Trim(top, "0123456789") != "" &&
		!slices.ContainsFunc(labels, func(l string) bool { return len(l) > 63 })
}

// recipient folds an address to who reads it: mail servers hardly keep the case of a local
// part, and deliver what is behind a plus sign to the same person.
func recipient(address string) string {
	at := strings.LastIndexByte(address, '@')
	local, _, _ := strings.Cut(address[:at], "+")
	return strings.ToLower(local + address[at:])
}

// Request asks for a link to be mailed to an address of the actor's account.
// Faults: email_invalid, email_already_verified, email_resend_too_soon,
// email_daily_limit, email_recipient_limit.
func (c *Checks) Request(ctx context.Context, a actor.Actor, typed string) (addr Address, err error) {
	if err := a.Check(actor.EmailVerify); err != nil {
		return addr, err
	}
	normal, err := Normalize(typed)
	if err != nil {
		return addr, err
	}
	err = c.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := c.withinLimit(ctx, tx, a.Account); err != nil {
			return err
		}
		if addr, err = c.ensure(ctx, tx, a.Account, normal); err != nil {
			return err
		}
		e := Requested
		if addr.State == Verified && !addr.AskedAt.IsZero() {
			e = Asked
		}
		next, err := Table.Next(addr.State, e)
		if err != nil {
			return fault.At("email", "email_already_verified").With("Address", normal)
		}
		wait := c.policies.Limits.ResendAfter()
		if left := addr.SentAt.Add(wait).Sub(tx.Now()); left > 0 {
			return tooSoon(left)
		}
		full, err := c.full(ctx, tx, addr)
		if err != nil {
			return err
		}
		if full {
			return fault.New(fault.TooMany, "email_recipient_limit").With("Address", normal)
		}
		addr.State = next
		err = c.mail(ctx, tx, &addr)
		if errors.Is(err, store.ErrStale) { // asked for twice at the same moment: the other request mails
			return tooSoon(wait)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "email.request", addr.PublicID, nil)
	})
	return addr, wrap("request", err)
}

// mail has a link mailed to an address.
func (c *Checks) mail(ctx context.Context, tx *store.Tx, addr *Address) error {
	addr.SentAt = store.At(tx.Now())
	if err := save(ctx, tx, addr); err != nil {
		return err
	}
	return tx.Enqueue(ctx, SendLink{AddressID: addr.ID, Request: store.NewID("req")}, store.JobOptions{})
}

func save(ctx context.Context, tx *store.Tx, addr *Address) error {
	addr.RowVersion++
	return store.One(tx.NewUpdate().Model(addr).WherePK().Where("row_version = ?", addr.RowVersion-1).Exec(ctx))
}

func tooSoon(left time.Duration) error {
	return fault.New(fault.TooMany, "email_resend_too_soon").With("Seconds", fmt.Sprint(int(math.Ceil(left.Seconds()))))
}

func (c *Checks) withinLimit(ctx context.Context, tx *store.Tx, account int64) error {
	var sent int
	err := tx.NewRaw("SELECT count(*) FROM email_address WHERE account_id = ? AND sent_at > ?", account, store.Micros(tx.Now().Add(-24*time.Hour))).Scan(ctx, &sent)
	if err != nil {
		return err
	}
	if most := c.policies.Limits.Email.SentPerDay.Max; sent >= most {
		return fault.New(fault.TooMany, "email_daily_limit").With("Max", fmt.Sprint(most))
	}
	return nil
}

// full reports whether the recipient of an address has been mailed as many links in a day
// as may be, for whichever account.
func (c *Checks) full(ctx context.Context, tx *store.Tx, addr Address) (bool, error) {
	var mailed int
	err := tx.NewRaw("SELECT count(*) FROM email_token t JOIN email_address a ON a.id = t.address_id WHERE a.recipient = ? AND t.created_at > ?",
		addr.Recipient, store.Micros(tx.Now().Add(-24*time.Hour))).Scan(ctx, &mailed)
	return mailed >= c.policies.Limits.Email.RecipientPerDay.Max, err
}

func (c *Checks) ensure(ctx context.Context, tx *store.Tx, account int64, normal string) (Address, error) {
	addr := Address{
		PublicID: store.NewID("eml"), AccountID: account, Address: normal, Recipient: recipient(normal),
		State: Unverified, CreatedAt: store.At(tx.Now()), RowVersion: 1,
	}
	if _, err := tx.NewInsert().Model(&addr).On("CONFLICT (account_id, address) DO NOTHING").Exec(ctx); err != nil {
		return addr, err
	}
	addr = Address{}
	err := tx.NewSelect().Model(&addr).Where("account_id = ?", account).Where("address = ?", normal).Scan(ctx)
	return addr, err
}

// Send does the job SendLink. An address that has answered meanwhile gets no mail, nor does
// a recipient who has been mailed enough today, unless a rule wants an answer. A link mailed earlier keeps working until it expires.
func (c *Checks) Send(ctx context.Context, job SendLink) error {
	var addr Address
	err := c.store.R.NewSelect().Model(&addr).Where("id = ?", job.AddressID).Scan(ctx)
	if store.IsNotFound(err) { // erased meanwhile
		return nil
	}
	if err != nil {
		return wrap("send", err)
	}
	if addr.State != Pending && addr.AskedAt.IsZero() {
		return nil
	}
	stake, err := c.clocks.AtStake(ctx, addr.AccountID, addr.Address)
	if err != nil {
		return wrap("send", err)
	}
	var b [24]byte
	_, _ = rand.Read(b[:])
	token := base64.RawURLEncoding.EncodeToString(b[:])
	var expires time.Time
	enough := false
	err = c.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if addr.AskedAt.IsZero() {
			if enough, err = c.full(ctx, tx, addr); err != nil || enough {
				return err
			}
		}
		expires = tx.Now().Add(c.policies.Limits.LinkValid())
		row := &linkToken{Hash: hashOf(token), AddressID: addr.ID, CreatedAt: store.At(tx.Now()), ExpiresAt: store.At(expires)}
		_, err := tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
	if err != nil || enough {
		return wrap("send", err)
	}
	err = c.courier.VerificationLink(ctx, Letter{
		Request: job.Request, Account: addr.AccountID, Address: addr.Address, Token: token, Expires: expires,
		Stake: stake,
	})
	if errors.Is(err, ErrUnsent) {
		return wrap("send", c.unsent(ctx, token))
	}
	return wrap("send", err)
}

// unsent forgets a token whose letter has not gone out: it counts for none.
func (c *Checks) unsent(ctx context.Context, token string) error {
	return c.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("DELETE FROM email_token WHERE hash = ?", hashOf(token)).Exec(ctx)
		return err
	})
}

// Again has a letter sent that its courier could not bring before, if it is still wanted.
func (c *Checks) Again(ctx context.Context, tx *store.Tx, account int64, address, request string) error {
	addr, err := Get(ctx, tx, account, address)
	if err != nil || addr.ID == 0 {
		return err
	}
	return tx.Enqueue(ctx, SendLink{AddressID: addr.ID, Request: request}, store.JobOptions{})
}

// Link is what the page behind a link may show.
type Link struct {
	Address string
	State   State
	Expires time.Time
}

// Look reads a link without changing anything. Fault: email_link_invalid for a
// token that is unknown, used up or expired.
func (c *Checks) Look(ctx context.Context, token string) (Link, error) {
	addr, row, err := c.read(ctx, c.store.R, token)
	if err != nil {
		return Link{}, wrap("look", err)
	}
	return Link{Address: addr.Address, State: addr.State, Expires: row.ExpiresAt.Time}, nil
}

func (c *Checks) read(ctx context.Context, db bun.IDB, token string) (addr Address, row linkToken, err error) {
	invalid := fault.New(fault.NotFound, "email_link_invalid")
	err = db.NewSelect().Model(&row).Where("hash = ?", hashOf(token)).Scan(ctx)
	if store.IsNotFound(err) {
		return addr, row, invalid
	}
	if err != nil {
		return addr, row, err
	}
	if err := db.NewSelect().Model(&addr).Where("id = ?", row.AddressID).Scan(ctx); err != nil {
		return addr, row, err
	}
	if !row.UsedAt.IsZero() || !c.store.Now().Before(row.ExpiresAt.Time) && !bug.Seeded(bug.LinkForEver) {
		return addr, row, invalid
	}
	return addr, row, nil
}

// Confirm verifies the address behind a link, and makes every other link to it void.
// Fault: email_link_invalid.
func (c *Checks) Confirm(ctx context.Context, token string) (addr Address, err error) {
	invalid := fault.New(fault.NotFound, "email_link_invalid")
	err = c.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var row linkToken
		if addr, row, err = c.read(ctx, tx, token); err != nil {
			return err
		}
		next, err := Table.Next(addr.State, Confirmed)
		if err != nil {
			return invalid
		}
		row.UsedAt = store.At(tx.Now())
		if err := store.One(tx.NewUpdate().Model(&row).Column("used_at").WherePK().Where("used_at IS NULL").Exec(ctx)); err != nil {
			return err
		}
		addr.State, addr.VerifiedAt, addr.AskedAt = next, store.At(tx.Now()), store.Time{}
		if err := save(ctx, tx, &addr); err != nil {
			return err
		}
		if err := void(ctx, tx, addr); err != nil {
			return err
		}
		if err := c.clocks.Answered(ctx, tx, addr); err != nil {
			return err
		}
		if err := event.Append(ctx, tx, addr.AccountID, "email.verified", addr.PublicID, map[string]string{"Address": addr.Address}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor.Actor{ID: "mail-link", Account: addr.AccountID}, "email.verify", addr.PublicID, nil)
	})
	if errors.Is(err, store.ErrStale) { // used up at the same moment
		err = invalid
	}
	return addr, wrap("confirm", err)
}

// Get returns an address of an account; one that was never asked about is unverified.
func Get(ctx context.Context, db bun.IDB, account int64, address string) (addr Address, err error) {
	err = db.NewSelect().Model(&addr).Where("account_id = ?", account).Where("address = ?", address).Scan(ctx)
	if store.IsNotFound(err) {
		return Address{AccountID: account, Address: address, State: Unverified}, nil
	}
	return addr, wrap("read", err)
}

// Of returns where an address of an account stands.
func Of(ctx context.Context, db bun.IDB, account int64, address string) (State, error) {
	addr, err := Get(ctx, db, account, address)
	return addr.State, err
}

// States returns where addresses of an account stand; what was never asked for is not
// among them.
func States(ctx context.Context, db bun.IDB, account int64, addresses []string) (map[string]State, error) {
	var rows []Address
	err := db.NewSelect().Model(&rows).Column("address", "state").Where("account_id = ?", account).Where("address IN (?)", bun.List(addresses)).Scan(ctx)
	out := make(map[string]State, len(rows))
	for _, r := range rows {
		out[r.Address] = r.State
	}
	return out, wrap("states", err)
}

// Find returns an address of the actor's account. Fault: email_not_found.
func (c *Checks) Find(ctx context.Context, a actor.Actor, publicID string) (addr Address, err error) {
	if err := a.Check(actor.EmailVerify); err != nil {
		return addr, err
	}
	err = c.store.R.NewSelect().Model(&addr).Where("account_id = ?", a.Account).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return addr, fault.New(fault.NotFound, "email_not_found")
	}
	return addr, wrap("find", err)
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("emailcheck: %s: %w", op, err)
}
