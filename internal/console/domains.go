package console

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/profile"
)

// domainPages are those of domain names and of the tasks upon them.
func (c *Console) domainPages() []page {
	return slices.Concat([]page{
		{pattern: "GET /domains", show: c.domains},
		{pattern: "GET /domains.csv", show: c.exportDomains},
		{pattern: "GET /domains/{name}", show: c.domain},
		{pattern: "GET /domains/{name}/dns", show: c.domainDNS, aside: true},
		{pattern: "POST /domains/{name}/email", show: c.sendDomainEmail},
		{pattern: "GET /domains/{name}/registration", show: c.registration},
		{pattern: "GET /domains/{name}/timeline", show: c.domainTimeline},
	}, c.associations())
}

// domainList is what the list of domain names shows.
type domainList struct {
	filter domain.Filter
	counts domain.Counts
	// expiring is how many names run out soon, as it is shown.
	expiring string
	// suffixes are those that names can have.
	suffixes []string
	needs    []ui.Need
	more     int
	rows     []domainRow
	pages    ui.Pages
	// papers is how many names lack papers that their suffix asks for.
	papers int
}

// domainRow is a domain with what is shown of it.
type domainRow struct {
	domain.Domain
	now time.Time
	// holdAt is when the registry holds the name, zero for never.
	holdAt time.Time
	holder holderOf
}

// holderOf is the profile that a domain is associated with, the zero value for none. One that
// was deleted since has no page any more.
type holderOf struct {
	Profile, Name string
	Deleted       bool
}

// domainsOnPage is how many names a page of the list has.
const domainsOnPage = 25

func (c *Console) domains(v *visit) error {
	q := v.r.URL.Query()
	l := domainList{filter: filterOf(q)}
	var err error
	if l.counts, err = v.countNames(); err != nil {
		return err
	}
	expiring, more, err := c.Domains.CountExpiring(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	if l.expiring = ui.Count(expiring); more {
		l.expiring += "+"
	}
	if l.papers, err = c.Domains.CountPapersMissing(v.ctx(), v.actor); err != nil {
		return err
	}
	l.suffixes = c.Registries.Suffixes()
	after := q.Get("after")
	found, next, err := c.Domains.List(v.ctx(), v.actor, l.filter, after, domainsOnPage)
	if err != nil {
		return err
	}
	if l.rows, err = c.domainRows(v, found); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	if l.needs, l.more, err = c.domainNeeds(v); err != nil {
		return err
	}
	return v.show(domainsPage(l))
}

// filterOf reads a filter of names from an address or a form.
func filterOf(q url.Values) domain.Filter {
	f := domain.Filter{
		Query: q.Get("q"), Verification: domain.Verdict(q.Get("verification")), Held: q.Get("held") == "true",
		Suffix: q.Get("suffix"), Expiring: q.Get("expiring") == "true", PapersMissing: q.Get("papers") == "missing",
		Ours: true,
	}
	if sort := domain.Sort(q.Get("sort")); slices.Contains(domain.Sorts, sort) {
		f.Sort = sort
	}
	if f.Expiring {
		f.Sort = domain.ByExpiry
	}
	return f
}

// filterValues is a filter as an address has it.
func filterValues(f domain.Filter) url.Values {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	if f.Verification != "" {
		q.Set("verification", string(f.Verification))
	}
	if f.Held {
		q.Set("held", "true")
	}
	if f.Suffix != "" {
		q.Set("suffix", f.Suffix)
	}
	if f.Expiring {
		q.Set("expiring", "true")
	}
	if f.PapersMissing {
		q.Set("papers", "missing")
	}
	if f.Sort != domain.ByName && !f.Expiring {
		q.Set("sort", string(f.Sort))
	}
	return q
}

// pathOf is the address of the list under a filter.
func pathOf(f domain.Filter, after string) string {
	q := filterValues(f)
	if after != "" {
		q.Set("after", after)
	}
	return "/domains?" + q.Encode()
}

// filters are the ways to narrow the list.
func (l domainList) filters(ctx context.Context) (out []ui.Tab) {
	for _, x := range []struct {
		text, icon, tone string
		filter           domain.Filter
		count            string
	}{
		{"domains.all", "", "", domain.Filter{}, ui.Count(l.counts.All)},
		{"status.identity_verification_not_completed", "circle-dashed", "", domain.Filter{Verification: domain.NotCompleted}, ui.Count(l.counts.Verification[domain.NotCompleted])},
		{"domains.in_review", "clock-3", "run", domain.Filter{Verification: domain.InReview}, ui.Count(l.counts.Verification[domain.InReview])},
		{"domains.failed", "circle-x", "bad", domain.Filter{Verification: domain.Failed}, ui.Count(l.counts.Verification[domain.Failed])},
		{"domains.papers", "file-text", "warn", domain.Filter{PapersMissing: true}, ui.Count(l.papers)},
		{"domains.held", "lock", "bad", domain.Filter{Held: true}, ui.Count(l.counts.Held)},
		{"domains.expiring", "timer", "warn", domain.Filter{Expiring: true}, l.expiring},
		{"domains.verified", "circle-check", "ok", domain.Filter{Verification: domain.Verified}, ui.Count(l.counts.Verification[domain.Verified])},
	} {
		if x.filter.PapersMissing && l.papers == 0 && !l.filter.PapersMissing {
			continue // few suffixes ask for papers
		}
		here := l.filter.Verification == x.filter.Verification && l.filter.Held == x.filter.Held && l.filter.Expiring == x.filter.Expiring && l.filter.PapersMissing == x.filter.PapersMissing
		x.filter.Query, x.filter.Suffix, x.filter.Sort = l.filter.Query, l.filter.Suffix, l.filter.Sort
		out = append(out, ui.Tab{Path: pathOf(x.filter, ""), Text: ui.T(ctx, x.text), Count: x.count, Icon: x.icon, Tone: x.tone, Here: here})
	}
	return out
}

// endings are the suffixes that the list can be narrowed to.
func (l domainList) endings(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: ui.T(ctx, "domains.any_suffix")}}
	for _, s := range l.suffixes {
		out = append(out, ui.Option{Value: s, Text: "." + domain.Display(s)})
	}
	return out
}

