package sandbox

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/verinym/verinym/epp"
)

// FaultKind is what goes wrong.
type FaultKind string

const (
	FaultCode        FaultKind = "code"         // not carried out; answered with Fault.Code
	FaultDropBefore  FaultKind = "drop_before"  // not carried out; connection dropped
	FaultDropAfter   FaultKind = "drop_after"   // carried out; connection dropped before the answer
	FaultSlow        FaultKind = "slow"         // carried out; answered Fault.Delay later
	FaultGarbage     FaultKind = "garbage"      // carried out; answered with bytes that are no XML
	FaultHalfFrame   FaultKind = "half_frame"   // carried out; half of the answer, then dropped
	FaultWrongClTRID FaultKind = "wrong_cltrid" // carried out; answered under another clTRID
	FaultReorder     FaultKind = "reorder"      // carried out; answered after the answer to the next command
	FaultCut         FaultKind = "cut"          // not carried out; the whole registry is out of reach for Fault.Delay
)

// Fault is a rule: which commands go wrong, and how. Empty fields match
// everything. The audit interface counts as Verb "evidence" and "state"; there
// FaultCode answers 503, and kinds that need a frame do nothing.
type Fault struct {
	Verb   string `json:"verb,omitempty"`
	Object string `json:"object,omitempty"` // "domain", "contact", "host" or, at the provider, "verification"
	Name   string `json:"name,omitempty"`   // of the object; a pattern as of path.Match
	Client string `json:"client,omitempty"`

	Kind  FaultKind     `json:"kind"`
	Code  int           `json:"code,omitempty"`  // of FaultCode, such as 2400, 2500, 2502
	Delay time.Duration `json:"delay,omitempty"` // of FaultSlow and FaultCut, in the registry's time; a cut without one lasts until it is lifted. Of FaultReorder, in wall time: the longest wait for a next command, default 1 s

	Every int `json:"every,omitempty"` // strike every Nth match; 0 is each
	Times int `json:"times,omitempty"` // strike so often; 0 is without end
}

// rule is a fault with its history.
type rule struct {
	Fault
	seen, struck int
}

func (f Fault) validate() error {
	kinds := []FaultKind{FaultCode, FaultDropBefore, FaultDropAfter, FaultSlow, FaultGarbage, FaultHalfFrame, FaultWrongClTRID, FaultReorder, FaultCut}
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("sandbox: fault kind %q unknown", f.Kind)
	case f.Kind == FaultCode && (f.Code < 2000 || epp.CodeText(f.Code) == ""):
		return fmt.Errorf("sandbox: fault code %d is not a failure of RFC 5730", f.Code)
	case f.Every < 0 || f.Times < 0 || f.Delay < 0:
		return fmt.Errorf("sandbox: fault with a negative number")
	}
	if _, err := path.Match(f.Name, ""); err != nil {
		return fmt.Errorf("sandbox: fault name pattern %q: %w", f.Name, err)
	}
	return nil
}

// SetFaults replaces all rules. The first rule that strikes a command wins.
func (s *Server) SetFaults(faults ...Fault) error {
	rules := make([]*rule, len(faults))
	for i, f := range faults {
		if err := f.validate(); err != nil {
			return err
		}
		rules[i] = &rule{Fault: f}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = rules
	return nil
}

// FaultCount is a rule with how often it matched and struck.
type FaultCount struct {
	Fault
	Seen   int `json:"seen"`
	Struck int `json:"struck"`
}

// Faults lists the rules that are set.
func (s *Server) Faults() []FaultCount {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]FaultCount, len(s.rules))
	for i, r := range s.rules {
		list[i] = FaultCount{r.Fault, r.seen, r.struck}
	}
	return list
}

// ClearFaults removes all rules and lifts a cut.
func (s *Server) ClearFaults() {
	s.SetFaults()
	s.Restore()
}

// Cut makes the registry unreachable: sessions are dropped, and so are new
// connections, until d has passed on the registry's clock or [Server.Restore] is
// called; 0 is until then.
func (s *Server) Cut(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut(d)
}

// Restore ends a cut.
func (s *Server) Restore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isCut = false
}

// cut is Cut with s.mu held.
func (s *Server) cut(d time.Duration) {
	s.isCut, s.cutUntil = true, time.Time{}
	if d > 0 {
		s.cutUntil = s.config.Clock.Now().Add(d)
	}
	for open := range s.sessions {
		open.drop()
	}
}

// reachable reports whether connections are taken. s.mu is held.
func (s *Server) reachable() bool {
	if s.isCut && !s.cutUntil.IsZero() && !s.config.Clock.Now().Before(s.cutUntil) {
		s.isCut = false
	}
	return !s.isCut
}

// strike finds the fault for a command, nil if it is spared. s.mu is held.
func (s *Server) strike(entry *Received) *Fault {
	for _, r := range s.rules {
		if !r.matches(entry) {
			continue
		}
		r.seen++
		if r.Every > 1 && r.seen%r.Every != 0 || r.Times > 0 && r.struck >= r.Times {
			continue
		}
		r.struck++
		entry.Fault = r.Kind
		return &r.Fault
	}
	return nil
}

func (f *Fault) matches(e *Received) bool {
	if f.Verb != "" && f.Verb != e.Verb || f.Object != "" && f.Object != e.Object || f.Client != "" && f.Client != e.Client {
		return false
	}
	if f.Name == "" {
		return true
	}
	ok, _ := path.Match(f.Name, e.Name)
	return ok
}
