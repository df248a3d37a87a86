package sandbox

import (
	"fmt"
	"slices"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
)

// SetHold puts a domain on serverHold by the registry's decision, or lifts such a
// hold. A hold for a missing verdict is not touched.
func (s *Server) SetHold(name string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.registry.domains[name]
	if d == nil {
		return fmt.Errorf("sandbox: domain %s does not exist", name)
	}
	now := s.config.Clock.Now()
	if on {
		s.registry.hold(d, heldByRegistry, now)
	} else {
		s.registry.unhold(d, heldByRegistry, now)
	}
	return nil
}

// registryStatuses are what the registry may set on an object, by kind; a hold is
// set with [Server.SetHold].
var registryStatuses = map[string][]string{
	"domain": {
		epp.ServerDeleteProhibited, epp.ServerRenewProhibited, epp.ServerTransferProhibited, epp.ServerUpdateProhibited,
		epp.PendingCreate, epp.PendingDelete, epp.PendingRenew, epp.PendingUpdate,
	},
	"contact": {epp.ServerDeleteProhibited, epp.ServerTransferProhibited, epp.ServerUpdateProhibited, epp.PendingCreate, epp.PendingDelete, epp.PendingUpdate},
	"host":    {epp.ServerDeleteProhibited, epp.ServerUpdateProhibited, epp.PendingCreate, epp.PendingDelete, epp.PendingTransfer, epp.PendingUpdate},
}

// SetStatus sets a status on a "domain", "contact" or "host" by the registry's
// decision, such as serverUpdateProhibited for a registry lock, or lifts it. The
// sponsor of a domain is told by a poll message.
func (s *Server) SetStatus(object, name, status string, on bool) error {
	if !slices.Contains(registryStatuses[object], status) {
		return fmt.Errorf("sandbox: status %s of a %s is not the registry's to set", status, object)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	statuses := s.registry.statusesOf(object, name)
	d := s.registry.domains[name]
	switch {
	case object == "domain" && d != nil:
		d.change(func(st *domainState) { st.setServer(on, status) })
		s.registry.announce(d, changepoll.ChangeData{
			State: changepoll.After, Operation: changepoll.Update, Op: "server-status", Reason: string(heldByRegistry),
		}, "The registry has changed the statuses of "+d.Name+".", s.config.Clock.Now())
	case statuses != nil:
		*statuses = slices.DeleteFunc(slices.Clone(*statuses), func(have epp.Status) bool { return have.Value == status })
		if on {
			*statuses = append(*statuses, epp.Status{Value: status})
		}
	default:
		return fmt.Errorf("sandbox: %s %s does not exist", object, name)
	}
	s.registry.revision++
	return nil
}

// statusesOf are the statuses of a contact or host, nil if there is no such one.
func (r *registry) statusesOf(object, name string) *[]epp.Status {
	if c := r.contacts[name]; object == "contact" && c != nil {
		return &c.Data.Statuses
	}
	if h := r.hosts[name]; object == "host" && h != nil {
		return &h.Data.Statuses
	}
	return nil
}
