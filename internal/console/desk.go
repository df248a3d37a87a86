package console

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/verinym/verinym/internal/account"
	"github.com/verinym/verinym/internal/accountcheck"
	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/enhanced"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/qualification"
	"github.com/verinym/verinym/internal/review"
)

// deskPages are those of the reviewers' queue and of what became of it.
func (c *Console) deskPages() []page {
	return []page{
		{pattern: "GET /queue", show: c.queue},
		{pattern: "GET /cases", show: c.queue},
		{pattern: "GET /four-eyes", show: c.queue},
		{pattern: "POST /queue/claim", show: c.claimNext},
		{pattern: "POST /cases/away", show: c.goAway},
		{pattern: "POST /cases/back", show: c.comeBack},
		{pattern: "POST /queue/bulk", show: c.askBulk},
		{pattern: "POST /queue/return", show: c.returnMany},
		{pattern: "POST /queue/assignment", show: c.assignMany},
	}
}

// desk is the reviewers' section of the rail, with what waits.
func (v *visit) desk() (ui.Section, error) {
	load, err := v.c.Reviews.Load(v.ctx(), v.actor)
	if err != nil {
		return ui.Section{}, err
	}
	v.load = load
	s := ui.Section{Links: []ui.NavLink{{Path: "/queue", Icon: "inbox", Text: v.T("nav.queue"), Count: ui.Count(load.Open), Hot: load.Overdue > 0}}}
	if v.actor.May(actor.ReviewDecide) {
		s.Links = append(s.Links, ui.NavLink{Path: "/cases", Icon: "user", Text: v.T("nav.my_cases"), Count: ui.Count(load.Mine)})
	} else {
		s.Heading = v.T("nav.desk")
	}
	s.Links = append(s.Links, ui.NavLink{Path: "/four-eyes", Icon: "users", Text: v.T("nav.four_eyes"), Count: ui.Count(load.Second)},
		ui.NavLink{Path: "/decided", Icon: "history", Text: v.T("nav.decided")}, ui.NavLink{Path: "/statistics", Icon: "chart-column", Text: v.T("nav.statistics")},
		ui.NavLink{Path: "/reasons", Icon: "list-checks", Text: v.T("nav.reasons")})
	if !v.operates() && v.actor.May(actor.PolicyRead) {
		s.Links = append(s.Links, ui.NavLink{Path: "/policies", Icon: "scale", Text: v.T("nav.policies")})
	}
	return s, nil
}

// queueList is what the queue, one's own cases and those for a second reviewer show.
type queueList struct {
	// at is the page, show the filter of it.
	at, show string
	filter   review.Filter
	load     review.Load
	today    review.Statistics
	rows     []review.Case
	names    map[string]string
	decides  bool
	leads    bool
	// away is since when one is away from the desk, zero when one is not.
	away  time.Time
	me    string
	pages ui.Pages
}

// casesOnPage is how many cases a page of the queue has.
const casesOnPage = 50

func (c *Console) queue(v *visit) error {
	l, err := c.queueOf(v)
	if err != nil {
		return err
	}
	return v.show(queuePage(l))
}

func (c *Console) queueOf(v *visit) (l queueList, err error) {
	q := v.r.URL.Query()
	l = queueList{
		at: v.r.URL.Path, show: q.Get("show"), load: v.load, me: v.actor.ID, decides: v.actor.May(actor.ReviewDecide),
		leads: v.actor.May(actor.ReviewLead),
	}
	if err := v.actor.Check(actor.ReviewRead); err != nil {
		return l, err
	}
	if l.decides {
		if l.away, err = c.Reviews.AwaySince(v.ctx(), v.actor); err != nil {
			return l, err
		}
	}
	l.filter = wantedCases(q)
	l.filter.Mine = l.filter.Mine || l.at == "/cases"
	l.filter.Second = l.at == "/four-eyes"
	l.filter.Free = l.filter.Free && l.at == "/queue"
	var next string
	if l.rows, next, err = c.Reviews.Queue(v.ctx(), v.actor, l.filter, q.Get("after"), casesOnPage); err != nil {
		return l, err
	}
	l.pages = v.pages("after", next)
	if l.names, err = c.namesOn(v, l.rows); err != nil {
		return l, err
	}
	now := v.Now.In(v.Zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, v.Zone)
	l.today, err = c.Reviews.Statistics(v.ctx(), v.actor, midnight, v.Now)
	return l, err
}

