package fee

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:fee-1.0"

// Commands that have a price.
const (
	Create   = "create"
	Renew    = "renew"
	Transfer = "transfer"
	Restore  = "restore"
	Update   = "update"
	Delete   = "delete"
)

// Check asks what commands would cost for the objects of a check.
type Check struct {
	Currency string // ISO 4217; "" is the registry's
	Commands []Command
}

// Command is a command whose price is asked for.
type Command struct {
	Name  string
	Years int // 0 leaves the period to the registry
}

func (Check) Namespace() string { return NS }

func (c Check) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "fee", "check", NS)
	b = wire.AppendOptional(b, "fee:currency", c.Currency)
	for _, command := range c.Commands {
		b = append(b, "<fee:command"...)
		b = wire.AppendAttr(b, "name", command.Name)
		if command.Years == 0 {
			b = append(b, '/', '>')
			continue
		}
		b = append(b, '>')
		b = appendPeriod(b, command.Years)
		b = append(b, "</fee:command>"...)
	}
	return append(b, "</fee:check>"...)
}

func appendPeriod(b []byte, years int) []byte {
	if years == 0 {
		return b
	}
	b = append(b, `<fee:period unit="y">`...)
	b = wire.AppendInt(b, years)
	return append(b, "</fee:period>"...)
}

// ParseCheck reads a fee:check element.
func ParseCheck(e *wire.Element) (c Check, err error) {
	if !e.Is(NS, "check") {
		return c, fmt.Errorf("fee: %w", wire.Missing("check"))
	}
	if err = wire.Sequence(e, NS, "currency", "command*"); err != nil {
		return c, fmt.Errorf("fee:check: %w", err)
	}
	c.Currency = e.ChildText(NS, "currency")
	for _, child := range e.Children {
		if !child.Is(NS, "command") {
			continue
		}
		years, err := parsePeriod(child)
		if err != nil {
			return c, fmt.Errorf("fee:check: %w", err)
		}
		c.Commands = append(c.Commands, Command{child.Attr("name"), years})
	}
	if len(c.Commands) == 0 {
		return c, fmt.Errorf("fee:check: %w", wire.Missing("command"))
	}
	return c, nil
}

// parsePeriod reads a period in years; months that are no whole years are not
// understood.
func parsePeriod(e *wire.Element) (int, error) {
	p := e.Child(NS, "period")
	if p == nil {
		return 0, nil
	}
	n, ok := wire.ParseInt(p.Value())
	if p.Attr("unit") == "m" {
		ok = ok && n%12 == 0
		n /= 12
	}
	if !ok {
		return 0, wire.Invalid("period", p.Value()+p.Attr("unit"))
	}
	return n, nil
}

// Amount is one fee or credit. A credit's Value is negative.
type Amount struct {
	Value       string // decimal, as the registry wrote it
	Description string
	Refundable  bool
	GracePeriod string // in which it is refunded, as xs:duration
	Applied     string // "immediate" or "delayed"; "" is immediate
	Credit      bool
}

func appendAmounts(b []byte, amounts []Amount) []byte {
	for _, a := range amounts {
		tag := "fee:fee"
		if a.Credit {
			tag = "fee:credit"
		}
		b = append(b, '<')
		b = append(b, tag...)
		if a.Description != "" {
			b = wire.AppendAttr(b, "description", a.Description)
		}
		if a.Refundable {
			b = append(b, ` refundable="1"`...)
		}
		if a.GracePeriod != "" {
			b = wire.AppendAttr(b, "grace-period", a.GracePeriod)
		}
		if a.Applied != "" {
			b = wire.AppendAttr(b, "applied", a.Applied)
		}
		b = append(b, '>')
		b = wire.AppendText(b, a.Value)
		b = wire.AppendEnd(b, tag)
	}
	return b
}

func parseAmounts(e *wire.Element) []Amount {
	var amounts []Amount
	for _, c := range e.Children {
		if !c.Is(NS, "fee") && !c.Is(NS, "credit") {
			continue
		}
		refundable, _ := wire.ParseBool(c.Attr("refundable"))
		amounts = append(amounts, Amount{
			Value: c.Value(), Description: c.Attr("description"), Refundable: refundable,
			GracePeriod: c.Attr("grace-period"), Applied: c.Attr("applied"), Credit: c.Local == "credit",
		})
	}
	return amounts
}
