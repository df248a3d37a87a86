package sample_test

import (
	"math/rand/v2"
	"testing"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/mrz"
	"github.com/verinym/verinym/identifier/sample"
)

func TestSamplesOfEveryKindAreValid(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, kind := range identifier.Kinds() {
		for range 500 {
			number := sample.Number(kind, rnd)
			n, err := identifier.Parse(kind, number)
			if err != nil || n.Warning != "" || n.Normal != number {
				t.Fatalf("%s %s: %v %s", kind, number, err, n.Warning)
			}
		}
	}
	if got := sample.Number("library_card", rnd); got != "" {
		t.Errorf("an unknown kind gave %q", got)
	}
}

func TestSamplesBelongToNoPlace(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	for range 200 {
		for number, region := range map[string]string{
			sample.ResidentID(rnd)[:6]:                    "990000",
			sample.USCC(rnd)[2:8]:                         "990000",
			sample.OldBusinessLicence(rnd)[:6]:            "990000",
			sample.HKMacaoResidencePermit(rnd)[14:17]:     "000",
			sample.TaiwanResidencePermit(rnd)[14:17]:      "000",
			sample.ForeignPermanentResidentID(rnd)[:6]:    "999999",
			sample.OldForeignPermanentResidentID(rnd)[:7]: "UTO9900",
		} {
			if number != region {
				t.Fatalf("got %s, want %s", number, region)
			}
		}
	}
}

func TestZonesOfAllFormats(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for format, zone := range map[mrz.Format]func(*rand.Rand) string{
		mrz.TD1: sample.CardZone, mrz.TD2: sample.SmallCardZone, mrz.TD3: sample.PassportZone,
	} {
		for range 200 {
			text := zone(rnd)
			d, err := mrz.Parse(text)
			if err != nil || d.Format != format || d.Issuer != "UTO" || d.Text != text {
				t.Fatalf("%s: %v\n%s", format, err, text)
			}
		}
	}
}

func TestTheSameSourceGivesTheSameSamples(t *testing.T) {
	first, second := rand.New(rand.NewPCG(7, 7)), rand.New(rand.NewPCG(7, 7))
	for _, kind := range identifier.Kinds() {
		if a, b := sample.Number(kind, first), sample.Number(kind, second); a != b {
			t.Errorf("%s: %s and %s", kind, a, b)
		}
	}
}
