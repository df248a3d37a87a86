package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/verinym/verinym/client"
)

type dataCmd struct {
	Preview  dataPreviewCmd  `cmd:"" help:"Show what an erasure would delete now, what would be kept, and why."`
	Export   dataExportCmd   `cmd:"" help:"Request a file of your data, wait for it and save it; asks for your password on standard input."`
	Erase    dataEraseCmd    `cmd:"" help:"Request the erasure of your data; asks for your password on standard input."`
	List     dataListCmd     `cmd:"" help:"List data requests, newest first; for admins, those of all accounts."`
	Show     dataShowCmd     `cmd:"" help:"Show the state of a data request."`
	Withdraw dataWithdrawCmd `cmd:"" help:"Withdraw a data request."`
	Enter    dataEnterCmd    `cmd:"" help:"For admins: enter a written request."`
	Accept   dataAcceptCmd   `cmd:"" help:"For admins: have an erasure carried out."`
	Refuse   dataRefuseCmd   `cmd:"" help:"For admins: refuse a request for a coded reason."`
	Extend   dataExtendCmd   `cmd:"" help:"For admins: extend the time to answer a request, once."`
}

func (p printed) parts(parts []client.DataPart) {
	for _, x := range parts {
		name := x.Holder
		if x.Profile == "" {
			name = "the account"
		}
		switch {
		case x.ErasedAt != nil:
			fmt.Printf("  %s %s: erased %s\n", name, x.Profile, x.ErasedAt.Format(time.RFC3339))
		case len(x.Grounds) == 0:
			fmt.Printf("  %s %s: goes\n", name, x.Profile)
		}
		for _, g := range x.Grounds {
			fmt.Printf("  %s %s: stays (%s). %s\n", name, x.Profile, g.Code, p.words(g.Text))
		}
	}
}

func (p printed) request(r client.DataRequest) error {
	if p.JSON {
		return printJSON(r)
	}
	about := "the account " + r.Account
	if r.Profile != "" {
		about = "the profile " + r.Profile
	}
	fmt.Printf("%s: %s of %s, %s; to be answered by %s\n", r.ID, r.Kind, about, r.State, r.DueAt.Add(-time.Second).Format(time.DateOnly))
	if x := r.Extension; x != nil {
		fmt.Printf("  The time to answer was extended on %s (%s): %s %s\n", x.At.Format(time.DateOnly), x.Code, p.words(x.Text), x.Note)
	}
	if r.BeginAt != nil {
		fmt.Printf("  It begins at %s; until then it can be withdrawn and nothing is lost.\n", r.BeginAt.Format(time.RFC3339))
	}
	if r.Refusal != nil {
		fmt.Printf("  Refused (%s): %s %s\n", r.Refusal.Code, p.words(r.Refusal.Text), r.Note)
	}
	p.parts(r.Parts)
	return nil
}

type dataPreviewCmd struct {
	remote
	printed
	Profile string `help:"The profile. Default: the whole account."`
	Account string `help:"For admins: whose data."`
}

func (d *dataPreviewCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	p, err := c.PreviewErasure(ctx, d.Account, d.Profile)
	if err != nil {
		return exit{1, err}
	}
	if d.JSON {
		return printJSON(p)
	}
	d.parts(p.Parts)
	fmt.Println("What is always kept:")
	for _, g := range p.Stays {
		fmt.Printf("  %s\n", d.words(g.Text))
	}
	return nil
}

type dataExportCmd struct {
	person
	Profile string        `help:"The profile. Default: the whole account."`
	Out     string        `short:"o" required:"" help:"The ZIP file to write; an existing file is not replaced."`
	Wait    time.Duration `help:"How long to wait for the file." default:"10m"`
}

