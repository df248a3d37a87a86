package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/registry"
)

// RegistryFinding is what an operator should know of a registry account.
type RegistryFinding struct {
	ID       string     `json:"id"`
	Registry string     `json:"registry"`
	Code     string     `json:"code"`
	Text     Words      `json:"text" doc:"What it is, and what to do about it."`
	Subject  string     `json:"subject,omitempty" doc:"What it is about: a namespace, a message, a code, a domain."`
	Times    int        `json:"times" doc:"How often it was found; a finding is counted once a minute at most."`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	ClosedBy string     `json:"closed_by,omitempty"`
}

// RegistryMessage is a message of a registry as it came.
type RegistryMessage struct {
	Registry   string    `json:"registry"`
	ID         string    `json:"id"`
	State      string    `json:"state" enum:"new,applied,unknown,stuck"`
	ReceivedAt time.Time `json:"received_at"`
	Raw        string    `json:"raw" doc:"The registry's whole answer, as XML."`
}

// RegistryAccount is an account of ours at a registry or a verification service provider,
// and how it is doing.
type RegistryAccount struct {
	Name     string   `json:"name"`
	Driver   string   `json:"driver"`
	Address  string   `json:"address"`
	Suffixes []string `json:"suffixes,omitempty"`
	Works    bool     `json:"works" doc:"Some process has it in hand now."`
	Waiting  int      `json:"waiting" doc:"Commands that have not ended."`
	// Open is by the states of commands.
	Open        map[registry.State]int `json:"open,omitempty" doc:"The same by state: blocked, ready, inflight, doubt, waiting."`
	OldestAt    *time.Time             `json:"oldest_at,omitempty" doc:"Since when the oldest of them waits."`
	Inbox       int                    `json:"inbox" doc:"Messages that wait to be applied."`
	LastMessage *time.Time             `json:"last_message_at,omitempty"`
	Findings    int                    `json:"findings"`
	Sessions    RegistrySessions       `json:"sessions"`
	Pause       *RegistryPause         `json:"pause,omitempty" doc:"Absent while commands are sent."`
}

// RegistrySessions are those of the process that answers.
type RegistrySessions struct {
	Open          int  `json:"open"`
	InUse         int  `json:"in_use"`
	Most          int  `json:"most"`
	NoLogins      bool `json:"no_logins,omitempty" doc:"The registry refuses our credentials."`
	BalanceUsedUp bool `json:"balance_used_up,omitempty"`
}

// RegistryPause says since when, by whom and why nothing is sent.
type RegistryPause struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name,omitempty" doc:"Of the person or the API key."`
	Cause   string    `json:"cause"`
	Offline bool      `json:"offline,omitempty" doc:"Its messages are not read either."`
}

