package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	eppdomain "github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/clock"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/status"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/store/storetest"
	"github.com/verinym/verinym/policies"
)

// explained renders what is said of the statuses of a domain: status, whether its cause
// is known and which, and what to do.
func (h *house) explained(d domain.Domain) (out []string) {
	h.Helper()
	for _, e := range h.domains.Explain(d) {
		line := e.Code
		if e.Of != "" {
			line = string(e.Of) + " " + line
		}
		if c := e.Cause; c != nil {
			line += fmt.Sprintf(": %s known=%t %s", c.Reason.Code, c.Known, c.Reason.Params["Words"])
		}
		out = append(out, strings.TrimSpace(line)+" → "+strings.TrimPrefix(e.Advice, "explain."))
	}
	return out
}

func TestCauseOfAHoldIsKnownOrUnknownNeverInvented(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	held := domain.Domain{State: domain.Registered, Statuses: []string{epp.ServerHold}, NamingState: domain.NotRequired, HolderState: domain.NotRequired}
	with := func(change func(*domain.Domain)) domain.Domain {
		d := held
		change(&d)
		return d
	}
	said := func(source domain.WordSource) map[string]domain.StatusWord {
		return map[string]domain.StatusWord{epp.ServerHold: {Source: source, Words: "court order 7", At: c.Now()}}
	}
	for situation, x := range map[string]struct {
		domain domain.Domain
		want   string
	}{
		"nothing was said":           {held, "serverHold: cause.unknown_registry known=false → action.ask_registry_about_hold"},
		"a verdict is missing":       {with(func(d *domain.Domain) { d.HolderState = domain.NotCompleted }), "serverHold: cause.unknown_registry known=false → action.complete_verification_or_ask_registry"},
		"the registry says so":       {with(func(d *domain.Domain) { d.HolderState, d.Compliance = domain.NotCompleted, vcode.NonCompliant }), "serverHold: cause.verification_overdue known=true → action.complete_verification"},
		"a message said why":         {with(func(d *domain.Domain) { d.StatusWords = said(domain.FromPoll) }), "serverHold: cause.said_by_registry known=true court order 7 → action.ask_registry_about_hold"},
		"the status itself says":     {with(func(d *domain.Domain) { d.StatusWords = said(domain.FromInfo) }), "serverHold: cause.said_by_registry known=true court order 7 → action.ask_registry_about_hold"},
		"an operator was told":       {with(func(d *domain.Domain) { d.StatusWords = said(domain.FromOperator) }), "serverHold: cause.told_by_staff known=true court order 7 → action.ask_registry_about_hold"},
		"verified, and nothing said": {with(func(d *domain.Domain) { d.HolderState = domain.Verified }), "serverHold: cause.unknown_registry known=false → action.wait_for_release_or_ask_registry"},
		"verified, and told": {with(func(d *domain.Domain) {
			d.HolderState, d.StatusWords = domain.Verified, said(domain.FromOperator)
		}), "serverHold: cause.told_by_staff known=true court order 7 → action.ask_registry_about_hold"},
		"our hold": {with(func(d *domain.Domain) {
			d.Statuses, d.Holds = []string{epp.ClientHold}, []domain.Hold{{Cause: domain.HeldForAbuse}}
		}), "clientHold: hold.abuse known=true → action.hold_abuse"},
		"a hold that was there": {with(func(d *domain.Domain) {
			d.Statuses, d.Holds = []string{epp.ClientHold}, []domain.Hold{{Cause: domain.HeldExternally}}
		}), "clientHold: cause.unknown_hold known=false → action.hold_external"},
		"a registration":           {with(func(d *domain.Domain) { d.Statuses, d.State = []string{epp.PendingCreate}, domain.Registering }), "pendingCreate: cause.registration known=true → pendingCreate.remedy"},
		"a change of holder":       {with(func(d *domain.Domain) { d.Statuses, d.NextVersionID = []string{epp.PendingUpdate}, 7 }), "pendingUpdate: cause.holder_change known=true → pendingUpdate.remedy"},
		"somebody else's change":   {with(func(d *domain.Domain) { d.Statuses = []string{epp.PendingUpdate} }), "pendingUpdate: cause.unknown_registry known=false → pendingUpdate.remedy"},
		"a lock of the registry's": {with(func(d *domain.Domain) { d.Statuses = []string{epp.ServerUpdateProhibited} }), "serverUpdateProhibited: cause.unknown_registry known=false → serverUpdateProhibited.remedy"},
		"a lock of ours":           {with(func(d *domain.Domain) { d.Statuses = []string{epp.ClientTransferProhibited} }), "clientTransferProhibited → clientTransferProhibited.remedy"},
		"redemption":               {with(func(d *domain.Domain) { d.Statuses, d.Grace = nil, []string{rgp.RedemptionPeriod} }), "redemptionPeriod → redemptionPeriod.remedy"},
		"something of its own":     {with(func(d *domain.Domain) { d.Statuses = []string{"frobnicated"} }), "naming not_required → not_required.remedy"},
	} {
		if got := h.explained(x.domain); got[0] != x.want {
			t.Errorf("%s:\n%s, want\n%s", situation, got[0], x.want)
		}
	}
	failed := with(func(d *domain.Domain) {
		d.Name, d.Suffix, d.Statuses, d.HolderState, d.HolderReason = "example.cn", "cn", nil, domain.Failed, "number_mismatch"
		d.NamingState, d.NamingReason = domain.Failed, "name_prohibited"
	})
	want := []string{"naming failed: name_prohibited known=true → action.choose_another_name", "real_name failed: number_mismatch known=true → failed.remedy"}
	if got := h.explained(failed); !slices.Equal(got, want) {
		t.Errorf("failed verdicts: %q, want %q", got, want)
	}
}

