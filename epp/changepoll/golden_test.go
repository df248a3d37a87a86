package changepoll_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func TestChangeData(t *testing.T) {
	t.Parallel()
	tests := map[string]changepoll.ChangeData{
		"urs": {
			State: changepoll.Before, Operation: changepoll.Update, Op: "lock", Date: time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC),
			SvTRID: "SV-1", Who: "URS Admin", CaseType: "urs", CaseName: "urs", CaseID: "urs123", Reason: "URS锁定", ReasonLang: "zh",
		},
		"verdict": {
			State: changepoll.After, Operation: changepoll.Custom, Op: "real-name-verification", Date: time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC),
			SvTRID: "SV-2", Who: "registry", Reason: "verified",
		},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := epp.Reply{
				Code: epp.CodeMessage, Extensions: []epp.Extension{want}, ClTRID: "VN-1", SvTRID: "SV-3",
				Queue: &epp.MessageQueue{Count: 1, ID: "201", Date: want.Date, Message: "Registry initiated update of domain."},
			}
			golden := epptest.Golden(t, name, reply.AppendXML(nil))
			response, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := changepoll.ParseChangeData(response.Extension(changepoll.NS))
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("read back\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}

func TestStateIsAfterUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	e, err := wire.Parse([]byte(`<changeData xmlns="`+changepoll.NS+`"><operation>update</operation></changeData>`), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if d, err := changepoll.ParseChangeData(e); err != nil || d.State != changepoll.After {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}
