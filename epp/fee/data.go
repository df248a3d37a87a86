package fee

import (
	"fmt"

	"github.com/verinym/verinym/epp/wire"
)

// CheckData answers [Check].
type CheckData struct {
	Currency string
	Objects  []Object
}

// Object is what the commands cost for one object.
type Object struct {
	ID        string // the name that was checked
	Available bool   // the prices are known
	Class     string // "standard", "premium" and the like
	Commands  []Price
	Reason    string // where they are not
}

// Price is what one command costs.
type Price struct {
	Command  string
	Standard bool // the class's usual price
	Years    int
	Amounts  []Amount
	Reason   string // why the command cannot be priced
}

func (CheckData) Namespace() string { return NS }

func (d CheckData) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "fee", "chkData", NS)
	b = wire.AppendElement(b, "fee:currency", d.Currency)
	for _, o := range d.Objects {
		b = append(b, `<fee:cd avail="`...)
		b = wire.AppendBool(b, o.Available)
		b = append(b, `"><fee:objID>`...)
		b = wire.AppendText(b, o.ID)
		b = append(b, "</fee:objID>"...)
		b = wire.AppendOptional(b, "fee:class", o.Class)
		for _, p := range o.Commands {
			b = p.append(b)
		}
		b = wire.AppendOptional(b, "fee:reason", o.Reason)
		b = append(b, "</fee:cd>"...)
	}
	return append(b, "</fee:chkData>"...)
}

func (p Price) append(b []byte) []byte {
	b = append(b, "<fee:command"...)
	b = wire.AppendAttr(b, "name", p.Command)
	if p.Standard {
		b = append(b, ` standard="1"`...)
	}
	b = append(b, '>')
	b = appendPeriod(b, p.Years)
	b = appendAmounts(b, p.Amounts)
	b = wire.AppendOptional(b, "fee:reason", p.Reason)
	return append(b, "</fee:command>"...)
}

// ParseCheckData reads a fee:chkData element.
func ParseCheckData(e *wire.Element) (d CheckData, err error) {
	if !e.Is(NS, "chkData") {
		return d, fmt.Errorf("fee: %w", wire.Missing("chkData"))
	}
	d.Currency = e.ChildText(NS, "currency")
	for _, cd := range e.Children {
		if !cd.Is(NS, "cd") {
			continue
		}
		o := Object{ID: cd.ChildText(NS, "objID"), Available: true, Class: cd.ChildText(NS, "class"), Reason: cd.ChildText(NS, "reason")}
		if avail := cd.Attr("avail"); avail != "" {
			o.Available, _ = wire.ParseBool(avail)
		}
		for _, c := range cd.Children {
			if !c.Is(NS, "command") {
				continue
			}
			years, err := parsePeriod(c)
			if err != nil {
				return d, fmt.Errorf("fee:chkData: %w", err)
			}
			standard, _ := wire.ParseBool(c.Attr("standard"))
			o.Commands = append(o.Commands, Price{c.Attr("name"), standard, years, parseAmounts(c), c.ChildText(NS, "reason")})
		}
		d.Objects = append(d.Objects, o)
	}
	return d, nil
}

// Data is what a command cost. Its element is named for the command: creData,
// renData, trnData, updData, delData.
type Data struct {
	Element     string
	Currency    string
	Years       int
	Amounts     []Amount
	Balance     string // of the registrar, afterwards; "" if the registry keeps it to itself
	CreditLimit string
}

func (Data) Namespace() string { return NS }

func (d Data) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "fee", d.Element, NS)
	b = wire.AppendOptional(b, "fee:currency", d.Currency)
	b = appendPeriod(b, d.Years)
	b = appendAmounts(b, d.Amounts)
	b = wire.AppendOptional(b, "fee:balance", d.Balance)
	b = wire.AppendOptional(b, "fee:creditLimit", d.CreditLimit)
	return wire.AppendEnd(b, "fee:"+d.Element)
}

// ParseData reads what a command cost.
func ParseData(e *wire.Element) (d Data, err error) {
	if e == nil || e.Space != NS {
		return d, fmt.Errorf("fee: %w", wire.Missing("creData"))
	}
	switch e.Local {
	case "creData", "renData", "trnData", "updData", "delData":
	default:
		return d, fmt.Errorf("fee: %w", &wire.ValueError{Element: e.Local, Unexpected: true})
	}
	d = Data{
		Element: e.Local, Currency: e.ChildText(NS, "currency"), Amounts: parseAmounts(e),
		Balance: e.ChildText(NS, "balance"), CreditLimit: e.ChildText(NS, "creditLimit"),
	}
	if d.Years, err = parsePeriod(e); err != nil {
		return d, fmt.Errorf("fee:%s: %w", e.Local, err)
	}
	return d, nil
}
