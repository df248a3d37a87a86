package sandbox_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/sandbox"
	"github.com/verinym/verinym/epp/vcode"
)

func TestRegistrySurvivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	keep := func(c *sandbox.Config) {
		c.StateFile = file
		c.Zones[0].AsyncUpdates = true
	}
	w := open(t, keep)
	w.person("holder-1", "张三")
	w.person("holder-2", "李四")
	w.register("a.cn", "holder-1")
	w.register("b.cn", "holder-1")
	w.submit("holder-1", personal("张三"))
	w.server.Advance(naming)
	pending := w.do(epp.CodePending, domain.Update{Name: "b.cn", Chg: domain.Change{Registrant: "holder-2"}})
	first := w.do(epp.CodeMessage, epp.Poll{})
	w.conn.Close()
	if err := w.server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.server.CAFile()); !os.IsNotExist(err) {
		t.Errorf("CA file is left behind: %v", err)
	}

	again := open(t, keep)
	if got := again.server.Now(); !got.Equal(start.Add(naming)) {
		t.Errorf("clock shows %v", got)
	}
	if response := again.do(epp.CodeMessage, epp.Poll{}); *response.Queue != *first.Queue {
		t.Errorf("first message %+v, was %+v", response.Queue, first.Queue)
	}
	again.expect(
		"a.cn: after custom naming-verification verified, pendingCompliance",
		"b.cn: after custom naming-verification verified, pendingCompliance",
	)
	again.do(epp.CodeAssociation, contact.Delete{ID: "holder-2"})
	again.server.Advance(review - naming) // both the review and the pending update were under way
	again.expect(
		"a.cn: after custom real-name-verification verified, compliant",
		"b.cn: after custom real-name-verification verified, compliant",
		"b.cn: pending update of "+pending.ClTRID+" done=true",
		"b.cn: after custom naming-verification verified, pendingCompliance",
	)
	again.server.Advance(hold)
	again.expect("b.cn: after update server-hold verification_missing, nonCompliant serverHold")
	if again.do(epp.CodeOK, domain.Info{Name: "a.cn"}).SvTRID == pending.SvTRID {
		t.Error("a transaction identifier came twice")
	}
}

func TestBrokenStateFileStopsTheStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := sandbox.DefaultConfig()
	config.StateFile = file
	if _, err := sandbox.Start(t.Context(), config); err == nil {
		t.Error("started")
	}
}

// What a stranger's test left behind is there after a restart: objects, money,
// codes, and the log in which a duplicate would show.
func TestEverythingSurvivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	keep := func(c *sandbox.Config) {
		c.StateFile = file
		c.Registrars[0].Balance = 50000
		c.VSP.ReviewDelay = review
	}
	w := withProvider(t, keep)
	w.person("holder-1", "张三")
	w.register("a.cn", "holder-1")
	w.com("b.com")
	w.do(epp.CodeOK, host.Create{Name: "ns1.b.com", Addresses: host.Addrs("192.0.2.1")})
	w.do(epp.CodeOK, domain.Update{Name: "a.cn", Add: delegated("ns1.b.com")})
	gaining := w.dial("gaining", nil)
	w.doOn(gaining, epp.CodePending, contact.Transfer{Op: epp.TransferOpRequest, ID: "holder-1", AuthInfo: &epp.AuthInfo{PW: "contact-pw"}})
	w.doOn(gaining, epp.CodePending, transfer(epp.TransferOpRequest, "b.com"))
	pending := w.verify(epp.CodePending, label("c"))
	before := w.server.Log()
	gaining.Close()
	w.conn.Close()
	w.vsp.Close()
	w.server.Close()

	again := withProvider(t, keep)
	after := again.server.Log()
	for i, e := range before {
		if after[i].SvTRID != e.SvTRID || after[i].Verb != e.Verb || after[i].Name != e.Name || after[i].Frame != e.Frame || !after[i].Time.Equal(e.Time) {
			t.Errorf("log entry %d: %+v, was %+v", i, after[i], e)
		}
	}
	if balance, _ := again.server.Balance("verinym"); balance != 50000-3500-6000 || len(again.server.Ledger("verinym")) != 2 {
		t.Errorf("balance %d, ledger %v", balance, again.server.Ledger("verinym"))
	}
	if h := again.host("ns1.b.com"); !h.Has(epp.StatusLinked) || len(h.Addresses) != 1 {
		t.Errorf("host %+v", h)
	}
	again.server.Advance(5 * day)
	if info, err := domain.ParseInfoData(again.do(epp.CodeOK, domain.Info{Name: "b.com"}).Data); err != nil || info.ClID != "gaining" {
		t.Errorf("%+v, %v", info, err)
	}
	if info, err := contact.ParseInfoData(again.do(epp.CodeOK, contact.Info{ID: "holder-1", AuthInfo: &epp.AuthInfo{PW: "contact-pw"}}).Data); err != nil || info.ClID != "gaining" {
		t.Errorf("%+v, %v", info, err)
	}
	code, err := nv.ParseInfoData(again.doOn(again.vsp, epp.CodeOK, nv.Info{Code: pending.Code.Value}).Data)
	if err != nil {
		t.Fatal(err)
	}
	again.do(epp.CodeOK, domain.Create{Name: "c" + suffix, AuthInfo: &epp.AuthInfo{}}, vcode.SignedCodes{code.EncodedSignedCode})
}
