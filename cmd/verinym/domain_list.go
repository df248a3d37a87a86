package main

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/client"
)

// domainFilter says which domains of the account are meant.
type domainFilter struct {
	Verification  string    `help:"Only those with this state of verification: not_completed, in_review, verified, failed, not_required, not_possible."`
	PapersMissing bool      `help:"Only those whose qualification documents are missing or were refused."`
	Query         string    `short:"q" help:"Only those with this in their name."`
	Suffix        string    `help:"Only those under this suffix, such as cn or 公司.cn."`
	Held          bool      `help:"Only suspended ones: clientHold or serverHold."`
	ExpiresBefore time.Time `help:"Only those that expire before this time or have expired (RFC 3339)."`
}

func (f domainFilter) wanted() client.DomainFilter {
	return client.DomainFilter{
		Verification: f.Verification, PapersMissing: f.PapersMissing, Query: f.Query, Suffix: f.Suffix, Held: f.Held,
		ExpiresBefore: f.ExpiresBefore,
	}
}

type domainListCmd struct {
	remote
	domainFilter
	Sort string `help:"Sort by: ${enum}; hold begins with those that will be suspended first." enum:"name,hold,expiry" default:"name"`
	JSON bool   `help:"Print a line of JSON for each."`
}

func (d *domainListCmd) Run(ctx context.Context) error {
	c, err := d.client()
	if err != nil {
		return err
	}
	wanted := d.wanted()
	wanted.Sort = d.Sort
	for after := ""; ; {
		found, next, err := c.ListDomains(ctx, wanted, after)
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
