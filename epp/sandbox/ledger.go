package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
)

// Prices of a zone, in hundredths of the registry's currency; a year's, but for
// Restore. Zero is free.
type Prices struct{ Create, Renew, Transfer, Restore int64 }

// LedgerEntry is one movement on a registrar's account, in hundredths of the
// currency: negative for what a command cost, positive for refunds and payments.
type LedgerEntry struct {
	Time    time.Time `json:"time"`
	Client  string    `json:"client"`
	Command string    `json:"command"` // "create", "renew", "transfer", "restore", "refund", "payment"
	Object  string    `json:"object,omitempty"`
	Years   int       `json:"years,omitempty"`
	Amount  int64     `json:"amount"`
	Balance int64     `json:"balance"` // afterwards
	ClTRID  string    `json:"cltrid,omitempty"`
}

// bill is what a command will cost, once it is carried out.
type bill struct {
	client, command, object, clTRID string
	years                           int
	amount                          int64
}

// yearsOf is how long a period is, and what is billed for it.
func yearsOf(p domain.Period) int {
	if p.Value == 0 {
		return defaultYears
	}
	return p.Value
}

func (z *Zone) price(command string, years int) int64 {
	switch command {
	case fee.Create:
		return z.Prices.Create * int64(years)
	case fee.Renew:
		return z.Prices.Renew * int64(years)
	case fee.Transfer:
		return z.Prices.Transfer * int64(years)
	case fee.Restore:
		return z.Prices.Restore
	}
	return 0
}

// quote makes out a bill and refuses one that the client cannot pay. What the ledger keeps
// of the command is cloned, lest it keep the frame.
func (x *exchange) quote(zone *Zone, command, object string, years int) (bill, *refusal) {
	b := bill{x.client, command, strings.Clone(object), strings.Clone(x.request.ClTRID), years, zone.price(command, years)}
	return b, x.registry.affordable(b)
}

func (r *registry) affordable(b bill) *refusal {
	client := r.registrars[b.client]
	if client == nil || !client.limited || b.amount <= client.balance {
		return nil
	}
	return refuse(epp.CodeBilling, "%s costs %s, the balance is %s", b.command, money(b.amount), money(client.balance))
}

// pay settles a bill, and tells the client what it paid if it wants to know.
func (x *exchange) pay(b bill, element string) {
	x.registry.move(b.client, LedgerEntry{
		Time: x.now, Command: b.command, Object: b.object, Years: b.years, Amount: -b.amount, ClTRID: b.clTRID,
	})
	if element == "" || !x.session.services[fee.NS] {
		return
	}
	d := fee.Data{Element: element, Currency: x.server.config.Currency, Years: b.years, Amounts: []fee.Amount{{Value: money(b.amount)}}}
	if client := x.registry.registrars[b.client]; client.limited {
		d.Balance = money(client.balance)
	}
	x.reply.Extensions = append(x.reply.Extensions, d)
}

// move books an amount. What costs nothing is not booked.
func (r *registry) move(id string, e LedgerEntry) {
	client := r.registrars[id]
	if client == nil || e.Amount == 0 {
		return
	}
	if client.limited {
		client.balance += e.Amount
	}
	e.Client, e.Balance = id, client.balance
	r.ledger = append(r.ledger, e)
	r.revision++
}

// money writes hundredths as a decimal.
func money(hundredths int64) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

// Ledger is every movement on a registrar's account, oldest first; "" is all
// registrars'.
func (s *Server) Ledger(client string) []LedgerEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []LedgerEntry{}
	for _, e := range s.registry.ledger {
		if client == "" || e.Client == client {
			list = append(list, e)
		}
	}
	return list
}

// Balance is a registrar's balance in hundredths of the currency; limited is
// false for one whose credit has no limit.
func (s *Server) Balance(client string) (balance int64, limited bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.registry.registrars[client]; r != nil {
		return r.balance, r.limited
	}
	return 0, false
}

// Pay adds to a registrar's balance, or takes from it. From then on the registrar
// has no more credit than its balance.
func (s *Server) Pay(client string, amount int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.registry.registrars[client]
	if r == nil {
		return fmt.Errorf("sandbox: registrar %s does not exist", client)
	}
	r.limited = true
	s.registry.revision++
	s.registry.move(client, LedgerEntry{Time: s.config.Clock.Now(), Command: "payment", Amount: amount})
	return nil
}

// prices answers fee:check.
func (x *exchange) prices(names []string) *refusal {
	e := x.request.Extension(fee.NS)
	if e == nil {
		return nil
	}
	check, err := fee.ParseCheck(e)
	if err != nil {
		return malformed(err)
	}
	currency := x.server.config.Currency
	if check.Currency != "" && check.Currency != currency {
		return refuse(epp.CodeRange, "prices are in %s", currency)
	}
	data := fee.CheckData{Currency: currency}
	for _, name := range names {
		zone, f := x.registry.zoneOf(strings.ToLower(name))
		if f != nil {
			data.Objects = append(data.Objects, fee.Object{ID: name, Reason: f.Reason})
			continue
		}
		o := fee.Object{ID: name, Available: true, Class: "standard"}
		for _, c := range check.Commands {
			o.Commands = append(o.Commands, zone.quoted(c))
		}
		data.Objects = append(data.Objects, o)
	}
	x.reply.Extensions = append(x.reply.Extensions, data)
	return nil
}

// quoted is the answer about one command.
func (z *Zone) quoted(c fee.Command) fee.Price {
	p := fee.Price{Command: c.Name, Standard: true, Years: c.Years}
	switch c.Name {
	case fee.Create, fee.Renew, fee.Transfer:
		p.Years = max(c.Years, 1)
	case fee.Restore, fee.Update, fee.Delete:
	default:
		p.Reason = "no such command"
		return p
	}
	amount := fee.Amount{Value: money(z.price(c.Name, p.Years))}
	if c.Name == fee.Create && z.AddGrace > 0 {
		amount.Refundable, amount.GracePeriod = true, fmt.Sprintf("P%dD", z.AddGrace/day)
	}
	p.Amounts = []fee.Amount{amount}
	return p
}
