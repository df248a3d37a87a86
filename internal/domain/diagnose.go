package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/event"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
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
	// Found is the id of the text that says the evidence in words, "" for none.
	Found string
	// Facts are single facts by their names, and Details what was compared and what each
	// of several others said, for those who want to know more.
	Facts   map[string]string
	Details []Detail
	// Reason is why a verdict failed, nil for any other step; Words are the
	// registry's or reviewer's own, "" where they gave none.
	Reason   *fault.Error
	Words    string
	Action   string
	Deadline time.Time
	Params   map[string]string
}

// Detail is one thing that a step rests on: the id of a text, and its parameters.
type Detail struct {
	Text   string
	Params map[string]string
}

// Diagnosis explains why a domain works or does not.
type Diagnosis struct {
	Domain Domain
	Status Status
	Steps  []Step
}

// Diagnose answers, in order, the questions that registrants ask. The DNS is asked
// while the rows are read, and for no longer than the checker's own bound.
func (all *All) Diagnose(ctx context.Context, a actor.Actor, typed string) (out Diagnosis, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return out, err
	}
	looked := all.lookAtDNS(ctx, d)
	return all.diagnosis(ctx, d, func() Step { return all.dnsStep(d, looked) })
}

// DiagnoseAtOnce is Diagnose for those who cannot wait for others: where the DNS would
// be asked, its step is busy with that.
func (all *All) DiagnoseAtOnce(ctx context.Context, a actor.Actor, typed string) (out Diagnosis, err error) {
	d, err := all.Get(ctx, a, typed)
	if err != nil {
		return out, err
	}
	return all.diagnosis(ctx, d, func() Step {
		if all.config.DNS == nil || d.State != Registered {
			return all.dnsStep(d, nil)
		}
		return Step{Name: "dns", Health: Busy, Evidence: AskingDNS}
	})
}

// AskingDNS is the evidence of a step that waits for the DNS.
const AskingDNS = "asking"

func (all *All) diagnosis(ctx context.Context, d Domain, dns func() Step) (out Diagnosis, err error) {
	out = Diagnosis{Domain: d, Status: d.Status(all.store.Now())}
	if out.Steps, err = all.steps(ctx, d); err != nil {
		return out, wrap("diagnose", err)
	}
	if d.gone() {
		for _, name := range []string{"hold", "icp", "dns"} {
			out.Steps = append(out.Steps, Step{Name: name, Health: Unneeded, Evidence: string(out.Status), Found: "status." + string(out.Status)})
		}
		return out, nil
	}
	out.Steps = append(out.Steps, dns())
	return out, nil
}

// steps are those that need nobody else: from the account to the filing, for a domain
// that is gone up to what the registry was told.
func (all *All) steps(ctx context.Context, d Domain) ([]Step, error) {
	first, err := all.accountStep(ctx, d)
	if err != nil {
		return nil, err
	}
	steps := []Step{first}
	person, err := all.profileSteps(ctx, d)
	if err != nil {
		return nil, err
	}
	steps = append(steps, person...)
	steps = append(steps, all.verdictStep(d, "naming", d.NamingState, why{d.NamingReason, d.NamingWords}), all.verdictStep(d, "real_name", d.HolderState, why{d.HolderReason, d.HolderWords}))
	if d.QualificationState != NotRequired {
		steps = append(steps, qualificationStep(d))
	}
	sync, err := all.syncStep(ctx, d)
	if err != nil {
		return nil, err
	}
	steps = append(steps, sync)
	if d.gone() {
		return steps, nil
	}
	verdicts, err := all.verdictTimes(ctx, d)
	return append(steps, all.holdStep(d, verdicts), all.icpStep(d, verdicts)), err
}

// verdictTimes are when the last verdicts of a domain came, by their event.
func (all *All) verdictTimes(ctx context.Context, d Domain) (map[event.Type]time.Time, error) {
	var rows []struct {
		Type event.Type
		At   store.Time
	}
	err := all.store.R.NewRaw("SELECT type, max(at) AS at FROM event WHERE account_id = ? AND subject = ? AND type IN ('domain.naming_verified', 'domain.real_name_verified') GROUP BY type",
		d.AccountID, d.PublicID).Scan(ctx, &rows)
	out := map[event.Type]time.Time{}
	for _, r := range rows {
		out[r.Type] = r.At.Time
	}
	return out, err
}

