package console

import (
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/profile"
)

// nav is the rail of whoever is signed in: the pages that their roles have, the start
// page first. A new page joins it by a line here.
func (v *visit) nav() ([]ui.Section, error) {
	var out []ui.Section
	security := ui.NavLink{Path: securityPath, Icon: "lock", Text: v.T("security.heading")}
	if v.actor.Has(actor.Registrant) {
		profiles, err := v.countProfiles()
		if err != nil {
			return nil, err
		}
		names, err := v.countNames()
		if err != nil {
			return nil, err
		}
		unread, err := v.c.Messages.Unread(v.ctx(), v.actor)
		if err != nil {
			return nil, err
		}
		v.Messages, v.Unread = "/messages", int(unread)
		messages := ui.NavLink{Path: "/messages", Icon: "message-square", Text: v.T("nav.messages"), Hot: unread > 0}
		if unread > 0 {
			messages.Count = ui.Count(int(unread))
		}
		out = append(out, ui.Section{Links: []ui.NavLink{
			{Path: "/profiles", Icon: "id-card", Text: v.T("nav.profiles"), Count: ui.Count(profiles.Of("", ""))},
			{Path: "/domains", Icon: "globe", Text: v.T("nav.domains"), Count: ui.Count(names.All)},
			{Path: "/orders", Icon: "receipt", Text: v.T("nav.orders")},
			messages,
		}}, ui.Section{Heading: v.T("nav.account"), Links: []ui.NavLink{
			{Path: "/account", Icon: "shield-check", Text: v.T("account.heading")},
			{Path: "/account/keys", Icon: "key-round", Text: v.T("keys.heading")},
			{Path: "/webhooks", Icon: "webhook", Text: "Webhooks"},
			{Path: mailSettingsPath, Icon: "mail", Text: v.T("mail_settings.heading")},
			{Path: dataPath, Icon: "download", Text: v.T("nav.your_data")},
			security,
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
	if len(out) > 0 && !v.actor.Has(actor.Registrant) {
		out = append(out, ui.Section{Heading: v.T("nav.account"), Links: []ui.NavLink{security}})
	}
	if len(out) > 0 {
		out = append(out, v.lookups())
	}
	return out, nil
}

// countProfiles and countNames say how the account's profiles and names stand; the rail
// and the lists show the same figures, which are read once.
func (v *visit) countProfiles() (_ profile.Counts, err error) {
	if v.profiles == nil {
		v.profiles, err = v.c.Profiles.Counts(v.ctx(), v.actor)
	}
	return v.profiles, err
}

func (v *visit) countNames() (domain.Counts, error) {
	if v.names == nil {
		found, err := v.c.Domains.Count(v.ctx(), v.actor)
		if err != nil {
			return found, err
		}
		v.names = &found
	}
	return *v.names, nil
}
