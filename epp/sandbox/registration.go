package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
)

// registration is a domain in the registry.
type registration struct {
	*domainState // now; replaced by change, never altered

	Zone      *Zone
	Round     int             // of reviews: creation is the first, each new registrant another
	RGPRound  int             // of deletions and restores
	Pending   *pendingCommand // the command that was answered 1001
	Transfer  *transfer       // the latest, pending or not
	ReleaseAt time.Time       // when the hold will be lifted; zero if that is not planned
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
	Server     []string           `json:"server_statuses,omitempty"` // but serverHold
	ClID       string             `json:"cl_id"`
	CrID       string             `json:"cr_id"`
	CrDate     time.Time          `json:"cr_date"`
	UpID       string             `json:"up_id,omitempty"`
	UpDate     time.Time          `json:"up_date,omitzero"`
	ExDate     time.Time          `json:"ex_date"`
	TrDate     time.Time          `json:"tr_date,omitzero"`
	AuthInfo   epp.AuthInfo       `json:"auth_info"`
	Purveyor   cnnic.Domain       `json:"purveyor,omitzero"`

	DNSSEC secdns.Create `json:"dnssec,omitzero"`
	Grace  []grace       `json:"grace,omitempty"`
	RGP    string        `json:"rgp,omitempty"` // of a deleted domain: redemptionPeriod, pendingRestore, pendingDelete

	Profile  string    `json:"profile,omitempty"`  // of verification codes
	Required []string  `json:"required,omitempty"` // types of code that the client has to bring
	Codes    []codeSet `json:"codes,omitempty"`

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

// pendingCommand waits for the registry's decision.
type pendingCommand struct {
	Verb   epp.Verb
	Update domain.Update // of an update
	Period domain.Period // of a renewal
	Client string        // who asked
	ClTRID string
	SvTRID string
}

// change replaces the state by an altered copy.
func (d *registration) change(alter func(*domainState)) {
	next := *d.domainState
	alter(&next)
	d.domainState = &next
}

// verified reports whether all verdicts, or all codes, are in and good.
func (s *domainState) verified() bool {
	if len(s.Required) > 0 {
		return len(s.missingCodes()) == 0
	}
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
	for _, status := range s.Server {
		list = append(list, domain.Status{Value: status})
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
		ClID: s.ClID, CrID: s.CrID, CrDate: s.CrDate, UpID: s.UpID, UpDate: s.UpDate, ExDate: s.ExDate, TrDate: s.TrDate,
		AuthInfo: &authInfo,
	}
}

// publicInfo is the state as other registrars see it.
func (s *domainState) publicInfo() *domain.InfoData {
	d := s.info()
	d.Registrant, d.Contacts, d.AuthInfo = "", nil, nil
	return d
}

// setServer sets or lifts statuses that are the registry's.
func (s *domainState) setServer(on bool, statuses ...string) {
	list := slices.DeleteFunc(slices.Clone(s.Server), func(have string) bool { return slices.Contains(statuses, have) })
	if on {
		list = append(list, statuses...)
	}
	s.Server = list
}

// prohibitions are the statuses that keep a sponsor from a transform.
var prohibitions = map[epp.Verb][]string{
	epp.VerbDelete:   {epp.ClientDeleteProhibited, epp.ServerDeleteProhibited},
	epp.VerbRenew:    {epp.ClientRenewProhibited, epp.ServerRenewProhibited},
	epp.VerbTransfer: {epp.ClientTransferProhibited, epp.ServerTransferProhibited},
	epp.VerbUpdate:   {epp.ClientUpdateProhibited, epp.ServerUpdateProhibited},
}

// barred says why a transform is not possible now: something is pending, or a
// status prohibits it (RFC 5731 section 2.3).
func (s *domainState) barred(verb epp.Verb) *refusal {
	for _, status := range s.Server {
		switch status {
		case epp.PendingTransfer:
			return refuse(epp.CodePendingTransfer, "%s has a transfer pending", s.Name)
		case epp.PendingCreate, epp.PendingDelete, epp.PendingRenew, epp.PendingUpdate:
			return refuse(epp.CodeStatus, "%s is %s", s.Name, status)
		}
	}
	for _, status := range prohibitions[verb] {
		if s.clientHas(status) || slices.Contains(s.Server, status) {
			return refuse(epp.CodeStatus, "%s is %s", s.Name, status)
		}
	}
	return nil
}

// idle reports whether nothing is pending.
func (s *domainState) idle() bool {
	return !slices.ContainsFunc(s.Server, func(status string) bool { return strings.HasPrefix(status, "pending") })
}

// verification is the state of the verdicts or codes at a time.
func (s *domainState) verification(now time.Time) vcode.InfoData {
	if !s.Verify && len(s.Required) == 0 {
		return vcode.InfoData{Status: vcode.NotApplicable}
	}
	p := vcode.Profile{Name: s.Profile}
	for _, c := range s.Codes {
		p.Set = append(p.Set, vcode.Set{Type: c.Type, Code: c.Code, Date: c.Date})
	}
	for _, kind := range s.missingCodes() {
		p.Missing = append(p.Missing, vcode.Missing{Type: kind, Due: s.Due})
	}
	if s.Verify {
		s.addVerdict(&p, vcode.TypeDomain, "1-N", s.Naming)
		s.addVerdict(&p, vcode.TypeRealName, "1-R", s.RealName)
	}
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

// addVerdict shows a verdict of the registry's own as a code.
func (s *domainState) addVerdict(p *vcode.Profile, kind, prefix string, v verdict) {
	if v.State == verdictVerified {
		p.Set = append(p.Set, vcode.Set{Type: kind, Code: prefix + strings.TrimSuffix(s.ROID, "-SANDBOX"), Date: v.Date})
	} else {
		p.Missing = append(p.Missing, vcode.Missing{Type: kind, Due: s.Due})
	}
}
