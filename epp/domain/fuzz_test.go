package domain_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func command[T epp.Body](parse func(*wire.Element) (T, error)) func(*wire.Element) (epptest.Encode, error) {
	return func(e *wire.Element) (epptest.Encode, error) {
		v, err := parse(e)
		return v.AppendBody, err
	}
}

func answer[T epp.Data](parse func(*wire.Element) (T, error)) func(*wire.Element) (epptest.Encode, error) {
	return func(e *wire.Element) (epptest.Encode, error) {
		v, err := parse(e)
		if err != nil {
			return nil, err
		}
		return v.AppendData, nil
	}
}

func FuzzCommands(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-info-with-authinfo", "command-create", "command-create-with-host-attributes",
		"command-update", "command-update-removing", "command-delete", "command-renew", "command-transfer-request")
	readers := map[string]func(*wire.Element) (epptest.Encode, error){
		"check":  command(domain.ParseCheck),
		"info":   command(domain.ParseInfo),
		"create": command(domain.ParseCreate),
		"update": command(domain.ParseUpdate),
		"delete": command(domain.ParseDelete),
		"renew":  command(domain.ParseRenew),
		"transfer": command(func(e *wire.Element) (domain.Transfer, error) {
			return domain.ParseTransfer(e, "request")
		}),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}

func FuzzAnswers(f *testing.F) {
	epptest.Seeds(f, "answer-check", "answer-create", "answer-info", "answer-info-thin", "answer-renew", "answer-transfer", "answer-pending", "foreign-info")
	readers := map[string]func(*wire.Element) (epptest.Encode, error){
		"chkData": answer(domain.ParseCheckData),
		"creData": answer(domain.ParseCreateData),
		"infData": answer(domain.ParseInfoData),
		"renData": answer(domain.ParseRenewData),
		"trnData": answer(domain.ParseTransferData),
		"panData": answer(domain.ParsePendingData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
