package secdns_test

import (
	"strings"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/secdns"
	"github.com/verinym/verinym/epp/wire"
)

var (
	ds  = secdns.DS{KeyTag: 12345, Alg: 8, DigestType: 2, Digest: "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC1234"}
	key = secdns.Key{Flags: 257, Protocol: 3, Alg: 8, PubKey: "AQPJ////4Q=="}
)

func withKey() secdns.DS {
	with := ds
	with.Key = &key
	return with
}

func TestCommands(t *testing.T) {
	t.Parallel()
	create := domain.Create{Name: "example.cn", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}}
	epptest.CommandExtension(t, "create", create, secdns.Create{MaxSigLife: 604800, Records: secdns.Records{DS: []secdns.DS{withKey()}}}, secdns.ParseCreate)
	epptest.CommandExtension(t, "create-with-keys", create, secdns.Create{Records: secdns.Records{Keys: []secdns.Key{key}}}, secdns.ParseCreate)
	update := domain.Update{Name: "example.cn"}
	epptest.CommandExtension(t, "update", update, secdns.Update{
		Urgent: true, Rem: secdns.Records{DS: []secdns.DS{ds}}, Add: secdns.Records{DS: []secdns.DS{withKey()}}, MaxSigLife: 605900,
	}, secdns.ParseUpdate)
	epptest.CommandExtension(t, "update-removing-all", update, secdns.Update{RemoveAll: true}, secdns.ParseUpdate)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	epptest.AnswerExtension(t, "info", nil, secdns.Info{Records: secdns.Records{DS: []secdns.DS{ds}}}, secdns.ParseInfo)
}

func TestRecordsOfAnotherFormAreRefused(t *testing.T) {
	t.Parallel()
	const good = `<s:dsData><s:keyTag>1</s:keyTag><s:alg>8</s:alg><s:digestType>1</s:digestType><s:digest>49fd</s:digest></s:dsData>`
	for _, change := range [][2]string{
		{"49fd", "49f"}, {"49fd", "none"}, {"49fd", ""}, {">1</s:keyTag>", ">65536</s:keyTag>"}, {">8<", ">256<"},
		{"</s:dsData>", `<s:keyData><s:flags>257</s:flags><s:protocol>3</s:protocol><s:alg>8</s:alg><s:pubKey>AQ=</s:pubKey></s:keyData></s:dsData>`},
		{"", ""},
	} {
		document := `<s:update xmlns:s="` + secdns.NS + `"><s:add>` + strings.Replace(good, change[0], change[1], 1) + `</s:add></s:update>`
		e, err := wire.Parse([]byte(document), wire.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := secdns.ParseUpdate(e); (err == nil) != (change[0] == "") {
			t.Errorf("%s: %v", document, err)
		}
	}
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-create", "command-create-with-keys", "command-update", "command-update-removing-all", "answer-info")
	readers := epptest.Readers{
		"create":  epptest.ExtensionReader(secdns.ParseCreate),
		"infData": epptest.ExtensionReader(secdns.ParseInfo),
		"update":  epptest.ExtensionReader(secdns.ParseUpdate),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
