package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Published is how a registrar's published text or error code says what a canonical
// reason says.
type Published struct {
	Registrar string
	// Code is its error code or Phrase its words; one of them is given.
	Code, Phrase string
	// Source is a key of the sources of reasons.yaml.
	Source string
	// Primary marks, of several reasons with the same words, the one to take.
	Primary bool
}

// Registrars lists those whose texts are mapped.
func (p *Policies) Registrars() (out []string) {
	for _, r := range p.reasons {
		for _, ph := range r.Phrases {
			out = append(out, ph.Registrar)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Reasons lists the canonical reasons by code, each once.
func (p *Policies) Reasons() (out []Reason) {
	for name, r := range p.reasons {
		if name == r.Code { // not under an alias
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Reason) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Meant finds the canonical reasons that a registrar's words or error code stand for,
// the primary one first: an exact code before phrases, the longest phrase before
// shorter ones.
func (p *Policies) Meant(registrar, words string) (out []Reason) {
	words = strings.TrimSpace(words)
	said := spoken(words)
	type match struct {
		reason  Reason
		exact   bool
		length  int
		primary bool
	}
	var found []match
	for _, r := range p.Reasons() {
		best := match{reason: r}
		for _, ph := range r.Phrases {
			if ph.Registrar != registrar {
				continue
			}
			exact := ph.Code != "" && ph.Code == words
			if !exact && (ph.Phrase == "" || !strings.Contains(said, spoken(ph.Phrase))) {
				continue
			}
			if m := (match{r, exact, len(ph.Code) + len(ph.Phrase), ph.Primary}); best.length == 0 || m.length > best.length {
				best = m
			}
		}
		if best.length > 0 {
			found = append(found, best)
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(rank(b.exact)-rank(a.exact), b.length-a.length, rank(b.primary)-rank(a.primary))
	})
	for _, m := range found {
		out = append(out, m.reason)
	}
	return out
}

// spoken is what of a text is said: people copy it without its signs and spaces, or with
// other ones.
func spoken(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}
