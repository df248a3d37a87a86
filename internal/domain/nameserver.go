package domain

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/fault"
	"github.com/verinym/verinym/internal/registry"
)

// mostNameServers is how many name servers a name has at most: the thirteen that fit an
// answer of the old size, and what registries take.
const mostNameServers = 13

// NameServers normalises the name servers of a name to A-labels in lower case, in their
// order. Faults, at name_servers: name_servers_many, name_server_invalid,
// name_server_twice.
func NameServers(typed []string) ([]string, error) {
	if len(typed) > mostNameServers {
		return nil, fault.At("name_servers", "name_servers_many").With("Most", strconv.Itoa(mostNameServers))
	}
	out, wrong := make([]string, 0, len(typed)), fault.List{}
	for _, t := range typed {
		server := asciiName(t)
		_, notAddress := netip.ParseAddr(server)
		switch {
		case server == "" || notAddress == nil:
			wrong.Add(fault.At("name_servers", "name_server_invalid").With("Typed", t))
		case slices.Contains(out, server):
			wrong.Add(fault.At("name_servers", "name_server_twice").With("Server", Display(server)))
		default:
			out = append(out, server)
		}
	}
	return out, wrong.Err()
}

// within reports whether a host stands below a name, or is it. Before the name is
// registered the registry cannot have such a host (RFC 5732 section 1.1).
func within(server, name string) bool {
	return server == name || strings.HasSuffix(server, "."+name)
}

// usualServers are the registry account's, but for any that stand below the name itself.
func (all *All) usualServers(registryName, name string) []string {
	servers := append([]string{}, all.registries.NameServers(registryName)...)
	return slices.DeleteFunc(servers, func(s string) bool { return within(s, name) })
}

// serversFor are the name servers that a name is ordered with: those that were typed, or the
// usual ones. Faults: those of NameServers, name_server_within.
func (all *All) serversFor(registryName, name string, typed []string) ([]string, error) {
	if len(typed) == 0 {
		return all.usualServers(registryName, name), nil
	}
	servers, err := NameServers(typed)
	if err != nil {
		return nil, err
	}
	var wrong fault.List
	for _, s := range servers {
		if within(s, name) {
			wrong.Add(fault.At("name_servers", "name_server_within").With("Server", Display(s)).With("Domain", Display(name)))
		}
	}
	return servers, wrong.Err()
}

// newHosts asks the registry about the name servers of a name, and returns those that have
// to be made there with it. Faults: name_server_missing, registry_unreachable,
// registry_paused.
func (all *All) newHosts(ctx context.Context, registryName, name string, servers []string) ([]string, error) {
	foreign, own, err := all.registries.MissingHosts(ctx, registryName, name, servers)
	if err != nil {
		return nil, err
	}
	var missing fault.List
	for _, s := range own {
		missing.Add(fault.At("name_servers", "name_server_missing").With("Server", Display(s)))
	}
	return append([]string{}, foreign...), missing.Err()
}

// refusedServer is the name server of an order on account of which the registry refused the
// name, "" where it does not say that it was one.
func refusedServer(o Order, r registry.Result) string {
	if r.Code != epp.CodeNotExists && r.Code != epp.CodePolicy {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(r.Words()), func(c rune) bool {
		return c != '.' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z')
	})
	for _, s := range o.NameServers {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Trim(w, ".-") == s }) {
			return s
		}
	}
	return ""
}
