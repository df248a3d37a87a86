package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/screen"
)

// Document is one side of one identity document.
type Document struct {
	bun.BaseModel `bun:"table:document"`

	ID         int64 `bun:",pk,autoincrement"`
	PublicID   string
	AccountID  int64
	Kind       string
	Side       string
	State      string
	FileName   string
	Format     string
	Width      int
	Height     int
	Bytes      int64
	SHA256     []byte `bun:"sha256"`
	BlobKey    string
	CopyKey    string
	CopyBytes  int64
	CopySHA256 []byte `bun:"copy_sha256"`
	Verdict    string
	Findings   []Finding
	CreatedAt  store.Time
}

// Finding is what screening says about a picture: a canonical reason, how grave
// it is, the values its text needs and where in the picture (x, y, w, h in
// pixels) it was seen.
type Finding struct {
	Code     string            `json:"code"`
	Severity string            `json:"severity"`
	Hard     bool              `json:"hard,omitempty"`
	Params   map[string]string `json:"params,omitempty"`
	Region   []int             `json:"region,omitempty"`
}

// Rejected is the error of a refused picture. Unwrap gives the fault
// document_rejected with one detail a finding.
type Rejected struct {
	Findings []Finding
	fault    *fault.Error
}

// Error names the codes.
func (r *Rejected) Error() string { return r.fault.Error() }

// Unwrap gives the fault.
func (r *Rejected) Unwrap() error { return r.fault }

// Documents owns the rows and the pictures behind them.
type Documents struct {
	store    *store.Store
	vault    *vault.Vault
	policies *policy.Policies
}

// New returns the documents of s.
func New(s *store.Store, v *vault.Vault, p *policy.Policies) *Documents {
	return &Documents{store: s, vault: v, policies: p}
}

// Upload is a picture on its way in.
type Upload struct {
	// Kind and Side of the document, as policy names them.
	Kind, Side string
	// ProfileKind decides which limits apply.
	ProfileKind policy.ProfileKind
	// FileName and DeclaredType are what the client says.
	FileName, DeclaredType string
	Body                   io.Reader
}

// Take screens a picture and stores it. attach, in the same unit of work as its
// row, puts it where it belongs; when it fails, nothing is left of the picture.
// Faults: document_kind_unknown, side_unknown; *Rejected when screening refuses it.
func (ds *Documents) Take(ctx context.Context, a actor.Actor, u Upload, attach func(context.Context, *store.Tx, Document) error) (d Document, err error) {
	if err := a.Check(actor.DocumentWrite); err != nil {
		return d, err
	}
	kind, ok := ds.policies.Document(u.Kind)
	if !ok {
		return d, fault.At("document_kind", "document_kind_unknown").With("Kind", u.Kind)
	}
	if !kind.HasSide(u.Side) {
		return d, fault.At("side", "side_unknown").With("Side", u.Side)
	}
	limits := ds.policies.Limits.Uploads[u.ProfileKind]
	// One byte over the limit is enough to know; the rest is never read.
	picture, err := io.ReadAll(io.LimitReader(u.Body, limits.MaxBytes+1))
	if err != nil {
		return d, fault.At("file", "upload_broken").Because(err)
	}
	report, err := screen.Screen(ctx, bytes.NewReader(picture), int64(len(picture)), screen.Options{
		Name: u.FileName, DeclaredType: u.DeclaredType, Kind: u.Kind, Side: u.Side, Policy: screenPolicy(limits, kind),
	})
	if err != nil {
		return d, wrap("screen", err)
	}
	findings := Present(report.Findings)
	if int64(len(picture)) > limits.MaxBytes {
		sizeUnknown(findings)
	}
	if report.Verdict == screen.Reject {
		return d, rejected(u.Side, findings)
	}
	d = Document{
		PublicID: store.NewID("doc"), AccountID: a.Account, Kind: u.Kind, Side: u.Side, State: "stored",
		FileName: baseName(u.FileName), Format: string(report.Image.Format), Width: report.Image.Width, Height: report.Image.Height,
		Verdict: string(report.Verdict), Findings: findings,
	}
	if err := ds.seal(ctx, &d, picture, limits); err != nil {
		return d, err
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		d.CreatedAt = store.At(tx.Now())
		if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, a, "document.take", d.PublicID, map[string]string{"kind": d.Kind, "side": d.Side, "sha256": fmt.Sprintf("%x", d.SHA256)}); err != nil {
			return err
		}
		return attach(ctx, tx, d)
	})
	if err != nil {
		// The row is what makes a picture ours; without it the pictures go at once.
		return d, errors.Join(wrap("take", err), ds.vault.Delete(context.WithoutCancel(ctx), d.BlobKey), ds.forgetCopy(context.WithoutCancel(ctx), d))
	}
	return d, nil
}

