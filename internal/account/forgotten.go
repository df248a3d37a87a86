package account

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Courier brings mail to people about how they sign in.
type Courier interface {
	// PasswordLink hands over a link for a new password, at once: it is written down nowhere.
	PasswordLink(ctx context.Context, l PasswordLink) error
	// PasswordChanged tells somebody, in the unit of work that changes it.
	PasswordChanged(ctx context.Context, tx *store.Tx, c PasswordChange) error
}

// PasswordLink is a link for a new password on its way.
type PasswordLink struct {
	// Request is the same when the link is tried again.
	Request string
	Account int64
	Person  Person
	Token   string
	Expires time.Time
}

// PasswordChange says that somebody has a new password.
type PasswordChange struct {
	Account int64
	Person  Person
	// Place is the network address that it was changed from, "" when that is not known.
	Place string
	At    time.Time
}

// SetCourier says who brings mail. Without one nobody is mailed.
func (as *Accounts) SetCourier(c Courier) { as.courier = c }

// nobodyMails is where a command changes what mail would tell of.
type nobodyMails struct{}

func (nobodyMails) PasswordLink(context.Context, PasswordLink) error                 { return nil }
func (nobodyMails) PasswordChanged(context.Context, *store.Tx, PasswordChange) error { return nil }

const (
	// linkValid is how long a link for a new password works.
	linkValid = time.Hour
	// resetsADay is how many such links one person is mailed within resetsCounted, at most.
	resetsADay    = 10
	resetsCounted = 24 * time.Hour
)

type passwordReset struct {
	bun.BaseModel `bun:"table:password_reset"`

	Hash      []byte `bun:",pk"`
	PersonID  int64
	CreatedAt store.Time
	ExpiresAt store.Time
	UsedAt    store.Time
}

// SendPasswordLink is the job that makes a link for a new password and mails it.
type SendPasswordLink struct {
	Email string `json:"email"`
	// Request tells two requests for one address apart.
	Request string `json:"request"`
}

// Kind names the job.
func (SendPasswordLink) Kind() string { return "account_send_password_link" }

// ForgetPassword has a link for a new password mailed to an address, if somebody signs in
// with it. Nobody learns whether: the answer, its time and its limits are the same. Fault:
// password_link_wait.
func (as *Accounts) ForgetPassword(ctx context.Context, email, place string) error {
	email = foldEmail(email)
	asked := limits{"reset " + email: mostResets, "reset from " + place: mostResetsHere}
	if err := as.gate.check(as.store.Now(), asked, "password_link_wait"); err != nil {
		return err
	}
	as.gate.note(as.store.Now(), asked)
	return wrap("forget password", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Enqueue(ctx, SendPasswordLink{Email: text(email, emailMax), Request: store.NewID("req")}, store.JobOptions{})
	}))
}

// emailMax is how long an address can be (RFC 5321 4.5.3.1), in bytes.
const emailMax = 320

// SendLink does the job SendPasswordLink. Nobody is mailed for an address with which nobody
// signs in, who has no password here, who belongs to no account, or who was mailed enough
// today. Links that were mailed earlier keep working until they expire.
func (as *Accounts) SendLink(ctx context.Context, job SendPasswordLink) error {
	l := PasswordLink{Request: job.Request}
	err := as.store.R.NewSelect().Model(&l.Person).Where("email = ?", job.Email).Scan(ctx)
	if store.IsNotFound(err) || err == nil && l.Person.PasswordHash == "" {
		return nil
	}
	if err == nil {
		l.Account, err = as.homeOf(ctx, as.store.R, l.Person)
	}
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return wrap("send link", err)
	}
	var hash []byte
	l.Token, hash = token("")
	enough := false
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		mailed, err := tx.NewSelect().Model((*passwordReset)(nil)).Where("person_id = ?", l.Person.ID).Where("created_at > ?", store.At(tx.Now().Add(-resetsCounted))).Count(ctx)
		if enough = mailed >= resetsADay; err != nil || enough {
			return err
		}
		l.Expires = tx.Now().Add(linkValid)
		_, err = tx.NewInsert().Model(&passwordReset{Hash: hash, PersonID: l.Person.ID, CreatedAt: store.At(tx.Now()), ExpiresAt: store.At(l.Expires)}).Exec(ctx)
		return err
	})
	if err != nil || enough {
		return wrap("send link", err)
	}
	return wrap("send link", as.courier.PasswordLink(ctx, l))
}

