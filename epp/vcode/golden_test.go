package vcode_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

var when = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)

func TestInfo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]vcode.Info{"info": {}, "info-profile": {Profile: "china"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := epp.Command{Body: domain.Info{Name: "example.cn"}, Extensions: []epp.Extension{want}, ClTRID: "VN-1"}
			golden := epptest.Golden(t, "command-"+name, cmd.AppendXML(nil))
			request, err := epp.ParseRequest(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := vcode.ParseInfo(request.Extension(vcode.NS)); err != nil || got != want {
				t.Errorf("read back %+v, %v", got, err)
			}
		})
	}
}

func TestInfoData(t *testing.T) {
	t.Parallel()
	tests := map[string]vcode.InfoData{
		"not-applicable": {Status: vcode.NotApplicable},
		"pending": {Status: vcode.PendingCompliance, Profiles: []vcode.Profile{{
			Name: "china", Status: vcode.PendingCompliance,
			Missing: []vcode.Missing{{Type: vcode.TypeRealName, Due: when.AddDate(0, 0, 5)}},
			Set:     []vcode.Set{{Type: vcode.TypeDomain, Code: "1-abc111", Date: when}},
		}}},
		"compliant": {Status: vcode.Compliant, Profiles: []vcode.Profile{{
			Name: "china", Status: vcode.Compliant,
			Set: []vcode.Set{{Type: vcode.TypeDomain, Code: "1-abc111", Date: when}, {Type: vcode.TypeRealName, Code: "1-abc222", Date: when.Add(time.Hour)}},
		}}},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := epp.Reply{Code: epp.CodeOK, Extensions: []epp.Extension{want}, ClTRID: "VN-1", SvTRID: "SV-3"}
			golden := epptest.Golden(t, "answer-"+name, reply.AppendXML(nil))
			response, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := vcode.ParseInfoData(response.Extension(vcode.NS))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("read back\n%+v\nwant\n%+v", *got, want)
			}
			if p := got.Profile("china"); (p != nil) != (len(want.Profiles) > 0) {
				t.Errorf("profile china: %+v", p)
			}
		})
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

// The code is that of the sample in Net::DRI's tests of VerificationCode.pm,
// shortened.
func TestSignedCodes(t *testing.T) {
	t.Parallel()
	codes := vcode.SignedCodes{"ICAgICAgPHZlcmlmaWNhdGlvbkNvZGU6c2lnbmVkQ29kZQ==", "ICAgPHNpZ25lZENvZGUvPg=="}
	epptest.CommandExtension(t, "create", domain.Create{Name: "domain.example", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}}, codes, vcode.ParseSignedCodes)
	epptest.CommandExtension(t, "update", domain.Update{Name: "domain.example"}, codes[:1], vcode.ParseSignedCodes)
	epptest.CommandExtension(t, "renew", domain.Renew{Name: "domain.example", CurExpDate: when, Period: domain.Years(1)}, codes[:1], vcode.ParseSignedCodes)
	epptest.CommandExtension(t, "transfer", domain.Transfer{Op: epp.TransferOpRequest, Name: "domain.example", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}}, codes[1:], vcode.ParseSignedCodes)
}
