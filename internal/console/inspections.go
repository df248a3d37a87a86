package console

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
)

// inspectionPages make inspection packs.
func (c *Console) inspectionPages() []page {
	return []page{
		{pattern: "GET /inspection-packs", show: func(v *visit) error { return c.showInspections(v, inspections{}, nil) }},
		{pattern: "POST /inspection-packs", show: c.takeInspection},
	}
}

// inspections is what the page of inspection packs shows.
type inspections struct {
	of, name, profile string
	wrong             []ui.Wrong
	// taken are the latest packs, as the audit record has them.
	taken []audit.Entry
	names map[string]string
}

// packsShown is how many packs are listed.
const packsShown = 20

func (c *Console) showInspections(v *visit, x inspections, refused error) error {
	if err := v.actor.Check(actor.InspectionTake); err != nil {
		return err
	}
	q := v.r.URL.Query()
	x.of, x.name, x.profile = cmp.Or(x.of, q.Get("of"), "domain"), cmp.Or(x.name, q.Get("name")), cmp.Or(x.profile, q.Get("profile"))
	at := "name"
	if x.of == "profile" {
		at = "profile"
	}
	status, err := v.sought(&x.wrong, refused, at)
	if err != nil {
		return err
	}
	for i := range x.wrong {
		x.wrong[i].At = at
	}
	if x.taken, err = audit.Search(v.ctx(), c.Store, v.actor, audit.Filter{Action: "inspection.take"}, packsShown); err != nil {
		return err
	}
	if x.names, err = c.namesIn(v, x.taken); err != nil {
		return err
	}
	return v.render(status, inspectionsPage(x))
}

// takeInspection hands a pack out as a file. What cannot be made stays on the page.
func (c *Console) takeInspection(v *visit) error {
	x := inspections{of: v.value("of"), name: strings.TrimSpace(v.value("name")), profile: strings.TrimSpace(v.value("profile"))}
	var pack []byte
	var err error
	about := x.profile
	if x.of == "profile" {
		pack, err = c.Packs.Profile(v.ctx(), v.actor, x.profile)
	} else {
		pack, err = c.Packs.Domain(v.ctx(), v.actor, x.name)
		about, _ = domain.Normalize(x.name)
	}
	if err != nil {
		return c.showInspections(v, x, err)
	}
	return v.file("inspection-"+about+".zip", "application/zip", pack)
}

// file answers with something to be kept. name has letters that need no quoting.
func (v *visit) file(name, mediaType string, content []byte) error {
	h := v.w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	v.w.WriteHeader(http.StatusOK)
	_, err := v.w.Write(content)
	return err
}
