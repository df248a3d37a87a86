package rdap

import (
	"slices"
	"strings"
	"time"

	"github.com/openrdap/rdap"

	"github.com/verinym/verinym/internal/status"
)

// recordOf keeps of an answer what is about the registration.
func recordOf(d *rdap.Domain) Record {
	r := Record{Name: d.LDHName, Statuses: statuses(d.Status), NameServers: []string{}}
	for _, n := range d.Nameservers {
		if n.LDHName != "" {
			r.NameServers = append(r.NameServers, strings.ToLower(strings.TrimSuffix(n.LDHName, ".")))
		}
	}
	slices.Sort(r.NameServers)
	if d.SecureDNS != nil {
		r.Signed = d.SecureDNS.DelegationSigned
	}
	for _, e := range d.Events {
		at, err := time.Parse(time.RFC3339, e.Date)
		if err != nil {
			continue
		}
		switch e.Action {
		case "registration":
			r.RegisteredAt = at.UTC()
		case "expiration":
			r.ExpiresAt = at.UTC()
		case "last changed":
			r.ChangedAt = at.UTC()
		}
	}
	for _, e := range d.Entities {
		if !slices.Contains(e.Roles, "registrar") {
			continue
		}
		if e.VCard != nil {
			r.Registrar = e.VCard.Name()
		}
		for _, id := range e.PublicIDs {
			if id.Type == "IANA Registrar ID" {
				r.RegistrarID = id.Identifier
			}
		}
	}
	return r
}

// statuses spells statuses as EPP does (RFC 8056 section 2). What EPP does not have, such
// as "locked", stays as it is.
func statuses(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		if known, ok := status.FromRDAP(s); ok {
			s = known.Code
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
