package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// The admin interface: plain HTTP without authentication, so only on a loopback
// address.
//
//	GET    /state                        clock, counts, domains with their statuses and verdicts, queue lengths, balances
//	GET    /log?object=&name=            received commands
//	GET    /ledger?client=               billed commands, refunds and payments, in hundredths
//	GET    /faults                       the rules that are set, and how often each has struck
//	POST   /faults                       a list of rules; replaces those before
//	DELETE /faults                       removes all rules and lifts a cut
//	POST   /clock/advance                {"seconds": 86400}
//	POST   /domains/{name}/hold          {"set": true}
//	POST   /{kind}/{name}/statuses       {"status": "serverUpdateProhibited", "set": true}; kind is domains, contacts or hosts
//	POST   /registrars/{client}/payments {"amount": 100000}, in hundredths; less than 0 takes away
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, s.adminState()) })
	mux.HandleFunc("GET /log", func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, s.LogOf(r.FormValue("object"), r.FormValue("name")))
	})
	mux.HandleFunc("GET /ledger", func(w http.ResponseWriter, r *http.Request) { answerJSON(w, s.Ledger(r.FormValue("client"))) })
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, s.Faults()) })
	mux.HandleFunc("POST /faults", s.adminFaults)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /clock/advance", s.adminAdvance)
	mux.HandleFunc("POST /domains/{name}/hold", adminDo(func(r *http.Request, in struct {
		Set bool `json:"set"`
	}) error {
		return s.SetHold(strings.ToLower(r.PathValue("name")), in.Set)
	}))
	mux.HandleFunc("POST /{kind}/{name}/statuses", adminDo(func(r *http.Request, in struct {
		Status string `json:"status"`
		Set    bool   `json:"set"`
	}) error {
		return s.SetStatus(strings.TrimSuffix(r.PathValue("kind"), "s"), r.PathValue("name"), in.Status, in.Set)
	}))
	mux.HandleFunc("POST /registrars/{client}/payments", adminDo(func(r *http.Request, in struct {
		Amount int64 `json:"amount"`
	}) error {
		return s.Pay(r.PathValue("client"), in.Amount)
	}))
	return mux
}

// adminDo does something to an object, and answers 404 with the reason if it
// cannot.
func adminDo[In any](do func(*http.Request, In) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if !readJSON(w, r, &in) {
			return
		}
		if err := do(r, in); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// adminState is the registry at a glance.
type adminState struct {
	Time     time.Time              `json:"time"`
	Sessions int                    `json:"sessions"`
	Commands int                    `json:"commands"` // received so far
	Contacts int                    `json:"contacts"`
	Hosts    int                    `json:"hosts"`
	Queues   map[string]int         `json:"queues"`   // poll messages by registrar
	Balances map[string]int64       `json:"balances"` // in hundredths, of registrars without unlimited credit
	Cut      bool                   `json:"cut"`
	Domains  map[string]adminDomain `json:"domains"`
}

type adminDomain struct {
	Sponsor    string    `json:"sponsor"`
	Registrant string    `json:"registrant,omitempty"`
	Statuses   []string  `json:"statuses"`
	Naming     verdict   `json:"naming"`
	RealName   verdict   `json:"real_name"`
	Due        time.Time `json:"due,omitzero"`
	Compliance string    `json:"compliance"` // as verificationCode-1.0 has it
	Expires    time.Time `json:"expires"`
	Grace      []string  `json:"grace,omitempty"`
}

func (s *Server) adminState() adminState {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Clock.Now()
	s.registry.catchUp(now)
	state := adminState{
		Time: now, Sessions: len(s.sessions), Commands: s.record.len(), Contacts: len(s.registry.contacts),
		Hosts: len(s.registry.hosts), Queues: map[string]int{}, Balances: map[string]int64{}, Cut: !s.reachable(),
		Domains: make(map[string]adminDomain, len(s.registry.domains)),
	}
	for id, r := range s.registry.registrars {
		state.Queues[id] = len(r.queue)
		if r.limited {
			state.Balances[id] = r.balance
		}
	}
	for name, d := range s.registry.domains {
		a := adminDomain{Sponsor: d.ClID, Registrant: d.Registrant, Naming: d.Naming, RealName: d.RealName, Due: d.Due, Expires: d.ExDate}
		a.Compliance = d.verification(now).Status
		periods, _ := d.rgpData(now)
		for _, p := range periods.Statuses {
			a.Grace = append(a.Grace, p.Value)
		}
		for _, status := range d.statuses() {
			a.Statuses = append(a.Statuses, status.Value)
		}
		state.Domains[name] = a
	}
	return state
}

// readJSON decodes a request's body, or answers 400.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// longestAdvance is how far the clock goes in one request.
const longestAdvance = 3653 * day

func (s *Server) adminAdvance(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seconds float64 `json:"seconds"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	if in.Seconds < 0 {
		http.Error(w, "the clock does not go back", http.StatusBadRequest)
		return
	}
	if in.Seconds > longestAdvance.Seconds() {
		http.Error(w, "the clock goes ten years forward at most", http.StatusBadRequest)
		return
	}
	s.Advance(time.Duration(in.Seconds * float64(time.Second)))
	answerJSON(w, map[string]time.Time{"time": s.Now()})
}

// adminFault is a rule as the interface takes it: with a delay in seconds.
type adminFault struct {
	Fault
	Seconds float64 `json:"seconds"`
}

func (s *Server) adminFaults(w http.ResponseWriter, r *http.Request) {
	var in []adminFault
	if !readJSON(w, r, &in) {
		return
	}
	faults := make([]Fault, len(in))
	for i, f := range in {
		faults[i] = f.Fault
		faults[i].Delay += time.Duration(f.Seconds * float64(time.Second))
	}
	if err := s.SetFaults(faults...); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
