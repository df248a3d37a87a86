package account

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

const (
	// maxPasskeys is how many passkeys a person may have.
	maxPasskeys = 20
	// questionValid is how long a browser may take to answer.
	questionValid = 5 * time.Minute
	// passkeyNameMax is how many characters the name of a passkey may have.
	passkeyNameMax = 100
)

// Passkey is one that a person signs in with; its secret is on their device alone.
type Passkey struct {
	bun.BaseModel `bun:"table:passkey"`

	PublicID     string `bun:",pk"`
	PersonID     int64
	Name         string
	CredentialID []byte
	Credential   webauthn.Credential
	CreatedAt    store.Time
	UsedAt       store.Time
}

type passkeyQuestion struct {
	bun.BaseModel `bun:"table:passkey_question"`

	Hash []byte `bun:",pk"`
	// PersonID is who makes a passkey, 0 where anybody may answer.
	PersonID  int64
	Data      webauthn.SessionData
	ExpiresAt store.Time
}

// holder is a person as the library knows one.
type holder struct {
	Person
	passkeys []Passkey
}

var _ webauthn.User = holder{}

func (h holder) WebAuthnID() []byte          { return []byte(h.PublicID) }
func (h holder) WebAuthnName() string        { return h.Email }
func (h holder) WebAuthnDisplayName() string { return h.Name }
func (h holder) WebAuthnCredentials() (out []webauthn.Credential) {
	for _, p := range h.passkeys {
		out = append(out, p.Credential)
	}
	return out
}

// SetPasskeys says at which address of ours passkeys are made and used. They belong to its
// host: an installation that is known by an IP address has none, for browsers make none.
func (as *Accounts) SetPasskeys(publicURL string) error {
	u, err := url.Parse(publicURL)
	if err != nil || net.ParseIP(u.Hostname()) != nil {
		return err
	}
	as.passkeys, err = webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "verinym", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
	return err
}

// HasPasskeys reports whether people may have passkeys here.
func (as *Accounts) HasPasskeys() bool { return as.passkeys != nil }

func noPasskeys() error { return fault.New(fault.NotFound, "passkey_none") }

// passkeyRefused is the fault of an answer that is not to be believed.
func passkeyRefused(err error) error {
	return fault.New(fault.Invalid, "passkey_refused").Because(err)
}

// Passkeys lists those of the actor, the oldest first. Fault: session_required.
func (as *Accounts) Passkeys(ctx context.Context, a actor.Actor) ([]Passkey, error) {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return nil, err
	}
	h, err := as.holder(ctx, as.store.R, p)
	return h.passkeys, wrap("passkeys", err)
}

func (as *Accounts) holder(ctx context.Context, db bun.IDB, p Person) (h holder, err error) {
	h.Person = p
	err = db.NewSelect().Model(&h.passkeys).Where("person_id = ?", p.ID).OrderExpr("created_at, public_id").Scan(ctx)
	return h, err
}

// ask keeps a question that a browser is asked, and returns the token by which the answer
// finds it. Each is answered once.
func (as *Accounts) ask(ctx context.Context, person int64, data *webauthn.SessionData) (secret string, err error) {
	secret, hash := token("")
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM passkey_question WHERE expires_at <= ?", store.At(tx.Now())).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&passkeyQuestion{Hash: hash, PersonID: person, Data: *data, ExpiresAt: store.At(tx.Now().Add(questionValid))}).Exec(ctx)
		return err
	})
	return secret, err
}

// asked takes a question that was asked of a person, 0 for anybody. Fault: passkey_refused.
func (as *Accounts) asked(ctx context.Context, secret string, person int64) (q passkeyQuestion, err error) {
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.NewSelect().Model(&q).Where("hash = ?", tokenHash(secret)).Where("person_id = ?", person).Where("expires_at > ?", store.At(tx.Now())).Scan(ctx); err != nil {
			return err
		}
		return store.One(tx.NewDelete().Model(&q).WherePK().Exec(ctx))
	})
	if store.IsNotFound(err) || errors.Is(err, store.ErrStale) {
		err = passkeyRefused(errors.New("nothing was asked"))
	}
	return q, err
}

// BeginPasskey asks the actor's browser to make a passkey: question is for it, token for
// MakePasskey. Faults: passkey_none, session_required, proof_required, passkey_too_many.
func (as *Accounts) BeginPasskey(ctx context.Context, a actor.Actor) (question any, token string, err error) {
	if as.passkeys == nil {
		return nil, "", noPasskeys()
	}
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return nil, "", err
	}
	if err := a.CheckProved(as.store.Now()); err != nil {
		return nil, "", err
	}
	h, err := as.holder(ctx, as.store.R, p)
	if err != nil {
		return nil, "", wrap("begin passkey", err)
	}
	if len(h.passkeys) >= maxPasskeys {
		return nil, "", fault.New(fault.Conflict, "passkey_too_many").With("Max", strconv.Itoa(maxPasskeys))
	}
	creation, data, err := as.passkeys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, "", wrap("begin passkey", err)
	}
	token, err = as.ask(ctx, p.ID, data)
	return creation.Response, token, wrap("begin passkey", err)
}

