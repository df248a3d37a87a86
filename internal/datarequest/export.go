package datarequest

import (
	"archive/zip"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/store"
)

// supply makes the file of an export: the blob first, the row after. What a crash leaves in
// between is swept, and the file is made again.
func (rs *Requests) supply(ctx context.Context, r Request) error {
	out, in := io.Pipe()
	go func() { in.CloseWithError(rs.write(ctx, in, r)) }()
	made, err := rs.vault.Put(ctx, out)
	_ = out.CloseWithError(io.ErrClosedPipe) // a writer that is still at work ends
	if err != nil {
		return err
	}
	if err := rs.vault.Flush(made.Key); err != nil {
		return err
	}
	err = rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		until := store.At(tx.Now().Add(time.Duration(rs.policies.Limits.DataRequests.ExportOpen.Duration)))
		r.BlobKey, r.Bytes, r.SHA256, r.OpenUntil, r.ActAt = made.Key, made.Bytes, made.SHA256, until, until
		if err := r.move(ctx, tx, Supply); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, actor.Actor{ID: actor.Verinym.ID, Account: r.AccountID}, "data_request.supply", r.PublicID, map[string]string{"sha256": hex.EncodeToString(made.SHA256)}); err != nil {
			return err
		}
		return rs.tell(ctx, tx, r, "data_request.ready", map[string]string{"Until": rs.day(until.Time)})
	})
	if err != nil {
		return errors.Join(err, rs.vault.Delete(ctx, made.Key))
	}
	return nil
}

// File is the file of an export, open for reading.
type File struct {
	io.ReadCloser
	Name  string
	Bytes int64
}

// Fetch opens the file of an export for who asked for it, who has proved lately who they
// are; the record says so before a byte is given out. Faults: data_request_not_found,
// data_request_not_yours, data_request_no_file, proof_required, session_required.
func (rs *Requests) Fetch(ctx context.Context, a actor.Actor, publicID string) (f File, err error) {
	r, err := rs.find(ctx, rs.store.R, a, publicID)
	if err != nil {
		return f, err
	}
	switch {
	case r.RequestedBy != a.ID:
		return f, fault.New(fault.Forbidden, "data_request_not_yours")
	case r.State != Ready || !rs.store.Now().Before(r.OpenUntil.Time):
		return f, fault.New(fault.Conflict, "data_request_no_file")
	}
	if err := a.CheckProved(rs.store.Now()); err != nil {
		return f, err
	}
	err = rs.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, "data_request.fetch", r.PublicID, map[string]string{"sha256": hex.EncodeToString(r.SHA256)})
	})
	if err != nil {
		return f, wrap("fetch", err)
	}
	body, err := rs.vault.Get(ctx, r.BlobKey)
	return File{ReadCloser: body, Name: "verinym-data-" + r.AskedAt.Format(time.DateOnly) + ".zip", Bytes: r.Bytes}, wrap("fetch", err)
}

// export writes the data of one request. After the first error it writes nothing more.
type export struct {
	rs  *Requests
	ctx context.Context
	db  bun.IDB
	zip *zip.Writer
	of  Request
	// profiles are those that are meant, versions the row ids of theirs.
	profiles []profile.Profile
	versions []int64
	// documents are those of the profiles, each once.
	documents []document.Document
	err       error
}

// write writes the ZIP file of an export as it is read from the database: nothing of it is
// held but the part that is being written.
func (rs *Requests) write(ctx context.Context, w io.Writer, r Request) error {
	x := &export{rs: rs, ctx: ctx, db: rs.store.R, zip: zip.NewWriter(w), of: r}
	x.gather()
	x.request()
	x.holders()
	x.pictures()
	x.domains()
	x.addresses()
	x.mails()
	x.consents()
	if r.ProfileID == 0 {
		x.account()
		x.messages()
		x.signIns()
	}
	return errors.Join(x.err, x.zip.Close())
}

func (x *export) gather() {
	if x.of.ProfileID != 0 {
		var p profile.Profile
		if p, _, x.err = x.rs.profiles.ByRow(x.ctx, x.db, x.of.ProfileID); x.err == nil && p.ErasedAt.IsZero() {
			x.profiles = append(x.profiles, p)
		}
	} else {
		x.profiles, x.err = profile.All(x.ctx, x.db, x.of.AccountID)
	}
	for _, p := range x.profiles {
		if x.err != nil {
			return
		}
		var ids []int64
		ids, x.err = versionIDs(x.ctx, x.db, p.ID)
		x.versions = append(x.versions, ids...)
	}
}

// file writes one file of JSON.
func (x *export) file(name string, content any) {
	if x.err != nil {
		return
	}
	var w io.Writer
	if w, x.err = x.zip.Create(name); x.err != nil {
		return
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	x.err = enc.Encode(content)
}

// pageOf is how many rows are read at once.
const pageOf = 500

// list writes one file of JSON from rows as they are read: next reads the rows after one,
// and returns them as they are shown with the last row's id, 0 for no more.
func (x *export) list(name string, next func(after int64) (items []any, last int64, err error)) {
	if x.err != nil {
		return
	}
	var w io.Writer
	if w, x.err = x.zip.Create(name); x.err != nil {
		return
	}
	separator := "["
	for after := int64(0); x.err == nil; {
		items, last, err := next(after)
		if x.err = err; err != nil || last == 0 {
			break
		}
		for _, item := range items {
			var text []byte
			if text, x.err = json.Marshal(item); x.err == nil {
				_, x.err = w.Write(append([]byte(separator+"\n  "), text...))
			}
			separator = ","
		}
		after = last
	}
	if x.err == nil {
		end := "\n]\n"
		if separator == "[" {
			end = "[]\n"
		}
		_, x.err = io.WriteString(w, end)
	}
}

func (x *export) request() {
	account := "profile"
	if x.of.ProfileID == 0 {
		account = "account"
	}
	x.file("about.json", map[string]any{
		"request": x.of.PublicID, "asked_at": x.of.AskedAt.Time, "made_at": x.rs.store.Now().UTC(), "about": account,
		"law":        []string{"GDPR Articles 15 and 20", "PIPL Article 45"},
		"left_out":   []string{"what staff noted for their colleagues", "data of other people and other accounts"},
		"files":      "profiles/ holds each registrant profile with all of its versions, reviews and reasons; documents/ the pictures as they were uploaded; the other files are lists.",
		"in_chinese": "profiles/ 为各信息模板及其全部版本、审核与原因；documents/ 为上传的证件原图；其余文件为列表。",
	})
}
