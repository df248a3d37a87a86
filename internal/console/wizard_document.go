package console

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/screen"
)

// refusal is a picture that was not taken, and what was told the reviewer with it.
type refusal struct {
	*document.Rejected
	Note string
}

// source is the picture itself, which is kept nowhere else.
func (r refusal) source() string {
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(r.Preview)
}

// errors are the findings that the picture is refused for.
func (r refusal) errors() (out []document.Finding) {
	for _, f := range r.Findings {
		if f.Severity == "error" {
			out = append(out, f)
		}
	}
	return out
}

func (c *Console) documentStep(v *visit, r profileRow) error {
	s := c.sheet(r, "document")
	s.choosing = r.Current.Fields.DocumentKind == "" || v.r.URL.Query().Has("choose")
	return v.show(documentPage(s))
}

// saveDocument stores the kind of document, or what stands on it.
func (c *Console) saveDocument(v *visit, r profileRow) error {
	s := c.sheet(r, "document")
	s.typed(v)
	d := profile.Draft{Fields: map[string]*string{}}
	if kind := v.value("document_kind"); kind != "" {
		s.choosing = true
		d.Fields["document_kind"] = &kind
		if kind != r.Current.Fields.DocumentKind { // the number is another one
			none := ""
			d.Fields["document_number"] = &none
		}
		if err := c.save(v, &s, d); err != nil {
			return v.refused(err, s, documentPage)
		}
		return v.redirect(s.step("document"))
	}
	for _, name := range append([]string{"issued_on", "valid_from", "valid_to"}, contactFields...) {
		if _, there := v.r.PostForm[name]; there {
			value := v.value(name)
			d.Fields[name] = &value
			if slices.Contains(contactFields, name) {
				s.offered = append(s.offered, name)
			}
		}
	}
	if number := v.value("document_number"); number != "" { // empty leaves what is stored
		d.Fields["document_number"] = &number
	}
	longTerm := v.value("long_term") == "true"
	d.LongTerm = &longTerm
	s.values["document_number"] = v.value("document_number")
	s.Current.Fields.LongTerm = longTerm
	if err := c.save(v, &s, d); err != nil {
		return v.refused(err, s, documentPage)
	}
	if v.value("go") != "next" {
		return v.goOn(s, "")
	}
	if err := c.missing(v, &s); err != nil {
		return err
	}
	if len(s.wrong) > 0 {
		return v.render(http.StatusUnprocessableEntity, documentPage(s))
	}
	return v.goOn(s, "submit")
}

// upload takes a picture. One that is refused comes back with what is wrong, and is
// kept nowhere.
func (c *Console) upload(v *visit, r profileRow) error {
	var taken document.Upload
	err := form.Picture(v.r, document.Upload{Side: "front"}, "side", func(u document.Upload) error {
		taken = u
		_, _, err := c.Profiles.Attach(v.ctx(), v.actor, r.PublicID, v.r.URL.Query().Has("new_version"), u)
		return err
	})
	if err == nil {
		v.announce("done.picture_taken")
		return v.redirect(r.step("document") + "#" + taken.Side)
	}
	s := c.sheet(r, "document")
	var rejected *document.Rejected
	if !errors.As(err, &rejected) {
		return v.refused(err, s, documentPage)
	}
	s.refusals = map[string]refusal{taken.Side: {rejected, taken.Note}}
	for _, f := range (refusal{Rejected: rejected}).errors() {
		s.wrong = append(s.wrong, ui.Wrong{At: taken.Side, Text: v.Text(titleOf(v.Page, f.Code), f.Params)})
		if f.Code == string(screen.FileTooLarge) {
			v.skip()
			return v.render(http.StatusRequestEntityTooLarge, documentPage(s))
		}
	}
	return v.render(http.StatusUnprocessableEntity, documentPage(s))
}

// titleOf is the id of a reason's title, or of its text when it has none.
func titleOf(p *ui.Page, code string) string {
	if id := code + ".title"; p.Texts.Has(id) {
		return id
	}
	return code
}

func (c *Console) removePicture(v *visit, r profileRow) error {
	if _, err := c.Profiles.Detach(v.ctx(), v.actor, r.PublicID, v.value("side"), v.value("new_version") == "true"); err != nil {
		return err
	}
	return v.done(r.step("document"), "done.picture_removed")
}

