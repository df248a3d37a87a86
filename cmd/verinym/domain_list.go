package main

import (
	"context"
	"fmt"

	"github.com/verinym/verinym/client"
)

type domainListCmd struct {
	remote
	Verification  string `help:"Those whose verification stands so: not_completed, in_review, verified, failed, not_required, not_possible."`
	PapersMissing bool   `help:"Those whose suffix asks for papers beside an identity that are not submitted, or were refused."`
	JSON          bool   `help:"Print a line of JSON for each."`
}

func (d *domainListCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.ListDomains(ctx, client.DomainFilter{Verification: d.Verification, PapersMissing: d.PapersMissing}, after)
		if err != nil {
			return err
		}
		for _, x := range found {
			if d.JSON {
				err = printJSON(x)
			} else {
				_, err = fmt.Printf("%-40s  %s\n", plain(x.Name), x.Status)
			}
			if err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}