// gone reports whether there is no such domain any more, or never was.
func (d Domain) gone() bool {
	return d.State == Deleted || d.State == Unfulfilled || d.State == Transferred
}

// accountStep says whether the account's own verification is complete, where policy asks
// for it at all.
func (all *All) accountStep(ctx context.Context, d Domain) (Step, error) {
	if len(all.policies.Limits.Account.VerifiedBefore.Steps) == 0 {
		return Step{Name: "account", Health: Unneeded, Evidence: "not_required", Found: "found.account.not_required"}, nil
	}
	err := all.accounts.RequireVerified(ctx, all.store.R, d.AccountID)
	switch {
	case err == nil:
		return Step{Name: "account", Health: Good, Evidence: string(account.Verified), Found: "found.account.verified"}, nil
	case fault.Code(err) == "account_unverified":
		return Step{Name: "account", Health: Problem, Evidence: string(account.Unverified), Found: "found.account.unverified", Action: "account_unverified"}, nil
	}
	return Step{}, err
}

// profileSteps are about the profile that a domain is associated with, if it is.
func (all *All) profileSteps(ctx context.Context, d Domain) ([]Step, error) {
	if d.VersionID == 0 {
		return []Step{
			{Name: "profile", Health: Unknown, Evidence: "none", Found: "found.profile.none"},
			{Name: "email", Health: Unknown, Evidence: "none", Found: "found.email.none"}, notAssociated(d),
		}, nil
	}
	p, v, err := all.profiles.ByID(ctx, all.store.R, d.ProfileID, d.VersionID)
	if err != nil {
		return nil, err
	}
	own, err := all.profileStep(ctx, d, p, v)
	if err != nil {
		return nil, err
	}
	mail, err := all.emailStep(ctx, d, v.Fields.Email)
	if err != nil {
		return nil, err
	}
	return []Step{own, mail, associatedStep(d, p)}, nil
}

// notAssociated is the forgotten second step. A name that nobody has to verify does without,
// and one whose holder the registry had verified before it came here.
func notAssociated(d Domain) Step {
	switch {
	case d.Verification() == NotRequired:
		return Step{Name: "associated", Health: Unneeded, Evidence: "not_required", Found: "found.associated.not_required"}
	case d.HolderState == Verified:
		return Step{Name: "associated", Health: Unneeded, Evidence: "verified_before", Found: "found.associated.verified_before"}
	}
	return Step{Name: "associated", Health: Problem, Evidence: "none", Found: "found.associated.none", Action: "associate_profile"}
}

// associatedStep says which profile a domain rests on. One that its owner has deleted since
// still says who the holder is, but nothing can be corrected or submitted with it any more.
func associatedStep(d Domain, p profile.Profile) Step {
	if p.DeletedAt.IsZero() {
		return Step{Name: "associated", Health: Good, Evidence: p.PublicID, Found: "found.associated.profile", Params: map[string]string{"Profile": p.PublicID}}
	}
	s := Step{Name: "associated", Health: Good, Evidence: "profile_deleted", Found: "found.associated.deleted"}
	if v := d.Verification(); v == NotCompleted || v == Failed {
		s.Health, s.Action = Problem, "associate_profile"
	}
	return s
}

func (all *All) profileStep(ctx context.Context, d Domain, p profile.Profile, v profile.Version) (Step, error) {
	s := Step{
		Name: "profile", Health: Good, Evidence: string(v.State), Found: "found.profile." + string(v.State),
		Params: map[string]string{"Profile": p.PublicID},
	}
	switch {
	case v.State == profile.InReview:
		c, _, err := review.Latest(ctx, all.store.R, review.ProfileVersion, v.ID)
		s.Health, s.Deadline = Busy, c.ExpectedAt.Time
		return s, err
	case v.State == profile.Unverified && !all.profiles.NeedsVerification(p):
		s.Health, s.Evidence, s.Found = Unneeded, "not_required", "found.profile.not_required"
	case v.State == profile.Verified:
	case p.DeletedAt.IsZero():
		s.Health, s.Action = Problem, "correct_profile"
	case d.Verification() == Verified: // keeps what the registry has decided
		s.Health = Unneeded
	default:
		s.Health, s.Action = Problem, "associate_profile"
	}
	return s, nil
}

