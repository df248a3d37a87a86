package api

import (
	"context"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/actor"
)

// OpenSession is where somebody is signed in.
type OpenSession struct {
	ID        string        `json:"id"`
	Here      bool          `json:"here" doc:"It is the session of this request."`
	Means     account.Means `json:"means" doc:"What was signed in with."`
	Place     string        `json:"place" doc:"The network address."`
	Program   string        `json:"program" doc:"What the browser or program calls itself."`
	CreatedAt time.Time     `json:"created_at"`
	ExpiresAt time.Time     `json:"expires_at"`
}

func openSessionOf(p account.Place) OpenSession {
	return OpenSession{ID: p.ID, Here: p.Here, Means: p.Means, Place: p.From.Place, Program: p.From.Program, CreatedAt: p.Since, ExpiresAt: p.Expires}
}

// Proof is until when somebody has proved who they are.
type Proof struct {
	Until time.Time `json:"until" doc:"Until then what is dangerous may be done without proving it again."`
}

// passwords are the operations by which a person looks after how they sign in.
func (s *Server) passwords() {
	type passwordChange struct {
		Body struct {
			Current  string `json:"current" maxLength:"1000" doc:"The password that you have now."`
			Password string `json:"password" maxLength:"1000" doc:"The new one, at least 10 characters."`
		}
	}
	handle(s, op{
		id: "change-password", method: "PUT", path: "/me/password",
		summary: "Change the own password; ends all other sessions", tag: "Account", status: 204,
	},
		func(ctx context.Context, in *passwordChange) (*none, error) {
			return nil, s.Accounts.ChangePassword(ctx, actorOf(ctx), in.Body.Current, in.Body.Password, originOf(ctx).Place)
		})
	type passwordForgotten struct {
		Body struct {
			Email string `json:"email" maxLength:"320"`
		}
	}
	handle(s, op{
		id: "forget-password", method: "POST", path: "/password-links", summary: "Have a link for a new password mailed",
		tag: "Account", status: 202, public: true,
		about: "The answer is the same whether somebody signs in with the address or not.",
	},
		func(ctx context.Context, in *passwordForgotten) (*none, error) {
			return nil, s.Accounts.ForgetPassword(ctx, in.Body.Email, originOf(ctx).Place)
		})
	type passwordChoice struct {
		Body struct {
			Token    string `json:"token" maxLength:"100" doc:"The end of the mailed link."`
			Password string `json:"password" maxLength:"1000" doc:"The new one, at least 10 characters."`
		}
	}
	handle(s, op{
		id: "reset-password", method: "POST", path: "/password-links/use",
		summary: "Choose a new password with a mailed link; ends all sessions", tag: "Account", status: 204, public: true,
	},
		func(ctx context.Context, in *passwordChoice) (*none, error) {
			return nil, s.Accounts.ResetPassword(ctx, in.Body.Token, in.Body.Password, originOf(ctx).Place)
		})
	type proving struct {
		Body struct {
			Password string `json:"password" maxLength:"1000"`
		}
	}
	handle(s, op{id: "prove", method: "POST", path: "/session/proof", summary: "Prove again who you are, for what is dangerous", tag: "Account"},
		func(ctx context.Context, in *proving) (*body[Proof], error) {
			err := s.Accounts.Prove(ctx, actorOf(ctx), in.Body.Password, originOf(ctx).Place)
			return answer(Proof{Until: s.Store.Now().Add(actor.ProofFor)}, err)
		})
	handle(s, op{id: "list-sessions", method: "GET", path: "/sessions", summary: "List where you are signed in, the newest first", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[list[OpenSession]], error) {
			found, err := s.Accounts.Sessions(ctx, actorOf(ctx))
			return answer(listOf(found, openSessionOf), err)
		})
	type whichSession struct {
		ID string `path:"id" maxLength:"64"`
	}
	handle(s, op{id: "end-session", method: "DELETE", path: "/sessions/{id}", summary: "End one of your sessions", tag: "Account", status: 204},
		func(ctx context.Context, in *whichSession) (*none, error) {
			return nil, s.Accounts.EndSession(ctx, actorOf(ctx), in.ID)
		})
	type sessionsEnded struct {
		Ended int `json:"ended"`
	}
	handle(s, op{id: "end-other-sessions", method: "DELETE", path: "/sessions", summary: "End all your sessions but this one", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[sessionsEnded], error) {
			n, err := s.Accounts.EndOtherSessions(ctx, actorOf(ctx))
			return answer(sessionsEnded{n}, err)
		})
}
