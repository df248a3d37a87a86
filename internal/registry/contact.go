package registry

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/bug"
	"github.com/verinym/verinym/internal/fold"
	"github.com/verinym/verinym/internal/store"
)

// Contact is a contact at a registry as far as we know it. One is made per
// holder (profile version) and registry account; others were there before us.
type Contact struct {
	bun.BaseModel `bun:"table:registry_contact"`

	ID        int64 `bun:",pk,autoincrement"`
	Registry  string
	ContactID string
	// HolderRef is the version of the holder that it was made for, DetailsRef the one whose
	// details it has now.
	HolderRef  string
	DetailsRef string
	Ours       bool
	State      string
	Evidence   string
	HolderType string
	// HolderName is the name as it stands at the registry, to the letter.
	HolderName string
	HolderFold string
	// DocumentCode is the registry's code of the kind of document, "" when it is
	// not known.
	DocumentCode string
	// Email is where its holder is mailed, of one that others have made.
	Email      string
	NumberHash []byte `bun:",nullzero"`
	UpdatedAt  store.Time
}

// States of a contact: wanted (a command is on its way), present at the
// registry, refused by it.
const (
	contactWanted  = "wanted"
	contactPresent = "present"
	contactRefused = "refused"
)

// States of a contact's evidence: queued for the registry's document channel, sent.
const (
	EvidenceQueued = "queued"
	EvidenceSent   = "sent"
)

// What a registry says of evidence that it was sent before, in Result.Evidence.
const (
	EvidenceVerified = "verified"
	EvidenceFailed   = "failed"
)

// Directory knows holders by reference. It is implemented above.
type Directory interface {
	Holder(ctx context.Context, ref string) (Holder, error)
	// Details is Holder without the document number, which is not opened for it.
	Details(ctx context.Context, ref string) (Holder, error)
	Evidence(ctx context.Context, ref string) ([]Picture, error)
}

// Holder is all that a registry's contact needs. It is read when a frame is
// written and never stored here.
type Holder struct {
	Ref                            string
	Type                           string // individual or organization
	DocumentKind, DocumentCode     string // ours and the registry's code
	DocumentNumber                 string
	NameZh, NameEn                 string
	OrganizationZh, OrganizationEn string
	Country, PostalCode            string
	ProvinceZh, ProvinceEn         string
	CityZh, CityEn                 string
	AddressZh, AddressEn           string
	Phone, PhoneExtension, Email   string
}

// name is the holder's own, in Chinese where there is one.
func (h Holder) name() string {
	if h.Type == "organization" {
		return or(h.OrganizationZh, h.OrganizationEn)
	}
	return or(h.NameZh, h.NameEn)
}

// Picture is one side of a document as the registry gets it.
type Picture struct {
	Side   string
	SHA256 []byte
	Bytes  []byte
}

// Identity is who a holder is, for comparing: type and name, the registry's code of
// the kind of document, and the keyed hash of its number.
type Identity struct {
	Type     string
	Name     string
	Document string
	Hash     []byte
}

// SameDocument reports whether a contact was made with the holder's kind of
// document. Where that is not known it is taken to be so.
func (c Contact) SameDocument(who Identity) bool {
	return c.DocumentCode == "" || c.DocumentCode == who.Document
}

// Of reports whether a contact was made for a version of a holder, or says now what that
// one says.
func (c Contact) Of(ref string) bool { return c.HolderRef == ref || c.DetailsRef == ref }

// Contact returns the id of the holder's contact at a registry, and orders the
// contact and its evidence when there is none yet or the registry has refused it.
func (r *Registries) Contact(ctx context.Context, tx *store.Tx, registry, holderRef string, who Identity) (string, error) {
	c := Contact{
		Registry: registry, ContactID: newContactID(), HolderRef: holderRef, DetailsRef: holderRef, Ours: true, State: contactWanted, Evidence: EvidenceQueued,
		HolderType: who.Type, HolderName: who.Name, HolderFold: fold.Name(who.Name), DocumentCode: who.Document, NumberHash: who.Hash, UpdatedAt: store.At(tx.Now()),
	}
	channel := r.takesDocuments(registry)
	if !channel {
		c.Evidence = ""
	}
	known, err := store.Remember(tx, holding{registry, holderRef}, func() (string, error) { return r.contactOf(ctx, tx, registry, holderRef) })
	if err != nil || known != "" {
		return known, err
	}
	tx.Forget(holding{registry, holderRef})
	// Two orders of one holder may come together: one of them makes the contact.
	res, err := tx.NewInsert().Model(&c).On("CONFLICT (registry, holder_ref) WHERE ours DO UPDATE").Set("contact_id = EXCLUDED.contact_id").
		Set("state = EXCLUDED.state").Set("evidence = EXCLUDED.evidence").Set("updated_at = EXCLUDED.updated_at").
		Where("?TableAlias.state = ?", contactRefused).Returning("NULL").Exec(ctx)
	if err := store.One(res, err); errors.Is(err, store.ErrStale) {
		known, err = r.contactOf(ctx, tx, registry, holderRef)
		if known == "" {
			err = refusedMeanwhile(err, registry, holderRef)
		}
		return known, err
	} else if err != nil {
		return "", fmt.Errorf("registry: contact: %w", err)
	}
	object := "contact:" + c.ContactID
	payload := Payload{Contact: c.ContactID, HolderRef: holderRef}
	if err := r.enqueue(ctx, tx, registry, order{kind: ContactCreate, object: object, subject: c.ContactID, payload: payload}); err != nil {
		return "", err
	}
	if !channel {
		return c.ContactID, nil
	}
	return c.ContactID, r.enqueue(ctx, tx, registry, order{
		kind: Evidence, object: "evidence:" + c.ContactID, requires: c.ContactID, subject: c.ContactID, payload: payload,
	})
}

