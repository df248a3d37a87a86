package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/status"
	"github.com/verinym/verinym/internal/store"
)

// StatusWord is what somebody said of why a domain has a status.
type StatusWord struct {
	Source WordSource `json:"source"`
	Words  string     `json:"words"`
	At     time.Time  `json:"at"`
}

// WordSource says where the words come from.
type WordSource string

// The sources. What a person of ours has found out is worth more than a message, and
// that more than the text beside a status.
const (
	FromInfo     WordSource = "info"
	FromPoll     WordSource = "poll"
	FromOperator WordSource = "operator"
)

// keepWords keeps what the registry says of the statuses that a domain has, and forgets
// what was said of those that it has no more. A message that comes with a status which
// was not there before says why; one that comes with others says nothing about them.
func (all *All) keepWords(d *touched, r registry.Result) {
	next := map[string]StatusWord{}
	for _, s := range r.Info.Statuses {
		had, there := d.StatusWords[s.Value]
		of, known := status.Find(s.Value)
		switch {
		case !known || !of.HasCause:
		case r.Outcome == registry.OutcomeNotice && !d.Has(s.Value) && r.Words() != "":
			next[s.Value] = StatusWord{FromPoll, r.Words(), r.At}
		case there && had.Source != FromInfo:
			next[s.Value] = had
		case s.Text != "":
			next[s.Value] = StatusWord{FromInfo, s.Text, r.At}
		}
	}
	d.StatusWords = next
}

// Explained is a status that a domain has, and what is known of why.
type Explained struct {
	status.Status
	// Of is the verdict that a status of verification is about, "" for any other.
	Of    registry.Which
	Cause *StatusCause
	// Advice is the id of the text that says what to do for this domain.
	Advice string
}

// StatusCause is why a domain has a status. One that nobody has told us is not Known;
// its text says whom to ask.
type StatusCause struct {
	Known bool
	// Reason is what to say of it: a text with its parameters.
	Reason *fault.Error
	// Since is when that was said, zero where it follows from the domain itself.
	Since time.Time
}

// Explain says of every status that a domain has what it is and why it has it, as far as
// that is known. A cause is never concluded from what is likely.
func (all *All) Explain(d Domain) (out []Explained) {
	for _, code := range slices.Concat(d.Statuses, d.Grace, []string{d.Compliance}) {
		s, ok := status.Find(code)
		if !ok {
			continue // the registry's own: shown as it is, among the statuses
		}
		e := Explained{Status: s, Advice: s.Remedy()}
		if s.HasCause {
			e.Cause = all.statusCause(d, s.Code)
		}
		switch s.Code {
		case epp.ServerHold:
			e.Advice = "action." + serverHoldAction(d)
		case epp.ClientHold:
			e.Advice = "action." + clientHoldStep(d).Action
		}
		out = append(out, e)
	}
	for _, v := range []struct {
		which registry.Which
		state Verdict
		why   why
	}{{registry.Naming, d.NamingState, why{d.NamingReason, d.NamingWords}}, {registry.RealName, d.HolderState, why{d.HolderReason, d.HolderWords}}} {
		s, ok := status.Find(string(v.state))
		if !ok {
			continue
		}
		e := Explained{Status: s, Of: v.which, Advice: s.Remedy()}
		if v.state == Failed {
			e.Cause = &StatusCause{Known: true, Reason: all.because(d, v.why)}
			if v.which == registry.Naming {
				e.Advice = "action.choose_another_name"
			}
		}
		out = append(out, e)
	}
	return out
}

// statusCause is why a domain has a status of the registry's, from what was said and from
// what we have done ourselves.
func (all *All) statusCause(d Domain, code string) *StatusCause {
	known := func(id string) *StatusCause {
		return &StatusCause{Known: true, Reason: fault.New(fault.Conflict, id)}
	}
	switch code {
	case epp.ClientHold:
		for _, h := range d.Holds {
			if h.Cause != HeldExternally {
				return known("hold." + string(h.Cause))
			}
		}
		if len(d.StatusWords[code].Words) == 0 {
			return &StatusCause{Reason: fault.New(fault.Conflict, "cause.unknown_hold")}
		}
	case epp.PendingCreate:
		if d.State == Registering {
			return known("cause.registration")
		}
	case epp.PendingUpdate:
		if d.NextVersionID != 0 {
			return known("cause.holder_change")
		}
	}
	if w := d.StatusWords[code]; w.Words != "" {
		id := "cause.said_by_registry"
		if w.Source == FromOperator {
			id = "cause.told_by_staff"
		}
		c := known(id)
		c.Reason, c.Since = c.Reason.With("Words", w.Words), w.At
		return c
	}
	if code == epp.ServerHold && d.Compliance == vcode.NonCompliant {
		return known("cause.verification_overdue")
	}
	return &StatusCause{Reason: fault.New(fault.Conflict, "cause.unknown_registry")}
}

// askAboutHold is the advice about a hold that no verdict will lift.
const askAboutHold = "ask_registry_about_hold"

// serverHoldAction is what to do about a hold of the registry's. That a verification is
// missing is its cause only where the registry says so, and is none where nothing has to be
// verified, or a person of ours has heard of another.
func serverHoldAction(d Domain) string {
	switch v := d.Verification(); {
	case v == NotRequired, v == Verified && d.StatusWords[epp.ServerHold].Source == FromOperator:
		return askAboutHold
	case v == Verified:
		return "wait_for_release_or_ask_registry"
	case d.Compliance == vcode.NonCompliant:
		return "complete_verification"
	}
	return "complete_verification_or_ask_registry"
}

// NoteStatus keeps, for the domain's owner to read, what the registry has told a person
// of ours about a status that the domain has. It is forgotten when the domain loses the
// status; "" takes it away. For staff, with domain.hold. Faults: domain_not_found,
// status_unknown, status_not_shown.
func (all *All) NoteStatus(ctx context.Context, a actor.Actor, typed, code, words string) (d Domain, err error) {
	if err := a.Check(actor.DomainHold); err != nil {
		return d, err
	}
	s, ok := status.Find(code)
	if !ok || !s.HasCause || s.Axis != status.Registry {
		return d, fault.New(fault.NotFound, "status_unknown").With("Status", code)
	}
	if d, err = all.Get(ctx, a, typed); err != nil {
		return d, err
	}
	words = strings.TrimSpace(words)
	err = all.store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := all.lock(ctx, tx, &d); err != nil {
			return err
		}
		if !d.Has(s.Code) {
			return fault.New(fault.Conflict, "status_not_shown").With("Domain", Display(d.Name)).With("Status", s.Code)
		}
		if words == "" {
			delete(d.StatusWords, s.Code)
		} else {
			d.StatusWords[s.Code] = StatusWord{FromOperator, words, tx.Now()}
		}
		if err := save(ctx, tx, &d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, a, "domain.status_note", d.PublicID, map[string]string{"status": s.Code, "words": words})
	})
	return d, wrap("note status", err)
}

// lock reads a domain that nobody else changes until the unit of work ends.
func (all *All) lock(ctx context.Context, tx *store.Tx, d *Domain) error {
	*d = Domain{ID: d.ID, Holds: d.Holds}
	q := tx.NewSelect().Model(d).WherePK()
	if all.store.Engine() == "postgres" { // SQLite has one writer
		q = q.For("UPDATE")
	}
	return q.Scan(ctx)
}
