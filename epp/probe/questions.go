package probe

import (
	"fmt"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/vcode"
)

func (p *probe) offers(namespace string) bool { return p.conn.Greeting().Offers(namespace) }

// names asks about a name that should be free.
func (p *probe) names(name string) {
	if !p.offers(domain.NS) {
		return
	}
	var prices []epp.Extension
	if p.offers(fee.NS) {
		prices = append(prices, fee.Check{Commands: []fee.Command{{Name: fee.Create, Years: 1}, {Name: fee.Renew, Years: 1}, {Name: fee.Restore}}})
	}
	if r := p.ask("domain check "+name, domain.Check{Names: []string{name}}, prices...); r != nil && r.Code() < 2000 {
		p.checked(name, r)
	}
	var standing []epp.Extension
	if p.offers(vcode.NS) {
		standing = append(standing, vcode.Info{})
	}
	if r := p.ask("domain info "+name, domain.Info{Name: name}, standing...); r != nil {
		p.trait("info of a domain that is not there", fmt.Sprint(r.Code()))
	}
}

// checked looks at how a check is answered.
func (p *probe) checked(name string, r *epp.Response) {
	data, err := domain.ParseCheckData(r.Data)
	if err != nil || len(data) != 1 {
		p.warn("the answer to a domain check is not understood: %v", err)
		return
	}
	if !data[0].Available {
		p.warn("%s is not available: %s", name, data[0].Reason)
	}
	p.trait("availability", `avail="`+between(r.Raw, `avail="`, `"`)+`"`)
	p.trait("prefix of domains", prefixOf(r.Raw, "chkData"))
	p.trait("language of messages", or(r.Results[0].Lang, "en"))
	prices, err := fee.ParseCheckData(r.Extension(fee.NS))
	if err != nil {
		return
	}
	for _, o := range prices.Objects {
		for _, c := range o.Commands {
			for _, a := range c.Amounts {
				p.trait("price of "+c.Command+" under "+name[strings.IndexByte(name, '.')+1:], a.Value+" "+prices.Currency)
			}
		}
	}
}

// prefixOf is the namespace prefix that a registry uses for an element.
func prefixOf(document []byte, local string) string {
	before, _, found := strings.Cut(string(document), local)
	if !found {
		return ""
	}
	return strings.TrimSuffix(before[strings.LastIndexByte(before, '<')+1:], ":")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// others asks about contacts and hosts that are not there.
func (p *probe) others() {
	if p.offers(contact.NS) {
		p.ask("contact check "+contactID, contact.Check{IDs: []string{contactID}})
		if r := p.ask("contact info "+contactID, contact.Info{ID: contactID}); r != nil {
			p.trait("info of a contact that is not there", fmt.Sprint(r.Code()))
		}
	}
	if p.offers(host.NS) {
		p.ask("host check", host.Check{Names: []string{"ns1." + label + ".invalid"}})
	}
}

// queue looks at the oldest message, and leaves it where it is.
func (p *probe) queue() {
	r := p.ask("poll", epp.Poll{})
	if r == nil || r.Queue == nil {
		return
	}
	p.trait("messages waiting", fmt.Sprint(r.Queue.Count))
	kind := "none"
	if r.Data != nil {
		kind = r.Data.Local + " in " + r.Data.Space
	}
	p.trait("data of the oldest message", kind)
	if r.Find(changepoll.NS, "changeData") != nil {
		p.trait("oldest message", "a change by the registry")
	}
	for _, e := range r.Unhandled() {
		p.warn("the oldest message has %s in %s, which was not declared at login", e.Local, e.Space)
	}
}

// strangers asks with an extension that nobody knows.
func (p *probe) strangers(suffixes []string) {
	if len(suffixes) == 0 || !p.offers(domain.NS) {
		return
	}
	unknown := epp.RawExtension{NS: "urn:verinym:probe", XML: []byte(`<probe xmlns="urn:verinym:probe"/>`)}
	if r := p.ask("an extension that nobody knows", domain.Check{Names: []string{label + "." + suffixes[0]}}, unknown); r != nil {
		p.trait("unknown extension", fmt.Sprint(r.Code()))
	}
}

// pipeline sends two checks in one write. It comes last: a registry that cannot
// bear it may end the session.
func (p *probe) pipeline(suffixes []string) {
	if len(suffixes) == 0 || !p.offers(domain.NS) {
		return
	}
	check := domain.Check{Names: []string{label + "." + suffixes[0]}}
	calls, err := p.conn.StartAll(p.ctx, epp.Command{Body: check}, epp.Command{Body: check})
	for _, call := range calls {
		if err == nil {
			_, err = call.Wait(p.ctx)
		}
	}
	if err != nil {
		p.trait("pipelining", "no: "+err.Error())
		return
	}
	p.trait("pipelining", "two commands in one write are answered in order")
}
