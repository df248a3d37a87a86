package console

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/profile"
)

// associations are the pages of the two operations upon names, which share no form, no
// button and no address, and of the tasks that they start.
func (c *Console) associations() []page {
	return []page{
		{pattern: "GET /associations", show: c.tasks},
		{pattern: "GET /associations/new", show: func(v *visit) error { return c.choose(v, domain.SubmitVerification) }},
		{pattern: "POST /associations/new", show: func(v *visit) error { return c.startTask(v, domain.SubmitVerification) }},
		{pattern: "GET /holder-changes/new", show: func(v *visit) error { return c.choose(v, domain.ChangeHolder) }},
		{pattern: "POST /holder-changes/new", show: func(v *visit) error { return c.startTask(v, domain.ChangeHolder) }},
		{pattern: "GET /associations/{id}", show: c.task},
		{pattern: "GET /associations/{id}/results.csv", show: c.taskResults},
		{pattern: "POST /associations/{id}/retry", show: c.retryTask},
		{pattern: "POST /associations/{id}/pause", show: c.moveTask(c.Domains.Pause, "done.task_paused")},
		{pattern: "POST /associations/{id}/resume", show: c.moveTask(c.Domains.Resume, "done.task_resumed")},
		{pattern: "GET /associations/{id}/cancel", show: c.askCancelTask},
		{pattern: "POST /associations/{id}/cancel", show: c.moveTask(c.Domains.Cancel, "done.task_cancelled")},
	}
}

// selection are names that were chosen: one by one, all that a filter wants, or those
// of a task, the failed ones where items does not say otherwise.
type selection struct {
	names  []string
	all    bool
	filter domain.Filter
	task   string
	items  domain.ItemFilter
}

// chosenNames reads a selection from an address or a form.
func (c *Console) chosenNames(v *visit, in url.Values) (s selection, err error) {
	s.all, s.filter, s.task = in.Get("all") == "true", filterOf(in), in.Get("task")
	s.items = domain.ItemFilter{State: cmp.Or(domain.ItemState(in.Get("state")), domain.ItemFailed), Reason: in.Get("reason")}
	switch {
	case s.all:
		s.names, err = c.Domains.Names(v.ctx(), v.actor, s.filter)
		return s, err
	case s.task != "":
		s.names, err = c.Domains.TaskNames(v.ctx(), v.actor, s.task, s.items)
		return s, err
	}
	typed := listed(in.Get("names"))
	for _, name := range append(slices.Clone(in["d"]), typed...) {
		if normal, err := domain.Normalize(name); err == nil {
			name = normal
		}
		if !slices.Contains(s.names, name) {
			s.names = append(s.names, name)
		}
	}
	return s, nil
}

// values is a selection as an address or form has it.
func (s selection) values() url.Values {
	if s.all {
		q := filterValues(s.filter)
		q.Set("all", "true")
		return q
	}
	if s.task != "" {
		q := itemValues(s.items)
		q.Set("task", s.task)
		return q
	}
	return url.Values{"d": s.names}
}

// association is what the pages of the two operations show.
type association struct {
	selection
	operation domain.Operation
	// profiles can be chosen, others cannot be yet.
	profiles, others []offer
	// find is what they are searched for, "" for nothing; more says that there are others.
	find    string
	more    bool
	chosen  string
	preview *preview
	wrong   []ui.Wrong
}

// offer is a profile among those to choose from.
type offer struct {
	profileRow
	// fits is how many of the chosen names would be taken, -1 where they are too many
	// to look at for each profile.
	fits int
	why  *fault.Error
}

// preview says what a task would do, from its first names.
type preview struct {
	looked, taken int
	refused       []leftOut
	// verdict is when the last of the registries' answers is expected, hold when the first
	// of the names is held without one, zero for never; late are held before their answer.
	verdict, hold time.Time
	late          int
}

// leftOut are names that would not be taken for one reason.
type leftOut struct {
	why   *fault.Error
	names []string
}

const (
	// previewMost is how many names a preview looks at, fitMost how many for each of
	// the profiles, of which there are so many on the page.
	previewMost    = 1000
	fitMost        = 25
	offersOnPage   = 20
	unusableOnPage = 6
)

// path is the operation's own page.
func (a association) path() string {
	if a.operation == domain.ChangeHolder {
		return "/holder-changes/new"
	}
	return "/associations/new"
}

// of is the id of a text of the operation.
func (a association) of(name string) string { return string(a.operation) + "." + name }

func (c *Console) choose(v *visit, op domain.Operation) error {
	in := v.r.URL.Query()
	s, err := c.chosenNames(v, in)
	if err != nil {
		return err
	}
	a := association{selection: s, operation: op, find: in.Get("find")}
	if in.Get("go") != "find" {
		a.chosen = in.Get("profile")
	}
	return c.showChoice(v, a, nil)
}

