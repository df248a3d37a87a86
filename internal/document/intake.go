package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/screen"
)

// Upload is a picture on its way in.
type Upload struct {
	// Kind and Side of the document, as policy names them.
	Kind, Side string
	// ProfileKind decides which limits apply, unless Limits are given.
	ProfileKind policy.ProfileKind
	Limits      *policy.Upload
	// FileName and DeclaredType are what the client says.
	FileName, DeclaredType string
	// AskPerson keeps a picture that only a judgement of screening refuses, for a
	// person to look at; Note, at most 500 characters, tells them why.
	AskPerson bool
	Note      string
	Body      io.Reader
}

// longestNote is how many characters a registrant may tell the reviewer.
const longestNote = 500

// Take stores a picture that passes screening. It goes from the wire into the
// vault, sealed, and from there into the jail to be looked at, so that many slow
// uploads need hardly any memory. attach, in the same unit of work as its row,
// puts it where it belongs. When anything fails nothing is left of the picture.
//
// Faults: document_kind_unknown, side_unknown, note_too_long, upload_broken;
// *Rejected when screening refuses it.
func (ds *Documents) Take(ctx context.Context, a actor.Actor, u Upload, attach func(context.Context, *store.Tx, Document) error) (d Document, err error) {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return d, err
	}
	bornDigital, err := ds.known(u.Kind, u.Side)
	switch {
	case err != nil:
		return d, err
	case utf8.RuneCountInString(u.Note) > longestNote:
		return d, fault.At("note", "field_too_long").With("Field", "note").With("Max", strconv.Itoa(longestNote))
	}
	d = Document{
		PublicID: store.NewID("doc"), AccountID: a.Account, Kind: u.Kind, Side: u.Side, State: stored, FileName: baseName(u.FileName), Note: u.Note,
	}
	defer func() {
		if err != nil { // what cannot be deleted now is swept later
			_ = ds.forget(context.WithoutCancel(ctx), d)
		}
	}()
	limits := ds.policies.Limits.Uploads[u.ProfileKind]
	if u.Limits != nil {
		limits = *u.Limits
	}
	if err := ds.receive(ctx, &d, u, limits, bornDigital); err != nil {
		return d, err
	}
	if err := ds.examine(ctx, &d, u, limits, bornDigital); err != nil {
		return d, err
	}
	if err := ds.vault.Flush(d.BlobKey, d.CopyKey, d.ThumbKey); err != nil {
		return d, wrap("take", err)
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		d.CreatedAt = store.At(tx.Now())
		d.LookAt = store.At(tx.Now().Add(ds.policies.Limits.KeepDraft()))
		if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
			return err
		}
		detail := map[string]string{"kind": d.Kind, "side": d.Side, "sha256": fmt.Sprintf("%x", d.SHA256)}
		if d.Contested {
			detail["contested"] = strings.Join(codes(d.Findings), ",")
		}
		if err := audit.Record(ctx, tx, a, "document.take", d.PublicID, detail); err != nil {
			return err
		}
		if err := ds.readSoon(ctx, tx, d); err != nil {
			return err
		}
		return attach(ctx, tx, d)
	})
	return d, wrap("take", err)
}

// known looks up a kind of identity document, or of paper, and its side. Papers, and what is
// put to a document beside its sides, may be born digital: undertakings are typed,
// certificates come as files; photos are not.
func (ds *Documents) known(kind, side string) (bornDigital bool, err error) {
	if d, ok := ds.policies.Document(kind); ok {
		if FurtherNumber(side) > 0 {
			return true, nil
		}
		if !d.HasSide(side) {
			return false, fault.At("side", "side_unknown").With("Side", side)
		}
		return d.BornDigital, nil
	}
	paper, ok := ds.policies.Paper(kind)
	if !ok {
		return false, fault.At("document_kind", "document_kind_unknown").With("Kind", kind)
	}
	if side != Page {
		return false, fault.At("side", "side_unknown").With("Side", side)
	}
	return !paper.Photo, nil
}

// receive seals the upload into the vault as it comes.
func (ds *Documents) receive(ctx context.Context, d *Document, u Upload, limits policy.Upload, bornDigital bool) error {
	in := &wire{r: u.Body, left: limits.MaxBytes}
	original, err := ds.vault.Put(ctx, in)
	switch {
	case err == nil:
		d.BlobKey, d.Bytes, d.SHA256 = original.Key, original.Bytes, original.SHA256
		return nil
	case in.left < 0:
		// Nobody reads on to learn how large it is; how it begins tells the rest.
		report, err := screen.Screen(ctx, bytes.NewReader(in.head), limits.MaxBytes+1, screenOptions(u, limits, bornDigital))
		if err != nil {
			return wrap("screen", err)
		}
		findings := present(report.Findings)
		for _, f := range findings {
			if f.Code == string(screen.FileTooLarge) {
				f.Params["Size"] = "> " + f.Params["Max"]
			}
		}
		return rejected(u.Side, findings)
	case in.broken != nil:
		return fault.At("file", "upload_broken").Because(in.broken)
	}
	return wrap("receive", err)
}

