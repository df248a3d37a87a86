package mrz_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/verinym/verinym/identifier/mrz"
)

var now = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// The specimens of Doc 9303 parts 4, 6 and 5.
const (
	td3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	td2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	td1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	// A document number longer than its field, as part 5 gives it.
	long = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)

func mustParse(t *testing.T, text string) mrz.Document {
	t.Helper()
	d, err := mrz.ParseAt(text, now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSpecimensAreRead(t *testing.T) {
	for text, want := range map[string]mrz.Document{
		td3: {Format: mrz.TD3, Code: "P", Number: "L898902C3", Optional: "ZE184226B"},
		td2: {Format: mrz.TD2, Code: "I", Number: "D23145890"},
		td1: {Format: mrz.TD1, Code: "I", Number: "D23145890"},
	} {
		d := mustParse(t, text)
		if d.Format != want.Format || d.Code != want.Code || d.Number != want.Number || d.Optional != want.Optional ||
			d.Optional2 != "" || d.Text != text || d.Issuer != "UTO" || d.Nationality != "UTO" || d.Sex != mrz.Female {
			t.Errorf("got %+v", d)
		}
		if d.Birth.String() != "1974-08-12" || d.Expiry.String() != "2012-04-15" {
			t.Errorf("born %v, expires %v", d.Birth, d.Expiry)
		}
		if d.Surname() != "ERIKSSON" || d.GivenNames() != "ANNA MARIA" || d.NameMayBeCut() {
			t.Errorf("name %q, %q", d.Surname(), d.GivenNames())
		}
	}
}

func TestALongDocumentNumberIsPutTogether(t *testing.T) {
	d := mustParse(t, long)
	if d.Number != "D23145890734" || d.Optional != "" || d.Birth.Year != 1934 || d.Expiry.Year != 1995 {
		t.Errorf("number %s, optional %q, born %v, expires %v", d.Number, d.Optional, d.Birth, d.Expiry)
	}
	if _, err := mrz.ParseAt(strings.Replace(long, "7349<", "7348<", 1), now); fieldOf(t, err) != mrz.FieldNumber {
		t.Errorf("its check digit is not checked: %v", err)
	}
	if _, err := mrz.ParseAt(strings.Replace(long, "7349<", "<<<<<", 1), now); fieldOf(t, err) != mrz.FieldNumber {
		t.Errorf("a missing rest is accepted: %v", err)
	}
}

func TestAnUnusedPersonalNumberMayHaveAFillerForItsDigit(t *testing.T) {
	const withZero = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"
	mustParse(t, withZero)
	mustParse(t, strings.Replace(withZero, "<08", "<<8", 1))
	used := strings.Replace(td3, "<<10", "<<<0", 1)
	if _, err := mrz.ParseAt(used, now); fieldOf(t, err) != mrz.FieldOptional {
		t.Errorf("a used one may not: %v", err)
	}
}

func TestAnUnknownBirthDateIsNone(t *testing.T) {
	text := strings.Replace(td2, "7408122F", "<<<<<<0F", 1)
	text = text[:len(text)-1]
	for _, digit := range "0123456789" {
		d, err := mrz.ParseAt(text+string(digit), now)
		if err != nil {
			continue
		}
		if !d.Birth.IsZero() {
			t.Errorf("born %v", d.Birth)
		}
		return
	}
	t.Error("no composite digit makes it valid")
}

func TestANameThatFillsItsFieldMayBeCut(t *testing.T) {
	d := mustParse(t, strings.Replace(td2, "ANNA<MARIA<<<<<<<<<<<", "ANNA<MARIAXXXXXXXXXXX", 1))
	if !d.NameMayBeCut() {
		t.Error("not told")
	}
	d = mustParse(t, strings.Replace(td1, "ERIKSSON<<ANNA<MARIA", "ARKFREITH<<<<<<<<<<<", 1))
	if d.Surname() != "ARKFREITH" || d.GivenNames() != "" || d.NameMayBeCut() {
		t.Errorf("a single name became %q, %q", d.Surname(), d.GivenNames())
	}
}

func TestEveryCheckDigitIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		field        string
		line, column int
	}{
		"passport number":    {strings.Replace(td3, "L898902C36", "L898902C37", 1), mrz.FieldNumber, 2, 1},
		"passport birth":     {strings.Replace(td3, "7408122F", "7408123F", 1), mrz.FieldBirth, 2, 14},
		"passport expiry":    {strings.Replace(td3, "1204159Z", "1204158Z", 1), mrz.FieldExpiry, 2, 22},
		"personal number":    {strings.Replace(td3, "<10", "<20", 1), mrz.FieldOptional, 2, 29},
		"passport composite": {strings.Replace(td3, "<10", "<11", 1), mrz.FieldComposite, 2, 44},
		"small card":         {td2[:len(td2)-1] + "7", mrz.FieldComposite, 2, 36},
		"card number":        {strings.Replace(td1, "D231458907", "D231458908", 1), mrz.FieldNumber, 1, 6},
		"card birth":         {strings.Replace(td1, "7408122F", "7408121F", 1), mrz.FieldBirth, 2, 1},
		"card expiry":        {strings.Replace(td1, "1204159U", "1204150U", 1), mrz.FieldExpiry, 2, 9},
		"card composite":     {strings.Replace(td1, "<6\n", "<5\n", 1), mrz.FieldComposite, 2, 30},
		// Only the composite digit covers the optional fields of cards.
		"card optional 1": {strings.Replace(td1, "D231458907<", "D2314589071", 1), mrz.FieldComposite, 2, 30},
		"card optional 2": {strings.Replace(td1, "159UTO<", "159UTO1", 1), mrz.FieldComposite, 2, 30},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mrz.ParseAt(c.text, now)
			var e *mrz.Error
			if !errors.As(err, &e) || e.Code != mrz.CodeChecksum || e.Field != c.field || e.Line != c.line || e.Column != c.column {
				t.Errorf("got %v, want %s at %d, %d", err, c.field, c.line, c.column)
			}
		})
	}
}