// holding is the key under which a unit of work remembers a holder's contact.
type holding struct{ registry, holder string }

// contactOf returns the id of a holder's contact that the registry has not refused, ""
// for none.
func (r *Registries) contactOf(ctx context.Context, tx *store.Tx, registry, holderRef string) (id string, err error) {
	whose := "(details_ref = ?1 OR holder_ref = ?1)"
	if bug.Seeded(bug.ContactOfAnother) {
		whose = "holder_ref <> ?1"
	}
	err = tx.NewRaw("SELECT contact_id FROM registry_contact WHERE registry = ?0 AND "+whose+" AND ours AND state <> ?2 ORDER BY CASE WHEN details_ref = ?1 THEN 0 ELSE 1 END, id LIMIT 1",
		registry, holderRef, contactRefused).Scan(ctx, &id)
	if err != nil && !store.IsNotFound(err) {
		return "", fmt.Errorf("registry: contact: %w", err)
	}
	return id, nil
}

// takesDocuments reports whether a registry has a channel for documents beside EPP.
func (r *Registries) takesDocuments(registry string) bool {
	l := r.accounts[registry]
	return l != nil && l.AuditURL != ""
}

// SendEvidence orders the holder's documents to be sent for a contact that is
// at the registry already. It reports false, and orders nothing, when they are
// on their way or there, and where the registry takes none.
func (r *Registries) SendEvidence(ctx context.Context, tx *store.Tx, registry, contact, holderRef string) (bool, error) {
	if !r.takesDocuments(registry) {
		return false, nil
	}
	res, err := tx.NewRaw("UPDATE registry_contact SET evidence = ?, holder_ref = CASE WHEN holder_ref = '' THEN ? ELSE holder_ref END, updated_at = ? WHERE registry = ? AND contact_id = ? AND evidence = ''",
		EvidenceQueued, holderRef, store.At(tx.Now()), registry, contact).Exec(ctx)
	if err := store.One(res, err); err != nil {
		if errors.Is(err, store.ErrStale) {
			return false, nil
		}
		return false, fmt.Errorf("registry: evidence: %w", err)
	}
	return true, r.enqueue(ctx, tx, registry, order{
		kind: Evidence, object: "evidence:" + contact, subject: contact, payload: Payload{Contact: contact, HolderRef: holderRef},
	})
}

// KnownContact returns what we know of a contact; ok is false for nothing.
func KnownContact(ctx context.Context, db bun.IDB, registry, contact string) (c Contact, ok bool, err error) {
	err = db.NewSelect().Model(&c).Where("registry = ?", registry).Where("contact_id = ?", contact).Scan(ctx)
	if store.IsNotFound(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// KnownContacts returns what we know of contacts at one registry, by their ids.
func KnownContacts(ctx context.Context, db bun.IDB, registry string, ids []string) (map[string]Contact, error) {
	out := make(map[string]Contact, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []Contact
	err := db.NewSelect().Model(&rows).Where("registry = ?", registry).Where("contact_id IN (?)", bun.List(ids)).Scan(ctx)
	for _, c := range rows {
		out[c.ContactID] = c
	}
	return out, err
}

// refusedMeanwhile is the error, or err, where a contact was refused between two looks:
// the unit of work is tried again, and makes another.
func refusedMeanwhile(err error, registry, contact string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("registry %s: contact %s was refused meanwhile", registry, contact)
}

// readiness is the key under which a unit of work remembers the state of a contact.
type readiness struct{ registry, contact string }

// contactReady reports whether a contact is at the registry. Until the unit of
// work ends nobody else can say that it has arrived there: a command that is
// written as blocked is seen by whoever unblocks.
func (r *Registries) contactReady(ctx context.Context, tx *store.Tx, registry, contact string) (bool, error) {
	state, err := store.Remember(tx, readiness{registry, contact}, func() (state string, err error) {
		q := "SELECT state FROM registry_contact WHERE registry = ? AND contact_id = ?"
		if r.store.Engine() == "postgres" {
			q += " FOR SHARE" // SQLite has one writer
		}
		err = tx.NewRaw(q, registry, contact).Scan(ctx, &state)
		if store.IsNotFound(err) {
			return "", nil
		}
		return state, err
	})
	if err != nil {
		return false, fmt.Errorf("registry: contact %s: %w", contact, err)
	}
	if state == contactRefused {
		return false, refusedMeanwhile(nil, registry, contact)
	}
	return state == contactPresent, nil
}

var contactAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newContactID makes an identifier of 15 characters; RFC 5733 allows 3 to 16.
func newContactID() string {
	var b [9]byte
	_, _ = rand.Read(b[:])
	return contactPrefix + strings.ToLower(contactAlphabet.EncodeToString(b[:])[:13])
}
