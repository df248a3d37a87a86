package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/status"
)

// RegistrationData is what is known of any domain name.
type RegistrationData struct {
	Domain       string     `json:"domain"`
	ASCII        string     `json:"ascii_name"`
	Registered   bool       `json:"registered" doc:"False: the registry does not have the name."`
	Source       string     `json:"source" enum:"rdap,registry,records" doc:"rdap: what the registry publishes. registry: its answer to us, for a domain of the account. records: what it told us the last time."`
	SourceText   Words      `json:"source_text"`
	At           *time.Time `json:"at,omitempty" doc:"When the source said it."`
	Server       string     `json:"server,omitempty" doc:"The server that was asked."`
	Code         string     `json:"code,omitempty" doc:"Why public registration data was not to be had."`
	Missed       *Words     `json:"missed,omitempty"`
	Statuses     []LookedUp `json:"statuses"`
	Registrar    string     `json:"registrar,omitempty"`
	RegistrarID  string     `json:"registrar_id,omitempty" doc:"Its number at IANA."`
	NameServers  []string   `json:"name_servers"`
	Signed       *bool      `json:"signed,omitempty" doc:"Whether the delegation is signed (DNSSEC)."`
	RegisteredAt *time.Time `json:"registered_at,omitempty"`
	ChangedAt    *time.Time `json:"changed_at,omitempty"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty"`
}

// LookedUp is a status that a name has; one that EPP does not know is not explained.
type LookedUp struct {
	Code    string  `json:"code"`
	Explain *Status `json:"explained,omitempty"`
}

func (s *Server) registrationDataOf(f domain.Registration) RegistrationData {
	out := RegistrationData{
		Domain: domain.Display(f.Name), ASCII: f.Name, Registered: f.Registered, Source: string(f.Source),
		SourceText: s.texts.Both("source."+string(f.Source), nil),
		At:         when(f.At), Server: f.Server, Code: f.Missed, Registrar: f.Registrar, RegistrarID: f.RegistrarID,
		NameServers: append([]string{}, f.NameServers...), Signed: f.Signed,
		RegisteredAt: when(f.RegisteredAt), ChangedAt: when(f.ChangedAt), ExpiresAt: when(f.ExpiresAt),
	}
	if f.Missed != "" {
		words := s.texts.Both("lookup."+f.Missed, nil)
		out.Missed = &words
	}
	out.Statuses = listOf(f.Statuses, func(code string) LookedUp {
		x, ok := status.Find(code)
		if !ok {
			return LookedUp{Code: code}
		}
		e := s.explained(x, x.Remedy())
		return LookedUp{Code: code, Explain: &e}
	}).Items
	return out
}

func (s *Server) lookUps() {
	handle(s, op{
		id: "look-up-domain", method: "GET", path: "/registration-data/{name}",
		summary: "Look up the registration data of any domain name", tag: "Domain names",
		about: "What the registry of the name publishes (RDAP). Where that is not to be had, what we know of a domain of the account, saying from where and how old. Thirty a minute.",
	},
		func(ctx context.Context, in *byName) (*body[RegistrationData], error) {
			f, err := s.Domains.LookUp(ctx, actorOf(ctx), in.Name)
			return answer(s.registrationDataOf(f), err)
		})
}
