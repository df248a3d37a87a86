package domain_test

import (
	"testing"

	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func FuzzCommands(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-info-with-authinfo", "command-create", "command-create-with-host-attributes",
		"command-update", "command-update-removing", "command-delete", "command-renew", "command-transfer-request")
	readers := epptest.Readers{
		"check":  epptest.BodyReader(domain.ParseCheck),
		"info":   epptest.BodyReader(domain.ParseInfo),
		"create": epptest.BodyReader(domain.ParseCreate),
		"update": epptest.BodyReader(domain.ParseUpdate),
		"delete": epptest.BodyReader(domain.ParseDelete),
		"renew":  epptest.BodyReader(domain.ParseRenew),
		"transfer": epptest.BodyReader(func(e *wire.Element) (domain.Transfer, error) {
			return domain.ParseTransfer(e, "request")
		}),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

func FuzzAnswers(f *testing.F) {
	epptest.Seeds(f, "answer-check", "answer-create", "answer-info", "answer-info-thin", "answer-renew", "answer-transfer", "answer-pending", "foreign-info")
	readers := epptest.Readers{
		"chkData": epptest.DataReader(domain.ParseCheckData),
		"creData": epptest.DataReader(domain.ParseCreateData),
		"infData": epptest.DataReader(domain.ParseInfoData),
		"renData": epptest.DataReader(domain.ParseRenewData),
		"trnData": epptest.DataReader(domain.ParseTransferData),
		"panData": epptest.DataReader(domain.ParsePendingData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
