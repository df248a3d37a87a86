package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/internal/spreadsheet"
)

type taskCmd struct {
	List   taskListCmd   `cmd:"" help:"List the tasks of the account, newest first."`
	Show   taskShowCmd   `cmd:"" help:"Show the progress of a task, why names failed, and whose consent it is waiting for."`
	Watch  taskWatchCmd  `cmd:"" help:"Wait until a task has finished; exit status 1 means that not all of its names have succeeded."`
	Pause  taskPauseCmd  `cmd:"" help:"Pause a task: no further names are processed; what has been sent continues."`
	Resume taskResumeCmd `cmd:"" help:"Resume a paused task."`
	Cancel taskCancelCmd `cmd:"" help:"Cancel a task: names that have not been sent are left unchanged."`
	Retry  taskRetryCmd  `cmd:"" help:"Retry the failed names in a new task."`
	Report taskReportCmd `cmd:"" help:"Write the result for each name as CSV."`
}

type taskListCmd struct {
	remote
	printed
}

func (l *taskListCmd) Run(ctx context.Context) error {
	c, err := l.client()
	if err != nil {
		return err
	}
	for before := ""; ; {
		found, err := c.Tasks(ctx, before)
		if err != nil {
			return l.explain(err)
		}
		if len(found) == 0 {
			return nil
		}
		for _, t := range found {
			if err := l.task(t); err != nil {
				return err
			}
		}
		before = found[len(found)-1].ID
	}
}

// task prints how far a task is.
func (p printed) task(t client.Task) error {
	if p.JSON {
		return printJSON(t)
	}
	_, err := fmt.Printf("%s  %s  %-10s  %s  %s: %d succeeded, %d failed, %d cancelled\n", t.ID, t.CreatedAt.Format(time.RFC3339), t.State, t.Operation, counted(t.Total, "name", "names"), t.Succeeded, t.Failed, t.Cancelled)
	return err
}

// oneTask is a command about one task.
type oneTask struct {
	remote
	printed
	ID string `arg:"" help:"The task: tsk_…"`
}

func (o *oneTask) moved(ctx context.Context, move func(*client.Client, context.Context, string) (client.Task, error)) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	t, err := move(c, ctx, o.ID)
	if err != nil {
		return o.explain(err)
	}
	return o.task(t)
}

type taskPauseCmd struct{ oneTask }

func (t *taskPauseCmd) Run(ctx context.Context) error {
	return t.moved(ctx, (*client.Client).PauseTask)
}

type taskResumeCmd struct{ oneTask }

func (t *taskResumeCmd) Run(ctx context.Context) error {
	return t.moved(ctx, (*client.Client).ResumeTask)
}

type taskCancelCmd struct{ oneTask }

func (t *taskCancelCmd) Run(ctx context.Context) error {
	return t.moved(ctx, (*client.Client).CancelTask)
}

// read reads the task, without its names.
func (o *oneTask) read(ctx context.Context) (*client.Client, client.Task, error) {
	c, err := o.client()
	if err != nil {
		return nil, client.Task{}, err
	}
	t, err := c.Task(ctx, o.ID, 0)
	t.Items = nil
	if err != nil {
		return nil, t, o.explain(err)
	}
	return c, t, nil
}

type taskShowCmd struct{ oneTask }

func (t *taskShowCmd) Run(ctx context.Context) error {
	c, now, err := t.read(ctx)
	if err != nil {
		return err
	}
	if err := t.became(ctx, c, now); err != nil || t.JSON {
		return err
	}
	words, err := c.Consents(ctx, t.ID)
	if err != nil {
		return t.explain(err)
	}
	for _, w := range words {
		printConsent(w)
	}
	return nil
}

// printConsent prints whose word to a change of holder is awaited, or what they have said.
func printConsent(w client.Consent) {
	fmt.Printf("  %s %s: %s", w.Role, plain(cmp.Or(w.Address, "with no known address")), w.State)
	if w.State == "awaited" {
		fmt.Printf(" until %s", w.DueAt.Local().Format("2006-01-02 15:04"))
	}
	fmt.Println()
}

