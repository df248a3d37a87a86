package console

import (
	"cmp"
	"context"
	"maps"
	"strconv"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/timeline"
)

// timelineView is a page of what has happened to a domain.
type timelineView struct {
	name, display string
	page          timeline.Page
	pages         ui.Pages
}

func (c *Console) domainTimeline(v *visit) error {
	after := v.r.URL.Query().Get("after")
	d, err := c.Domains.Get(v.ctx(), v.actor, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	l := timelineView{name: d.Name, display: domain.Display(d.Name)}
	if l.page, err = c.Timelines.Domain(v.ctx(), v.actor, d.Name, after, eventsOnPage); err != nil {
		return err
	}
	if err := c.callProfiles(v, l.page); err != nil {
		return err
	}
	l.pages = v.pages("after", l.page.Next)
	return v.show(timelinePage(l))
}

// callProfiles puts the names of profiles into the place of their ids.
func (c *Console) callProfiles(v *visit, p timeline.Page) error {
	known := map[string]string{}
	for _, e := range p.Entries {
		id := e.Params["Profile"]
		if id == "" {
			continue
		}
		if _, asked := known[id]; !asked {
			x, err := c.Profiles.Get(v.ctx(), v.actor, id)
			if err != nil && fault.Code(err) != "profile_not_found" { // deleted since: its id is all there is
				return err
			}
			known[id] = cmp.Or(profileRow{View: x}.name(), id)
		}
		e.Params["Profile"] = known[id]
	}
	return nil
}

// moments are what has happened as people read it, with what is expected next on top.
func moments(ctx context.Context, p timeline.Page) (out ui.Moments) {
	for _, x := range p.Expected {
		out = append(out, struct{ Dot, Text, When string }{"next", ui.T(ctx, "expected."+x.Code), ui.Moment(ctx, x.At)})
	}
	for _, e := range p.Entries {
		text := reasonText(ctx, "timeline."+e.Type, maps.Clone(e.Params))
		if e.Reason != nil {
			text += " " + reasonText(ctx, e.Reason.Code, e.Reason.Params)
		}
		if x := e.Sent; x != nil {
			text += " " + ui.T(ctx, "timeline.sent", "Registry", x.Registry, "Command", x.Command, "When", ui.Moment(ctx, x.At), "Code", strconv.Itoa(x.Code), "ClTRID", x.ClTRID, "SvTRID", x.SvTRID)
		}
		out = append(out, struct{ Dot, Text, When string }{lookOf(e.Type).dot(), text, ui.Moment(ctx, e.At)})
	}
	return out
}
