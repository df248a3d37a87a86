package identifier_test

import (
	"testing"

	"github.com/verinym/verinym/identifier"
)

// normals has one number of each format in its normal form, the happy path.
var normals = []struct {
	name  string
	kind  identifier.Kind
	typed string
}{
	{"resident_id", identifier.ResidentID, "11010519491231002X"},
	{"passport", identifier.Passport, "L898902C3"},
	{"hk_macao_travel_permit", identifier.HKMacaoTravelPermit, "H00000001"},
	{"taiwan_travel_permit", identifier.TaiwanTravelPermit, "00000001"},
	{"hk_macao_residence_permit", identifier.HKMacaoResidencePermit, "81000019951231003X"},
	{"taiwan_residence_permit", identifier.TaiwanResidencePermit, "830000199001010071"},
	{"foreign_permanent_resident_id_2023", identifier.ForeignPermanentResidentID, "911840199001150010"},
	{"foreign_permanent_resident_id_2017", identifier.ForeignPermanentResidentID, "CAN110081080310"},
	{"uscc", identifier.USCC, "91350100M000100Y43"},
	{"uscc_certificate", identifier.USCCCertificate, "91350100M000100Y43"},
	{"organization_code", identifier.OrganizationCode, "D2143569X"},
	{"organization_code_certificate", identifier.OrganizationCodeCertificate, "D2143569X"},
	{"business_licence", identifier.BusinessLicence, "110108000000016"},
	{"hk_business_registration", identifier.HKBusinessRegistration, "99000001"},
	{"hk_certificate_of_incorporation", identifier.HKCertificateOfIncorporation, "9900001"},
	{"hk_stand_in", identifier.HKCertificateOfIncorporation, "F0001234"},
	{"hkid", identifier.HKID, "A1234563"},
	{"foreign_registration", identifier.ForeignRegistration, "HRB 12345 B"},
	{"mrz_td1", identifier.MRZ, cardSpecimen},
	{"mrz_td2", identifier.MRZ, smallCardSpecimen},
	{"mrz_td3", identifier.MRZ, passportSpecimen},
}

func BenchmarkParse(b *testing.B) {
	for _, n := range normals {
		b.Run(n.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := identifier.Parse(n.kind, n.typed); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mchecks/s")
		})
	}
}

// BenchmarkParseAt works out the day from a moment instead of the running clock.
func BenchmarkParseAt(b *testing.B) {
	for _, n := range normals {
		b.Run(n.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := identifier.ParseAt(n.kind, n.typed, now); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mchecks/s")
		})
	}
}

func BenchmarkRecognize(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if len(identifier.RecognizeAt("91350100M000100Y43", now)) == 0 {
			b.Fatal("not recognised")
		}
	}
}

func TestAValidNumberAllocatesNothing(t *testing.T) {
	for _, n := range normals {
		allocs := testing.AllocsPerRun(100, func() {
			if _, err := identifier.Parse(n.kind, n.typed); err != nil {
				t.Fatal(n.name, err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations", n.name, allocs)
		}
	}
}