type taskWatchCmd struct{ oneTask }

func (t *taskWatchCmd) Run(ctx context.Context) error {
	c, now, err := t.read(ctx)
	if err != nil {
		return err
	}
	return t.follow(ctx, c, now)
}

type taskRetryCmd struct {
	starting
	ID      string `arg:"" help:"The task: tsk_…"`
	Code    string `help:"Only names that have failed for this reason, such as contact_not_match."`
	Consent bool   `help:"For a change of holder: the current and the new holder agree."`
}

func (t *taskRetryCmd) Run(ctx context.Context) error {
	wish := []any{"retry", t.ID, t.Code, t.Consent}
	return t.start(ctx, wish, func(c *client.Client) (client.Task, error) { return c.RetryTask(ctx, t.ID, t.Code, t.Consent) })
}

// eachItem goes through the names of a task.
func eachItem(ctx context.Context, c *client.Client, id string, do func(client.TaskItem) error) error {
	for from := 0; ; {
		items, err := c.TaskItems(ctx, id, from)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, i := range items {
			if err := do(i); err != nil {
				return err
			}
		}
		from += len(items)
	}
}

// became prints what has become of a task's names: the failed ones by their reason or, as
// JSON, a line for each name and the sums as the last one.
func (p printed) became(ctx context.Context, c *client.Client, t client.Task) error {
	var failed groups
	err := eachItem(ctx, c, t.ID, func(i client.TaskItem) error {
		if p.JSON {
			return printJSON(i)
		}
		if i.State == "failed" {
			failed.add(i.Code, p.reason(i), i.Domain)
		}
		return nil
	})
	if err != nil {
		return p.explain(err)
	}
	if err := p.task(t); err != nil {
		return err
	}
	failed.print()
	return nil
}

// reason is why a name was refused or has failed.
func (p printed) reason(i client.TaskItem) string {
	if i.Reason == nil {
		return i.Code
	}
	return fmt.Sprintf("%s (%s)", p.words(*i.Reason), i.Code)
}

// groups are names by what is to be said of them.
type groups []group

type group struct {
	key, text string
	names     []string
}

func (g *groups) add(key, text, name string) {
	n := slices.IndexFunc(*g, func(x group) bool { return x.key == key })
	if n < 0 {
		n = len(*g)
		*g = append(*g, group{key: key, text: text})
	}
	(*g)[n].names = append((*g)[n].names, name)
}

// print prints the largest groups first, with some names of each.
func (g groups) print() {
	slices.SortStableFunc(g, func(a, b group) int { return len(b.names) - len(a.names) })
	for _, x := range g {
		some := x.names[:min(len(x.names), few)]
		fmt.Printf("  %d  %s\n     %s", len(x.names), plain(x.text), plain(strings.Join(some, ", ")))
		if more := len(x.names) - len(some); more > 0 {
			fmt.Printf(" and %d more", more)
		}
		fmt.Println()
	}
}

type taskReportCmd struct {
	remote
	tableFile
	ID   string `arg:"" help:"The task: tsk_…"`
	Lang string `help:"en or zh." enum:"en,zh" default:"en"`
}

func (t *taskReportCmd) Run(ctx context.Context) error {
	c, err := t.client()
	if err != nil {
		return err
	}
	in := printed{Lang: t.Lang}
	if _, err := c.Task(ctx, t.ID, 0); err != nil { // before a file is made
		return in.explain(err)
	}
	return t.write("names", func(out *csv.Writer) (n int, err error) {
		if err := out.Write([]string{"domain", "state", "code", "reason"}); err != nil {
			return 0, err
		}
		return n, in.explain(eachItem(ctx, c, t.ID, func(i client.TaskItem) error {
			n++
			words := ""
			if i.Reason != nil {
				words = in.words(*i.Reason)
			}
			return out.Write([]string{spreadsheet.Safe(i.Domain), i.State, i.Code, spreadsheet.Safe(words)})
		}))
	})
}
