package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/verinym/verinym/internal/provider"
)

// Authority is an outside provider of verification, as staff see it.
type Authority struct {
	Name         string     `json:"name"`
	URL          string     `json:"url"`
	Circuit      string     `json:"circuit" enum:"closed,open,half_open" doc:"Open: nothing is sent to it until paused_until; half open: one request tries whether it is back."`
	Failures     int        `json:"failures" doc:"In a row."`
	FailingSince *time.Time `json:"failing_since,omitempty"`
	LastFailure  string     `json:"last_failure,omitempty"`
	PausedUntil  *time.Time `json:"paused_until,omitempty"`
	Waiting      int        `json:"waiting" doc:"Its undecided cases."`
	Failing      int        `json:"failing" doc:"Those of them about which it fails."`
}

func authorityOf(h provider.Health) Authority {
	c := h.Circuit
	return Authority{Name: h.Name, URL: h.URL, Circuit: string(c.State), Failures: c.Failures, FailingSince: when(c.FailingAt.Time), LastFailure: c.Words,
		PausedUntil: when(c.PausedUntil.Time), Waiting: h.Waiting, Failing: h.Failing}
}

// message is a signed message of a provider, as it came.
type message struct {
	Name    string `path:"name"`
	headers http.Header
	RawBody []byte `contentType:"application/json"`
}

// Resolve implements huma.Resolver.
func (m *message) Resolve(ctx huma.Context) []error {
	r, _ := humago.Unwrap(ctx)
	m.headers = r.Header
	return nil
}

// asked is a signed question of a provider.
type asked struct {
	Name    string `path:"name"`
	Case    string `path:"case"`
	headers http.Header
}

// Resolve implements huma.Resolver.
func (a *asked) Resolve(ctx huma.Context) []error {
	r, _ := humago.Unwrap(ctx)
	a.headers = r.Header
	return nil
}

var _, _ huma.Resolver = (*message)(nil), (*asked)(nil)

func (s *Server) authorities() {
	handle(s, op{id: "list-authorities", method: "GET", path: "/authorities", summary: "How the outside providers of verification are", tag: "Operation"},
		func(ctx context.Context, _ *none) (*body[list[Authority]], error) {
			found, err := s.Providers.List(ctx, actorOf(ctx))
			return answer(listOf(found, authorityOf), err)
		})
	type pausing struct {
		Name string `path:"name"`
		Body struct {
			Cause string `json:"cause" maxLength:"2000" doc:"For staff."`
		}
	}
	handle(s, op{
		id: "pause-authority", method: "PUT", path: "/authorities/{name}/pause",
		summary: "Ask an authority nothing until it is resumed", tag: "Operation", status: 204,
	},
		func(ctx context.Context, in *pausing) (*none, error) {
			return nil, s.Reviews.PauseAuthority(ctx, actorOf(ctx), in.Name, in.Body.Cause)
		})
	type byAuthority struct {
		Name string `path:"name"`
	}
	handle(s, op{id: "resume-authority", method: "DELETE", path: "/authorities/{name}/pause", summary: "Ask an authority again", tag: "Operation", status: 204},
		func(ctx context.Context, in *byAuthority) (*none, error) {
			return nil, s.Reviews.ResumeAuthority(ctx, actorOf(ctx), in.Name)
		})
	type effect struct {
		Effect provider.Effect `json:"effect" enum:"taken,noted,repeated,too_late"`
	}
	handle(s, op{
		id: "take-verdict", method: "POST", path: "/authorities/{name}/verdicts",
		summary: "Take the verdict of a provider", tag: "Providers", public: true, unread: true,
		maxBody: provider.MessageMax,
		about:   "For providers, signed with the secret that they share with us.",
	},
		func(ctx context.Context, in *message) (*body[effect], error) {
			e, err := s.Providers.Take(ctx, in.Name, in.headers, in.RawBody)
			return answer(effect{e}, err)
		})
	type dossier struct {
		Type  string `header:"Content-Type"`
		Cache string `header:"Cache-Control"`
		Body  []byte
	}
	handle(s, op{
		id: "get-dossier", method: "GET", path: "/authorities/{name}/cases/{case}",
		summary: "Read again what a case is about, with fresh addresses of its pictures", tag: "Providers", public: true,
		about: "For providers, signed with the secret that they share with us.",
	},
		func(ctx context.Context, in *asked) (*dossier, error) {
			b, err := s.Providers.Dossier(ctx, in.Name, in.Case, in.headers)
			if err != nil {
				return nil, err
			}
			return &dossier{Type: "application/json", Cache: "no-store", Body: b}, nil
		})
	type picture struct {
		Name      string `path:"name"`
		Case      string `path:"case"`
		Document  string `path:"document"`
		Expires   string `query:"expires"`
		Signature string `query:"signature"`
	}
	handle(s, op{
		id: "get-dossier-picture", method: "GET", path: "/authorities/{name}/cases/{case}/documents/{document}",
		summary: "A picture of a case, under the address that its dossier names", tag: "Providers", public: true,
	},
		func(ctx context.Context, in *picture) (*file, error) {
			return showJPEG(s.Providers.Picture(ctx, in.Name, in.Case, in.Document, in.Expires, in.Signature))
		})
}
