package profile

import (
	"context"
	"slices"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/reading"
	"github.com/verinym/verinym/internal/store"
)

// Doubt is something that reading the pictures could not confirm: a warning about a field (of the profile's own), or about
// the picture where Field is empty. Numbers are masked.
type Doubt struct {
	Code, Field, Typed, Read, Side string
	Confidence                     float64
}

// doubts compares what was typed with what was read on the pictures of a version's document.
func (ps *Profiles) doubts(p Profile, v Version, docs []document.Document) (out []Doubt, err error) {
	pages, err := ps.documents.Pages(docs)
	form, ok := ps.policies.Form(v.Fields.DocumentKind)
	if err != nil || !ok || len(pages) == 0 {
		return nil, err
	}
	number, err := ps.number(v)
	if err != nil {
		return nil, err
	}
	now := ps.store.Now()
	read := form.Read(now, pages...)
	for _, u := range form.Compare(v.typed(p, number), read, now, pages...) {
		d := Doubt{Code: u.Code, Field: FieldName(p, string(u.Field)), Typed: u.Typed, Read: u.Read, Side: u.Side, Confidence: u.Confidence}
		if u.Field == reading.Number {
			d.Typed, d.Read = masked(form.Number, u.Typed), masked(form.Number, u.Read)
		}
		out = append(out, d)
	}
	// An organisation's mailing address is that of its licence, as far as places have names.
	if a, ok := read.Values[reading.Address]; ok && p.HolderType == policy.Organization && v.Fields.Country == "CN" {
		if places := ps.policies.Places; placeOf(places, a.Text).elsewhere(v.Fields.placed(places)) {
			out = append(out, Doubt{
				Code: "address_mismatch", Field: FieldName(p, "address"), Typed: v.Fields.address(), Read: a.Text,
				Side: a.Side, Confidence: a.Confidence,
			})
		}
	}
	return out, nil
}

// Compared is a field as it was typed and as it was read on the pictures.
type Compared struct {
	// Field is by the name that profiles have for it.
	Field, Typed, Read, Side string
	// Confirmed: the document says the same; Open: nothing is said either way, such as of
	// an address, which may be another one than the document's.
	Confirmed, Open bool
}

// Comparison holds a version against its pictures.
type Comparison struct {
	Fields []Compared
	// Pages are what was read; none while the number is masked.
	Pages []reading.Page
}

// Compare holds what ForReview returned against what was read on its pictures. The number
// is masked on both sides where it is masked for the reader ("").
func (ps *Profiles) Compare(v View, number string) (c Comparison, err error) {
	pages, err := ps.documents.Pages(v.Documents)
	form, ok := ps.policies.Form(v.Current.Fields.DocumentKind)
	if err != nil || !ok || len(pages) == 0 {
		return c, err
	}
	clear := number != ""
	if !clear {
		if number, err = ps.number(v.Current); err != nil {
			return c, err
		}
	}
	now := ps.store.Now()
	typed, read := v.Current.typed(v.Profile, number), form.Read(now, pages...)
	typed[reading.Address] = v.Current.Fields.address()
	doubted := form.Compare(typed, read, now, pages...)
	for _, field := range []reading.Field{reading.Name, reading.NameLatin, reading.Number, reading.IssuedOn, reading.ValidFrom, reading.ValidTo, reading.Address} {
		got, seen := read.Values[field]
		if typed[field] == "" || !seen && field == reading.NameLatin {
			continue
		}
		doubt := slices.IndexFunc(doubted, func(u reading.Unconfirmed) bool { return u.Field == field })
		x := Compared{Field: FieldName(v.Profile, string(field)), Typed: typed[field], Read: got.Text, Side: got.Side}
		x.Open = field == reading.Address || field == reading.NameLatin || doubt < 0 && !seen
		x.Confirmed = doubt < 0 && seen && (!x.Open || x.Typed == x.Read)
		if field == reading.Number && !clear {
			x.Typed, x.Read = masked(form.Number, x.Typed), masked(form.Number, x.Read)
		}
		c.Fields = append(c.Fields, x)
	}
	if clear {
		c.Pages = pages
	}
	return c, nil
}

