package account

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/openid"
	"github.com/verinym/verinym/internal/store"
)

// Outside is a provider at which people sign in, and what of them is taken over.
type Outside struct {
	Provider *openid.Provider
	// Staff is the public id of the account that people with other roles than registrant
	// belong to. The others belong to their customer's, which is made when it is new.
	Staff string
	// Link lets somebody who has a password here sign in at the provider too, when it knows
	// that the address is theirs.
	Link bool
}

// SetOutside says where people sign in beside the password.
func (as *Accounts) SetOutside(o *Outside) { as.outside = o }

// OutsideName is what people call the provider at which they may sign in, "" for none.
func (as *Accounts) OutsideName() string {
	if as.outside == nil {
		return ""
	}
	return as.outside.Provider.Name()
}

// noOutside is the fault where nobody can sign in at a provider.
func noOutside() error { return fault.New(fault.NotFound, "sign_in_provider_none") }

// BeginOutside begins to sign somebody in at the provider; again has it ask anew. Faults:
// sign_in_provider_none, sign_in_provider_away.
func (as *Accounts) BeginOutside(ctx context.Context, again bool) (f openid.Flow, to string, err error) {
	if as.outside == nil {
		return f, "", noOutside()
	}
	f, to, err = as.outside.Provider.Begin(ctx, again)
	return f, to, wrap("begin outside", err)
}

type personIdentity struct {
	bun.BaseModel `bun:"table:person_identity"`

	Issuer    string `bun:",pk"`
	Subject   string `bun:",pk"`
	PersonID  int64
	CreatedAt store.Time
}

type accountCustomer struct {
	bun.BaseModel `bun:"table:account_customer"`

	Issuer    string `bun:",pk"`
	Customer  string `bun:",pk"`
	AccountID int64
	CreatedAt store.Time
}

// SignInOutside opens a session for whoever the provider says it is. Somebody new is made,
// with the account of a new customer; their roles are the provider's each time, and whoever
// has none any more, or is no customer's, is signed out. Whether the customer's identity is verified is taken over
// where the provider says so. Faults: those of openid.Provider.Finish, sign_in_provider_none,
// sign_in_no_role, sign_in_claim_missing, sign_in_email_taken, email_invalid.
func (as *Accounts) SignInOutside(ctx context.Context, f openid.Flow, back url.Values, from Origin) (s SignedIn, err error) {
	if as.outside == nil {
		return s, noOutside()
	}
	who, err := as.outside.Provider.Finish(ctx, f, back)
	if err != nil {
		return s, wrap("sign in outside", err)
	}
	away := as.turnedAway(who)
	var p Person
	var home Account
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if away != nil {
			return dismiss(ctx, tx, who)
		}
		if home, err = as.homeOutside(ctx, tx, who); err != nil {
			return err
		}
		if p, err = as.personOutside(ctx, tx, who); err != nil {
			return err
		}
		if err := as.takeRoles(ctx, tx, p, home, who.Roles); err != nil {
			return err
		}
		return as.takeIdentity(ctx, tx, home, who)
	})
	switch {
	case err != nil:
		return s, wrap("sign in outside", err)
	case away != nil:
		return s, away
	}
	proved := who.AuthenticatedAt
	if now := as.store.Now(); proved.After(now) { // by the provider's clock
		proved = now
	}
	s, err = as.open(ctx, p, home.ID, from, byProvider, proved)
	return s, wrap("sign in outside", err)
}

// turnedAway says why somebody has nothing to do here: they have no role, or are neither
// staff nor a customer's.
func (as *Accounts) turnedAway(who openid.Identity) error {
	switch {
	case len(who.Roles) == 0:
		return fault.New(fault.Forbidden, "sign_in_no_role").With("Provider", as.OutsideName())
	case who.Customer == "" && !staff(who):
		return as.outside.Provider.NoCustomer()
	}
	return nil
}

// staff says whether somebody has any role but registrant.
func staff(who openid.Identity) bool {
	return slices.ContainsFunc(who.Roles, func(r string) bool { return actor.Role(r) != actor.Registrant })
}

// known returns the person that somebody at the provider is; somebody may be new
// (store.IsNotFound).
func known(ctx context.Context, tx *store.Tx, who openid.Identity) (p Person, err error) {
	err = tx.NewSelect().Model(&p).Where("id = (SELECT person_id FROM person_identity WHERE issuer = ? AND subject = ?)", who.Issuer, who.Subject).Scan(ctx)
	return p, err
}

// dismiss takes every role from somebody who is turned away.
func dismiss(ctx context.Context, tx *store.Tx, who openid.Identity) error {
	p, err := known(ctx, tx, who)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.NewDelete().Model((*membership)(nil)).Where("person_id = ?", p.ID).Exec(ctx); err != nil {
		return err
	}
	if _, err := endSessions(ctx, tx, p, nil); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor.Verinym, "person.dismiss", p.PublicID, map[string]string{"issuer": who.Issuer})
}

