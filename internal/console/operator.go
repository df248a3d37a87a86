package console

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/registry"
)

// operatorPages are those of whoever keeps an installation running.
func (c *Console) operatorPages() []page {
	return []page{
		{pattern: "GET /health", show: c.health},
		{pattern: "GET /registries", show: c.registries},
		{pattern: "GET /registries/{name}", show: c.registry},
		{pattern: "POST /findings/{id}/closing", show: c.closeFinding},
		{pattern: "GET /audit", show: c.auditLog},
	}
}

// operation are the operator's sections of the rail.
func (v *visit) operation() (out []ui.Section) {
	var run, admin ui.Section
	if v.actor.May(actor.RegistryRead) {
		run.Links = append(run.Links, ui.NavLink{Path: "/health", Icon: "activity", Text: v.T("nav.health")}, ui.NavLink{Path: "/registries", Icon: "network", Text: v.T("nav.registries")})
	}
	if v.actor.May(actor.JobManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/jobs", Icon: "layers", Text: v.T("nav.jobs")})
	}
	if v.actor.May(actor.AuthorityManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/authorities", Icon: "gauge", Text: v.T("nav.authorities")})
	}
	if v.actor.May(actor.RegistryRead) {
		run.Links = append(run.Links, ui.NavLink{Path: "/policies", Icon: "scale", Text: v.T("nav.policies")})
	}
	if v.actor.May(actor.MailManage) {
		run.Links = append(run.Links, ui.NavLink{Path: "/mails", Icon: "mail", Text: v.T("nav.mails")})
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
}

// doubtsShown is how many commands in doubt a page shows.
const doubtsShown = 100

func (c *Console) registry(v *visit) error {
	all, err := c.Registries.Conditions(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	x := registryView{}
	if x.doubts, x.failed, err = c.Registries.Trouble(v.ctx(), v.actor, name, v.Now.Add(-24*time.Hour), doubtsShown); err != nil {
		return err
	}
	x.Condition = all[slices.IndexFunc(all, func(k registry.Condition) bool { return k.Name == name })]
	if x.findings, err = c.Registries.Findings(v.ctx(), v.actor, false, 10*findingsShown); err != nil {
		return err
	}
	x.findings = slices.DeleteFunc(x.findings, func(f registry.Finding) bool { return f.Registry != name })
	return v.show(registryPage(x))
}

func (c *Console) closeFinding(v *visit) error {
	if _, err := c.Registries.CloseFinding(v.ctx(), v.actor, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done(cmp.Or(local(v.value("here")), "/health"), "done.finding_closed")
}

// auditView is what the page of the audit log shows.
type auditView struct {
	filter audit.Filter
	// from and until are days, as they were typed.
	from, until string
	entries     []audit.Entry
	names       map[string]string
	first, next string
	// report is of the chain, nil where nobody asked to have it walked.
	report *audit.Report
}

// entriesOnPage is how many entries a page of the audit log has.
const entriesOnPage = 50

func (c *Console) auditLog(v *visit) (err error) {
	q := v.r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	x := auditView{from: q.Get("from"), until: q.Get("until"), filter: audit.Filter{Subject: strings.TrimSpace(q.Get("subject")), Actor: strings.TrimSpace(q.Get("actor")), Action: strings.TrimSpace(q.Get("action")), Before: before}}
	if day, err := time.ParseInLocation(time.DateOnly, x.from, v.Zone); err == nil {
		x.filter.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, x.until, v.Zone); err == nil {
		x.filter.Until = day.AddDate(0, 0, 1)
	}
	if x.entries, err = audit.Search(v.ctx(), c.Store, v.actor, x.filter, entriesOnPage+1); err != nil {
		return err
	}
	if len(x.entries) > entriesOnPage {
		x.entries = x.entries[:entriesOnPage]
		x.next = with(v.r.URL, "before", strconv.FormatInt(x.entries[entriesOnPage-1].ID, 10))
	}
	if before > 0 {
		x.first = with(v.r.URL, "before", "")
	}
	if x.names, err = c.namesOfActors(v, x.entries); err != nil {
		return err
	}
	if q.Get("chain") == "check" {
		r, err := audit.Verify(v.ctx(), c.Store)
		if err != nil {
			return err
		}
		x.report = &r
	}
	return v.show(auditPage(x))
}

// namesOfActors are the names of whoever did what the entries tell of.
func (c *Console) namesOfActors(v *visit, entries []audit.Entry) (map[string]string, error) {
	var ids []string
	for _, e := range entries {
		if !slices.Contains(ids, e.Actor) {
			ids = append(ids, e.Actor)
		}
	}
	return c.Accounts.Names(v.ctx(), v.actor, ids...)
}

// head is the hash of the last sealed entry, as people keep it elsewhere.
func (x auditView) head() string { return hex.EncodeToString(x.report.Head) }
