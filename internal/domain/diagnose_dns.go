package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/internal/delegation"
)

// publishedWithin is how long after a registration a registry may take to publish a name.
const publishedWithin = 48 * time.Hour

// dnsLooksPerMinute is how many domains of an account are looked at in the DNS in a
// minute, by one process: who diagnoses more gets the other nine answers.
const dnsLooksPerMinute = 120

// lookAtDNS begins to ask the DNS about a domain and returns where its report will come
// from; nil where nobody is asked.
func (all *All) lookAtDNS(ctx context.Context, d Domain) <-chan delegation.Report {
	if all.config.DNS == nil || d.State != Registered {
		return nil
	}
	out := make(chan delegation.Report, 1)
	if !all.dnsLooks.take(d.AccountID, all.store.Now(), dnsLooksPerMinute) {
		out <- delegation.Report{Finding: delegation.Unknown, Why: delegation.Busy}
		return out
	}
	go func() { out <- all.config.DNS.Look(ctx, d.Name, d.NameServers) }()
	return out
}

// advice on each finding of the DNS.
var advice = map[delegation.Finding]struct {
	health Health
	action string
}{
	delegation.Fine:             {Good, ""},
	delegation.NoNameServers:    {Problem, "set_name_servers"},
	delegation.WrongNameServers: {Problem, "compare_name_servers"},
	delegation.Unreachable:      {Problem, "name_servers_silent"},
	delegation.Lame:             {Problem, "add_zone_at_provider"},
	delegation.ServFail:         {Problem, "ask_dns_provider"},
	delegation.SomeFail:         {Problem, "repair_name_servers"},
	delegation.NotPublic:        {Problem, "use_public_name_servers"},
	delegation.Parked:           {Problem, "replace_parking"},
	delegation.NoAddress:        {Problem, "add_records"},
	delegation.Unknown:          {Unknown, "diagnose_again"},
}

// dnsStep says how the domain stands in the DNS.
func (all *All) dnsStep(d Domain, looked <-chan delegation.Report) Step {
	if looked == nil {
		if d.Has(epp.StatusInactive) {
			return Step{Name: "dns", Health: Problem, Evidence: "no_delegation", Found: "found.dns.no_delegation", Action: "set_name_servers"}
		}
		return Step{Name: "dns", Health: Unknown, Evidence: "not_queried", Found: "found.dns.not_queried"}
	}
	r := <-looked
	s := Step{Name: "dns", Evidence: string(r.Finding), Facts: dnsFacts(r), Details: dnsDetails(r), Params: map[string]string{"Zone": r.Zone}}
	s.Health, s.Action = advice[r.Finding].health, advice[r.Finding].action
	switch {
	case r.Finding == delegation.NotInZone:
		s.Health, s.Action = all.notInZone(d)
	case r.Finding == delegation.NoNameServers && len(d.NameServers) > 0:
		s.Action = "ask_why_not_in_zone"
	case r.Why != "":
		s.Evidence = string(r.Why)
	}
	s.Found = "found.dns." + s.Evidence
	return s
}

// notInZone is what to do about a name that the zone above does not know.
func (all *All) notInZone(d Domain) (Health, string) {
	switch {
	case d.Has(epp.ClientHold), d.Has(epp.ServerHold):
		return Problem, "lift_hold_first"
	case d.Has(epp.StatusInactive), len(d.NameServers) == 0:
		return Problem, "set_name_servers"
	case !d.RegisteredAt.IsZero() && all.store.Now().Sub(d.RegisteredAt.Time) < publishedWithin:
		return Busy, "wait_for_publication"
	}
	return Problem, "ask_why_not_in_zone"
}

// dnsFacts are the lists that were compared.
func dnsFacts(r delegation.Report) map[string]string {
	out := map[string]string{}
	for name, list := range map[string][]string{"at_registry": r.Expected, "delegated_to": r.Delegated, "own_name_servers": r.Own, "points_at": r.Points} {
		if len(list) > 0 {
			out[name] = strings.Join(list, " ")
		}
	}
	if r.Zone != "" {
		out["asked_zone"] = r.Zone
	}
	return out
}

// dnsDetails are what was compared, where it differs, and what each name server said, a
// line an address.
func dnsDetails(r delegation.Report) (out []Detail) {
	list := func(what string, names []string) {
		if len(names) > 0 {
			out = append(out, Detail{"dns." + what, map[string]string{"Names": strings.Join(names, ", ")}})
		}
	}
	if !slices.Equal(r.Expected, r.Delegated) {
		list("at_registry", r.Expected)
		list("delegated_to", r.Delegated)
	}
	for _, s := range r.Servers {
		if len(s.At) == 0 {
			out = append(out, dnsDetail(s.Answer, s.Name, ""))
		}
		for _, a := range s.At {
			server := s.Name + " " + a.IP.String()
			if a.TCP {
				server += " (TCP)"
			}
			out = append(out, dnsDetail(a.Answer, server, a.Rcode))
		}
	}
	if !slices.Equal(r.Own, r.Delegated) {
		list("own_name_servers", r.Own)
	}
	list("points_at", r.Points)
	return out
}

func dnsDetail(a delegation.Answer, server, rcode string) Detail {
	return Detail{"dns.server_" + string(a), map[string]string{"Server": server, "Rcode": rcode}}
}