func (d *dataExportCmd) Run(ctx context.Context) error {
	return d.signedIn(ctx, func(c *client.Client, _ []string) error {
		r, err := c.AskData(ctx, client.DataWish{Kind: "export", Profile: d.Profile})
		if err != nil {
			return exit{1, err}
		}
		for end := time.Now().Add(d.Wait); r.File == nil; {
			if time.Now().After(end) {
				return exit{1, fmt.Errorf("the file of %s is not ready yet: check the page Your data later", r.ID)}
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
			}
			if r, err = c.DataRequest(ctx, r.ID); err != nil {
				return exit{1, err}
			}
		}
		f, err := os.OpenFile(d.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return exit{2, err}
		}
		if err := errors.Join(c.FetchData(ctx, r.ID, f), f.Close()); err != nil {
			return exit{1, err}
		}
		fmt.Printf("%s: %d bytes, SHA-256 %s\n", d.Out, r.File.Bytes, r.File.SHA256)
		return nil
	})
}

type dataEraseCmd struct {
	person
	printed
	Profile string `help:"The profile. Default: the whole account."`
}

func (d *dataEraseCmd) Run(ctx context.Context) error {
	return d.signedIn(ctx, func(c *client.Client, _ []string) error {
		r, err := c.AskData(ctx, client.DataWish{Kind: "erasure", Profile: d.Profile})
		if err != nil {
			return exit{1, err}
		}
		return d.request(r)
	})
}

type dataListCmd struct {
	remote
	printed
	Open bool `help:"Only unanswered ones."`
}

func (d *dataListCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	found, err := c.DataRequests(ctx, d.Open)
	if err != nil {
		return exit{1, err}
	}
	for _, r := range found {
		if err := d.request(r); err != nil {
			return err
		}
	}
	return nil
}

// oneRequest is a command about one data request.
type oneRequest struct {
	remote
	printed
	ID string `arg:"" help:"The data request's id."`
}

func (o oneRequest) do(act func(*client.Client) (client.DataRequest, error)) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	r, err := act(c)
	if err != nil {
		return exit{1, err}
	}
	return o.request(r)
}

type dataShowCmd struct{ oneRequest }

func (d *dataShowCmd) Run(ctx context.Context) error {
	return d.do(func(c *client.Client) (client.DataRequest, error) { return c.DataRequest(ctx, d.ID) })
}

type dataWithdrawCmd struct{ oneRequest }

func (d *dataWithdrawCmd) Run(ctx context.Context) error {
	return d.do(func(c *client.Client) (client.DataRequest, error) { return c.WithdrawDataRequest(ctx, d.ID) })
}

type dataAcceptCmd struct{ oneRequest }

func (d *dataAcceptCmd) Run(ctx context.Context) error {
	return d.do(func(c *client.Client) (client.DataRequest, error) { return c.AcceptDataRequest(ctx, d.ID) })
}

type dataRefuseCmd struct {
	oneRequest
	Ground string `required:"" enum:"identity_doubtful,not_the_subject,unfounded,excessive,legal_claim,law_forbids" help:"One of ${enum}."`
	Note   string `help:"Note for the requester."`
}

func (d *dataRefuseCmd) Run(ctx context.Context) error {
	return d.do(func(c *client.Client) (client.DataRequest, error) {
		return c.RefuseDataRequest(ctx, d.ID, d.Ground, d.Note)
	})
}

type dataExtendCmd struct {
	oneRequest
	Reason string `required:"" enum:"complexity,number_of_requests" help:"Why it takes longer: ${enum}."`
	Note   string `help:"Note for the requester."`
}

func (d *dataExtendCmd) Run(ctx context.Context) error {
	return d.do(func(c *client.Client) (client.DataRequest, error) {
		return c.ExtendDataRequest(ctx, d.ID, d.Reason, d.Note)
	})
}

type dataEnterCmd struct {
	remote
	printed
	Kind     string `arg:"" enum:"export,erasure" help:"export or erasure."`
	Account  string `required:"" help:"Whose data."`
	Profile  string `help:"The profile. Default: the whole account."`
	Evidence string `required:"" help:"How the request came in and where it is kept."`
}

func (d *dataEnterCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	r, err := c.AskData(ctx, client.DataWish{Kind: d.Kind, Account: d.Account, Profile: d.Profile, Evidence: d.Evidence})
	if err != nil {
		return exit{1, err}
	}
	return d.request(r)
}
