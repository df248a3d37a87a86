package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
)

// Session is what signing in gives.
type Session struct {
	Token     string       `json:"token" doc:"Send it as Authorization: Bearer …"`
	ExpiresAt time.Time    `json:"expires_at"`
	Person    string       `json:"person"`
	Name      string       `json:"name"`
	Account   string       `json:"account"`
	Roles     []actor.Role `json:"roles"`
}

// Account is a customer's account.
type Account struct {
	ID             string                `json:"id"`
	Name           string                `json:"name"`
	IdentityState  account.IdentityState `json:"identity_state" enum:"unverified,verified" doc:"The account's own identity verification, separate from any domain's."`
	IdentitySource string                `json:"identity_source,omitempty"`
	IdentityAt     *time.Time            `json:"identity_at,omitempty"`
	Required       bool                  `json:"identity_required" doc:"Whether it has to be verified before names are registered or transferred in."`
	Verification   *Review               `json:"verification,omitempty" doc:"The latest that the desk was asked for; of the own account."`
	Evidence       string                `json:"identity_evidence,omitempty" doc:"What it rests on; for staff."`
}

func (s *Server) accountOf(a account.Account, staff bool) Account {
	out := Account{
		ID: a.PublicID, Name: a.Name, IdentityState: a.IdentityState, IdentitySource: a.IdentitySource,
		IdentityAt: when(a.IdentityAt.Time), Required: len(s.Policies.Limits.Account.VerifiedBefore.Steps) > 0,
	}
	if staff {
		out.Evidence = a.IdentityEvidence
	}
	return out
}

// ownAccount is the actor's account with its latest verification by the desk.
func (s *Server) ownAccount(ctx context.Context) (*body[Account], error) {
	a, err := s.Accounts.Own(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	c, reasons, err := s.AccountChecks.Latest(ctx, actorOf(ctx))
	out := s.accountOf(a, false)
	out.Verification = s.reviewOf(c, reasons, false)
	return answer(out, err)
}

// Message is an internal message.
type Message struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"`
	Subject string            `json:"subject" doc:"Public id of what it is about."`
	Heading Words             `json:"heading"`
	Text    Words             `json:"text" doc:"What has happened, and what to do."`
	Data    map[string]string `json:"data"`
	At      time.Time         `json:"at"`
}

// messagesOf words messages for an actor. Their data are those of the events.
func (s *Server) messagesOf(ctx context.Context, a actor.Actor, found []notify.Message) (out list[Message], err error) {
	news := make([]notify.News, len(found))
	for i, m := range found {
		news[i] = m.News()
	}
	if a.Check(actor.ProfileRead) == nil {
		if news, err = notify.Named(ctx, s.Profiles, s.Store.R, a.Account, news); err != nil {
			return out, err
		}
	}
	out.Items = make([]Message, len(found))
	for i, m := range found {
		out.Items[i] = s.messageOf(m, news[i])
	}
	return out, nil
}

func (s *Server) messageOf(m notify.Message, n notify.News) Message {
	return Message{ID: m.PublicID, Type: string(m.Type), Subject: m.Subject, Heading: s.texts.Both("news."+string(m.Type)+".head", nil),
		Text: Words{EN: notify.Sentence(s.texts, locale.EN, n), ZH: notify.Sentence(s.texts, locale.ZH, n)}, Data: m.Data, At: m.CreatedAt.Time}
}

// Me is who makes the request.
type Me struct {
	ID    string       `json:"id"`
	Roles []actor.Role `json:"roles"`
}

func (s *Server) sessions() {
	type signIn struct {
		Body struct {
			Email    string `json:"email" maxLength:"320"`
			Password string `json:"password" maxLength:"1000"`
		}
	}
	handle(s, op{id: "sign-in", method: "POST", path: "/session", summary: "Sign in", tag: "Account", status: 201, public: true},
		func(ctx context.Context, in *signIn) (*body[Session], error) {
			x, err := s.Accounts.SignIn(ctx, in.Body.Email, in.Body.Password, originOf(ctx))
			if err != nil {
				return nil, err
			}
			return answer(Session{
				Token: x.Token, ExpiresAt: x.ExpiresAt, Person: x.Person.PublicID, Name: x.Person.Name,
				Account: x.Account.PublicID, Roles: x.Roles,
			}, nil)
		})
	handle(s, op{id: "sign-out", method: "DELETE", path: "/session", summary: "Sign out", tag: "Account", status: 204},
		func(ctx context.Context, _ *none) (*none, error) {
			token, _ := ctx.Value(tokenKey).(string)
			return nil, s.Accounts.SignOut(ctx, token)
		})
	handle(s, op{id: "me", method: "GET", path: "/me", summary: "Who am I?", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[Me], error) {
			a := actorOf(ctx)
			return answer(Me{ID: a.ID, Roles: a.Roles}, nil)
		})
	handle(s, op{id: "get-account", method: "GET", path: "/account", summary: "Read the own account", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[Account], error) {
			return s.ownAccount(ctx)
		})
	type verify struct {
		Body struct {
			Profile string `json:"profile" maxLength:"64" doc:"A verified profile of the account: who its holder is."`
		}
	}
	handle(s, op{
		id: "verify-account", method: "POST", path: "/account/identity",
		summary: "Ask the desk to verify the account as the holder of a profile", tag: "Account",
	},
		func(ctx context.Context, in *verify) (*body[Account], error) {
			if err := s.AccountChecks.Submit(ctx, actorOf(ctx), in.Body.Profile); err != nil {
				return nil, err
			}
			return s.ownAccount(ctx)
		})
	handle(s, op{id: "list-messages", method: "GET", path: "/messages", summary: "Read the internal messages, the newest first", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[list[Message]], error) {
			found, err := s.Messages.List(ctx, actorOf(ctx), 100)
			if err != nil {
				return nil, err
			}
			return answer(s.messagesOf(ctx, actorOf(ctx), found))
		})
}

// list is a page of things.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Give it as after to get the next page; absent on the last one."`
}

func listOf[A, B any](in []A, f func(A) B) list[B] {
	out := list[B]{Items: make([]B, 0, len(in))}
	for _, x := range in {
		out.Items = append(out.Items, f(x))
	}
	return out
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// dayEnding is the day of the business calendar that ends at a moment, "" for none.
func (s *Server) dayEnding(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return end.Add(-time.Second).In(s.Policies.Calendar.Zone()).Format(time.DateOnly)
}

// Words is a name in both languages.
type Words = locale.Pair