// wire reads at most left bytes of an upload and remembers how it began.
type wire struct {
	r      io.Reader
	left   int64
	head   []byte
	broken error
}

var errTooLarge = errors.New("more bytes than may be uploaded")

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.r.Read(p[:min(int64(len(p)), w.left+1)])
	if room := 4096 - len(w.head); room > 0 {
		w.head = append(w.head, p[:min(n, room)]...)
	}
	if w.left -= int64(n); w.left < 0 {
		return 0, errTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) {
		w.broken = err
	}
	return n, err
}

// examine has the picture looked at in jail and stores what was derived from it.
func (ds *Documents) examine(ctx context.Context, d *Document, u Upload, limits policy.Upload, bornDigital bool) error {
	q := question{Options: screenOptions(u, limits, bornDigital), Most: limits.MaxBytes, Contested: u.AskPerson}
	if c := limits.RegistryCopy; c != nil {
		q.Least, q.Most = c.MinBytes, c.MaxBytes
	}
	args, err := json.Marshal(q)
	if err != nil {
		return wrap("examine", err)
	}
	end, err := ds.turns.take(ctx, d.AccountID)
	if err != nil {
		return wrap("examine", err)
	}
	picture := func() (io.ReadCloser, error) { return ds.vault.Get(ctx, d.BlobKey) }
	reply, err := ds.jail.Do(ctx, look, picture, args)
	end()
	if errors.Is(err, jail.ErrKilled) {
		return rejected(u.Side, []Finding{{Code: string(screen.FileCorrupt), Severity: string(screen.Error), Hard: true}})
	}
	var a answer
	if err == nil {
		err = json.Unmarshal(reply, &a)
	}
	if err != nil {
		return wrap("examine", err)
	}
	d.Fingerprint = encodePrint(a.Print)
	before, err := ds.refusedBefore(ctx, ds.store.R, *d, a.Print)
	if err != nil {
		return err
	}
	d.Findings = append(present(a.Findings), before...)
	d.Contested = a.Verdict == screen.Reject || len(before) > 0
	d.Corners = [][2]int{}
	for _, c := range a.Corners {
		d.Corners = append(d.Corners, [2]int{int(c.X), int(c.Y)})
	}
	d.Verdict, d.Format, d.Width, d.Height = string(a.Verdict), string(a.Image.Format), a.Image.Width, a.Image.Height
	if d.Contested {
		d.Verdict = string(screen.Reject)
	}
	switch {
	case a.refused(u.AskPerson), len(before) > 0 && !u.AskPerson:
		r := rejected(u.Side, d.Findings)
		r.Preview, r.Width, r.Height = a.Preview, a.Image.Width, a.Image.Height
		if r.Preview == nil { // it looks well, and was refused before
			r.Preview = a.Thumb
		}
		return r
	case a.NoCopy:
		return rejected(u.Side, []Finding{noCopy(limits)})
	}
	made, err := ds.vault.Put(ctx, bytes.NewReader(a.Copy))
	if err != nil {
		return wrap("seal", err)
	}
	d.CopyKey, d.CopyBytes, d.CopySHA256 = made.Key, made.Bytes, made.SHA256
	if made, err = ds.vault.Put(ctx, bytes.NewReader(a.Thumb)); err != nil {
		return wrap("seal", err)
	}
	d.ThumbKey = made.Key
	return nil
}

func noCopy(limits policy.Upload) Finding {
	f := Finding{
		Code: "registry_copy_not_possible", Severity: string(screen.Error), Hard: true,
		Params: map[string]string{"Formats": "JPEG", "Min": "0 KB", "Max": HumanBytes(limits.MaxBytes)},
	}
	if c := limits.RegistryCopy; c != nil {
		f.Params = map[string]string{"Formats": c.Format, "Min": HumanBytes(c.MinBytes), "Max": HumanBytes(c.MaxBytes)}
	}
	return f
}

// forget deletes the pictures of a document that is not kept.
func (ds *Documents) forget(ctx context.Context, d Document) error {
	var failed []error
	for _, key := range []string{d.BlobKey, d.CopyKey, d.ThumbKey} {
		if key != "" {
			failed = append(failed, ds.vault.Delete(ctx, key))
		}
	}
	return errors.Join(failed...)
}

// baseName is a file's name without the folders that some browsers send along, and
// without what is no text.
func baseName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
}

func screenOptions(u Upload, l policy.Upload, bornDigital bool) screen.Options {
	p := screen.Policy{MinBytes: l.MinBytes, MaxBytes: l.MaxBytes, BornDigital: bornDigital}
	for _, f := range l.Formats {
		p.Formats = append(p.Formats, screen.Format(f))
	}
	o := screen.Options{Name: u.FileName, DeclaredType: u.DeclaredType, Kind: u.Kind, Side: u.Side, Policy: p}
	if FurtherNumber(u.Side) > 0 { // it may be of any kind
		o.Kind, o.Side = "", ""
	}
	return o
}
