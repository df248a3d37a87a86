package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/idempotency"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
)

// wizard are the steps in which a profile is made and edited. Every step saves what is
// there; what is missing is asked for at the end of a step, and by the last one.
func (c *Console) wizard() []page {
	return []page{
		{pattern: "GET /profiles/new", show: c.newProfile},
		{pattern: "POST /profiles/new", show: c.createProfile},
		{pattern: "GET /profiles/{id}/edit/holder", show: c.step(c.holderStep)},
		{pattern: "POST /profiles/{id}/edit/holder", show: c.step(c.saveHolder)},
		{pattern: "GET /profiles/{id}/edit/contact", show: c.step(c.contactStep)},
		{pattern: "POST /profiles/{id}/edit/contact", show: c.step(c.saveContact)},
		{pattern: "POST /profiles/{id}/edit/contact/english", show: c.suggestEnglish, aside: true},
		{pattern: "GET /profiles/{id}/edit/contact/calling-code", show: c.callingCode, aside: true},
		{pattern: "GET /profiles/{id}/edit/document", show: c.step(c.documentStep)},
		{pattern: "POST /profiles/{id}/edit/document", show: c.step(c.saveDocument)},
		{pattern: "POST /profiles/{id}/edit/document/upload", show: c.step(c.upload), upload: true},
		{pattern: "POST /profiles/{id}/edit/document/remove", show: c.step(c.removePicture)},
		{pattern: "POST /profiles/{id}/edit/document/prefill", show: c.step(c.prefill)},
		{pattern: "GET /profiles/{id}/edit/submit", show: c.step(c.submitStep)},
		{pattern: "POST /profiles/{id}/edit/submit", show: c.step(c.submit)},
		{pattern: "GET /profiles/{id}/email", show: c.emailState, aside: true},
		{pattern: "POST /profiles/{id}/email", show: c.sendEmail},
	}
}

// steps are the names of the wizard's steps, in order.
var steps = []string{"holder", "contact", "document", "submit"}

// next is the step with which a draft goes on.
func (r profileRow) next() string {
	f := r.Current.Fields
	switch {
	case f.Email == "" || f.HolderZh(r.HolderType) == "" && f.HolderEn(r.HolderType) == "":
		return "contact"
	case f.DocumentKind == "" || len(r.Documents) == 0 || r.Current.NumberMask == "":
		return "document"
	}
	return "submit"
}

// sheet is a step of the form as it is shown: what is stored, or what was typed and
// cannot be stored yet.
type sheet struct {
	profileRow
	policies *policy.Policies
	at       string
	values   map[string]string
	wrong    []ui.Wrong
	// saved says that what was typed is stored, and something is missing.
	saved bool

	// touches are the domain names that saving touches, where that has to be seen before.
	touches domain.Touched

	// of the document step: whether its kind is being chosen, pictures that were not
	// taken by their side, whether the form was filled in from the pictures, which
	// empty fields of other steps the pictures fill in, and whether pictures are read
	// here.
	choosing bool
	refusals map[string]refusal
	filled   bool
	offered  []string
	reads    bool

	// of the last step: what a review would send back or look at, and when an answer
	// is expected.
	remarks  []profile.Remark
	expected time.Time
}

// sheet is a step of a profile with what is stored.
func (c *Console) sheet(r profileRow, at string) sheet {
	return sheet{profileRow: r, policies: c.Policies, at: at, values: stored(r), reads: c.Documents.Reads()}
}

// step finds the profile that a step is about; one in review is only looked at.
func (c *Console) step(show func(*visit, profileRow) error) func(*visit) error {
	return func(v *visit) error {
		r, err := c.find(v)
		if err != nil {
			return err
		}
		if r.Current.State == profile.InReview {
			return v.redirect(r.path())
		}
		return show(v, r)
	}
}

// value is what a field of the form shows, and wrongAt what is wrong with it.
func (s sheet) value(name string) string { return s.values[name] }

func (s sheet) wrongAt(name string) string {
	for _, w := range s.wrong {
		if w.At == name {
			return w.Text
		}
	}
	return ""
}

// editing says what saving does to a profile that has had its verdict: "verified"
// makes a new version that has to be verified again, "failed" a corrected one; "in_use"
// one beside that on which names rest.
func (s sheet) editing() string {
	switch {
	case s.Current.InUse():
		return "in_use"
	case s.Current.State == profile.Verified || s.Current.State == profile.Failed:
		return string(s.Current.State)
	}
	return ""
}

// keepsOld reports whether saving makes a new version that somebody has to agree to.
func (s sheet) keepsOld() bool { return s.Current.State == profile.Verified || s.Current.InUse() }

