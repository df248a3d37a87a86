package api

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/audit"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/policy"
)

// AuditReport is whether the audit chain is whole.
type AuditReport struct {
	OK       bool   `json:"ok"`
	Sealed   int64  `json:"sealed"`
	Unsealed int64  `json:"unsealed"`
	BrokenAt int64  `json:"broken_at,omitempty"`
	Head     string `json:"head" doc:"Hash of the last sealed entry."`
	Redacted int64  `json:"redacted,omitempty" doc:"Sealed entries out of which a person's data were taken; they agree with the entry that says so."`
}

// AuditEntry is one line of the audit record.
type AuditEntry struct {
	ID      int64             `json:"id"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Account string            `json:"account,omitempty" doc:"Of who acted; absent for the system."`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail"`
	Seq     int64             `json:"seq,omitempty" doc:"Its number in the chain; absent while it is not sealed."`
	Hash    string            `json:"hash,omitempty"`
}

// Imported is what became of a domain that was imported.
type Imported struct {
	Domain string        `json:"domain"`
	Result *Domain       `json:"result,omitempty"`
	Error  *ProblemEntry `json:"error,omitempty"`
	Found  *Prospect     `json:"found,omitempty" doc:"What the registry has of it, in a dry run."`
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
			DryRun        bool     `json:"dry_run,omitempty" doc:"Only say what the registry has of each, or why it would be refused; at most 100 at once."`
		}
	}
	handle(s, op{id: "import-domains", method: "POST", path: "/imports", summary: "Take domains that the registry has under our sponsorship into an account", tag: "Operation", status: 202, time: time.Minute,
		about: "What the registry has of a name is read, and nothing changed there: its statuses are kept as they are, and a hold that is not ours stays somebody else's."},
		func(ctx context.Context, in *imports) (*body[list[Imported]], error) {
			out := list[Imported]{}
			if in.Body.DryRun && len(in.Body.Domains) > triedAtOnce {
				return nil, fault.At("domains", "too_many_tried")
			}
			a, acc := actorOf(ctx), policy.Accreditation(in.Body.Accreditation)
			if in.Body.DryRun {
				for _, name := range in.Body.Domains {
					p, err := s.Domains.TryImport(ctx, a, in.Body.Account, acc, name)
					one := Imported{Domain: name}
					if err == nil {
						one.Found = prospectOf(p)
					} else if one.Error, err = s.refusedName(ctx, err); err != nil {
						return nil, err
					}
					out.Items = append(out.Items, one)
				}
				return answer(out, nil)
			}
			taken, err := s.Domains.Import(ctx, a, in.Body.Account, acc, in.Body.Domains...)
			if err != nil {
				return nil, err
			}
			for i, t := range taken {
				one := Imported{Domain: in.Body.Domains[i]}
				if t.Err == nil {
					got := s.domainOf(t.Domain)
					one.Result = &got
				} else if one.Error, err = s.refusedName(ctx, t.Err); err != nil {
					return nil, err
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
			return answer(AuditReport{OK: r.OK(), Sealed: r.Sealed, Unsealed: r.Unsealed, BrokenAt: r.BrokenAt, Head: hex.EncodeToString(r.Head), Redacted: r.Redacted}, err)
		})
	s.auditEntries()
}

func (s *Server) auditEntries() {
	type filter struct {
		Account string    `query:"account" maxLength:"64" doc:"Whose people acted."`
		Actor   string    `query:"actor" maxLength:"64"`
		Action  string    `query:"action" maxLength:"64"`
		Subject string    `query:"subject" maxLength:"64"`
		From    time.Time `query:"from"`
		Until   time.Time `query:"until" doc:"Entries of this time and later are left out."`
		After   int64     `query:"after" minimum:"0"`
		Limit   int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	handle(s, op{id: "list-audit-entries", method: "GET", path: "/audit/entries", summary: "Search the audit record, the latest entries first", tag: "Operation"},
		func(ctx context.Context, in *filter) (*body[list[AuditEntry]], error) {
			f := audit.Filter{Actor: in.Actor, Action: in.Action, Subject: in.Subject, From: in.From, Until: in.Until, Before: in.After}
			a := actorOf(ctx)
			if err := a.Check(actor.AuditRead); err != nil {
				return nil, err
			}
			if in.Account != "" {
				acc, err := s.Accounts.Find(ctx, a, in.Account)
				if err != nil {
					return nil, err
				}
				f.Account = acc.ID
			}
			found, err := audit.Search(ctx, s.Store, a, f, in.Limit+1)
			if err != nil {
				return nil, err
			}
			out := list[AuditEntry]{}
			if len(found) > in.Limit {
				found = found[:in.Limit]
				out.Next = strconv.FormatInt(found[in.Limit-1].ID, 10)
			}
			accounts, err := s.accountsOf(ctx, found)
			out.Items = listOf(found, func(e audit.Entry) AuditEntry {
				return AuditEntry{ID: e.ID, At: e.At.Time, Actor: e.Actor, Account: accounts[e.AccountID], Action: e.Action, Subject: e.Subject, Detail: e.Detail, Seq: e.Seq, Hash: hex.EncodeToString(e.Hash)}
			}).Items
			return answer(out, err)
		})
}

// accountsOf are the public ids of the accounts whose people acted.
func (s *Server) accountsOf(ctx context.Context, entries []audit.Entry) (map[int64]string, error) {
	ids := []int64{0}
	for _, e := range entries {
		ids = append(ids, e.AccountID)
	}
	return s.Accounts.PublicIDs(ctx, s.Store.R, ids)
}

// triedAtOnce is how many names a dry run of an import looks at: each is asked of its
// registry while the client waits.
const triedAtOnce = 100

// Prospect is a domain as the registry has it, before it is imported.
type Prospect struct {
	Registry   string     `json:"registry"`
	Registrant string     `json:"registrant,omitempty" doc:"The contact at the registry."`
	Statuses   []string   `json:"epp_statuses"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	DueAt      *time.Time `json:"due_at,omitempty" doc:"When the registry holds it without the verdict that it misses."`
}

func prospectOf(p domain.Prospect) *Prospect {
	return &Prospect{Registry: p.Registry, Registrant: p.Registrant, Statuses: append([]string{}, p.Statuses...), ExpiresAt: when(p.ExpiresAt), DueAt: when(p.DueAt)}
}

// refusedName says why one of many names is not imported; an error that is about all of them
// is returned.
func (s *Server) refusedName(ctx context.Context, refused error) (*ProblemEntry, error) {
	p := s.problem(ctx, refused)
	if p.Status == 403 || p.Status >= 500 || p.Code == "account_not_found" {
		return nil, refused
	}
	return &ProblemEntry{Code: p.Code, Field: p.Field, Text: p.Text}, nil
}