// homeOf returns the account that a person's sessions are in; somebody may have none
// (store.IsNotFound).
func (as *Accounts) homeOf(ctx context.Context, db bun.IDB, p Person) (account int64, err error) {
	err = db.NewRaw("SELECT account_id FROM membership WHERE person_id = ? ORDER BY account_id LIMIT 1", p.ID).Scan(ctx, &account)
	return account, err
}

// LookAtPasswordLink returns for which address a link makes a new password, and changes
// nothing. Fault: password_link_invalid for one that is unknown, used up or expired.
func (as *Accounts) LookAtPasswordLink(ctx context.Context, token string) (email string, err error) {
	p, _, err := as.readLink(ctx, as.store.R, token)
	return p.Email, wrap("look at password link", err)
}

func (as *Accounts) readLink(ctx context.Context, db bun.IDB, token string) (p Person, row passwordReset, err error) {
	invalid := fault.New(fault.NotFound, "password_link_invalid")
	err = db.NewSelect().Model(&row).Where("hash = ?", tokenHash(token)).Scan(ctx)
	if store.IsNotFound(err) {
		return p, row, invalid
	}
	if err != nil {
		return p, row, err
	}
	if !row.UsedAt.IsZero() || !as.store.Now().Before(row.ExpiresAt.Time) {
		return p, row, invalid
	}
	err = db.NewSelect().Model(&p).Where("id = ?", row.PersonID).Scan(ctx)
	return p, row, err
}

// ResetPassword gives the person of a link a new password, ends all their sessions and
// makes their other links void. Faults: password_link_invalid, password_too_short,
// field_too_long, busy.
func (as *Accounts) ResetPassword(ctx context.Context, token, password, place string) error {
	p, _, err := as.readLink(ctx, as.store.R, token)
	if err != nil {
		return wrap("reset password", err)
	}
	hash, err := as.newHash(ctx, "password", password)
	if err != nil {
		return err
	}
	return wrap("reset password", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Of two who use the link at once, one does.
		used, err := tx.NewRaw("UPDATE password_reset SET used_at = ? WHERE hash = ? AND used_at IS NULL", store.At(tx.Now()), tokenHash(token)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := used.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "password_link_invalid"))
		}
		account, err := as.homeOf(ctx, tx, p)
		if err != nil {
			return err
		}
		return as.setPassword(ctx, tx, actor.Actor{ID: p.PublicID, Account: account}, p, hash, "person.reset_password", place)
	}))
}

// ChangePassword gives the actor a new password and ends their other sessions. Faults:
// session_required, password_none, password_wrong (current), password_too_short (password),
// field_too_long, password_same, sign_in_wait, busy.
func (as *Accounts) ChangePassword(ctx context.Context, a actor.Actor, current, password, place string) error {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	if err := as.checkKnown(ctx, p, "current", current, place); err != nil {
		return err
	}
	if password == current {
		return fault.At("password", "password_same")
	}
	hash, err := as.newHash(ctx, "password", password)
	if err != nil {
		return err
	}
	return wrap("change password", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return as.setPassword(ctx, tx, a, p, hash, "person.change_password", place)
	}))
}

// newHash is the hash of a new password, made outside of any unit of work: it is slow on
// purpose.
func (as *Accounts) newHash(ctx context.Context, field, password string) (hash string, err error) {
	if wrong := checkPassword(field, password); wrong != nil {
		return "", wrong
	}
	err = as.gate.hash(ctx, func() { hash = as.passwords.hash(password) })
	return hash, err
}

// setPassword writes a new password, ends the sessions but the actor's, makes links void
// and tells the person.
func (as *Accounts) setPassword(ctx context.Context, tx *store.Tx, a actor.Actor, p Person, hash, action, place string) error {
	if _, err := tx.NewRaw("UPDATE person SET password_hash = ? WHERE id = ?", hash, p.ID).Exec(ctx); err != nil {
		return err
	}
	if _, err := endSessions(ctx, tx, p, a.Session); err != nil {
		return err
	}
	if _, err := tx.NewRaw("UPDATE password_reset SET used_at = ? WHERE person_id = ? AND used_at IS NULL", store.At(tx.Now()), p.ID).Exec(ctx); err != nil {
		return err
	}
	if err := as.courier.PasswordChanged(ctx, tx, PasswordChange{Account: a.Account, Person: p, Place: place, At: tx.Now()}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a, action, p.PublicID, map[string]string{"place": place})
}
