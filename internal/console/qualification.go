package console

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/qualification"
)

func (c *Console) qualificationPages() []page {
	return []page{
		{pattern: "GET /qualifications/{id}", show: c.qualification},
		{pattern: "POST /qualifications/{id}/upload", show: c.uploadPaper, upload: true},
		{pattern: "POST /qualifications/{id}/remove", show: c.removePaper},
		{pattern: "POST /qualifications/{id}/pattern", show: c.choosePattern},
		{pattern: "POST /qualifications/{id}/submit", show: c.submitPapers},
		{pattern: "GET /qualifications/{id}/documents/{document}/small", show: c.paperThumbnail},
	}
}

// paperSheet is what the page of a qualification shows.
type paperSheet struct {
	qualification.View
	limits policy.Upload
	wrong  []ui.Wrong
	// contestable is the kind of a picture that only a judgement has refused.
	contestable string
}

func paperPath(q qualification.Qualification) string { return "/qualifications/" + q.PublicID }

// open reports whether papers may be uploaded.
func (s paperSheet) open() bool {
	return s.State == qualification.Asked || s.State == qualification.Failed
}

// sets groups what is wanted: what is wanted in any case first, then each set of which
// one is enough.
func (s paperSheet) sets() (out [][]qualification.Want) {
	for _, w := range s.Wants {
		for len(out) <= w.Set {
			out = append(out, nil)
		}
		out[w.Set] = append(out[w.Set], w)
	}
	return out
}

// pages are the pictures of a kind that are there.
func (s paperSheet) pages(w qualification.Want) (out []document.Document) {
	for _, d := range s.Documents {
		if d.Kind == w.Kind && d.Side == w.Side && d.ErasedAt.IsZero() {
			out = append(out, d)
		}
	}
	return out
}

func (c *Console) paperSheet(v *visit) (paperSheet, error) {
	found, err := c.Qualifications.Get(v.ctx(), v.actor, v.r.PathValue("id"))
	return paperSheet{View: found, limits: c.Policies.Limits.Uploads[policy.Common]}, err
}

func (c *Console) qualification(v *visit) error {
	s, err := c.paperSheet(v)
	if err != nil {
		return err
	}
	return v.show(qualificationPage(s))
}

// again shows the page with what was wrong.
func (c *Console) qualificationAgain(v *visit, refused error, kind string) error {
	s, err := c.paperSheet(v)
	if err != nil {
		return err
	}
	var rejected *document.Rejected
	if errors.As(refused, &rejected) {
		for _, f := range (refusal{Rejected: rejected}).errors() {
			s.wrong = append(s.wrong, ui.Wrong{At: kind, Text: v.Text(f.Code, f.Params)})
		}
		if rejected.Contestable() {
			s.contestable = kind
		}
	} else if s.wrong = v.wrongs(refused); s.wrong == nil {
		return refused
	}
	v.Here = paperPath(s.Qualification)
	return v.render(http.StatusUnprocessableEntity, qualificationPage(s))
}

func (c *Console) uploadPaper(v *visit) error {
	var kind string
	id := v.r.PathValue("id")
	err := form.Picture(v.r, document.Upload{Side: "front"}, "kind", func(u document.Upload) error {
		kind = u.Kind
		_, _, err := c.Qualifications.Attach(v.ctx(), v.actor, id, u)
		return err
	})
	if err != nil {
		return c.qualificationAgain(v, err, kind)
	}
	v.announce("done.picture_taken")
	return v.redirect("/qualifications/" + id + "#" + kind)
}

func (c *Console) removePaper(v *visit) error {
	q, err := c.Qualifications.Detach(v.ctx(), v.actor, v.r.PathValue("id"), v.value("document"))
	if err != nil {
		return err
	}
	return v.redirect(paperPath(q.Qualification))
}

func (c *Console) choosePattern(v *visit) error {
	q, err := c.Qualifications.SetPattern(v.ctx(), v.actor, v.r.PathValue("id"), v.value("pattern"))
	if err != nil {
		return c.qualificationAgain(v, err, "pattern")
	}
	return v.redirect(paperPath(q.Qualification))
}

func (c *Console) submitPapers(v *visit) error {
	q, err := c.Qualifications.Submit(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return c.qualificationAgain(v, err, "")
	}
	return v.done(paperPath(q.Qualification), "done.papers_submitted")
}

// paperThumbnail shows a page so small that nothing on it can be read.
func (c *Console) paperThumbnail(v *visit) error {
	s, err := c.paperSheet(v)
	if err != nil {
		return err
	}
	for _, d := range s.Documents {
		if d.PublicID == v.r.PathValue("document") {
			picture, err := c.Documents.Thumbnail(v.ctx(), v.actor, d.PublicID)
			if err != nil {
				return err
			}
			return v.jpeg(picture)
		}
	}
	return fault.New(fault.NotFound, "document_not_found")
}

// papersOf is the qualification of a name of the visitor's account, nil where the name
// asks for nothing.
func (c *Console) papersOf(v *visit, name string) (*qualification.View, error) {
	found, err := c.Qualifications.Of(v.ctx(), c.Store.R, v.actor.Account, name)
	if fault.Code(err) == "qualification_not_found" {
		return nil, nil
	}
	return &found, err
}

// verdictOf is how a qualification stands in the words of a domain's verdicts.
func verdictOf(q qualification.Qualification) string {
	words := map[qualification.State]domain.Verdict{
		qualification.Asked: domain.NotCompleted, qualification.InReview: domain.InReview,
		qualification.Passed: domain.Verified, qualification.Failed: domain.Failed,
	}
	return string(words[q.State])
}

// lacking says how many things are missing before the papers can be submitted.
func lacking(q qualification.View) string { return strconv.Itoa(len(q.Missing())) }
