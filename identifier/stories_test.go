package identifier_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/mrz"
)

func date(y int, m time.Month, d int) identifier.Date {
	return identifier.Date{Year: y, Month: m, Day: d}
}

func TestNumbersTellAboutTheirHolder(t *testing.T) {
	for _, c := range []struct {
		kind                identifier.Kind
		typed               string
		birth               identifier.Date
		sex                 identifier.Sex
		region, nationality string
	}{
		{identifier.ResidentID, "11010519491231002X", date(1949, 12, 31), identifier.Female, "110105", ""},
		{identifier.ResidentID, "110101199003070011", date(1990, 3, 7), identifier.Male, "110101", ""},
		{identifier.HKMacaoResidencePermit, "81000019951231003X", date(1995, 12, 31), identifier.Male, "810000", ""},
		{identifier.HKMacaoResidencePermit, "820000200010100048", date(2000, 10, 10), identifier.Female, "820000", ""},
		{identifier.TaiwanResidencePermit, "830000199001010071", date(1990, 1, 1), identifier.Male, "830000", ""},
		{identifier.ForeignPermanentResidentID, "911124198108030024", date(1981, 8, 3), identifier.Female, "11", "124"},
		{identifier.ForeignPermanentResidentID, "CAN110081080310", date(1981, 8, 3), "", "1100", "CAN"},
		{identifier.HKMacaoTravelPermit, "H00000001", identifier.Date{}, "", "810000", ""},
		{identifier.HKMacaoTravelPermit, "M1234567800", identifier.Date{}, "", "820000", ""},
		{identifier.TaiwanTravelPermit, "00000001", identifier.Date{}, "", "830000", ""},
		{identifier.USCC, "91350100M000100Y43", identifier.Date{}, "", "350100", ""},
		{identifier.BusinessLicence, "110108000000016", identifier.Date{}, "", "110108", ""},
		{identifier.MRZ, passportSpecimen, date(1974, 8, 12), identifier.Female, "", "UTO"},
		{identifier.MRZ, cardSpecimen, date(1974, 8, 12), identifier.Female, "", "UTO"},
	} {
		n, err := identifier.ParseAt(c.kind, c.typed, now)
		if err != nil {
			t.Errorf("%s: %v", c.typed, err)
			continue
		}
		if n.Birth != c.birth || n.Sex != c.sex || n.Region != c.region || n.Nationality != c.nationality {
			t.Errorf("%s: born %v, sex %q, region %q, nationality %q", c.typed, n.Birth, n.Sex, n.Region, n.Nationality)
		}
	}
}

func TestANumberOfAnotherDocumentIsToldByName(t *testing.T) {
	for name, c := range map[string]struct {
		chosen identifier.Kind
		typed  string
		looks  identifier.Kind
	}{
		"a company's code for a person":         {identifier.ResidentID, "91350100M000100Y43", identifier.USCC},
		"the same with a slip in it":            {identifier.ResidentID, "91350100M000100Y44", identifier.USCC},
		"a person for a company":                {identifier.USCC, "11010519491231002X", identifier.ResidentID},
		"a person for a business licence":       {identifier.BusinessLicence, "11010519491231002X", identifier.ResidentID},
		"Hong Kong residence permit as ID card": {identifier.ResidentID, "81000019951231003X", identifier.HKMacaoResidencePermit},
		"Macao residence permit as ID card":     {identifier.ResidentID, "820000200010100048", identifier.HKMacaoResidencePermit},
		"Taiwan residence permit as ID card":    {identifier.ResidentID, "830000199001010071", identifier.TaiwanResidencePermit},
		"its prefix decides before its check":   {identifier.ResidentID, "830000199001010072", identifier.TaiwanResidencePermit},
		"Taiwan permit as Hong Kong permit":     {identifier.HKMacaoResidencePermit, "830000199001010071", identifier.TaiwanResidencePermit},
		"Hong Kong permit as Taiwan permit":     {identifier.TaiwanResidencePermit, "81000019951231003X", identifier.HKMacaoResidencePermit},
		"ID card as residence permit":           {identifier.HKMacaoResidencePermit, "11010519491231002X", identifier.ResidentID},
		"a foreigner's card as ID card":         {identifier.ResidentID, "911840199001150010", identifier.ForeignPermanentResidentID},
		"ID card as a foreigner's card":         {identifier.ForeignPermanentResidentID, "11010519491231002X", identifier.ResidentID},
		"a foreigner that passes for a company": {identifier.USCC, "911840199001150029", identifier.ForeignPermanentResidentID},
		"the same on a licence":                 {identifier.BusinessLicence, "911840199001150029", identifier.ForeignPermanentResidentID},
		"organization code as USCC":             {identifier.USCC, "D2143569-X", identifier.OrganizationCode},
		"USCC as organization code":             {identifier.OrganizationCode, "91350100M000100Y43", identifier.USCC},
		"old licence as USCC":                   {identifier.USCC, "110108000000016", identifier.BusinessLicence},
		"old foreigner's card as passport":      {identifier.Passport, "CAN110081080310", identifier.ForeignPermanentResidentID},
		"ID card as passport":                   {identifier.Passport, "11010519491231002x", identifier.ResidentID},
		"travel permit as residence permit":     {identifier.HKMacaoResidencePermit, "H00000001", identifier.HKMacaoTravelPermit},
		"residence permit as travel permit":     {identifier.HKMacaoTravelPermit, "81000019951231003X", identifier.HKMacaoResidencePermit},
		"HKID as ID card":                       {identifier.ResidentID, "A123456(3)", identifier.HKID},
		"machine-readable zone as passport":     {identifier.Passport, passportSpecimen, identifier.MRZ},
		"passport number as zone":               {identifier.MRZ, "11010519491231002X", identifier.ResidentID},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := identifier.ParseAt(c.chosen, c.typed, now)
			e := mustBeError(t, err)
			if e.Code != identifier.CodeTypeMismatch || len(e.Looks) == 0 || e.Looks[0] != c.looks {
				t.Errorf("got %s %v, want a mismatch with %s", e.Code, e.Looks, c.looks)
			}
		})
	}
}

