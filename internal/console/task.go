package console

import (
	"context"
	"net/url"
	"strconv"

	"github.com/verinym/verinym/internal/actor"
	"github.com/verinym/verinym/internal/console/ui"
	"github.com/verinym/verinym/internal/domain"
	"github.com/verinym/verinym/internal/fault"
)

// taskList is what the list of tasks shows.
type taskList struct {
	rows  []taskRow
	pages ui.Pages
}

// taskRow is a task with its profile.
type taskRow struct {
	domain.Task
	holder holderOf
}

// tasksOnPage is how many tasks a page of their list has, itemsOnPage how many names
// that of a task.
const (
	tasksOnPage = 25
	itemsOnPage = 50
)

func (c *Console) tasks(v *visit) error {
	before := v.r.URL.Query().Get("after")
	found, next, err := c.Domains.Tasks(v.ctx(), v.actor, before, tasksOnPage)
	if err != nil {
		return err
	}
	l := taskList{}
	for _, t := range found {
		r, err := c.taskRow(v, t)
		if err != nil {
			return err
		}
		l.rows = append(l.rows, r)
	}
	l.pages = v.pages("after", next)
	return v.show(tasksPage(l))
}

func (c *Console) taskRow(v *visit, t domain.Task) (taskRow, error) {
	p, x, err := c.Profiles.ByID(v.ctx(), c.Store.R, t.ProfileID, t.VersionID)
	return taskRow{Task: t, holder: holderIn(p, x)}, err
}

// taskView is what the page of one task shows.
type taskView struct {
	taskRow
	groups []domain.Group
	// words are those that changes of holder wait for.
	words []domain.Consent
	shown domain.ItemFilter
	items []domain.Item
	from  int
	pages ui.Pages
	// sent is how many queued names are with the registry, which has not answered yet.
	sent int
}

