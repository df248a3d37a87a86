package registry_test

import (
	"regexp"
	"testing"

	"github.com/verinym/verinym/internal/registry"
)

// Registries refuse a name whose password lacks a kind of character, or has it at an end.
func TestEveryRegistryTakesOurPasswords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		p := registry.NewAuthInfo()
		for _, want := range []string{`^[A-Za-z0-9][A-Za-z0-9_-]{14}[A-Za-z0-9]$`, `[A-Z]`, `[a-z]`, `[0-9]`, `[_-]`} {
			if !regexp.MustCompile(want).MatchString(p) {
				t.Errorf("%q has no %s", p, want)
			}
		}
		if seen[p] {
			t.Errorf("%q came twice", p)
		}
		seen[p] = true
	}
}