// prefill shows the form with what was read on the pictures; nothing is stored.
func (c *Console) prefill(v *visit, r profileRow) error {
	s := c.sheet(r, "document")
	s.typed(v)
	s.values["document_number"] = v.value("document_number")
	s.Current.Fields.LongTerm = v.value("long_term") == "true"
	for _, name := range contactFields {
		if v.r.PostForm.Has(name) {
			s.offered = append(s.offered, name)
		}
	}
	o, err := c.Profiles.Prefill(v.ctx(), v.actor, r.PublicID)
	if err != nil {
		return v.refused(err, s, documentPage)
	}
	if o.Off || len(o.Unread) > 0 {
		s.wrong = []ui.Wrong{{Text: v.T("wizard.unread")}}
		if o.Off {
			s.wrong[0].Text = v.T("wizard.not_read")
		}
		return v.render(http.StatusUnprocessableEntity, documentPage(s))
	}
	for name, value := range o.Fields {
		// What was typed in another step stays; where the picture says otherwise, that
		// is a warning beside it.
		if slices.Contains(contactFields, name) {
			if s.values[name] != "" {
				continue
			}
			s.offered = append(s.offered, name)
		}
		s.values[name] = value
	}
	slices.Sort(s.offered)
	s.offered = slices.Compact(s.offered)
	s.Current.Fields.LongTerm = s.Current.Fields.LongTerm || o.LongTerm
	s.filled = true
	return v.show(documentPage(s))
}

// looked are the checks of a picture, each with the codes of what it finds.
var looked = []struct {
	text  string
	codes []string
}{
	{"check.complete", []string{"cut_off", "no_margin", "no_document", "two_documents"}},
	{"check.sharp", []string{"blurred", "too_few_pixels"}},
	{"check.light", []string{"glare", "dark", "overexposed", "low_contrast"}},
	{"check.colour", []string{"grayscale"}},
	{"check.clear", []string{"obstructed", "watermark"}},
	{"check.real", []string{"edited", "screenshot", "photo_of_screen", "born_digital_copy"}},
	{"check.side", []string{"wrong_side", "mirrored"}},
}

// checks are the checks that found nothing, none when the picture could not be looked
// at.
func checks(ctx context.Context, found []document.Finding) (out []ui.Finding) {
	for _, c := range looked {
		if slices.ContainsFunc(found, func(f document.Finding) bool { return f.Hard || f.Code == "picture_not_checked" }) {
			return nil
		}
		if !slices.ContainsFunc(found, func(f document.Finding) bool { return slices.Contains(c.codes, f.Code) }) {
			out = append(out, ui.Finding{Text: ui.T(ctx, c.text), Tone: "ok"})
		}
	}
	return out
}

// checks are those of a refused picture, passed or not.
func (r refusal) checks(ctx context.Context) []ui.Finding {
	out := checks(ctx, r.Findings)
	if out == nil {
		return nil
	}
	for _, f := range r.Findings {
		tone := "warn"
		if f.Severity == "error" {
			tone = "bad"
		}
		out = append(out, ui.Finding{Text: reasonText(ctx, titleOf(ui.On(ctx), f.Code), f.Params), Tone: tone})
	}
	return out
}

// langOf is the language that a field is typed in.
func langOf(field string) string {
	if strings.HasSuffix(field, "_zh") {
		return "zh-CN"
	}
	return "en"
}

// kind is the document that the holder shows.
func (s sheet) kind() policy.Document {
	d, _ := s.policies.Document(s.Current.Fields.DocumentKind)
	return d
}

// kinds are those that the holder may show, the preferred first; those that are rarely
// shown come apart.
func (s sheet) kinds(ctx context.Context) (first, rare []ui.Choice) {
	for i, d := range s.policies.DocumentsFor(s.HolderType, s.Current.Fields.Home()) {
		x := ui.Choice{Value: d.Code, Text: ui.T(ctx, "kind."+d.Code), More: sidesOf(ctx, d), Art: shapeOf(d.Code)}
		if i == 0 {
			x.Tag = ui.T(ctx, "wizard.preferred")
		}
		if i < 4 {
			first = append(first, x)
		} else {
			rare = append(rare, x)
		}
	}
	return first, rare
}