func (c *Console) task(v *visit) error {
	id, q := v.r.PathValue("id"), v.r.URL.Query()
	t, groups, err := c.Domains.Progress(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	p := taskView{groups: groups, shown: domain.ItemFilter{State: domain.ItemState(q.Get("state")), Reason: q.Get("reason")}}
	if p.taskRow, err = c.taskRow(v, t); err != nil {
		return err
	}
	if p.words, err = c.Domains.ConsentsOf(v.ctx(), v.actor, id); err != nil {
		return err
	}
	if p.count(domain.ItemQueued) > 0 {
		if p.sent, err = c.Domains.CountSent(v.ctx(), t); err != nil {
			return err
		}
	}
	p.from, _ = strconv.Atoi(q.Get("from"))
	if p.items, err = c.Domains.Items(v.ctx(), t, p.shown, p.from, itemsOnPage+1); err != nil {
		return err
	}
	next := ""
	if len(p.items) > itemsOnPage {
		next = strconv.Itoa(p.items[itemsOnPage].Position)
		p.items = p.items[:itemsOnPage]
	}
	p.pages = v.pages("from", next)
	return v.show(taskPage(p))
}

// count is how many items are in a state.
func (p taskView) count(s domain.ItemState) (n int) {
	for _, g := range p.groups {
		if g.State == s {
			n += g.Items
		}
	}
	return n
}

// failed are the groups of those that failed.
func (p taskView) failed() (out []domain.Group) {
	for _, g := range p.groups {
		if g.State == domain.ItemFailed {
			out = append(out, g)
		}
	}
	return out
}

// shares are how far the task is.
func (p taskView) shares(ctx context.Context) []ui.Share {
	sent, queued, left := p.unanswered()
	out := []ui.Share{
		{N: p.count(domain.ItemSucceeded), Tone: "ok", Text: ui.T(ctx, "task.done")}, {N: p.count(domain.ItemFailed), Tone: "bad", Text: ui.T(ctx, "task.failed")},
		{N: sent, Tone: "run", Text: ui.T(ctx, "task.at_registry")},
	}
	if queued > 0 || !p.givenUp() {
		out = append(out, ui.Share{N: queued, Tone: "idle", Text: ui.T(ctx, "task.not_sent")})
	}
	if p.givenUp() {
		out = append(out, ui.Share{N: left, Tone: "idle", Text: ui.T(ctx, "task.left_alone")})
	}
	return out
}

// unanswered are how many names are at the registry, wait for their turn, and are left alone.
func (p taskView) unanswered() (sent, queued, left int) {
	sent, queued, left = p.count(domain.ItemAtRegistry)+p.sent, p.count(domain.ItemQueued)-p.sent, p.count(domain.ItemCancelled)
	unborn := p.Total - sent - queued - left - p.count(domain.ItemSucceeded) - p.count(domain.ItemFailed)
	if p.givenUp() {
		left += unborn
	} else {
		queued += unborn
	}
	if p.takenBack() {
		return sent + queued, 0, left
	}
	return sent, queued, left
}

// givenUp reports whether the task was cancelled, takenBack whether it has taken back what
// could be: what has no answer then is at the registry, and counts when it has one.
func (t taskRow) givenUp() bool {
	return t.State == domain.TaskCancelling || t.State == domain.TaskCancelled
}

func (t taskRow) takenBack() bool {
	return t.State == domain.TaskCancelled || t.State == domain.TaskCancelling && t.Walked >= t.Total
}

// stateOf is where a name of the task stands.
func (t taskRow) stateOf(i domain.Item) string {
	switch {
	case i.State == domain.ItemQueued && i.Sent:
		return "sent"
	case i.State == domain.ItemQueued && t.takenBack():
		return string(domain.ItemAtRegistry)
	}
	return string(i.State)
}

// answered is how much of the task has ended, in percent.
func (p taskView) answered() int {
	return (p.count(domain.ItemSucceeded) + p.count(domain.ItemFailed)) * 100 / max(p.Total, 1)
}

// itemValues is a filter of a task's items as an address or form has it.
func itemValues(f domain.ItemFilter) url.Values {
	q := url.Values{}
	if f.State != "" {
		q.Set("state", string(f.State))
	}
	if f.Reason != "" {
		q.Set("reason", f.Reason)
	}
	return q
}

// chooseAgain is the address at which those that the task left alone are chosen, "" where
// there are none to choose, or not all are known yet.
func (p taskView) chooseAgain() string {
	if p.Operation == domain.UpdateDetails || !p.takenBack() || p.count(domain.ItemCancelled) == 0 {
		return ""
	}
	left := selection{task: p.PublicID, items: domain.ItemFilter{State: domain.ItemCancelled}}
	return association{operation: p.Operation}.path() + "?" + left.values().Encode()
}

// itemsPath is the address of the task's items under a filter, from a position on.
func (p taskView) itemsPath(f domain.ItemFilter, from int) string {
	q := itemValues(f)
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return taskPath(p.Task) + "?" + q.Encode() + "#names"
}

// tabs narrow the items; only what was cancelled leaves any alone.
func (p taskView) tabs(ctx context.Context) (out []ui.Tab) {
	for _, x := range []struct {
		text  string
		state domain.ItemState
		n     int
	}{{"task.all", "", p.Expanded}, {"task.tab_failed", domain.ItemFailed, p.count(domain.ItemFailed)}, {"task.waiting", domain.ItemAtRegistry, p.count(domain.ItemAtRegistry)},
		{"task.tab_done", domain.ItemSucceeded, p.count(domain.ItemSucceeded)}, {"task.tab_left", domain.ItemCancelled, p.count(domain.ItemCancelled)}} {
		if x.state == domain.ItemCancelled && x.n == 0 {
			continue
		}
		out = append(out, ui.Tab{Path: p.itemsPath(domain.ItemFilter{State: x.state}, 0), Text: ui.T(ctx, x.text), Count: ui.Count(x.n), Here: p.shown.State == x.state})
	}
	return out
}

// moves are what can be done with a task in a state.
var moves = map[domain.TaskState]struct{ pause, resume, cancel bool }{
	domain.TaskWaiting: {cancel: true},
	domain.TaskRunning: {pause: true, cancel: true},
	domain.TaskPaused:  {resume: true, cancel: true},
}

// alive reports whether the task goes on by itself, so that its page looks again.
func (t taskRow) alive() bool {
	return t.State == domain.TaskRunning || t.State == domain.TaskCancelling || t.State == domain.TaskWaiting
}

// moveTask carries out one of the moves, and says so on the task's page. One that has come
// too late, because the task has ended meanwhile, finds out there.
func (c *Console) moveTask(move func(context.Context, actor.Actor, string) (domain.Task, error), done string) func(*visit) error {
	return func(v *visit) error {
		page := "/associations/" + v.r.PathValue("id")
		_, err := move(v.ctx(), v.actor, v.r.PathValue("id"))
		if fault.Code(err) == "association_state" {
			return v.done(page, "done.task_moved_on")
		}
		if err != nil {
			return err
		}
		return v.done(page, done)
	}
}

// askCancelTask asks once more, and says what is not taken back.
func (c *Console) askCancelTask(v *visit) error {
	t, _, err := c.Domains.Progress(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	r, err := c.taskRow(v, t)
	if err != nil {
		return err
	}
	if !moves[t.State].cancel {
		return v.redirect(taskPath(t))
	}
	return v.show(cancelTaskPage(r))
}

func (c *Console) retryTask(v *visit) error {
	return v.once("done.task_retried", func(ctx context.Context) (string, error) {
		t, err := c.Domains.Retry(ctx, v.actor, v.r.PathValue("id"), v.value("reason"), false)
		if err != nil {
			return "", err
		}
		return taskPath(t), nil
	})
}

// taskResults writes what became of each name, for a spreadsheet.
func (c *Console) taskResults(v *visit) error {
	t, _, err := c.Domains.Progress(v.ctx(), v.actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	head := []string{v.T("domains.name"), v.T("task.result"), v.T("task.code"), v.T("task.reason")}
	return v.table(t.PublicID, head, func(add func(...string)) error {
		for from := 0; ; {
			items, err := c.Domains.Items(v.ctx(), t, domain.ItemFilter{}, from, 1000)
			if err != nil || len(items) == 0 {
				return err
			}
			for _, i := range items {
				words := ""
				if i.Reason != "" {
					words = v.Text(i.Reason, i.Params)
				}
				add(i.Domain, v.T("item_state."+taskRow{Task: t}.stateOf(i)), i.Reason, words)
			}
			from = items[len(items)-1].Position + 1
		}
	})
}
