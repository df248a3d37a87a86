package api

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/backlog"
	"github.com/verinym/verinym/internal/datarequest"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/emailcheck"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/form"
	"github.com/verinym/verinym/internal/inspection"
	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/profile"
	"github.com/verinym/verinym/internal/provider"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/registry"
	"github.com/verinym/verinym/internal/review"
	"github.com/verinym/verinym/internal/store"
	"github.com/verinym/verinym/internal/timeline"
	"github.com/verinym/verinym/internal/vault"
	"github.com/verinym/verinym/internal/webhook"
)

// Nouns are what the operations call.
type Nouns struct {
	Store     *store.Store
	Vault     *vault.Vault
	Policies  *policy.Policies
	Accounts  *account.Accounts
	Emails    *emailcheck.Checks
	Documents *document.Documents
	Profiles  *profile.Profiles
	Reviews   *review.Reviews
	Domains   *domain.All
	Messages  *notify.Messages
	Post      *notify.Post
	Webhooks  *webhook.Hooks
	Providers *provider.Providers
	Enhanced  *enhanced.Verifications

	AccountChecks  *accountcheck.Checks
	Qualifications *qualification.Qualifications

	Registries *registry.Registries
	Timelines  *timeline.Timelines
	Packs      *inspection.Inspections
	Backlog    *backlog.Backlog

	DataRequests *datarequest.Requests

	PolicyVersions *policy.Versions
}

// Server is the REST interface.
type Server struct {
	Nouns
	texts *locale.Texts
	log   *slog.Logger
	api   huma.API
}

const prefix = "/api/v1"

// Register puts the interface onto mux below /api/v1, its description at
// /openapi.json and its documentation page at /docs.
func Register(mux *http.ServeMux, n Nouns, texts *locale.Texts, version string, log *slog.Logger) {
	s := &Server{Nouns: n, texts: texts, log: log}
	inner := http.NewServeMux()
	cfg := huma.DefaultConfig("verinym", version)
	cfg.Info.Description = "Registrant identity verification for domain registrars. A parameter in an address, or a member of a body, that an operation does not read is refused."
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil
	cfg.OpenAPIPath = "/openapi"
	cfg.Formats = map[string]huma.Format{"application/json": jsonText, "json": jsonText}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"bearer": {
		Type: "http", Scheme: "bearer", Description: "The token of POST /api/v1/session, or an API key.",
	}}
	// huma's way to shape its own errors is a package variable; there is one API a process.
	huma.NewErrorWithContext = s.humaError
	s.api = humago.New(inner, cfg)
	s.sessions()
	s.passwords()
	s.profiles()
	s.forms()
	s.emails()
	s.mailSettings()
	s.orders()
	s.transfers()
	s.consents()
	s.domains()
	s.timelines()
	s.inspections()
	s.reviews()
	s.authorities()
	s.enhanced()
	s.qualifications()
	s.staff()
	s.importLists()
	s.registries()
	s.policyVersions()
	s.jobs()
	s.outgoingMails()
	s.customers()
	s.webhooks()
	s.dataRequests()
	mux.Handle(prefix+"/", s.recovered(s.idempotent(s.routed(inner))))
	mux.Handle("GET /openapi.json", inner)
	mux.Handle("GET /openapi.yaml", inner)
	mux.HandleFunc("GET /docs", s.docs)
}

// recovered turns a panic into a coded error; the process goes on.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.Error("panic in a request", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				s.write(w, r, fault.New(fault.Internal, "internal"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// routed answers unknown paths and methods in our own form.
func (s *Server) routed(inner *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		place, _, _ := net.SplitHostPort(r.RemoteAddr)
		r = r.WithContext(context.WithValue(r.Context(), originKey, account.Origin{Place: place, Program: r.UserAgent()}))
		if query, err := url.QueryUnescape(r.URL.RawQuery); err != nil || form.NotText(r.URL.Path) != nil || form.NotText(query) != nil {
			s.write(w, r, fault.New(fault.NotFound, "not_found"))
			return
		}
		if _, pattern := inner.Handler(r); pattern != "" {
			inner.ServeHTTP(w, r)
			return
		}
		for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
			probe := r.Clone(r.Context())
			probe.Method = m
			if _, pattern := inner.Handler(probe); pattern != "" {
				p := s.newProblem(locale.Pick(r.Header.Get("Accept-Language")), fault.New(fault.NotFound, "method_not_allowed"))
				p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
				writeJSON(w, p.Status, "application/problem+json", p)
				return
			}
		}
		s.write(w, r, fault.New(fault.NotFound, "not_found"))
	})
}

