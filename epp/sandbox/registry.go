package sandbox

import (
	"strconv"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// registry is the data and the rules of the registry. It knows no connections
// and no clock: whoever calls it says what time it is. The server's mutex guards
// it.
type registry struct {
	zones map[string]*Zone

	registrars     map[string]*registrar
	domains        map[string]*registration
	domainsByROID  map[string]*registration
	contacts       map[string]*contactRecord
	contactsByROID map[string]*contactRecord
	hosts          map[string]*hostRecord
	hostLinks      map[string]int             // references from domains, by name of host
	subordinates   map[string]map[string]bool // names of hosts, by the domain above them
	strictHosts    bool
	ledger         []LedgerEntry
	vsp            *vsp
	agenda         agenda

	seq      uint64 // of events
	serial   uint64 // of transactions and messages; starts with the time, so that no two runs share one
	objects  uint64 // of ROIDs
	revision uint64 // counts changes, for the state file
}

// registrar is a client with its poll queue.
type registrar struct {
	ID       string
	Password string
	changed  bool // the password, by the client itself
	queue    []*message
	vspQueue []*message // of the verification service provider
	sessions int
	balance  int64 // hundredths of the currency
	limited  bool  // no more credit than the balance
	second   int64 // of the registry's time, in which commands are counted
	commands int   // in that second
}

// verdict is the registry's decision about a name or a holder.
type verdict struct {
	State  verdictState `json:"state"`
	Reason string       `json:"reason,omitempty"` // code of a failure
	Date   time.Time    `json:"date,omitzero"`    // of the decision
}

type verdictState string

const (
	verdictNone     verdictState = "none"
	verdictInReview verdictState = "in_review"
	verdictVerified verdictState = "verified"
	verdictFailed   verdictState = "failed"
)

func (v verdict) decided() bool { return v.State == verdictVerified || v.State == verdictFailed }

// contactRecord is a contact with what the registry knows about its identity.
type contactRecord struct {
	Data     contact.InfoData
	Identity cnnic.Contact
	Verdict  verdict
	Evidence *evidence // the latest, nil if there was none
	Round    int       // of reviews
	Transfer *transfer // the latest, pending or not
	For      string    // the repository that cnnic-registry named

	links      int                      // references from domains
	registrant map[string]*registration // domains that have it as registrant, by ROID
}

func newRegistry(c Config) *registry {
	r := &registry{
		zones:          map[string]*Zone{},
		registrars:     map[string]*registrar{},
		domains:        map[string]*registration{},
		domainsByROID:  map[string]*registration{},
		contacts:       map[string]*contactRecord{},
		contactsByROID: map[string]*contactRecord{},
		hosts:          map[string]*hostRecord{},
		hostLinks:      map[string]int{},
		subordinates:   map[string]map[string]bool{},
		strictHosts:    c.StrictHosts,
		vsp:            newVSP(c),
		serial:         uint64(c.Clock.Now().UnixMilli()) * 1000,
	}
	for i := range c.Zones {
		r.zones[c.Zones[i].Suffix] = &c.Zones[i]
	}
	for _, client := range c.Registrars {
		r.registrars[client.ClientID] = &registrar{
			ID: client.ClientID, Password: client.Password, balance: client.Balance, limited: client.Balance != 0,
		}
	}
	return r
}

// nextSvTRID identifies a transaction.
func (r *registry) nextSvTRID() string {
	r.serial++
	return "SB-" + strconv.FormatUint(r.serial, 36)
}

// nextROID identifies an object; kind is "D" or "C".
func (r *registry) nextROID(kind string) string {
	r.objects++
	return kind + strconv.FormatUint(r.objects, 10) + "-SANDBOX"
}
