package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
)

// casePages are those of one case.
func (c *Console) casePages() []page {
	return []page{
		{pattern: "GET /cases/{id}", show: c.reviewCase},
		{pattern: "GET /cases/{id}/documents/{document}", show: c.casePicture},
		{pattern: "GET /cases/{id}/documents/{document}/small", show: c.caseThumbnail},
		{pattern: "POST /cases/{id}/claim", show: c.claimCase},
		{pattern: "POST /cases/{id}/release", show: c.releaseCase},
		{pattern: "POST /cases/{id}/decision", show: c.decideCase},
		{pattern: "POST /cases/{id}/assignment", show: c.assignCase},
		{pattern: "POST /cases/{id}/priority", show: c.prioritiseCase},
	}
}

// caseView is what the page of one case shows.
type caseView struct {
	review.Case
	reasons []review.Reason
	names   map[string]string
	me      string
	// held says that the reader has the case in hand: pictures and number are in clear.
	held, decides, leads bool
	staff                []account.Colleague

	profile  *profile.View
	papers   *qualification.View
	number   string
	compared profile.Comparison
	attempts []profile.Attempt
	// enhanced is what the case is about where it is none of a profile.
	enhanced *enhanced.View
	unopened []string
	// side is which picture is shown (see tab), "all" for all of them beside each other.
	side    string
	choices []choice
	// typed is what the form had when it came back, wrong what is to be corrected in it.
	typed url.Values
	wrong []ui.Wrong
}

func (x caseView) path() string { return "/cases/" + x.PublicID }

// ended reports whether there is nothing to decide any more.
func (x caseView) ended() bool {
	return !slices.Contains([]review.State{review.Open, review.Claimed, review.Waiting}, x.State)
}

func (c *Console) reviewCase(v *visit) error {
	x, err := c.caseOf(v)
	if err != nil {
		return err
	}
	return v.showCase(x)
}

func (v *visit) showCase(x caseView) error {
	// What the page is about to show is looked at in a moment.
	x.unopened = slices.DeleteFunc(x.unopened, func(id string) bool {
		return slices.ContainsFunc(x.shown(), func(d document.Document) bool { return d.PublicID == id })
	})
	status := http.StatusOK
	if x.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return v.render(status, casePage(x))
}

// backToCase shows the case with its form as it was filled in.
func (v *visit) backToCase(x caseView) error {
	x.typed = v.r.PostForm
	for i := range x.choices {
		x.choices[i].retype(x.typed)
	}
	v.Here = x.path()
	return v.showCase(x)
}

// caseOf reads the case with what was submitted.
func (c *Console) caseOf(v *visit) (x caseView, err error) {
	found, reasons, err := c.Reviews.Find(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return x, err
	}
	x = caseView{
		Case: found, reasons: reasons, me: v.actor.ID, decides: v.actor.May(actor.ReviewDecide),
		leads: v.actor.May(actor.ReviewLead), side: v.r.URL.Query().Get("side"),
	}
	who, _ := holder(found, v.Now)
	x.held = found.State == review.Claimed && who == v.actor.ID
	if x.leads && !x.ended() {
		if x.staff, err = c.Accounts.Reviewers(v.ctx(), v.actor); err != nil {
			return x, err
		}
	}
	involved := []review.Case{found}
	switch found.SubjectKind {
	case review.ProfileVersion, accountcheck.Kind:
		if err := c.submitted(v, &x); err != nil {
			return x, err
		}
		for _, a := range x.attempts {
			involved = append(involved, a.Case)
		}
	case enhanced.Kind:
		asked, err := c.Enhanced.ForReview(v.ctx(), v.actor, found)
		if err != nil {
			return x, err
		}
		x.enhanced = &asked
	case qualification.Kind:
		papers, err := c.Qualifications.ForReview(v.ctx(), v.actor, found)
		if err != nil {
			return x, err
		}
		x.papers = &papers
	}
	if x.names, err = c.namesOn(v, involved); err != nil {
		return x, err
	}
	if x.held {
		if x.unopened, err = c.Reviews.Unopened(v.ctx(), c.Store.R, found); err != nil {
			return x, err
		}
	}
	if x.held || x.leads && x.State == review.Passed {
		x.choices = c.deskReasons(v, found.SubjectKind, &x)
	}
	return x, nil
}

