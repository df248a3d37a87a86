package host

import (
	"net/netip"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/wire"
)

// Addr is an address of a name server.
type Addr struct {
	IP      string
	Version string // "v4" or "v6"
}

// Addrs makes addresses of their usual text forms; what is no address counts as
// version 4, for the registry to refuse.
func Addrs(ips ...string) []Addr {
	list := make([]Addr, len(ips))
	for i, ip := range ips {
		list[i] = Addr{ip, "v4"}
		if a, err := netip.ParseAddr(ip); err == nil && a.Is6() {
			list[i].Version = "v6"
		}
	}
	return list
}

func appendAddrs(b []byte, addrs []Addr) []byte {
	for _, a := range addrs {
		b = append(b, "<host:addr"...)
		b = wire.AppendAttr(b, "ip", a.Version)
		b = append(b, '>')
		b = wire.AppendText(b, a.IP)
		b = append(b, "</host:addr>"...)
	}
	return b
}

func parseAddrs(e *wire.Element) []Addr {
	var addrs []Addr
	for _, c := range e.Children {
		if !c.Is(NS, "addr") {
			continue
		}
		version := c.Attr("ip")
		if version == "" {
			version = "v4" // the schema's default
		}
		addrs = append(addrs, Addr{c.Value(), version})
	}
	return addrs
}

// Check asks whether names can be created as hosts (RFC 5732 section 3.1.1). The
// answer is [CheckData].
type Check struct{ Names []string }

func (Check) Verb() epp.Verb { return epp.VerbCheck }

func (c Check) AppendBody(b []byte) []byte { return hosts.AppendNamed(b, epp.VerbCheck, c.Names...) }

// ParseCheck reads a host:check element.
func ParseCheck(e *wire.Element) (Check, error) {
	names, err := hosts.ParseKeys(e)
	return Check{names}, err
}

// Info asks for all that the registry knows of a host (section 3.1.2). The answer
// is [InfoData].
type Info struct{ Name string }

func (Info) Verb() epp.Verb { return epp.VerbInfo }

func (i Info) AppendBody(b []byte) []byte { return hosts.AppendNamed(b, epp.VerbInfo, i.Name) }

// ParseInfo reads a host:info element.
func ParseInfo(e *wire.Element) (Info, error) {
	name, err := hosts.ParseNamed(e, epp.VerbInfo)
	return Info{name}, err
}

// Create makes a host (section 3.2.1). Addresses are for hosts below a domain of
// the registry. The answer is [CreateData].
type Create struct {
	Name      string
	Addresses []Addr
}

func (Create) Verb() epp.Verb { return epp.VerbCreate }

func (c Create) AppendBody(b []byte) []byte {
	b = append(b, "<create>"...)
	b = hosts.Begin(b, "create")
	b = wire.AppendElement(b, "host:name", c.Name)
	b = appendAddrs(b, c.Addresses)
	return append(b, "</host:create></create>"...)
}

// ParseCreate reads a host:create element.
func ParseCreate(e *wire.Element) (c Create, err error) {
	if err = hosts.Command(e, "create", "name", "addr*"); err != nil {
		return c, err
	}
	c.Addresses = parseAddrs(e)
	c.Name, err = hosts.Required(e, "name")
	return c, err
}

// Delete removes a host that no domain uses (section 3.2.2).
type Delete struct{ Name string }

func (Delete) Verb() epp.Verb { return epp.VerbDelete }

func (d Delete) AppendBody(b []byte) []byte { return hosts.AppendNamed(b, epp.VerbDelete, d.Name) }

// ParseDelete reads a host:delete element.
func ParseDelete(e *wire.Element) (Delete, error) {
	name, err := hosts.ParseNamed(e, epp.VerbDelete)
	return Delete{name}, err
}

// Update changes a host (section 3.2.5).
type Update struct {
	Name    string
	Add     AddRem
	Rem     AddRem
	NewName string // "" leaves the name
}

// AddRem is what an update adds or removes.
type AddRem struct {
	Addresses []Addr
	Statuses  []epp.Status // client* only
}

// IsZero reports whether there is nothing in it.
func (a AddRem) IsZero() bool { return len(a.Addresses) == 0 && len(a.Statuses) == 0 }

func (Update) Verb() epp.Verb { return epp.VerbUpdate }

func (u Update) AppendBody(b []byte) []byte {
	b = append(b, "<update>"...)
	b = hosts.Begin(b, "update")
	b = wire.AppendElement(b, "host:name", u.Name)
	b = u.Add.append(b, "host:add")
	b = u.Rem.append(b, "host:rem")
	if u.NewName != "" {
		b = append(b, "<host:chg>"...)
		b = wire.AppendElement(b, "host:name", u.NewName)
		b = append(b, "</host:chg>"...)
	}
	return append(b, "</host:update></update>"...)
}

func (a AddRem) append(b []byte, tag string) []byte {
	if a.IsZero() {
		return b
	}
	b = wire.AppendStart(b, tag)
	b = appendAddrs(b, a.Addresses)
	b = epp.AppendStatuses(b, "host:status", a.Statuses)
	return wire.AppendEnd(b, tag)
}

// ParseUpdate reads a host:update element.
func ParseUpdate(e *wire.Element) (u Update, err error) {
	if err = hosts.Command(e, "update", "name", "add", "rem", "chg"); err != nil {
		return u, err
	}
	if u.Name, err = hosts.Required(e, "name"); err != nil {
		return u, err
	}
	for local, into := range map[string]*AddRem{"add": &u.Add, "rem": &u.Rem} {
		part := e.Child(NS, local)
		if part == nil {
			continue
		}
		if err = wire.Sequence(part, NS, "addr*", "status*"); err != nil {
			return u, hosts.Fail(e, err)
		}
		*into = AddRem{parseAddrs(part), epp.ParseStatuses(part, NS, "status")}
	}
	if chg := e.Child(NS, "chg"); chg != nil {
		u.NewName, err = hosts.Required(chg, "name")
	}
	return u, err
}
