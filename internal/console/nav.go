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
		domains, err := v.c.Domains.Count(v.ctx(), v.actor)
		if err != nil {
			return nil, err
		}
		unread, err := v.c.Messages.Unread(v.ctx(), v.actor)
		if err != nil {
			return nil, err
		}
		messages := ui.NavLink{Path: "/messages", Icon: "message-square", Text: v.T("nav.messages"), Hot: unread > 0}
		if unread > 0 {
			messages.Count = ui.Count(int(unread))
		}
		out = append(out, ui.Section{Links: []ui.NavLink{
			{Path: "/profiles", Icon: "id-card", Text: v.T("nav.profiles"), Count: ui.Count(profiles.Of("", ""))},
			{Path: "/domains", Icon: "globe", Text: v.T("nav.domains"), Count: ui.Count(domains.All)},
			{Path: "/orders", Icon: "receipt", Text: v.T("nav.orders")},
			messages,
		}}, ui.Section{Heading: v.T("nav.account"), Links: []ui.NavLink{
			{Path: "/account", Icon: "shield-check", Text: v.T("account.heading")},
			{Path: "/account/keys", Icon: "key-round", Text: v.T("keys.heading")},
			{Path: "/webhooks", Icon: "webhook", Text: "Webhooks"},
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
	if len(out) > 0 {
		out = append(out, v.lookups())
	}
	return out, nil
}
