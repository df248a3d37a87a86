package nv_test

import (
	"testing"
	"time"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/nv"
)

var when = time.Date(2015, 9, 3, 22, 0, 0, 0, time.UTC)

func inputs() (name, holder nv.Input) {
	name.DNV = &nv.DNV{Name: "xn--fsq270a", RNVCode: "1-abc111"}
	holder.RNV = &nv.RNV{
		Role: nv.Person, Name: "张三", Num: "990000199003071171", ProofType: nv.ProofOfCitizen,
		Documents: []nv.Document{{FileType: "jpg", Content: []byte("front")}, {FileType: "jpg", Content: []byte("back")}},
	}
	return name, holder
}

func TestCommands(t *testing.T) {
	t.Parallel()
	name, holder := inputs()
	password := &epp.AuthInfo{PW: "2fooBAR"}
	epptest.Body(t, "check", nv.Check{Names: []string{"xn--fsq270a", "example"}}, nv.ParseCheck)
	epptest.Body(t, "create-name", nv.Create{Input: name, AuthInfo: password}, nv.ParseCreate)
	epptest.Body(t, "create-holder", nv.Create{Input: holder, AuthInfo: password}, nv.ParseCreate)
	epptest.Body(t, "info", nv.Info{Code: "1-abc111"}, nv.ParseInfo)
	epptest.Body(t, "info-input", nv.Info{Type: nv.InfoInput, Code: "1-abc111", AuthInfo: password}, nv.ParseInfo)
	epptest.Body(t, "update", nv.Update{Code: "1-abc111", AuthInfo: password}, nv.ParseUpdate)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	name, holder := inputs()
	code := nv.Code{Type: nv.TypeDomain, Value: "1-abc123"}
	epptest.Data(t, "check", epp.CodeOK, nv.CheckData{
		{Name: "example", Available: true}, {Name: "xn--fsq270a", Available: true, Restricted: true}, {Name: "fail", Reason: "In Prohibited Lists.", Lang: "en"},
	}, nv.ParseCheckData)
	epptest.Data(t, "created", epp.CodeOK, nv.CreateData{Status: nv.Compliant, Code: code, CrDate: when, EncodedSignedCode: "PHNpZ25lZENvZGUvPg=="}, nv.ParseCreateData)
	epptest.Data(t, "pending", epp.CodePending, nv.CreateData{Status: nv.PendingCompliant, Code: code, CrDate: when}, nv.ParseCreateData)
	epptest.Data(t, "failed", epp.CodeRange, nv.CreateData{Status: nv.NonCompliant, Message: "The name of the object is not correct."}, nv.ParseCreateData)
	epptest.Data(t, "signed-code", epp.CodeOK, &nv.InfoData{Code: code, Status: nv.Compliant, AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}, EncodedSignedCode: "PHNpZ25lZENvZGUvPg=="}, nv.ParseInfoData)
	epptest.Data(t, "input-name", epp.CodeOK, &nv.InfoData{Input: &name}, nv.ParseInfoData)
	epptest.Data(t, "input-holder", epp.CodeOK, &nv.InfoData{Input: &holder, AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}}, nv.ParseInfoData)
	epptest.Data(t, "pending-done", epp.CodeMessage, nv.PendingData{Code: code, Status: nv.Compliant, Message: "The object has passed verification.", Date: when}, nv.ParsePendingData)
}

// In the form that the Verisign EPP SDK writes
// (com.verisign.epp.codec.nv.EPPNameVerificationTst): other prefixes, schema
// locations, time zones.
func TestForeignAnswer(t *testing.T) {
	t.Parallel()
	epptest.Foreign(t, "pending", nv.NS, nv.CreateData{
		Status: nv.PendingCompliant, Code: nv.Code{Type: nv.TypeDomain, Value: "1-abc123"}, CrDate: when,
	}, nv.ParseCreateData)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-create-name", "command-create-holder", "command-info", "command-info-input", "command-update",
		"answer-check", "answer-created", "answer-pending", "answer-failed", "answer-signed-code", "answer-input-name", "answer-input-holder", "answer-pending-done")
	readers := epptest.Readers{
		"check":   epptest.BodyReader(nv.ParseCheck),
		"create":  epptest.BodyReader(nv.ParseCreate),
		"info":    epptest.BodyReader(nv.ParseInfo),
		"update":  epptest.BodyReader(nv.ParseUpdate),
		"chkData": epptest.DataReader(nv.ParseCheckData),
		"creData": epptest.DataReader(nv.ParseCreateData),
		"infData": epptest.DataReader(nv.ParseInfoData),
		"panData": epptest.DataReader(nv.ParsePendingData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
