// Package namestore is Verisign's extension of EPP that says which of its registries a
// command is for (namestoreExt-1.1): one server stands before .com, .net and others, and
// refuses a command about a name that does not say so.
//
// [Extend] puts it to commands about domains and hosts at registries that offer it:
//
//	epp.Options{Extend: namestore.Extend}
//
// Schema and products follow the wire samples in the tests of Net::DRI (t/VeriSign.t).
package namestore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/wire"
)

// NS is the extension's namespace.
const NS = "http://www.verisign-grs.com/epp/namestoreExt-1.1"

// SubProduct is a registry behind the server, such as "dotCOM". It goes with commands, and
// comes with their answers.
type SubProduct string

func (SubProduct) Namespace() string { return NS }

func (s SubProduct) AppendExtension(b []byte) []byte {
	b = wire.AppendRoot(b, "namestoreExt", "namestoreExt", NS)
	b = wire.AppendElement(b, "namestoreExt:subProduct", string(s))
	return wire.AppendEnd(b, "namestoreExt:namestoreExt")
}

// ParseSubProduct reads a namestoreExt:namestoreExt element.
func ParseSubProduct(e *wire.Element) (SubProduct, error) {
	if !e.Is(NS, "namestoreExt") {
		return "", fmt.Errorf("namestore: %w", wire.Missing("namestoreExt"))
	}
	s, err := wire.Require(e, NS, "subProduct")
	if err != nil {
		return "", fmt.Errorf("namestore: %w", err)
	}
	return SubProduct(s), nil
}

// dotted are the suffixes whose products have "dot" before their names.
var dotted = []string{"com", "net", "cc", "tv", "name", "jobs", "edu"}

// ProductOf is the registry of a name, by its last label, an A-label.
func ProductOf(name string) SubProduct {
	suffix := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	product := strings.ToUpper(suffix)
	if slices.Contains(dotted, suffix) {
		product = "dot" + product
	}
	return SubProduct(product)
}

// Extend adds the product to a command about domains or hosts, where the registry offers
// the extension and the command does not say it already. A command about several names
// goes to the registry of the first. A host may serve names of another registry than its
// own: who asks for that says the product, and it is left out where the registry does not
// offer the extension.
func Extend(g *epp.Greeting, c epp.Command) epp.Command {
	says := func(x epp.Extension) bool { return x.Namespace() == NS }
	if !g.Offers(NS) {
		if slices.ContainsFunc(c.Extensions, says) {
			c.Extensions = slices.DeleteFunc(slices.Clone(c.Extensions), says)
		}
		return c
	}
	name := nameIn(c.Body)
	if name == "" || slices.ContainsFunc(c.Extensions, says) {
		return c
	}
	c.Extensions = append(slices.Clone(c.Extensions), ProductOf(name))
	return c
}

// nameIn is the first name that a command is about, "" for none.
func nameIn(body epp.Body) string {
	switch b := body.(type) {
	case domain.Check:
		return first(b.Names)
	case domain.Info:
		return b.Name
	case domain.Create:
		return b.Name
	case domain.Update:
		return b.Name
	case domain.Renew:
		return b.Name
	case domain.Transfer:
		return b.Name
	case domain.Delete:
		return b.Name
	case host.Check:
		return first(b.Names)
	case host.Info:
		return b.Name
	case host.Create:
		return b.Name
	case host.Update:
		return b.Name
	case host.Delete:
		return b.Name
	}
	return ""
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}
