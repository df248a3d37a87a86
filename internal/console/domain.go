package console

import (
	"context"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/timeline"
)

// domainView is what the page of one domain shows.
type domainView struct {
	domainRow
	status domain.Status
	steps  []domain.Step
	// holds are the causes that there are and were, the newest last.
	holds   []domain.Hold
	contact *profileRow
	// change is one of holder that waits for words, locks say until when it cannot be
	// transferred.
	change  *domain.Change
	locks   []domain.Lock
	history timeline.Page
	// papers are what the name asks for beside an identity, nil for nothing.
	papers *qualification.View
	// refusal is what becomes of the name when it, or its papers, are refused.
	refusal domain.Refusal
}

// eventsOfDomain is how much of its history the page of a domain has, eventsOnPage how
// much a page of the history itself.
const (
	eventsOfDomain = 8
	eventsOnPage   = 50
)

// domain shows a name. The DNS may take seconds to answer: the page does not wait for it,
// unless it is asked to.
func (c *Console) domain(v *visit) error {
	diagnose := c.Domains.DiagnoseAtOnce
	if v.r.URL.Query().Has("dns") {
		diagnose = c.Domains.Diagnose
	}
	found, err := diagnose(v.ctx(), v.actor, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	d := domainView{status: found.Status, steps: found.Steps}
	rows, err := c.domainRows(v, []domain.Domain{found.Domain})
	if err != nil {
		return err
	}
	d.domainRow = rows[0]
	if d.holds, err = c.Domains.Holds(v.ctx(), v.actor, d.Name); err != nil {
		return err
	}
	if d.VersionID != 0 {
		if d.contact, err = c.contactOf(v, found.Domain); err != nil {
			return err
		}
	}
	if d.change, err = c.Domains.ChangeOf(v.ctx(), found.Domain); err != nil {
		return err
	}
	d.locks = c.Domains.Locks(found.Domain, c.Store.Now())
	if d.history, err = c.Timelines.Domain(v.ctx(), v.actor, d.Name, "", eventsOfDomain); err != nil {
		return err
	}
	if err := c.callProfiles(v, d.history); err != nil {
		return err
	}
	if d.papers, err = c.papersOf(v, d.Name); err != nil {
		return err
	}
	d.refusal = c.Domains.IfRefused(found.Domain)
	return v.show(domainPage(d))
}

// domainDNS is the step of the diagnosis that the page does not wait for, once the DNS has
// answered.
func (c *Console) domainDNS(v *visit) error {
	found, err := c.Domains.Diagnose(v.ctx(), v.actor, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	d := domainView{domainRow: domainRow{Domain: found.Domain, now: v.Now}, status: found.Status, steps: found.Steps}
	rungs := d.rungs(v.ctx())
	dns := rungs[len(rungs)-1]
	if dns.Now != nil {
		dns.Now, dns.More = nil, ui.Act(domainPath(d.Name)+"?dns=ask#dns", v.T("domain.what_to_do"), "", "btn-q btn-sm")
	}
	return v.show(dnsAnswered(d, dns))
}

// sendDomainEmail mails the link to the address from which a name has to be answered for,
// which may be that of a profile that is deleted.
func (c *Console) sendDomainEmail(v *visit) error {
	found, err := c.Domains.DiagnoseAtOnce(v.ctx(), v.actor, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	d := domainView{steps: found.Steps}
	return c.sendLink(v, d.step("email").Params["Address"], domainPath(found.Domain.Name))
}

// contactOf is the version of a profile that a domain is associated with.
func (c *Console) contactOf(v *visit, d domain.Domain) (*profileRow, error) {
	p, x, err := c.Profiles.ByID(v.ctx(), c.Store.R, d.ProfileID, d.VersionID)
	if err != nil {
		return nil, err
	}
	r := &profileRow{View: profile.View{Profile: p, Current: x}}
	r.Email, err = emailcheck.Of(v.ctx(), c.Store.R, d.AccountID, x.Fields.Email)
	return r, err
}

// broken is the first step that needs the registrant, nil for none.
func (d domainView) broken() *domain.Step {
	for i, s := range d.steps {
		if s.Health == domain.Problem {
			return &d.steps[i]
		}
	}
	return nil
}

// inOrder is how many steps of the diagnosis are so.
func (d domainView) inOrder() (n int) {
	for _, s := range d.steps {
		if s.Health == domain.Good || s.Health == domain.Unneeded {
			n++
		}
	}
	return n
}

// rungs are the steps of the diagnosis as the page shows them; only the first broken
// one says what to do.
func (d domainView) rungs(ctx context.Context) (out []ui.Rung) {
	broken := d.broken()
	for i, s := range d.steps {
		state := rungState[s.Health]
		if s.Health == domain.Unknown && s.Evidence == "none" { // waits for another step
			state = "idle"
		}
		r := ui.Rung{State: state, Label: ui.T(ctx, "ladder.state_"+state), Text: ui.T(ctx, "ladder."+s.Name), Evidence: d.evidence(ctx, s)}
		for _, detail := range s.Details {
			r.Known, r.Details = ui.T(ctx, "domain.rests_on"), append(r.Details, reasonText(ctx, detail.Text, detail.Params))
		}
		if broken == &d.steps[i] {
			r.Now = stepNow(d, s)
		}
		if s.Name == "dns" {
			r.ID = "dns"
		}
		if s.Evidence == domain.AskingDNS {
			r.Asks = domainPath(d.Name) + "/dns"
			r.Instead = ui.Act(domainPath(d.Name)+"?dns=ask", ui.T(ctx, "domain.ask_dns"), "", "btn-q btn-sm")
		}
		out = append(out, r)
	}
	return out
}

var rungState = map[domain.Health]string{domain.Good: "ok", domain.Problem: "bad", domain.Busy: "run", domain.Unneeded: "idle", domain.Unknown: "warn"}

// evidence is what a step rests on, in a few words.
func (d domainView) evidence(ctx context.Context, s domain.Step) string {
	switch {
	case s.Name == "email" && s.Params["Address"] != "":
		return s.Params["Address"]
	case s.Name == "associated" && d.holder.Name != "" && !d.holder.Deleted:
		return d.holder.Name
	case s.Name == "hold" && s.Health == domain.Good:
		if !d.holdAt.IsZero() {
			return ui.T(ctx, "evidence.hold_ahead", "Day", ui.Day(ctx, d.holdAt))
		}
		return ui.T(ctx, "evidence.no_hold")
	case s.Name == "sync" && s.Evidence == domain.SyncDone && !d.InfoAt.IsZero():
		return ui.T(ctx, "evidence.compared", "When", ui.Lately(ctx, d.InfoAt.Time))
	}
	for _, id := range []string{"evidence." + s.Evidence, "status." + s.Evidence} {
		if ui.On(ctx).Texts.Has(id) {
			return ui.T(ctx, id)
		}
	}
	if s.Found != "" {
		return reasonText(ctx, s.Found, s.Params)
	}
	return s.Evidence
}

// step is the step of a diagnosis by its name.
func (d domainView) step(name string) domain.Step {
	for _, s := range d.steps {
		if s.Name == name {
			return s
		}
	}
	return domain.Step{}
}

// sendsEmail reports whether the link of a broken step is sent from here: its profile, which
// does that otherwise, has no page any more.
func (d domainView) sendsEmail(s domain.Step) bool { return s.Name == "email" && d.holder.Deleted }

// holdSince is when the name went on hold, zero where nobody has told us.
func (d domainView) holdSince() time.Time {
	for _, h := range d.Holds {
		return h.PlacedAt.Time
	}
	return time.Time{}
}

// statusMeaning says what an EPP status is, and what to do about it where that is known;
// a status that has no text of its own is said by who may set it.
func statusMeaning(ctx context.Context, code string) (meaning, remedy string) {
	texts := ui.On(ctx).Texts
	if id := "explain." + code + ".remedy"; texts.Has(id) {
		remedy = ui.T(ctx, id)
	}
	if id := "explain." + code + ".meaning"; texts.Has(id) {
		return ui.T(ctx, id), remedy
	}
	if id := "domain.status_" + code; texts.Has(id) {
		return ui.T(ctx, id), remedy
	}
	return ui.T(ctx, "domain.status_by_"+statusParty(code)), remedy
}

// statusParty is who sets a status and may lift it: EPP says it by the name.
func statusParty(code string) string {
	switch {
	case strings.HasPrefix(code, "client"):
		return "us"
	case code == epp.StatusInactive:
		return "nobody"
	}
	return "registry"
}

// maskedAddress keeps the first character of an address and what is behind its sign.
func maskedAddress(s string) string {
	local, host, ok := strings.Cut(s, "@")
	if !ok || local == "" {
		return s
	}
	return string([]rune(local)[:1]) + "•••@" + host
}

// maskedPhone keeps the beginning and the last two digits of a number.
func maskedPhone(s string) string {
	if len(s) < 7 {
		return s
	}
	return s[:4] + strings.Repeat("•", len(s)-6) + s[len(s)-2:]
}
