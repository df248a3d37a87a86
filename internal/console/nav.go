package console

import (
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
)

// nav is the rail of whoever is signed in: the pages that their roles have, the start
// page first. A new page joins it by a line here.
func (v *visit) nav() ([]ui.Section, error) {
	var out []ui.Section
	if v.actor.Has(actor.Registrant) {
		profiles, err := v.c.Profiles.Counts(v.ctx(), v.actor)
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Section{Links: []ui.NavLink{
			{Path: "/profiles", Icon: "id-card", Text: v.T("nav.profiles"), Count: ui.Count(profiles.Of("", ""))},
		}})
	}
	out = append(out, v.operation()...)
	if v.actor.May(actor.ReviewRead) {
		desk, err := v.desk()
		if err != nil {
			return nil, err
		}
		out = append(out, desk)
	}
	return out, nil
}
