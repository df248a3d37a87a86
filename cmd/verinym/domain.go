package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/verinym/verinym/client"
)

type domainCmd struct {
	Diagnose diagnoseCmd `cmd:"" help:"Explain, step by step, why a domain works or does not."`
}

// remote says which server a command talks to, as whom.
type remote struct {
	URL string `help:"The server." default:"http://127.0.0.1:8080" env:"VERINYM_URL"`
	Key string `help:"An API key or session token." env:"VERINYM_KEY" required:""`
}

func (r remote) client() *client.Client { return client.New(r.URL).As(r.Key) }

type diagnoseCmd struct {
	remote
	Name string `arg:"" help:"The domain name."`
	JSON bool   `help:"Print the answer as JSON."`
	Lang string `help:"en or zh." enum:"en,zh" default:"en"`
}

func (d *diagnoseCmd) Run(ctx context.Context) error {
	out, err := d.client().Diagnose(ctx, d.Name)
	if err != nil {
		return d.explain(err)
	}
	if d.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	fmt.Printf("%s: %s\n\n", out.Domain, d.in(out.StatusText))
	marks := map[string]string{"good": "✓", "problem": "✗", "waiting": "…", "not_needed": "–", "unknown": "?"}
	for _, s := range out.Steps {
		fmt.Printf("%s %s  %s\n", marks[s.State], d.in(s.Question), s.Evidence)
		if s.Next != nil {
			fmt.Printf("    → %s\n", d.in(*s.Next))
		}
		if s.Deadline != nil {
			fmt.Printf("    ⏱ %s\n", s.Deadline.Local().Format("2006-01-02 15:04"))
		}
	}
	return nil
}

func (d *diagnoseCmd) in(w client.Words) string {
	if d.Lang == "zh" {
		return w.ZH
	}
	return w.EN
}

// explain shows a refusal in the reader's language.
func (d *diagnoseCmd) explain(err error) error {
	var e *client.Error
	if errors.As(err, &e) {
		return exit{1, errors.New(d.in(e.Text))}
	}
	return err
}
