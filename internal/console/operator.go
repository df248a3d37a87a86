package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/registry"
)

// operatorPages are those of whoever keeps an installation running.
func (c *Console) operatorPages() []page {
	return []page{
		{pattern: "GET /health", show: c.health},
		{pattern: "GET /registries", show: c.registries},
		{pattern: "GET /registries/{name}", show: func(v *visit) error { return c.showRegistry(v, nil) }},
		{pattern: "POST /registries/{name}/pause", show: c.pauseRegistry},
		{pattern: "POST /registries/{name}/resume", show: c.resumeRegistry},
		{pattern: "POST /registries/{name}/reconcile", show: c.reconcileRegistry},
		{pattern: "POST /findings/{id}/closing", show: c.closeFinding},
		{pattern: "GET /audit", show: c.auditLog},
	}
}

// operation are the operator's sections of the rail.
func (v *visit) operation() (out []ui.Section) {
	var run, admin ui.Section
	if v.actor.May(actor.RegistryRead) {
		run.Links = append(run.Links, ui.NavLink{
			Path: "/health", Icon: "activity", Text: v.T("nav.health"),
		}, ui.NavLink{
			Path: "/registries", Icon: "network", Text: v.T("nav.registries"),
		})
	}
	if v.actor.May(actor.JobManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/jobs", Icon: "layers", Text: v.T("nav.jobs")})
	}
	if v.actor.May(actor.AuthorityManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/authorities", Icon: "gauge", Text: v.T("nav.authorities")})
	}
	if v.operates() && v.actor.May(actor.PolicyRead) {
		run.Links = append(run.Links, ui.NavLink{Path: "/policies", Icon: "scale", Text: v.T("nav.policies")})
	}
	if v.actor.May(actor.MailManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/mails", Icon: "mail", Text: v.T("nav.mails")})
	}
	if v.actor.May(actor.DomainImport) {
		run.Links = append(run.Links, ui.NavLink{Path: importsPath, Icon: "upload", Text: v.T("nav.imports")})
	}
	if v.actor.May(actor.EnhancedOpen) {
		run.Links = append(run.Links, ui.NavLink{Path: "/enhanced-verifications", Icon: "shield-check", Text: v.T("nav.enhanced")})
	}
	if v.actor.May(actor.AuditRead) {
		admin.Links = append(admin.Links, ui.NavLink{Path: "/audit", Icon: "scan-line", Text: v.T("nav.audit")})
	}
	if v.actor.May(actor.AccountAssert) {
		admin.Links = append(admin.Links, ui.NavLink{Path: "/accounts", Icon: "building-2", Text: v.T("nav.accounts")})
	}
	if v.actor.May(actor.InspectionTake) {
		admin.Links = append(admin.Links, ui.NavLink{Path: "/inspection-packs", Icon: "file-text", Text: v.T("nav.inspections")})
	}
	if v.actor.May(actor.DataManage) {
		admin.Links = append(admin.Links, ui.NavLink{Path: dataPath, Icon: "trash-2", Text: v.T("nav.data_requests")})
	}
	for _, s := range []ui.Section{run, admin} {
		if len(s.Links) > 0 {
			out = append(out, s)
		}
	}
	if len(out) > 1 {
		out[1].Heading = v.T("nav.administration")
	}
	return out
}

// operates reports whether whoever is signed in looks after the installation, so that the rail has
// the operator's sections.
func (v *visit) operates() bool { return v.actor.May(actor.RegistryRead) }

// healthView is what the start page of an operator shows.
type healthView struct {
	findings   []registry.Finding
	conditions []registry.Condition
}

// findingsShown is how many findings a page shows.
const findingsShown = 50

func (c *Console) health(v *visit) (err error) {
	var h healthView
	if h.findings, err = c.Registries.Findings(v.ctx(), v.actor, false, findingsShown); err != nil {
		return err
	}
	if h.conditions, err = c.Registries.Conditions(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.show(healthPage(h))
}

func (c *Console) registries(v *visit) error {
	all, err := c.Registries.Conditions(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	return v.show(registriesPage(all))
}

// registryView is what the page of one account at a registry shows.
type registryView struct {
	registry.Condition
	findings []registry.Finding
	doubts   []registry.Command
	failed   []registry.Failures
	// last is the latest reconciliation that somebody wanted, nil for none.
	last *domain.Reconciliation
	// manages says that the reader may pause it and so on; by are the names of those who did.
	manages bool
	by      map[string]string
	wrong   []ui.Wrong
}

// doubtsShown is how many commands in doubt a page shows.
const doubtsShown = 100

func (c *Console) showRegistry(v *visit, refused error) error {
	all, err := c.Registries.Conditions(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	x := registryView{manages: v.actor.May(actor.RegistryManage)}
	status, err := v.correctable(&x.wrong, refused)
	if err != nil {
		return err
	}
	if x.doubts, x.failed, err = c.Registries.Trouble(v.ctx(), v.actor, name, v.Now.Add(-24*time.Hour), doubtsShown); err != nil {
		return err
	}
	x.Condition = all[slices.IndexFunc(all, func(k registry.Condition) bool { return k.Name == name })]
	if x.findings, err = c.Registries.Findings(v.ctx(), v.actor, false, 10*findingsShown); err != nil {
		return err
	}
	x.findings = slices.DeleteFunc(x.findings, func(f registry.Finding) bool { return f.Registry != name })
	if x.last, err = c.Domains.LastReconciliation(v.ctx(), v.actor, name); err != nil {
		return err
	}
	var who []string
	if x.Pause != nil {
		who = append(who, x.Pause.Author)
	}
	if x.last != nil {
		who = append(who, x.last.Author)
	}
	if x.by, err = c.Accounts.Names(v.ctx(), v.actor, who...); err != nil {
		return err
	}
	return v.render(status, registryPage(x))
}

func (c *Console) pauseRegistry(v *visit) error {
	name := v.r.PathValue("name")
	if _, err := c.Registries.Pause(v.ctx(), v.actor, name, v.value("cause"), v.value("offline") != ""); err != nil {
		return c.showRegistry(v, err)
	}
	return v.done("/registries/"+name, "done.registry_paused")
}

func (c *Console) resumeRegistry(v *visit) error {
	name := v.r.PathValue("name")
	if err := c.Registries.Resume(v.ctx(), v.actor, name, ""); err != nil {
		return err
	}
	return v.done("/registries/"+name, "done.registry_resumed")
}

func (c *Console) reconcileRegistry(v *visit) error {
	name := v.r.PathValue("name")
	if _, err := c.Domains.ReconcileNow(v.ctx(), v.actor, name); err != nil {
		return err
	}
	return v.done("/registries/"+name, "done.registry_reconciled")
}

func (c *Console) closeFinding(v *visit) error {
	if _, err := c.Registries.CloseFinding(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done(cmp.Or(local(v.value("here")), "/health"), "done.finding_closed")
}
