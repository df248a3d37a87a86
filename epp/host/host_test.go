package host_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/internal/epptest"
)

var when = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)

func TestCommands(t *testing.T) {
	t.Parallel()
	epptest.Body(t, "check", host.Check{Names: []string{"ns1.example.cn", "ns2.example.cn"}}, host.ParseCheck)
	epptest.Body(t, "info", host.Info{Name: "ns1.example.cn"}, host.ParseInfo)
	epptest.Body(t, "create", host.Create{Name: "ns1.example.cn", Addresses: host.Addrs("192.0.2.2", "2001:db8::8:800:200c:417a")}, host.ParseCreate)
	epptest.Body(t, "create-outside", host.Create{Name: "ns1.example.net"}, host.ParseCreate)
	epptest.Body(t, "delete", host.Delete{Name: "ns1.example.cn"}, host.ParseDelete)
	epptest.Body(t, "update", host.Update{
		Name: "ns1.example.cn",
		Add:  host.AddRem{Addresses: host.Addrs("192.0.2.22"), Statuses: epp.Statuses(epp.ClientUpdateProhibited)},
		Rem:  host.AddRem{Addresses: host.Addrs("2001:db8::1")}, NewName: "ns2.example.cn",
	}, host.ParseUpdate)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	epptest.Data(t, "check", epp.CodeOK, host.CheckData{{Name: "ns1.example.cn", Available: true}, {Name: "ns2.example.cn", Reason: "使用中", Lang: "zh"}}, host.ParseCheckData)
	epptest.Data(t, "create", epp.CodeOK, host.CreateData{Name: "ns1.example.cn", CrDate: when}, host.ParseCreateData)
	epptest.Data(t, "info", epp.CodeOK, &host.InfoData{
		Name: "ns1.example.cn", ROID: "NS1-CN", Statuses: epp.Statuses(epp.StatusLinked, epp.ClientUpdateProhibited),
		Addresses: host.Addrs("192.0.2.2", "2001:db8::1"), ClID: "verinym", CrID: "verinym", CrDate: when,
		UpID: "verinym", UpDate: when.Add(time.Hour), TrDate: when.Add(2 * time.Hour),
	}, host.ParseInfoData)
	epptest.Data(t, "pending", epp.CodeMessage, host.PendingData{Name: "ns1.example.cn", Done: true, ClTRID: "ABC-1", SvTRID: "SV-1", Date: when}, host.ParsePendingData)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-create", "command-update", "command-delete", "answer-check", "answer-create", "answer-info", "answer-pending")
	readers := epptest.Readers{
		"check":   epptest.BodyReader(host.ParseCheck),
		"info":    epptest.BodyReader(host.ParseInfo),
		"create":  epptest.BodyReader(host.ParseCreate),
		"delete":  epptest.BodyReader(host.ParseDelete),
		"update":  epptest.BodyReader(host.ParseUpdate),
		"chkData": epptest.DataReader(host.ParseCheckData),
		"creData": epptest.DataReader(host.ParseCreateData),
		"infData": epptest.DataReader(host.ParseInfoData),
		"panData": epptest.DataReader(host.ParsePendingData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
