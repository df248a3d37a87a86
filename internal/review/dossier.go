package review

import (
	"context"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/store"
)

// Dossier is what was submitted, as an outside authority is shown it.
type Dossier struct {
	// Fields are the frozen fields by name, the document number in clear.
	Fields   map[string]string
	Pictures []Picture
}

// Picture is a picture of a dossier: a copy, upright and without metadata.
type Picture struct {
	// ID is the public id of the document.
	ID, Kind, Side, MediaType string
	Bytes                     int64
	SHA256                    []byte
}

// Disclosable is a Subject that an outside authority can be shown.
type Disclosable interface {
	Dossier(ctx context.Context, subject int64) (Dossier, error)
	// Picture returns a picture of the subject by the id that its dossier names. Fault:
	// document_not_found.
	Picture(ctx context.Context, subject int64, id string) ([]byte, error)
}

// Disclose opens what a case is about for the authority that the case waits for, after
// that is recorded. Fault: review_not_found when it does not wait for this authority.
func (r *Reviews) Disclose(ctx context.Context, authority, publicID string) (c Case, d Dossier, err error) {
	c, subject, err := r.disclosable(ctx, authority, publicID, "review.disclose", map[string]string{"authority": authority})
	if err != nil {
		return c, d, err
	}
	d, err = subject.Dossier(ctx, c.SubjectID)
	return c, d, wrap("disclose", err)
}

// DisclosePicture opens one picture of a case for the authority that it waits for, after
// that is recorded. Faults: review_not_found, document_not_found.
func (r *Reviews) DisclosePicture(ctx context.Context, authority, publicID, document string) ([]byte, error) {
	c, subject, err := r.disclosable(ctx, authority, publicID, "review.disclose_picture", map[string]string{"authority": authority, "document": document})
	if err != nil {
		return nil, err
	}
	picture, err := subject.Picture(ctx, c.SubjectID, document)
	return picture, wrap("disclose", err)
}

func (r *Reviews) disclosable(ctx context.Context, authority, publicID, action string, detail map[string]string) (c Case, d Disclosable, err error) {
	if c, err = find(ctx, r.store.R, publicID); err != nil {
		return c, nil, err
	}
	d, ok := r.subjects[c.SubjectKind].(Disclosable)
	if c.Authority != authority || c.State != Waiting || !ok {
		return c, nil, fault.New(fault.NotFound, "review_not_found")
	}
	a := actor.Actor{ID: "authority:" + authority, Account: c.AccountID}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, action, c.PublicID, detail)
	})
	return c, d, wrap("disclose", err)
}
