package account

import (
	"bytes"
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Means is what somebody has signed in with.
type Means string

// What one signs in with.
const (
	byPassword Means = "password"
	byProvider Means = "provider"
	byPasskey  Means = "passkey"
)

type session struct {
	bun.BaseModel `bun:"table:session"`

	TokenHash []byte `bun:",pk"`
	PersonID  int64
	AccountID int64
	CreatedAt store.Time
	ExpiresAt store.Time
	Place     string
	Program   string
	Means     Means
	ProvedAt  store.Time
}

// id is the session's public id. The hash of a token of 256 random bits tells nothing
// about it.
func (s session) id() string { return "ses_" + hex.EncodeToString(s.TokenHash[:10]) }

// programMax is how much of what a program calls itself is kept, in bytes.
const programMax = 300

// open opens a session of p in an account of theirs, in which they have proved at a time
// who they are. Somebody without a role there is not found (store.IsNotFound). Fault:
// account_suspended.
func (as *Accounts) open(ctx context.Context, p Person, home int64, from Origin, means Means, proved time.Time) (s SignedIn, err error) {
	s.Person = p
	if err := as.store.R.NewRaw("SELECT role FROM membership WHERE person_id = ? AND account_id = ? ORDER BY role", p.ID, home).Scan(ctx, &s.Roles); err != nil {
		return s, err
	}
	if s.Account, err = as.byID(ctx, as.store.R, home); err != nil {
		return s, err
	}
	if s.Account.Suspended() {
		return SignedIn{}, fault.New(fault.Unauthenticated, "account_suspended")
	}
	var hash []byte
	s.Token, hash = token("vs_")
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		s.ExpiresAt = tx.Now().Add(as.sessionTTL)
		row := &session{TokenHash: hash, PersonID: p.ID, AccountID: s.Account.ID, CreatedAt: store.At(tx.Now()), ExpiresAt: store.At(s.ExpiresAt),
			Place: from.Place, Program: text(from.Program, programMax), Means: means, ProvedAt: store.At(proved)}
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor.Actor{ID: p.PublicID, Account: s.Account.ID}, "session.open", p.PublicID, map[string]string{"means": string(means)})
	})
	return s, err
}

// text is what of a line from outside can be kept: characters, at most so many bytes.
func text(line string, most int) string {
	line = strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(line, ""))
	return strings.ToValidUTF8(line[:min(len(line), most)], "")
}

func (as *Accounts) bySession(ctx context.Context, secret string) (a actor.Actor, err error) {
	var rows []struct {
		PublicID  string
		AccountID int64
		Role      actor.Role
		ProvedAt  store.Time
	}
	hash := tokenHash(secret)
	err = as.store.R.NewRaw(`SELECT p.public_id, s.account_id, s.proved_at, m.role FROM session s JOIN person p ON p.id = s.person_id
		JOIN membership m ON m.person_id = s.person_id AND m.account_id = s.account_id
		JOIN account a ON a.id = s.account_id AND a.suspended_at IS NULL
		WHERE s.token_hash = ? AND s.expires_at > ?`, hash, store.At(as.store.Now())).Scan(ctx, &rows)
	if err != nil {
		return a, err
	}
	for _, r := range rows {
		a.ID, a.Account, a.Session, a.ProvedAt = r.PublicID, r.AccountID, hash, r.ProvedAt.Time
		a.Roles = append(a.Roles, r.Role)
	}
	if len(rows) == 0 {
		return a, fault.New(fault.Unauthenticated, "unauthenticated")
	}
	return a, nil
}

// signedIn returns the person that the actor is. Fault: session_required for an API key.
func (as *Accounts) signedIn(ctx context.Context, a actor.Actor) (p Person, err error) {
	if a.Session == nil {
		return p, fault.New(fault.Forbidden, "session_required")
	}
	return as.Person(ctx, a)
}

// Place is where, and with what, a person is signed in.
type Place struct {
	ID      string
	From    Origin
	Means   Means
	Since   time.Time
	Expires time.Time
	// Here: it is the session that asks.
	Here bool
}

// Sessions lists where the actor is signed in, the newest first, at most 200. Fault:
// session_required.
func (as *Accounts) Sessions(ctx context.Context, a actor.Actor) (out []Place, err error) {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return nil, err
	}
	rows, err := as.sessionsOf(ctx, as.store.R, p)
	for _, s := range rows {
		out = append(out, Place{
			ID: s.id(), From: Origin{Place: s.Place, Program: s.Program}, Means: s.Means, Since: s.CreatedAt.Time,
			Expires: s.ExpiresAt.Time, Here: bytes.Equal(s.TokenHash, a.Session),
		})
	}
	return out, wrap("sessions", err)
}