// sorts are the orders of the list.
func sorts(ctx context.Context) (out []ui.Option) {
	for _, s := range domain.Sorts {
		out = append(out, ui.Option{Value: string(s), Text: ui.T(ctx, "domains.sort_"+cmp.Or(string(s), "name"))})
	}
	return out
}

// found is how many names the list shows of all that its filter finds, where that is known.
func (l domainList) found(ctx context.Context) string {
	of := l.counts.All
	switch {
	case l.filter.Query != "" || l.filter.Suffix != "" || l.filter.Expiring:
		return ui.T(ctx, "domains.shown", "Count", ui.Count(len(l.rows)))
	case l.filter.Held:
		of = l.counts.Held
	case l.filter.PapersMissing:
		of = l.papers
	case l.filter.Verification != "":
		of = l.counts.Verification[l.filter.Verification]
	}
	return ui.T(ctx, "domains.shown_of", "Count", ui.Count(len(l.rows)), "Of", ui.Count(of))
}

// dues are the ids of the deadlines on the page, for ui.Renewed.
func (l domainList) dues() (out []string) {
	for _, n := range l.needs {
		if !n.Due.IsZero() {
			out = append(out, n.ID)
		}
	}
	for _, r := range l.rows {
		if !r.Held() && !r.holdAt.IsZero() {
			out = append(out, r.dueID())
		}
	}
	return out
}

// dueID is the id of the row's deadline.
func (r domainRow) dueID() string { return "due-" + r.PublicID }

// domainRows reads what is shown of domains beside their own rows.
func (c *Console) domainRows(v *visit, found []domain.Domain) ([]domainRow, error) {
	out := make([]domainRow, len(found))
	versions := make([]int64, len(found))
	for i, d := range found {
		versions[i] = d.VersionID
	}
	holders, err := c.holdersOf(v, versions)
	if err != nil {
		return nil, err
	}
	for i, d := range found {
		out[i] = domainRow{Domain: d, now: v.Now, holder: holders[d.VersionID]}
		out[i].holdAt, _ = c.Domains.HoldDate(d)
	}
	return out, nil
}

// holdersOf are the profiles of versions, by the ids of these; 0 is no version.
func (c *Console) holdersOf(v *visit, versions []int64) (map[int64]holderOf, error) {
	slices.Sort(versions)
	versions = slices.DeleteFunc(slices.Compact(versions), func(id int64) bool { return id == 0 })
	found, err := c.Profiles.ByVersions(v.ctx(), c.Store.R, versions)
	out := make(map[int64]holderOf, len(found))
	for id, x := range found {
		out[id] = holderIn(x.Profile, x.Current)
	}
	return out, err
}

func holderIn(p profile.Profile, x profile.Version) holderOf {
	return holderOf{Profile: p.PublicID, Name: holderName(p, x), Deleted: !p.DeletedAt.IsZero()}
}

