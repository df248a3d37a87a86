package sandbox

import (
	"slices"
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/fee"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/nv"
	"github.com/verinym/verinym/epp/rgp"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

// FuzzCommands: whatever a client sends, before or after others, is answered with
// a document that a client can read, and what the registry holds can be asked for.
func FuzzCommands(f *testing.F) {
	auth := &epp.AuthInfo{PW: "domain-pw"}
	person := contact.Create{ID: "holder-1", Email: "a@b.cn", AuthInfo: auth, Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "张三", Addr: contact.Address{City: "北京", CC: "CN"}}}}
	for _, seed := range []struct {
		body       epp.Body
		extensions []epp.Extension
	}{
		{person, []epp.Extension{cnnic.ContactCreate{Type: "I", IDType: "SFZ", IDNumber: "1"}, cnnic.RegistryCreate("cnnic")}},
		{contact.Update{ID: "seed-1", Chg: contact.Change{Email: "c@d.cn"}}, []epp.Extension{cnnic.ContactUpdate{Add: cnnic.Contact{Mobile: "+86.1"}}}},
		{contact.Transfer{Op: "request", ID: "foreign", AuthInfo: auth}, nil},
		{contact.Delete{ID: "seed-1"}, nil},
		{host.Create{Name: "ns1.seed.com", Addresses: host.Addrs("192.0.2.1")}, nil},
		{host.Update{Name: "ns1.seed.com", NewName: "ns2.seed.com", Add: host.AddRem{Addresses: host.Addrs("::1")}}, nil},
		{domain.Check{Names: []string{"a.cn", "b"}}, []epp.Extension{fee.Check{Commands: []fee.Command{{Name: fee.Create, Years: 1}}}}},
		{domain.Info{Name: "seed.com", Hosts: "all"}, []epp.Extension{vcode.Info{Profile: "china"}}},
		{domain.Create{Name: "a.cn", Registrant: "seed-1", Period: domain.Years(2), AuthInfo: auth}, []epp.Extension{cnnic.DomainCreate{Purveyor: "agent"}}},
		{domain.Create{Name: "a.xn--ses554g", AuthInfo: auth}, []epp.Extension{vcode.SignedCodes{"AAAA"}}},
		{domain.Update{Name: "seed.com", Add: domain.AddRem{Statuses: domain.Statuses(epp.ClientHold)}}, []epp.Extension{secdns.Update{RemoveAll: true}}},
		{domain.Update{Name: "seed.com"}, []epp.Extension{rgp.Update{Op: rgp.Request}}},
		{domain.Renew{Name: "seed.com", CurExpDate: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC), Period: domain.Years(1)}, nil},
		{domain.Transfer{Op: "request", Name: "foreign.com", AuthInfo: auth}, nil},
		{domain.Transfer{Op: "query", Name: "foreign.com"}, nil},
		{domain.Delete{Name: "seed.com"}, nil},
		{nv.Create{Input: nv.Input{DNV: &nv.DNV{Name: "a"}}}, nil},
		{nv.Create{Input: nv.Input{RNV: &nv.RNV{Role: nv.Person, Name: "b", Num: "c", ProofType: nv.ProofOfOther, Documents: []nv.Document{{FileType: "jpg", Content: []byte("d")}}}}}, nil},
		{nv.Info{Code: "1-n1"}, nil},
		{epp.Poll{}, nil},
		{epp.Ack{ID: "1"}, nil},
	} {
		f.Add(epp.Command{Body: seed.body, Extensions: seed.extensions, ClTRID: "fuzz-1"}.AppendXML(nil))
	}
	config := DefaultConfig()
	config.Clock = NewFrozenClock(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	config.VSP.Listen = "127.0.0.1:0"
	config.LogFrames = 1
	config.Seed = Seed{
		Contacts: []SeedContact{
			{ClientID: "verinym", Contact: contact.Create{ID: "seed-1", Email: "a@b.cn", Postal: person.Postal}, Identity: cnnic.Contact{Type: "I", IDType: "SFZ", IDNumber: "1"}},
			{ClientID: "gaining", Contact: contact.Create{ID: "foreign", Email: "a@b.cn", Postal: person.Postal, AuthInfo: auth}},
		},
		Domains: []SeedDomain{
			{ClientID: "verinym", Domain: domain.Create{Name: "seed.com", AuthInfo: auth}},
			{ClientID: "gaining", Domain: domain.Create{Name: "foreign.com", AuthInfo: auth}},
		},
	}
	server, err := Start(f.Context(), config)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { server.Close() })
	var sessions []*session
	for _, of := range []*service{registryService, vspService} {
		s := &session{server: server, service: of, client: "verinym", services: map[string]bool{}}
		for _, uri := range slices.Concat(of.objects, of.extensions) {
			s.services[uri] = true
		}
		sessions = append(sessions, s)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		for _, s := range sessions {
			request, err := epp.ParseRequest(frame, wire.Limits{Depth: 32})
			if request.Verb == epp.VerbLogin {
				return // it needs a connection
			}
			reply, _ := server.carryOut(s, request, err, frame)
			document := reply.AppendXML(nil)
			if answer, err := epp.ParseResponse(document, wire.Limits{}); err != nil || epp.CodeText(answer.Code()) == "" {
				t.Fatalf("answered %s: %v\n%s", document, err, frame)
			}
		}
		server.Advance(time.Minute)
	})
}
