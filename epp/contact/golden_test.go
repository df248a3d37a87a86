package contact_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

var (
	created = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	ascii   = contact.PostalInfo{
		Type: contact.Int, Name: "Zhang San", Org: "Example Co., Ltd.",
		Addr: contact.Address{Street: []string{"4 South 4th Street", "Zhongguancun"}, City: "Beijing", SP: "Beijing", PC: "100190", CC: "CN"},
	}
	chinese = contact.PostalInfo{
		Type: contact.Loc, Name: "张三", Org: "例子有限公司",
		Addr: contact.Address{Street: []string{"中关村南四街4号"}, City: "北京", CC: "CN"},
	}
	voice = contact.Phone{Number: "+86.1058813000", Extension: "12"}
)

func ptr[T any](v T) *T { return &v }

// Commands are written as in the golden files, and read back as they were.
func TestCommands(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body  epp.Body
		parse func(*wire.Element) (epp.Body, error)
	}{
		"check": {
			contact.Check{IDs: []string{"vn000001", "vn000002"}},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseCheck(e) },
		},
		"info": {
			contact.Info{ID: "vn000001"},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseInfo(e) },
		},
		"info-with-authinfo": {
			contact.Info{ID: "vn000001", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseInfo(e) },
		},
		"create": {
			contact.Create{
				ID: "vn000001", Postal: []contact.PostalInfo{ascii, chinese}, Voice: voice,
				Fax: contact.Phone{Number: "+86.1058813001"}, Email: "zhang@example.cn", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"},
				Disclose: &contact.Disclose{Flag: false, Name: []string{contact.Int, contact.Loc}, Addr: []string{contact.Loc}, Voice: true, Email: true},
			},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseCreate(e) },
		},
		"update": {
			contact.Update{
				ID:  "vn000001",
				Add: contact.Statuses(epp.ClientDeleteProhibited), Rem: contact.Statuses(epp.ClientUpdateProhibited),
				Chg: contact.Change{
					Postal: []contact.PostalChange{{Type: contact.Loc, Name: "李四", Org: ptr(""), Addr: &chinese.Addr}},
					Voice:  &voice, Fax: &contact.Phone{}, Email: "li@example.cn",
					AuthInfo: &epp.AuthInfo{PW: "2BARfoo"}, Disclose: &contact.Disclose{Flag: true, Org: []string{contact.Int}, Fax: true},
				},
			},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseUpdate(e) },
		},
		"update-email": {
			contact.Update{ID: "vn000001", Chg: contact.Change{Email: "li@example.cn"}},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseUpdate(e) },
		},
		"delete": {
			contact.Delete{ID: "vn000001"},
			func(e *wire.Element) (epp.Body, error) { return contact.ParseDelete(e) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := epp.Command{Body: tt.body, ClTRID: "VN-12345"}
			golden := epptest.Golden(t, "command-"+name, cmd.AppendXML(nil))
			request, err := epp.ParseRequest(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if request.Verb != tt.body.Verb() {
				t.Errorf("read %s", request.Verb)
			}
			got, err := tt.parse(request.Object)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.body) {
				t.Errorf("read back\n%+v\nwant\n%+v", got, tt.body)
			}
		})
	}
}

// Answers are written as in the golden files, and read back as they were.
func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data  epp.Data
		parse func(*wire.Element) (epp.Data, error)
	}{
		"check": {
			contact.CheckData{{ID: "vn000001", Available: true}, {ID: "vn000002", Reason: "In use"}},
			func(e *wire.Element) (epp.Data, error) { return contact.ParseCheckData(e) },
		},
		"create": {
			contact.CreateData{ID: "vn000001", CrDate: created},
			func(e *wire.Element) (epp.Data, error) { return contact.ParseCreateData(e) },
		},
		"info": {
			&contact.InfoData{
				ID: "vn000001", ROID: "C1-SANDBOX", Statuses: []contact.Status{{Value: epp.StatusOK}, {Value: epp.StatusLinked, Text: "2 domains", Lang: "en"}},
				Postal: []contact.PostalInfo{ascii, chinese}, Voice: voice, Fax: contact.Phone{Number: "+86.1058813001"}, Email: "zhang@example.cn",
				ClID: "verinym", CrID: "verinym", CrDate: created, UpID: "verinym", UpDate: created.Add(time.Hour), TrDate: created.Add(2 * time.Hour),
				AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}, Disclose: &contact.Disclose{Flag: false, Voice: true},
			},
			func(e *wire.Element) (epp.Data, error) { return contact.ParseInfoData(e) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := epp.Reply{Code: epp.CodeOK, Data: tt.data, ClTRID: "VN-12346", SvTRID: "SV-2"}
			golden := epptest.Golden(t, "answer-"+name, reply.AppendXML(nil))
			response, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := tt.parse(response.Data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.data) {
				t.Errorf("read back\n%+v\nwant\n%+v", got, tt.data)
			}
		})
	}
}

func TestPostalOf(t *testing.T) {
	t.Parallel()
	d := contact.InfoData{Postal: []contact.PostalInfo{chinese}}
	if got := d.PostalOf(contact.Loc); got == nil || got.Name != "张三" {
		t.Errorf("loc: %+v", got)
	}
	if got := d.PostalOf(contact.Int); got != nil {
		t.Errorf("int: %+v", got)
	}
}

func TestTransfers(t *testing.T) {
	t.Parallel()
	for _, want := range []contact.Transfer{
		{Op: epp.TransferOpRequest, ID: "sh8013", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}},
		{Op: epp.TransferOpApprove, ID: "sh8013"},
	} {
		epptest.Body(t, "transfer-"+want.Op, want, func(e *wire.Element) (contact.Transfer, error) { return contact.ParseTransfer(e, want.Op) })
	}
	at := time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	epptest.Data(t, "transfer", epp.CodePending, contact.TransferData{
		ID: "sh8013", Status: epp.TransferPending, ReID: "gaining", ReDate: at, AcID: "verinym", AcDate: at.AddDate(0, 0, 5),
	}, contact.ParseTransferData)
	epptest.Data(t, "pending", epp.CodeMessage, contact.PendingData{ID: "sh8013", ClTRID: "ABC-1", SvTRID: "SV-1", Date: at}, contact.ParsePendingData)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}
