package identifier_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/verinym/verinym/identifier"
)

func TestMasksHideMoreThanTheyShow(t *testing.T) {
	for _, c := range []struct {
		kind               identifier.Kind
		typed, mask, tight string
	}{
		{identifier.ResidentID, "11010519491231002x", "110***********002X", "1****************X"},
		{identifier.BusinessLicence, "110108000000016", "110********0016", "1*************6"},
		{identifier.HKMacaoTravelPermit, "M1234567800", "M12******00", "M*********0"},
		{identifier.HKMacaoTravelPermit, "H00000001", "H0*****01", "H*******1"},
		{identifier.HKID, "A123456(3)", "A*****63", "A******3"},
		{identifier.HKCertificateOfIncorporation, "12345", "1***5", "1***5"},
		{identifier.HKCertificateOfIncorporation, "123", "***", "***"},
		{identifier.ForeignRegistration, "0", "*", "*"},
		{identifier.MRZ, smallCardSpecimen, "I<UTO" + strings.Repeat("*", 31) + "\n" + strings.Repeat("*", 36), "I" + strings.Repeat("*", 35) + "\n" + strings.Repeat("*", 35) + "6"},
	} {
		n, err := identifier.ParseAt(c.kind, c.typed, now)
		if err != nil {
			t.Fatal(err)
		}
		if n.Mask() != c.mask || n.MaskTight() != c.tight {
			t.Errorf("%s: %s, %s", c.typed, n.Mask(), n.MaskTight())
		}
	}
}

func TestPrintingANumberGivesNothingAway(t *testing.T) {
	const typed = "110101199003070011"
	n, err := identifier.ParseAt(identifier.ResidentID, typed, now)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("checked", "number", n)
	text := fmt.Sprintf("%v %+v %#v %s %q", n, n, n, n, n) + fmt.Sprint(&n, []identifier.Number{n}) + log.String()
	if strings.Contains(text, "199003") {
		t.Errorf("the birth date got out: %s", text)
	}
	for _, kind := range identifier.Kinds() {
		if kind == identifier.ForeignRegistration {
			continue // takes anything
		}
		if _, err := identifier.ParseAt(kind, typed+"9", now); err == nil || strings.Contains(err.Error(), "199003") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestARenewedDocumentIsTheSameHolders(t *testing.T) {
	for _, c := range []struct {
		kind          identifier.Kind
		first, second string
	}{
		{identifier.HKMacaoTravelPermit, "M1234567800", "M1234567801"},
		{identifier.HKMacaoTravelPermit, "M12345678", "M1234567801"},
		{identifier.HKBusinessRegistration, "99000001", "99000001-000-01-26-A"},
		{identifier.ResidentID, "11010519491231002X", "11010519491231002x"},
	} {
		a, errA := identifier.ParseAt(c.kind, c.first, now)
		b, errB := identifier.ParseAt(c.kind, c.second, now)
		if errA != nil || errB != nil || a.HolderKey() != b.HolderKey() {
			t.Errorf("%s and %s: %v, %v", c.first, c.second, errA, errB)
		}
	}
}

func TestAUSCCHoldsTheOldOrganizationCode(t *testing.T) {
	for kind, typed := range map[identifier.Kind]string{identifier.USCC: "1211000040000000XT", identifier.OrganizationCode: "40000000-X"} {
		n, err := identifier.ParseAt(kind, typed, now)
		if err != nil || n.OrganizationCode() != "40000000X" {
			t.Errorf("%s: %q, %v", typed, n.OrganizationCode(), err)
		}
	}
}

func TestPrintedFormsAreThoseOfTheDocuments(t *testing.T) {
	for typed, kind := range map[string]identifier.Kind{
		"D2143569-X":           identifier.OrganizationCode,
		"A123456(3)":           identifier.HKID,
		"99000001-000-01-26-A": identifier.HKBusinessRegistration,
		"11010519491231002X":   identifier.ResidentID,
	} {
		n, err := identifier.ParseAt(kind, typed, now)
		if err != nil || n.Printed() != typed {
			t.Errorf("%s: %q, %v", typed, n.Printed(), err)
		}
	}
}
