package account

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/state"
	"github.com/verinym/verinym/internal/store"
)

// IdentityState says whether the account itself has been verified.
type IdentityState string

// The states of an account's identity.
const (
	Unverified IdentityState = "unverified"
	Verified   IdentityState = "verified"
)

type identityEvent string

const (
	assert identityEvent = "assert"
	revoke identityEvent = "revoke"
)

// Identity is the state table of an account's identity verification. An outside
// system that knows the customer asserts it; it can be taken back.
var Identity = state.Table[IdentityState, identityEvent]{
	Noun: "account_identity",
	Moves: map[IdentityState]map[identityEvent]IdentityState{
		Unverified: {assert: Verified},
		Verified:   {assert: Verified, revoke: Unverified},
	},
}

// Account is a customer of the registrar, or the registrar's own staff.
type Account struct {
	bun.BaseModel `bun:"table:account"`

	ID            int64 `bun:",pk,autoincrement"`
	PublicID      string
	Name          string
	IdentityState IdentityState
	// IdentitySource says who vouches for it, IdentityEvidence on what that rests, for staff.
	IdentitySource   string
	IdentityEvidence string
	IdentityAt       store.Time
	CreatedAt        store.Time
	// SuspendedAt is since when nobody may act for it, zero for who may; Suspension is why,
	// for staff.
	SuspendedAt store.Time
	SuspendedBy string
	Suspension  string
	RowVersion  int64
}

// Accounts owns accounts, people, sessions and API keys.
type Accounts struct {
	store      *store.Store
	passwords  Passwords
	sessionTTL time.Duration
	gate       *gate
	courier    Courier
	outside    *Outside
	passkeys   *webauthn.WebAuthn
}

// New returns the accounts of s. The zero Passwords are strong and slow; tests
// pass cheaper ones.
func New(s *store.Store, p Passwords) *Accounts {
	return &Accounts{store: s, passwords: p.orDefault(), sessionTTL: 12 * time.Hour, gate: newGate(), courier: nobodyMails{}}
}

// nameMax is how many characters an account's name may have.
const nameMax = 200

// Create makes an account. It needs account.create. Faults: field_required,
// field_too_long.
func (as *Accounts) Create(ctx context.Context, a actor.Actor, name string) (acc Account, err error) {
	if err := a.Check(actor.AccountCreate); err != nil {
		return acc, err
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return acc, fault.At("name", "field_required").With("Field", "name")
	}
	if utf8.RuneCountInString(name) > nameMax {
		return acc, fault.At("name", "field_too_long").With("Field", "name").With("Max", strconv.Itoa(nameMax))
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		acc, err = as.create(ctx, tx, a, name)
		return err
	})
	return acc, wrap("create", err)
}

func (as *Accounts) create(ctx context.Context, tx *store.Tx, a actor.Actor, name string) (acc Account, err error) {
	acc = Account{PublicID: store.NewID("acc"), Name: name, IdentityState: Unverified, CreatedAt: store.At(tx.Now()), RowVersion: 1}
	if _, err := tx.NewInsert().Model(&acc).Exec(ctx); err != nil {
		return acc, err
	}
	return acc, audit.Record(ctx, tx, a, "account.create", acc.PublicID, nil)
}

// Own returns the account that the actor works for.
func (as *Accounts) Own(ctx context.Context, a actor.Actor) (acc Account, err error) {
	if err := a.Check(actor.AccountRead); err != nil {
		return acc, err
	}
	return as.byID(ctx, as.store.R, a.Account)
}

// Find returns any account by its public id; for staff, with account.assert_identity.
func (as *Accounts) Find(ctx context.Context, a actor.Actor, publicID string) (acc Account, err error) {
	if err := a.Check(actor.AccountAssert); err != nil {
		return acc, err
	}
	err = as.store.R.NewSelect().Model(&acc).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return acc, fault.New(fault.NotFound, "account_not_found")
	}
	return acc, wrap("find", err)
}

