package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/verinym/verinym/client"
)

type policyVersionsCmd struct {
	remote
	JSON bool `help:"Print a line of JSON for each."`
}

func (p *policyVersionsCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	all, err := c.PolicyVersions(ctx)
	if err != nil {
		return exit{1, err}
	}
	for _, v := range all {
		if p.JSON {
			if err := printJSON(v); err != nil {
				return err
			}
			continue
		}
		until := "last seen " + v.LastSeenAt.Format(time.RFC3339)
		if v.InForce {
			until = "in force"
		}
		fmt.Printf("%s  of %s  since %s, %s\n", v.Version, v.Dated, v.InForceSince.Format(time.RFC3339), until)
	}
	return nil
}

type policyFilesCmd struct {
	packing
	Version string `arg:"" help:"A version, as verinym policy versions lists them and cases name them."`
}

func (p *policyFilesCmd) Run(ctx context.Context) error {
	return p.write(func(c *client.Client) ([]byte, error) { return c.PolicyFiles(ctx, p.Version) })
}

type policyDiffCmd struct {
	remote
	From string `arg:"" help:"A version, shipped for the files as verinym ships them, or running for those in force."`
	To   string `arg:"" optional:"" default:"running" help:"The same. Default: what is in force."`
	Lang string `help:"en or zh." enum:"en,zh" default:"en"`
	JSON bool   `help:"Print the comparison as JSON."`
}

func (p *policyDiffCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	found, err := c.ComparePolicies(ctx, p.From, p.To)
	if err != nil {
		return exit{1, err}
	}
	if p.JSON {
		return printJSON(found)
	}
	printComparison(os.Stdout, found, p.Lang)
	return nil
}

// printComparison prints what changes: in words, - for what is gone and + for what has come, then rule by rule.
func printComparison(w io.Writer, x client.PolicyComparison, lang string) {
	for _, c := range x.Changes {
		fmt.Fprintln(w, c.About, c.Name, c.Accreditation)
		sentences := func(sign string, all []client.Words) {
			for _, s := range all {
				text := s.EN
				if lang == "zh" {
					text = s.ZH
				}
				fmt.Fprintf(w, "  %s %s\n", sign, plain(text))
			}
		}
		sentences("-", c.Gone)
		sentences("+", c.Come)
		for _, r := range c.Rules {
			fmt.Fprintf(w, "    %s: %s → %s\n", r.Rule, ruleValue(r.Before), ruleValue(r.After))
		}
	}
	fmt.Fprintf(w, "policy diff: %d changes from %s to %s\n", len(x.Changes), x.From, x.To)
}

// ruleValue is the value of a rule and where it stands.
func ruleValue(f *client.PolicyFact) string {
	if f == nil {
		return "no rule"
	}
	return plain(f.Value) + " (" + f.At + ")"
}
