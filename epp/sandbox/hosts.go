package sandbox

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
)

// hostRecord is a name server.
type hostRecord struct {
	Data   host.InfoData
	Domain string // the name that it stands below, if this registry serves it
	For    string // the repository that cnnic-registry named
}

// hostCommand carries out a command of the host mapping.
func (x *exchange) hostCommand() *refusal {
	switch x.request.Verb {
	case epp.VerbCheck:
		return x.checkHosts()
	case epp.VerbInfo:
		return x.infoHost()
	case epp.VerbCreate:
		return x.createHost()
	case epp.VerbUpdate:
		return x.updateHost()
	case epp.VerbDelete:
		return x.deleteHost()
	}
	return refuse(epp.CodeUnimplemented, "hosts cannot be told to %s", x.request.Verb)
}

func (x *exchange) checkHosts() *refusal {
	check, err := host.ParseCheck(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	var data host.CheckData
	for _, name := range check.Names {
		a := host.Availability{Name: name}
		switch {
		case !validHostName(strings.ToLower(name)):
			a.Reason = "Invalid name"
		case x.registry.hosts[strings.ToLower(name)] != nil:
			a.Reason = "In use"
		default:
			a.Available = true
		}
		data = append(data, a)
	}
	x.reply.Data = data
	return nil
}

func (x *exchange) infoHost() *refusal {
	info, err := host.ParseInfo(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	h := x.registry.hosts[strings.ToLower(info.Name)]
	if h == nil {
		return refuse(epp.CodeNotExists, "host %s does not exist", info.Name)
	}
	x.reply.Data = x.registry.hostInfo(h)
	if h.For != "" && h.Data.ClID == x.client {
		x.session.extend(x.reply, cnnic.RegistryInfo(h.For))
	}
	return nil
}

// hostInfo is the host as everybody sees it: ok stands alone, but for linked
// (RFC 5732 section 2.3).
func (r *registry) hostInfo(h *hostRecord) *host.InfoData {
	d := h.Data
	d.Statuses = slices.Clone(d.Statuses)
	if len(d.Statuses) == 0 {
		d.Statuses = epp.Statuses(epp.StatusOK)
	}
	if r.hostLinks[d.Name] > 0 {
		d.Statuses = append(d.Statuses, epp.Status{Value: epp.StatusLinked})
	}
	return &d
}

// ownHost finds a host of the client's.
func (x *exchange) ownHost(name string) (*hostRecord, *refusal) {
	h := x.registry.hosts[strings.ToLower(name)]
	if h == nil {
		return nil, refuse(epp.CodeNotExists, "host %s does not exist", name)
	}
	if h.Data.ClID != x.client {
		return nil, refuse(epp.CodeAuthorization, "host %s is another registrar's", name)
	}
	return h, nil
}

func (x *exchange) createHost() *refusal {
	create, err := host.ParseCreate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	repository, f := x.repository()
	if f != nil {
		return f
	}
	h, f := x.registry.addHost(create, x.client, x.now)
	if f != nil {
		return f
	}
	h.For = repository
	x.reply.Data = host.CreateData{Name: h.Data.Name, CrDate: h.Data.CrDate}
	return nil
}

// repository is what cnnic-registry says with a create.
func (x *exchange) repository() (string, *refusal) {
	e := x.request.Extension(cnnic.NSRegistry)
	if e == nil {
		return "", nil
	}
	r, err := cnnic.ParseRegistryCreate(e)
	if err != nil {
		return "", malformed(err)
	}
	return strings.Clone(string(r)), nil
}

func (r *registry) addHost(create host.Create, client string, now time.Time) (*hostRecord, *refusal) {
	name := strings.Clone(strings.ToLower(create.Name))
	if !validHostName(name) {
		return nil, refuse(epp.CodeValueSyntax, "%s is not a host name", create.Name)
	}
	if r.hosts[name] != nil {
		return nil, refuse(epp.CodeExists, "host %s exists", name)
	}
	below, f := r.superordinate(name, client)
	if f != nil {
		return nil, f
	}
	if f := validAddresses(create.Addresses, below != ""); f != nil {
		return nil, f
	}
	h := &hostRecord{Domain: below, Data: host.InfoData{
		Name: name, ROID: r.nextROID("H"), Addresses: cloneAddresses(create.Addresses), ClID: client, CrID: client, CrDate: now,
	}}
	r.putHost(h)
	return h, nil
}

func (r *registry) putHost(h *hostRecord) {
	r.hosts[h.Data.Name] = h
	if h.Domain != "" {
		if r.subordinates[h.Domain] == nil {
			r.subordinates[h.Domain] = map[string]bool{}
		}
		r.subordinates[h.Domain][h.Data.Name] = true
	}
	r.revision++
}

func (r *registry) dropHost(h *hostRecord) {
	delete(r.hosts, h.Data.Name)
	delete(r.subordinates[h.Domain], h.Data.Name)
	r.revision++
}

// superordinate finds the domain that a host stands below, "" for a host of
// another registry's. It must be the client's (RFC 5732 section 3.2.1).
func (r *registry) superordinate(name, client string) (string, *refusal) {
	labels := strings.Split(name, ".")
	if len(labels) < 3 || r.zones[labels[len(labels)-1]] == nil {
		return "", nil
	}
	below := strings.Join(labels[len(labels)-2:], ".")
	d := r.domains[below]
	switch {
	case d == nil:
		return "", refuse(epp.CodeNotExists, "domain %s does not exist", below)
	case d.ClID != client:
		return "", refuse(epp.CodeAuthorization, "domain %s is another registrar's", below)
	}
	return below, nil
}

func validHostName(name string) bool {
	labels := strings.Split(name, ".")
	return len(labels) > 1 && len(name) <= 253 && !slices.ContainsFunc(labels, func(l string) bool { return !validLabel(l) })
}

// validAddresses wants addresses of the version that they claim, and only where
// they are glue.
func validAddresses(addrs []host.Addr, glue bool) *refusal {
	if len(addrs) > 0 && !glue {
		return refuse(epp.CodePolicy, "hosts of other registries have no addresses here")
	}
	for _, a := range addrs {
		ip, err := netip.ParseAddr(a.IP)
		if err != nil || ip.Is4() != (a.Version == "v4") {
			return refuse(epp.CodeValueSyntax, "%q is not an address of version %s", a.IP, a.Version)
		}
	}
	return nil
}

func (x *exchange) updateHost() *refusal {
	update, err := host.ParseUpdate(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	h, f := x.ownHost(update.Name)
	if f != nil {
		return f
	}
	if update.Add.IsZero() && update.Rem.IsZero() && update.NewName == "" {
		return refuse(epp.CodeMissing, "nothing to update")
	}
	next, f := x.registry.updatedHost(h, update, x.client)
	if f != nil {
		return f
	}
	next.Data.UpID, next.Data.UpDate = x.client, x.now
	x.registry.dropHost(h)
	x.registry.putHost(next)
	x.registry.renameHost(h.Data.Name, next.Data.Name)
	return nil
}

// updatedHost is the host after an update.
func (r *registry) updatedHost(h *hostRecord, u host.Update, client string) (*hostRecord, *refusal) {
	unlocks := u.Add.IsZero() && u.NewName == "" && len(u.Rem.Addresses) == 0
	if h.Data.Has(epp.ServerUpdateProhibited) || h.Data.Has(epp.ClientUpdateProhibited) && !unlocks {
		return nil, refuse(epp.CodeStatus, "host %s is locked", h.Data.Name)
	}
	next := *h
	var f *refusal
	if next.Data.Statuses, f = changeObjectStatuses(h.Data.Statuses, u.Add.Statuses, u.Rem.Statuses, epp.ClientDeleteProhibited, epp.ClientUpdateProhibited); f != nil {
		return nil, f
	}
	if u.NewName != "" {
		if next.Data.Name, next.Domain, f = r.newHostName(h, strings.ToLower(u.NewName), client); f != nil {
			return nil, f
		}
	}
	next.Data.Addresses = changeList(h.Data.Addresses, cloneAddresses(u.Add.Addresses), u.Rem.Addresses, func(a host.Addr) string { return a.IP })
	return &next, validAddresses(next.Data.Addresses, next.Domain != "")
}

// newHostName decides about a host's new name. A host of another registry's that
// domains use keeps its name: they may be other registrars' domains (RFC 5732
// section 3.2.5).
func (r *registry) newHostName(h *hostRecord, name, client string) (newName, below string, f *refusal) {
	switch {
	case !validHostName(name):
		return "", "", refuse(epp.CodeValueSyntax, "%s is not a host name", name)
	case r.hosts[name] != nil:
		return "", "", refuse(epp.CodeExists, "host %s exists", name)
	case h.Domain == "" && r.hostLinks[h.Data.Name] > 0:
		return "", "", refuse(epp.CodeAssociation, "host %s is in use", h.Data.Name)
	}
	below, f = r.superordinate(name, client)
	return strings.Clone(name), below, f
}

// renameHost lets delegations follow a host that got another name.
func (r *registry) renameHost(from, to string) {
	if from == to || r.hostLinks[from] == 0 {
		return
	}
	for _, d := range r.domains {
		if i := slices.Index(d.NS.Objects, from); i >= 0 {
			d.change(func(s *domainState) {
				s.NS.Objects = slices.Clone(s.NS.Objects)
				s.NS.Objects[i] = to
			})
		}
	}
	r.hostLinks[to] += r.hostLinks[from]
	delete(r.hostLinks, from)
}

func (x *exchange) deleteHost() *refusal {
	del, err := host.ParseDelete(x.request.Object)
	if err != nil {
		return malformed(err)
	}
	h, f := x.ownHost(del.Name)
	if f != nil {
		return f
	}
	if h.Data.Has(epp.ClientDeleteProhibited) || h.Data.Has(epp.ServerDeleteProhibited) {
		return refuse(epp.CodeStatus, "host %s is locked", del.Name)
	}
	if n := x.registry.hostLinks[h.Data.Name]; n > 0 {
		return refuse(epp.CodeAssociation, "host %s is used by %d domains", del.Name, n)
	}
	x.registry.dropHost(h)
	return nil
}

// knownHosts demands that a delegation names hosts that exist, where the registry
// is strict about it. Such a registry has none as attributes (RFC 5731 section 1.1).
func (r *registry) knownHosts(ns domain.NameServers) *refusal {
	if !r.strictHosts {
		return nil
	}
	if len(ns.Attributes) > 0 {
		return refuse(epp.CodePolicy, "name servers are host objects here, not attributes")
	}
	for _, name := range ns.Objects {
		if r.hosts[strings.ToLower(name)] == nil {
			return refuse(epp.CodeNotExists, "host %s does not exist", name)
		}
	}
	return nil
}

// linkHosts counts a domain's references to hosts, up or down by n.
func (r *registry) linkHosts(d *registration, n int) {
	for _, name := range d.NS.Objects {
		if r.hostLinks[name] += n; r.hostLinks[name] <= 0 {
			delete(r.hostLinks, name)
		}
	}
}

// hostsBelow are the names of the hosts below a domain, in order.
func (r *registry) hostsBelow(name string) []string {
	var names []string
	for h := range r.subordinates[name] {
		names = append(names, h)
	}
	slices.Sort(names)
	return names
}

func cloneAddresses(addrs []host.Addr) []host.Addr {
	addrs = slices.Clone(addrs)
	for i, a := range addrs {
		addrs[i] = host.Addr{IP: strings.Clone(a.IP), Version: strings.Clone(a.Version)}
	}
	return addrs
}
