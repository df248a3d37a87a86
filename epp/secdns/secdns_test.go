package secdns_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/secdns"
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
