package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/locale"
)

// Problem is the body of every error (RFC 9457), with a stable code, the field
// it points at and its text in both languages.
type Problem struct {
	Type        string         `json:"type" doc:"Always about:blank; the code says what kind of problem it is."`
	Title       string         `json:"title" doc:"The HTTP status in words."`
	Status      int            `json:"status"`
	Detail      string         `json:"detail" doc:"The text in the language of the request."`
	Code        string         `json:"code" doc:"Stable code of the problem."`
	Field       string         `json:"field,omitempty" doc:"The field that it points at."`
	Text        locale.Pair    `json:"text" doc:"The text in both languages."`
	Errors      []ProblemEntry `json:"errors,omitempty" doc:"Every problem, where there are several."`
	Findings    []Finding      `json:"findings,omitempty" doc:"What screening found in a refused picture."`
	Contestable bool           `json:"contestable,omitempty" doc:"The picture may be sent again with ask_person, for a person to look at."`
}

// ProblemEntry is one of several problems.
type ProblemEntry struct {
	Code  string      `json:"code"`
	Field string      `json:"field,omitempty"`
	Text  locale.Pair `json:"text"`
}

// Error makes a Problem an error for huma.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity, fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Stale: http.StatusPreconditionFailed,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// problem turns an error into what the caller may see; the cause of an internal
// one goes to the log alone.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	f := fault.From(err)
	if errors.Is(ctx.Err(), context.Canceled) { // who asked has left, in the middle of an upload say
		s.log.DebugContext(ctx, "nobody waits for the answer any more", "error", err)
	} else if f.Kind == fault.Internal {
		s.log.ErrorContext(ctx, "request failed", "error", err)
	} else if f.Cause != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "request failed", slog.String("code", f.Code), slog.Any("cause", f.Cause))
	}
	p := s.newProblem(langOf(ctx), f)
	var rejected *document.Rejected
	if errors.As(err, &rejected) {
		p.Findings, p.Contestable = s.findings(rejected.Findings), rejected.Contestable()
	}
	return p
}

func (s *Server) newProblem(lang locale.Lang, f *fault.Error) *Problem {
	status := statusOf[f.Kind]
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: f.Code, Field: f.Field,
		Text: s.texts.Both(f.Code, f.Params), Detail: s.texts.Text(lang, f.Code, f.Params)}
	if len(f.Details) > 0 {
		p.Errors = s.entries(f)
	}
	return p
}

// entries are the problems that a fault gathers, or itself.
func (s *Server) entries(f *fault.Error) (out []ProblemEntry) {
	details := f.Details
	if len(details) == 0 {
		details = []*fault.Error{f}
	}
	for _, d := range details {
		out = append(out, ProblemEntry{Code: d.Code, Field: d.Field, Text: s.texts.Both(d.Code, d.Params)})
	}
	return out
}

// write sends a problem outside huma.
func (s *Server) write(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(withLang(r.Context(), r.Header.Get("Accept-Language")), err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// mostOf is the limit that huma names when it refuses a body for its size.
func mostOf(message string) string {
	if m := bodyLimit.FindStringSubmatch(message); m != nil {
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil {
			return document.HumanBytes(n)
		}
	}
	return document.HumanBytes(usualBody)
}

var bodyLimit = regexp.MustCompile(`limit=([0-9]+) bytes`)

var (
	requiredProperty  = regexp.MustCompile(`^expected required property (\S+) to be present$`)
	requiredParameter = regexp.MustCompile(`^required \w+ parameter is missing$`)
)

// humaError gives huma's own refusals (a body that does not parse or does not
// fit its schema) the same form as ours.
func (s *Server) humaError(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	lang := locale.EN
	if ctx != nil {
		lang = locale.Pick(ctx.Header("Accept-Language"))
	}
	for _, err := range errs {
		var p *Problem
		if errors.As(err, &p) {
			return p
		}
	}
	var f *fault.Error
	switch {
	case status == http.StatusRequestEntityTooLarge:
		f = fault.New(fault.TooLarge, "body_too_large").With("Max", mostOf(message))
	case status >= 500:
		s.log.Error("request failed", "message", message, "errors", errs)
		f = fault.New(fault.Internal, "internal")
	default:
		f = fault.From(validation(message, errs).Err())
	}
	p := s.newProblem(lang, f)
	if status == http.StatusBadRequest || status == http.StatusUnsupportedMediaType || status == http.StatusNotAcceptable {
		p.Status, p.Title = status, http.StatusText(status)
	}
	return p
}

func validation(message string, errs []error) fault.List {
	var out fault.List
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			out.Add(fault.New(fault.Invalid, "body_invalid").With("Words", err.Error()))
			continue
		}
		field := fieldOf(d.Location)
		if m := requiredProperty.FindStringSubmatch(d.Message); m != nil {
			field = joinField(field, m[1])
			out.Add(fault.At(field, "field_required").With("Field", field))
		} else if (requiredParameter.MatchString(d.Message) || d.Message == "expected length >= 1") && field != "" {
			out.Add(fault.At(field, "field_required").With("Field", field))
		} else if d.Message == "unexpected property" {
			out.Add(fault.At(field, "field_unknown").With("Unknown", field))
		} else if field == "" {
			out.Add(fault.New(fault.Invalid, "body_invalid").With("Words", d.Message))
		} else {
			out.Add(fault.At(field, "field_wrong_type").With("Field", field).With("Words", d.Message))
		}
	}
	if len(out) == 0 {
		out.Add(fault.New(fault.Invalid, "body_invalid").With("Words", message))
	}
	return out
}

// fieldOf turns huma's location (body.name_zh, query.limit) into a field name.
func fieldOf(location string) string {
	for _, prefix := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(location, prefix); ok {
			return strings.TrimPrefix(rest, ".")
		}
	}
	return location
}

func joinField(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}
