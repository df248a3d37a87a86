// Package locale holds every text that verinym shows, in English and Chinese.
//
// A text has an id: the code of a fault or reason ("number_checksum.title",
// "number_checksum.text"), or a name such as "mail.verify.subject". It promises
// that both languages have every text with the same parameters (a test holds
// it), and that a missing text shows its id instead of failing a request.
package locale

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/idna"
)

// Lang is a language that people read.
type Lang string

// The two languages.
const (
	EN Lang = "en"
	ZH Lang = "zh"
)

// Langs lists the languages, in the order in which both are shown.
var Langs = []Lang{EN, ZH}

// Pick returns the language that an Accept-Language header asks for first,
// English when it asks for neither.
func Pick(accept string) Lang {
	for _, part := range strings.Split(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch {
		case strings.HasPrefix(tag, "zh"):
			return ZH
		case strings.HasPrefix(tag, "en"):
			return EN
		}
	}
	return EN
}

//go:embed texts/*.yaml
var own embed.FS

// Texts is the catalogue of texts. It is safe for concurrent use.
type Texts struct {
	byLang map[Lang]map[string]*template.Template
	source map[Lang]map[string]string
}

// Pair is one text in both languages.
type Pair struct {
	EN string `yaml:"en" json:"en"`
	ZH string `yaml:"zh" json:"zh"`
}

// Load reads verinym's own texts and, from policy data, the title and text of
// every reason in reasons.yaml.
func Load(policy fs.FS) (*Texts, error) {
	t := &Texts{byLang: map[Lang]map[string]*template.Template{}, source: map[Lang]map[string]string{}}
	for _, l := range Langs {
		t.byLang[l], t.source[l] = map[string]*template.Template{}, map[string]string{}
	}
	names, err := fs.Glob(own, "texts/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := own.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var m map[string]Pair
		if err := yaml.Unmarshal(b, &m); err != nil {
			return nil, fmt.Errorf("locale: %s: %w", name, err)
		}
		for id, p := range m {
			if err := t.add(id, p); err != nil {
				return nil, fmt.Errorf("locale: %s: %w", name, err)
			}
		}
	}
	if err := t.addReasons(policy); err != nil {
		return nil, err
	}
	if err := t.addKinds(policy); err != nil {
		return nil, err
	}
	return t, t.addCountries(policy)
}

// addCountries makes the names of countries and regions known as "country.<ISO>".
func (t *Texts) addCountries(policy fs.FS) error {
	b, err := fs.ReadFile(policy, "places.yaml")
	if err != nil {
		return fmt.Errorf("locale: %w", err)
	}
	var f struct {
		Countries []struct {
			ISO string `yaml:"iso"`
			EN  string `yaml:"en"`
			ZH  string `yaml:"zh"`
		}
	}
	if err := yaml.Unmarshal(b, &f); err != nil {
		return fmt.Errorf("locale: places.yaml: %w", err)
	}
	for _, c := range f.Countries {
		if err := t.add("country."+c.ISO, Pair{EN: c.EN, ZH: c.ZH}); err != nil {
			return fmt.Errorf("locale: places.yaml: %w", err)
		}
	}
	return nil
}