// seal stores the original and, where the registry wants another form, its copy.
func (ds *Documents) seal(ctx context.Context, d *Document, picture []byte, limits policy.Upload) error {
	var derived []byte
	if c := limits.RegistryCopy; c != nil {
		var err error
		if derived, err = registryCopy(picture, c.MinBytes, c.MaxBytes); err != nil {
			return rejected(d.Side, []Finding{{Code: "registry_copy_not_possible", Severity: "error", Hard: true, Params: map[string]string{
				"Formats": c.Format, "Min": humanBytes(strconv.FormatInt(c.MinBytes, 10)), "Max": humanBytes(strconv.FormatInt(c.MaxBytes, 10))}}})
		}
	}
	original, err := ds.vault.Put(ctx, bytes.NewReader(picture))
	if err != nil {
		return wrap("seal", err)
	}
	d.BlobKey, d.Bytes, d.SHA256 = original.Key, original.Bytes, original.SHA256
	if derived == nil {
		return nil
	}
	stored, err := ds.vault.Put(ctx, bytes.NewReader(derived))
	if err != nil {
		return errors.Join(wrap("seal", err), ds.vault.Delete(context.WithoutCancel(ctx), d.BlobKey))
	}
	d.CopyKey, d.CopyBytes, d.CopySHA256 = stored.Key, stored.Bytes, stored.SHA256
	return nil
}

func (ds *Documents) forgetCopy(ctx context.Context, d Document) error {
	if d.CopyKey == "" {
		return nil
	}
	return ds.vault.Delete(ctx, d.CopyKey)
}

// RegistryCopy returns the bytes that a registry gets, and their digest.
func (ds *Documents) RegistryCopy(ctx context.Context, d Document) (picture, sha256 []byte, err error) {
	key, sum := d.CopyKey, d.CopySHA256
	if key == "" {
		key, sum = d.BlobKey, d.SHA256
	}
	picture, err = ds.vault.Read(ctx, key)
	return picture, sum, wrap("registry copy", err)
}

// Picture opens the original after the reveal has been recorded. It needs
// review.decide.
func (ds *Documents) Picture(ctx context.Context, a actor.Actor, publicID string) (d Document, r io.ReadCloser, err error) {
	if err := a.Check(actor.ReviewDecide); err != nil {
		return d, nil, err
	}
	err = ds.store.R.NewSelect().Model(&d).Where("public_id = ?", publicID).Scan(ctx)
	if store.IsNotFound(err) {
		return d, nil, fault.New(fault.NotFound, "document_not_found")
	}
	if err != nil {
		return d, nil, wrap("picture", err)
	}
	err = ds.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, "document.reveal", d.PublicID, nil)
	})
	if err != nil {
		return d, nil, wrap("picture", err)
	}
	r, err = ds.vault.Get(ctx, d.BlobKey)
	return d, r, wrap("picture", err)
}

// ByIDs returns documents of an account by row id.
func ByIDs(ctx context.Context, db bun.IDB, account int64, ids []int64) (out []Document, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = db.NewSelect().Model(&out).Where("account_id = ?", account).Where("id IN (?)", bun.List(ids)).OrderExpr("id").Scan(ctx)
	return out, wrap("read", err)
}

// baseName is a file's name without the folders that some browsers send along.
func baseName(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

func screenPolicy(l policy.Upload, d policy.Document) screen.Policy {
	p := screen.Policy{MinBytes: l.MinBytes, MaxBytes: l.MaxBytes, BornDigital: d.BornDigital}
	for _, f := range l.Formats {
		p.Formats = append(p.Formats, screen.Format(f))
	}
	return p
}

// Present turns what screening found into findings whose parameters people can read.
func Present(in []screen.Finding) []Finding {
	out := make([]Finding, 0, len(in))
	for _, f := range in {
		g := Finding{Code: string(f.Code), Severity: string(f.Severity), Hard: f.Hard, Params: map[string]string{}}
		for k, v := range f.Params {
			switch k {
			case "Size", "Min", "Max":
				v = humanBytes(v)
			case "Formats":
				v = strings.ReplaceAll(v, ",", ", ")
			}
			g.Params[k] = v
		}
		if f.Region != nil {
			g.Region = []int{int(f.Region.X), int(f.Region.Y), int(f.Region.W), int(f.Region.H)}
		}
		out = append(out, g)
	}
	return out
}

// sizeUnknown corrects what is said about a picture that was not read to its end:
// it is larger than what was read.
func sizeUnknown(findings []Finding) {
	for _, f := range findings {
		if f.Code == string(screen.FileTooLarge) {
			f.Params["Size"] = "> " + f.Params["Max"]
		}
	}
}

// humanBytes turns a decimal byte count into what people read.
func humanBytes(raw string) string {
	var n float64
	if _, err := fmt.Sscan(raw, &n); err != nil {
		return raw
	}
	if n >= 1<<20 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", n/(1<<20)), ".0") + " MB"
	}
	return fmt.Sprintf("%.0f KB", n/(1<<10))
}

func rejected(side string, findings []Finding) *Rejected {
	f := fault.At(side, "document_rejected")
	for _, x := range findings {
		if x.Severity == "error" {
			f.Details = append(f.Details, &fault.Error{Kind: fault.Invalid, Code: x.Code, Field: side, Params: x.Params})
		}
	}
	return &Rejected{Findings: findings, fault: f}
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("document: %s: %w", op, err)
}
