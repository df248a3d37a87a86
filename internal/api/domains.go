package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
)

// Domain is a name that the account holds.
type Domain struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	ASCII            string     `json:"ascii_name"`
	Status           string     `json:"status" doc:"Its standing in one word; normal when all is well."`
	StatusText       Words      `json:"status_text"`
	Verification     string     `json:"verification" enum:"not_completed,in_review,verified,failed,not_required,not_possible" doc:"Both verdicts together."`
	Naming           string     `json:"naming_verdict"`
	NamingReason     string     `json:"naming_reason,omitempty"`
	RealName         string     `json:"real_name_verdict"`
	HolderReason     string     `json:"real_name_reason,omitempty"`
	Qualification    string     `json:"qualification" enum:"not_required,not_completed,in_review,verified,failed" doc:"Of what the suffix asks for beside an identity."`
	QualificationDue *time.Time `json:"qualification_due_at,omitempty" doc:"When the time ends that policy gives a new holder for it."`
	Sync             string     `json:"sync_state" enum:"none,queued,synced,failed"`
	Statuses         []string   `json:"epp_statuses" doc:"What the registry shows."`
	Explained        []StatusOf `json:"statuses" doc:"Each of them, the grace periods and both verdicts, explained."`
	NameServers      []string   `json:"name_servers" doc:"Those that the registry has."`
	Registrant       string     `json:"registrant,omitempty" doc:"The contact at the registry."`
	DueAt            *time.Time `json:"due_at,omitempty" doc:"When the missing verdict must be in."`
	RegisteredAt     *time.Time `json:"registered_at,omitempty"`
	ExpiresAt        *time.Time `json:"expires_at,omitempty"`
	InfoAt           *time.Time `json:"info_at,omitempty" doc:"When the registry was last heard of it."`
	Holds            []Hold     `json:"holds" doc:"Why it is on clientHold; lifted when none is left."`
	Answer           *Answer    `json:"answer,omitempty" doc:"What the registrant still has to answer, and by when; absent when nothing."`
	Locks            []Lock     `json:"transfer_locks" doc:"Why transfers to another registrar are refused, and until when."`
	Change           *Change    `json:"holder_change,omitempty" doc:"A change of holder that waits for the registrants; where one domain is read."`
}

// Lock is a time within which transfers to another registrar are refused.
type Lock struct {
	Cause string    `json:"cause" enum:"registration,transfer_in,holder_change"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Change is a change of holder that waits for the registrants.
type Change struct {
	Profile  string    `json:"profile" doc:"Whose holder is to have the domain."`
	Task     string    `json:"association"`
	Consents []Consent `json:"consents"`
}

func (s *Server) domainOf(d domain.Domain) Domain {
	status := d.Status(s.Store.Now())
	holds := []Hold{}
	for _, h := range d.Holds {
		holds = append(holds, s.holdOf(h, false))
	}
	var wanted *Answer
	if d.Answer != nil {
		a := answerOf(*d.Answer, false)
		wanted = &a
	}
	locks := []Lock{}
	for _, l := range s.Domains.Locks(d, s.Store.Now()) {
		locks = append(locks, Lock{string(l.Cause), l.Since, l.Until})
	}
	return Domain{
		Holds: holds, Answer: wanted, Locks: locks, ID: d.PublicID, Name: domain.Display(d.Name), ASCII: d.Name,
		Status: string(status), StatusText: s.texts.Both("status."+string(status), nil),
		Verification: string(d.Verification()), Naming: string(d.NamingState), NamingReason: d.NamingReason,
		RealName: string(d.HolderState), HolderReason: d.HolderReason,
		Qualification: string(d.QualificationState), QualificationDue: when(d.QualificationDueAt.Time), Sync: d.SyncState,
		Statuses: append([]string{}, d.Statuses...), Explained: listOf(s.Domains.Explain(d), s.statusOf).Items,
		NameServers: append([]string{}, d.NameServers...),
		Registrant:  d.Registrant, DueAt: when(d.DueAt.Time), RegisteredAt: when(d.RegisteredAt.Time),
		ExpiresAt: when(d.ExpiresAt.Time), InfoAt: when(d.InfoAt.Time),
	}
}

// RegistryView is what the registry itself says, read now.
type RegistryView struct {
	Registrant string     `json:"registrant,omitempty"`
	Sponsor    string     `json:"sponsor"`
	Statuses   []string   `json:"statuses"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
}

// Diagnosis explains why a domain works or does not.
type Diagnosis struct {
	Domain     string `json:"domain"`
	Status     string `json:"status"`
	StatusText Words  `json:"status_text"`
	Steps      []Step `json:"steps"`
}

// Step is one answer of a diagnosis.
type Step struct {
	Name     string `json:"name"`
	Question Words  `json:"question"`
	State    string `json:"state" enum:"good,problem,waiting,not_needed,unknown"`
	Evidence string `json:"evidence"`
	Found    *Words `json:"found,omitempty" doc:"The evidence in words."`
	// Facts and Details are what the evidence rests on.
	Facts    map[string]string `json:"facts,omitempty" doc:"Single facts by name; unknown where nobody here knows."`
	Details  []Words           `json:"details,omitempty" doc:"What was compared and what each of several others said, such as name servers."`
	Code     string            `json:"code,omitempty" doc:"Why a verdict failed."`
	Reason   *Words            `json:"reason,omitempty"`
	Said     string            `json:"said,omitempty" doc:"What the registry or reviewer said of it, in their own words."`
	Action   string            `json:"action,omitempty"`
	Next     *Words            `json:"next,omitempty" doc:"What to do next."`
	Deadline *time.Time        `json:"deadline,omitempty"`
}

