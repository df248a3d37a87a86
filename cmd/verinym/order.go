package main

import (
	"context"
	"fmt"
	"time"

	"github.com/verinym/verinym/client"
)

type orderCmd struct {
	List orderListCmd `cmd:"" help:"List the orders of the account, the newest first."`
}

type orderListCmd struct {
	remote
	State string `help:"Those in one state: awaiting_payment, naming_review, registering, completed, failed, cancelled, expired."`
	JSON  bool   `help:"Print a line of JSON for each."`
}

func (o *orderListCmd) Run(ctx context.Context) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.Orders(ctx, o.State, after)
		if err != nil {
			return err
		}
		for _, x := range found {
			if err := o.show(x); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

// show prints an order, and by when to pay one that waits for that.
func (o *orderListCmd) show(x client.Order) error {
	if o.JSON {
		return printJSON(x)
	}
	fmt.Printf("%s  %-16s  %s\n", x.ID, x.State, plain(x.Domain))
	if x.Failure != "" {
		fmt.Printf("    %s\n", plain(x.Failure))
	}
	for _, line := range []struct {
		what string
		at   *time.Time
	}{{"expires unless paid by", x.PayBy}, {"safe to pay until", x.SafeBy}, {"verdict expected by", x.VerdictAt}, {"held from, without a verdict", x.HoldAt}} {
		if line.at != nil && (x.State == "awaiting_payment" || x.State == "naming_review" || x.State == "registering") {
			fmt.Printf("    %s %s\n", line.what, line.at.Local().Format("2006-01-02 15:04"))
		}
	}
	return nil
}