// emailStep says whether somebody has answered from the holder's address.
func (all *All) emailStep(ctx context.Context, d Domain, address string) (Step, error) {
	state, err := emailcheck.Of(ctx, all.store.R, d.AccountID, address)
	if err != nil {
		return Step{}, err
	}
	s := Step{Name: "email", Health: Good, Evidence: string(state), Found: "found.email." + string(state), Params: map[string]string{"Address": address}}
	if state != emailcheck.Verified {
		s.Health, s.Action = Problem, "verify_email"
	}
	if d.Answer != nil {
		s.Health, s.Action, s.Params["Address"] = Problem, "answer_mail", d.Answer.Address
		if d.Answer.State == Awaited {
			s.Deadline = d.Answer.DueAt.Time
		}
	}
	return s, nil
}

func (all *All) verdictStep(d Domain, name string, v Verdict, cause why) Step {
	s := Step{Name: name, Evidence: string(v), Found: "explain." + string(v) + ".meaning"}
	switch v {
	case NotCompleted, InReview:
		switch {
		case d.gone():
			s.Health, s.Found = Unneeded, "found.verdict.gone"
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
		if name == "naming" { // what becomes of the name stands in the reason
			s.Found, s.Action = "found.verdict.failed", "choose_another_name"
		}
	default:
		s.Health, s.Action = Problem, "submit_verification"
		s.Deadline, _ = all.due(d)
	}
	return s
}

// qualificationStep says where the papers stand that the suffix asks for beside an
// identity.
func qualificationStep(d Domain) Step {
	s := Step{
		Name: "qualification", Evidence: string(d.QualificationState),
		Found: "explain." + string(d.QualificationState) + ".meaning", Deadline: d.QualificationDueAt.Time,
	}
	switch {
	case d.QualificationState == Verified:
		s.Health = Good
	case d.gone():
		s.Health, s.Deadline = Unneeded, time.Time{}
	case d.QualificationState == InReview:
		s.Health = Busy
	case d.QualificationState == Failed:
		s.Health, s.Action = Problem, "correct_papers"
	default:
		s.Health, s.Action = Problem, "submit_papers"
	}
	return s
}

// syncStep says whether the registry has been told, and where it is not, whether that waits
// for us.
func (all *All) syncStep(ctx context.Context, d Domain) (Step, error) {
	s := Step{Name: "sync", Health: Good, Evidence: d.SyncState, Found: "found.sync." + or(d.SyncState, "none")}
	switch {
	case d.SyncState == SyncQueued && d.gone():
		s.Health, s.Evidence, s.Found = Unneeded, "none", "found.sync.none"
	case !d.DoubtedAt.IsZero() && !d.gone():
		s.Health, s.Evidence, s.Found = Busy, "doubt", "found.sync.doubt"
	case d.SyncState == SyncQueued:
		s.Health = Busy
		p, err := all.registries.PauseOf(ctx, all.store.R, d.Registry)
		if err != nil {
			return s, err
		}
		if p != nil {
			s.Evidence, s.Found, s.Params = "paused", "found.sync.paused", map[string]string{"Since": p.Since()}
		}
	case d.SyncState == SyncFailed:
		s.Health, s.Action = Problem, "ask_support"
	}
	return s, nil
}

// holdStep says who holds the name. A hold carries no cause in EPP: it is known where
// somebody has said it, and otherwise the registry has to be asked.
func (all *All) holdStep(d Domain, verdicts map[event.Type]time.Time) Step {
	switch v := d.Verification(); {
	case d.Has(epp.ClientHold) || len(d.Holds) > 0:
		return clientHoldStep(d)
	case d.Has(epp.ServerHold):
		s := Step{
			Name: "hold", Health: Problem, Evidence: epp.ServerHold, Found: "found.hold.serverHold",
			Action: serverHoldAction(d), Words: d.StatusWords[epp.ServerHold].Words,
		}
		switch word := d.StatusWords[epp.ServerHold]; {
		case v != Verified || s.Action == askAboutHold:
		case word.Source == FromPoll && word.At.After(lastOf(verdicts)): // put since
			s.Action = askAboutHold
		default:
			s.Health, s.Deadline = Busy, all.releaseBy(d, verdicts)
		}
		return s
	case d.InfoAt.IsZero():
		return Step{Name: "hold", Health: Unknown, Evidence: "never_asked", Found: "found.hold.never_asked"}
	}
	s := Step{Name: "hold", Health: Good, Evidence: strings.Join(d.Statuses, " "), Found: "found.hold.none"}
	if v := d.Verification(); v != Verified && v != NotRequired {
		s.Deadline, _ = all.due(d)
	}
	return s
}

// releaseBy is when a registry should have lifted its hold after the last verdict, zero
// where that is not known.
func (all *All) releaseBy(d Domain, verdicts map[event.Type]time.Time) time.Time {
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	if err != nil || len(rule.Hold.ReleaseTakes.BusinessDays) == 0 {
		return time.Time{}
	}
	last := lastOf(verdicts)
	if last.IsZero() {
		return last
	}
	return all.policies.Calendar.After(last, slices.Max(rule.Hold.ReleaseTakes.BusinessDays)).At
}

// lastOf is when the last verdict came, zero for none.
func lastOf(verdicts map[event.Type]time.Time) (last time.Time) {
	for _, at := range verdicts {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// clientHoldStep says why we hold the name: all causes as evidence, and what to do about
// the one that came first. Where that alone sets nothing free, what there is besides stands
// in the details.
func clientHoldStep(d Domain) Step {
	s := Step{Name: "hold", Health: Problem, Evidence: epp.ClientHold, Found: "found.hold.clientHold", Action: "read_messages"}
	for i, h := range d.Holds {
		s.Evidence += " " + string(h.Cause)
		if advice := "hold_" + string(h.Cause); i == 0 {
			s.Action = advice
		} else {
			s.Details = append(s.Details, Detail{Text: "action." + advice})
		}
	}
	if d.Has(epp.ServerHold) {
		s.Evidence += " " + epp.ServerHold
		s.Details = append(s.Details, Detail{Text: "found.hold.serverHold"}, Detail{Text: "action." + serverHoldAction(d)})
	}
	return s
}

// icpStep says what is known of a filing for a website in the mainland: whether the name
// is eligible. Whether a filing is needed rests on where the site is served, and whether
// one is done is known to the filing system alone: both are unknown here.
func (all *All) icpStep(d Domain, verdicts map[event.Type]time.Time) Step {
	s := Step{Name: "icp", Health: Unknown, Evidence: "unknown", Facts: map[string]string{"eligible": "unknown", "needed": "unknown", "done": "unknown"}}
	rule, err := all.policies.Rule(d.Accreditation, d.Name)
	v := d.Verification()
	since := verdicts["domain.real_name_verified"]
	known := since.Add(all.policies.Limits.ReachesFilingSystem())
	switch {
	case err != nil:
	case !rule.ICP.Eligible:
		s.Health, s.Evidence = Unneeded, "not_eligible"
		s.Facts["eligible"] = "no"
	case v != Verified && v != NotRequired:
		s.Evidence, s.Action = "eligible_when_verified", "icp_after_verification"
		s.Facts["eligible"] = "when_verified"
	case !since.IsZero() && all.store.Now().Before(known):
		s.Health, s.Evidence, s.Action, s.Deadline = Busy, "eligible_soon", "icp_wait_for_data", known
		s.Facts["eligible"] = "yes"
	default:
		s.Evidence, s.Action = "eligible", "file_if_hosted_in_mainland"
		s.Facts["eligible"] = "yes"
	}
	s.Found = "found.icp." + s.Evidence
	return s
}
