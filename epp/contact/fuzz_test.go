package contact_test

import (
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/contact"
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

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "command-check", "command-info-with-authinfo", "command-create", "command-update", "command-delete",
		"answer-check", "answer-create", "answer-info")
	readers := map[string]func(*wire.Element) (epptest.Encode, error){
		"check":   command(contact.ParseCheck),
		"info":    command(contact.ParseInfo),
		"create":  command(contact.ParseCreate),
		"update":  command(contact.ParseUpdate),
		"delete":  command(contact.ParseDelete),
		"chkData": answer(contact.ParseCheckData),
		"creData": answer(contact.ParseCreateData),
		"infData": answer(contact.ParseInfoData),
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