// TestASlipIsNotTakenForAnotherDocument: a hint must not send people the wrong way.
func TestASlipIsNotTakenForAnotherDocument(t *testing.T) {
	for name, c := range map[string]struct {
		chosen identifier.Kind
		typed  string
		code   string
	}{
		"a first-generation ID card that passes for a licence": {identifier.ResidentID, "110105491231005", identifier.CodeLength},
		"a short number that could be many things":             {identifier.ResidentID, "00000001", identifier.CodeLength},
		"an HKID with a slip that passes for a company":        {identifier.HKID, "QQ0000001", identifier.CodeChecksum},
		"an early USCC that does not check":                    {identifier.USCC, "91350100M000100Y44", identifier.CodeChecksum},
		"a travel permit without its letter":                   {identifier.HKMacaoTravelPermit, "000000010", identifier.CodeFormat},
		"a passport that begins like a travel permit":          {identifier.Passport, "H00000001", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := identifier.ParseAt(c.chosen, c.typed, now)
			if c.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := mustBeError(t, err); e.Code != c.code {
				t.Errorf("got %s (%v), want %s", e.Code, err, c.code)
			}
		})
	}
}

func TestANumberIsRecognised(t *testing.T) {
	for typed, want := range map[string][]identifier.Kind{
		"11010519491231002X": {identifier.ResidentID},
		"81000019951231003X": {identifier.HKMacaoResidencePermit},
		"830000199001010071": {identifier.TaiwanResidencePermit},
		"911840199001150010": {identifier.ForeignPermanentResidentID},
		"911840199001150029": {identifier.ForeignPermanentResidentID}, // and modulo 31 by chance
		"CAN110081080310":    {identifier.ForeignPermanentResidentID},
		"91350100m000100y43": {identifier.USCC},
		"91350100M000100Y44": nil,
		"D2143569-X":         {identifier.OrganizationCode, identifier.Passport},
		"110108000000016":    {identifier.BusinessLicence},
		"H00000001":          {identifier.HKMacaoTravelPermit, identifier.Passport},
		"M1234567800":        {identifier.HKMacaoTravelPermit},
		"Ａ１２３４５６（３）":         {identifier.HKID, identifier.Passport},
		"00000001":           {identifier.TaiwanTravelPermit, identifier.HKBusinessRegistration, identifier.HKCertificateOfIncorporation, identifier.Passport},
		passportSpecimen:     {identifier.MRZ},
		cardSpecimen:         {identifier.MRZ},
		"":                   nil,
		"0":                  nil,
		"hello":              nil,
		"身份证":                nil,
	} {
		if got := identifier.RecognizeAt(typed, now); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", typed, got, want)
		}
	}
}

func TestALetterForADigitIsSuggestedNotChanged(t *testing.T) {
	for name, c := range map[string]struct {
		kind        identifier.Kind
		typed       string
		position    int
		found, want string
	}{
		"O for 0 in a USCC":     {identifier.USCC, "9135O100M000100Y43", 5, "O", "0"},
		"two of them":           {identifier.USCC, "9135O1OOM000100Y43", 5, "O", "0"},
		"I for 1 in a USCC":     {identifier.USCC, "9I350100M000100Y43", 2, "I", "1"},
		"O for 0 in an ID card": {identifier.ResidentID, "110101 199OO307 0011", 11, "O", "0"},
		"l for 1":               {identifier.ResidentID, "11010119900307001l", 18, "l", "1"},
		"0 for O in a nation":   {identifier.ForeignPermanentResidentID, "UT0110081080315", 3, "0", "O"},
		"O in a travel permit":  {identifier.HKMacaoTravelPermit, "H0000000O", 9, "O", "0"},
		"B for 8 in a permit":   {identifier.HKMacaoResidencePermit, "B1000019951231003X", 1, "B", "8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := identifier.ParseAt(c.kind, c.typed, now)
			e := mustBeError(t, err)
			if e.Code != identifier.CodeConfusable || e.Position != c.position || e.Found != c.found || e.Want != c.want {
				t.Errorf("got %s at %d: %q for %q", e.Code, e.Position, e.Found, e.Want)
			}
		})
	}
}