// Every cause and every piece of advice that may be given has a text.
func TestCausesAndAdviceHaveTexts(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	texts, err := locale.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, s := range status.All() {
		if s.Axis == status.Registry || s.Axis == status.Grace {
			codes = append(codes, s.Code)
		}
	}
	causes := []domain.HoldCause{domain.HeldForEmail, domain.HeldForDispute, domain.HeldForAbuse, domain.HeldForPayment, domain.HeldByOperator, domain.HeldExternally}
	for _, cause := range causes {
		for _, v := range []domain.Verdict{domain.NotCompleted, domain.InReview, domain.Verified, domain.Failed, domain.NotRequired, domain.NotPossible} {
			for _, compliance := range []string{"", vcode.NonCompliant} {
				d := domain.Domain{State: domain.Registered, Statuses: codes, Compliance: compliance, NamingState: v, HolderState: v, NamingReason: "name_prohibited",
					HolderReason: "number_mismatch", Holds: []domain.Hold{{Cause: cause}}}
				for _, e := range h.domains.Explain(d) {
					if !texts.Has(e.Advice) {
						t.Errorf("%s: there is no text %s", e.Code, e.Advice)
					}
					if e.Cause != nil && !texts.Has(e.Cause.Reason.Code) {
						t.Errorf("%s: there is no text %s", e.Code, e.Cause.Reason.Code)
					}
				}
			}
		}
	}
}

// The registry puts a hold and says why; a person of ours finds out more; the registry
// lifts the hold, and what was said of it is forgotten.
func TestWhatWasSaidOfAHoldGoesWithIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Fake) {
		h := open(t, s, c)
		h.register("example.cn", h.cnProfile())
		h.reviewed()
		if err := h.server.SetHold("example.cn", true); err != nil {
			t.Fatal(err)
		}
		h.read()
		word := h.get("example.cn").StatusWords[epp.ServerHold]
		if word.Source != domain.FromPoll || word.Words == "" {
			t.Errorf("the message said %+v", word)
		}
		h.refresh("example.cn")
		if got := h.get("example.cn").StatusWords[epp.ServerHold]; got.Words != word.Words || got.Source != word.Source {
			t.Errorf("an <info> without a word took what the message said: %+v", got)
		}
		if _, err := h.domains.NoteStatus(h.Context(), h.me, "example.cn", epp.ServerHold, "x"); err == nil {
			t.Error("a registrant may note why their domain is held")
		}
		_, err := h.domains.NoteStatus(h.Context(), h.office, "example.cn", "serverUpdateProhibited", "x")
		h.wantFault("a note about a status that is not there", err, "status_not_shown")
		_, err = h.domains.NoteStatus(h.Context(), h.office, "example.cn", "ok", "x")
		h.wantFault("a note about a status that has no cause", err, "status_unknown")
		if _, err := h.domains.NoteStatus(h.Context(), h.office, "example.cn", epp.ServerHold, "enhanced verification, letter of 3 June"); err != nil {
			t.Fatal(err)
		}
		if err := h.server.SetStatus("domain", "example.cn", epp.ServerUpdateProhibited, true); err != nil {
			t.Fatal(err)
		}
		h.read()
		h.refresh("example.cn")
		words := h.get("example.cn").StatusWords
		if words[epp.ServerHold].Source != domain.FromOperator || words[epp.ServerUpdateProhibited].Source != domain.FromPoll {
			t.Errorf("a message about a lock was taken as one about the hold: %+v", words)
		}
		if got := h.explained(h.get("example.cn")); !slices.ContainsFunc(got, func(line string) bool {
			return strings.Contains(line, "cause.told_by_staff known=true enhanced verification, letter of 3 June")
		}) {
			t.Errorf("the owner is told %q", got)
		}
		if err := h.server.SetHold("example.cn", false); err != nil {
			t.Fatal(err)
		}
		h.read()
		h.refresh("example.cn")
		got := h.get("example.cn")
		if _, there := got.StatusWords[epp.ServerHold]; there || len(got.StatusWords) != 1 {
			t.Errorf("%v: what was said stays: %+v", got.Statuses, got.StatusWords)
		}
	})
}

// A name in redemption is not Normal, whatever its EPP statuses are; one in a grace
// period about money is.
func TestRedemptionIsReadFromTheRegistry(t *testing.T) {
	t.Parallel()
	s, c := storetest.SQLite(t)
	h := open(t, s, c)
	h.register("example.cn", h.cnProfile())
	h.reviewed()
	h.nameServers("example.cn")
	d := h.get("example.cn")
	if !slices.Contains(d.Grace, rgp.AddPeriod) || h.status("example.cn") != domain.StatusNormal {
		t.Errorf("a new name is in %v and %s, want in its add period and normal", d.Grace, h.status("example.cn"))
	}
	if !slices.Equal(d.NameServers, []string{"ns1.example.net"}) {
		t.Errorf("its name servers are %v", d.NameServers)
	}
	h.pass(30 * day)
	h.do(h.eyes(chinese), eppdomain.Delete{Name: "example.cn"})
	h.refresh("example.cn")
	if d := h.get("example.cn"); !slices.Contains(d.Grace, rgp.RedemptionPeriod) || h.status("example.cn") != domain.StatusPending {
		t.Errorf("a deleted name is in %v and %s", d.Grace, h.status("example.cn"))
	}
	h.exec("UPDATE domain SET statuses = '[\"ok\"]'")
	if got := h.status("example.cn"); got != domain.StatusPending {
		t.Errorf("a name in redemption is %s", got)
	}
}
