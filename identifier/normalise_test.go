package identifier_test

import (
	"testing"
	"unsafe"

	"github.com/verinym/verinym/identifier"
)

func TestWhatPeopleTypeIsTidiedAndKept(t *testing.T) {
	for name, c := range map[string]struct {
		kind          identifier.Kind
		typed, normal string
	}{
		"lower-case x":             {identifier.ResidentID, "11010519491231002x", "11010519491231002X"},
		"full width":               {identifier.ResidentID, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"},
		"full-width lower case":    {identifier.ResidentID, "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"},
		"the Roman ten":            {identifier.ResidentID, "11010519491231002Ⅹ", "11010519491231002X"},
		"groups":                   {identifier.ResidentID, "110105 19491231 002X", "11010519491231002X"},
		"an ideographic space":     {identifier.ResidentID, "110105　19491231　002X", "11010519491231002X"},
		"a no-break space":         {identifier.ResidentID, "110105\u00a019491231002X", "11010519491231002X"},
		"invisible characters":     {identifier.ResidentID, "\ufeff\u202d110105\u200b19491231002X\u202c", "11010519491231002X"},
		"a line break":             {identifier.ResidentID, "11010519491231002X\r\n", "11010519491231002X"},
		"a hyphen":                 {identifier.OrganizationCode, "D2143569-X", "D2143569X"},
		"an en dash":               {identifier.OrganizationCode, "D2143569–X", "D2143569X"},
		"a full-width hyphen":      {identifier.OrganizationCode, "Ｄ２１４３５６９－Ｘ", "D2143569X"},
		"a minus sign":             {identifier.OrganizationCode, "D2143569−X", "D2143569X"},
		"a soft hyphen":            {identifier.OrganizationCode, "D2143569\u00adX", "D2143569X"},
		"brackets":                 {identifier.HKID, "a123456(3)", "A1234563"},
		"full-width brackets":      {identifier.HKID, "Ａ１２３４５６（３）", "A1234563"},
		"a certificate number":     {identifier.HKBusinessRegistration, "99000001-000-01-26-A", "990000010000126A"},
		"blanks in free text":      {identifier.ForeignRegistration, "  ＨＲＢ　１２３４５  B ", "HRB 12345 B"},
		"dashes in free text":      {identifier.ForeignRegistration, "0100–01\u200b-012345", "0100-01-012345"},
		"letters beyond ASCII":     {identifier.ForeignRegistration, "Ｎº 12-ÄÖ", "Nº 12-ÄÖ"},
		"a zone in one piece":      {identifier.MRZ, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6", smallCardSpecimen},
		"a zone with blank lines":  {identifier.MRZ, "\n I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<< \r\n\r\nD231458907UTO7408122F1204159<<<<<<<6\n", smallCardSpecimen},
		"a zone in lower case":     {identifier.MRZ, "i<utoeriksson<<anna<maria<<<<<<<<<<<\nd231458907uto7408122f1204159<<<<<<<6", smallCardSpecimen},
		"a zone with angle quotes": {identifier.MRZ, "I<UTOERIKSSON«ANNA‹MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159＜＜<<<<<6", smallCardSpecimen},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := identifier.ParseAt(c.kind, c.typed, now)
			if err != nil {
				t.Fatal(err)
			}
			if n.Normal != c.normal || n.Typed != c.typed {
				t.Errorf("normal %q, typed %q; want %q", n.Normal, n.Typed, c.normal)
			}
		})
	}
}

func TestANormalFormIsNotCopied(t *testing.T) {
	for _, c := range normals {
		n, err := identifier.ParseAt(c.kind, c.typed, now)
		if err != nil {
			t.Fatal(err)
		}
		if unsafe.StringData(n.Normal) != unsafe.StringData(n.Typed) {
			t.Errorf("%s: the normal form is a copy", c.name)
		}
	}
}

func TestTheCopyMarkIsNoPartOfALicenceNumber(t *testing.T) {
	for typed, mark := range map[string]string{
		"91350100M000100Y43(1-1)":   "(1-1)",
		"91350100M000100Y43 (1-12)": "(1-12)",
		"91350100M000100Y43（１－２）\n": "（１－２）",
		"91350100M000100Y43 (1/1)":  "(1/1)",
		"110108000000016(1-1)":      "(1-1)",
	} {
		n, err := identifier.ParseAt(identifier.BusinessLicence, typed, now)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		if n.CopyMark != mark || n.Warning != identifier.CodeCopySuffix {
			t.Errorf("%q: mark %q, warning %q", typed, n.CopyMark, n.Warning)
		}
	}
	n, err := identifier.ParseAt(identifier.HKID, "A123456(3)", now)
	if err != nil || n.CopyMark != "" || n.Warning != "" {
		t.Errorf("a check character in brackets was taken for a copy mark: %q, %v", n.CopyMark, err)
	}
}

func TestTheNumberIsKeptWhenItIsRefused(t *testing.T) {
	n, err := identifier.ParseAt(identifier.USCC, " 91350100m000100y44", now)
	if mustBeError(t, err).Code != identifier.CodeChecksum {
		t.Fatal(err)
	}
	if n.Kind != identifier.USCC || n.Typed != " 91350100m000100y44" || n.Normal != "91350100M000100Y44" {
		t.Errorf("got %s, typed %q, normal %q", n.Kind, n.Typed, n.Normal)
	}
}

func TestEndlessTextIsRefusedUnread(t *testing.T) {
	endless := make([]byte, 1<<20)
	for i := range endless {
		endless[i] = '1'
	}
	for _, kind := range identifier.Kinds() {
		n, err := identifier.ParseAt(kind, string(endless), now)
		if e := mustBeError(t, err); e.Code != identifier.CodeLength || n.Normal != "" {
			t.Errorf("%s: %v, %d characters kept", kind, err, len(n.Normal))
		}
	}
	if looks := identifier.RecognizeAt(string(endless), now); looks != nil {
		t.Errorf("recognised as %v", looks)
	}
}

// TestPositionsPointIntoWhatWasTyped: the console marks the character in the
// field, where blanks and full-width characters still stand.
func TestPositionsPointIntoWhatWasTyped(t *testing.T) {
	for typed, want := range map[string]struct {
		position int
		found    string
	}{
		"11010119900307A011":   {15, "A"},
		"110101 19900307 A011": {17, "A"},
		"　１１０１０１　１９９００３０７　Ａ０１１":      {18, "Ａ"},
		"\u200b110101-19900307-a011": {18, "a"},
		"1101011990030700.1":         {17, "."},
		"\xff10101199003070011":      {1, "\ufffd"},
	} {
		_, err := identifier.ParseAt(identifier.ResidentID, typed, now)
		e := mustBeError(t, err)
		if e.Code != identifier.CodeFormat || e.Position != want.position || e.Found != want.found {
			t.Errorf("%q: %s at %d, found %q; want %d, %q", typed, e.Code, e.Position, e.Found, want.position, want.found)
		}
	}
}
