package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/namestore"
)

// NameServers are those of new names whose order names none.
func (r *Registries) NameServers(registry string) []string {
	if l := r.accounts[registry]; l != nil {
		return l.NameServers
	}
	return nil
}

// MissingHosts asks which name servers of a new name the registry has no host object of.
// foreign can be made with the name; own are hosts below names of the registry's, which
// whoever holds those makes. Both are empty at a registry without host objects. Faults:
// registry_unreachable, registry_paused.
func (r *Registries) MissingHosts(ctx context.Context, registry, name string, servers []string) (foreign, own []string, err error) {
	l := r.accounts[registry]
	if l == nil {
		return nil, nil, notConfigured(registry)
	}
	if len(servers) == 0 || l.HostAttributes {
		return nil, nil, nil
	}
	resp, err := r.ask(ctx, registry, epp.Command{Body: host.Check{Names: servers}, Extensions: []epp.Extension{namestore.ProductOf(name)}})
	if code := epp.CodeOf(err); code == epp.CodeUnimplemented || code == epp.CodeService {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	data, err := host.ParseCheckData(resp.Data)
	if err != nil {
		return nil, nil, fmt.Errorf("registry %s: check of hosts: %w", registry, err)
	}
	for _, a := range data {
		server := strings.ToLower(a.Name)
		switch {
		case !a.Available || !slices.Contains(servers, server):
		case r.registers(l, server):
			own = append(own, server)
		default:
			foreign = append(foreign, server)
		}
	}
	return foreign, own, nil
}

// registers reports whether a host stands below a suffix of the registry's, as far as our
// accounts there show.
func (r *Registries) registers(l *link, server string) bool {
	for suffix, other := range r.bySuffix {
		if other.Addr == l.Addr && strings.HasSuffix(server, "."+suffix) {
			return true
		}
	}
	return false
}

// delegation gives name servers the form that the registry has them in.
func (l *link) delegation(servers []string) (ns domain.NameServers) {
	if !l.HostAttributes {
		ns.Objects = servers
		return ns
	}
	for _, s := range servers {
		ns.Attributes = append(ns.Attributes, domain.HostAttr{Name: s})
	}
	return ns
}

// hostThere is the reply for a host that the registry has, whoever made it: hosts of other
// registries' names have no addresses there and are alike.
func hostThere(code int) reply {
	return reply{outcome: OutcomeDone, code: code, message: "the registry has the host"}
}

// lookAtHost decides whether a host that was to be made is there.
func lookAtHost(ctx context.Context, conn *epp.Conn, c Command) reply {
	_, err := conn.Do(ctx, epp.Command{Body: host.Info{Name: c.Payload.Host}, Extensions: []epp.Extension{namestore.ProductOf(c.Payload.Domain)}})
	switch epp.CodeOf(err) {
	case epp.CodeNotExists:
		return notYet(c)
	case epp.CodeAuthorization:
		return hostThere(epp.CodeOK)
	}
	if err != nil {
		return unsettled(err)
	}
	return hostThere(epp.CodeOK)
}