// address is the whole of it in one line, as documents print it.
func (f Fields) address() string { return f.ProvinceZh + f.CityZh + f.AddressZh }

// typed is what a version says that its document shows.
func (v Version) typed(p Profile, number string) reading.Typed {
	f := v.Fields
	t := reading.Typed{
		reading.Name: f.HolderZh(p.HolderType), reading.NameLatin: f.HolderEn(p.HolderType), reading.Number: number,
		reading.IssuedOn: f.IssuedOn, reading.ValidFrom: f.ValidFrom, reading.ValidTo: f.ValidTo,
	}
	if t[reading.Name] == "" {
		t[reading.Name] = t[reading.NameLatin]
	}
	if f.LongTerm {
		t[reading.ValidTo] = reading.LongTerm
	}
	return t
}

func masked(kind identifier.Kind, number string) string {
	if number == "" {
		return ""
	}
	n, _ := identifier.Parse(kind, number)
	return n.Mask()
}

// Offer is what the pictures of a profile's document can fill its form in with.
type Offer struct {
	// Fields are by the names that Draft has for them; the number is in clear.
	Fields   map[string]string
	LongTerm bool
	// Unread are the sides whose picture has not been read yet.
	Unread []string
	// Off: pictures are not read here.
	Off bool
}

// Prefill offers the registrant who asks for it what was read on the pictures. Nothing is changed: what they take of it comes
// back as an edit. Fault: profile_not_found.
func (ps *Profiles) Prefill(ctx context.Context, a actor.Actor, publicID string) (o Offer, err error) {
	if err := a.Check(actor.ProfileWrite); err != nil {
		return o, err
	}
	p, err := find(ctx, ps.store.R, a.Account, publicID)
	if err != nil {
		return o, err
	}
	v, err := versionByID(ctx, ps.store.R, p.VersionID)
	if err != nil {
		return o, err
	}
	docs, err := ps.attached(ctx, ps.store.R, v)
	if err != nil {
		return o, err
	}
	o = Offer{Fields: map[string]string{}, Off: !ps.documents.Reads()}
	for _, d := range docs {
		if d.ReadAt.IsZero() && document.FurtherNumber(d.Side) == 0 {
			o.Unread = append(o.Unread, d.Side)
		}
	}
	// The number leaves the vault in clear: that is recorded first.
	err = ps.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Record(ctx, tx, a, "profile.prefill", p.PublicID, nil)
	})
	if err != nil {
		return o, wrap("prefill", err)
	}
	pages, err := ps.documents.Pages(docs)
	if err != nil {
		return o, wrap("prefill", err)
	}
	form, _ := ps.policies.Form(v.Fields.DocumentKind)
	o.fill(p, form.Read(ps.store.Now(), pages...).Prefill())
	return o, nil
}

// fill takes what was read into the fields of a form. Who has a Latin name only gives it in the Chinese field too.
func (o *Offer) fill(p Profile, read map[reading.Field]reading.Value) {
	holder := "name"
	if p.HolderType == policy.Organization {
		holder = "organization"
	}
	names := map[reading.Field]string{
		reading.Name: holder + "_zh", reading.NameLatin: holder + "_en", reading.Number: "document_number", reading.Address: "address_zh",
		reading.IssuedOn: "issued_on", reading.ValidFrom: "valid_from", reading.ValidTo: "valid_to",
	}
	for field, v := range read {
		switch name, ok := names[field]; {
		case field == reading.ValidTo && v.Text == reading.LongTerm:
			o.LongTerm = true
		case ok:
			o.Fields[name] = v.Text
		}
	}
	if latin := o.Fields[holder+"_en"]; latin != "" && o.Fields[holder+"_zh"] == "" {
		o.Fields[holder+"_zh"] = latin
	}
}
