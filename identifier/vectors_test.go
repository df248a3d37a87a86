package identifier_test

import (
	"errors"
	"testing"
	"time"

	"github.com/verinym/verinym/identifier"
)

// now is the day on which these stories happen.
var now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// Examples of the standards themselves, and numbers constructed by their rules
// on purpose. None was taken from a document.
var valid = []struct {
	kind   identifier.Kind
	typed  string
	format identifier.Format
}{
	{identifier.ResidentID, "11010519491231002X", identifier.FormatResidentID}, // GB 11643-1999
	{identifier.ResidentID, "440524188001010014", identifier.FormatResidentID}, // the same; born in 1880
	{identifier.ResidentID, "110101199003070011", identifier.FormatResidentID},
	{identifier.HKMacaoResidencePermit, "81000019951231003X", identifier.FormatResidentID},
	{identifier.HKMacaoResidencePermit, "820000200010100048", identifier.FormatResidentID},
	{identifier.TaiwanResidencePermit, "830000199001010071", identifier.FormatResidentID},
	{identifier.ForeignPermanentResidentID, "911124198108030024", identifier.FormatForeigner2023},
	{identifier.ForeignPermanentResidentID, "911840199001150010", identifier.FormatForeigner2023},
	{identifier.ForeignPermanentResidentID, "911840199001150029", identifier.FormatForeigner2023},
	{identifier.ForeignPermanentResidentID, "93182619850620002X", identifier.FormatForeigner2023},
	{identifier.ForeignPermanentResidentID, "CAN110081080310", identifier.FormatForeigner2017},
	{identifier.HKMacaoTravelPermit, "H00000001", identifier.FormatTravelPermit},
	{identifier.HKMacaoTravelPermit, "M1234567800", identifier.FormatTravelPermit},
	{identifier.TaiwanTravelPermit, "00000001", identifier.FormatTravelPermit},
	{identifier.TaiwanTravelPermit, "0000000001", identifier.FormatTravelPermit},
	{identifier.TaiwanTravelPermit, "0000000001(B)", identifier.FormatTravelPermit},
	{identifier.USCC, "91350100M000100Y43", identifier.FormatUSCC}, // GB 32100-2015
	{identifier.USCC, "91110108MA00000070", identifier.FormatUSCC}, // the sum is a multiple of 31, so the character is 0
	{identifier.USCC, "1211000040000000XT", identifier.FormatUSCC},
	{identifier.USCC, "92440300L00000003P", identifier.FormatUSCC},
	{identifier.USCCCertificate, "1211000040000000XT", identifier.FormatUSCC},
	{identifier.OrganizationCode, "D2143569-X", identifier.FormatOrganization}, // GB 11714-1997
	{identifier.OrganizationCode, "MA000000-7", identifier.FormatOrganization},
	{identifier.OrganizationCode, "40000000-X", identifier.FormatOrganization},
	{identifier.OrganizationCode, "MA000009-0", identifier.FormatOrganization}, // the sum is a multiple of 11
	{identifier.OrganizationCodeCertificate, "D2143569-X", identifier.FormatOrganization},
	{identifier.OrganizationCodeCertificate, "91350100M000100Y43", identifier.FormatUSCC},
	{identifier.BusinessLicence, "110108000000016", identifier.FormatOldLicence},
	{identifier.BusinessLicence, "110000400000128", identifier.FormatOldLicence},
	{identifier.BusinessLicence, "440300000001237", identifier.FormatOldLicence},
	{identifier.BusinessLicence, "91350100M000100Y43", identifier.FormatUSCC},
	{identifier.Passport, "L898902C3", identifier.FormatPassport}, // Doc 9303
	{identifier.Passport, "X00000", identifier.FormatPassport},
	{identifier.HKBusinessRegistration, "99000001", identifier.FormatHKRegistration},
	{identifier.HKBusinessRegistration, "99000001-000-01-26-A", identifier.FormatHKRegistration},
	{identifier.HKBusinessRegistration, "C0012345", identifier.FormatHKRegistration},
	{identifier.HKBusinessRegistration, "F0001234", identifier.FormatHKRegistration},
	{identifier.HKCertificateOfIncorporation, "12345", identifier.FormatHKIncorporation},
	{identifier.HKCertificateOfIncorporation, "99000001", identifier.FormatHKIncorporation},
	{identifier.HKCertificateOfIncorporation, "F0001234", identifier.FormatHKIncorporation},
	{identifier.HKID, "A123456(3)", identifier.FormatHKID},
	{identifier.ForeignRegistration, "HRB 12345 B", identifier.FormatFree},
	{identifier.ForeignRegistration, "0", identifier.FormatFree},
	{identifier.MRZ, passportSpecimen, identifier.FormatTD3},
	{identifier.MRZ, smallCardSpecimen, identifier.FormatTD2},
	{identifier.MRZ, cardSpecimen, identifier.FormatTD1},
}

// The specimens of Doc 9303 parts 4, 6 and 5.
const (
	passportSpecimen  = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	smallCardSpecimen = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	cardSpecimen      = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)

func TestNumbersOfTheStandardsAreValid(t *testing.T) {
	for _, v := range valid {
		n, err := identifier.ParseAt(v.kind, v.typed, now)
		if err != nil {
			t.Errorf("%s %s: %v", v.kind, v.typed, err)
			continue
		}
		if n.Format != v.format || n.Kind != v.kind || n.Typed != v.typed {
			t.Errorf("%s %s: got %s %s, typed %q", v.kind, v.typed, n.Kind, n.Format, n.Typed)
		}
	}
}

