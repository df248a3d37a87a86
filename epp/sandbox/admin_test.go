package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/sandbox"
)

// admin calls the admin interface and decodes its answer into out.
func (w *world) admin(method, path, body string, out any) int {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), method, w.server.AdminURL()+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	if out != nil {
		if err := json.NewDecoder(response.Body).Decode(out); err != nil {
			w.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return response.StatusCode
}

func administered(t *testing.T) *world {
	t.Helper()
	w := open(t, func(c *sandbox.Config) {
		c.AdminListen = "127.0.0.1:0"
		c.Registrars[0].Balance, c.Registrars[1].Balance = 0, 0 // credit without limit
	})
	w.person("holder-1", "张三")
	w.register("example.cn", "holder-1")
	return w
}

func TestAdminMovesTheClock(t *testing.T) {
	t.Parallel()
	w := administered(t)
	var answer struct{ Time time.Time }
	if code := w.admin("POST", "/clock/advance", `{"seconds": 3600}`, &answer); code != http.StatusOK || !answer.Time.Equal(start.Add(naming)) {
		t.Errorf("%d %v", code, answer)
	}
	w.expect("example.cn: after custom naming-verification verified, pendingCompliance")
	if code := w.admin("POST", "/clock/advance", `{"seconds": -1}`, nil); code != http.StatusBadRequest {
		t.Errorf("backwards: %d", code)
	}
	if code := w.admin("POST", "/clock/advance", `{"seconds": 1e11}`, nil); code != http.StatusBadRequest {
		t.Errorf("into another age: %d", code)
	}
}

func TestAdminShowsTheState(t *testing.T) {
	t.Parallel()
	w := administered(t)
	w.server.Advance(naming)
	var state struct {
		Commands, Sessions, Contacts int
		Queues                       map[string]int
		Domains                      map[string]struct {
			Sponsor, Registrant string
			Statuses            []string
			Naming              struct{ State string }
		}
	}
	w.admin("GET", "/state", "", &state)
	d := state.Domains["example.cn"]
	if state.Commands != 3 || state.Sessions != 1 || state.Contacts != 1 || state.Queues["verinym"] != 1 ||
		d.Sponsor != "verinym" || d.Registrant != "holder-1" || d.Statuses[0] != epp.StatusOK || d.Naming.State != "verified" {
		t.Errorf("%+v", state)
	}
}

func TestAdminHoldsAndReleases(t *testing.T) {
	t.Parallel()
	w := administered(t)
	if code := w.admin("POST", "/domains/example.cn/hold", `{"set": true}`, nil); code != http.StatusNoContent {
		t.Errorf("hold: %d", code)
	}
	w.admin("POST", "/domains/example.cn/hold", `{"set": false}`, nil)
	w.expect(
		"example.cn: after update server-hold registry_decision, pendingCompliance serverHold",
		"example.cn: after update server-release registry_decision, pendingCompliance",
	)
	if code := w.admin("POST", "/domains/other.cn/hold", `{"set": true}`, nil); code != http.StatusNotFound {
		t.Errorf("no domain: %d", code)
	}
}

func TestAdminInjectsFaults(t *testing.T) {
	t.Parallel()
	w := administered(t)
	if code := w.admin("POST", "/faults", `[{"verb": "check", "kind": "code", "code": 2400, "times": 1}]`, nil); code != http.StatusNoContent {
		t.Fatalf("faults: %d", code)
	}
	w.do(epp.CodeFailed, domain.Check{Names: []string{"a.cn"}})
	w.do(epp.CodeOK, domain.Check{Names: []string{"a.cn"}})
	w.admin("POST", "/faults", `[{"kind": "cut", "seconds": 60}]`, nil)
	if _, err := w.conn.Do(t.Context(), epp.Command{Body: epp.Poll{}}); err == nil {
		t.Error("answered in spite of the cut")
	}
	if code := w.admin("DELETE", "/faults", "", nil); code != http.StatusNoContent {
		t.Errorf("clear: %d", code)
	}
	w.dial("verinym", nil)
	for _, bad := range []string{`[{"kind": "fire"}]`, `[{"colour": "red"}]`, `nonsense`} {
		if code := w.admin("POST", "/faults", bad, nil); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
}

func TestLogTellsEveryCommand(t *testing.T) {
	t.Parallel()
	w := administered(t)
	w.do(epp.CodeNotExists, domain.Info{Name: "nothing.cn"})
	w.do(epp.CodePolicy, domain.Update{Name: "example.cn", Rem: status(epp.ServerHold)})
	var log []sandbox.Received
	w.admin("GET", "/log?object=domain&name=example.cn", "", &log)
	if len(log) != 2 || log[0].Verb != "create" || log[0].Code != epp.CodeOK || log[1].Verb != "update" || log[1].Code != epp.CodePolicy {
		t.Fatalf("log %+v", log)
	}
	e := log[1]
	if e.Channel != "epp" || e.Client != "verinym" || e.Session == 0 || e.ClTRID == "" || e.SvTRID == "" || !e.Time.Equal(start) {
		t.Errorf("entry %+v", e)
	}
	if !strings.Contains(log[0].Frame, "example.cn") || strings.Contains(log[0].Frame, "domain-pw") {
		t.Errorf("frame %s", log[0].Frame)
	}
	if all := w.server.Log(); all[0].Verb != "login" || strings.Contains(all[0].Frame, "verinym-pw") || len(all) != 5 {
		t.Errorf("whole log %+v", all)
	}
}

func TestLogKeepsAllEntriesAndTheLatestFrames(t *testing.T) {
	t.Parallel()
	w := open(t, func(c *sandbox.Config) { c.LogFrames = 2 })
	for range 4 {
		w.do(epp.CodeNoMessages, epp.Poll{})
	}
	var frames []bool
	for _, e := range w.server.Log() {
		frames = append(frames, e.Frame != "")
	}
	want := []bool{false, false, false, true, true}
	if len(frames) != len(want) {
		t.Fatalf("%d entries", len(frames))
	}
	for i := range want {
		if frames[i] != want[i] {
			t.Errorf("frames %v, want %v", frames, want)
		}
	}
}

func TestAdminKeepsTheBooks(t *testing.T) {
	t.Parallel()
	w := administered(t)
	if code := w.admin("POST", "/registrars/verinym/payments", `{"amount": 5000}`, nil); code != http.StatusNoContent {
		t.Fatalf("payment: %d", code)
	}
	w.do(epp.CodeBilling, domain.Create{Name: "dear.com", AuthInfo: &epp.AuthInfo{}})
	var ledger []sandbox.LedgerEntry
	w.admin("GET", "/ledger?client=verinym", "", &ledger)
	if len(ledger) != 2 || ledger[0].Command != "create" || ledger[0].Object != "example.cn" || ledger[1].Balance != 5000 {
		t.Errorf("ledger %+v", ledger)
	}
	var others []sandbox.LedgerEntry
	if w.admin("GET", "/ledger?client=gaining", "", &others); others == nil || len(others) > 0 {
		t.Errorf("gaining's ledger is no empty list: %v", others)
	}
	var state struct{ Balances map[string]int64 }
	w.admin("GET", "/state", "", &state)
	if len(state.Balances) != 1 || state.Balances["verinym"] != 5000 {
		t.Errorf("balances %v", state.Balances)
	}
	if code := w.admin("POST", "/registrars/nobody/payments", `{"amount": 1}`, nil); code != http.StatusNotFound {
		t.Errorf("nobody's payment: %d", code)
	}
}

func TestAdminSetsStatuses(t *testing.T) {
	t.Parallel()
	w := administered(t)
	w.do(epp.CodeOK, host.Create{Name: "ns1.example.cn"})
	for path, command := range map[string]epp.Body{
		"/domains/example.cn/statuses":   domain.Update{Name: "example.cn", Add: status(epp.ClientHold)},
		"/contacts/holder-1/statuses":    contact.Update{ID: "holder-1", Chg: contact.Change{Email: "a@b.cn"}},
		"/hosts/ns1.example.cn/statuses": host.Update{Name: "ns1.example.cn", Add: host.AddRem{Addresses: host.Addrs("192.0.2.1")}},
	} {
		if code := w.admin("POST", path, `{"status": "serverUpdateProhibited", "set": true}`, nil); code != http.StatusNoContent {
			t.Errorf("%s: %d", path, code)
		}
		w.do(epp.CodeStatus, command)
		w.admin("POST", path, `{"status": "serverUpdateProhibited"}`, nil)
		w.do(epp.CodeOK, command)
	}
	for _, path := range []string{"/domains/none.cn/statuses", "/planets/x/statuses", "/contacts/none/statuses"} {
		if code := w.admin("POST", path, `{"status": "serverUpdateProhibited", "set": true}`, nil); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
}

func TestAdminShowsFaults(t *testing.T) {
	t.Parallel()
	w := administered(t)
	w.admin("POST", "/faults", `[{"verb": "check", "kind": "code", "code": 2400, "every": 2}]`, nil)
	w.do(epp.CodeOK, domain.Check{Names: []string{"a.cn"}})
	w.do(epp.CodeFailed, domain.Check{Names: []string{"a.cn"}})
	var faults []sandbox.FaultCount
	w.admin("GET", "/faults", "", &faults)
	if len(faults) != 1 || faults[0].Seen != 2 || faults[0].Struck != 1 || faults[0].Code != 2400 {
		t.Errorf("%+v", faults)
	}
}