func TestRefusalsNameCodeAndPlace(t *testing.T) {
	for name, c := range map[string]struct {
		text, code, field string
		line, column      int
		want              string
	}{
		"nothing":               {"", mrz.CodeLength, "", 0, 0, "2×44, 2×36 or 3×30 characters"},
		"one line":              {td3[:44], mrz.CodeLength, "", 0, 0, "2×44, 2×36 or 3×30 characters"},
		"a character too many":  {td3 + "0", mrz.CodeLength, "", 0, 0, "2×44, 2×36 or 3×30 characters"},
		"a visa":                {"V" + td3[1:], mrz.CodeFormat, mrz.FieldCode, 1, 1, "P"},
		"0 for O in the issuer": {strings.Replace(td3, "P<UTO", "P<UT0", 1), mrz.CodeConfusable, mrz.FieldIssuer, 1, 5, "O"},
		"5 for S in the name":   {strings.Replace(td3, "ERIKSS", "ERIK5S", 1), mrz.CodeConfusable, mrz.FieldName, 1, 10, "S"},
		"O for 0 in the birth":  {strings.Replace(td3, "740812", "74O812", 1), mrz.CodeConfusable, mrz.FieldBirth, 2, 16, "0"},
		"I for 1 in the expiry": {strings.Replace(td3, "120415", "I20415", 1), mrz.CodeConfusable, mrz.FieldExpiry, 2, 22, "1"},
		"another sex":           {strings.Replace(td3, "2F1", "2X1", 1), mrz.CodeFormat, mrz.FieldSex, 2, 21, "M, F or <"},
		"no document number":    {strings.Replace(td3, "L898902C3", "<<<<<<<<<", 1), mrz.CodeFormat, mrz.FieldNumber, 2, 1, "a letter or a digit"},
		"no name":               {"P<UTO" + strings.Repeat("<", 39) + td3[44:], mrz.CodeFormat, mrz.FieldName, 1, 6, "a letter"},
		"month 13":              {strings.Replace(td3, "740812", "741312", 1), mrz.CodeBirthdate, mrz.FieldBirth, 2, 14, ""},
		"30 February":           {strings.Replace(td3, "120415", "120230", 1), mrz.CodeFormat, mrz.FieldExpiry, 2, 22, ""},
		"lines of wrong length": {td3[:43] + "\n" + "<" + td3[45:], mrz.CodeFormat, mrz.FieldName, 1, 44, "a letter or <"},
		"text beyond ASCII":     {strings.Replace(td3, "<<<", "é<", 1), mrz.CodeFormat, mrz.FieldName, 1, 26, "a letter or <"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mrz.ParseAt(c.text, now)
			var e *mrz.Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			if e.Code != c.code || e.Field != c.field || e.Line != c.line || e.Column != c.column || e.Want != c.want {
				t.Errorf("got %+v", *e)
			}
			if text := err.Error(); !strings.HasPrefix(text, "mrz: "+c.code) || strings.Contains(text, "ERIK") {
				t.Errorf("reads %q", text)
			}
		})
	}
}

