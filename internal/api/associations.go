package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/domain"
)

// Task associates a profile with domains.
type Task struct {
	ID        string     `json:"id"`
	Operation string     `json:"operation" enum:"submit_verification,change_holder,update_details"`
	State     string     `json:"state" enum:"waiting,running,paused,cancelling,finished,cancelled"`
	Total     int        `json:"total"`
	Expanded  int        `json:"expanded" doc:"How many domains have been looked at."`
	Succeeded int        `json:"succeeded"`
	Failed    int        `json:"failed"`
	Cancelled int        `json:"cancelled"`
	Items     []TaskItem `json:"items"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// TaskItem is one domain of a task.
type TaskItem struct {
	Domain string `json:"domain"`
	State  string `json:"state" enum:"queued,at_registry,succeeded,failed,cancelled"`
	Sent   bool   `json:"sent,omitempty" doc:"Queued here, and with the registry, which has not answered yet."`
	Code   string `json:"code,omitempty" doc:"Why it was refused or failed."`
	Reason *Words `json:"reason,omitempty"`

	VerdictAt  *time.Time `json:"verdict_at,omitempty" doc:"When its verdict is expected, the end of verdict_day; in a preview only."`
	VerdictDay string     `json:"verdict_day,omitempty" doc:"The business day on which it is expected."`
	HoldAt     *time.Time `json:"hold_at,omitempty" doc:"When the registry holds it without the verdict; in a preview only."`
}

func (s *Server) itemOf(i domain.Item) TaskItem {
	out := TaskItem{Domain: i.Domain, State: string(i.State), Sent: i.Sent, Code: i.Reason, VerdictAt: when(i.VerdictAt), VerdictDay: s.dayEnding(i.VerdictAt), HoldAt: when(i.HoldAt)}
	if i.Reason != "" {
		words := s.texts.Both(i.Reason, i.Params)
		out.Reason = &words
	}
	return out
}

func (s *Server) taskOf(t domain.Task, items []domain.Item) Task {
	return Task{ID: t.PublicID, Operation: string(t.Operation), State: string(t.State), Total: t.Total, Expanded: t.Expanded, Succeeded: t.Succeeded, Failed: t.Failed, Cancelled: t.Cancelled,
		Items: listOf(items, s.itemOf).Items, CreatedAt: t.CreatedAt.Time, EndedAt: when(t.EndedAt.Time)}
}

func (s *Server) associations() {
	type associationRequest struct {
		Body struct {
			Operation string   `json:"operation" enum:"submit_verification,change_holder,update_details" doc:"submit_verification: the profile's holder is the present registrant, who stays. change_holder: another holder; an operation of its own. update_details: the same holder at another address, telephone or e-mail; starts by itself when an edited profile is verified."`
			Profile   string   `json:"profile"`
			Domains   []string `json:"domains" minItems:"1"`
			Consent   bool     `json:"consent,omitempty" doc:"For change_holder: prior and new holder agree."`

			WhenVerified bool   `json:"when_verified,omitempty" doc:"Wait for a profile that is in review."`
			TransferLock string `json:"transfer_lock,omitempty" enum:"declined,wanted" doc:"For change_holder: whether transfers to another registrar are refused for a time afterwards. declined: not where the rules of the suffix let the prior registrant leave that out; wanted: also where no rule asks for it."`
		}
	}
	requestOf := func(in *associationRequest) domain.Request {
		return domain.Request{Operation: domain.Operation(in.Body.Operation), Profile: in.Body.Profile, Domains: in.Body.Domains, Consent: in.Body.Consent, WhenVerified: in.Body.WhenVerified, TransferLock: domain.LockWish(in.Body.TransferLock)}
	}
	const most = 64 << 20
	handle(s, op{id: "preview-association", method: "POST", path: "/associations/preview", summary: "Which domains would be taken, and why others not", tag: "Domain names", maxBody: most, time: time.Minute},
		func(ctx context.Context, in *associationRequest) (*body[list[TaskItem]], error) {
			items, err := s.Domains.Preview(ctx, actorOf(ctx), requestOf(in))
			return answer(listOf(items, s.itemOf), err)
		})
	handle(s, op{id: "associate", method: "POST", path: "/associations", summary: "Associate a verified profile with domains", tag: "Domain names", status: 202, maxBody: most, time: time.Minute},
		func(ctx context.Context, in *associationRequest) (*body[Task], error) {
			t, err := s.Domains.Associate(ctx, actorOf(ctx), requestOf(in))
			return answer(s.taskOf(t, nil), err)
		})
	type task struct {
		ID    string `path:"id"`
		After int    `query:"after" doc:"Position of the first item."`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}
	handle(s, op{id: "get-association", method: "GET", path: "/associations/{id}", summary: "Read how far a task is", tag: "Domain names"},
		func(ctx context.Context, in *task) (*body[Task], error) {
			t, items, err := s.Domains.FindTask(ctx, actorOf(ctx), in.ID, in.After, in.Limit)
			return answer(s.taskOf(t, items), err)
		})
	type earlier struct {
		Before string `query:"before" doc:"The task before which to go on."`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	handle(s, op{id: "list-associations", method: "GET", path: "/associations", summary: "List the tasks of the account, the newest first, without their items", tag: "Domain names"},
		func(ctx context.Context, in *earlier) (*body[list[Task]], error) {
			found, next, err := s.Domains.Tasks(ctx, actorOf(ctx), in.Before, in.Limit)
			out := listOf(found, func(t domain.Task) Task { return s.taskOf(t, nil) })
			out.Next = next
			return answer(out, err)
		})
	type one struct {
		ID string `path:"id"`
	}
	for _, act := range []struct {
		name, summary string
		do            func(context.Context, actor.Actor, string) (domain.Task, error)
	}{
		{"pause", "Take no further names; what is on its way goes on", s.Domains.Pause},
		{"resume", "Go on with a paused task", s.Domains.Resume},
		{"cancel", "Leave names alone that are not taken, and take back what is not sent yet", s.Domains.Cancel},
	} {
		handle(s, op{id: act.name + "-association", method: "POST", path: "/associations/{id}/" + act.name, summary: act.summary, tag: "Domain names"},
			func(ctx context.Context, in *one) (*body[Task], error) {
				t, err := act.do(ctx, actorOf(ctx), in.ID)
				return answer(s.taskOf(t, nil), err)
			})
	}
	type again struct {
		ID   string `path:"id"`
		Body struct {
			Code    string `json:"code,omitempty" doc:"Only those that failed for this reason."`
			Consent bool   `json:"consent,omitempty" doc:"For a change of holder: prior and new holder agree."`
		}
	}
	handle(s, op{id: "retry-association", method: "POST", path: "/associations/{id}/retry", summary: "Try the domains again that have failed, in a task of their own", tag: "Domain names", status: 202},
		func(ctx context.Context, in *again) (*body[Task], error) {
			t, err := s.Domains.Retry(ctx, actorOf(ctx), in.ID, in.Body.Code, in.Body.Consent)
			return answer(s.taskOf(t, nil), err)
		})
}