func (as *Accounts) sessionsOf(ctx context.Context, db bun.IDB, p Person) (rows []session, err error) {
	err = db.NewSelect().Model(&rows).Where("person_id = ?", p.ID).Where("expires_at > ?", store.At(as.store.Now())).OrderExpr("created_at DESC").Limit(200).Scan(ctx)
	return rows, err
}

// EndSession ends one of the actor's sessions, here or elsewhere. Faults:
// session_required, session_not_found.
func (as *Accounts) EndSession(ctx context.Context, a actor.Actor, id string) error {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	return wrap("end session", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := as.sessionsOf(ctx, tx, p)
		if err != nil {
			return err
		}
		for _, s := range rows {
			if s.id() != id {
				continue
			}
			if _, err := tx.NewDelete().Model(&s).WherePK().Exec(ctx); err != nil {
				return err
			}
			return audit.Record(ctx, tx, a, "session.end", p.PublicID, map[string]string{"session": id})
		}
		return fault.New(fault.NotFound, "session_not_found")
	}))
}

// EndOtherSessions ends every session of the actor but the one that asks, and returns how
// many there were. Fault: session_required.
func (as *Accounts) EndOtherSessions(ctx context.Context, a actor.Actor) (ended int, err error) {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return 0, err
	}
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if ended, err = endSessions(ctx, tx, p, a.Session); err != nil || ended == 0 {
			return err
		}
		return audit.Record(ctx, tx, a, "session.end_others", p.PublicID, nil)
	})
	return ended, wrap("end other sessions", err)
}

// endSessions ends the sessions of a person but one, nil for none, and returns how many.
func endSessions(ctx context.Context, tx *store.Tx, p Person, but []byte) (int, error) {
	q := tx.NewDelete().Model((*session)(nil)).Where("person_id = ?", p.ID)
	if but != nil {
		q = q.Where("token_hash <> ?", but)
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Prove takes a password as the proof that it is still the person who signed in, for
// actor.ProofFor. Faults: session_required, password_none, password_wrong, sign_in_wait, busy.
func (as *Accounts) Prove(ctx context.Context, a actor.Actor, password, place string) error {
	p, err := as.signedIn(ctx, a)
	if err != nil {
		return err
	}
	if err := as.checkKnown(ctx, p, "password", password, place); err != nil {
		return err
	}
	return wrap("prove", as.proved(ctx, a, p, byPassword))
}

// checkKnown faults a password in a field that is not that of p: password_wrong, and
// password_none for somebody who has none.
func (as *Accounts) checkKnown(ctx context.Context, p Person, field, password, place string) error {
	if p.PasswordHash == "" {
		return fault.New(fault.Conflict, "password_none")
	}
	right, err := as.knows(ctx, p, p.Email, password, place)
	if err == nil && !right {
		return fault.At(field, "password_wrong")
	}
	return err
}

// proved writes down that the person has proved in the actor's session who they are.
func (as *Accounts) proved(ctx context.Context, a actor.Actor, p Person, means Means) error {
	return as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.NewRaw("UPDATE session SET proved_at = ? WHERE token_hash = ?", store.At(tx.Now()), a.Session).Exec(ctx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "session.prove", p.PublicID, map[string]string{"means": string(means)})
	})
}

// Sweep forgets up to n sessions that have ended, and as many links for a new password
// that nobody can use any more; it returns how many.
func (as *Accounts) Sweep(ctx context.Context, n int) (gone int, err error) {
	err = as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, q := range []struct {
			sql    string
			before time.Time
		}{
			{"DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)", tx.Now()},
			{"DELETE FROM password_reset WHERE hash IN (SELECT hash FROM password_reset WHERE created_at <= ? ORDER BY created_at LIMIT ?)", tx.Now().Add(-resetsCounted)},
		} {
			res, err := tx.NewRaw(q.sql, store.Micros(q.before), n).Exec(ctx)
			if err != nil {
				return err
			}
			rows, err := res.RowsAffected()
			if err != nil {
				return err
			}
			gone += int(rows)
		}
		return nil
	})
	return gone, wrap("sweep", err)
}

// SignOut ends the session of a token; an unknown token is no error.
func (as *Accounts) SignOut(ctx context.Context, token string) error {
	return wrap("sign out", as.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.NewDelete().Model((*session)(nil)).Where("token_hash = ?", tokenHash(token)).Exec(ctx)
		return err
	}))
}