// showChoice shows the profiles to choose from and, when one is chosen, what would become
// of the names. refused is why a task was not started, nil when nobody has tried.
func (c *Console) showChoice(v *visit, a association, refused error) error {
	status, err := v.correctable(&a.wrong, refused)
	if err != nil {
		return err
	}
	if err := c.offers(v, &a); err != nil {
		return err
	}
	if a.chosen != "" && len(a.names) > 0 {
		if a.preview, err = c.preview(v, a, a.chosen, previewMost); err != nil {
			if a.wrong = append(a.wrong, v.wrongs(err)...); len(a.wrong) == 0 {
				return err
			}
			a.chosen, status = "", statusOf[fault.From(err).Kind]
		}
	}
	return v.render(status, associationPage(a))
}

// offers lists the profiles to choose from, those that fit the most names first.
func (c *Console) offers(v *visit, a *association) error {
	for _, state := range []profile.State{profile.Verified, profile.InReview, profile.Failed, profile.Unverified} {
		views, next, err := c.Profiles.List(v.ctx(), v.actor, profile.Filter{State: state, Query: a.find}, "", offersOnPage)
		if err != nil {
			return err
		}
		a.more = a.more || next != ""
		for _, x := range views {
			o := offer{profileRow: profileRow{View: x}, fits: -1}
			if _, _, err := c.Profiles.Usable(v.ctx(), c.Store.R, v.actor.Account, x.PublicID); err != nil && !a.waitsFor(o) {
				if o.why = fault.From(err); o.why.Kind == fault.Internal {
					return err
				}
				if len(a.others) < unusableOnPage && o.name() != "" {
					a.others = append(a.others, o)
				}
				continue
			}
			if n := len(a.names); n > 0 && n <= fitMost {
				p, err := c.preview(v, *a, x.PublicID, fitMost)
				if err != nil {
					return err
				}
				o.fits = p.taken
			}
			a.profiles = append(a.profiles, o)
		}
	}
	slices.SortStableFunc(a.profiles, func(x, y offer) int {
		return cmp.Or(cmp.Compare(y.fits, x.fits), profile.DefaultFirst(x.View.Profile, y.View.Profile))
	})
	return nil
}

// waitsFor reports whether names may be chosen for a profile before it is verified: they
// are submitted by themselves when it is.
func (a association) waitsFor(o offer) bool {
	return a.operation == domain.SubmitVerification && o.Current.State == profile.InReview
}

// waits reports whether the chosen profile is one of those.
func (a association) waits() bool {
	return slices.ContainsFunc(a.profiles, func(o offer) bool { return o.PublicID == a.chosen && a.waitsFor(o) })
}

func (c *Console) preview(v *visit, a association, profileID string, most int) (*preview, error) {
	names := a.names[:min(len(a.names), most)]
	items, err := c.Domains.Preview(v.ctx(), v.actor, domain.Request{Operation: a.operation, Profile: profileID, Domains: names, Consent: true, WhenVerified: a.operation == domain.SubmitVerification})
	if err != nil {
		return nil, err
	}
	p := &preview{looked: len(items)}
	for _, i := range items {
		if i.Reason == "" {
			p.take(i, c.Store.Now())
			continue
		}
		at := slices.IndexFunc(p.refused, func(r leftOut) bool { return r.why.Code == i.Reason })
		if at < 0 {
			at = len(p.refused)
			p.refused = append(p.refused, leftOut{why: &fault.Error{Code: i.Reason, Params: i.Params}})
		}
		p.refused[at].names = append(p.refused[at].names, i.Domain)
	}
	slices.SortStableFunc(p.refused, func(x, y leftOut) int { return cmp.Compare(len(y.names), len(x.names)) })
	return p, nil
}

// take counts a name that would be taken now.
func (p *preview) take(i domain.Item, now time.Time) {
	p.taken++
	if i.VerdictAt.After(p.verdict) {
		p.verdict = i.VerdictAt
	}
	if i.HoldAt.IsZero() {
		return
	}
	if i.HoldAt.Before(i.VerdictAt) {
		p.late++
	}
	if i.HoldAt.After(now) && (p.hold.IsZero() || i.HoldAt.Before(p.hold)) {
		p.hold = i.HoldAt
	}
}

func (c *Console) startTask(v *visit, op domain.Operation) error {
	s, err := c.chosenNames(v, v.r.PostForm)
	if err != nil {
		return err
	}
	r := domain.Request{Operation: op, Profile: v.value("profile"), Domains: s.names, Consent: v.value("consent") == "true", TransferLock: domain.LockWish(v.value("transfer_lock")), WhenVerified: op == domain.SubmitVerification}
	err = v.once("", func(ctx context.Context) (string, error) {
		t, err := c.Domains.Associate(ctx, v.actor, r)
		return taskPath(t), err
	})
	if err != nil {
		return c.showChoice(v, association{selection: s, operation: op, find: v.value("find"), chosen: r.Profile}, err)
	}
	return nil
}

func taskPath(t domain.Task) string { return "/associations/" + t.PublicID }

// listed are the names of a list that somebody typed or pasted, in any of its usual forms.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;，；、", r) })
}
