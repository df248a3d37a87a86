package registry

import (
	"context"
	"fmt"
	"slices"

	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/internal/store"
)

// Details of a holder are what a registry lets us change of a contact: where they are
// reached and, of an organisation, who answers for it. Who the holder is, name and
// document, is fixed there: another holder is another contact.

// UpdateContact orders the contact of a holder to say what a later version of the same
// holder says, unless that is on its way or done. It reports whether there is something to
// wait for. The contact is one that we have made.
func (r *Registries) UpdateContact(ctx context.Context, tx *store.Tx, registry, contactID, holderRef string) (waits bool, err error) {
	type updated struct{ registry, contact, holder string }
	return store.Remember(tx, updated{registry, contactID, holderRef}, func() (bool, error) {
		c, known, err := KnownContact(ctx, tx, registry, contactID)
		switch {
		case err != nil:
			return false, fmt.Errorf("registry: update contact: %w", err)
		case !known || !c.Ours:
			return false, fmt.Errorf("registry %s: contact %s is not ours to update", registry, contactID)
		case or(c.DetailsRef, c.HolderRef) == holderRef:
			return false, nil
		}
		object := "contact:" + contactID
		if err := tx.Flush(ctx, outbox{}); err != nil {
			return false, err
		}
		var open int
		err = tx.NewRaw("SELECT count(*) FROM registry_command WHERE registry = ? AND object = ? AND kind = ? AND subject = ? AND "+openStates, registry, object, ContactUpdate, holderRef).Scan(ctx, &open)
		if err != nil || open > 0 {
			return true, err
		}
		return true, r.enqueue(ctx, tx, registry, order{
			kind: ContactUpdate, object: object, requires: contactID, subject: holderRef, lane: Interactive, payload: Payload{Contact: contactID, HolderRef: holderRef},
		})
	})
}

// detailsTaken keeps which version of its holder a contact says now.
func detailsTaken(ctx context.Context, tx *store.Tx, c *Command) error {
	_, err := tx.NewRaw("UPDATE registry_contact SET details_ref = ?, updated_at = ? WHERE registry = ? AND contact_id = ?",
		c.Payload.HolderRef, store.At(tx.Now()), c.Registry, c.Payload.Contact).Exec(ctx)
	return err
}

// detailsChange is an update that brings a contact to what a holder says now.
func detailsChange(id string, h Holder) contact.Change {
	want := contactCreate(id, h)
	c := contact.Change{Voice: &want.Voice, Email: want.Email}
	for _, p := range want.Postal {
		change := contact.PostalChange{Type: p.Type, Addr: &p.Addr}
		if h.Type == "organization" { // the domain name contact, whom nobody verifies
			change.Name = p.Name
		}
		c.Postal = append(c.Postal, change)
	}
	return c
}

// says reports whether a contact is as a change would leave it.
func says(d *contact.InfoData, c contact.Change) bool {
	for _, p := range c.Postal {
		have := d.PostalOf(p.Type)
		if have == nil || p.Name != "" && have.Name != p.Name || !sameAddress(have.Addr, *p.Addr) {
			return false
		}
	}
	return d.Voice == *c.Voice && d.Email == c.Email
}

func sameAddress(a, b contact.Address) bool {
	return slices.Equal(a.Street, b.Street) && a.City == b.City && a.SP == b.SP && a.PC == b.PC && a.CC == b.CC
}
