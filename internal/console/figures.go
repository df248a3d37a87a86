package console

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/review"
)

// figurePages say what the desk decided, and by which reasons.
func (c *Console) figurePages() []page {
	return []page{
		{pattern: "GET /decided", show: c.decided},
		{pattern: "GET /statistics", show: c.statistics},
		{pattern: "GET /reasons", show: c.reasonCodes},
	}
}

// decidedList is what the list of decided cases shows.
type decidedList struct {
	rows   []review.Case
	names  map[string]string
	me, by string
	pages  ui.Pages
}

func (c *Console) decided(v *visit) (err error) {
	q := v.r.URL.Query()
	l := decidedList{me: v.actor.ID}
	if q.Get("by") == "me" {
		l.by = v.actor.ID
	}
	var next string
	if l.rows, next, err = c.Reviews.Decided(v.ctx(), v.actor, l.by, q.Get("after"), casesOnPage); err != nil {
		return err
	}
	l.pages = v.pages("after", next)
	if l.names, err = c.namesOn(v, l.rows); err != nil {
		return err
	}
	return v.show(decidedPage(l))
}

// figures is what the page of statistics shows.
type figures struct {
	review.Statistics
	days  int
	names map[string]string
}

func (c *Console) statistics(v *visit) error {
	f := figures{days: 30}
	if n, err := strconv.Atoi(v.r.URL.Query().Get("days")); err == nil && (n == 1 || n == 7) {
		f.days = n
	}
	var err error
	if f.Statistics, err = c.Reviews.Statistics(v.ctx(), v.actor, v.Now.AddDate(0, 0, -f.days), v.Now); err != nil {
		return err
	}
	var ids []string
	for _, p := range f.ByReviewer {
		ids = append(ids, p.Name)
	}
	if f.names, err = c.Accounts.Names(v.ctx(), v.actor, ids...); err != nil {
		return err
	}
	return v.show(statisticsPage(f))
}

// decidedAll is how many cases were decided, and how.
func (f figures) decidedAll() (all review.Pace) {
	for _, p := range f.ByKind {
		all.Passed, all.Failed, all.Returned = all.Passed+p.Passed, all.Failed+p.Failed, all.Returned+p.Returned
	}
	return all
}

// bars are paces as a chart, and label the same in words.
func bars(ctx context.Context, paces []review.Pace, called func(string) string) (out []ui.Bar, label string) {
	var words []string
	for _, p := range paces {
		b := ui.Bar{Name: called(p.Name), Value: ui.Count(p.Passed + p.Failed + p.Returned), First: p.Passed, Second: p.Failed, Third: p.Returned}
		out = append(out, b)
		words = append(words, ui.T(ctx, "statistics.bar", "Name", b.Name, "Passed", strconv.Itoa(p.Passed), "Failed", strconv.Itoa(p.Failed), "Returned", strconv.Itoa(p.Returned)))
	}
	return out, strings.Join(words, " ")
}

// reasonList is what the page of reason codes shows.
type reasonList struct {
	registrar, words string
	registrars       []string
	found            []policy.Reason
}

func (c *Console) reasonCodes(v *visit) error {
	if err := v.actor.Check(actor.ReviewRead); err != nil {
		return err
	}
	q := v.r.URL.Query()
	l := reasonList{registrar: q.Get("registrar"), words: strings.TrimSpace(q.Get("words")), registrars: c.Policies.Registrars()}
	for _, r := range c.Policies.Reasons() {
		if l.wants(v, r) {
			l.found = append(l.found, r)
		}
	}
	if l.registrar != "" && l.words != "" {
		l.found = c.Policies.Meant(l.registrar, l.words)
	}
	return v.show(reasonsPage(l))
}

// wants reports whether a reason has what was looked for: words of its own, or a
// registrar's.
func (l reasonList) wants(v *visit, r policy.Reason) bool {
	if l.registrar != "" && len(l.phrases(r)) == 0 {
		return false
	}
	text := strings.ToLower(r.Code + " " + v.T(r.Code+".title") + " " + v.Texts.Source(v.Lang, r.Code))
	return strings.Contains(text, strings.ToLower(l.words))
}

// phrases are what the chosen registrar says for a reason, or all.
func (l reasonList) phrases(r policy.Reason) (out []policy.Published) {
	for _, p := range r.Phrases {
		if l.registrar == "" || p.Registrar == l.registrar {
			out = append(out, p)
		}
	}
	return out
}

// blank is where a text takes in what it tells of.
var blank = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// blanks shows a text before it has taken in what it tells of, as people read it.
func blanks(source string) string { return blank.ReplaceAllString(source, "‹$1›") }
