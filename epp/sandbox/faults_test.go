package sandbox_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// inject sets the registry's faults.
func (w *world) inject(faults ...sandbox.Fault) {
	w.Helper()
	if err := w.server.SetFaults(faults...); err != nil {
		w.Fatal(err)
	}
}

func TestFaultsStrike(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault   sandbox.Fault
		code    int   // of the error; 0 if there is no answer
		cause   error // of an error without code
		effect  bool  // the command was carried out
		goesOn  bool  // the session is alive afterwards
		logCode int
	}{
		"code 2400":    {sandbox.Fault{Kind: sandbox.FaultCode, Code: epp.CodeFailed}, epp.CodeFailed, nil, false, true, epp.CodeFailed},
		"code 2500":    {sandbox.Fault{Kind: sandbox.FaultCode, Code: epp.CodeFailedClosing}, epp.CodeFailedClosing, nil, false, false, epp.CodeFailedClosing},
		"code 2502":    {sandbox.Fault{Kind: sandbox.FaultCode, Code: epp.CodeSessionLimit}, epp.CodeSessionLimit, nil, false, false, epp.CodeSessionLimit},
		"drop before":  {sandbox.Fault{Kind: sandbox.FaultDropBefore}, 0, nil, false, false, 0},
		"drop after":   {sandbox.Fault{Kind: sandbox.FaultDropAfter}, 0, nil, true, false, epp.CodeOK},
		"garbage":      {sandbox.Fault{Kind: sandbox.FaultGarbage}, 0, epp.ErrOutOfStep, true, false, epp.CodeOK},
		"half a frame": {sandbox.Fault{Kind: sandbox.FaultHalfFrame}, 0, nil, true, false, epp.CodeOK},
		"wrong clTRID": {sandbox.Fault{Kind: sandbox.FaultWrongClTRID}, 0, epp.ErrOutOfStep, true, false, epp.CodeOK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil)
			tt.fault.Verb = "create"
			w.inject(tt.fault)
			_, err := w.conn.Do(t.Context(), epp.Command{Body: domain.Create{Name: "example.com", AuthInfo: &epp.AuthInfo{}}})
			var e *epp.Error
			if !errors.As(err, &e) || e.Code != tt.code || !e.Sent || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("error %+v", err)
			}
			log := w.server.LogOf("domain", "example.com")
			if len(log) != 1 || log[0].Fault != tt.fault.Kind || log[0].Code != tt.logCode {
				t.Errorf("log %+v", log)
			}
			if !tt.goesOn {
				<-w.conn.Done()
				w.conn = w.dial("verinym", nil)
			}
			code := epp.CodeNotExists
			if tt.effect {
				code = epp.CodeOK
			}
			w.do(code, domain.Info{Name: "example.com"})
		})
	}
}

func TestSlowAnswerComesWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.inject(sandbox.Fault{Verb: "check", Kind: sandbox.FaultSlow, Delay: time.Hour})
	call, err := w.conn.Start(t.Context(), epp.Command{Body: domain.Check{Names: []string{"example.cn"}}})
	if err != nil {
		t.Fatal(err)
	}
	other := w.dial("verinym", nil)
	hello := func() { // gives the registry time, without counting it
		if _, err := other.Hello(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for len(w.server.LogOf("domain", "example.cn")) == 0 {
		hello()
	}
	hello()
	select {
	case <-call.Done():
		t.Error("answered at once")
	default:
	}
	for waiting := true; waiting; {
		w.server.Advance(time.Hour)
		hello()
		select {
		case <-call.Done():
			waiting = false
		default:
		}
	}
	if _, err := call.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFaultsCountTheirMatches(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	busy := func(f sandbox.Fault) sandbox.Fault {
		f.Kind, f.Code = sandbox.FaultCode, epp.CodeFailed
		return f
	}
	tests := map[string]struct {
		fault sandbox.Fault
		want  []bool // whether each of the checks is struck
	}{
		"always":            {busy(sandbox.Fault{}), []bool{true, true, true, true, true}},
		"every second":      {busy(sandbox.Fault{Every: 2}), []bool{false, true, false, true, false}},
		"twice":             {busy(sandbox.Fault{Times: 2}), []bool{true, true, false, false, false}},
		"the second only":   {busy(sandbox.Fault{Every: 2, Times: 1}), []bool{false, true, false, false, false}},
		"another verb":      {busy(sandbox.Fault{Verb: "info"}), make([]bool, 5)},
		"another object":    {busy(sandbox.Fault{Object: "contact"}), make([]bool, 5)},
		"another client":    {busy(sandbox.Fault{Client: "gaining"}), make([]bool, 5)},
		"another name":      {busy(sandbox.Fault{Name: "*.com"}), make([]bool, 5)},
		"this very command": {busy(sandbox.Fault{Verb: "check", Object: "domain", Client: "verinym", Name: "*.cn", Times: 1}), []bool{true, false, false, false, false}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w.inject(tt.fault)
			for i, struck := range tt.want {
				_, err := w.conn.Do(t.Context(), epp.Command{Body: domain.Check{Names: []string{"example.cn"}}})
				if got := epp.CodeOf(err) == epp.CodeFailed; got != struck {
					t.Errorf("check %d: %v", i+1, err)
				}
			}
		})
	}
	w.server.ClearFaults()
	w.do(epp.CodeOK, domain.Check{Names: []string{"example.cn"}})
}

func TestCutRegistryIsOutOfReach(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.inject(sandbox.Fault{Verb: "check", Kind: sandbox.FaultCut, Delay: 10 * time.Minute, Times: 1})
	if _, err := w.conn.Do(t.Context(), epp.Command{Body: domain.Check{Names: []string{"example.cn"}}}); err == nil {
		t.Fatal("answered")
	}
	o := epp.Options{TLS: w.server.TLS(), ClientID: "verinym", Password: "verinym-pw"}
	if _, err := epp.Dial(t.Context(), w.server.Addr(), o); err == nil {
		t.Error("EPP is reachable")
	}
	if _, err := w.http.Get(w.server.AuditURL() + "/audit/v1/contacts/a"); err == nil {
		t.Error("the audit interface is reachable")
	}
	w.server.Advance(10 * time.Minute)
	w.conn = w.dial("verinym", nil)

	w.server.Cut(0)
	<-w.conn.Done()
	w.server.Advance(day)
	if _, err := epp.Dial(t.Context(), w.server.Addr(), o); err == nil {
		t.Error("EPP is reachable after a cut without end")
	}
	w.server.ClearFaults()
	w.dial("verinym", nil)
}

func TestFaultsStrikeTheAuditInterface(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.person("holder-1", "张三")
	evidence := personal("张三")
	const path = "/audit/v1/contacts/holder-1/evidence"

	w.inject(sandbox.Fault{Verb: "evidence", Kind: sandbox.FaultCode, Code: epp.CodeFailed})
	if status, answer := w.audit("verinym", "PUT", path, &evidence); status != http.StatusServiceUnavailable {
		t.Errorf("%d %v", status, answer)
	}
	for kind, want := range map[sandbox.FaultKind]string{sandbox.FaultDropBefore: "none", sandbox.FaultDropAfter: "in_review"} {
		w := open(t, nil)
		w.person("holder-1", "张三")
		w.inject(sandbox.Fault{Verb: "evidence", Kind: kind})
		contentType, body := evidence.body()
		if response, err := w.put(path, contentType, body); err == nil {
			t.Errorf("%s: answered %s", kind, response.Status)
		}
		if got := w.contactState("holder-1"); got != want {
			t.Errorf("%s: contact %s, want %s", kind, got, want)
		}
	}
}

func TestUnusableFaultsAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	for name, fault := range map[string]sandbox.Fault{
		"no kind":         {},
		"unknown kind":    {Kind: "fire"},
		"no code":         {Kind: sandbox.FaultCode},
		"code of success": {Kind: sandbox.FaultCode, Code: epp.CodeOK},
		"bad pattern":     {Kind: sandbox.FaultDropAfter, Name: "["},
		"negative":        {Kind: sandbox.FaultDropAfter, Every: -1},
	} {
		if err := w.server.SetFaults(fault); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