// holderName is the holder of a version of a profile.
func holderName(p profile.Profile, x profile.Version) string {
	return cmp.Or(x.Fields.HolderZh(p.HolderType), x.Fields.HolderEn(p.HolderType))
}

// domainNeeds lists what names need of the registrant, the most urgent first.
func (c *Console) domainNeeds(v *visit) (out []ui.Need, more int, err error) {
	urgent, of, err := c.Domains.Urgent(v.ctx(), v.actor, mostNeeds)
	if err != nil {
		return nil, 0, err
	}
	rows, err := c.domainRows(v, urgent)
	for i, r := range rows {
		out = append(out, r.need(v, i == 0))
	}
	return out, of - len(rows), err
}

// need says what a name needs; the first of a list has the one filled button.
func (r domainRow) need(v *visit, first bool) ui.Need {
	button := "btn-q btn-sm"
	if first {
		button = "btn-primary btn-sm"
	}
	n := ui.Need{
		Icon: "circle-dashed", Tone: "warn", Due: r.holdAt, ID: "need-" + r.PublicID,
		What: v.T("domains.need_not_completed", "Domain", r.display()), Why: v.T("domains.need_not_completed_why"),
		Act: ui.Act(r.associatePath(), v.T("domains.associate"), "", button),
	}
	if !r.Held() && r.Verification() == domain.Failed {
		n.Icon, n.Tone, n.What, n.Why = "circle-x", "bad", v.T("domains.need_failed", "Domain", r.display()), v.T("domains.need_failed_why")
		n.Act = ui.Act(r.path(), v.T("domains.see_why"), "", button)
	}
	if r.Held() {
		n.Icon, n.Tone, n.Due = "lock", "bad", time.Time{}
		n.What, n.Why = v.T("domains.need_held", "Domain", r.display()), v.T("domains.need_held_"+r.heldBy())
		if r.HolderState != domain.NotCompleted || r.heldBy() == "client" {
			n.Act = ui.Act(r.path(), v.T("domains.see_why"), "", button)
		}
	}
	return n
}

// asksForPapers reports whether papers beside an identity are still to be accepted.
func (r domainRow) asksForPapers() bool {
	return r.QualificationState != domain.NotRequired && r.QualificationState != domain.Verified && r.QualificationState != ""
}

// Held reports whether the registry or we hold the name.
func (r domainRow) Held() bool { return r.Has(epp.ServerHold) || r.Has(epp.ClientHold) }

// heldBy is who does, and why as far as that is known.
func (r domainRow) heldBy() string {
	switch v := r.Verification(); {
	case r.Has(epp.ClientHold):
		return "client"
	case v == domain.Verified || v == domain.NotRequired:
		return "unknown"
	}
	return "server"
}

func (r domainRow) path() string { return domainPath(r.Name) }

// domainPath is the page of a name, typed in any script.
func domainPath(name string) string {
	if normal, err := domain.Normalize(name); err == nil {
		name = normal
	}
	return "/domains/" + url.PathEscape(name)
}

func (r domainRow) display() string { return domain.Display(r.Name) }

func (r domainRow) associatePath() string {
	return "/associations/new?" + url.Values{"d": {r.Name}}.Encode()
}

// associable reports whether a verification can be submitted for the name.
func (r domainRow) associable() bool {
	return r.State == domain.Registered && (r.HolderState == domain.NotCompleted || r.HolderState == domain.Failed)
}

// atRegistry are the chips of the registry's own status: the holds, else one word.
func (r domainRow) atRegistry() []string {
	var holds []string
	for _, s := range []string{epp.ServerHold, epp.ClientHold} {
		if r.Has(s) {
			holds = append(holds, s)
		}
	}
	switch s := r.Status(r.now); {
	case s == domain.StatusRegistering, s == domain.StatusImporting, s == domain.StatusUnfulfilled, s == domain.StatusDeleted, s == domain.StatusTransferred, s == domain.StatusExpired:
		return []string{string(s)}
	case len(holds) > 0:
		return holds
	case s == domain.StatusNormal:
		return []string{string(s)}
	case r.InfoAt.IsZero(), !r.DoubtedAt.IsZero():
		return []string{"unknown"}
	case slices.ContainsFunc(r.Statuses, func(s string) bool { return strings.HasPrefix(s, "pending") }):
		return []string{"pending"}
	case r.Has(epp.StatusInactive):
		return []string{"inactive"}
	}
	return []string{"resolves"}
}

// sync is the chip of what the registry was told.
func (r domainRow) sync() string {
	switch r.SyncState {
	case domain.SyncQueued:
		return "waiting"
	case domain.SyncDone, domain.SyncFailed:
		return r.SyncState
	}
	return "none"
}
