package policy_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/verinym/verinym/internal/policy"
	"github.com/verinym/verinym/internal/policy/policytest"
)

var update = flag.Bool("update", false, "write shipped_kinds.txt anew")

// TestShippedKindsAreThoseOfTheFiles: the short list says what documents.yaml says; go test -update writes it.
func TestShippedKindsAreThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	p := policytest.Shipped()
	var want strings.Builder
	for _, code := range p.DocumentCodes() {
		want.WriteString(code)
		if d, _ := p.Document(code); d.BornDigital {
			want.WriteString(" born-digital")
		}
		want.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile("shipped_kinds.txt", []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("shipped_kinds.txt"); err != nil || string(got) != want.String() {
		t.Errorf("shipped_kinds.txt differs from documents.yaml (%v): go test ./internal/policy -run ShippedKinds -update", err)
	}
}

func TestKindIsKnownWithoutReadingTheFiles(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][2]bool{"resident_id": {false, true}, "business_licence": {true, true}, "library_card": {false, false}, "": {false, false}} {
		if born, known := policy.ShippedKind(code); born != want[0] || known != want[1] {
			t.Errorf("%q: born digital %t, known %t; want %v", code, born, known, want)
		}
	}
}
