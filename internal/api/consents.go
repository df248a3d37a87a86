package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
)

// Consent is the word of one party to the changes of holder of a task.
type Consent struct {
	ID       string     `json:"id"`
	Role     string     `json:"role" enum:"prior_registrant,new_registrant,both_registrants"`
	Address  string     `json:"address,omitempty" doc:"Where they are asked; absent where nobody here knows, and staff has to find out."`
	State    string     `json:"state" enum:"awaited,given,declined,expired,dropped"`
	BeganAt  time.Time  `json:"began_at"`
	DueAt    time.Time  `json:"due_at" doc:"Without a word by then the holders stay."`
	MailedAt *time.Time `json:"mailed_at,omitempty" doc:"When the last mail was sent."`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
	Means    string     `json:"means,omitempty" enum:"mail_link,designated_agent,telephone,document,in_person"`
}

func consentOf(c domain.Consent) Consent {
	return Consent{ID: c.PublicID, Role: string(c.Role), Address: c.Address, State: string(c.State), BeganAt: c.BeganAt.Time, DueAt: c.DueAt.Time,
		MailedAt: when(c.MailedAt.Time), EndedAt: when(c.EndedAt.Time), Means: string(c.Means)}
}

// Agent is the authority of an account to confirm changes of holder for a registrant.
type Agent struct {
	ID      string     `json:"id"`
	Address string     `json:"address" doc:"The registrant's."`
	BeganAt time.Time  `json:"began_at"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

func agentOf(a domain.Agent) Agent {
	return Agent{a.PublicID, a.Address, a.BeganAt.Time, when(a.EndedAt.Time)}
}

func changeOf(c *domain.Change) *Change {
	if c == nil {
		return nil
	}
	return &Change{Profile: c.Profile, Task: c.Task, Consents: listOf(c.Words, consentOf).Items}
}

func (s *Server) consents() {
	handle(s, op{
		id: "list-consents", method: "GET", path: "/associations/{id}/consents",
		summary: "Whose words the changes of holder of a task wait for", tag: "Changes of holder",
		about: "Where ICANN's rule for a change of registrant applies, the prior and the new registrant are mailed a link and both have to agree; until then nothing is told to a registry.",
	},
		func(ctx context.Context, in *byID) (*body[list[Consent]], error) {
			found, err := s.Domains.ConsentsOf(ctx, actorOf(ctx), in.ID)
			return answer(listOf(found, consentOf), err)
		})
	handle(s, op{
		id: "remind-consent", method: "POST", path: "/consents/{id}/mail", summary: "Have a registrant asked again",
		tag: "Changes of holder", status: 202,
	},
		func(ctx context.Context, in *byID) (*body[Consent], error) {
			c, err := s.Domains.RemindConsent(ctx, actorOf(ctx), in.ID)
			return answer(consentOf(c), err)
		})
	type consentWord struct {
		ID   string `path:"id"`
		Body struct {
			Agree    bool   `json:"agree" doc:"They agree; false: they refuse."`
			Means    string `json:"means" enum:"telephone,document,in_person"`
			Evidence string `json:"evidence" maxLength:"2000" doc:"What that rests on."`
		}
	}
	handle(s, op{
		id: "attest-consent", method: "POST", path: "/consents/{id}/attestation",
		summary: "Give staff's word for a registrant's answer", tag: "Changes of holder",
	},
		func(ctx context.Context, in *consentWord) (*body[Consent], error) {
			c, err := s.Domains.AttestConsent(ctx, actorOf(ctx), in.ID, in.Body.Agree, domain.Means(in.Body.Means), in.Body.Evidence)
			return answer(consentOf(c), err)
		})
	handle(s, op{
		id: "list-designated-agents", method: "GET", path: "/designated-agents",
		summary: "Which registrants have authorised the account to agree for them", tag: "Changes of holder",
	},
		func(ctx context.Context, _ *struct{}) (*body[list[Agent]], error) {
			found, err := s.Domains.Agents(ctx, actorOf(ctx))
			return answer(listOf(found, agentOf), err)
		})
	type designation struct {
		Body struct {
			Account  string `json:"account"`
			Address  string `json:"address" maxLength:"320" doc:"The registrant's."`
			Evidence string `json:"evidence" maxLength:"2000" doc:"What the authority rests on."`
		}
	}
	handle(s, op{
		id: "designate-agent", method: "POST", path: "/designated-agents",
		summary: "Give staff's word that a registrant has authorised an account", tag: "Changes of holder", status: 201,
	},
		func(ctx context.Context, in *designation) (*body[Agent], error) {
			a, err := s.Domains.Designate(ctx, actorOf(ctx), in.Body.Account, in.Body.Address, in.Body.Evidence)
			return answer(agentOf(a), err)
		})
	handle(s, op{id: "revoke-agent", method: "DELETE", path: "/designated-agents/{id}", summary: "Take an authority back", tag: "Changes of holder"},
		func(ctx context.Context, in *byID) (*body[Agent], error) {
			a, err := s.Domains.RevokeAgent(ctx, actorOf(ctx), in.ID)
			return answer(agentOf(a), err)
		})
}
