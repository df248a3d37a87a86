package domain_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

var (
	created = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	expires = time.Date(2027, 3, 1, 8, 30, 0, 0, time.UTC)
)

// Commands are written as in the golden files, and read back as they were.
func TestCommands(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body  epp.Body
		parse func(*wire.Element, string) (epp.Body, error)
	}{
		"check": {
			domain.Check{Names: []string{"example.cn", "xn--fsqu00a.xn--fiqs8s"}},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseCheck(e) },
		},
		"info": {
			domain.Info{Name: "example.cn"},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseInfo(e) },
		},
		"info-with-authinfo": {
			domain.Info{Name: "example.cn", Hosts: "none", AuthInfo: &epp.AuthInfo{PW: "2fooBAR", ROID: "JD1234-CN"}},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseInfo(e) },
		},
		"create": {
			domain.Create{
				Name: "example.cn", Period: domain.Years(2),
				NS:         domain.NameServers{Objects: []string{"ns1.example.net", "ns2.example.net"}},
				Registrant: "vn000001",
				Contacts:   []domain.Contact{{Type: "admin", ID: "vn000002"}, {Type: "tech", ID: "vn000002"}},
				AuthInfo:   &epp.AuthInfo{PW: `2foo<BAR>&"`},
			},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseCreate(e) },
		},
		"create-with-host-attributes": {
			domain.Create{
				Name: "example.com", Period: domain.Period{Value: 6, Unit: "m"},
				NS: domain.NameServers{Attributes: []domain.HostAttr{
					{Name: "ns1.example.com", Addresses: []domain.HostAddr{{IP: "192.0.2.2", Version: "v4"}, {IP: "2001:db8::2", Version: "v6"}}},
					{Name: "ns1.example.net"},
				}},
				AuthInfo: &epp.AuthInfo{},
			},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseCreate(e) },
		},
		"update": {
			domain.Update{
				Name: "example.cn",
				Add:  domain.AddRem{NS: domain.NameServers{Objects: []string{"ns2.example.net"}}, Statuses: []domain.Status{{Value: epp.ClientHold, Text: "未付款", Lang: "zh"}}},
				Rem:  domain.AddRem{Contacts: []domain.Contact{{Type: "tech", ID: "vn000002"}}, Statuses: domain.Statuses(epp.ClientUpdateProhibited, epp.ClientDeleteProhibited)},
				Chg:  domain.Change{Registrant: "vn000003", AuthInfo: &epp.AuthInfo{PW: "2BARfoo"}},
			},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseUpdate(e) },
		},
		"update-registrant": {
			domain.Update{Name: "example.cn", Chg: domain.Change{Registrant: "vn000003"}},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseUpdate(e) },
		},
		"update-removing": {
			domain.Update{Name: "example.cn", Chg: domain.Change{RemoveRegistrant: true, RemoveAuthInfo: true}},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseUpdate(e) },
		},
		"delete": {
			domain.Delete{Name: "example.cn"},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseDelete(e) },
		},
		"renew": {
			domain.Renew{Name: "example.cn", CurExpDate: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Period: domain.Years(1)},
			func(e *wire.Element, _ string) (epp.Body, error) { return domain.ParseRenew(e) },
		},
		"transfer-request": {
			domain.Transfer{Op: "request", Name: "example.cn", Period: domain.Years(1), AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}},
			func(e *wire.Element, op string) (epp.Body, error) { return domain.ParseTransfer(e, op) },
		},
		"transfer-query": {
			domain.Transfer{Op: "query", Name: "example.cn"},
			func(e *wire.Element, op string) (epp.Body, error) { return domain.ParseTransfer(e, op) },
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
			if request.Verb != tt.body.Verb() || request.ClTRID != "VN-12345" {
				t.Errorf("read %s with clTRID %q", request.Verb, request.ClTRID)
			}
			got, err := tt.parse(request.Object, request.Op)
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
		code  int
		data  epp.Data
		queue *epp.MessageQueue
		parse func(*wire.Element) (epp.Data, error)
	}{
		"check": {
			code: epp.CodeOK,
			data: domain.CheckData{{Name: "example.cn", Available: true}, {Name: "taken.cn", Reason: "已注册", Lang: "zh"}},
			parse: func(e *wire.Element) (epp.Data, error) {
				return domain.ParseCheckData(e)
			},
		},
		"create": {
			code:  epp.CodeOK,
			data:  domain.CreateData{Name: "example.cn", CrDate: created, ExDate: expires},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParseCreateData(e) },
		},
		"renew": {
			code:  epp.CodeOK,
			data:  domain.RenewData{Name: "example.cn", ExDate: expires},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParseRenewData(e) },
		},
		"info": {
			code: epp.CodeOK,
			data: &domain.InfoData{
				Name: "example.cn", ROID: "D1-SANDBOX",
				Statuses:   []domain.Status{{Value: epp.ServerHold, Text: "real name not verified", Lang: "en"}, {Value: epp.ClientTransferProhibited}},
				Registrant: "vn000001", Contacts: []domain.Contact{{Type: "admin", ID: "vn000002"}},
				NS: domain.NameServers{Objects: []string{"ns1.example.net"}}, Hosts: []string{"ns1.example.cn"},
				ClID: "verinym", CrID: "verinym", CrDate: created, UpID: "verinym", UpDate: created.Add(time.Hour + 250*time.Millisecond),
				ExDate: expires, TrDate: created.Add(2 * time.Hour), AuthInfo: &epp.AuthInfo{PW: "2fooBAR"},
			},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParseInfoData(e) },
		},
		"info-thin": {
			code:  epp.CodeOK,
			data:  &domain.InfoData{Name: "example.com", ROID: "D2-SANDBOX", Statuses: domain.Statuses(epp.StatusOK), ClID: "verinym"},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParseInfoData(e) },
		},
		"transfer": {
			code: epp.CodePending,
			data: domain.TransferData{
				Name: "example.cn", Status: "pending", ReID: "gaining", ReDate: created,
				AcID: "verinym", AcDate: created.AddDate(0, 0, 5), ExDate: expires,
			},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParseTransferData(e) },
		},
		"pending": {
			code:  epp.CodeMessage,
			data:  domain.PendingData{Name: "example.cn", Done: true, ClTRID: "VN-12345", SvTRID: "SV-1", Date: created},
			queue: &epp.MessageQueue{Count: 3, ID: "12345", Date: created, Message: "Pending action completed successfully."},
			parse: func(e *wire.Element) (epp.Data, error) { return domain.ParsePendingData(e) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := epp.Reply{Code: tt.code, Data: tt.data, Queue: tt.queue, ClTRID: "VN-12346", SvTRID: "SV-2"}
			golden := epptest.Golden(t, "answer-"+name, reply.AppendXML(nil))
			response, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if response.Code() != tt.code || !reflect.DeepEqual(response.Queue, tt.queue) {
				t.Errorf("read code %d, queue %+v", response.Code(), response.Queue)
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

// An answer of a registry with habits of its own: other prefixes, schema
// locations, elements of a later version.
func TestForeignAnswerIsRead(t *testing.T) {
	t.Parallel()
	response, err := epp.ParseResponse(epptest.Document(t, "foreign-info"), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := domain.ParseInfoData(response.Data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "example.cn" || !got.Has(epp.StatusOK) || got.Registrant != "cnnic" || got.NS.Objects[0] != "ns.m.cn" ||
		!got.CrDate.Equal(time.Date(2015, 2, 6, 4, 1, 21, 0, time.UTC)) || got.AuthInfo != nil {
		t.Errorf("got %+v", got)
	}
	if len(response.Extensions) != 1 || response.Extension("urn:ietf:params:xml:ns:rgp-1.0") == nil {
		t.Errorf("extensions %v", response.Extensions)
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/[ac]*.xml")
}
