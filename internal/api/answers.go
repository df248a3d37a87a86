package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
)

// Answer is one time that a registrant, or the holder of the account, was asked to answer.
type Answer struct {
	ID      string     `json:"id"`
	Party   string     `json:"party" enum:"registrant,account_holder" doc:"No domain is suspended for the holder of the account."`
	Address string     `json:"address" doc:"From where the answer is to come."`
	Cause   string     `json:"cause" enum:"registration,transfer_in,material_change,bounce,accuracy_complaint,hold" doc:"Why it was asked for."`
	State   string     `json:"state" enum:"awaited,answered,expired,dropped" doc:"expired: the time is over, and an answer still lifts the suspension."`
	BeganAt time.Time  `json:"began_at"`
	DueAt   time.Time  `json:"due_at" doc:"Without an answer by then the domain is suspended (clientHold)."`
	EndedAt *time.Time `json:"ended_at,omitempty"`
	Means   string     `json:"means,omitempty" enum:"earlier_answer,mail_link,telephone,document,in_person" doc:"earlier_answer: it had been answered before, and that counts."`
	// The rest is for staff.
	Author   string `json:"author,omitempty" doc:"Who has ended it, or started it; for staff."`
	Evidence string `json:"evidence,omitempty" doc:"What that rests on; for staff."`
}

func answerOf(a domain.Answer, staff bool) Answer {
	out := Answer{
		ID: a.PublicID, Party: string(a.Party), Address: a.Address, Cause: string(a.Cause), State: string(a.State),
		BeganAt: a.BeganAt.Time, DueAt: a.DueAt.Time, EndedAt: when(a.EndedAt.Time), Means: string(a.Means),
	}
	if staff {
		out.Author, out.Evidence = a.Author, a.Evidence
	}
	return out
}

func (s *Server) answers() {
	handle(s, op{
		id: "list-answers", method: "GET", path: "/domains/{name}/answers",
		summary: "When registrant and account holder were asked to answer, and how they did", tag: "Domain names",
		about: "ICANN's rule for gTLDs: within 15 days of a registration, an inbound transfer or a material change the registrant answers affirmatively. Every time is kept as proof.",
	},
		func(ctx context.Context, in *byName) (*body[list[Answer]], error) {
			a := actorOf(ctx)
			found, err := s.Domains.AnswersOf(ctx, a, in.Name)
			return answer(listOf(found, func(x domain.Answer) Answer { return answerOf(x, a.May(actor.DomainHold)) }), err)
		})
	type attestation struct {
		Name string `path:"name"`
		Body struct {
			Means    string `json:"means" enum:"telephone,document,in_person"`
			Evidence string `json:"evidence" maxLength:"2000" doc:"What shows it: who was spoken to when, a case number, a link."`
		}
	}
	handle(s, op{
		id: "attest-answer", method: "POST", path: "/domains/{name}/answers",
		summary: "Say that staff has verified the registrant in another way than by mail", tag: "Operation",
		about: "It ends the wait for this domain, and for every domain that the account has with the same registrant; what was suspended for it comes back.",
	},
		func(ctx context.Context, in *attestation) (*body[Domain], error) {
			d, err := s.Domains.Attest(ctx, actorOf(ctx), in.Name, domain.Means(in.Body.Means), in.Body.Evidence)
			return answer(s.domainOf(d), err)
		})
	type complaint struct {
		Name string `path:"name"`
		Body struct {
			Evidence string `json:"evidence" maxLength:"2000" doc:"Who complains, and of what."`
		}
	}
	handle(s, op{
		id: "report-inaccuracy", method: "POST", path: "/domains/{name}/accuracy-complaints",
		summary: "Report that the registrant's data are said to be wrong", tag: "Operation", status: 201,
		about: "What was answered counts no longer: the registrant has to answer again in time, for every domain at that address.",
	},
		func(ctx context.Context, in *complaint) (*body[Domain], error) {
			d, err := s.Domains.Complain(ctx, actorOf(ctx), in.Name, in.Body.Evidence)
			return answer(s.domainOf(d), err)
		})
}