// stored are the values of a profile's fields.
func stored(r profileRow) map[string]string {
	f := r.Current.Fields
	return map[string]string{
		"name_zh": f.NameZh, "name_en": f.NameEn, "organization_zh": f.OrganizationZh,
		"organization_en": f.OrganizationEn, "country": f.Country, "residence": f.Home(),
		"province_zh": f.ProvinceZh, "province_en": f.ProvinceEn, "city_zh": f.CityZh, "city_en": f.CityEn, "address_zh": f.AddressZh, "address_en": f.AddressEn,
		"postal_code": f.PostalCode, "phone": f.PhoneTyped, "phone_extension": f.PhoneExtension, "email": f.Email,
		"document_kind": f.DocumentKind, "issued_on": f.IssuedOn, "valid_from": f.ValidFrom, "valid_to": f.ValidTo,
	}
}

// typed puts what a form has into the place of what is stored.
func (s *sheet) typed(v *visit) {
	for name := range s.values {
		if _, there := v.r.PostForm[name]; there {
			s.values[name] = v.value(name)
		}
	}
}

// newProfile is the first step of a profile that is not there yet.
func (c *Console) newProfile(v *visit) error {
	return v.show(newProfilePage(map[string]string{"kind": "cnnic mainland", "holder_type": string(policy.Individual), "residence": "CN"}, nil, c.Policies))
}

func (c *Console) createProfile(v *visit) error {
	err := v.once("", func(ctx context.Context) (string, error) {
		kind, acc, _ := strings.Cut(v.value("kind"), " ")
		home := v.value("residence")
		made, err := c.Profiles.Create(ctx, v.actor, policy.Accreditation(acc), policy.ProfileKind(kind), policy.HolderType(v.value("holder_type")),
			profile.Draft{Incomplete: true, Fields: map[string]*string{"country": &home}})
		if err != nil {
			return "", err
		}
		return profileRow{View: made}.step("contact"), nil
	})
	if wrong := v.wrongs(err); wrong != nil {
		values := map[string]string{"kind": v.value("kind"), "holder_type": v.value("holder_type"), "residence": v.value("residence")}
		return v.render(http.StatusUnprocessableEntity, newProfilePage(values, wrong, c.Policies))
	}
	return err
}

func (c *Console) holderStep(v *visit, r profileRow) error {
	return v.show(holderPage(c.sheet(r, "holder")))
}

func (c *Console) saveHolder(v *visit, r profileRow) error {
	home := v.value("residence")
	field := "residence"
	if r.HolderType == policy.Organization {
		field = "country"
	} else if home == r.Current.Fields.Country {
		home = ""
	}
	s := c.sheet(r, "holder")
	s.typed(v)
	if err := c.save(v, &s, profile.Draft{Fields: map[string]*string{field: &home}}); err != nil {
		return v.refused(err, s, holderPage)
	}
	return v.goOn(s, "contact")
}

func (c *Console) contactStep(v *visit, r profileRow) error {
	return v.show(contactPage(c.sheet(r, "contact")))
}

// contactFields are those of the second step.
var contactFields = []string{
	"name_zh", "name_en", "organization_zh", "organization_en", "country", "province_zh", "province_en", "city_zh",
	"city_en", "address_zh", "address_en",
	"postal_code", "phone", "phone_extension", "email",
}

func (c *Console) saveContact(v *visit, r profileRow) error {
	s := c.sheet(r, "contact")
	d := profile.Draft{Fields: map[string]*string{}}
	for _, name := range contactFields {
		if _, there := v.r.PostForm[name]; !there {
			continue
		}
		value := v.value(name)
		// A suggestion that comes back as it was is still one.
		if suggested, there := v.r.PostForm[name+suggestion]; there && suggested[0] == value {
			continue
		}
		d.Fields[name] = &value
	}
	// Who moves to another country still shows the document of the old one.
	if home, country := r.Current.Fields.Home(), v.value("country"); r.HolderType == policy.Individual && home != "" && country != "" {
		if home == country {
			home = ""
		}
		d.Fields["residence"] = &home
	}
	s.typed(v)
	if s.keepsOld() {
		seen := d
		seen.Incomplete = true
		touches, err := c.Domains.Touches(v.ctx(), v.actor, s.PublicID, seen)
		if err != nil {
			return v.refused(err, s, contactPage)
		}
		if len(touches.Groups) > 0 && v.value("touches") != seenTouches(touches) {
			s.touches = touches
			return v.show(contactPage(s))
		}
	}
	if err := c.save(v, &s, d); err != nil {
		return v.refused(err, s, contactPage)
	}
	if v.value("go") == "email" {
		if _, err := c.Emails.Request(v.ctx(), v.actor, s.Current.Fields.Email); err != nil {
			return v.refused(atEmail(err), s, contactPage)
		}
		return v.done(s.step("contact")+"#email", "done.email_sent")
	}
	if v.value("go") != "next" {
		return v.goOn(s, "")
	}
	if err := c.missing(v, &s); err != nil {
		return err
	}
	if len(s.wrong) > 0 {
		return v.render(http.StatusUnprocessableEntity, contactPage(s))
	}
	return v.goOn(s, "document")
}

