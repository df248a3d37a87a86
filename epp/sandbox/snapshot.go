package sandbox

import (
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
)

// snapshot is the content of the state file.
type snapshot struct {
	Time       time.Time           `json:"time"`
	Seq        uint64              `json:"seq"`
	Serial     uint64              `json:"serial"`
	Objects    uint64              `json:"objects"`
	Agenda     []event             `json:"agenda"`
	Registrars []registrarSnapshot `json:"registrars"`
	Contacts   []contactSnapshot   `json:"contacts"`
	Domains    []domainSnapshot    `json:"domains"`
	Hosts      []hostRecord        `json:"hosts"`
	Ledger     []LedgerEntry       `json:"ledger"`

	VSPKey        string          `json:"vsp_key,omitempty"` // of test data, in a file for its owner only
	VSPSerial     uint64          `json:"vsp_serial,omitempty"`
	Verifications []*verification `json:"verifications,omitempty"`
}

type registrarSnapshot struct {
	ID       string     `json:"id"`
	Password string     `json:"password,omitempty"` // if the client has changed it
	Queue    []*message `json:"queue"`
	VSPQueue []*message `json:"vsp_queue,omitempty"`
	Balance  int64      `json:"balance"`
	Limited  bool       `json:"limited"`
}

type contactSnapshot struct {
	Data     contact.InfoData `json:"data"`
	Identity cnnic.Contact    `json:"identity"`
	Verdict  verdict          `json:"verdict"`
	Evidence *evidence        `json:"evidence,omitempty"`
	Round    int              `json:"round"`
	Transfer *transfer        `json:"transfer,omitempty"`
	For      string           `json:"for,omitempty"`
}

type domainSnapshot struct {
	State     *domainState    `json:"state"`
	Zone      string          `json:"zone"`
	Round     int             `json:"round"`
	RGPRound  int             `json:"rgp_round,omitempty"`
	Pending   *pendingCommand `json:"pending,omitempty"`
	Transfer  *transfer       `json:"transfer,omitempty"`
	ReleaseAt time.Time       `json:"release_at,omitzero"`
}

// snapshot copies the registry's state. What it shares with the registry is
// never altered.
func (r *registry) snapshot(now time.Time) *snapshot {
	s := &snapshot{Time: now, Seq: r.seq, Serial: r.serial, Objects: r.objects, Agenda: append([]event(nil), r.agenda...)}
	for _, client := range r.registrars {
		saved := registrarSnapshot{
			ID: client.ID, Queue: slices.Clone(client.queue), VSPQueue: slices.Clone(client.vspQueue), Balance: client.balance, Limited: client.limited,
		}
		if client.changed {
			saved.Password = client.Password
		}
		s.Registrars = append(s.Registrars, saved)
	}
	for _, c := range r.contacts {
		s.Contacts = append(s.Contacts, contactSnapshot{c.Data, c.Identity, c.Verdict, c.Evidence, c.Round, copied(c.Transfer), c.For})
	}
	for _, d := range r.domains {
		s.Domains = append(s.Domains, domainSnapshot{
			d.domainState, d.Zone.Suffix, d.Round, d.RGPRound, d.Pending, copied(d.Transfer), d.ReleaseAt,
		})
	}
	for _, h := range r.hosts {
		s.Hosts = append(s.Hosts, *h)
	}
	s.Ledger = slices.Clone(r.ledger)
	s.VSPSerial = r.vsp.serial
	for _, v := range r.vsp.records {
		s.Verifications = append(s.Verifications, copied(v))
	}
	return s
}

// copied is a copy of what the registry alters.
func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// restore fills an empty registry. Domains of zones that are no longer
// configured are left out, and so are registrars.
func (r *registry) restore(s *snapshot) {
	r.seq, r.objects = s.Seq, s.Objects
	r.serial = max(r.serial, s.Serial)
	r.agenda = s.Agenda
	heap.Init(&r.agenda)
	for _, saved := range s.Registrars {
		client := r.registrars[saved.ID]
		if client == nil {
			continue
		}
		client.queue, client.vspQueue = saved.Queue, saved.VSPQueue
		client.balance, client.limited = saved.Balance, saved.Limited
		if saved.Password != "" {
			client.Password, client.changed = saved.Password, true
		}
	}
	for _, saved := range s.Contacts {
		c := &contactRecord{
			Data: saved.Data, Identity: saved.Identity, Verdict: saved.Verdict, Evidence: saved.Evidence, Round: saved.Round,
			Transfer: saved.Transfer, For: saved.For, registrant: map[string]*registration{},
		}
		r.contacts[c.Data.ID], r.contactsByROID[c.Data.ROID] = c, c
	}
	for _, saved := range s.Domains {
		zone := r.zones[saved.Zone]
		if zone == nil {
			continue
		}
		d := &registration{
			domainState: saved.State, Zone: zone, Round: saved.Round, RGPRound: saved.RGPRound, Pending: saved.Pending,
			Transfer: saved.Transfer, ReleaseAt: saved.ReleaseAt,
		}
		r.domains[d.Name], r.domainsByROID[d.ROID] = d, d
		r.linkParties(d)
		if d.Pending != nil {
			r.link(d.Pending.Update.Chg.Registrant)
		}
	}
	for _, h := range s.Hosts {
		r.putHost(&h)
	}
	r.ledger, r.vsp.serial = s.Ledger, s.VSPSerial
	for _, v := range s.Verifications {
		r.vsp.records[v.Code.Value] = v
	}
}

// restoreState reads the state file. It reports whether there was one.
func (s *Server) restoreState() (bool, error) {
	if s.config.StateFile == "" {
		return false, nil
	}
	content, err := os.ReadFile(s.config.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sandbox: state file: %w", err)
	}
	var saved snapshot
	if err := json.Unmarshal(content, &saved); err != nil {
		return false, fmt.Errorf("sandbox: state file %s: %w", s.config.StateFile, err)
	}
	// A registry that was ahead of the wall clock stays ahead of it.
	if ahead := saved.Time.Sub(s.config.Clock.Now()); ahead > 0 {
		s.config.Clock.move(ahead)
	}
	s.registry.restore(&saved)
	if err := s.restoreLog(); err != nil {
		return false, err
	}
	return true, s.startVSP(saved.VSPKey)
}

// saveInterval is how much a crash can lose.
const saveInterval = 2 * time.Second

// keepState writes the state file now and then, and at the end.
func (s *Server) keepState() {
	if s.config.StateFile == "" {
		return
	}
	ticker := time.NewTicker(saveInterval)
	defer ticker.Stop()
	for last := false; !last; {
		select {
		case <-ticker.C:
		case <-s.done:
			last = true
		}
		if err := s.saveState(); err != nil {
			s.config.Log.Error("sandbox: state not saved", "error", err)
		}
	}
}

// saveState writes the state file if something has changed, whole or not at all.
func (s *Server) saveState() error {
	s.mu.Lock()
	revision := s.registry.revision
	entries, received := s.record.since(s.logged), s.record.len()
	if revision == s.saved && len(entries) == 0 {
		s.mu.Unlock()
		return nil
	}
	state := s.registry.snapshot(s.config.Clock.Now())
	state.VSPKey = s.providerKeyPEM()
	s.mu.Unlock()

	if err := s.saveLog(entries, received); err != nil {
		return err
	}
	content, err := json.Marshal(state)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(s.config.StateFile), ".sandbox-state-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(content)
	if err == nil {
		err = temporary.Sync()
	}
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temporary.Name(), s.config.StateFile)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.saved = revision
	s.mu.Unlock()
	return nil
}
