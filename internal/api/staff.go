package api

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/policy"
)

// AuditReport is whether the audit chain is whole.
type AuditReport struct {
	OK       bool   `json:"ok"`
	Sealed   int64  `json:"sealed"`
	Unsealed int64  `json:"unsealed"`
	BrokenAt int64  `json:"broken_at,omitempty"`
	Head     string `json:"head" doc:"Hash of the last sealed entry."`
}

// Imported is what became of a domain that was imported.
type Imported struct {
	Domain string        `json:"domain"`
	Result *Domain       `json:"result,omitempty"`
	Error  *ProblemEntry `json:"error,omitempty"`
}

// Import is the last attempt to take a domain into an account.
type Import struct {
	Domain    string     `json:"domain"`
	State     string     `json:"state" enum:"importing,imported,refused" doc:"A name that was refused is none of the account's and may be imported again."`
	Code      string     `json:"code,omitempty" doc:"Why it was refused."`
	Reason    *Words     `json:"reason,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

func (s *Server) importOf(i domain.Import) Import {
	out := Import{Domain: domain.Display(i.Name), State: string(i.State), Code: i.Reason, CreatedAt: i.CreatedAt.Time, EndedAt: when(i.EndedAt.Time)}
	if i.Reason != "" {
		words := s.texts.Both(i.Reason, i.Params)
		out.Reason = &words
	}
	return out
}

func (s *Server) staff() {
	type newAccount struct {
		Body struct {
			Name string `json:"name" maxLength:"200"`
		}
	}
	handle(s, op{id: "create-account", method: "POST", path: "/accounts", summary: "Make an account", tag: "Operation", status: 201},
		func(ctx context.Context, in *newAccount) (*body[Account], error) {
			a, err := s.Accounts.Create(ctx, actorOf(ctx), in.Body.Name)
			return answer(s.accountOf(a, true), err)
		})
	type newPerson struct {
		ID   string `path:"id"`
		Body struct {
			Email    string       `json:"email" maxLength:"320"`
			Name     string       `json:"name" maxLength:"200"`
			Password string       `json:"password" maxLength:"1000"`
			Roles    []actor.Role `json:"roles" minItems:"1"`
		}
	}
	type person struct {
		ID    string `json:"id"`
		Email string `json:"email"`
	}
	handle(s, op{id: "add-person", method: "POST", path: "/accounts/{id}/people", summary: "Let somebody sign in", tag: "Operation", status: 201},
		func(ctx context.Context, in *newPerson) (*body[person], error) {
			p, err := s.Accounts.AddPerson(ctx, actorOf(ctx), account.NewPerson{Account: in.ID, Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, Roles: in.Body.Roles})
			return answer(person{ID: p.PublicID, Email: p.Email}, err)
		})
	type identity struct {
		ID   string `path:"id"`
		Body struct {
			Verified bool   `json:"verified"`
			Source   string `json:"source" maxLength:"200" doc:"Which system knows the customer."`
			Evidence string `json:"evidence,omitempty" maxLength:"2000" doc:"What that rests on: a reference, a case number. For staff; no document numbers."`
		}
	}
	handle(s, op{id: "assert-identity", method: "PUT", path: "/accounts/{id}/identity", summary: "Say that an account's own identity is verified", tag: "Operation"},
		func(ctx context.Context, in *identity) (*body[Account], error) {
			a, err := s.Accounts.AssertIdentity(ctx, actorOf(ctx), in.ID, account.Assertion{Verified: in.Body.Verified, Source: in.Body.Source, Evidence: in.Body.Evidence})
			return answer(s.accountOf(a, true), err)
		})
	type imports struct {
		Body struct {
			Account       string   `json:"account"`
			Accreditation string   `json:"accreditation" enum:"mainland,overseas"`
			Domains       []string `json:"domains" minItems:"1" maxItems:"1000"`
		}
	}
	handle(s, op{id: "import-domains", method: "POST", path: "/imports", summary: "Take domains that the registry has under our sponsorship into an account", tag: "Operation", status: 202},
		func(ctx context.Context, in *imports) (*body[list[Imported]], error) {
			out := list[Imported]{}
			for _, name := range in.Body.Domains {
				one := Imported{Domain: name}
				d, err := s.Domains.Import(ctx, actorOf(ctx), in.Body.Account, policy.Accreditation(in.Body.Accreditation), name)
				if err != nil {
					p := s.problem(ctx, err)
					if p.Status == 403 || p.Status >= 500 || p.Code == "account_not_found" {
						return nil, err
					}
					one.Error = &ProblemEntry{Code: p.Code, Field: p.Field, Text: p.Text}
				} else {
					got := s.domainOf(d)
					one.Result = &got
				}
				out.Items = append(out.Items, one)
			}
			return answer(out, nil)
		})
	handle(s, op{id: "get-import", method: "GET", path: "/imports/{name}", summary: "Read what became of the import of a name", tag: "Operation"},
		func(ctx context.Context, in *byName) (*body[Import], error) {
			i, err := s.Domains.FindImport(ctx, actorOf(ctx), in.Name)
			if err != nil {
				return nil, err
			}
			return answer(s.importOf(i), nil)
		})
	handle(s, op{id: "verify-audit", method: "GET", path: "/audit/verification", summary: "Walk the audit chain", tag: "Operation"},
		func(ctx context.Context, _ *none) (*body[AuditReport], error) {
			if err := actorOf(ctx).Check(actor.AuditRead); err != nil {
				return nil, err
			}
			r, err := audit.Verify(ctx, s.Store)
			return answer(AuditReport{OK: r.OK(), Sealed: r.Sealed, Unsealed: r.Unsealed, BrokenAt: r.BrokenAt, Head: hex.EncodeToString(r.Head)}, err)
		})
}
