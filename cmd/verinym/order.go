package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/client"
)

type orderCmd struct {
	List    orderListCmd    `cmd:"" help:"List the orders of the account, newest first."`
	Choices orderChoicesCmd `cmd:"" help:"Show which profiles fit a name, and why others do not."`
	Place   orderPlaceCmd   `cmd:"" help:"Order a new domain; an existing order for it is shown instead."`
	Show    orderShowCmd    `cmd:"" help:"Show the state of an order, and by when to pay it."`
	Confirm orderConfirmCmd `cmd:"" help:"For operators and the shop: confirm that an order is paid."`
	Cancel  orderCancelCmd  `cmd:"" help:"Cancel an unpaid order."`
}

type orderListCmd struct {
	remote
	printed
	State string `help:"Only those in one state: awaiting_payment, naming_review, registering, completed, failed, cancelled, expired."`
}

func (o *orderListCmd) Run(ctx context.Context) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	for after := ""; ; {
		found, next, err := c.Orders(ctx, o.State, after)
		if err != nil {
			return o.explain(err)
		}
		for _, x := range found {
			if err := o.order(x); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

// order prints an order, and by when to pay one that waits for that.
func (p printed) order(x client.Order) error {
	if p.JSON {
		return printJSON(x)
	}
	fmt.Printf("%s  %-16s  %s\n", x.ID, x.State, plain(x.Domain))
	if x.Failure != "" {
		fmt.Printf("    %s\n", plain(strings.TrimSpace(x.Failure+" "+x.RefusedServer)))
	}
	if x.State != "awaiting_payment" {
		x.SafeBy = nil
	}
	for _, line := range []struct {
		what string
		at   *time.Time
	}{{"safe to pay until", x.SafeBy}, {"expires unless paid by", x.PayBy}, {"verdict expected by", x.VerdictAt}, {"held from, without a verdict", x.HoldAt}, {"the registrant answers mail by", x.AnswerBy}} {
		if line.at != nil && (x.State == "awaiting_payment" || x.State == "naming_review" || x.State == "registering") {
			fmt.Printf("    %s %s\n", line.what, line.at.Local().Format("2006-01-02 15:04"))
		}
	}
	if len(x.NameServers) > 0 {
		fmt.Printf("    name servers %s\n", plain(strings.Join(x.NameServers, " ")))
	}
	return nil
}

type orderChoicesCmd struct {
	asking
	Query string `short:"q" help:"Only profiles in which a word of a name or an e-mail address begins with this, or with this exact document number."`
}

// Run lists the default profiles first. Exit status 1 says that none fits.
func (o *orderChoicesCmd) Run(ctx context.Context) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	fits := false
	for after := ""; ; {
		found, next, err := c.Choices(ctx, o.Name, o.Query, after)
		if err != nil {
			return o.explain(err)
		}
		for _, x := range found {
			fits = fits || x.Fits
			if err := o.choice(x); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			break
		}
	}
	if !fits {
		return exit{1, nil}
	}
	return nil
}

func (p printed) choice(x client.Choice) error {
	if p.JSON {
		return printJSON(x)
	}
	mark, standard := "✗", ""
	if x.Fits {
		mark = "✓"
	}
	if x.Default {
		standard = "  (default)"
	}
	fmt.Printf("%s %s  %s%s\n", mark, x.Profile, plain(x.Holder), standard)
	if x.Reason != nil {
		fmt.Printf("    %s (%s)\n", plain(p.words(*x.Reason)), x.Code)
	}
	return nil
}

type orderPlaceCmd struct {
	asking
	Profile string   `arg:"" help:"A verified profile that fits the name: prf_…"`
	Years   int      `help:"For how many years." default:"1"`
	NS      []string `help:"Name servers; without any, those of the registry account." name:"ns"`
}

func (o *orderPlaceCmd) Run(ctx context.Context) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	x, err := c.PlaceOrder(ctx, o.Name, o.Profile, o.Years, o.NS...)
	if err != nil {
		return o.explain(err)
	}
	return o.order(x)
}

// oneOrder is a command about one order.
type oneOrder struct {
	remote
	printed
	ID string `arg:"" help:"The order: ord_…"`
}

func (o *oneOrder) do(ctx context.Context, act func(*client.Client, context.Context, string) (client.Order, error)) error {
	c, err := o.client()
	if err != nil {
		return err
	}
	x, err := act(c, ctx, o.ID)
	if err != nil {
		return o.explain(err)
	}
	return o.order(x)
}

type orderShowCmd struct{ oneOrder }

func (o *orderShowCmd) Run(ctx context.Context) error { return o.do(ctx, (*client.Client).Order) }

type orderConfirmCmd struct{ oneOrder }

func (o *orderConfirmCmd) Run(ctx context.Context) error {
	return o.do(ctx, (*client.Client).ConfirmPayment)
}

type orderCancelCmd struct{ oneOrder }

func (o *orderCancelCmd) Run(ctx context.Context) error {
	return o.do(ctx, (*client.Client).CancelOrder)
}
