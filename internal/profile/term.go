package profile

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/internal/policy"
)

// A profile is found under terms: pairs of neighbouring Chinese characters of its
// names, its Latin names from each of their words on ("lisiyuan", "siyuan", "yuan"),
// the initials of a person's, its address ("@li@registrant.example", "@registrant.example")
// and the keyed hash of its number ("#…"). What is searched for is a range of terms, so
// that the beginning of a word suffices.

// longest is where a Latin term ends, in bytes.
const longest = 24

// terms are those of a version.
func terms(p Profile, v Version) []string {
	f := v.Fields
	var out []string
	for _, name := range []string{f.NameZh, f.OrganizationZh} {
		for _, han := range unparted(name) {
			out = append(out, pairs(han)...)
		}
		out = append(out, latin(words(name))...)
	}
	for _, name := range []string{f.NameEn, f.OrganizationEn} {
		out = append(out, latin(words(name))...)
	}
	if p.HolderType == policy.Individual {
		initials := ""
		for _, w := range words(f.NameEn) {
			initials += w[:1]
		}
		out = append(out, initials)
	}
	if address := strings.ToLower(f.Email); address != "" {
		local, host, _ := strings.Cut(address, "@")
		out = append(append(out, addressTerm(address), "@"+host), latin(words(local))...)
	}
	if len(v.NumberHash) > 0 {
		out = append(out, numberTerm(v.NumberHash))
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(t string) bool { return t == "" })
}

// addressTerm is the term of a whole address.
func addressTerm(address string) string { return "@" + strings.ToLower(address) }

// numberTerm is half of a keyed hash: enough to tell numbers apart.
func numberTerm(hash []byte) string { return "#" + hex.EncodeToString(hash[:min(16, len(hash))]) }

// run is a stretch of a text in one kind of script.
type run struct {
	text string
	han  bool
}

// runs splits a text into its Chinese and its other words, folded as names are compared.
func runs(text string) (out []run) {
	last := ' '
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		word := isHan(r) || unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case !word:
			r = ' '
		case last == ' ' || isHan(last) != isHan(r):
			out = append(out, run{han: isHan(r)})
			fallthrough
		default:
			out[len(out)-1].text += string(r)
		}
		last = r
	}
	return out
}

// unparted are the stretches of Chinese in a name, signs left out: who looks for
// 阿卜杜拉·买买提 or 样本（北京）公司 may type it without them.
func unparted(name string) (out []string) {
	before := false
	for _, x := range runs(name) {
		switch {
		case x.han && before:
			out[len(out)-1] += x.text
		case x.han:
			out = append(out, x.text)
		}
		before = x.han
	}
	return out
}

// pairs are the neighbours in a stretch of Chinese, and its last character alone.
func pairs(han string) (out []string) {
	r := []rune(han)
	for i := range r {
		out = append(out, string(r[i:min(i+2, len(r))]))
	}
	return out
}

// words are the words of a text in letters without accents; Chinese characters are none.
func words(text string) (out []string) {
	for _, x := range runs(strings.Map(unaccented, norm.NFKD.String(text))) {
		if !x.han {
			out = append(out, x.text)
		}
	}
	return out
}

func unaccented(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// latin joins words from each of them on.
func latin(words []string) (out []string) {
	for i := range words {
		out = append(out, cut(strings.Join(words[i:], "")))
	}
	return out
}

// cut keeps the beginning of a word that fits into a term.
func cut(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "")
}

// span is a range of terms: those that begin with one, or that one alone.
type span struct {
	term  string
	exact bool
}

// in is the condition that column is in the span, and its values.
func (x span) in(column string) (sql string, args []any) {
	if x.exact {
		return column + " = ?", []any{x.term}
	}
	return column + " >= ? AND " + column + " < ?", []any{x.term, x.term + "\U0010FFFF"}
}

// spans are what a typed query looks for, all of which a profile must have: nil when
// there is nothing to look for.
func spans(typed string) (out []span) {
	typed = strings.TrimSpace(norm.NFKC.String(typed))
	if strings.Contains(typed, "@") {
		return []span{{term: "@" + strings.TrimPrefix(strings.ToLower(typed), "@")}}
	}
	for _, x := range runs(strings.Map(unaccented, norm.NFKD.String(typed))) {
		switch r := []rune(x.text); {
		case !x.han:
			out = append(out, span{term: cut(x.text)})
		case len(r) == 1:
			out = append(out, span{term: x.text})
		default:
			for _, pair := range pairs(x.text)[:len(r)-1] {
				out = append(out, span{pair, true})
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return strings.Compare(a.term, b.term) })
	return slices.Compact(out)
}

// numbers are the forms that a typed document number may be kept in.
func numbers(typed string, now time.Time) (out []string) {
	for _, kind := range append(identifier.RecognizeAt(typed, now), identifier.ForeignRegistration) {
		if n, err := identifier.ParseAt(kind, typed, now); err == nil && !slices.Contains(out, n.Normal) {
			out = append(out, n.Normal)
		}
	}
	return out
}