// shapes are what documents look like that are no certificates.
var shapes = map[string]ui.Shape{
	"resident_id": ui.Card, "hk_macao_travel_permit": ui.Card, "taiwan_travel_permit": ui.Card,
	"hk_macao_residence_permit": ui.Card, "taiwan_residence_permit": ui.Card,
	"foreign_permanent_resident_id": ui.Card, "temporary_resident_id": ui.Card, "passport": ui.Booklet, "household_register": ui.Booklet,
	"foreign_registration": ui.Paper, "hk_certificate_of_incorporation": ui.Paper, "hk_business_registration": ui.Paper, "household_certificate": ui.Paper,
	"foreign_tourism_office_approval": ui.Paper, "other_organization_document": ui.Paper,
}

// shapeOf is what a kind of document looks like.
func shapeOf(kind string) ui.Shape { return cmp.Or(shapes[kind], ui.Certificate) }

// sidesOf says which sides of a document are asked for.
func sidesOf(ctx context.Context, d policy.Document) string {
	if len(d.RequiredSides()) == len(d.Sides) {
		return ui.T(ctx, "wizard.sides_all", "Count", ui.Count(len(d.Sides)))
	}
	return ui.T(ctx, "wizard.sides_some")
}

// sides are those of the document: the ones that must be there, and the others.
func (s sheet) sides() (wanted, others []string) {
	wanted = s.Sides
	for _, x := range s.kind().Sides {
		if !slices.Contains(wanted, x.Side) {
			others = append(others, x.Side)
		}
	}
	for _, d := range s.Documents { // what an earlier review had asked for
		if document.FurtherNumber(d.Side) > 0 && !slices.Contains(wanted, d.Side) && d.ErasedAt.IsZero() {
			others = append(others, d.Side)
		}
	}
	return wanted, others
}

// sideName is how the document's side is called.
func (s sheet) sideName(ctx context.Context, side string) string {
	for _, x := range s.kind().Sides {
		if x.Side == side && ui.On(ctx).Tag() == "en" {
			return capital(x.EN)
		} else if x.Side == side {
			return x.ZH
		}
	}
	return capital(sideText(ctx, side))
}

// sideText is what a side of any document is called.
func sideText(ctx context.Context, side string) string {
	p := ui.On(ctx)
	return p.Texts.Name(p.Lang, "side", side)
}

// picture is the picture of a side, nil for none.
func (s sheet) picture(side string) *document.Document {
	i := slices.IndexFunc(s.Documents, func(d document.Document) bool { return d.Side == side && d.ErasedAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &s.Documents[i]
}

// uploadPath is where a picture is sent to.
func (s sheet) uploadPath() string {
	to := s.step("document") + "/upload"
	if s.keepsOld() {
		to += "?new_version=true"
	}
	return to
}

// limits are what a picture may be.
func (s sheet) limits() policy.Upload { return s.policies.Limits.Uploads[s.Profile.Kind] }

// most is how many bytes a picture may have, for the script.
func (s sheet) most() string { return strconv.FormatInt(s.limits().MaxBytes, 10) }

// submitStep says what a review would send back, before anything is sent.
func (c *Console) submitStep(v *visit, r profileRow) error {
	s := c.sheet(r, "submit")
	if err := c.check(v, &s); err != nil {
		return err
	}
	return v.show(submitPage(s))
}

func (c *Console) check(v *visit, s *sheet) (err error) {
	if s.remarks, err = c.Profiles.Preflight(v.ctx(), v.actor, s.PublicID, profile.Plan{}); err != nil {
		return err
	}
	s.expected = c.Policies.Calendar.After(v.Now, c.Policies.Limits.Review[s.Profile.Kind].Usual).At.Add(-time.Second)
	return nil
}

func (c *Console) submit(v *visit, r profileRow) error {
	_, err := c.Profiles.Submit(v.ctx(), v.actor, r.PublicID, "")
	if err == nil {
		return v.done(r.path(), "done.profile_submitted")
	}
	s := c.sheet(r, "submit")
	if err := c.check(v, &s); err != nil {
		return err
	}
	return v.refused(err, s, submitPage)
}
