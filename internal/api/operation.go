package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/store"
)

// Job is a job in the queue.
type Job struct {
	ID        int64           `json:"id"`
	Kind      string          `json:"kind"`
	State     string          `json:"state" enum:"available,pending,scheduled,retryable,running,completed,cancelled,discarded"`
	Arguments json.RawMessage `json:"arguments"`
	Tries     int             `json:"tries"`
	MaxTries  int             `json:"max_tries"`
	CreatedAt time.Time       `json:"created_at"`
	DueAt     time.Time       `json:"due_at"`
	Failure   string          `json:"failure,omitempty" doc:"Of the last try."`
}

func jobOf(j store.QueuedJob) Job {
	return Job{
		ID: j.ID, Kind: j.Kind, State: j.State, Arguments: json.RawMessage(j.Arguments), Tries: j.Tries,
		MaxTries: j.MaxTries, CreatedAt: j.CreatedAt, DueAt: j.DueAt, Failure: j.Failure,
	}
}

func (s *Server) jobs() {
	type shown struct {
		Show  string `query:"show" enum:"failed,waiting,running,done" default:"failed"`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	handle(s, op{
		id: "list-jobs", method: "GET", path: "/jobs",
		summary: "Jobs that failed, wait, run or are done, those that are due first at the beginning", tag: "Operation",
	},
		func(ctx context.Context, in *shown) (*body[list[Job]], error) {
			found, err := s.Backlog.Jobs(ctx, actorOf(ctx), in.Show, in.Limit)
			return answer(listOf(found, jobOf), err)
		})
	type byNumber struct {
		ID int64 `path:"id"`
	}
	handle(s, op{id: "retry-job", method: "POST", path: "/jobs/{id}/retry", summary: "Have a job done at once that failed or waits", tag: "Operation"},
		func(ctx context.Context, in *byNumber) (*body[Job], error) {
			j, err := s.Backlog.Retry(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return answer(jobOf(j), nil)
		})
}

// OutgoingMail is a mail and what became of it. Its content is not shown.
type OutgoingMail struct {
	ID        string     `json:"id"`
	Address   string     `json:"address"`
	Kind      string     `json:"kind" enum:"link,consent,holder_changed,news,data_reminder,password_link,password_changed,test"`
	State     string     `json:"state" enum:"waiting,sending,sent,failed,in_doubt" doc:"In doubt: it was being handed over when the process died, and may have gone out."`
	Tries     int        `json:"tries"`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_try_at,omitempty"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
	Refusal   string     `json:"refusal,omitempty" doc:"What the mail server said the last time that it refused the mail."`
	Returned  string     `json:"returned,omitempty" enum:"hard,soft,complaint" doc:"How it came back."`
	Reports   []Report   `json:"reports,omitempty"`
}

// Report is one that came back about a mail.
type Report struct {
	Hard   bool      `json:"hard"`
	Status string    `json:"status,omitempty"`
	Words  string    `json:"words,omitempty"`
	At     time.Time `json:"at"`
}

func outgoingOf(m notify.Mail) OutgoingMail {
	out := OutgoingMail{
		ID: m.PublicID, Address: m.Address, Kind: string(m.Kind), State: string(m.State), Tries: m.Tries,
		CreatedAt: m.CreatedAt.Time, SentAt: when(m.SentAt.Time), Refusal: m.Words, Returned: m.Returned,
	}
	if m.State == notify.Waiting {
		out.NextAt = when(m.NextAt.Time)
	}
	return out
}

func (s *Server) outgoingMails() {
	type filter struct {
		State    string `query:"state" enum:"waiting,sending,sent,failed,in_doubt"`
		Address  string `query:"address" maxLength:"320"`
		Returned bool   `query:"returned" doc:"Those that came back alone."`
		After    string `query:"after" maxLength:"64"`
		Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-mails", method: "GET", path: "/mails", summary: "Mails that go out, and what became of them, the newest first", tag: "Operation"},
		func(ctx context.Context, in *filter) (*body[list[OutgoingMail]], error) {
			found, next, err := s.Post.Outgoing(ctx, actorOf(ctx), notify.MailFilter{
				State: notify.Progress(in.State), Address: in.Address, Returned: in.Returned,
			}, in.After, in.Limit)
			out := listOf(found, outgoingOf)
			out.Next = next
			return answer(out, err)
		})
	handle(s, op{id: "get-mail", method: "GET", path: "/mails/{id}", summary: "Read what became of a mail", tag: "Operation"},
		func(ctx context.Context, in *byID) (*body[OutgoingMail], error) {
			m, reports, err := s.Post.FindMail(ctx, actorOf(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			out := outgoingOf(m)
			out.Reports = listOf(reports, func(b emailcheck.Bounce) Report {
				return Report{Hard: b.Hard, Status: b.Status, Words: b.Words, At: b.At.Time}
			}).Items
			return answer(out, nil)
		})
	handle(s, op{
		id: "resend-mail", method: "POST", path: "/mails/{id}/resend",
		summary: "Send a mail anew that failed, is in doubt or came back", tag: "Operation", status: 202,
	},
		func(ctx context.Context, in *byID) (*body[OutgoingMail], error) {
			m, err := s.Post.Resend(ctx, actorOf(ctx), in.ID)
			return answer(outgoingOf(m), err)
		})
	type recipient struct {
		Body struct {
			Address string `json:"address" maxLength:"320"`
		}
	}
	handle(s, op{id: "test-mail", method: "POST", path: "/mails/test", summary: "Send a test mail at once", tag: "Operation"},
		func(ctx context.Context, in *recipient) (*body[OutgoingMail], error) {
			m, err := s.Post.SendTest(ctx, actorOf(ctx), in.Body.Address)
			return answer(outgoingOf(m), err)
		})
}

// AccountMember is somebody who can sign in for an account.
type AccountMember struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	Email string       `json:"email"`
	Roles []actor.Role `json:"roles"`
}

// StaffAccount is an account as staff see it.
type StaffAccount struct {
	Account
	SuspendedAt *time.Time      `json:"suspended_at,omitempty" doc:"Since when nobody may act for it."`
	Suspension  string          `json:"suspension,omitempty" doc:"Why."`
	Members     []AccountMember `json:"members,omitempty"`
}

func (s *Server) staffAccountOf(a account.Account) StaffAccount {
	return StaffAccount{Account: s.accountOf(a, true), SuspendedAt: when(a.SuspendedAt.Time), Suspension: a.Suspension}
}

func (s *Server) customers() {
	type wanted struct {
		Words     string `query:"words" maxLength:"200" doc:"Of its name, or of the name or address of somebody in it, or its id."`
		Suspended bool   `query:"suspended"`
		After     string `query:"after" maxLength:"64"`
		Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-accounts", method: "GET", path: "/accounts", summary: "List or search all accounts, the newest first", tag: "Operation"},
		func(ctx context.Context, in *wanted) (*body[list[StaffAccount]], error) {
			found, next, err := s.Accounts.Search(ctx, actorOf(ctx), account.Wanted{Words: in.Words, Suspended: in.Suspended}, in.After, in.Limit)
			out := listOf(found, s.staffAccountOf)
			out.Next = next
			return answer(out, err)
		})
	show := func(ctx context.Context, id string) (*body[StaffAccount], error) {
		a, err := s.Accounts.Find(ctx, actorOf(ctx), id)
		if err != nil {
			return nil, err
		}
		members, err := s.Accounts.MembersOf(ctx, actorOf(ctx), id)
		out := s.staffAccountOf(a)
		out.Members = listOf(members, func(m account.Member) AccountMember {
			return AccountMember{ID: m.PublicID, Name: m.Name, Email: m.Email, Roles: m.Roles}
		}).Items
		return answer(out, err)
	}
	handle(s, op{id: "get-any-account", method: "GET", path: "/accounts/{id}", summary: "Read any account with its members", tag: "Operation"},
		func(ctx context.Context, in *byID) (*body[StaffAccount], error) { return show(ctx, in.ID) })
	type roles struct {
		ID     string `path:"id"`
		Person string `path:"person"`
		Body   struct {
			Roles []actor.Role `json:"roles" minItems:"1"`
		}
	}
	handle(s, op{
		id: "set-roles", method: "PUT", path: "/accounts/{id}/people/{person}/roles",
		summary: "Give a member these roles and no others", tag: "Operation",
	},
		func(ctx context.Context, in *roles) (*body[StaffAccount], error) {
			if err := s.Accounts.SetRoles(ctx, actorOf(ctx), in.ID, in.Person, in.Body.Roles); err != nil {
				return nil, err
			}
			return show(ctx, in.ID)
		})
	type member struct {
		ID     string `path:"id"`
		Person string `path:"person"`
	}
	handle(s, op{id: "remove-member", method: "DELETE", path: "/accounts/{id}/people/{person}", summary: "Take a member out of an account", tag: "Operation"},
		func(ctx context.Context, in *member) (*body[StaffAccount], error) {
			if err := s.Accounts.RemoveMember(ctx, actorOf(ctx), in.ID, in.Person); err != nil {
				return nil, err
			}
			return show(ctx, in.ID)
		})
	type suspension struct {
		ID   string `path:"id"`
		Body struct {
			Cause string `json:"cause" maxLength:"2000" doc:"For staff."`
		}
	}
	handle(s, op{
		id: "suspend-account", method: "PUT", path: "/accounts/{id}/suspension",
		summary: "Let nobody act for an account; everybody is signed out", tag: "Operation",
	},
		func(ctx context.Context, in *suspension) (*body[StaffAccount], error) {
			a, err := s.Accounts.Suspend(ctx, actorOf(ctx), in.ID, in.Body.Cause)
			return answer(s.staffAccountOf(a), err)
		})
	handle(s, op{
		id: "restore-account", method: "DELETE", path: "/accounts/{id}/suspension",
		summary: "Let people act for a suspended account again", tag: "Operation",
	},
		func(ctx context.Context, in *byID) (*body[StaffAccount], error) {
			a, err := s.Accounts.Restore(ctx, actorOf(ctx), in.ID)
			return answer(s.staffAccountOf(a), err)
		})
}