// submitted adds the profile that a case is about.
func (c *Console) submitted(v *visit, x *caseView) error {
	p, number, err := c.Profiles.ForReview(v.ctx(), v.actor, x.Case)
	if err != nil {
		return err
	}
	x.profile, x.number = &p, number
	if x.compared, err = c.Profiles.Compare(p, number); err != nil {
		return err
	}
	x.attempts, err = c.Profiles.AttemptsForReview(v.ctx(), v.actor, p.Profile)
	return err
}

// documents are the pictures of the case.
func (x caseView) documents() []document.Document {
	switch {
	case x.papers != nil:
		return x.papers.Documents
	case x.profile != nil:
		return frontFirst(x.profile.Documents)
	case x.enhanced != nil:
		return x.enhanced.Documents
	}
	return nil
}

// frontFirst puts the side that says who somebody is before the others.
func frontFirst(all []document.Document) []document.Document {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b document.Document) int {
		switch {
		case a.Side == b.Side:
			return 0
		case a.Side == "front":
			return -1
		case b.Side == "front":
			return 1
		}
		return 0
	})
	return out
}

// tab names a picture of the case: by its side where there is one document, by its id
// where there are papers too.
func (x caseView) tab(d document.Document) string {
	if x.enhanced != nil {
		return d.PublicID
	}
	return d.Side
}

// shown are the pictures that the page shows now: that of the chosen side, or all.
func (x caseView) shown() []document.Document {
	all := x.documents()
	if x.side == "all" || x.papers != nil || len(all) == 0 {
		return all
	}
	i := slices.IndexFunc(all, func(d document.Document) bool { return x.tab(d) == x.side })
	return all[max(i, 0) : max(i, 0)+1]
}

// casePicture shows a document of a case that the reader has in hand. It is written down
// as a look at it: a pass needs one at every document.
func (c *Console) casePicture(v *visit) error {
	x, err := c.caseOf(v)
	if err != nil {
		return err
	}
	if !x.held {
		return fault.New(fault.Conflict, "review_not_claimed")
	}
	return c.picture(v, x, func(id string) ([]byte, error) { return c.Documents.Picture(v.ctx(), v.actor, id) })
}

// caseThumbnail shows a document so small that nothing on it can be read.
func (c *Console) caseThumbnail(v *visit) error {
	x, err := c.caseOf(v)
	if err != nil {
		return err
	}
	return c.picture(v, x, func(id string) ([]byte, error) { return c.Documents.Thumbnail(v.ctx(), v.actor, id) })
}

func (c *Console) picture(v *visit, x caseView, of func(id string) ([]byte, error)) error {
	id := v.r.PathValue("document")
	if !slices.ContainsFunc(x.documents(), func(d document.Document) bool { return d.PublicID == id }) {
		return fault.New(fault.NotFound, "document_not_found")
	}
	picture, err := of(id)
	if err != nil {
		return err
	}
	return v.jpeg(picture)
}

