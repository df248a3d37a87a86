package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/form"
)

// enhancedPages are those of enhanced verifications: staff asks for one, the registrant
// answers it.
func (c *Console) enhancedPages() []page {
	return []page{
		{pattern: "GET /enhanced-verifications", show: func(v *visit) error { return c.showEnhancedList(v, enhanced.Opening{}, nil) }},
		{pattern: "POST /enhanced-verifications", show: c.openEnhanced},
		{pattern: "GET /enhanced-verifications/{id}", show: func(v *visit) error { return c.showEnhanced(v, nil, nil) }},
		{pattern: "POST /enhanced-verifications/{id}/documents", show: c.attachEnhanced, upload: true},
		{pattern: "POST /enhanced-verifications/{id}/submission", show: c.submitEnhanced},
		{pattern: "POST /enhanced-verifications/{id}/cancellation", show: c.cancelEnhanced},
	}
}

// enhancedOnPage is how many enhanced verifications the list has.
const enhancedOnPage = 100

// enhancedList is what the list of enhanced verifications shows.
type enhancedList struct {
	rows []enhanced.View
	// all asks for those too that have ended; opens says that the reader may open one.
	all, opens bool
	typed      enhanced.Opening
	wrong      []ui.Wrong
}

func (c *Console) showEnhancedList(v *visit, typed enhanced.Opening, refused error) error {
	l := enhancedList{all: v.r.URL.Query().Get("show") == "all", opens: v.actor.May(actor.EnhancedOpen), typed: typed}
	at := "domain"
	if typed.Domain == "" {
		at = "profile"
	}
	status, err := v.sought(&l.wrong, refused, at)
	if err != nil {
		return err
	}
	if l.rows, err = c.Enhanced.List(v.ctx(), v.actor, !l.all, enhancedOnPage); err != nil {
		return err
	}
	return v.render(status, enhancedListPage(l))
}

func (c *Console) openEnhanced(v *visit) error {
	o := enhanced.Opening{
		Domain: strings.TrimSpace(v.value("domain")), Profile: strings.TrimSpace(v.value("profile")),
		Cause: v.value("cause"), Note: v.value("note"),
	}
	err := v.once("done.enhanced_opened", func(ctx context.Context) (string, error) {
		x, err := c.Enhanced.Open(ctx, v.actor, o)
		return "/enhanced-verifications/" + x.PublicID, err
	})
	if err != nil {
		return c.showEnhancedList(v, o, err)
	}
	return nil
}

// enhancedView is what the page of one enhanced verification shows.
type enhancedView struct {
	enhanced.View
	// staff reads all of it; own says that it is of the reader's account.
	staff, own, opens bool
	limits            string
	wrong             []ui.Wrong
	// refused are the findings of the picture that was not taken, at its kind and side.
	refused *document.Rejected
	at      string
}

func (x enhancedView) path() string { return "/enhanced-verifications/" + x.PublicID }

// answerable reports whether it can be uploaded to and submitted.
func (x enhancedView) answerable() bool {
	_, err := enhanced.Table.Next(x.State, enhanced.Submit)
	return x.own && err == nil
}

// ended reports whether nothing happens to it any more.
func (x enhancedView) ended() bool {
	_, err := enhanced.Table.Next(x.State, enhanced.Cancel)
	return err != nil
}

// picture is what was uploaded for something that is wanted.
func (x enhancedView) picture(w enhanced.Want) (d document.Document, there bool) {
	i := slices.IndexFunc(x.Documents, func(d document.Document) bool {
		return d.Kind == w.Kind && d.Side == w.Side && d.ErasedAt.IsZero()
	})
	if i < 0 {
		return d, false
	}
	return x.Documents[i], true
}

// wantID is the anchor of something that is wanted.
func wantID(kind, side string) string { return kind + "-" + side }

func (c *Console) showEnhanced(v *visit, refused error, at *document.Upload) error {
	found, err := c.Enhanced.Get(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	x := enhancedView{
		View: found, staff: v.actor.May(actor.ReviewRead),
		own:   found.AccountID == v.actor.Account && v.actor.May(actor.DocumentWrite),
		opens: v.actor.May(actor.EnhancedOpen),
	}
	x.limits = document.HumanBytes(c.Policies.Limits.Enhanced.Upload.MaxBytes)
	status := http.StatusOK
	if at != nil {
		x.at = wantID(at.Kind, at.Side)
	}
	if errors.As(refused, &x.refused) {
		status = http.StatusUnprocessableEntity
		for _, f := range (refusal{Rejected: x.refused}).errors() {
			x.wrong = append(x.wrong, ui.Wrong{At: x.at, Text: v.Text(titleOf(v.Page, f.Code), f.Params)})
		}
	} else if status, err = v.correctable(&x.wrong, refused); err != nil {
		return err
	}
	return v.render(status, enhancedPage(x))
}

func (c *Console) attachEnhanced(v *visit) error {
	id := v.r.PathValue("id")
	taken := document.Upload{Side: "front"}
	err := form.Picture(v.r, taken, "kind", func(u document.Upload) error {
		if taken = u; u.Side == "" {
			taken.Side = document.Page
		}
		_, _, err := c.Enhanced.Attach(v.ctx(), v.actor, id, u)
		return err
	})
	if err != nil {
		return c.showEnhanced(v, err, &taken)
	}
	v.announce("done.picture_taken")
	return v.redirect("/enhanced-verifications/" + id + "#" + wantID(taken.Kind, taken.Side))
}

func (c *Console) submitEnhanced(v *visit) error {
	x, err := c.Enhanced.Submit(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return c.showEnhanced(v, err, nil)
	}
	return v.done("/enhanced-verifications/"+x.PublicID, "done.enhanced_submitted")
}

func (c *Console) cancelEnhanced(v *visit) error {
	x, err := c.Enhanced.Cancel(v.ctx(), v.actor, v.r.PathValue("id"), v.value("cause"))
	if err != nil {
		return c.showEnhanced(v, err, nil)
	}
	return v.done("/enhanced-verifications/"+x.PublicID, "done.enhanced_cancelled")
}
