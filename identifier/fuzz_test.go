package identifier_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/verinym/verinym/identifier"
)

// FuzzParse reads every text as every kind; the seeds are the vectors.
func FuzzParse(f *testing.F) {
	for _, v := range valid {
		f.Add(v.typed)
	}
	for _, c := range invalid {
		f.Add(c.typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, kind := range identifier.Kinds() {
			n, err := identifier.ParseAt(kind, typed, now)
			if n.Typed != typed || n.Kind != kind {
				t.Fatal("what was typed and chosen is not kept")
			}
			if err != nil {
				checkRefusal(t, n, err)
				continue
			}
			checkNumber(t, n)
		}
	})
}

func checkRefusal(t *testing.T, n identifier.Number, err error) {
	t.Helper()
	var e *identifier.Error
	if !errors.As(err, &e) || e.Code == "" {
		t.Fatalf("refused by %v", err)
	}
	if e.Code == identifier.CodeTypeMismatch && len(e.Looks) == 0 {
		t.Fatal("a mismatch with nothing")
	}
	if slices.Contains(e.Looks, n.Kind) {
		t.Fatalf("refused as %s and looks like it", n.Kind)
	}
	if e.Position < 0 || e.Position > utf8.RuneCountInString(n.Typed) {
		t.Fatalf("position %d is not in the text", e.Position)
	}
	if n.Format != "" || !n.Birth.IsZero() || n.Region != "" {
		t.Fatal("a refused number is taken apart")
	}
	_, _, _, _ = n.Mask(), n.MaskTight(), n.Printed(), n.HolderKey()
	_ = n.OrganizationCode()
}

func checkNumber(t *testing.T, n identifier.Number) {
	t.Helper()
	again, err := identifier.ParseAt(n.Kind, n.Normal, now)
	if err != nil || again.Normal != n.Normal || again.Birth != n.Birth || again.Format != n.Format {
		t.Fatalf("%s: the normal form %q is read otherwise: %v", n.Kind, n.Normal, err)
	}
	printed, err := identifier.ParseAt(n.Kind, n.Printed(), now)
	if err != nil || printed.Normal != n.Normal {
		t.Fatalf("%s: the printed form %q is read otherwise: %v", n.Kind, n.Printed(), err)
	}
	if n.Mask() == n.Normal {
		t.Fatalf("%s: the mask hides nothing", n.Kind)
	}
	if shown := utf8.RuneCountInString(strings.ReplaceAll(n.Mask(), "*", "")); n.Kind != identifier.MRZ &&
		shown*2 > utf8.RuneCountInString(n.Normal) {
		t.Fatalf("%s: the mask shows %d of %d", n.Kind, shown, len(n.Normal))
	}
	if !strings.HasPrefix(n.Normal, n.HolderKey()) {
		t.Fatalf("%s: the holder's key is no part of the number", n.Kind)
	}
}

// FuzzRecognize: what is recognised is accepted.
func FuzzRecognize(f *testing.F) {
	for _, v := range valid {
		f.Add(v.typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, kind := range identifier.RecognizeAt(typed, now) {
			if _, err := identifier.ParseAt(kind, typed, now); err != nil {
				t.Fatalf("%q is recognised as %s and refused: %v", typed, kind, err)
			}
		}
	})
}

// FuzzRepair: what is repaired is accepted and differs by at most one character.
func FuzzRepair(f *testing.F) {
	for _, v := range valid {
		f.Add(strings.Replace(v.typed, "0", "O", 1))
	}
	f.Fuzz(func(t *testing.T, read string) {
		for _, kind := range identifier.Kinds() {
			n, ok := identifier.RepairAt(kind, read, now)
			if !ok {
				continue
			}
			if _, err := identifier.ParseAt(kind, n.Normal, now); err != nil {
				t.Fatal(err)
			}
			before, _ := identifier.ParseAt(kind, read, now)
			if changed := differences(before.Normal, n.Normal); changed > 1 {
				t.Fatalf("%q became %q", read, n.Normal)
			}
		}
	})
}

func differences(a, b string) int {
	if len(a) != len(b) {
		return max(len(a), len(b))
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
