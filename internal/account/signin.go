package account

import (
	"cmp"
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Person is somebody who can sign in.
type Person struct {
	bun.BaseModel `bun:"table:person"`

	ID           int64 `bun:",pk,autoincrement"`
	PublicID     string
	Email        string
	Name         string
	PasswordHash string
	CreatedAt    store.Time
}

type membership struct {
	bun.BaseModel `bun:"table:membership"`

	PersonID  int64 `bun:",pk"`
	AccountID int64 `bun:",pk"`
	Role      actor.Role
}

type apiKey struct {
	bun.BaseModel `bun:"table:api_key"`

	ID         int64 `bun:",pk,autoincrement"`
	PublicID   string
	AccountID  int64
	Name       string
	Roles      []actor.Role
	SecretHash []byte
	CreatedAt  store.Time
	RevokedAt  store.Time
}

// NewPerson is somebody to be added to an account.
type NewPerson struct {
	Account  string
	Email    string
	Name     string
	Password string
	Roles    []actor.Role
}

// handedOut are the roles of people and programs. System is verinym's own and is never handed out.
var handedOut = []actor.Role{actor.Registrant, actor.Reviewer, actor.Lead, actor.Operator, actor.Admin, actor.MailServer}

// checkRoles returns the roles that were given, each once.
func checkRoles(wrong *fault.List, given []actor.Role) (once []actor.Role) {
	if len(given) == 0 {
		wrong.Add(fault.At("roles", "field_required").With("Field", "roles"))
	}
	for _, r := range given {
		switch {
		case !slices.Contains(handedOut, r):
			wrong.Add(fault.At("roles", "role_unknown").With("Role", string(r)))
		case !slices.Contains(once, r):
			once = append(once, r)
		}
	}
	return once
}

// CheckRoles returns the fault role_unknown for a role that is not handed out.
func CheckRoles(given ...actor.Role) error {
	for _, r := range given {
		if !slices.Contains(handedOut, r) {
			return fault.At("roles", "role_unknown").With("Role", string(r))
		}
	}
	return nil
}

// AddPerson makes a person and gives them their roles in an account. It needs
// account.create. The password has at least 10 characters. Faults: email_invalid,
// password_too_short, field_too_long (password), role_unknown, field_required (roles), account_not_found,
// person_exists.
func (as *Accounts) AddPerson(ctx context.Context, a actor.Actor, n NewPerson) (p Person, err error) {
	if err := a.Check(actor.AccountCreate); err != nil {
		return p, err
	}
	n.Email = foldEmail(n.Email)
	var wrong fault.List
	if bare, err := mail.ParseAddress(n.Email); err != nil || bare.Address != n.Email {
		wrong.Add(fault.At("email", "email_invalid"))
	}
	wrong.Add(checkPassword("password", n.Password))
	n.Roles = checkRoles(&wrong, n.Roles)
	if err := wrong.Err(); err != nil {
		return p, err
	}
	hash, err := as.newHash(ctx, "password", n.Password)
	if err != nil {
		return p, err
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var acc Account
		if err := tx.NewSelect().Model(&acc).Where("public_id = ?", n.Account).Scan(ctx); err != nil {
			if store.IsNotFound(err) {
				return fault.New(fault.NotFound, "account_not_found")
			}
			return err
		}
		p = Person{PublicID: store.NewID("per"), Email: n.Email, Name: n.Name, PasswordHash: hash, CreatedAt: store.At(tx.Now())}
		if _, err := tx.NewInsert().Model(&p).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				return fault.At("email", "person_exists").With("Address", n.Email)
			}
			return err
		}
		for _, r := range n.Roles {
			if _, err := tx.NewInsert().Model(&membership{PersonID: p.ID, AccountID: acc.ID, Role: r}).Exec(ctx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, a, "person.create", p.PublicID, map[string]string{"account": acc.PublicID})
	})
	return p, wrap("add person", err)
}

// Origin says where a sign-in comes from.
type Origin struct {
	// Place is the network address, Program what the browser or program calls itself.
	Place, Program string
}

// SignedIn is a session: the token is shown once and kept only as a hash.
type SignedIn struct {
	Token     string
	ExpiresAt time.Time
	Person    Person
	Account   Account
	Roles     []actor.Role
}

