package console

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
)

// profileView is what the page of one profile shows.
type profileView struct {
	profileRow
	reasons  []reason
	attempts []profile.Attempt
	// open is how many things stand between a draft and its submission.
	open int
	// usable: names may be held with it as it is, without a review.
	usable bool
	// ends is when the document behind it ends, zero for never.
	ends time.Time
	// filing is what is known of ICP filings for its names.
	filing profile.Filing
}

// reason is why a review failed, and where it points.
type reason struct {
	review.Reason
	number int
	// goes leads to the field or side, text says so.
	goes, text string
	// picture is the side that the reason is about, nil for none; region the finding
	// of screening that says where.
	picture *document.Document
	region  []int
}

func (c *Console) profile(v *visit) error {
	r, err := c.find(v)
	if err != nil {
		return err
	}
	p := profileView{profileRow: r, ends: c.Profiles.DocumentEnds(r.Current), filing: c.Profiles.Filing(r.Profile, r.Current)}
	if p.attempts, err = c.Profiles.Attempts(v.ctx(), v.actor, r.PublicID); err != nil {
		return err
	}
	if r.Current.State == profile.Unverified {
		remarks, err := c.Profiles.Preflight(v.ctx(), v.actor, r.PublicID, profile.Plan{NoICPFiling: true})
		if err != nil {
			return err
		}
		p.open = len(severe(remarks))
		p.usable = p.open == 0 && !c.Profiles.NeedsVerification(r.Profile)
	}
	if r.failed() {
		for i, x := range r.Reasons {
			p.reasons = append(p.reasons, r.pointed(v, i+1, x))
		}
	}
	return v.show(profilePage(p))
}

// again reports whether a failed profile may be submitted as it is: none of its reasons
// is the registrant's.
func (p profileView) again() bool {
	return !slices.ContainsFunc(p.Reasons, func(r review.Reason) bool { return r.Retryable != "system" })
}

// has reports whether there is a picture of a side.
func (r profileRow) has(side string) bool {
	return slices.ContainsFunc(r.Documents, func(d document.Document) bool { return d.Side == side && d.ErasedAt.IsZero() })
}

// pointed finds out where a reason leads.
func (r profileRow) pointed(v *visit, number int, x review.Reason) reason {
	out := reason{Reason: x, number: number}
	step, at := stepOf(x.PointsName), x.PointsName
	switch {
	case profile.AsksForMore(x.Code):
		step, out.text = "document", v.T("profile.add_picture")
		if !slices.Contains(r.Sides, at) || r.has(at) {
			at = document.Further
			if i := slices.IndexFunc(r.Sides, func(side string) bool { return document.FurtherNumber(side) > 0 && !r.has(side) }); i >= 0 {
				at = r.Sides[i]
			}
		}
	case x.PointsKind == "picture", x.PointsKind == "side":
		step = "document"
		if at == "" {
			at = "front"
		}
		out.text = v.T("profile.replace_picture")
		for i, d := range r.Documents {
			if d.Side == at || x.PointsName == "" {
				out.picture = &r.Documents[i]
				for _, f := range d.Findings {
					if f.Code == x.Code {
						out.region = f.Region
					}
				}
				break
			}
		}
	case x.PointsKind == "field":
		out.text = v.T("profile.correct_field", "Field", at)
	default:
		return out
	}
	out.goes = r.step(step) + "#" + at
	return out
}

// stepOf is the step of the form that has a field or side.
func stepOf(field string) string {
	switch {
	case slices.Contains([]string{
		"document_kind", "document_number", "issued_on", "valid_from", "valid_to", "front", "back", "page",
	}, field), document.FurtherNumber(field) > 0:
		return "document"
	case slices.Contains([]string{"residence", "country", "accreditation", "kind", "holder_type"}, field):
		return "holder"
	}
	return "contact"
}

// severe are the remarks that stop a submission.
func severe(all []profile.Remark) (out []profile.Remark) {
	for _, r := range all {
		if r.Severity == "error" {
			out = append(out, r)
		}
	}
	return out
}

// retry says what can be done about a reason.
func (r reason) retry(ctx context.Context) string { return ui.T(ctx, "reason.retry_"+r.Retryable) }

// attemptLines are the timeline of a profile, the newest first.
func (p profileView) attemptLines(ctx context.Context) (out ui.Moments) {
	add := func(dot, text string, at time.Time) {
		out = append(out, struct{ Dot, Text, When string }{dot, text, ui.Moment(ctx, at)})
	}
	if p.inReview() {
		out = append(out, struct{ Dot, Text, When string }{"next", ui.T(ctx, "profile.answer_expected"), ui.Day(ctx, p.expected())})
	}
	for _, a := range p.attempts {
		n := strconv.Itoa(a.Version.Number)
		switch a.Version.State {
		case profile.Verified:
			add("ok-d", ui.T(ctx, "profile.version_verified", "Number", n), a.Version.DecidedAt.Time)
		case profile.Failed:
			add("bad-d", ui.T(ctx, "profile.version_failed", "Number", n, "Count", strconv.Itoa(len(a.Reasons))), a.Version.DecidedAt.Time)
		case profile.Withdrawn:
			add("", ui.T(ctx, "profile.version_withdrawn", "Number", n), a.Version.SubmittedAt.Time)
			continue
		}
		add("run-d", ui.T(ctx, "profile.version_submitted", "Number", n), a.Version.SubmittedAt.Time)
	}
	add("", ui.T(ctx, "profile.created"), p.Profile.CreatedAt.Time)
	return out
}

// thumbnail shows a picture of the profile, too small for anything on it to be read.
func (c *Console) thumbnail(v *visit) error {
	x, err := c.Profiles.Get(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	id := v.r.PathValue("document")
	if !slices.ContainsFunc(x.Documents, func(d document.Document) bool { return d.PublicID == id }) {
		return fault.New(fault.NotFound, "document_not_found")
	}
	picture, err := c.Documents.Thumbnail(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	v.w.Header().Set("Cache-Control", "private, max-age=3600")
	return v.jpeg(picture)
}

// lines joins the parts of an address that are there.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}
