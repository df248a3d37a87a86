package sandbox

import (
	"slices"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// Decision is what the registry has decided about a name or a holder: "none",
// "in_review", "verified" or "failed" with the reason's code.
type Decision struct{ State, Reason string }

// DomainEntry is a domain as it stands in the registry's books, which show more than any
// registrar is told.
type DomainEntry struct {
	Name, Sponsor, Registrant string
	Statuses                  []string
	Naming, RealName          Decision
	Codes                     []string // types of verification code that it has
	Missing                   []string // types that it lacks
	Password                  string   // its authorisation information
	Due, Created, Expires     time.Time
}

// ContactEntry is a contact as it stands in the registry's books.
type ContactEntry struct {
	Data     contact.InfoData
	Identity cnnic.Contact
	Verdict  Decision
	Evidence bool // documents have come for it
}

// Domain reads a domain in the books; ok is false when there is none of the name.
func (s *Server) Domain(name string) (e DomainEntry, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.registry.catchUp(s.config.Clock.Now())
	d := s.registry.domains[name]
	if d == nil {
		return e, false
	}
	e = DomainEntry{
		Name: d.Name, Sponsor: d.ClID, Registrant: d.Registrant, Naming: d.Naming.decision(), RealName: d.RealName.decision(),
		Missing: d.missingCodes(), Password: d.AuthInfo.PW, Due: d.Due, Created: d.CrDate, Expires: d.ExDate,
	}
	for _, status := range d.statuses() {
		e.Statuses = append(e.Statuses, status.Value)
	}
	for _, c := range d.Codes {
		e.Codes = append(e.Codes, c.Type)
	}
	return e, true
}

func (v verdict) decision() Decision { return Decision{string(v.State), v.Reason} }

// Contact reads a contact in the books; ok is false when there is none of the identifier.
func (s *Server) Contact(id string) (e ContactEntry, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.registry.contacts[id]
	if c == nil {
		return e, false
	}
	e = ContactEntry{Data: c.Data, Identity: c.Identity, Verdict: c.Verdict.decision(), Evidence: c.Evidence != nil}
	e.Data.Postal = slices.Clone(c.Data.Postal)
	return e, true
}

// Sponsored counts the domains of a registrar.
func (s *Server) Sponsored(client string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.registry.domains {
		if d.ClID == client {
			n++
		}
	}
	return n
}

// Queued is how many poll messages wait for a registrar, those of the provider of codes
// included.
func (s *Server) Queued(client string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.registry.registrars[client]
	if r == nil {
		return 0
	}
	return len(r.queue) + len(r.vspQueue)
}
