package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/document"
	"github.com/verinym/verinym/internal/form"
)

// raw gives an operation the request itself: pictures are read part by part, and
// never spilled to disk.
type raw struct{ request *http.Request }

// Resolve implements huma.Resolver.
func (u *raw) Resolve(ctx huma.Context) []error {
	u.request, _ = humago.Unwrap(ctx)
	return nil
}

// upload is a picture for a profile.
type upload struct {
	raw
	ID         string `path:"id"`
	NewVersion bool   `query:"new_version" doc:"Agree that a picture for a verified profile makes a new, unverified version."`
}

// uploadPaper is a picture of a supporting paper.
type uploadPaper struct{ raw }

var _, _ huma.Resolver = (*upload)(nil), (*uploadPaper)(nil)

// Uploaded is the answer to an upload.
type Uploaded struct {
	Document Document `json:"document"`
	Profile  Profile  `json:"profile"`
}

func (s *Server) uploads() {
	side := &huma.Schema{Type: "string", Examples: []any{
		"front", "back", document.Further, document.FurtherSide(2),
	}, Description: "Before the file; front when left out. " +
		document.Further + ", " + document.FurtherSide(2) + " and so on are for what reviews have asked for beside the sides of the document; sides_wanted of the profile names them."}
	takes(s, op{
		id: "upload-document", path: "/profiles/{id}/documents", summary: "Upload a picture of the identity document",
		tag: "Registrant profiles",
	}, "side", side, nil,
		func(ctx context.Context, in *upload) (*body[Uploaded], error) {
			var out Uploaded
			err := form.Picture(in.request, document.Upload{Side: "front"}, "side", func(u document.Upload) error {
				view, d, err := s.Profiles.Attach(ctx, actorOf(ctx), in.ID, in.NewVersion, u)
				out = Uploaded{Document: s.documentOf(d), Profile: s.profileOf(view)}
				return err
			})
			return answer(out, err)
		})
	kind := &huma.Schema{Type: "string", Description: "Before the file: which paper it is, for example trademark_certificate."}
	takes(s, op{
		id: "upload-paper", path: "/papers",
		summary: "Upload a page of a supporting paper, for suffixes with further qualifications", tag: "Papers",
	}, "kind", kind, []string{"kind"},
		func(ctx context.Context, in *uploadPaper) (*body[Document], error) {
			var out Document
			err := form.Picture(in.request, document.Upload{}, "kind", func(u document.Upload) error {
				d, err := s.Documents.TakePaper(ctx, actorOf(ctx), u)
				out = s.documentOf(d)
				return err
			})
			return answer(out, err)
		})
	handle(s, op{id: "list-papers", method: "GET", path: "/papers", summary: "List the pages of supporting papers", tag: "Papers"},
		func(ctx context.Context, _ *none) (*body[list[Document]], error) {
			found, err := s.Documents.Papers(ctx, actorOf(ctx))
			return answer(listOf(found, s.documentOf), err)
		})
	type one struct {
		ID string `path:"id"`
	}
	handle(s, op{id: "discard-paper", method: "DELETE", path: "/papers/{id}", summary: "Erase a page that nothing needs", tag: "Papers", status: 204},
		func(ctx context.Context, in *one) (*none, error) {
			return nil, s.Documents.Discard(ctx, actorOf(ctx), in.ID)
		})
}

// takes registers an operation that takes a form with a picture. first is the part
// that says what the picture is.
func takes[I, O any](s *Server, o op, first string, schema *huma.Schema, required []string, f func(context.Context, *I) (*O, error)) {
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: "object", Required: append(required, "file"), Properties: map[string]*huma.Schema{
			first:        schema,
			"ask_person": {Type: "boolean", Description: "Before the file: keep a picture that only a judgement of screening refuses, for a person to look at."},
			"note":       {Type: "string", Description: "Before the file: what the reviewer should know; at most 500 characters."},
			"file":       {Type: "string", Format: "binary", Description: "The picture."},
		}}}}}
	huma.Register(s.api, huma.Operation{
		OperationID: o.id, Method: http.MethodPost, Path: prefix + o.path, DefaultStatus: http.StatusCreated,
		Summary: o.summary, Description: "The picture is screened at once; a refusal names every finding and keeps nothing.",
		Tags: []string{o.tag}, Middlewares: huma.Middlewares{s.signedIn, s.asked}, Security: []map[string][]string{{"bearer": {}}},
	}, func(ctx context.Context, in *I) (*O, error) {
		if err := actorOf(ctx).Check(actor.DocumentWrite); err != nil { // before any of the body is read
			return nil, s.problem(ctx, err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
	// Described only now: huma would otherwise read the body itself.
	s.api.OpenAPI().Paths[prefix+o.path].Post.RequestBody = body
}
