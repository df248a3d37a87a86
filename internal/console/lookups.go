package console

import (
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/status"
)

// lookupPages answer questions about any name and any status.
func (c *Console) lookupPages() []page {
	return []page{
		{pattern: "GET /lookup", show: c.lookUp},
		{pattern: "GET /statuses", show: c.statuses},
	}
}

// lookups are the section of the rail for questions.
func (v *visit) lookups() (s ui.Section) {
	s.Heading = v.T("nav.lookups")
	if v.actor.May(actor.DomainRead) {
		s.Links = append(s.Links, ui.NavLink{Path: "/lookup", Icon: "search", Text: v.T("nav.lookup")})
	}
	s.Links = append(s.Links, ui.NavLink{Path: "/statuses", Icon: "circle-help", Text: v.T("nav.statuses")})
	return s
}

// lookup is what the page of registration data shows; found is nil where nothing was
// asked, or answered.
type lookup struct {
	typed string
	found *domain.Registration
	wrong []ui.Wrong
}

func (c *Console) lookUp(v *visit) error {
	if err := v.actor.Check(actor.DomainRead); err != nil {
		return err
	}
	l := lookup{typed: strings.TrimSpace(v.r.URL.Query().Get("name"))}
	if l.typed == "" {
		return v.show(lookupPage(l))
	}
	found, err := c.Domains.LookUp(v.ctx(), v.actor, l.typed)
	status, err := v.correctable(&l.wrong, err)
	if err != nil {
		return err
	}
	for i := range l.wrong {
		l.wrong[i].At = "name"
	}
	if l.wrong == nil {
		l.found = &found
	}
	return v.render(status, lookupPage(l))
}

// statusList is what the page of statuses shows.
type statusList struct {
	words string
	found []status.Status
}

// axes are in the order in which statuses are read about.
var axes = []status.Axis{status.Registry, status.Grace, status.Compliance, status.Verification}

func (c *Console) statuses(v *visit) error {
	l := statusList{words: strings.TrimSpace(v.r.URL.Query().Get("words"))}
	if one, ok := status.Find(l.words); ok {
		l.found = []status.Status{one}
		return v.show(statusesPage(l))
	}
	for _, s := range status.All() {
		text := strings.ToLower(s.Code + " " + v.T(s.Meaning()) + " " + v.T(s.Remedy()))
		if strings.Contains(text, strings.ToLower(l.words)) {
			l.found = append(l.found, s)
		}
	}
	if len(l.found) == 0 {
		return v.render(statusOf[fault.NotFound], statusesPage(l))
	}
	return v.show(statusesPage(l))
}