type ctxKey int

const (
	actorKey ctxKey = iota
	langKey
	tokenKey
	originKey
)

func withLang(ctx context.Context, accept string) context.Context {
	return context.WithValue(ctx, langKey, locale.Pick(accept))
}

func langOf(ctx context.Context) locale.Lang {
	if l, ok := ctx.Value(langKey).(locale.Lang); ok {
		return l
	}
	return locale.EN
}

// originOf returns where the request came from.
func originOf(ctx context.Context) account.Origin {
	from, _ := ctx.Value(originKey).(account.Origin)
	return from
}

// actorOf returns who makes the request.
func actorOf(ctx context.Context) actor.Actor {
	a, _ := ctx.Value(actorKey).(actor.Actor)
	return a
}

func bearer(header string) string {
	kind, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// asked lets only requests pass whose address says nothing that the operation does not read:
// passed over in silence, a filter would be none. Faults: query_unknown, query_in_body.
func (s *Server) asked(ctx huma.Context, next func(huma.Context)) {
	o, known := ctx.Operation(), []string{}
	for _, p := range o.Parameters {
		if p.In == "query" {
			known = append(known, p.Name)
		}
	}
	address := ctx.URL()
	for _, name := range slices.Sorted(maps.Keys(address.Query())) {
		switch {
		case slices.Contains(known, name):
			continue
		case s.bodyHas(o, name):
			s.refuse(ctx, fault.At(name, "query_in_body").With("Unknown", name))
		default:
			s.refuse(ctx, fault.At(name, "query_unknown").With("Unknown", name).With("Known", strings.Join(known, ", ")))
		}
		return
	}
	next(ctx)
}

// bodyHas reports whether an operation reads something of this name in its body.
func (s *Server) bodyHas(o *huma.Operation, name string) bool {
	if o.RequestBody == nil || o.RequestBody.Content["application/json"] == nil {
		return false
	}
	schema := o.RequestBody.Content["application/json"].Schema
	if schema != nil && schema.Ref != "" {
		schema = s.api.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema != nil && schema.Properties[name] != nil
}

func (s *Server) refuse(ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	_ = huma.WriteErr(s.api, ctx, p.Status, p.Code, p)
}

// signedIn lets only requests with a valid token pass.
func (s *Server) signedIn(ctx huma.Context, next func(huma.Context)) {
	ctx = huma.WithValue(ctx, langKey, locale.Pick(ctx.Header("Accept-Language")))
	token := bearer(ctx.Header("Authorization"))
	a, err := s.Accounts.Authenticate(ctx.Context(), token)
	if err != nil {
		s.refuse(ctx, err)
		return
	}
	ctx = huma.WithValue(ctx, actorKey, a)
	next(huma.WithValue(ctx, tokenKey, token))
}

// anyone lets every request pass.
func (s *Server) anyone(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithValue(ctx, langKey, locale.Pick(ctx.Header("Accept-Language"))))
}

// op describes an operation in one line.
type op struct {
	id, method, path, summary, tag string
	// about says more than the summary, in sentences.
	about string
	// status is the one of success, 200 by default.
	status int
	// public operations need no token.
	public bool
	// unread operations read their body themselves.
	unread bool
	// maxBody is in bytes, usualBody by default.
	maxBody int64
	// time is how long reading the body and answering may take, usualTime by default.
	time time.Duration
}

// What a body may be and how long reading it may take, where an operation says nothing else.
// huma has the same limits, but none for a body that is taken as it came (RawBody). The time
// covers what is done with the body too: the connection keeps its deadline, and the request
// ends with it.
const (
	usualBody = 1 << 20
	usualTime = 30 * time.Second
)

// handle registers an operation whose handler is f.
func handle[I, O any](s *Server, o op, f func(ctx context.Context, in *I) (*O, error)) {
	h := huma.Operation{
		OperationID: o.id, Method: o.method, Path: prefix + o.path, Summary: o.summary, Description: o.about, Tags: []string{o.tag}, DefaultStatus: o.status,
		MaxBodyBytes: cmp.Or(o.maxBody, usualBody), BodyReadTimeout: cmp.Or(o.time, usualTime),
		SkipValidateBody: o.unread, Middlewares: huma.Middlewares{s.signedIn, s.asked},
		Security: []map[string][]string{{"bearer": {}}},
	}
	if o.public {
		h.Middlewares, h.Security = huma.Middlewares{s.anyone, s.asked}, nil
	}
	huma.Register(s.api, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// body wraps a response.
type body[T any] struct {
	Body T
}

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{Body: v}, nil
}

// none is an empty request or response.
type none struct{}
