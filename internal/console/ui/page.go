package ui

import (
	"context"
	"maps"
	"time"

	"github.com/verinym/verinym/internal/locale"
)

// Page is what every part of a page may need to know of the request.
type Page struct {
	Texts *locale.Texts
	Lang  locale.Lang
	// Theme is light or dark, "" for what the system prefers.
	Theme string
	Now   time.Time
	Zone  *time.Location
	// NoKeys says that the reader wants no keys of a single letter.
	NoKeys bool
	// Here is the page's own address, to come back to.
	Here string
	// Who is signed in, nil for nobody.
	Who *Who
	// Nav is the rail on the left.
	Nav []Section
	// Messages is where their messages are, "" for nowhere, Unread how many are new.
	Messages string
	Unread   int
	// Done announces what the last form did, "" for nothing.
	Done string
}

// Who is the person at the screen.
type Who struct{ Name, Role string }

// Section is a group of pages in the rail; the first one needs no Heading.
type Section struct {
	Heading string
	Links   []NavLink
}

// NavLink leads to a page. Count stands at its right, Hot when it waits for somebody.
type NavLink struct {
	Path, Icon, Text, Count string
	Hot                     bool
}

type key struct{}

// With puts the page into the context of its templates.
func With(ctx context.Context, p *Page) context.Context { return context.WithValue(ctx, key{}, p) }

// On returns the page that a template is on.
func On(ctx context.Context) *Page {
	if p, ok := ctx.Value(key{}).(*Page); ok {
		return p
	}
	return &Page{Lang: locale.EN, Zone: time.UTC}
}

// T is the text id in the page's language; params are names and values in turn.
func T(ctx context.Context, id string, params ...string) string {
	return On(ctx).T(id, params...)
}

// T is the text id in the page's language; params are names and values in turn.
func (p *Page) T(id string, params ...string) string {
	values := make(map[string]string, len(params)/2)
	for i := 0; i+1 < len(params); i += 2 {
		values[params[i]] = params[i+1]
	}
	return p.Texts.Text(p.Lang, id, values)
}

// Text is the text id about what params tell of; days among them are said as people read them.
func (p *Page) Text(id string, params map[string]string) string {
	said := maps.Clone(params)
	for name, value := range params {
		said[name] = p.isoDay(value)
	}
	return p.Texts.Text(p.Lang, id, said)
}

// Tag is the language of the page as HTML names it.
func (p *Page) Tag() string { return tag(p.Lang) }

func tag(l locale.Lang) string {
	if l == locale.ZH {
		return "zh-CN"
	}
	return "en"
}

// Other is the language that the page is not in.
func (p *Page) Other() locale.Lang {
	if p.Lang == locale.ZH {
		return locale.EN
	}
	return locale.ZH
}

// LangOf is the lang attribute of a run of text that may be in the other language,
// "" when it is in neither for certain.
func LangOf(s string) string {
	for _, r := range s {
		if r >= 0x2E80 {
			return "zh-CN"
		}
	}
	return "en"
}