// MakePasskey keeps the passkey that the actor's browser has made, under a name. Faults:
// passkey_none, session_required, proof_required, field_required and field_too_long (name),
// passkey_refused.
func (as *Accounts) MakePasskey(ctx context.Context, a actor.Actor, token, answer, name string) error {
	if as.passkeys == nil {
		return noPasskeys()
	}
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	if err := a.CheckProved(as.store.Now()); err != nil {
		return err
	}
	switch name = strings.TrimSpace(name); {
	case name == "":
		return fault.At("name", "field_required").With("Field", "name")
	case utf8.RuneCountInString(name) > passkeyNameMax:
		return fault.At("name", "field_too_long").With("Field", "name").With("Max", strconv.Itoa(passkeyNameMax))
	}
	q, err := as.asked(ctx, token, p.ID)
	if err != nil {
		return wrap("make passkey", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return passkeyRefused(err)
	}
	made, err := as.passkeys.CreateCredential(holder{Person: p}, q.Data, parsed)
	if err != nil {
		return passkeyRefused(err)
	}
	return wrap("make passkey", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		k := &Passkey{PublicID: store.NewID("pky"), PersonID: p.ID, Name: name, CredentialID: made.ID, Credential: *made, CreatedAt: store.At(tx.Now())}
		if _, err := tx.NewInsert().Model(k).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				return passkeyRefused(err)
			}
			return err
		}
		return audit.Record(ctx, tx, a, "passkey.make", k.PublicID, map[string]string{"name": name})
	}))
}

// RemovePasskey takes one of the actor's passkeys away. Faults: session_required,
// proof_required, passkey_not_found.
func (as *Accounts) RemovePasskey(ctx context.Context, a actor.Actor, id string) error {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	if err := a.CheckProved(as.store.Now()); err != nil {
		return err
	}
	return wrap("remove passkey", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := store.One(tx.NewDelete().Model((*Passkey)(nil)).Where("public_id = ?", id).Where("person_id = ?", p.ID).Exec(ctx))
		if errors.Is(err, store.ErrStale) {
			return fault.New(fault.NotFound, "passkey_not_found")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "passkey.remove", id, nil)
	}))
}

// AskPasskey asks a browser for a passkey of whoever sits there: question is for it, token
// for SignInByPasskey or ProveByPasskey. Fault: passkey_none.
func (as *Accounts) AskPasskey(ctx context.Context) (question any, token string, err error) {
	if as.passkeys == nil {
		return nil, "", noPasskeys()
	}
	assertion, data, err := as.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", wrap("ask passkey", err)
	}
	token, err = as.ask(ctx, 0, data)
	return assertion.Response, token, wrap("ask passkey", err)
}

// SignInByPasskey opens a session for whoever a browser has answered for. Faults:
// passkey_none, passkey_refused.
func (as *Accounts) SignInByPasskey(ctx context.Context, token, answer string, from Origin) (s SignedIn, err error) {
	p, err := as.answered(ctx, token, answer)
	if err != nil {
		return s, wrap("sign in by passkey", err)
	}
	s, err = as.openHome(ctx, p, from, byPasskey)
	if store.IsNotFound(err) {
		return s, passkeyRefused(err)
	}
	return s, wrap("sign in by passkey", err)
}

// ProveByPasskey takes a passkey as the proof that it is still the person who signed in.
// Faults: session_required, passkey_none, passkey_refused, for somebody else's too.
func (as *Accounts) ProveByPasskey(ctx context.Context, a actor.Actor, token, answer string) error {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	found, err := as.answered(ctx, token, answer)
	if err != nil {
		return wrap("prove by passkey", err)
	}
	if found.ID != p.ID {
		return passkeyRefused(errors.New("it is somebody else's"))
	}
	return wrap("prove by passkey", as.proved(ctx, a, p, byPasskey))
}

// answered returns whose passkey a browser has answered with, and notes its use.
func (as *Accounts) answered(ctx context.Context, token, answer string) (p Person, err error) {
	if as.passkeys == nil {
		return p, noPasskeys()
	}
	q, err := as.asked(ctx, token, 0)
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return p, passkeyRefused(err)
	}
	find := func(_, handle []byte) (webauthn.User, error) {
		if err := as.store.R.NewSelect().Model(&p).Where("public_id = ?", string(handle)).Scan(ctx); err != nil {
			return nil, err
		}
		return as.holder(ctx, as.store.R, p)
	}
	_, used, err := as.passkeys.ValidatePasskeyLogin(find, q.Data, parsed)
	if err != nil {
		return p, passkeyRefused(err)
	}
	if used.Authenticator.CloneWarning { // its counter went back: there are two of it
		return p, passkeyRefused(errors.New("the passkey was copied"))
	}
	kept, err := json.Marshal(used)
	if err != nil {
		return p, err
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewRaw("UPDATE passkey SET credential = ?, used_at = ? WHERE credential_id = ? AND person_id = ?", string(kept), store.At(tx.Now()), used.ID, p.ID).Exec(ctx)
		return err
	})
	return p, err
}
