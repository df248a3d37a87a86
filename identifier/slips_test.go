package identifier_test

import (
	"math/rand/v2"
	"testing"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/sample"
)

// slipKinds are the kinds whose check character Parse insists on, with what it
// is known to miss.
var slipKinds = []struct {
	kind   identifier.Kind
	sample func(*rand.Rand) string
	misses func(right, wrong byte) bool
}{
	{identifier.ResidentID, sample.ResidentID, never},
	{identifier.HKMacaoResidencePermit, sample.HKMacaoResidencePermit, never},
	{identifier.TaiwanResidencePermit, sample.TaiwanResidencePermit, never},
	{identifier.ForeignPermanentResidentID, sample.ForeignPermanentResidentID, never},
	{identifier.USCC, sample.USCC, never},
	{identifier.BusinessLicence, sample.USCC, never},
	{identifier.BusinessLicence, sample.OldBusinessLicence, never},
	{identifier.OrganizationCode, sample.OrganizationCode, elevenApart},
	{identifier.HKID, sample.HKID, elevenApart},
}

func never(byte, byte) bool { return false }

func elevenApart(a, b byte) bool { return (valueOf(a)-valueOf(b))%11 == 0 }

func valueOf(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

func TestASingleWrongCharacterIsRefused(t *testing.T) {
	const characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, s := range slipKinds {
		rnd := rand.New(rand.NewPCG(3, 4))
		for range 40 {
			right := s.sample(rnd)
			for i := range len(right) {
				for _, c := range []byte(characters) {
					wrong := right[:i] + string(c) + right[i+1:]
					_, err := identifier.ParseAt(s.kind, wrong, now)
					if known := c == right[i] || s.misses(right[i], c); err == nil && !known {
						t.Fatalf("%s: %s passes, made of %s", s.kind, wrong, right)
					}
				}
			}
		}
	}
}

func TestSwappedNeighboursAreRefused(t *testing.T) {
	for _, s := range slipKinds {
		rnd := rand.New(rand.NewPCG(5, 6))
		passed, tried := 0, 0
		for range 400 {
			right := s.sample(rnd)
			for i := range len(right) - 1 {
				if right[i] == right[i+1] || s.misses(right[i], right[i+1]) {
					continue
				}
				wrong := right[:i] + string(right[i+1]) + string(right[i]) + right[i+2:]
				tried++
				if _, err := identifier.ParseAt(s.kind, wrong, now); err == nil {
					passed++
				}
			}
		}
		// MOD 11,10 of the old licence misses some, and modulo 11 of the
		// organization code a final 1X; the schemes' own tests say which.
		most := 0
		if s.kind == identifier.BusinessLicence || s.kind == identifier.OrganizationCode {
			most = tried / 30
		}
		if passed > most {
			t.Errorf("%s: %d of %d swaps pass", s.kind, passed, tried)
		}
	}
}