func (as *Accounts) byID(ctx context.Context, db bun.IDB, id int64) (acc Account, err error) {
	err = db.NewSelect().Model(&acc).Where("id = ?", id).Scan(ctx)
	if store.IsNotFound(err) {
		return acc, fault.New(fault.NotFound, "account_not_found")
	}
	return acc, wrap("read", err)
}

// Assertion says that a customer is, or is not, who they say.
type Assertion struct {
	Verified bool
	// Source names who vouches: an outside system that knows the customer, or the desk.
	Source string
	// Evidence is what that rests on, a case number, a reference; never a document number.
	Evidence string
}

// bounds of an assertion, in characters.
const (
	sourceMax   = 200
	evidenceMax = 2000
)

func (s *Assertion) check() error {
	s.Source, s.Evidence = strings.TrimSpace(s.Source), strings.TrimSpace(s.Evidence)
	if s.Source == "" {
		return fault.At("source", "field_required").With("Field", "source")
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"source", s.Source, sourceMax}, {"evidence", s.Evidence, evidenceMax}} {
		if utf8.RuneCountInString(f.value) > f.most {
			return fault.At(f.name, "field_too_long").With("Field", f.name).With("Max", strconv.Itoa(f.most))
		}
	}
	return nil
}

// AssertIdentity records that an outside system has verified who the customer is, or takes
// that back. It needs account.assert_identity. Faults: account_not_found, field_required
// (source), field_too_long, account_identity_state, row_version_stale when another
// assertion was written at the same moment.
func (as *Accounts) AssertIdentity(ctx context.Context, a actor.Actor, publicID string, s Assertion) (acc Account, err error) {
	if acc, err = as.Find(ctx, a, publicID); err != nil {
		return acc, err
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		acc, err = as.Assert(ctx, tx, a, acc.ID, s)
		return err
	})
	return acc, wrap("assert identity", err)
}

// Assert is AssertIdentity in a unit of work, for callers that have checked that the actor
// may.
func (as *Accounts) Assert(ctx context.Context, tx *store.Tx, a actor.Actor, id int64, s Assertion) (acc Account, err error) {
	if err := s.check(); err != nil {
		return acc, err
	}
	ev, typ := assert, event.Type("account.verified")
	if !s.Verified {
		ev, typ = revoke, "account.unverified"
	}
	if acc, err = as.byID(ctx, tx, id); err != nil {
		return acc, err
	}
	next, err := Identity.Next(acc.IdentityState, ev)
	if err != nil {
		return acc, err
	}
	acc.IdentityState, acc.IdentitySource, acc.IdentityEvidence, acc.IdentityAt = next, s.Source, s.Evidence, store.At(tx.Now())
	acc.RowVersion++
	if err := store.One(tx.NewUpdate().Model(&acc).WherePK().Where("row_version = ?", acc.RowVersion-1).Exec(ctx)); err != nil {
		return acc, err
	}
	if err := event.Append(ctx, tx, acc.ID, typ, acc.PublicID, map[string]string{"Source": s.Source}); err != nil {
		return acc, err
	}
	return acc, audit.Record(ctx, tx, a, string(typ), acc.PublicID, map[string]string{"source": s.Source, "evidence": s.Evidence})
}

// RequireVerified returns the fault account_unverified unless the account's own
// identity verification is complete.
func (as *Accounts) RequireVerified(ctx context.Context, db bun.IDB, account int64) error {
	acc, err := as.byID(ctx, db, account)
	if err != nil {
		return err
	}
	if acc.IdentityState != Verified {
		return fault.New(fault.Conflict, "account_unverified")
	}
	return nil
}

// RestsOn reports whether an account is verified on the word of source, with evidence.
func (as *Accounts) RestsOn(ctx context.Context, db bun.IDB, account int64, source, evidence string) (bool, error) {
	acc, err := as.byID(ctx, db, account)
	return acc.IdentityState == Verified && acc.IdentitySource == source && acc.IdentityEvidence == evidence, err
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("account: %s: %w", op, store.StaleFault(err))
}
