package domain

import (
	"context"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
)

// Health says how one step of a diagnosis stands.
type Health string

// The states of a step.
const (
	Good     Health = "good"
	Problem  Health = "problem"
	Busy     Health = "waiting"
	Unneeded Health = "not_needed"
	Unknown  Health = "unknown"
)

// Step is one answer of a diagnosis: the question, how it stands, what that
// rests on, what to do next ("" for nothing) and by when.
type Step struct {
	Name     string
	Health   Health
	Evidence string
	// Reason is why a verdict failed, nil for any other step; Words are the
	// registry's or reviewer's own, "" where they gave none.
	Reason   *fault.Error
	Words    string
	Action   string
	Deadline time.Time
	Params   map[string]string
}

// Diagnosis explains why a domain works or does not.
type Diagnosis struct {
	Domain Domain
	Status Status
	Steps  []Step
}

// Diagnose answers, in order, the questions that registrants ask.
func (all *All) Diagnose(ctx context.Context, a actor.Actor, typed string) (out Diagnosis, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return out, err
	}
	out = Diagnosis{Domain: d, Status: d.Status(all.store.Now())}
	first, err := all.accountStep(ctx, d)
	if err != nil {
		return out, err
	}
	out.Steps = append(out.Steps, first)
	person, err := all.profileSteps(ctx, d)
	if err != nil {
		return out, err
	}
	out.Steps = append(out.Steps, person...)
	out.Steps = append(out.Steps, all.verdictStep(d, "naming", d.NamingState, why{d.NamingReason, d.NamingWords}), all.verdictStep(d, "real_name", d.HolderState, why{d.HolderReason, d.HolderWords}), syncStep(d))
	if d.gone() {
		for _, name := range []string{"hold", "icp", "dns"} {
			out.Steps = append(out.Steps, Step{Name: name, Health: Unneeded, Evidence: string(out.Status)})
		}
		return out, nil
	}
	out.Steps = append(out.Steps, all.holdStep(d), all.icpStep(d), dnsStep(d))
	return out, nil
}

// gone reports whether there is no such domain any more, or never was.
func (d Domain) gone() bool {
	return d.State == Deleted || d.State == Unfulfilled || d.State == Transferred
}

// accountStep says whether the account's own verification is complete, where policy asks
// for it at all.
func (all *All) accountStep(ctx context.Context, d Domain) (Step, error) {
	if len(all.policies.Limits.Account.VerifiedBefore.Steps) == 0 {
		return Step{Name: "account", Health: Unneeded, Evidence: "not_required"}, nil
	}
	err := all.accounts.RequireVerified(ctx, all.store.R, d.AccountID)
	switch {
	case err == nil:
		return Step{Name: "account", Health: Good, Evidence: string(account.Verified)}, nil
	case fault.Code(err) == "account_unverified":
		return Step{Name: "account", Health: Problem, Evidence: string(account.Unverified), Action: "account_unverified"}, nil
	}
	return Step{}, err
}

func (all *All) profileSteps(ctx context.Context, d Domain) ([]Step, error) {
	if d.VersionID == 0 {
		none := Step{Name: "associated", Health: Problem, Evidence: "none", Action: "associate_profile"}
		return []Step{{Name: "profile", Health: Unknown, Evidence: "none"}, {Name: "email", Health: Unknown, Evidence: "none"}, none}, nil
	}
	p, v, err := all.profiles.ByID(ctx, all.store.R, d.ProfileID, d.VersionID)
	if err != nil {
		return nil, err
	}
	mail, err := emailcheck.Of(ctx, all.store.R, d.AccountID, v.Fields.Email)
	if err != nil {
		return nil, err
	}
	steps := []Step{
		{Name: "profile", Health: Good, Evidence: string(v.State), Params: map[string]string{"Profile": p.PublicID}},
		{Name: "email", Health: Good, Evidence: string(mail), Params: map[string]string{"Address": v.Fields.Email}},
		{Name: "associated", Health: Good, Evidence: p.PublicID},
	}
	switch v.State {
	case profile.InReview:
		steps[0].Health = Busy
	case profile.Unverified, profile.Failed:
		steps[0].Health, steps[0].Action = Problem, "correct_profile"
	}
	if mail != emailcheck.Verified {
		steps[1].Health, steps[1].Action = Problem, "verify_email"
	}
	return steps, nil
}

