package sandbox_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/sandbox"
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