var invalid = map[string]struct {
	kind     identifier.Kind
	typed    string
	code     string
	position int
}{
	"one digit wrong":                 {identifier.ResidentID, "110105194912310021", identifier.CodeChecksum, 0},
	"X where a digit belongs":         {identifier.ResidentID, "110101199003070X11", identifier.CodeFormat, 16},
	"the 30th of February":            {identifier.ResidentID, "110101199002300014", identifier.CodeBirthdate, 0},
	"29 February of a common year":    {identifier.ResidentID, "110101190002290017", identifier.CodeBirthdate, 0},
	"born next year":                  {identifier.ResidentID, "110101202701010015", identifier.CodeBirthdate, 0},
	"no province begins with 0":       {identifier.ResidentID, "010101199003070011", identifier.CodeFormat, 1},
	"a digit missing":                 {identifier.ResidentID, "11010119900307001", identifier.CodeLength, 0},
	"a digit too many":                {identifier.ResidentID, "1101011990030700111", identifier.CodeLength, 0},
	"nothing":                         {identifier.ResidentID, "", identifier.CodeRequired, 0},
	"blanks":                          {identifier.ResidentID, " \t ", identifier.CodeRequired, 0},
	"a zero for no number":            {identifier.ResidentID, "0", identifier.CodeZeroRefused, 0},
	"a zero for no company number":    {identifier.HKCertificateOfIncorporation, "0", identifier.CodeZeroRefused, 0},
	"Chinese text":                    {identifier.ResidentID, "身份证", identifier.CodeFormat, 1},
	"a punctuation mark":              {identifier.ResidentID, "110101 19900307 00.1", identifier.CodeFormat, 19},
	"GB 32100's bad example":          {identifier.USCC, "91350100M000100Y4Z", identifier.CodeFormat, 18},
	"USCC checksum":                   {identifier.USCC, "91350100M000100Y44", identifier.CodeChecksum, 0},
	"USCC with letters in the region": {identifier.USCC, "9135A100M000100Y43", identifier.CodeFormat, 5},
	"organization code checksum":      {identifier.OrganizationCode, "D2143569-1", identifier.CodeChecksum, 0},
	"old licence checksum":            {identifier.BusinessLicence, "110108000000017", identifier.CodeChecksum, 0},
	"old licence with a letter":       {identifier.BusinessLicence, "11010800000001A", identifier.CodeFormat, 15},
	"permit with another letter":      {identifier.HKMacaoTravelPermit, "K00000001", identifier.CodeFormat, 1},
	"permit of ten characters":        {identifier.HKMacaoTravelPermit, "H000000010", identifier.CodeLength, 0},
	"Taiwan permit of nine digits":    {identifier.TaiwanTravelPermit, "900000017", identifier.CodeLength, 0},
	"passport too short":              {identifier.Passport, "X0000", identifier.CodeLength, 0},
	"passport without a digit":        {identifier.Passport, "PASSPORT", identifier.CodeFormat, 0},
	"BR of nine digits":               {identifier.HKBusinessRegistration, "990000014", identifier.CodeLength, 0},
	"a stand-in with a letter in it":  {identifier.HKBusinessRegistration, "C00X2345", identifier.CodeFormat, 4},
	"CI of nine digits":               {identifier.HKCertificateOfIncorporation, "990000014", identifier.CodeLength, 0},
	"HKID checksum":                   {identifier.HKID, "A123456(4)", identifier.CodeChecksum, 0},
	"HKID without its letter":         {identifier.HKID, "71234563", identifier.CodeFormat, 1},
	"foreigner born in month 13":      {identifier.ForeignPermanentResidentID, "911840199013150010", identifier.CodeBirthdate, 0},
	"old foreigner born in month 13":  {identifier.ForeignPermanentResidentID, "CAN110081130310", identifier.CodeBirthdate, 0},
	"registration number too long":    {identifier.ForeignRegistration, "1234567890123456789012345678901", identifier.CodeLength, 0},
	"a mask that a form sent back":    {identifier.ForeignRegistration, "T****6", identifier.CodeFormat, 0},
	"registration number of dots":     {identifier.ForeignRegistration, "...", identifier.CodeFormat, 0},
	"zone with a line missing":        {identifier.MRZ, "L898902C36UTO7408122F1204159ZE184226B<<<<<10", identifier.CodeLength, 0},
	"an unknown kind":                 {"library_card", "1", identifier.CodeKindUnknown, 0},
}

func TestRefusalsNameTheirReason(t *testing.T) {
	for name, c := range invalid {
		t.Run(name, func(t *testing.T) {
			_, err := identifier.ParseAt(c.kind, c.typed, now)
			e := mustBeError(t, err)
			if e.Code != c.code || e.Position != c.position || e.Kind != c.kind {
				t.Errorf("got %s at %d (%v), want %s at %d", e.Code, e.Position, err, c.code, c.position)
			}
		})
	}
}

func TestSomebodyOlderThan120IsValidButDoubtful(t *testing.T) {
	const born1880 = "440524188001010014"
	for day, warning := range map[string]string{"2000-12-31": "", "2001-01-01": identifier.CodeBirthdate} {
		at, _ := time.Parse(time.DateOnly, day)
		n, err := identifier.ParseAt(identifier.ResidentID, born1880, at)
		if err != nil || n.Warning != warning {
			t.Errorf("on %s: warning %q, %v", day, n.Warning, err)
		}
	}
	_, err := identifier.ParseAt(identifier.ResidentID, "110101179912310019", now)
	if e := mustBeError(t, err); e.Code != identifier.CodeBirthdate {
		t.Errorf("born in 1799: %v", err)
	}
}

func mustBeError(t *testing.T, err error) *identifier.Error {
	t.Helper()
	var e *identifier.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *identifier.Error", err)
	}
	return e
}