// Reconciliation is a registry asked about all names that we have there.
type Reconciliation struct {
	ID        string     `json:"id"`
	Registry  string     `json:"registry"`
	By        string     `json:"by"`
	ByName    string     `json:"by_name,omitempty" doc:"Of the person or the API key."`
	Names     int        `json:"names" doc:"At its beginning."`
	Asked     int        `json:"asked" doc:"About how many the registry is asked by now."`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"When the last was asked about; what differs is a finding."`
}

// registryPauseOf takes the names of those who act, by their ids.
func registryPauseOf(p *registry.Pause, names map[string]string) *RegistryPause {
	if p == nil {
		return nil
	}
	return &RegistryPause{At: p.At.Time, By: p.Author, ByName: names[p.Author], Cause: p.Cause, Offline: p.Offline}
}

func registryAccountOf(c registry.Condition, names map[string]string) RegistryAccount {
	return RegistryAccount{
		Name: c.Name, Driver: c.Driver, Address: c.Addr, Suffixes: c.Suffixes, Works: c.Works, Waiting: c.Waiting(),
		Open: c.Open, OldestAt: when(c.Oldest.Time),
		Inbox: c.Inbox, LastMessage: when(c.LastMessage.Time), Findings: c.Findings, Pause: registryPauseOf(c.Pause, names),
		Sessions: RegistrySessions{Open: c.Sessions.Open, InUse: c.Sessions.InUse, Most: c.MostSessions, NoLogins: c.Sessions.NoLogins, BalanceUsedUp: c.Sessions.NothingBought},
	}
}

func reconciliationOf(r domain.Reconciliation, names map[string]string) Reconciliation {
	return Reconciliation{
		ID: r.PublicID, Registry: r.Registry, By: r.Author, ByName: names[r.Author], Names: r.Names, Asked: r.Asked,
		StartedAt: r.StartedAt.Time, EndedAt: when(r.EndedAt.Time),
	}
}

func (s *Server) registryFindingOf(f registry.Finding) RegistryFinding {
	return RegistryFinding{ID: f.PublicID, Registry: f.Registry, Code: f.Code, Text: s.texts.Both(f.Code, f.Params), Subject: f.Subject, Times: f.Times,
		FirstAt: f.FirstAt.Time, LastAt: f.LastAt.Time, ClosedAt: when(f.ClosedAt.Time), ClosedBy: f.ClosedBy}
}

func (s *Server) registries() {
	handle(s, op{
		id: "list-registries", method: "GET", path: "/registries",
		summary: "How our accounts at registries and verification service providers are doing", tag: "Operation",
	},
		func(ctx context.Context, _ *none) (*body[list[RegistryAccount]], error) {
			found, err := s.Registries.Conditions(ctx, actorOf(ctx))
			if err != nil {
				return nil, err
			}
			var who []string
			for _, c := range found {
				if c.Pause != nil {
					who = append(who, c.Pause.Author)
				}
			}
			names, err := s.Accounts.Names(ctx, actorOf(ctx), who...)
			return answer(listOf(found, func(c registry.Condition) RegistryAccount { return registryAccountOf(c, names) }), err)
		})
	type pausingRegistry struct {
		Name string `path:"name"`
		Body struct {
			Cause   string `json:"cause" maxLength:"2000" doc:"For staff."`
			Offline bool   `json:"offline,omitempty" doc:"Read no messages either, and end all sessions."`
		}
	}
	handle(s, op{
		id: "pause-registry", method: "PUT", path: "/registries/{name}/pause",
		summary: "Send a registry no command until it is resumed; what is ordered waits", tag: "Operation",
	},
		func(ctx context.Context, in *pausingRegistry) (*body[*RegistryPause], error) {
			p, err := s.Registries.Pause(ctx, actorOf(ctx), in.Name, in.Body.Cause, in.Body.Offline)
			if err != nil {
				return nil, err
			}
			names, err := s.Accounts.Names(ctx, actorOf(ctx), p.Author)
			return answer(registryPauseOf(&p, names), err)
		})
	type resuming struct {
		Name  string `path:"name"`
		Cause string `query:"cause" maxLength:"2000" doc:"For the record."`
	}
	handle(s, op{
		id: "resume-registry", method: "DELETE", path: "/registries/{name}/pause",
		summary: "Send a registry commands again", tag: "Operation", status: 204,
	},
		func(ctx context.Context, in *resuming) (*none, error) {
			return nil, s.Registries.Resume(ctx, actorOf(ctx), in.Name, in.Cause)
		})
	type byRegistry struct {
		Name string `path:"name"`
	}
	handle(s, op{
		id: "reconcile-registry", method: "POST", path: "/registries/{name}/reconciliation",
		summary: "Ask a registry about all names that we have there; the one under way where it is asked already",
		tag:     "Operation", status: 202,
	},
		func(ctx context.Context, in *byRegistry) (*body[Reconciliation], error) {
			r, err := s.Domains.ReconcileNow(ctx, actorOf(ctx), in.Name)
			if err != nil {
				return nil, err
			}
			names, err := s.Accounts.Names(ctx, actorOf(ctx), r.Author)
			return answer(reconciliationOf(r, names), err)
		})
	type page struct {
		Closed bool `query:"closed" doc:"Also those that have passed or that somebody has closed."`
		Limit  int  `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	handle(s, op{
		id: "list-registry-findings", method: "GET", path: "/registries/findings",
		summary: "What is wrong with a registry, the newest first", tag: "Operation",
	},
		func(ctx context.Context, in *page) (*body[list[RegistryFinding]], error) {
			found, err := s.Registries.Findings(ctx, actorOf(ctx), in.Closed, in.Limit)
			return answer(listOf(found, s.registryFindingOf), err)
		})
	handle(s, op{
		id: "get-registry-message", method: "GET", path: "/registries/findings/{id}/message",
		summary: "Read the message that a finding is about, as the registry sent it", tag: "Operation",
	},
		func(ctx context.Context, in *byID) (*body[RegistryMessage], error) {
			m, err := s.Registries.MessageOf(ctx, actorOf(ctx), in.ID)
			return answer(RegistryMessage{Registry: m.Registry, ID: m.ID, State: m.State, ReceivedAt: m.ReceivedAt, Raw: m.Raw}, err)
		})
	handle(s, op{
		id: "close-registry-finding", method: "POST", path: "/registries/findings/{id}/closing",
		summary: "Say that somebody has seen to a finding", tag: "Operation",
	},
		func(ctx context.Context, in *byID) (*body[RegistryFinding], error) {
			f, err := s.Registries.CloseFinding(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return answer(s.registryFindingOf(f), nil)
		})
}