// homeOutside returns the account that somebody works for: the staff's, or their customer's.
func (as *Accounts) homeOutside(ctx context.Context, tx *store.Tx, who openid.Identity) (acc Account, err error) {
	if staff(who) {
		err = tx.NewSelect().Model(&acc).Where("public_id = ?", as.outside.Staff).Scan(ctx)
		if store.IsNotFound(err) {
			err = fmt.Errorf("sign_in.provider.staff_account %q is no account", as.outside.Staff)
		}
		return acc, err
	}
	var c accountCustomer
	err = tx.NewSelect().Model(&c).Where("issuer = ?", who.Issuer).Where("customer = ?", who.Customer).Scan(ctx)
	if err == nil {
		return as.byID(ctx, tx, c.AccountID)
	}
	if !store.IsNotFound(err) {
		return acc, err
	}
	if acc, err = as.create(ctx, tx, actor.Verinym, text(who.CustomerName, nameMax)); err != nil {
		return acc, err
	}
	_, err = tx.NewInsert().Model(&accountCustomer{Issuer: who.Issuer, Customer: who.Customer, AccountID: acc.ID, CreatedAt: store.At(tx.Now())}).Exec(ctx)
	return acc, err
}

// personOutside returns the person that somebody at the provider is, made or linked when
// they are new, with the name and address that they have there now.
func (as *Accounts) personOutside(ctx context.Context, tx *store.Tx, who openid.Identity) (p Person, err error) {
	email := foldEmail(who.Email)
	if bare, err := mail.ParseAddress(email); err != nil || bare.Address != email {
		return p, fault.At("email", "email_invalid")
	}
	p, err = known(ctx, tx, who)
	if err != nil && !store.IsNotFound(err) {
		return p, err
	}
	fresh := err != nil
	var other Person // who has the address here already
	err = tx.NewSelect().Model(&other).Where("email = ?", email).Scan(ctx)
	taken := err == nil && other.ID != p.ID
	switch {
	case err != nil && !store.IsNotFound(err):
		return p, err
	case taken && !(fresh && as.outside.Link && who.EmailVerified):
		return p, fault.New(fault.Conflict, "sign_in_email_taken").With("Address", email)
	case taken:
		p = other
	case fresh:
		p = Person{PublicID: store.NewID("per"), Email: email, Name: text(who.Name, nameMax), CreatedAt: store.At(tx.Now())}
		if _, err := tx.NewInsert().Model(&p).Exec(ctx); err != nil {
			return p, err
		}
	case p.PasswordHash == "" && (p.Email != email || p.Name != text(who.Name, nameMax)): // they are the provider's
		p.Email, p.Name = email, text(who.Name, nameMax)
		if _, err := tx.NewUpdate().Model(&p).Column("email", "name").WherePK().Exec(ctx); err != nil {
			return p, err
		}
	}
	if !fresh {
		return p, nil
	}
	if _, err := tx.NewInsert().Model(&personIdentity{
		Issuer: who.Issuer, Subject: who.Subject, PersonID: p.ID, CreatedAt: store.At(tx.Now()),
	}).Exec(ctx); err != nil {
		return p, err
	}
	action := map[bool]string{false: "person.create", true: "person.link"}[taken]
	return p, audit.Record(ctx, tx, actor.Verinym, action, p.PublicID, map[string]string{"issuer": who.Issuer, "subject": text(who.Subject, nameMax)})
}

// takeRoles gives somebody the roles in an account that the provider says, and no others
// there. Who has no password here has roles nowhere else.
func (as *Accounts) takeRoles(ctx context.Context, tx *store.Tx, p Person, home Account, roles []string) error {
	var had []membership
	if err := tx.NewSelect().Model(&had).Where("person_id = ?", p.ID).Scan(ctx); err != nil {
		return err
	}
	changed := false
	for _, m := range had {
		if m.AccountID == home.ID && slices.Contains(roles, string(m.Role)) || m.AccountID != home.ID && p.PasswordHash != "" {
			continue
		}
		changed = true
		if _, err := tx.NewRaw("DELETE FROM membership WHERE person_id = ? AND account_id = ? AND role = ?", p.ID, m.AccountID, m.Role).Exec(ctx); err != nil {
			return err
		}
	}
	for _, r := range roles {
		if slices.ContainsFunc(had, func(m membership) bool { return m.AccountID == home.ID && m.Role == actor.Role(r) }) {
			continue
		}
		changed = true
		if _, err := tx.NewInsert().Model(&membership{PersonID: p.ID, AccountID: home.ID, Role: actor.Role(r)}).Exec(ctx); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	return audit.Record(ctx, tx, actor.Verinym, "person.roles", p.PublicID, map[string]string{"account": home.PublicID, "roles": strings.Join(roles, ",")})
}

// takeIdentity takes over whether a customer's identity is verified. What somebody else has
// asserted stays.
func (as *Accounts) takeIdentity(ctx context.Context, tx *store.Tx, home Account, who openid.Identity) error {
	if who.Verified == nil || home.PublicID == as.outside.Staff {
		return nil
	}
	source := text(as.OutsideName(), sourceMax)
	ours := home.IdentityState == Verified && home.IdentitySource == source
	if *who.Verified == (home.IdentityState == Verified) || !*who.Verified && !ours {
		return nil
	}
	_, err := as.Assert(ctx, tx, actor.Verinym, home.ID, Assertion{
		Verified: *who.Verified, Source: source,
		Evidence: text(who.Issuer+" "+who.Subject+" "+tx.Now().UTC().Format(time.RFC3339), evidenceMax),
	})
	return err
}
