package sandbox

import (
	"slices"
	"strings"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/secdns"
)

// The strings of a parsed command are parts of its frame. What the registry keeps
// of a domain is cloned, so that a million domains do not keep a million frames.

func cloneContacts(contacts []domain.Contact) []domain.Contact {
	contacts = slices.Clone(contacts)
	for i, c := range contacts {
		contacts[i] = domain.Contact{Type: strings.Clone(c.Type), ID: strings.Clone(c.ID)}
	}
	return contacts
}

func cloneStatuses(statuses []domain.Status) []domain.Status {
	statuses = slices.Clone(statuses)
	for i, s := range statuses {
		statuses[i] = domain.Status{Value: strings.Clone(s.Value), Text: strings.Clone(s.Text), Lang: strings.Clone(s.Lang)}
	}
	return statuses
}

func cloneNameServers(n domain.NameServers) domain.NameServers {
	n.Objects, n.Attributes = slices.Clone(n.Objects), slices.Clone(n.Attributes)
	for i, name := range n.Objects {
		n.Objects[i] = strings.Clone(name)
	}
	for i, host := range n.Attributes {
		addresses := slices.Clone(host.Addresses)
		for k, a := range addresses {
			addresses[k] = domain.HostAddr{IP: strings.Clone(a.IP), Version: strings.Clone(a.Version)}
		}
		n.Attributes[i] = domain.HostAttr{Name: strings.Clone(host.Name), Addresses: addresses}
	}
	return n
}

// cloneAuthInfo makes an empty password of none.
func cloneAuthInfo(a *epp.AuthInfo) epp.AuthInfo {
	if a == nil {
		return epp.AuthInfo{}
	}
	return epp.AuthInfo{PW: strings.Clone(a.PW), ROID: strings.Clone(a.ROID)}
}

func clonePurveyor(p cnnic.Domain) cnnic.Domain {
	return cnnic.Domain{Type: strings.Clone(p.Type), Purveyor: strings.Clone(p.Purveyor)}
}

func cloneDNSSEC(r secdns.Records) secdns.Records {
	r.DS, r.Keys = slices.Clone(r.DS), slices.Clone(r.Keys)
	for i := range r.DS {
		r.DS[i].Digest = strings.Clone(r.DS[i].Digest)
		if r.DS[i].Key != nil {
			k := *r.DS[i].Key
			k.PubKey = strings.Clone(k.PubKey)
			r.DS[i].Key = &k
		}
	}
	for i := range r.Keys {
		r.Keys[i].PubKey = strings.Clone(r.Keys[i].PubKey)
	}
	return r
}