// wantedCases reads a filter of the queue: what nobody has in hand, unless something
// else is asked for.
func wantedCases(q url.Values) review.Filter {
	f := review.Filter{Kind: review.Kind(q.Get("kind")), Suffix: q.Get("suffix"), Order: review.Order(q.Get("order"))}
	if n, err := strconv.Atoi(q.Get("priority")); err == nil {
		f.Priority = &n
	}
	switch q.Get("show") {
	case "", "free":
		f.Free = true
	case "overdue":
		f.Overdue = true
	case "mine":
		f.Mine = true
	case "escalated":
		f.Escalated = true
	}
	return f
}

// caseKinds are the kinds of case that come before the desk.
var caseKinds = []review.Kind{review.ProfileVersion, review.DomainName, qualification.Kind, enhanced.Kind, accountcheck.Kind}

// kindOptions are the kinds of case to choose from, or any.
func kindOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: ui.T(ctx, "queue.any")}}
	for _, k := range caseKinds {
		out = append(out, ui.Option{Value: string(k), Text: ui.T(ctx, "queue.kind_"+string(k))})
	}
	return out
}

// with is an address with one value of its query changed, "" to leave it out.
func with(u *url.URL, name, value string) string {
	q := u.Query()
	q.Del("after")
	q.Del(backField)
	if q.Set(name, value); value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return u.Path
	}
	return u.Path + "?" + q.Encode()
}

// backField holds, in the address of a page of a list, where the pages before it begin: ""
// for the first one. Lists are read from a place onward, so that the way back is kept.
const backField = "back"

// farthestBack is how many pages back an address knows of.
const farthestBack = 20

// pages are the addresses of the pages around the one that is shown, of a list whose pages
// begin where the value key of the address says. next is where the next one does, "" on the last.
func (v *visit) pages(key, next string) (out ui.Pages) {
	q := v.r.URL.Query()
	at, back := q.Get(key), q[backField]
	to := func(at string, back []string) string {
		q := maps.Clone(q)
		q.Del(key)
		q.Del(backField)
		if at != "" {
			q[key], q[backField] = []string{at}, back
		}
		if len(q) == 0 {
			return v.r.URL.Path
		}
		return v.r.URL.Path + "?" + q.Encode()
	}
	if at != "" {
		out.First = to("", nil)
		if n := len(back); n > 0 {
			out.Previous = to(back[n-1], back[:n-1])
		}
	}
	if next != "" {
		trail := append(slices.Clone(back), at)
		out.Next = to(next, trail[max(0, len(trail)-farthestBack):])
	}
	return out
}

