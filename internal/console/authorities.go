package console

import (
	"slices"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/review"
)

// authorityPages are those of who decides cases.
func (c *Console) authorityPages() []page {
	return []page{
		{pattern: "GET /authorities", show: c.authorities},
		{pattern: "GET /authorities/{name}", show: func(v *visit) error { return c.showAuthority(v, nil) }},
		{pattern: "POST /authorities/{name}/pause", show: c.pauseAuthority},
		{pattern: "POST /authorities/{name}/resume", show: c.resumeAuthority},
	}
}

// paceOf is over how long the pace of an authority is taken.
const paceOf = 30 * 24 * time.Hour

// judge is an authority as operators see it. health is of outside providers, nil for
// others.
type judge struct {
	review.Work
	health *provider.Health
}

// state is the chip of an authority.
func (j judge) state() string {
	switch {
	case j.Pause != nil:
		return "paused"
	case j.health != nil && j.health.Circuit.State == provider.Broken:
		return "unreachable"
	case j.health != nil && j.health.Circuit.State == provider.HalfOpen:
		return "trying"
	case j.Overdue > 0:
		return "late"
	}
	return "works"
}

func (c *Console) judges(v *visit) (out []judge, err error) {
	if err := v.actor.Check(actor.AuthorityManage); err != nil {
		return nil, err
	}
	work, err := c.Reviews.Authorities(v.ctx(), v.actor, v.Now.Add(-paceOf), v.Now)
	if err != nil {
		return nil, err
	}
	healths, err := c.Providers.List(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, w := range work {
		j := judge{Work: w}
		if i := slices.IndexFunc(healths, func(h provider.Health) bool { return h.Name == w.Name }); i >= 0 {
			j.health = &healths[i]
		}
		out = append(out, j)
	}
	return out, nil
}

func (c *Console) authorities(v *visit) error {
	all, err := c.judges(v)
	if err != nil {
		return err
	}
	return v.show(authoritiesPage(all))
}

// authorityView is what the page of one authority shows.
type authorityView struct {
	judge
	calls []provider.Call
	by    map[string]string
	wrong []ui.Wrong
}

// callsShown is how many calls to a provider are listed.
const callsShown = 50

func (c *Console) showAuthority(v *visit, refused error) error {
	all, err := c.judges(v)
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	i := slices.IndexFunc(all, func(j judge) bool { return j.Name == name })
	if i < 0 {
		return fault.New(fault.NotFound, "authority_unknown").With("Authority", name)
	}
	x := authorityView{judge: all[i]}
	status, err := v.correctable(&x.wrong, refused)
	if err != nil {
		return err
	}
	if x.health != nil {
		if x.calls, err = c.Providers.Calls(v.ctx(), v.actor, name, callsShown); err != nil {
			return err
		}
	}
	if x.Pause != nil {
		if x.by, err = c.Accounts.Names(v.ctx(), v.actor, x.Pause.Author); err != nil {
			return err
		}
	}
	return v.render(status, authorityPage(x))
}

func (c *Console) pauseAuthority(v *visit) error {
	name := v.r.PathValue("name")
	if err := c.Reviews.PauseAuthority(v.ctx(), v.actor, name, v.value("cause")); err != nil {
		return c.showAuthority(v, err)
	}
	return v.done("/authorities/"+name, "done.authority_paused")
}

func (c *Console) resumeAuthority(v *visit) error {
	name := v.r.PathValue("name")
	if err := c.Reviews.ResumeAuthority(v.ctx(), v.actor, name); err != nil {
		return err
	}
	return v.done("/authorities/"+name, "done.authority_resumed")
}
