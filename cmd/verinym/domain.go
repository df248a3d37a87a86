package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/verinym/verinym/client"
)

type domainCmd struct {
	Timeline     timelineCmd     `cmd:"" help:"Show the history of a domain, newest first, and what is expected next."`
	Transfers    transfersCmd    `cmd:"" help:"List the transfers from other registrars, newest first."`
	List         domainListCmd   `cmd:"" help:"List the domains of the account."`
	Import       domainImportCmd `cmd:"" help:"Import domains that we already manage at the registries into accounts, from a CSV file or a list of names."`
	Lists        importListCmd   `cmd:"" name:"import-list" help:"Look up a list of names at the registries, and import it once someone has checked the results."`
	Diagnose     diagnoseCmd     `cmd:"" help:"Explain, step by step, why a domain works or does not."`
	Associate    associateCmd    `cmd:"" help:"Submit the verification of domains with a profile of their current holder, who stays."`
	ChangeHolder changeHolderCmd `cmd:"" help:"Make the holder of a profile the registrant of domains, in place of another. Both have to agree."`
}

// remote says which server a command talks to, as whom.
type remote struct {
	URL  string `help:"The server. Default: that of the demo in this folder." env:"VERINYM_URL"`
	Key  string `help:"An API key or session token. Default: that of the demo's first registrant." env:"VERINYM_KEY"`
	Demo string `help:"Where a running demo wrote its addresses and keys." default:"verinym-demo/demo.json"`
}

func (r remote) client() (*client.Client, error) {
	r, err := r.found()
	if err != nil {
		return nil, err
	}
	return client.New(r.URL).As(r.Key), nil
}

// found takes what was left out from the demo in this folder.
func (r remote) found() (remote, error) {
	if r.URL == "" || r.Key == "" {
		d, err := readDemo(r.Demo)
		if err != nil {
			return r, err
		}
		if len(d.Accounts) == 0 {
			return r, usage("say which server and as whom: --url and --key (VERINYM_URL, VERINYM_KEY), or start verinym demo in this folder")
		}
		if r.URL == "" {
			r.URL = strings.TrimSuffix(d.APIURL, "/api/v1")
		}
		if r.Key == "" {
			r.Key = d.Accounts[0].APIKey
		}
	}
	return r, nil
}

// asking is a question about one domain, and how its answer is printed.
type asking struct {
	remote
	printed
	Name string `arg:"" help:"The domain name."`
}

type diagnoseCmd struct{ asking }

func (d *diagnoseCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	out, err := c.Diagnose(ctx, d.Name)
	if err != nil {
		return d.explain(err)
	}
	if d.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	fmt.Printf("%s: %s\n\n", out.Domain, d.words(out.StatusText))
	marks := map[string]string{"good": "✓", "problem": "✗", "waiting": "…", "not_needed": "–", "unknown": "?"}
	for _, s := range out.Steps {
		fmt.Printf("%s %s  %s\n", marks[s.State], d.words(s.Question), s.Evidence)
		if s.Found != nil {
			fmt.Printf("    %s\n", d.words(*s.Found))
		}
		for _, line := range s.Details {
			fmt.Printf("    · %s\n", d.words(line))
		}
		if s.Reason != nil {
			fmt.Printf("    %s\n", d.words(*s.Reason))
		}
		if s.Said != "" {
			fmt.Printf("    “%s”\n", s.Said)
		}
		if s.Next != nil {
			fmt.Printf("    → %s\n", d.words(*s.Next))
		}
		if s.Deadline != nil {
			fmt.Printf("    ⏱ %s\n", s.Deadline.Local().Format("2006-01-02 15:04"))
		}
	}
	return nil
}

type timelineCmd struct {
	asking
	All bool `help:"Every page, not only the newest."`
}

func (t *timelineCmd) Run(ctx context.Context) error {
	c, err := t.client()
	if err != nil {
		return err
	}
	var whole client.Timeline
	for after := ""; ; {
		p, err := c.DomainTimeline(ctx, t.Name, after)
		if err != nil {
			return t.explain(err)
		}
		if after == "" {
			whole = p
		} else {
			whole.Items, whole.Next = append(whole.Items, p.Items...), p.Next
		}
		if after = p.Next; after == "" || !t.All {
			break
		}
	}
	if t.JSON {
		return printJSON(whole)
	}
	for _, e := range whole.Expected {
		mark := "…"
		if e.Overdue {
			mark = "!"
		}
		fmt.Printf("%s %s  %s\n", mark, e.At.Local().Format("2006-01-02 15:04"), t.words(e.Text))
	}
	for _, h := range whole.Items {
		fmt.Printf("  %s  %s\n", h.At.Local().Format("2006-01-02 15:04"), t.words(h.Text))
		if h.Reason != nil {
			fmt.Printf("                    %s\n", t.words(*h.Reason))
		}
		if h.Said != "" {
			fmt.Printf("                    “%s”\n", h.Said)
		}
		if x := h.Sent; x != nil {
			fmt.Printf("                    %s %s, sent %s: %d, clTRID %s, svTRID %s\n", x.Registry, x.Command, x.At.Local().Format("15:04:05"), x.Code, x.ClTRID, x.SvTRID)
		}
	}
	return nil
}