// seenTouches says what somebody has seen of what saving does to domain names.
func seenTouches(t domain.Touched) string {
	var out []string
	for _, g := range t.Groups {
		out = append(out, fmt.Sprintf("%s %d", g.Way, g.Total))
	}
	return strings.Join(out, ", ")
}

// shownNames is how many names of a way are written out.
const shownNames = 10

// namesOf writes out the first names of a way.
func namesOf(ctx context.Context, g domain.TouchedGroup) string {
	names := g.Names[:min(len(g.Names), shownNames)]
	more := ""
	if n := g.Total - len(names); n > 0 {
		more = ui.Count(n)
	}
	return ui.T(ctx, "wizard.way_names", "Names", strings.Join(names, ", "), "More", more)
}

// suggestion is behind the name of a field whose value was filled in.
const suggestion = ".suggested"

// suggestEnglish fills the English form of one field in, unless somebody typed it.
func (c *Console) suggestEnglish(v *visit) error {
	r, err := c.find(v)
	if err != nil {
		return err
	}
	field := v.r.URL.Query().Get("field")
	f, ok := pairField(field)
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	typed := v.value(f.en)
	s := c.sheet(r, "contact")
	s.values[f.en] = typed
	if typed == "" || typed == v.value(f.en+suggestion) {
		s.values[f.en] = c.Profiles.Suggest(field, v.value(f.zh), field == "name")
		return v.show(englishField(s, f, true))
	}
	return v.show(englishField(s, f, false))
}

// callingCode is what stands before a phone number of a country.
func (c *Console) callingCode(v *visit) error {
	return v.show(callingCode(c.Policies, v.r.URL.Query().Get("country")))
}

// save stores what is there of a step; the sheet has the profile as it is afterwards. A
// form that comes twice finds what it has saved.
func (c *Console) save(v *visit, s *sheet, d profile.Draft) error {
	d.Incomplete, d.NewVersion = true, v.value("new_version") == "true"
	d.RowVersion, _ = strconv.ParseInt(v.value("row_version"), 10, 64) // 0: whatever is there
	var x profile.View
	var failed error
	sent, err := v.sent()
	if err != nil {
		return err
	}
	known, err := idempotency.Once(v.ctx(), c.Store, sent, func(ctx context.Context) *idempotency.Answer {
		if x, failed = c.Profiles.Edit(ctx, v.actor, s.PublicID, d); failed != nil {
			return nil
		}
		return &idempotency.Answer{Status: http.StatusOK}
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return sentAlready(err)
	case known != nil:
		if x, err = c.Profiles.Get(v.ctx(), v.actor, s.PublicID); err != nil {
			return err
		}
	}
	s.profileRow = profileRow{View: x, Held: s.Held}
	s.values = stored(s.profileRow)
	return nil
}

// missing adds to the sheet what the step lacks, after what was typed is saved.
func (c *Console) missing(v *visit, s *sheet) error {
	remarks, err := c.Profiles.Preflight(v.ctx(), v.actor, s.PublicID, profile.Plan{NoICPFiling: true})
	if err != nil {
		return err
	}
	for _, r := range severe(remarks) {
		if stepOf(r.Field) == s.at && r.Code != "email_unverified" && r.Code != "email_bounced" {
			s.wrong = append(s.wrong, ui.Wrong{At: r.Field, Text: v.Text(r.Code, r.Params)})
		}
	}
	s.saved = len(s.wrong) > 0
	return nil
}

// atEmail points a fault at the address.
func atEmail(err error) error {
	f := *fault.From(err)
	f.Field = "email"
	return &f
}

// refused shows a step again, with what was typed and what is wrong with it.
func (v *visit) refused(err error, s sheet, page func(sheet) templ.Component) error {
	if s.wrong = v.wrongs(err); s.wrong == nil {
		return err
	}
	return v.render(http.StatusUnprocessableEntity, page(s))
}

// goOn leads from a saved step to the next one, or back to the profile.
func (v *visit) goOn(s sheet, next string) error {
	if v.value("go") == "next" && next != "" {
		return v.redirect(s.step(next))
	}
	return v.done(s.path(), "done.profile_saved")
}

// emailState is the state of the profile's address, for a page that waits for it.
func (c *Console) emailState(v *visit) error {
	r, err := c.find(v)
	if err != nil {
		return err
	}
	return v.show(emailLive(r))
}

// sendEmail mails the link to the profile's address.
func (c *Console) sendEmail(v *visit) error {
	r, err := c.find(v)
	if err != nil {
		return err
	}
	return c.sendLink(v, r.Current.Fields.Email, r.path())
}

// sendLink mails the link to an address of the account, and goes back to the page that the
// form came from, or to another.
func (c *Console) sendLink(v *visit, address, back string) error {
	return v.once("", func(ctx context.Context) (string, error) {
		_, err := c.Emails.Request(ctx, v.actor, address)
		switch fault.Code(err) {
		case "":
			v.announce("done.email_sent")
		case "email_resend_too_soon":
			v.announce("done.email_too_soon")
			err = nil
		}
		return cmp.Or(local(v.value("here")), back), err
	})
}