func TestOneConfusionOfTheCameraIsRepaired(t *testing.T) {
	for read, want := range map[string]struct {
		kind   identifier.Kind
		normal string
	}{
		"1101051949123100ZX": {identifier.ResidentID, "11010519491231002X"},
		"11010519491231002X": {identifier.ResidentID, "11010519491231002X"},
		"11O1O519491231002X": {identifier.ResidentID, ""}, // two confusions
		"11010519491231003X": {identifier.ResidentID, ""}, // a 3 is no look-alike of a 2
		"91350100M000I00Y43": {identifier.USCC, "91350100M000100Y43"},
		"D21435G9-X":         {identifier.OrganizationCode, ""},
		"D2143569-X":         {identifier.OrganizationCode, "D2143569X"},
		"11010800000OO16":    {identifier.BusinessLicence, ""},
		"A12345G(3)":         {identifier.HKID, "A1234563"},
		"CAN11008108O310":    {identifier.ForeignPermanentResidentID, "CAN110081080310"},
		"H0000000O":          {identifier.HKMacaoTravelPermit, ""}, // nothing would prove it
		"0A12345":            {identifier.Passport, ""},
		strings.Replace(smallCardSpecimen, "UTO74", "UT074", 1): {identifier.MRZ, smallCardSpecimen},
	} {
		n, ok := identifier.RepairAt(want.kind, read, now)
		if ok != (want.normal != "") || ok && (n.Normal != want.normal || n.Typed != read) {
			t.Errorf("%s %q: got %q, %v", want.kind, read, n.Normal, ok)
		}
	}
}

// TestTheDayInChinaCounts: at 20:00 UTC it is already tomorrow there.
func TestTheDayInChinaCounts(t *testing.T) {
	const bornOn2March2026 = "990000202603020011"
	for at, valid := range map[string]bool{
		"2026-03-02T15:59:59Z": false, // still the day of birth, 23:59:59
		"2026-03-02T16:00:00Z": true,
		"1960-01-01T00:00:00Z": false,
	} {
		moment, _ := time.Parse(time.RFC3339, at)
		_, err := identifier.ParseAt(identifier.ResidentID, completed(bornOn2March2026[:17]), moment)
		if (err == nil) != valid {
			t.Errorf("at %s: %v", at, err)
		}
	}
}

func completed(body string) string {
	later := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range "0123456789X" {
		if _, err := identifier.ParseAt(identifier.ResidentID, body+string(c), later); err == nil {
			return body + string(c)
		}
	}
	return ""
}

func TestTwoDigitBirthYearsAreInTheLatestPastCentury(t *testing.T) {
	for typed, year := range map[string]int{"UTO990025010110": 2025, "UTO990027010110": 1927} {
		n, err := identifier.ParseAt(identifier.ForeignPermanentResidentID, typed, now)
		if err != nil || n.Birth.Year != year {
			t.Errorf("%s: born %v, %v", typed, n.Birth, err)
		}
	}
}

// TestAnOldPermanentResidentCardIsOnlyWarnedAbout, since the rule of its check
// digit is known from specimens alone.
func TestAnOldPermanentResidentCardIsOnlyWarnedAbout(t *testing.T) {
	n, err := identifier.ParseAt(identifier.ForeignPermanentResidentID, "CAN110081080311", now)
	if err != nil || n.Warning != identifier.CodeChecksum {
		t.Errorf("warning %q, %v", n.Warning, err)
	}
}

func TestARefusedZoneTellsItsField(t *testing.T) {
	_, err := identifier.ParseAt(identifier.MRZ, strings.Replace(passportSpecimen, "740812", "740813", 1), now)
	var zone *mrz.Error
	if e := mustBeError(t, err); e.Code != identifier.CodeChecksum || !errors.As(err, &zone) || zone.Field != mrz.FieldBirth {
		t.Errorf("got %v", err)
	}
}

func TestKindsAreKnown(t *testing.T) {
	for _, kind := range identifier.Kinds() {
		_, err := identifier.ParseAt(kind, "?", now)
		if e := mustBeError(t, err); !kind.Known() || e.Code == identifier.CodeKindUnknown {
			t.Errorf("%s is listed and not known", kind)
		}
	}
	if identifier.Kind("library_card").Known() {
		t.Error("library cards are no business of ours")
	}
}
