package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/verinym/verinym/client"
)

type profileListCmd struct {
	remote
	printed
	State string `help:"Only those in one state: unverified, in_review, verified, failed."`
	Query string `short:"q" help:"Only those in which a word of a name or an e-mail address begins with this, or with this exact document number."`
}

func (l *profileListCmd) Run(ctx context.Context) error {
	c, err := l.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.ListProfiles(ctx, client.ProfileFilter{State: l.State, Query: l.Query}, after)
		if err != nil {
			return l.explain(err)
		}
		for _, x := range found {
			if err := l.profile(x); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

// profile prints a profile in a line.
func (p printed) profile(x client.Profile) error {
	if p.JSON {
		return printJSON(x)
	}
	standard := ""
	if x.Default {
		standard = "  (default)"
	}
	_, err := fmt.Printf("%s  %-10s  %s %s %s  %s%s\n", x.ID, x.State, x.Accreditation, x.Kind, x.HolderType, plain(holder(x)), standard)
	return err
}

// holder is the name of a profile's holder.
func holder(x client.Profile) string {
	return cmp.Or(x.Field("organization_zh"), x.Field("organization_en"), x.Field("name_zh"), x.Field("name_en"))
}

// oneProfile is a command about one profile.
type oneProfile struct {
	remote
	printed
	ID string `arg:"" help:"The profile: prf_…"`
}

func (o *oneProfile) do(act func(*client.Client) (client.Profile, error)) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	x, err := act(c)
	if err != nil {
		return o.explain(err)
	}
	return o.whole(x)
}

// whole prints where a profile stands, and what is still to be done.
func (p printed) whole(x client.Profile) error {
	if err := p.profile(x); err != nil || p.JSON {
		return err
	}
	fmt.Printf("  %s\n  %s: %s\n", p.words(x.Status), plain(x.Field("email")), x.EmailState)
	for _, side := range x.Sides {
		if !slices.ContainsFunc(x.Documents, func(d client.Document) bool { return d.Side == side }) {
			fmt.Printf("  ✗ %s: to be uploaded\n", side)
		}
	}
	for _, d := range x.Documents {
		p.document(d)
	}
	if x.Review != nil {
		p.review(x.State, *x.Review)
	}
	if text := p.words(x.ICP.Text); text != "" {
		fmt.Printf("  %s\n", text)
	}
	return nil
}

// document prints what screening says about a picture.
func (p printed) document(d client.Document) {
	fmt.Printf("  %s: %s, %s, %d bytes\n", d.Side, d.Verdict, d.Format, d.Bytes)
	for _, f := range d.Findings {
		fmt.Printf("    %s: %s (%s)\n", f.Severity, p.words(f.Text), f.Code)
	}
}

// review prints where the review of a profile stands, and why it has failed.
func (p printed) review(profile string, r client.Review) {
	fmt.Printf("  review: %s", r.State)
	if profile == "in_review" && r.ExpectedDay != "" {
		fmt.Printf(", expected by the end of %s", r.ExpectedDay)
	}
	fmt.Println()
	for _, x := range r.Reasons {
		fmt.Printf("    %s: %s (%s)\n", p.words(x.Title), p.words(x.Text), x.Code)
		if x.Note != "" {
			fmt.Printf("      “%s”\n", plain(x.Note))
		}
	}
}

type profileShowCmd struct{ oneProfile }

func (p *profileShowCmd) Run(ctx context.Context) error {
	return p.do(func(c *client.Client) (client.Profile, error) { return c.Profile(ctx, p.ID) })
}

type profileSubmitCmd struct {
	oneProfile
	Authority string `help:"Who reviews it, where the operator allows a choice."`
}

func (p *profileSubmitCmd) Run(ctx context.Context) error {
	return p.do(func(c *client.Client) (client.Profile, error) { return c.SubmitProfile(ctx, p.ID, p.Authority) })
}

type profileWithdrawCmd struct{ oneProfile }

func (p *profileWithdrawCmd) Run(ctx context.Context) error {
	return p.do(func(c *client.Client) (client.Profile, error) { return c.WithdrawProfile(ctx, p.ID) })
}

type profileCheckCmd struct {
	oneProfile
	Suffixes []string `arg:"" optional:"" help:"Suffixes of the names it will hold, such as cn."`
}

// Run lists everything at once. Exit status 1 says that a review would refuse something.
func (p *profileCheckCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	found, err := c.Preflight(ctx, p.ID, p.Suffixes...)
	if err != nil {
		return p.explain(err)
	}
	if p.JSON {
		if err := printJSON(found); err != nil {
			return err
		}
	} else {
		for _, r := range found.Findings {
			fmt.Printf("%-5s  %s: %s (%s)\n", r.Severity, cmp.Or(r.Field, r.Side, "profile"), plain(p.words(r.Text)), r.Code)
		}
	}
	switch {
	case !found.Ready:
		return exit{1, nil}
	case !p.JSON:
		fmt.Println("ready to be submitted")
	}
	return nil
}

type profileUploadCmd struct {
	oneProfile
	File      string `arg:"" help:"The picture."`
	Side      string `help:"front, back, or another that the profile asks for." default:"front"`
	AskPerson bool   `help:"Keep a picture that only an automatic judgement refuses, and have a reviewer look at it."`
	Note      string `help:"What the reviewer should know."`

	NewVersion bool `help:"Agree that a picture for a verified profile makes a new, unverified version of it; domains keep the one they have."`
}

func (p *profileUploadCmd) Run(ctx context.Context) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	f, err := os.Open(p.File)
	if err != nil {
		return usage("%v", err)
	}
	defer f.Close()
	d, err := c.UploadDocument(ctx, p.ID, client.Picture{
		Side: p.Side, Name: filepath.Base(p.File), Content: f, AskPerson: p.AskPerson, Note: p.Note,
		NewVersion: p.NewVersion,
	})
	if err != nil {
		return p.explain(err)
	}
	if p.JSON {
		return printJSON(d)
	}
	p.printed.document(d)
	return nil
}