// namesOn are the names of everybody who has a part in cases.
func (c *Console) namesOn(v *visit, cases []review.Case) (map[string]string, error) {
	var ids []string
	for _, x := range cases {
		for _, id := range []string{x.ClaimedBy, x.AssignedTo, x.FirstBy, x.DecidedBy, x.ReversedBy} {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return c.Accounts.Names(v.ctx(), v.actor, ids...)
}

// claimNext leads to the first case of the queue that one may have.
func (c *Console) claimNext(v *visit) error {
	found, err := c.Reviews.ClaimNext(v.ctx(), v.actor, wantedCases(v.r.PostForm))
	if fault.Code(err) == "review_queue_empty" {
		return v.done("/queue", "done.queue_empty")
	}
	if err != nil {
		return err
	}
	return v.redirect("/cases/" + found.PublicID)
}

// goAway puts what one has back into the queue, and takes nothing until comeBack.
func (c *Console) goAway(v *visit) error {
	if _, err := c.Reviews.Away(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.done("/cases", "done.away")
}

func (c *Console) comeBack(v *visit) error {
	if err := c.Reviews.Back(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.done("/queue", "done.back")
}

// bulk is what the page about many cases shows: what is asked, or what became of it.
type bulk struct {
	do       string
	ids      []string
	rows     []review.Case
	reasons  []choice
	staff    []account.Colleague
	wrong    []ui.Wrong
	outcomes []outcome
}

// outcome is what became of one of many cases.
type outcome struct {
	review.Case
	failed string
}

// bulkMax is how many cases are taken at once.
const bulkMax = 200

// askBulk asks for what many cases need: reasons, or a reviewer. There is no approval of
// many cases.
func (c *Console) askBulk(v *visit) error { return c.bulkAsked(v, v.value("do"), nil) }

func (c *Console) bulkAsked(v *visit, do string, wrong []ui.Wrong) error {
	b := bulk{do: do, ids: v.r.PostForm["case"], wrong: wrong}
	if len(b.ids) == 0 {
		return v.done("/queue", "done.queue_none_chosen")
	}
	b.ids = b.ids[:min(len(b.ids), bulkMax)]
	for _, id := range b.ids {
		x, _, err := c.Reviews.Find(v.ctx(), v.actor, id)
		if err != nil {
			return err
		}
		b.rows = append(b.rows, x)
	}
	var err error
	switch do {
	case "return":
		if err = v.actor.Check(actor.ReviewDecide); err == nil {
			b.reasons = c.deskReasons(v, b.rows[0].SubjectKind, nil)
		}
	case "assign":
		b.staff, err = c.Accounts.Reviewers(v.ctx(), v.actor)
	default:
		err = fault.New(fault.Invalid, "body_invalid").With("Words", "do")
	}
	if err != nil {
		return err
	}
	v.Here = "/queue"
	status := 200
	if wrong != nil {
		status = 422
	}
	return v.render(status, bulkPage(b))
}

func (c *Console) returnMany(v *visit) error {
	reasons := givenReasons(v)
	return c.each(v, "return", func(ctx context.Context, id string) (review.Case, error) {
		return c.Reviews.SendBack(ctx, v.actor, id, reasons)
	})
}

func (c *Console) assignMany(v *visit) error {
	return c.each(v, "assign", func(ctx context.Context, id string) (review.Case, error) {
		return c.Reviews.Assign(ctx, v.actor, id, v.value("reviewer"))
	})
}

// each does something to the cases that were chosen, one by one, and shows what became of
// them. What is wrong with all of them is asked for anew.
func (c *Console) each(v *visit, do string, act func(ctx context.Context, id string) (review.Case, error)) error {
	b := bulk{do: do}
	for _, id := range v.r.PostForm["case"] {
		done, err := act(v.ctx(), id)
		f := fault.From(err)
		switch {
		case f == nil:
		case f.Field == "reasons" || f.Field == "reviewer":
			return c.bulkAsked(v, do, v.wrongs(err))
		case f.Kind == fault.Internal || f.Code == "forbidden":
			return err
		}
		o := outcome{Case: done}
		if f != nil {
			if o.Case, _, err = c.Reviews.Find(v.ctx(), v.actor, id); err != nil {
				return err
			}
			o.failed = v.Text(f.Code, f.Params)
		}
		b.outcomes = append(b.outcomes, o)
	}
	v.Here = "/queue"
	return v.show(bulkDonePage(b))
}

// holder is whoever has a case in hand now, or is the only one who may.
func holder(x review.Case, now time.Time) (id, text string) {
	switch {
	case x.State == review.Claimed && now.Before(x.ClaimedUntil.Time):
		return x.ClaimedBy, "queue.claimed_by"
	case x.AssignedTo != "":
		return x.AssignedTo, "queue.assigned_to"
	}
	return "", ""
}