func (all *All) verdictStep(d Domain, name string, v Verdict, cause why) Step {
	s := Step{Name: name, Evidence: string(v)}
	switch v {
	case NotCompleted, InReview:
		switch {
		case d.gone():
			s.Health = Unneeded
			return s
		case d.State == Registering: // what is missing is submitted without further action
			s.Health = Busy
			return s
		}
	}
	switch v {
	case Verified:
		s.Health = Good
	case InReview:
		s.Health = Busy
		s.Deadline, _ = all.due(d)
	case NotRequired:
		s.Health = Unneeded
	case NotPossible:
		s.Health, s.Action = Problem, "suffix_not_approved"
	case Failed:
		s.Health, s.Action, s.Reason, s.Words = Problem, "correct_and_resubmit", all.because(d, cause), cause.words
		if name == "naming" {
			s.Action = "choose_another_name"
		}
	default:
		s.Health, s.Action = Problem, "submit_verification"
		s.Deadline, _ = all.due(d)
	}
	return s
}

func syncStep(d Domain) Step {
	s := Step{Name: "sync", Health: Good, Evidence: d.SyncState}
	switch d.SyncState {
	case SyncQueued:
		s.Health = Busy
	case SyncFailed:
		s.Health, s.Action = Problem, "ask_support"
	}
	return s
}

// holdStep says who holds the name. A hold carries no cause in EPP: it is known
// where a verdict is missing, and otherwise the registry has to be asked.
func (all *All) holdStep(d Domain) Step {
	switch v := d.Verification(); {
	case d.Has(epp.ClientHold) || len(d.Holds) > 0:
		return clientHoldStep(d)
	case d.Has(epp.ServerHold) && (v == Verified || v == NotRequired):
		return Step{Name: "hold", Health: Busy, Evidence: epp.ServerHold, Action: "wait_for_release_or_ask_registry"}
	case d.Has(epp.ServerHold):
		return Step{Name: "hold", Health: Problem, Evidence: epp.ServerHold, Action: "complete_verification"}
	case d.InfoAt.IsZero():
		return Step{Name: "hold", Health: Unknown, Evidence: "never_asked"}
	}
	s := Step{Name: "hold", Health: Good, Evidence: strings.Join(d.Statuses, " ")}
	if v := d.Verification(); v != Verified && v != NotRequired {
		s.Deadline, _ = all.due(d)
	}
	return s
}

// clientHoldStep says why we hold the name: all causes as evidence, and what to do
// about the one that came first.
func clientHoldStep(d Domain) Step {
	s := Step{Name: "hold", Health: Problem, Evidence: epp.ClientHold, Action: "read_messages"}
	for i, h := range d.Holds {
		s.Evidence += " " + string(h.Cause)
		if i == 0 {
			s.Action = "hold_" + string(h.Cause)
		}
	}
	return s
}

func (all *All) icpStep(d Domain) Step {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil {
		return Step{Name: "icp", Health: Unknown, Evidence: "unknown"}
	}
	if !rule.ICP.Eligible {
		return Step{Name: "icp", Health: Unneeded, Evidence: "not_eligible"}
	}
	// Whether a filing exists is known to the filing system alone.
	return Step{Name: "icp", Health: Unknown, Evidence: "eligible", Action: "file_if_hosted_in_mainland"}
}

func dnsStep(d Domain) Step {
	if d.Has(epp.StatusInactive) {
		return Step{Name: "dns", Health: Problem, Evidence: "no_delegation", Action: "set_name_servers"}
	}
	return Step{Name: "dns", Health: Unknown, Evidence: "not_queried"}
}
