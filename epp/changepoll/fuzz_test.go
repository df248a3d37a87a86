package changepoll_test

import (
	"testing"

	"github.com/verinym/verinym/epp/changepoll"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

func FuzzChangeData(f *testing.F) {
	epptest.Seeds(f, "urs", "verdict")
	readers := map[string]func(*wire.Element) (epptest.Encode, error){
		"changeData": func(e *wire.Element) (epptest.Encode, error) {
			d, err := changepoll.ParseChangeData(e)
			return d.AppendExtension, err
		},
	}
	f.Fuzz(func(t *testing.T, doc []byte) { epptest.RoundTrip(t, doc, readers) })
}
