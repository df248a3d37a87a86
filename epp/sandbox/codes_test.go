package sandbox_test

import (
	"errors"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
)

// Every failure of RFC 5730 reaches a client as an error with its code and the
// registry's reasons, and with advice what to do.
func TestEveryResultCodeIsAnError(t *testing.T) {
	t.Parallel()
	advice := map[int]epp.Advice{
		epp.CodeVersion: epp.Unsupported, epp.CodeUnimplemented: epp.Unsupported, epp.CodeOption: epp.Unsupported,
		epp.CodeExtension: epp.Unsupported, epp.CodeService: epp.Unsupported,
		epp.CodeBilling: epp.StopBilling, epp.CodeAuthentication: epp.StopLogins, epp.CodeAuthClosing: epp.StopLogins,
		epp.CodeFailed: epp.BackOff, epp.CodeFailedClosing: epp.LookFirst, epp.CodeSessionLimit: epp.FewerSessions,
	}
	w := open(t, nil)
	codes := 0
	for code := 2000; code < 2600; code++ {
		if epp.CodeText(code) == "" {
			continue
		}
		codes++
		w.inject(sandbox.Fault{Verb: "info", Kind: sandbox.FaultCode, Code: code})
		_, err := w.conn.Do(t.Context(), epp.Command{Body: domain.Info{Name: "a.com"}, ClTRID: "code-1"})
		var e *epp.Error
		if !errors.As(err, &e) || e.Code != code || e.Message != epp.CodeText(code) || !e.Sent || e.ClTRID != "code-1" || e.SvTRID == "" || !errors.Is(err, epp.ResultCode(code)) {
			t.Errorf("%d: %+v", code, err)
			continue
		}
		if e.Advice() != advice[code] {
			t.Errorf("%d: advice %d, want %d", code, e.Advice(), advice[code])
		}
		if code >= epp.CodeFailedClosing {
			<-w.conn.Done()
			w.conn = w.dial("verinym", nil)
		}
	}
	if codes != 29 {
		t.Errorf("%d codes of failure", codes)
	}
}
