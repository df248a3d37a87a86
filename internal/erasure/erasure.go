// Package erasure says whose data are to be erased, in words that every noun
// understands: which account, which versions of a profile, and the texts by which
// the person is known wherever somebody has written them down.
//
// A noun erases what is in a scope from its own rows. It promises that the row
// stays: that something happened, when and with which verdict is no secret.
package erasure

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Erased stands where a text has to be that was erased.
const Erased = "[erased]"

// Scope is whose data are erased.
type Scope struct {
	Account int64
	// Whole: everything that is the account's. Otherwise what is about the versions.
	Whole bool
	// Versions are profile versions by their row ids, Refs the same by their public ids.
	Versions []int64
	Refs     []string
	// Subjects are the public ids under which something about the person was written.
	Subjects []string
	// Domains are the names that rested on the versions, in A-label form.
	Domains []string
	// Values are the texts by which the person is known: names, addresses, numbers.
	Values []string
}

// Add adds texts by which the person is known. What is too short to tell anybody is left
// out: it would be found in the middle of other words.
func (s *Scope) Add(texts ...string) {
	for _, t := range texts {
		t = strings.TrimSpace(t)
		if utf8.RuneCountInString(t) < 2 || len(t) < 4 {
			continue
		}
		for _, form := range []string{t, strings.ToLower(t), inJSON(t)} {
			if !slices.Contains(s.Values, form) {
				s.Values = append(s.Values, form)
			}
		}
	}
}

// Without leaves out what another scope has too.
func (s *Scope) Without(other Scope) {
	s.Values = slices.DeleteFunc(s.Values, func(v string) bool { return slices.Contains(other.Values, v) })
}

// inJSON is a text as it stands within a JSON string.
func inJSON(text string) string {
	b, err := json.Marshal(text)
	if err != nil { // no text fails
		return text
	}
	return string(b[1 : len(b)-1])
}

// In reports whether a text names the person.
func (s Scope) In(text string) bool {
	return slices.ContainsFunc(s.Values, func(v string) bool { return strings.Contains(text, v) })
}

// never is a condition that no row meets.
const never = "1 = 0"

// Mentions is the condition that one of the columns names the person, with its values.
func (s Scope) Mentions(columns ...string) (where string, args []any) {
	var either []string
	for _, c := range columns {
		for _, v := range s.Values {
			either, args = append(either, c+` LIKE ? ESCAPE '\'`), append(args, "%"+pattern.Replace(v)+"%")
		}
	}
	if len(either) == 0 {
		return never, nil
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

var pattern = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// Rows is the condition that a row of an account's table is in the scope: any of the
// account's when that is erased whole, else one with its subject in the scope, or one of
// whose texts names the person; "" is a table without subjects. The table's account stands
// in account_id.
func (s Scope) Rows(subject string, texts ...string) (where string, args []any) {
	if s.Whole {
		return "account_id = ?", []any{s.Account}
	}
	where, args = s.Mentions(texts...)
	if subject != "" && len(s.Subjects) > 0 {
		where, args = "("+where+" OR "+subject+" IN (?))", append(args, bun.List(s.Subjects))
	}
	return "account_id = ? AND " + where, append([]any{s.Account}, args...)
}

// OfVersions is the condition that a row of an account's table rests on a version in the
// scope, or is the account's where that is erased whole.
func (s Scope) OfVersions(columns ...string) (where string, args []any) {
	if s.Whole {
		return "account_id = ?", []any{s.Account}
	}
	if len(s.Versions) == 0 {
		return never, nil
	}
	var either []string
	for _, c := range columns {
		either, args = append(either, c+" IN (?)"), append(args, bun.List(s.Versions))
	}
	return "account_id = ? AND (" + strings.Join(either, " OR ") + ")", append([]any{s.Account}, args...)
}
