package api

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docs shows the interface as one plain page: no scripts, no outside requests.
func (s *Server) docs(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	if err := docsPage.Execute(w, s.describe()); err != nil {
		s.log.Error("documentation page", "error", err)
	}
}

type docsOp struct {
	ID, Method, Path, Summary, Description string
	Public                                 bool
	Params, Body                           []docsField
	Answers                                []string
	Result                                 []docsField
}

type docsField struct {
	Name, Type, Doc string
	Required        bool
}

type docsTag struct {
	Name string
	Ops  []docsOp
}

func (s *Server) describe() []docsTag {
	byTag := map[string][]docsOp{}
	var order []string
	paths := s.api.OpenAPI().Paths
	var names []string
	for p := range paths {
		names = append(names, p)
	}
	slices.Sort(names)
	for _, p := range names {
		item := paths[p]
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil {
				continue
			}
			tag := "Other"
			if len(o.Tags) > 0 {
				tag = o.Tags[0]
			}
			if byTag[tag] == nil {
				order = append(order, tag)
			}
			byTag[tag] = append(byTag[tag], s.describeOp(p, o))
		}
	}
	slices.Sort(order)
	var out []docsTag
	for _, t := range order {
		out = append(out, docsTag{t, byTag[t]})
	}
	return out
}

func (s *Server) describeOp(path string, o *huma.Operation) docsOp {
	d := docsOp{ID: o.OperationID, Method: o.Method, Path: path, Summary: o.Summary, Description: o.Description, Public: len(o.Security) == 0}
	for _, p := range o.Parameters {
		d.Params = append(d.Params, docsField{p.Name + " (" + p.In + ")", typeOf(p.Schema), p.Description, p.Required})
	}
	if o.RequestBody != nil {
		for kind, m := range o.RequestBody.Content {
			d.Answers = append(d.Answers, "takes "+kind)
			d.Body = s.fieldsOf(m.Schema)
		}
	}
	for status, r := range o.Responses {
		if strings.HasPrefix(status, "2") {
			d.Answers = append(d.Answers, "answers "+status)
			if m := r.Content["application/json"]; m != nil {
				d.Result = s.fieldsOf(m.Schema)
			}
		}
	}
	return d
}

func (s *Server) fieldsOf(schema *huma.Schema) []docsField {
	if schema != nil && schema.Ref != "" {
		schema = s.api.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema == nil {
		return nil
	}
	var names []string
	for n := range schema.Properties {
		if n != "$schema" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var out []docsField
	for _, n := range names {
		p := schema.Properties[n]
		out = append(out, docsField{n, typeOf(p), p.Description, slices.Contains(schema.Required, n)})
	}
	return out
}

func typeOf(schema *huma.Schema) string {
	switch {
	case schema == nil:
		return ""
	case schema.Ref != "":
		return schema.Ref[strings.LastIndexByte(schema.Ref, '/')+1:]
	case schema.Type == "array":
		return typeOf(schema.Items) + "[]"
	case len(schema.Enum) > 0:
		var v []string
		for _, e := range schema.Enum {
			if x, ok := e.(string); ok {
				v = append(v, x)
			}
		}
		return strings.Join(v, " | ")
	}
	return schema.Type
}

var docsPage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>verinym API</title>
<style>
:root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #8886;padding-bottom:.3rem}
details{border:1px solid #8886;border-radius:.5rem;margin:.5rem 0;padding:.5rem .9rem}summary{cursor:pointer}
code{font:14px/1.5 ui-monospace,monospace}.m{display:inline-block;min-width:4.2rem;font-weight:700}
table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.92rem}td,th{text-align:left;padding:.25rem .5rem;border-top:1px solid #8884;vertical-align:top}
small{opacity:.75}nav a{margin-right:1rem}
</style>
<h1>verinym API</h1>
<p>Send <code>Authorization: Bearer TOKEN</code> with a session token or an API key. Errors are <code>application/problem+json</code> with a stable <code>code</code>, the <code>field</code> they point at and the text in English and Chinese. A repeated <code>Idempotency-Key</code> is answered from the first answer. The machine-readable description is at <a href="/openapi.json">/openapi.json</a>.</p>
<nav>{{range .}}<a href="#{{.Name}}">{{.Name}}</a>{{end}}</nav>
{{range .}}<h2 id="{{.Name}}">{{.Name}}</h2>
{{range .Ops}}<details id="{{.ID}}"><summary><code class="m">{{.Method}}</code> <code>{{.Path}}</code> — {{.Summary}}{{if .Public}} <small>(no token needed)</small>{{end}}</summary>
{{with .Description}}<p>{{.}}</p>{{end}}<p><small>{{range $i, $a := .Answers}}{{if $i}}, {{end}}{{$a}}{{end}}</small></p>
{{if .Params}}<table><tr><th>Parameter<th>Type<th>Meaning</tr>{{range .Params}}<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}<td>{{.Type}}<td>{{.Doc}}</tr>{{end}}</table>{{end}}
{{if .Body}}<table><tr><th>Body<th>Type<th>Meaning</tr>{{range .Body}}<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}<td>{{.Type}}<td>{{.Doc}}</tr>{{end}}</table>{{end}}
{{if .Result}}<table><tr><th>Answer<th>Type<th>Meaning</tr>{{range .Result}}<tr><td><code>{{.Name}}</code><td>{{.Type}}<td>{{.Doc}}</tr>{{end}}</table>{{end}}
</details>{{end}}{{end}}</html>`))