func (s *Server) diagnosisOf(d domain.Diagnosis) Diagnosis {
	out := Diagnosis{Domain: domain.Display(d.Domain.Name), Status: string(d.Status), StatusText: s.texts.Both("status."+string(d.Status), nil), Steps: []Step{}}
	for _, x := range d.Steps {
		step := Step{
			Name: x.Name, Question: s.texts.Both("diagnosis."+x.Name, nil), State: string(x.Health), Evidence: x.Evidence,
			Facts: x.Facts, Said: x.Words, Action: x.Action, Deadline: when(x.Deadline),
		}
		if x.Found != "" {
			words := s.texts.Both(x.Found, x.Params)
			step.Found = &words
		}
		for _, detail := range x.Details {
			step.Details = append(step.Details, s.texts.Both(detail.Text, detail.Params))
		}
		if x.Reason != nil {
			words := s.texts.Both(x.Reason.Code, x.Reason.Params)
			step.Code, step.Reason = x.Reason.Code, &words
		}
		if x.Action != "" {
			words := s.texts.Both("action."+x.Action, x.Params)
			step.Next = &words
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

type byName struct {
	Name string `path:"name"`
}

func (s *Server) domains() {
	type page struct {
		After         string    `query:"after" doc:"The next of the page before."`
		Limit         int       `query:"limit" minimum:"1" maximum:"500" default:"50"`
		Sort          string    `query:"sort" enum:"name,hold,expiry" default:"name" doc:"By name; by when the registry holds them for want of a verdict, those without that after them; or by expiry."`
		Verification  string    `query:"verification" enum:"not_completed,in_review,verified,failed,not_required,not_possible" doc:"Only domains whose verification stands so."`
		PapersMissing bool      `query:"papers_missing" doc:"Only domains whose suffix asks for papers beside an identity that are not submitted, or were refused."`
		Query         string    `query:"q" maxLength:"253" doc:"Only domains with this in their name, in A-labels; a whole name may be in Chinese."`
		Suffix        string    `query:"suffix" maxLength:"253" doc:"Only domains under this suffix, such as cn or 公司.cn."`
		Held          bool      `query:"held" doc:"Only domains on a hold: clientHold or serverHold."`
		ExpiresBefore time.Time `query:"expires_before" doc:"Only domains that expire before this time, or have expired."`
	}
	handle(s, op{id: "list-domains", method: "GET", path: "/domains", summary: "List the domains of the account", tag: "Domain names"},
		func(ctx context.Context, in *page) (*body[list[Domain]], error) {
			sort := domain.Sort(in.Sort)
			if in.Sort == "name" {
				sort = domain.ByName
			}
			found, next, err := s.Domains.List(ctx, actorOf(ctx), domain.Filter{
				Sort:  sort,
				Query: in.Query, Suffix: in.Suffix, Verification: domain.Verdict(in.Verification), Held: in.Held,
				PapersMissing: in.PapersMissing, ExpiresBefore: in.ExpiresBefore,
			}, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			out := listOf(found, s.domainOf)
			out.Next = next
			return answer(out, nil)
		})
	handle(s, op{id: "get-domain", method: "GET", path: "/domains/{name}", summary: "Read a domain", tag: "Domain names"},
		func(ctx context.Context, in *byName) (*body[Domain], error) {
			d, err := s.Domains.Get(ctx, actorOf(ctx), in.Name)
			if err != nil {
				return nil, err
			}
			out := s.domainOf(d)
			change, err := s.Domains.ChangeOf(ctx, d)
			out.Change = changeOf(change)
			return answer(out, err)
		})
	handle(s, op{
		id: "get-domain-at-registry", method: "GET", path: "/domains/{name}/registry",
		summary: "Ask the registry what it has of a domain now", tag: "Domain names",
	},
		func(ctx context.Context, in *byName) (*body[RegistryView], error) {
			r, err := s.Domains.AskRegistry(ctx, actorOf(ctx), in.Name)
			return answer(RegistryView{Registrant: r.Registrant, Sponsor: r.Sponsor, Statuses: append([]string{}, r.Statuses...), ExpiresAt: when(r.ExpiresAt)}, err)
		})
	handle(s, op{id: "diagnose-domain", method: "GET", path: "/domains/{name}/diagnosis", summary: "Why does a domain work, or not?", tag: "Domain names"},
		func(ctx context.Context, in *byName) (*body[Diagnosis], error) {
			d, err := s.Domains.Diagnose(ctx, actorOf(ctx), in.Name)
			if err != nil {
				return nil, err
			}
			return answer(s.diagnosisOf(d), nil)
		})
	s.associations()
	s.holds()
	s.statuses()
	s.lookUps()
	s.answers()
}