func (c *Console) claimCase(v *visit) error {
	found, err := c.Reviews.Claim(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.redirect("/cases/" + found.PublicID)
}

func (c *Console) releaseCase(v *visit) error {
	if _, err := c.Reviews.Release(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done("/queue", "done.case_released")
}

func (c *Console) assignCase(v *visit) error {
	found, err := c.Reviews.Assign(v.ctx(), v.actor, v.r.PathValue("id"), v.value("reviewer"))
	if err != nil {
		return err
	}
	return v.done("/cases/"+found.PublicID, "done.case_saved")
}

func (c *Console) prioritiseCase(v *visit) error {
	if err := v.actor.Check(actor.ReviewLead); err != nil {
		return err
	}
	p := strings.TrimSpace(v.value("priority"))
	if len(p) != 1 || p[0] < '0' || p[0] > '9' {
		return fault.New(fault.Invalid, "body_invalid").With("Words", "priority")
	}
	found, err := c.Reviews.Prioritise(v.ctx(), v.actor, v.r.PathValue("id"), int(p[0]-'0'))
	if err != nil {
		return err
	}
	return v.done("/cases/"+found.PublicID, "done.case_saved")
}

// decision is what the page shows that asks once more.
type decision struct {
	caseView
	do    string
	given []review.Reason
}

// decideCase asks once, shows what the registrant will read, and then decides.
func (c *Console) decideCase(v *visit) error {
	d := decision{do: v.value("do")}
	if !slices.Contains([]string{"pass", "fail", "ask", "escalate", "reverse"}, d.do) {
		return fault.New(fault.Invalid, "body_invalid").With("Words", "do")
	}
	var err error
	if d.caseView, err = c.caseOf(v); err != nil {
		return err
	}
	if d.do == "fail" || d.do == "reverse" {
		d.given = givenReasons(v)
	}
	switch {
	case v.value("go") == "back":
		return v.backToCase(d.caseView)
	case d.do == "fail" && len(d.given) == 0:
		d.wrong = v.wrongs(fault.At("reasons", "reason_required"))
		return v.backToCase(d.caseView)
	}
	d.typed = v.r.PostForm
	if v.value("confirm") == "yes" {
		announced, err := c.decide(v, d)
		if err == nil {
			return v.done(d.next(), announced)
		}
		if d.wrong = v.wrongs(err); d.wrong == nil {
			return err
		}
	}
	v.Here = d.path()
	status := http.StatusOK
	if d.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return v.render(status, decisionPage(d))
}

// next is where one goes on after a decision.
func (d decision) next() string {
	if d.do == "reverse" {
		return d.path()
	}
	return "/queue"
}

// decide carries out what was confirmed, and returns what is announced.
func (c *Console) decide(v *visit, d decision) (announced string, err error) {
	note, staff := strings.TrimSpace(v.value("note")), strings.TrimSpace(v.value("staff_note"))
	switch d.do {
	case "pass":
		found, err := c.Reviews.Decide(v.ctx(), v.actor, d.PublicID, review.Decision{Pass: true, StaffNote: staff})
		if found.State == review.Open {
			return "done.case_endorsed", err
		}
		return "done.case_passed", err
	case "fail":
		_, err = c.Reviews.Decide(v.ctx(), v.actor, d.PublicID, review.Decision{Reasons: d.given, StaffNote: staff})
		return "done.case_failed", err
	case "ask":
		_, err = c.Reviews.AskMore(v.ctx(), v.actor, d.PublicID, review.More{
			Side: v.value("side"), Document: strings.TrimSpace(v.value("document")), Note: note, StaffNote: staff,
		})
		return "done.case_returned", err
	case "escalate":
		_, err = c.Reviews.Escalate(v.ctx(), v.actor, d.PublicID, v.value("cause"))
		return "done.case_escalated", err
	}
	_, err = c.Reviews.Reverse(v.ctx(), v.actor, d.PublicID, v.value("cause"), d.given)
	return "done.case_reversed", err
}

// choice is a reason that can be given.
type choice struct {
	code, title, text string
	// by is who found it already, "" for nobody.
	by     string
	ticked bool
	params []param
	// places are the sides or fields that it may be about, at the one it is.
	places []ui.Option
	at     string
}

// retype puts what a form had into the place of what is known.
func (c *choice) retype(typed url.Values) {
	c.ticked = slices.Contains(typed["reason"], c.code)
	c.at = cmp.Or(typed.Get("at."+c.code), c.at)
	for i, p := range c.params {
		if !p.known {
			c.params[i].value = typed.Get("p." + c.code + "." + p.name)
		}
	}
}

// param is a value that the reason's text takes; it is asked for where nobody knows it.
type param struct {
	name, value string
	known       bool
}

// usual are the reasons that a desk gives most, after those that were found already.
var usual = map[review.Kind][]string{
	review.ProfileVersion: {"name_mismatch", "number_mismatch", "cut_off", "glare", "blurred", "obstructed", "expired", "address_mismatch", "seal_illegible"},
	qualification.Kind:    {"qualification_holder_mismatch", "qualification_rejected", "application_form_mismatch", "label_not_covered", "seal_illegible", "blurred"},
	review.DomainName:     {"name_prohibited", "name_restricted", "label_not_covered", "extra_qualification_missing", "qualification_rejected"},
}

// digits is how many reasons have a key of their own.
const digits = 9

// deskReasons lists the reasons that a reviewer may give, those found already first and
// ticked, then the usual ones. x may be nil: then it is about many cases.
func (c *Console) deskReasons(v *visit, kind review.Kind, x *caseView) (out []choice) {
	all := c.Policies.Reasons()
	if x != nil {
		out = c.foundReasons(v, *x)
	}
	have := func(code string) bool {
		return slices.ContainsFunc(out, func(h choice) bool { return h.code == code })
	}
	rank := func(code string) int {
		if i := slices.Index(usual[kind], code); i >= 0 {
			return i
		}
		return len(usual[kind])
	}
	slices.SortStableFunc(all, func(a, b policy.Reason) int { return cmp.Compare(rank(a.Code), rank(b.Code)) })
	for _, r := range all {
		if !have(r.Code) && (rank(r.Code) < len(usual[kind]) || slices.Contains(r.FoundBy, "desk")) {
			out = append(out, c.choiceOf(v, x, r, "", nil, ""))
		}
	}
	return out
}

// foundReasons are what screening and reading found, ticked. A doubt of reading is not
// ticked: it is for a person to look at.
func (c *Console) foundReasons(v *visit, x caseView) (out []choice) {
	for _, d := range x.documents() {
		for _, f := range d.Findings {
			if r, ok := c.Policies.Reason(f.Code); ok && !slices.ContainsFunc(out, func(h choice) bool { return h.code == r.Code }) {
				one := c.choiceOf(v, &x, r, "screening", f.Params, d.Side)
				one.ticked = f.Severity == "error"
				out = append(out, one)
			}
		}
	}
	return out
}

// choiceOf is a reason with what is known of its values and place.
func (c *Console) choiceOf(v *visit, x *caseView, r policy.Reason, by string, params map[string]string, side string) choice {
	out := choice{code: r.Code, title: v.T(r.Code + ".title"), by: by}
	known := map[string]string{}
	if x != nil {
		known["Suffix"], known["Domain"] = domain.Display(x.Suffix), x.Title
		if x.papers != nil { // whose case has the holder in its title too
			known["Domain"] = x.papers.Domain
		}
		if x.profile != nil {
			f := x.profile.Current.Fields
			known["Kind"], known["Region"], known["Date"] = f.DocumentKind, f.Home(), f.ValidTo
		}
	}
	values := map[string]string{}
	for _, name := range r.Params {
		value := cmp.Or(params[name], known[name])
		out.params = append(out.params, param{name, value, value != ""})
		values[name] = value
	}
	out.text = v.Texts.Text(v.Lang, r.Code, values)
	if x == nil || x.profile == nil {
		return out
	}
	switch {
	case r.PointsAt.Kind == "field" && r.PointsAt.Name == "":
		for _, name := range []string{
			"name_zh", "name_en", "organization_zh", "organization_en", "document_number", "address_zh", "address_en",
			"phone", "email", "valid_to",
		} {
			out.places = append(out.places, ui.Option{Value: name, Text: v.T("field." + name)})
		}
	case (r.PointsAt.Kind == "picture" || r.PointsAt.Kind == "side") && r.PointsAt.Name == "" && len(x.documents()) > 1:
		for _, d := range x.documents() {
			out.places = append(out.places, ui.Option{Value: d.Side, Text: v.Texts.Name(v.Lang, "side", d.Side)})
		}
	}
	if out.at = side; out.at == "" && len(out.places) > 0 {
		out.at = out.places[0].Value
	}
	return out
}

// givenReasons are those of a form with a picker. The note for the registrant goes with
// the first.
func givenReasons(v *visit) (out []review.Reason) {
	for _, code := range v.r.PostForm["reason"] {
		r := review.Reason{Code: code, PointsName: v.value("at." + code), Params: map[string]string{}}
		for name, values := range v.r.PostForm {
			if param, ok := strings.CutPrefix(name, "p."+code+"."); ok && values[0] != "" {
				r.Params[param] = values[0]
			}
		}
		out = append(out, r)
	}
	if len(out) > 0 {
		out[0].Note = strings.TrimSpace(v.value("note"))
	}
	return out
}
