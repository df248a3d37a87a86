package document

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
)

// SetReader says who reads pictures; nobody does without one.
func (ds *Documents) SetReader(r *reading.Reader) { ds.reader = r }

// Reads reports whether pictures are read here.
func (ds *Documents) Reads() bool { return ds.reader != nil }

// Read is the job of reading a picture, after it has been taken.
type Read struct {
	DocumentID int64 `json:"document_id"`
}

// Kind is the job's name.
func (Read) Kind() string { return "document.read" }

// attempts is how often a picture is tried to be read: an engine may be away for a moment, or may not like the picture.
const attempts = 4

// readSoon has a picture read once it is taken. Papers, and what is put to a document beside
// its sides, have no form that could be read.
func (ds *Documents) readSoon(ctx context.Context, tx *store.Tx, d Document) error {
	if _, ok := ds.policies.Form(d.Kind); !ok || FurtherNumber(d.Side) > 0 || !ds.Reads() {
		return nil
	}
	return tx.Enqueue(ctx, Read{DocumentID: d.ID}, store.JobOptions{Attempts: attempts})
}

// Read does the job Read: what stands on the picture is sealed into its row. A picture that kills its reader is done with.
// Errors: ocr.ErrNone where there is no engine: another process may have one.
func (ds *Documents) Read(ctx context.Context, job Read) error {
	var d Document
	err := ds.store.R.NewSelect().Model(&d).Where("id = ?", job.DocumentID).Scan(ctx)
	if err != nil {
		return wrap("read", err)
	}
	form, ok := ds.policies.Form(d.Kind)
	switch {
	case !ok, d.State == erased, !d.ReadAt.IsZero():
		return nil
	case !ds.Reads():
		return wrap("read", ocr.ErrNone)
	}
	page, err := ds.reader.Page(ctx, d.Kind, d.Side, form, func() (io.ReadCloser, error) { return ds.vault.Get(ctx, d.CopyKey) })
	if errors.Is(err, jail.ErrKilled) {
		page, err = reading.Page{Side: d.Side}, nil
	}
	if err != nil {
		return wrap("read", err)
	}
	b, err := json.Marshal(page)
	if err != nil {
		return wrap("read", err)
	}
	sealed, err := ds.vault.Seal(d.readingPlace(), b)
	if err != nil {
		return wrap("read", err)
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.One(tx.NewRaw("UPDATE document SET reading_sealed = ?, read_at = ? WHERE id = ? AND erased_at IS NULL", sealed, store.At(tx.Now()), d.ID).Exec(ctx))
	})
	if errors.Is(err, store.ErrStale) { // erased meanwhile
		return nil
	}
	return wrap("read", err)
}

func (d Document) readingPlace() vault.Place {
	return vault.Place{Table: "document", Row: d.PublicID, Field: "reading"}
}

// Pages opens what was read on documents; those that have not been read yet are left out. What it returns is as personal as
// the picture: callers compare with it, or give it to whoever may see the picture.
func (ds *Documents) Pages(docs []Document) (pages []reading.Page, err error) {
	for _, d := range docs {
		if len(d.ReadingSealed) == 0 {
			continue
		}
		b, err := ds.vault.Reveal(d.readingPlace(), d.ReadingSealed)
		if err != nil {
			return nil, wrap("pages", err)
		}
		var p reading.Page
		if err := json.Unmarshal(b, &p); err != nil {
			return nil, wrap("pages", err)
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// resealedReading is a reading under the key that is used now; the same where it is.
func (ds *Documents) resealedReading(d Document) ([]byte, error) {
	if len(d.ReadingSealed) == 0 {
		return nil, nil
	}
	old, err := ds.vault.FieldIsOld(d.ReadingSealed)
	if err != nil || !old {
		return d.ReadingSealed, err
	}
	return ds.vault.Reseal(d.readingPlace(), d.ReadingSealed)
}
