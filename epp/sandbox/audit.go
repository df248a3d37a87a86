package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// The audit interface: HTTPS, HTTP Basic with the registrar's EPP credentials.
//
//	PUT /audit/v1/contacts/{id}/evidence   submit documents, see evidence.go
//	GET /audit/v1/contacts/{id}            {"state":"none|in_review|verified|failed","reason":""}
//	GET /audit/v1/domains/{name}           {"naming":{…},"real_name":{…},"due":"…","statuses":[…]}
//
// Failures are {"code","message"} with a status that fits: 401, 403 for another
// registrar's object, 404, 422 for evidence that is not acceptable.

// auditFailure is a refusal of the audit interface.
type auditFailure struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (s *Server) auditHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("PUT /audit/v1/contacts/{id}/evidence", s.audited("evidence", "contact", "id", s.putEvidence))
	mux.Handle("GET /audit/v1/contacts/{id}", s.audited("state", "contact", "id", s.getContact))
	mux.Handle("GET /audit/v1/domains/{name}", s.audited("state", "domain", "name", s.getDomain))
	return mux
}

// auditCall is one request to the audit interface.
type auditCall struct {
	http   *http.Request
	client string
	name   string
}

// audited wraps a handler with authentication, faults and the log. The handler
// returns the status and what to answer.
func (s *Server) audited(verb, object, wildcard string, handle func(*auditCall) (int, any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := &auditCall{http: r, name: strings.ToLower(r.PathValue(wildcard))}
		if object == "contact" {
			call.name = r.PathValue(wildcard)
		}
		s.mu.Lock()
		if !s.reachable() {
			s.mu.Unlock()
			panic(http.ErrAbortHandler)
		}
		call.client = s.authenticate(r)
		entry := Received{Time: s.config.Clock.Now(), Channel: channelAudit, Client: call.client, Verb: verb, Object: object, Name: call.name}
		fault := s.strike(&entry)
		if fault != nil && fault.Kind == FaultCut {
			s.cut(fault.Delay)
		}
		s.mu.Unlock()

		status, answer := 0, any(nil)
		switch {
		case fault != nil && (fault.Kind == FaultDropBefore || fault.Kind == FaultCut):
		case fault != nil && fault.Kind == FaultCode:
			status, answer = http.StatusServiceUnavailable, auditFailure{Code: "unavailable", Message: "fault injected"}
		case call.client == "":
			w.Header().Set("WWW-Authenticate", `Basic realm="audit"`)
			status, answer = http.StatusUnauthorized, auditFailure{Code: "unauthorized", Message: "unknown client or wrong password"}
		default:
			status, answer = handle(call)
		}
		entry.Code = status
		s.mu.Lock()
		s.record.add(entry, nil)
		s.mu.Unlock()
		s.auditAnswer(w, status, answer, fault)
	})
}

func (s *Server) auditAnswer(w http.ResponseWriter, status int, answer any, fault *Fault) {
	if fault != nil {
		switch fault.Kind {
		case FaultDropBefore, FaultDropAfter, FaultCut:
			panic(http.ErrAbortHandler)
		case FaultSlow:
			s.config.Clock.wait(s.config.Clock.Now().Add(fault.Delay), nil, s.done)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}

// authenticate returns the registrar of a request, or "". s.mu is held.
func (s *Server) authenticate(r *http.Request) string {
	id, password, ok := r.BasicAuth()
	if known := s.registry.registrars[id]; ok && known != nil && known.Password == password {
		return known.ID
	}
	return ""
}

func failed(f *auditFailure) (int, any) { return f.status, f }

// auditContact finds a contact of the caller's. s.mu is held.
func (s *Server) auditContact(call *auditCall) (*contactRecord, *auditFailure) {
	c := s.registry.contacts[call.name]
	if c == nil {
		return nil, &auditFailure{http.StatusNotFound, "not_found", "no such contact"}
	}
	if c.Data.ClID != call.client {
		return nil, &auditFailure{http.StatusForbidden, "forbidden", "another registrar's contact"}
	}
	return c, nil
}

// auditVerdict is a verdict as the audit interface shows it.
type auditVerdict struct {
	State  verdictState `json:"state"`
	Reason string       `json:"reason"`
}

func (s *Server) getContact(call *auditCall) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.registry.catchUp(s.config.Clock.Now())
	c, f := s.auditContact(call)
	if f != nil {
		return failed(f)
	}
	return http.StatusOK, auditVerdict{c.Verdict.State, c.Verdict.Reason}
}

// auditDomain is a domain as the audit interface shows it.
type auditDomain struct {
	Naming   auditVerdict `json:"naming"`
	RealName auditVerdict `json:"real_name"`
	Due      time.Time    `json:"due,omitzero"`
	Statuses []string     `json:"statuses"`
}

func (s *Server) getDomain(call *auditCall) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.registry.catchUp(s.config.Clock.Now())
	d := s.registry.domains[call.name]
	switch {
	case d == nil:
		return failed(&auditFailure{http.StatusNotFound, "not_found", "no such domain"})
	case d.ClID != call.client:
		return failed(&auditFailure{http.StatusForbidden, "forbidden", "another registrar's domain"})
	}
	answer := auditDomain{
		Naming:   auditVerdict{d.Naming.State, d.Naming.Reason},
		RealName: auditVerdict{verdictNone, ""},
		Due:      d.Due,
	}
	if c := s.registry.contacts[d.Registrant]; c != nil && d.Verify {
		answer.RealName = auditVerdict{c.Verdict.State, c.Verdict.Reason}
	}
	for _, status := range d.statuses() {
		answer.Statuses = append(answer.Statuses, status.Value)
	}
	return http.StatusOK, answer
}
