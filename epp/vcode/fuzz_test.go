package vcode_test

import (
	"testing"

	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/vcode"
	"github.com/verinym/verinym/epp/wire"
)

func FuzzFrames(f *testing.F) {
	epptest.Seeds(f, "answer-not-applicable", "answer-pending", "answer-compliant", "command-info-profile", "command-create")
	readers := epptest.Readers{
		"info":  epptest.ExtensionReader(vcode.ParseInfo),
		"codes": epptest.ExtensionReader(vcode.ParseSignedCodes),
		"infData": func(e *wire.Element) (epptest.Encode, error) {
			d, err := vcode.ParseInfoData(e)
			if err != nil {
				return nil, err
			}
			return d.AppendExtension, nil
		},
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
