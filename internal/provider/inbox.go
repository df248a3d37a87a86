package provider

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/signature"
	"github.com/verinym/verinym/internal/store"
)

// keptFor is how long the id of a message is remembered: far longer than its timestamp
// is believed.
const keptFor = 30 * 24 * time.Hour

// Effect is what became of a message of a provider.
type Effect string

// The effects. All of them are final: the provider need not send the message again.
const (
	// Taken: the verdict has ended the case.
	Taken Effect = "taken"
	// Noted: nothing was decided yet.
	Noted Effect = "noted"
	// Repeated: a message of this id has had its effect already.
	Repeated Effect = "repeated"
	// TooLate: the case was decided or taken back before.
	TooLate Effect = "too_late"
)

func errUnknown(name string) error {
	return fault.New(fault.NotFound, "authority_unknown").With("Authority", name)
}

// known checks the signature of a message of a provider and returns its id. Faults:
// authority_unknown, signature_wrong, signature_time.
func (all *Providers) known(name string, h http.Header, body []byte) (p *provider, id string, err error) {
	if p, err = all.find(name); err != nil {
		return nil, "", err
	}
	id, err = signature.Verify(h, p.Secrets, all.Store.Now(), body)
	switch {
	case errors.Is(err, signature.ErrTime):
		return nil, "", fault.New(fault.Unauthenticated, "signature_time").With("Now", all.Store.Now().Format(time.RFC3339))
	case errors.Is(err, signature.ErrForged):
		return nil, "", fault.New(fault.Unauthenticated, "signature_wrong")
	}
	return p, id, wrap("signature", err)
}

// Take takes a message of a provider, once: its id is remembered in the unit of work of
// its effect. Faults: authority_unknown, signature_wrong, signature_time, body_invalid,
// review_not_found.
func (all *Providers) Take(ctx context.Context, name string, h http.Header, body []byte) (e Effect, err error) {
	p, id, err := all.known(name, h, body)
	if err != nil {
		return "", err
	}
	m, err := parse(body)
	if err != nil {
		return "", fault.New(fault.Invalid, "body_invalid").With("Words", err.Error())
	}
	err = all.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewRaw("INSERT INTO provider_message (authority, message, case_id, verdict, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", name, id, m.Case, m.Verdict, store.At(tx.Now())).Exec(ctx)
		if err != nil {
			return err
		}
		if err := store.One(res, nil); err != nil {
			e = Repeated
			return nil
		}
		taken, err := all.Reviews.Answered(ctx, tx, name, m.Case, p.answer(m))
		switch {
		case err != nil:
			return err
		case taken:
			e = Taken
		case m.Verdict == pending:
			e = Noted
		default:
			e = TooLate
		}
		return nil
	})
	return e, wrap("take", err)
}

// Dossier gives a provider again what a case is about, with fresh addresses of its
// pictures. The id of the question begins with the case. Faults: authority_unknown, signature_wrong, signature_time, review_not_found.
func (all *Providers) Dossier(ctx context.Context, name, publicID string, h http.Header) ([]byte, error) {
	p, id, err := all.known(name, h, nil)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(id, publicID+".") { // signed for another case
		return nil, fault.New(fault.Unauthenticated, "signature_wrong")
	}
	return p.dossier(ctx, publicID)
}

// Picture gives a picture out under an address that a dossier has named. Faults:
// authority_unknown, link_wrong, link_expired, review_not_found, document_not_found.
func (all *Providers) Picture(ctx context.Context, name, publicID, document, expires, sum string) ([]byte, error) {
	p, err := all.find(name)
	if err != nil {
		return nil, err
	}
	want, err := p.linkSum(publicID, document, expires)
	if err != nil {
		return nil, err
	}
	seconds, timeErr := strconv.ParseInt(expires, 10, 64)
	got, hexErr := hex.DecodeString(sum)
	switch {
	case timeErr != nil, hexErr != nil, !hmac.Equal(got, want):
		return nil, fault.New(fault.Forbidden, "link_wrong")
	case !all.Store.Now().Before(time.Unix(seconds, 0)):
		return nil, fault.New(fault.Forbidden, "link_expired")
	}
	return p.Reviews.DisclosePicture(ctx, name, publicID, document)
}

// Sweep forgets up to n ids of messages that are too old to be believed anyway, and as
// many calls that nobody looks at any more.
func (all *Providers) Sweep(ctx context.Context, n int) (swept int, err error) {
	err = all.inTx(ctx, "sweep", func(ctx context.Context, tx *store.Tx) error {
		res, err := tx.NewRaw("DELETE FROM provider_message WHERE (authority, message) IN (SELECT authority, message FROM provider_message WHERE at < ? LIMIT ?)",
			store.At(tx.Now().Add(-keptFor)), n).Exec(ctx)
		if err != nil {
			return err
		}
		rows, err := res.RowsAffected()
		if swept = int(rows); err != nil {
			return err
		}
		_, err = tx.NewRaw("DELETE FROM provider_call WHERE id IN (SELECT id FROM provider_call WHERE at < ? ORDER BY at LIMIT ?)", store.At(tx.Now().Add(-callsKept)), n).Exec(ctx)
		return err
	})
	return swept, err
}

// names lists the providers.
func (all *Providers) names() (out []string) {
	for name := range all.byName {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