func fieldOf(t *testing.T, err error) string {
	t.Helper()
	var e *mrz.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	return e.Field
}

func TestDatesFindTheirCentury(t *testing.T) {
	for day, want := range map[string][2]string{
		"2026-03-02": {"1974-08-12", "2012-04-15"},
		"1975-01-01": {"1974-08-12", "2012-04-15"},
		"1974-08-11": {"1874-08-12", "2012-04-15"},
		"2074-08-12": {"2074-08-12", "2112-04-15"},
	} {
		at, _ := time.Parse(time.DateOnly, day)
		d, err := mrz.ParseAt(td3, at)
		if err != nil || d.Birth.String() != want[0] || d.Expiry.String() != want[1] {
			t.Errorf("on %s: born %v, expires %v, %v", day, d.Birth, d.Expiry, err)
		}
	}
}

func TestOneConfusionIsRepaired(t *testing.T) {
	for name, c := range map[string]struct {
		read, want string
	}{
		"nothing to do":                {td3, td3},
		"0 for O in the issuer":        {strings.Replace(td3, "P<UTO", "P<UT0", 1), td3},
		"O for 0 in the birth":         {strings.Replace(td1, "740812", "74O812", 1), td1},
		"S for 5 in the number":        {strings.Replace(td2, "D231458", "D2314S8", 1), td2},
		"B for 8, but Z for 2 as well": {strings.Replace(td3, "L898", "LB98", 1), ""},
		"Z for 2 in a check digit":     {strings.Replace(td2, "7408122F", "740812ZF", 1), td2},
		"two confusions":               {strings.Replace(td3, "P<UTOERIKSS", "P<UT0ERIK5S", 1), ""},
		"1 in a name is I or L":        {strings.Replace(td3, "ERIKSS", "ER1KSS", 1), ""},
		"a slip that is no twin":       {strings.Replace(td3, "740812", "740813", 1), ""},
		"text that is no zone":         {"hello", ""},
		"G for 6 passes unrepaired":    {strings.Replace(td3, "ZE184226B", "ZE18422GB", 1), strings.Replace(td3, "ZE184226B", "ZE18422GB", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			r, ok := mrz.RepairAt(c.read, now)
			if ok != (c.want != "") || r.Text != c.want {
				t.Errorf("got %q, %v", r.Text, ok)
			}
			if ok && (r.Line > 0) != (c.read != c.want) {
				t.Errorf("changed at %d, %d", r.Line, r.Column)
			}
		})
	}
	r, _ := mrz.RepairAt(strings.Replace(td3, "P<UTO", "P<UT0", 1), now)
	if r.Line != 1 || r.Column != 5 || r.From != '0' || r.To != 'O' {
		t.Errorf("told as %d, %d, %c to %c", r.Line, r.Column, r.From, r.To)
	}
}
