package policy

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

var placeholder = regexp.MustCompile(`\{\{-? *\.([A-Za-z]+)`)

// checkReasons looks at the texts: both languages and params name the same
// parameters, no code or alias stands twice, and at most one code is the primary
// one of another registrar's phrase.
func (l *loader) checkReasons(reasons []*yaml.Node) {
	codes := map[string]*yaml.Node{}
	primary := map[string]string{}
	for _, r := range reasons {
		for _, n := range append([]*yaml.Node{value(r, "code")}, items(value(r, "aliases"))...) {
			if other, twice := codes[n.Value]; twice {
				l.src.add(n, CodeKeyTwice, "reasons", "%s stands under %s already", n.Value, l.src.at(other))
			}
			codes[n.Value] = n
		}
		l.checkParams(r)
		for _, ph := range items(value(r, "phrases")) {
			l.checkPhrase(ph, value(r, "code").Value, primary)
		}
	}
}

func (l *loader) checkParams(reason *yaml.Node) {
	name := value(reason, "code").Value
	var declared []string
	for _, n := range items(value(reason, "params")) {
		declared = append(declared, n.Value)
	}
	slices.Sort(declared)
	for _, lang := range []string{"en", "zh"} {
		used := map[string]bool{}
		for _, part := range []string{"title", "text"} {
			for _, m := range placeholder.FindAllStringSubmatch(value(reason, part, lang).Value, -1) {
				used[m[1]] = true
			}
		}
		for param := range used {
			if !slices.Contains(declared, param) {
				l.src.add(value(reason, "text", lang), CodeConflict, name+"."+lang, "the text uses {{.%s}}, which params does not list", param)
			}
		}
		for _, param := range declared {
			if !used[param] {
				l.src.add(value(reason, "text", lang), CodeConflict, name+"."+lang, "params lists %s, which the text does not use", param)
			}
		}
	}
}

func (l *loader) checkPhrase(ph *yaml.Node, reason string, primary map[string]string) {
	words, first := value(ph, "phrase"), value(ph, "primary")
	if words == nil || first == nil || first.Value != "true" {
		return
	}
	key := value(ph, "registrar").Value + " " + words.Value
	if other, twice := primary[key]; twice && other != reason {
		l.src.add(ph, CodeConflict, reason+".phrases", "%q means %s first already", words.Value, other)
	}
	primary[key] = reason
}

// checkSources finds sources that the head of the file does not name.
func (l *loader) checkSources() {
	for kind, roots := range l.roots {
		known := map[string]bool{}
		for _, root := range roots {
			for _, k := range keys(value(root, "sources")) {
				known[k] = true
			}
		}
		if kind == "holidays" {
			continue
		}
		for _, root := range roots {
			for i := 0; i+1 < len(root.Content); i += 2 {
				if root.Content[i].Value != "sources" {
					l.sourcesIn(root.Content[i+1], known)
				}
			}
		}
	}
}

func (l *loader) sourcesIn(n *yaml.Node, known map[string]bool) {
	for _, s := range items(value(n, "sources")) {
		if !known[s.Value] {
			l.src.add(s, CodeReference, "sources", "%s is not among the sources at the head of the file", s.Value)
		}
	}
	if s := value(n, "source"); s != nil && s.Kind == yaml.ScalarNode && !known[s.Value] {
		l.src.add(s, CodeReference, "source", "%s is not among the sources at the head of the file", s.Value)
	}
	for _, c := range n.Content {
		l.sourcesIn(c, known)
	}
}