// nobody is hashed against when the address is unknown, so that the answer takes
// the same time.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// SignIn opens a session for somebody. A wrong address and a wrong password give the
// same fault, sign_in_failed; too many of them sign_in_wait, too many at once busy.
// Fault: account_suspended.
func (as *Accounts) SignIn(ctx context.Context, email, password string, from Origin) (s SignedIn, err error) {
	email = foldEmail(email)
	var p Person
	err = as.store.R.NewSelect().Model(&p).Where("email = ?", email).Scan(ctx)
	if err != nil && !store.IsNotFound(err) {
		return s, wrap("sign in", err)
	}
	right, err := as.knows(ctx, p, email, password, from.Place)
	if err != nil {
		return s, err
	}
	if right {
		s, err = as.openHome(ctx, p, from, byPassword)
	}
	if !right || store.IsNotFound(err) { // nobody, or somebody who belongs to no account
		return SignedIn{}, fault.New(fault.Unauthenticated, "sign_in_failed")
	}
	return s, wrap("sign in", err)
}

// openHome opens a session of p, who has just proved who they are, in the first account
// that they belong to; somebody may belong to none (store.IsNotFound).
func (as *Accounts) openHome(ctx context.Context, p Person, from Origin, means Means) (SignedIn, error) {
	home, err := as.homeOf(ctx, as.store.R, p)
	if err != nil {
		return SignedIn{}, err
	}
	return as.open(ctx, p, home, from, means, as.store.Now())
}

// knows reports whether a password is that of p, who may be nobody: the answer takes the
// same time. A wrong one is counted against the address and the place. Faults:
// sign_in_wait, busy.
func (as *Accounts) knows(ctx context.Context, p Person, email, password, place string) (right bool, err error) {
	tries := signIns(email, place)
	if err := as.gate.check(as.store.Now(), tries, "sign_in_wait"); err != nil {
		return false, err
	}
	phc := cmp.Or(p.PasswordHash, nobody)
	if err := as.gate.hash(ctx, func() { right = matches(phc, password) }); err != nil {
		return false, err
	}
	if right = right && p.PasswordHash != ""; !right {
		as.gate.note(as.store.Now(), tries)
	}
	return right, nil
}

// CreateKey makes an API key for an account. The secret is returned once. It
// needs account.create. Faults: role_unknown, field_required (roles),
// account_not_found.
func (as *Accounts) CreateKey(ctx context.Context, a actor.Actor, account, name string, roles []actor.Role) (secret string, err error) {
	if err := a.Check(actor.AccountCreate); err != nil {
		return "", err
	}
	var wrong fault.List
	roles = checkRoles(&wrong, roles)
	if err := wrong.Err(); err != nil {
		return "", err
	}
	secret, hash := token("vk_")
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		var acc Account
		if err := tx.NewSelect().Model(&acc).Where("public_id = ?", account).Scan(ctx); err != nil {
			if store.IsNotFound(err) {
				return fault.New(fault.NotFound, "account_not_found")
			}
			return err
		}
		k := &apiKey{PublicID: store.NewID("key"), AccountID: acc.ID, Name: name, Roles: roles, SecretHash: hash, CreatedAt: store.At(tx.Now())}
		if _, err := tx.NewInsert().Model(k).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "api_key.create", k.PublicID, map[string]string{"account": acc.PublicID})
	})
	if err != nil {
		return "", wrap("create key", err)
	}
	return secret, nil
}

// Authenticate turns a session token or API key into an actor. Anything that is
// not valid now gives the fault unauthenticated.
func (as *Accounts) Authenticate(ctx context.Context, secret string) (a actor.Actor, err error) {
	none := fault.New(fault.Unauthenticated, "unauthenticated")
	switch {
	case strings.HasPrefix(secret, "vs_"):
		a, err = as.bySession(ctx, secret)
	case strings.HasPrefix(secret, "vk_"):
		a, err = as.byKey(ctx, secret)
	default:
		return a, none
	}
	if store.IsNotFound(err) {
		return a, none
	}
	return a, wrap("authenticate", err)
}

// Person returns who the actor is. Fault: unauthenticated for what is no person.
func (as *Accounts) Person(ctx context.Context, a actor.Actor) (p Person, err error) {
	err = as.store.R.NewSelect().Model(&p).Where("public_id = ?", a.ID).Scan(ctx)
	if store.IsNotFound(err) {
		return p, fault.New(fault.Unauthenticated, "unauthenticated")
	}
	return p, wrap("person", err)
}

func (as *Accounts) byKey(ctx context.Context, secret string) (a actor.Actor, err error) {
	var k apiKey
	err = as.store.R.NewSelect().Model(&k).Where("secret_hash = ?", tokenHash(secret)).Where("revoked_at IS NULL").
		Where("account_id IN (SELECT x.id FROM account AS x WHERE x.suspended_at IS NULL)").Scan(ctx)
	if err != nil {
		return a, err
	}
	return actor.Actor{ID: k.PublicID, Account: k.AccountID, Roles: k.Roles}, nil
}

func foldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
