package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/verinym/verinym/internal/app"
)

type policyCmd struct {
	Check    policyCheckCmd    `cmd:"" help:"Check policy files and the golden cases beside them; exit 1 when something is wrong."`
	Explain  policyExplainCmd  `cmd:"" help:"Explain in plain words what a suffix requires, and the source of each rule."`
	Versions policyVersionsCmd `cmd:"" help:"List the policies that have been in force on a server, and since when."`
	Diff     policyDiffCmd     `cmd:"" help:"Show what changes between two policies of a server."`
	Files    policyFilesCmd    `cmd:"" help:"Write the files of a policy that was in force to a ZIP archive."`
}

type policyCheckCmd struct {
	Dir  string `arg:"" optional:"" type:"existingdir" help:"A folder of your own policy files, laid over the shipped ones. Default: the shipped ones only."`
	JSON bool   `help:"Print the report as JSON."`
}

func (c *policyCheckCmd) Run() error {
	r, err := app.CheckPolicy(c.Dir)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(r); err != nil {
			return err
		}
	} else {
		c.print(r)
	}
	if len(r.Problems) > 0 {
		return exit{status: 1}
	}
	return nil
}

func (c *policyCheckCmd) print(r app.PolicyReport) {
	for _, p := range r.Problems {
		fmt.Println(p)
	}
	if n := len(r.Problems); n > 0 {
		fmt.Printf("policy check: not in order (problems: %d)\n", n)
		return
	}
	for _, p := range r.Otherwise {
		fmt.Printf("changed: %s\n", p.Text)
	}
	if n := len(r.Otherwise); n > 0 {
		fmt.Printf("Decisions that differ from the shipped ones: %d. Add golden cases of your own in %s/cases.\n", n, strings.TrimSuffix(c.Dir, "/"))
	}
	fmt.Printf("policy check: in order (rules: %d, golden cases: %d), version %s of %s\n", r.Rules, r.Cases, r.Version, r.Dated)
}

type policyExplainCmd struct {
	Suffix        string `arg:"" help:"A suffix (cn, .商标) or a domain name."`
	Accreditation string `help:"mainland or overseas. Default: both." enum:",mainland,overseas" default:""`
	Holder        string `help:"individual or organisation." enum:",individual,organisation,organization" default:""`
	Residence     string `help:"Where the holder lives or is registered: a country or region such as CN, HK, DE."`
	On            string `help:"The day of registration, 2006-01-02. Default: today."`
	Dir           string `help:"A folder of your own policy files, laid over the shipped ones." type:"existingdir"`
	Lang          string `help:"en or zh." enum:"en,zh" default:"en"`
	JSON          bool   `help:"Print the answers as JSON, one object per accreditation."`
}

func (x *policyExplainCmd) Run() error {
	if (x.Holder == "") != (x.Residence == "") {
		return usage("--holder and --residence go together")
	}
	x.Residence = strings.ToUpper(x.Residence)
	if len(x.Residence) != 2 && x.Residence != "" {
		return usage("--residence is a code of two letters such as CN, HK or DE, not %q", x.Residence)
	}
	accreditations := []string{"mainland", "overseas"}
	if x.Accreditation != "" {
		accreditations = []string{x.Accreditation}
	}
	for i, acc := range accreditations {
		a, err := app.ExplainPolicy(app.PolicyQuestion{
			Dir: x.Dir, Suffix: strings.TrimPrefix(x.Suffix, "."), Accreditation: acc,
			Holder: strings.Replace(x.Holder, "organisation", "organization", 1), Residence: x.Residence, On: x.On,
		})
		if err != nil {
			return x.refused(err)
		}
		switch {
		case x.JSON:
			if err := printJSON(a); err != nil {
				return err
			}
		default:
			if i > 0 {
				fmt.Println()
			}
			x.print(a)
		}
	}
	return nil
}

func (x *policyExplainCmd) refused(err error) error {
	var unknown app.UnknownSuffix
	if !errors.As(err, &unknown) {
		return exit{2, err}
	}
	if unknown.Near != "" {
		return exit{1, fmt.Errorf("no policy for %s; did you mean .%s?", x.Suffix, unknown.Near)}
	}
	return exit{1, fmt.Errorf("no policy for %s", x.Suffix)}
}

func (x *policyExplainCmd) print(a app.PolicyAnswer) {
	fmt.Printf(".%s · %s · %s\n", a.Suffix, a.Accreditation, a.Version)
	for _, p := range a.Paragraphs {
		title := p.Title.EN
		if x.Lang == "zh" {
			title = p.Title.ZH
		}
		fmt.Printf("\n%s\n", title)
		for _, w := range p.Text {
			text := w.EN
			if x.Lang == "zh" {
				text = w.ZH
			}
			fmt.Printf("  %s\n", text)
		}
		if places := p.Places(); places != "" {
			fmt.Fprintf(os.Stdout, "    %s\n", places)
		}
	}
}
