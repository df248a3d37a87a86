package notify

import (
	"html/template"
	"strings"

	"github.com/verinym/verinym/internal/locale"
)

// letter is a mail as it is read: a subject, and the same text in one language or both.
type letter struct {
	tag, to, subject string
	parts            []part
}

// part is a text in one language. A paragraph stands between empty lines; the sign at its
// beginning says what it is: "# " a heading, "! " what is at risk, "~ " small print, "- "
// at each line a list. A line that is a link alone is a button.
type part struct {
	lang locale.Lang
	text string
	// button is what stands on the buttons, tone how grave it is: ok, warn or bad.
	button, tone string
}

// plain is the letter as text.
func (l letter) plain() string {
	out := make([]string, len(l.parts))
	for i, p := range l.parts {
		var paragraphs []string
		for _, b := range p.blocks() {
			paragraphs = append(paragraphs, b.plain())
		}
		out[i] = strings.Join(paragraphs, "\n\n")
	}
	return strings.Join(out, "\n\n— — —\n\n") + "\n"
}

// block is a paragraph: heading, risk, small, list, link or text.
type block struct {
	Kind  string
	Lines []string
	// Button is what stands on a link, Tone how grave a risk is.
	Button, Tone string
}

var signs = map[string]string{"# ": "heading", "! ": "risk", "~ ": "small"}

func (p part) blocks() (out []block) {
	for _, text := range strings.Split(p.text, "\n\n") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		lines := strings.Split(text, "\n")
		b := block{Kind: "text"}
		if kind, signed := signs[text[:min(2, len(text))]]; signed {
			b.Kind, lines[0] = kind, lines[0][2:]
		}
		for _, line := range lines {
			switch {
			case b.Kind == "text" && strings.HasPrefix(line, "- "):
				b, out = turn(b, "list", out)
				b.Lines = append(b.Lines, line[2:])
			case b.Kind == "list" && strings.HasPrefix(line, "- "):
				b.Lines = append(b.Lines, line[2:])
			case strings.HasPrefix(line, "https://"), strings.HasPrefix(line, "http://"):
				b, out = turn(b, "link", out)
				b.Lines = append(b.Lines, line)
			case b.Kind == "list" || b.Kind == "link":
				b, out = turn(b, "text", out)
				b.Lines = append(b.Lines, line)
			default:
				b.Lines = append(b.Lines, line)
			}
			b.Button, b.Tone = p.button, p.tone
		}
		out = append(out, b)
	}
	return out
}

// turn ends a block that has lines and begins one of another kind.
func turn(b block, kind string, out []block) (block, []block) {
	if len(b.Lines) > 0 {
		out = append(out, b)
	}
	return block{Kind: kind}, out
}

func (b block) plain() string {
	if b.Kind == "list" {
		return "- " + strings.Join(b.Lines, "\n- ")
	}
	return strings.Join(b.Lines, "\n")
}

// html is the letter as a page: no pictures, nothing from elsewhere, readable when styles
// are taken away, light or dark as the reader likes it.
func (l letter) html() (string, error) {
	type shown struct {
		Lang   locale.Lang
		Blocks []block
	}
	view := struct {
		Lang    locale.Lang
		Subject string
		Parts   []shown
	}{l.parts[0].lang, l.subject, nil}
	for _, p := range l.parts {
		view.Parts = append(view.Parts, shown{p.lang, p.blocks()})
	}
	var b strings.Builder
	err := page.Execute(&b, view)
	return b.String(), err
}

// page has its colours twice: as attributes, which every reader knows, and as classes that
// those with a dark mode replace.
var page = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{.Subject}}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  .canvas { background: #0e1116 !important; }
  .panel { background: #151920 !important; border-color: #272d38 !important; }
  .ink { color: #e9ecf1 !important; }
  .muted, .muted a { color: #aab3c2 !important; }
  .link { color: #a5b3ff !important; }
  .button { background: #98a8ff !important; color: #0e1116 !important; }
  .line { border-color: #272d38 !important; }
  .ok { background: #10261a !important; color: #6fd69d !important; border-color: #6fd69d !important; }
  .warn { background: #2a2011 !important; color: #f2c06b !important; border-color: #f2c06b !important; }
  .bad { background: #2a1619 !important; color: #ff9da2 !important; border-color: #ff9da2 !important; }
}
@media (max-width: 480px) { .panel { padding: 20px 16px !important; } }
</style>
</head>
<body class="canvas" style="margin:0;padding:0;background:#f6f7f9;">
<div class="canvas" style="background:#f6f7f9;padding:24px 12px;">
<!--[if mso]><table role="presentation" align="center" width="600"><tr><td><![endif]-->
<div class="panel ink" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #e4e7ec;border-radius:12px;padding:28px 32px;color:#161a24;font-family:Inter,system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;font-size:16px;line-height:1.6;">
{{- range $i, $p := .Parts}}
<div lang="{{if eq $p.Lang "zh"}}zh-CN{{else}}en{{end}}"{{if $i}} class="line" style="border-top:1px solid #e4e7ec;margin-top:28px;padding-top:28px;"{{end}}>
{{- range $j, $b := $p.Blocks}}
{{- if eq $b.Kind "heading"}}
<h{{if $j}}2{{else}}1{{end}} class="ink" style="margin:{{if $j}}24px{{else}}0{{end}} 0 8px;font-size:{{if $j}}16px{{else}}20px{{end}};line-height:1.35;font-weight:600;color:#161a24;">{{range $k, $l := $b.Lines}}{{if $k}}<br>{{end}}{{$l}}{{end}}</h{{if $j}}2{{else}}1{{end}}>
{{- else if eq $b.Kind "risk"}}
<p class="{{$b.Tone}}" style="margin:20px 0;padding:12px 14px;border-left:4px solid;border-radius:6px;{{if eq $b.Tone "bad"}}background:#fdeeee;color:#ad1b2d;border-color:#ad1b2d;{{else if eq $b.Tone "warn"}}background:#fdf4e1;color:#874800;border-color:#874800;{{else}}background:#e8f6ee;color:#0f6a3b;border-color:#0f6a3b;{{end}}">{{range $k, $l := $b.Lines}}{{if $k}}<br>{{end}}{{$l}}{{end}}</p>
{{- else if eq $b.Kind "list"}}
<ul style="margin:0 0 16px;padding:0 0 0 20px;">{{range $b.Lines}}<li style="margin:0 0 4px;overflow-wrap:anywhere;">{{.}}</li>{{end}}</ul>
{{- else if eq $b.Kind "link"}}{{range $b.Lines}}
<p style="margin:20px 0 8px;"><a class="button" href="{{.}}" style="display:inline-block;background:#2f45c5;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:8px;">{{$b.Button}}</a></p>
<p class="muted" style="margin:0 0 16px;font-size:13px;line-height:1.5;color:#4f5768;overflow-wrap:anywhere;"><a class="link" href="{{.}}" style="color:#2f45c5;">{{.}}</a></p>
{{- end}}
{{- else}}
<p class="{{if eq $b.Kind "small"}}muted{{else}}ink{{end}}" style="margin:0 0 16px;overflow-wrap:anywhere;{{if eq $b.Kind "small"}}font-size:13px;line-height:1.55;color:#4f5768;{{else}}color:#161a24;{{end}}">{{range $k, $l := $b.Lines}}{{if $k}}<br>{{end}}{{$l}}{{end}}</p>
{{- end}}
{{- end}}
</div>
{{- end}}
</div>
<!--[if mso]></td></tr></table><![endif]-->
</div>
</body>
</html>
`))