// addKinds makes the names of kinds of documents and supporting papers known as "kind.<code>".
func (t *Texts) addKinds(policy fs.FS) error {
	type document struct {
		Code string
		Name Pair
	}
	all := map[string]document{}
	err := eachFile(policy, "documents", func(b []byte) error {
		var f struct{ Documents, Supporting []document }
		err := yaml.Unmarshal(b, &f)
		for _, d := range append(f.Documents, f.Supporting...) {
			all[d.Code] = d
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := t.add("kind."+d.Code, d.Name); err != nil {
			return fmt.Errorf("locale: documents: %w", err)
		}
	}
	return nil
}

func (t *Texts) addReasons(policy fs.FS) error {
	type reason struct {
		Code  string
		Title Pair
		Text  Pair
	}
	all := map[string]reason{}
	err := eachFile(policy, "reasons", func(b []byte) error {
		var f struct{ Reasons []reason }
		err := yaml.Unmarshal(b, &f)
		for _, r := range f.Reasons {
			all[r.Code] = r
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := t.add(r.Code+".title", r.Title); err != nil {
			return fmt.Errorf("locale: reasons: %w", err)
		}
		if err := t.add(r.Code, r.Text); err != nil {
			return fmt.Errorf("locale: reasons: %w", err)
		}
	}
	return nil
}

// eachFile reads kind.yaml and then every kind-*.yaml, whose entries take the
// place of earlier ones, as package policy reads them.
func eachFile(policy fs.FS, kind string, read func([]byte) error) error {
	more, err := fs.Glob(policy, kind+"-*.yaml")
	if err != nil {
		return fmt.Errorf("locale: %w", err)
	}
	for _, name := range append([]string{kind + ".yaml"}, more...) {
		b, err := fs.ReadFile(policy, name)
		if err != nil {
			return fmt.Errorf("locale: %w", err)
		}
		if err := read(b); err != nil {
			return fmt.Errorf("locale: %s: %w", name, err)
		}
	}
	return nil
}

func (t *Texts) add(id string, p Pair) error {
	for l, s := range map[Lang]string{EN: p.EN, ZH: p.ZH} {
		if s == "" {
			return fmt.Errorf("%s has no %s text", id, l)
		}
		if _, twice := t.byLang[l][id]; twice {
			return fmt.Errorf("%s stands twice", id)
		}
		parsed, err := template.New(id).Option("missingkey=zero").Parse(s)
		if err != nil {
			return err
		}
		t.byLang[l][id], t.source[l][id] = parsed, s
	}
	return nil
}

// Has reports whether there is a text with this id.
func (t *Texts) Has(id string) bool { return t.byLang[EN][id] != nil }

// Source returns the template behind id, for tests.
func (t *Texts) Source(l Lang, id string) string { return t.source[l][id] }

// IDs lists the ids of all texts.
func (t *Texts) IDs() []string {
	ids := make([]string, 0, len(t.byLang[EN]))
	for id := range t.byLang[EN] {
		ids = append(ids, id)
	}
	return ids
}

// named says which parameters hold codes that have names of their own: the
// names stand under "<prefix>.<code>".
var named = map[string]string{
	"Field": "field", "Kind": "kind", "Kinds": "kind", "Looks": "kind", "Chosen": "kind", "Side": "side",
	"State": "state", "Region": "country",
	"Cause": "hold", "Topic": "topic", "Outcome": "outcome", "ProfileKind": "profile_kind", "GotKind": "profile_kind",
	"Elsewhere": "elsewhere", "Hold": "hold", "Why": "lookup",
	"Wish": "data.kind", "Refusal": "data.refusal", "Extension": "data.extension", "Ground": "data.ground",
}

// Text returns the text id in language l with its parameters filled in. A
// parameter that holds codes (Field, Kind, Looks, …; several with commas) is
// translated first, a Reason by its title; names of the DNS are shown as people write them. A reason that was given without what its text needs is told by
// its title, which needs nothing.
func (t *Texts) Text(l Lang, id string, params map[string]string) string {
	if t.Has(id + ".title") {
		for _, m := range placeholder.FindAllStringSubmatch(t.source[EN][id], -1) {
			if params[m[1]] == "" {
				id += ".title"
				break
			}
		}
	}
	tmpl := t.byLang[l][id]
	if tmpl == nil {
		return id
	}
	p := make(map[string]string, len(params))
	for k, v := range params {
		if prefix := named[k]; prefix != "" {
			v = t.names(l, prefix, v)
		} else if k == "Who" {
			v = t.holders(l, v)
		} else if slices.Contains(written, k) {
			v = nameAsWritten(v)
		} else if k == "Reason" && t.Has(v+".title") {
			v = t.source[l][v+".title"]
		}
		p[k] = v
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, p); err != nil {
		return id
	}
	return strings.TrimSpace(b.String())
}

// Name is what a code is called by the text "<prefix>.<code>"; one with a number of its own,
// such as further-2, by that of "<prefix>.further_n". A code without a name stands for itself.
func (t *Texts) Name(l Lang, prefix, code string) string {
	if name := t.source[l][prefix+"."+code]; name != "" {
		return name
	}
	if i := strings.LastIndexByte(code, '-'); i > 0 && t.Has(prefix+"."+code[:i]+"_n") {
		return t.Text(l, prefix+"."+code[:i]+"_n", map[string]string{"Number": code[i+1:]})
	}
	return code
}

// written are the parameters that hold a name of the DNS, which people write in its own
// script.
var written = []string{"Domain", "Suffix", "Zone"}

func nameAsWritten(name string) string {
	if u, err := idna.Display.ToUnicode(name); err == nil {
		return u
	}
	return name
}

func (t *Texts) names(l Lang, prefix, codes string) string {
	parts := strings.Split(codes, ",")
	for i, c := range parts {
		parts[i] = t.Name(l, prefix, strings.TrimSpace(c))
	}
	if l == ZH {
		return strings.Join(parts, "、")
	}
	return strings.Join(parts, ", ")
}

// holders says who may hold a name. who lists types of holder, each with the
// countries and regions that it may be from: "individual CN; organization CN HK", * for
// any; or it is a code of its own.
func (t *Texts) holders(l Lang, who string) string {
	parts := strings.Split(who, ";")
	for i, p := range parts {
		words := strings.Fields(p)
		if len(words) == 0 {
			continue
		}
		id := "holder." + words[0]
		if len(words) > 1 && words[1] != "*" {
			id += "_from"
		}
		if t.Has(id) {
			parts[i] = t.Text(l, id, map[string]string{"Region": strings.Join(words[1:], ",")})
		}
	}
	if l == ZH {
		return strings.Join(parts, "；")
	}
	return strings.Join(parts, "; ")
}

// placeholder finds the parameters of a text.
var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// Both returns the text in both languages.
func (t *Texts) Both(id string, params map[string]string) Pair {
	return Pair{EN: t.Text(EN, id, params), ZH: t.Text(ZH, id, params)}
}
