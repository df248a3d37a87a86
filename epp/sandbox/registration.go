package sandbox

import (
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/vcode"
)

// registration is a domain in the registry.
type registration struct {
	*domainState // now; replaced by change, never altered

	Zone      *Zone
	Round     int            // of reviews: creation is the first, each new registrant another
	Pending   *pendingUpdate // the registrant change that was answered 1001
	ReleaseAt time.Time      // when the hold will be lifted; zero if that is not planned
}

// domainState is a domain at one moment. Poll messages keep the moment that they
// tell of.
type domainState struct {
	Name       string             `json:"name"`
	ROID       string             `json:"roid"`
	Registrant string             `json:"registrant,omitempty"`
	Contacts   []domain.Contact   `json:"contacts,omitempty"`
	NS         domain.NameServers `json:"ns,omitzero"`
	Client     []domain.Status    `json:"client_statuses,omitempty"`
	HeldFor    []holdCause        `json:"held_for,omitempty"`
	PendingUpd bool               `json:"pending_update,omitempty"`
	ClID       string             `json:"cl_id"`
	CrID       string             `json:"cr_id"`
	CrDate     time.Time          `json:"cr_date"`
	UpID       string             `json:"up_id,omitempty"`
	UpDate     time.Time          `json:"up_date,omitzero"`
	ExDate     time.Time          `json:"ex_date"`
	AuthInfo   epp.AuthInfo       `json:"auth_info"`
	Purveyor   cnnic.Domain       `json:"purveyor,omitzero"`

	Verify   bool      `json:"verify"` // the real-name policy applies
	Naming   verdict   `json:"naming"`
	RealName verdict   `json:"real_name"`
	Due      time.Time `json:"due,omitzero"`
}

// holdCause is why the registry holds a domain.
type holdCause string

const (
	heldUnverified holdCause = "verification_missing"
	heldByRegistry holdCause = "registry_decision"
)

// pendingUpdate is an update that waits for the registry's decision.
type pendingUpdate struct {
	Update domain.Update
	Client string // who asked
	ClTRID string
	SvTRID string
}

// change replaces the state by an altered copy.
func (d *registration) change(alter func(*domainState)) {
	next := *d.domainState
	alter(&next)
	d.domainState = &next
}

// verified reports whether both verdicts are in and good.
func (s *domainState) verified() bool {
	return s.Naming.State == verdictVerified && s.RealName.State == verdictVerified
}

func (s *domainState) held(cause holdCause) bool {
	for _, c := range s.HeldFor {
		if c == cause {
			return true
		}
	}
	return false
}

// clientHas reports whether the sponsor has set a status.
func (s *domainState) clientHas(status string) bool {
	for _, c := range s.Client {
		if c.Value == status {
			return true
		}
	}
	return false
}

// statuses puts the statuses together: ok stands alone, and a domain without
// delegation is inactive (RFC 5731 section 2.3).
func (s *domainState) statuses() []domain.Status {
	list := append([]domain.Status(nil), s.Client...)
	if len(s.HeldFor) > 0 {
		list = append(list, domain.Status{Value: epp.ServerHold})
	}
	if s.PendingUpd {
		list = append(list, domain.Status{Value: epp.PendingUpdate})
	}
	if s.NS.IsZero() {
		list = append(list, domain.Status{Value: epp.StatusInactive})
	}
	if len(list) == 0 {
		list = append(list, domain.Status{Value: epp.StatusOK})
	}
	return list
}

// info is the state as the sponsor sees it.
func (s *domainState) info() *domain.InfoData {
	authInfo := s.AuthInfo
	return &domain.InfoData{
		Name: s.Name, ROID: s.ROID, Statuses: s.statuses(),
		Registrant: s.Registrant, Contacts: s.Contacts, NS: s.NS,
		ClID: s.ClID, CrID: s.CrID, CrDate: s.CrDate, UpID: s.UpID, UpDate: s.UpDate, ExDate: s.ExDate,
		AuthInfo: &authInfo,
	}
}

// publicInfo is the state as other registrars see it.
func (s *domainState) publicInfo() *domain.InfoData {
	d := s.info()
	d.Registrant, d.Contacts, d.AuthInfo = "", nil, nil
	return d
}

// verification is the state of the verdicts at a time, in the profile "china".
func (s *domainState) verification(now time.Time) vcode.InfoData {
	if !s.Verify {
		return vcode.InfoData{Status: vcode.NotApplicable}
	}
	p := vcode.Profile{Name: "china"}
	add := func(kind, prefix string, v verdict) {
		if v.State == verdictVerified {
			p.Set = append(p.Set, vcode.Set{Type: kind, Code: prefix + strings.TrimSuffix(s.ROID, "-SANDBOX"), Date: v.Date})
		} else {
			p.Missing = append(p.Missing, vcode.Missing{Type: kind, Due: s.Due})
		}
	}
	add(vcode.TypeDomain, "1-N", s.Naming)
	add(vcode.TypeRealName, "1-R", s.RealName)
	switch {
	case len(p.Missing) == 0:
		p.Status = vcode.Compliant
	case now.Before(s.Due):
		p.Status = vcode.PendingCompliance
	default:
		p.Status = vcode.NonCompliant
	}
	return vcode.InfoData{Status: p.Status, Profiles: []vcode.Profile{p}}
}
