package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
)

type registryStatusCmd struct {
	remote
	Name string `arg:"" optional:"" help:"Only this account."`
	JSON bool   `help:"Print a line of JSON for each."`
}

func (r *registryStatusCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	all, err := c.Registries(ctx)
	if err != nil {
		return err
	}
	if r.Name != "" {
		all = slices.DeleteFunc(all, func(x client.Registry) bool { return x.Name != r.Name })
		if len(all) == 0 {
			return usage("there is no account %q at a registry", r.Name)
		}
	}
	for _, x := range all {
		if r.JSON {
			if err := printJSON(x); err != nil {
				return err
			}
			continue
		}
		printRegistry(os.Stdout, x)
	}
	return nil
}

func printRegistry(w io.Writer, x client.Registry) {
	state := "at work"
	switch {
	case x.Pause != nil && x.Pause.Offline:
		state = "paused, offline"
	case x.Pause != nil:
		state = "paused"
	case !x.Works:
		state = "nobody works on it"
	}
	fmt.Fprintf(w, "%s  %s  %s  %s\n", x.Name, x.Driver, x.Address, state)
	if x.Pause != nil {
		fmt.Fprintf(w, "    since %s, by %s: %s\n", x.Pause.At.Format(time.RFC3339), author(x.Pause.ByName, x.Pause.By), x.Pause.Cause)
	}
	commands := fmt.Sprintf("%d commands open", x.Waiting)
	var parts []string
	for _, s := range []string{"blocked", "ready", "inflight", "doubt", "waiting"} {
		if n := x.Open[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) > 0 {
		commands += " (" + strings.Join(parts, ", ") + ")"
	}
	if x.OldestAt != nil {
		commands += ", the oldest since " + x.OldestAt.Format(time.RFC3339)
	}
	last := "none yet"
	if x.LastMessageAt != nil {
		last = x.LastMessageAt.Format(time.RFC3339)
	}
	fmt.Fprintf(w, "    %s\n    %d messages to apply, the last came: %s; %d findings; %d of %d sessions open\n", commands, x.Inbox, last, x.Findings, x.Sessions.Open, x.Sessions.Most)
	if x.Sessions.NoLogins {
		fmt.Fprintln(w, "    the registry refuses our credentials")
	}
	if x.Sessions.BalanceUsedUp {
		fmt.Fprintln(w, "    the balance is used up")
	}
}

// author is who did something: the name where there is one, and the id.
func author(name, id string) string {
	if name == "" {
		return id
	}
	return name + " (" + id + ")"
}

type registryPauseCmd struct {
	remote
	Name    string `arg:"" help:"The account at a registry."`
	Reason  string `required:"" help:"Why, for the record and for other operators."`
	Offline bool   `help:"Also stop reading messages, and end all sessions."`
}

func (r *registryPauseCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	p, err := c.PauseRegistry(ctx, r.Name, r.Reason, r.Offline)
	if err != nil {
		return err
	}
	fmt.Printf("%s is paused since %s, by %s: %s\n", r.Name, p.At.Format(time.RFC3339), author(p.ByName, p.By), p.Cause)
	return nil
}

type registryResumeCmd struct {
	remote
	Name   string `arg:"" help:"The account at a registry."`
	Reason string `help:"Why, for the record."`
}

func (r *registryResumeCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	if err := c.ResumeRegistry(ctx, r.Name, r.Reason); err != nil {
		return err
	}
	fmt.Printf("%s is at work again\n", r.Name)
	return nil
}

type registryReconcileCmd struct {
	remote
	Name string `arg:"" help:"The account at a registry."`
}

func (r *registryReconcileCmd) Run(ctx context.Context) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	x, err := c.ReconcileRegistry(ctx, r.Name)
	if err != nil {
		return err
	}
	fmt.Printf("%s is asked about %s since %s, by %s, %d by now; verinym registry findings says what differs\n", r.Name, counted(x.Names, "name", "names"), x.StartedAt.Format(time.RFC3339), author(x.ByName, x.By), x.Asked)
	return nil
}
