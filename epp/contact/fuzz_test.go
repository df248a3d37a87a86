package contact_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-info-with-authinfo", "command-create", "command-update", "command-delete", "command-transfer-request",
		"answer-check", "answer-create", "answer-info", "answer-transfer", "answer-pending")
	readers := epptest.Readers{
		"check":  epptest.BodyReader(contact.ParseCheck),
		"info":   epptest.BodyReader(contact.ParseInfo),
		"create": epptest.BodyReader(contact.ParseCreate),
		"update": epptest.BodyReader(contact.ParseUpdate),
		"delete": epptest.BodyReader(contact.ParseDelete),
		"transfer": epptest.BodyReader(func(e *wire.Element) (contact.Transfer, error) {
			return contact.ParseTransfer(e, epp.TransferOpRequest)
		}),
		"trnData": epptest.DataReader(contact.ParseTransferData),
		"panData": epptest.DataReader(contact.ParsePendingData),
		"chkData": epptest.DataReader(contact.ParseCheckData),
		"creData": epptest.DataReader(contact.ParseCreateData),
		"infData": epptest.DataReader(contact.ParseInfoData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
