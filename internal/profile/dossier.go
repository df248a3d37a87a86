package profile

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
)

var _ review.Disclosable = (*Profiles)(nil)

// ourOwn are fields that say nothing about the holder.
var ourOwn = []string{"phone_typed", "english_typed"}

// Dossier is a version as an outside authority is shown it. The caller has recorded that
// the document number is opened.
func (ps *Profiles) Dossier(ctx context.Context, subject int64) (d review.Dossier, err error) {
	p, v, err := ps.ByVersion(ctx, ps.store.R, subject)
	if err != nil {
		return d, err
	}
	if d.Fields, err = v.Fields.byName(); err != nil {
		return d, wrap("dossier", err)
	}
	if d.Fields["document_number"], err = ps.number(v); err != nil {
		return d, wrap("dossier", err)
	}
	if p.HolderType == policy.Individual { // their organisation is kept, never sent
		delete(d.Fields, "organization_zh")
		delete(d.Fields, "organization_en")
	}
	d.Fields["accreditation"], d.Fields["profile_kind"], d.Fields["holder_type"] = string(p.Accreditation), string(p.Kind), string(p.HolderType)
	have, err := ps.attached(ctx, ps.store.R, v)
	for _, x := range have {
		if x.ErasedAt.IsZero() {
			d.Pictures = append(d.Pictures, review.Picture{
				ID: x.PublicID, Kind: x.Kind, Side: x.Side, MediaType: "image/jpeg", Bytes: x.CopyBytes,
				SHA256: x.CopySHA256,
			})
		}
	}
	return d, err
}

// byName are the fields that are filled in, by the names that the interface has for them.
func (f Fields) byName() (map[string]string, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(b, &values); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, v := range values {
		switch v := v.(type) {
		case string:
			out[name] = v
		case bool:
			out[name] = strconv.FormatBool(v)
		}
	}
	for _, name := range ourOwn {
		delete(out, name)
	}
	return out, nil
}

// Picture returns the copy of a picture of a version. Faults: document_not_found,
// document_erased.
func (ps *Profiles) Picture(ctx context.Context, subject int64, id string) ([]byte, error) {
	v, err := versionByID(ctx, ps.store.R, subject)
	if err != nil {
		return nil, err
	}
	have, err := ps.attached(ctx, ps.store.R, v)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(have, func(d document.Document) bool { return d.PublicID == id })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "document_not_found")
	}
	picture, _, err := ps.documents.Copy(ctx, have[i])
	return picture, err
}
